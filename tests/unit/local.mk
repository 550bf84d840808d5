# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests of the pure layers: one program a file, linked with nothing but them, so that
# the linker guards their purity. The three at the end need the library that the file they
# test is made of, and no other.
if HAVE_CMOCKA
unit_programs = \
	tests/unit/test_account \
	tests/unit/test_admin \
	tests/unit/test_admin_rules \
	tests/unit/test_attribute \
	tests/unit/test_dc_tries \
	tests/unit/test_directory \
	tests/unit/test_dn \
	tests/unit/test_domain \
	tests/unit/test_elsewhere \
	tests/unit/test_entry \
	tests/unit/test_error \
	tests/unit/test_finding \
	tests/unit/test_host \
	tests/unit/test_host_groups \
	tests/unit/test_host_rules \
	tests/unit/test_html_output \
	tests/unit/test_html_text \
	tests/unit/test_ini \
	tests/unit/test_inquiry \
	tests/unit/test_json_output \
	tests/unit/test_membership \
	tests/unit/test_memory \
	tests/unit/test_metric \
	tests/unit/test_migration_rules \
	tests/unit/test_nagios_output \
	tests/unit/test_openmetrics_output \
	tests/unit/test_netlogon \
	tests/unit/test_operator \
	tests/unit/test_policy_file \
	tests/unit/test_privileged_group \
	tests/unit/test_rbcd_rules \
	tests/unit/test_readiness \
	tests/unit/test_reading_rules \
	tests/unit/test_report \
	tests/unit/test_security_descriptor \
	tests/unit/test_service_state \
	tests/unit/test_sid \
	tests/unit/test_snapshot \
	tests/unit/test_spn \
	tests/unit/test_summary \
	tests/unit/test_target_rules \
	tests/unit/test_text \
	tests/unit/test_threshold \
	tests/unit/test_trustee \
	tests/unit/test_truth \
	tests/unit/test_verdict \
	tests/unit/test_extra_opts \
	tests/unit/test_ldif \
	tests/unit/test_options
check_PROGRAMS += $(unit_programs)
check_LIBRARIES = tests/unit/libunit.a
tests_unit_libunit_a_SOURCES = tests/unit/unit.c tests/unit/unit.h
AM_CPPFLAGS += $(CMOCKA_CFLAGS)
UNIT_LIBS = tests/unit/libunit.a $(PURE_LIBS) $(CMOCKA_LIBS)
LDADD = $(UNIT_LIBS)

# The command line belongs to the program, not to a library; its INI file is read by inih.
tests_unit_test_extra_opts_SOURCES = tests/unit/test_extra_opts.c plugins/extra_opts.c
tests_unit_test_extra_opts_LDADD = $(UNIT_LIBS) $(INIH_LIBS)
tests_unit_test_options_SOURCES = tests/unit/test_options.c $(options_sources)
tests_unit_test_options_LDADD = $(UNIT_LIBS) $(INIH_LIBS)

# Values of LDIF are decoded by libldap.
tests_unit_test_dc_tries_LDADD = tests/unit/libunit.a libsource.a $(PURE_LIBS) $(CMOCKA_LIBS)
tests_unit_test_ldif_LDADD = tests/unit/libunit.a libsource.a $(PURE_LIBS) $(CMOCKA_LIBS) $(LDAP_LIBS)

include tests/unit/fix.mk
include tests/unit/drift.mk
include tests/unit/kdc.mk
include tests/unit/servers.mk
endif
