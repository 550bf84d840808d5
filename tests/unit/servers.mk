# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests of what several controllers hold. Included by local.mk, where cmocka is there.
check_PROGRAMS += \
	tests/unit/test_census \
	tests/unit/test_directory_stream \
	tests/unit/test_servers
