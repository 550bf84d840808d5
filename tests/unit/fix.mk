# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests of --fix: how texts are quoted, which commands mend a finding. Included behind
# local.mk, which builds what stands in unit_programs.
if HAVE_CMOCKA
unit_programs += \
	tests/unit/test_fix_commands \
	tests/unit/test_quote
endif
