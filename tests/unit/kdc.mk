# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests of what is asked of the KDC and concluded from its answers. Included behind
# local.mk, which builds what stands in unit_programs.
if HAVE_CMOCKA
unit_programs += \
	tests/unit/test_kdc_answers \
	tests/unit/test_kdc_rules
endif
