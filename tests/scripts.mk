# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the whole program that need no server: scenarios, command line, rules.
TESTS += tests/scenarios.t tests/command_line.t tests/policy.t tests/rules.t
EXTRA_DIST += \
	contrib/report.schema.json \
	tests/command_line.t \
	tests/lib/Plugin.pm \
	tests/policy.t \
	tests/rules.t \
	tests/scenarios \
	tests/scenarios-update \
	tests/scenarios.t \
	tests/validate-report
