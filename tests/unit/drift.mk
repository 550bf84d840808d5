# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests of the drift against a baseline. Included by local.mk, where cmocka is there.
check_PROGRAMS += \
	tests/unit/test_baseline \
	tests/unit/test_drift \
	tests/unit/test_file \
	tests/unit/test_replication_metadata

# Files are of the outer world; nothing of libldap is needed for them.
tests_unit_test_file_LDADD = tests/unit/libunit.a libsource.a $(PURE_LIBS) $(CMOCKA_LIBS)
