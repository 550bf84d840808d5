# SPDX-License-Identifier: GPL-3.0-or-later
# Tests of the whole program. Those without a server are run by "make check" too; the live
# and the long ones by tests/run. All of them are in the tarball.
TESTS += \
	tests/baseline.t \
	tests/command_line.t \
	tests/completion.t \
	tests/deadline.t \
	tests/documentation.t \
	tests/faults.t \
	tests/fuzz.t \
	tests/policy.t \
	tests/properties.t \
	tests/reports.t \
	tests/rules.t \
	tests/scenarios.t
EXTRA_DIST += \
	.ci/run \
	.clang-format \
	.editorconfig \
	COPYING \
	contrib/demo \
	contrib/estate.png \
	contrib/icingaweb.png \
	contrib/install-packages \
	contrib/nagios-plugins-hyperv-delegation.spec \
	debian/changelog \
	debian/control \
	debian/copyright \
	debian/rules \
	debian/source/format \
	debian/tests/control \
	debian/tests/scenarios \
	tests/baseline.t \
	tests/deadline.t \
	tests/bench \
	tests/command_line.t \
	tests/completion.t \
	tests/copy-source \
	tests/coverage \
	tests/documentation.t \
	tests/faults.t \
	tests/faults-table \
	tests/fuzz/corpus \
	tests/fuzz/found \
	tests/fuzz/run \
	tests/fuzz/seeds \
	tests/fuzz/words.dict \
	tests/fuzz.t \
	tests/lab \
	tests/lib \
	tests/live \
	tests/long \
	tests/lsan.modules \
	tests/lsan.suppressions \
	tests/policy.t \
	tests/properties.t \
	tests/reports.t \
	tests/rules.t \
	tests/run \
	tests/scenarios \
	tests/scenarios-update \
	tests/scenarios.t \
	tests/validate-report
