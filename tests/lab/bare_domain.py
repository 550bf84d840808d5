#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The domain "bare": nothing but the accounts that the check logs in with. It has no
# Hyper-V host, and its only administrator is Administrator, without any protection.
# A test that wants objects of its own adds them with lab-ldb.

from domain import Domain

domain = Domain()
domain.add_service_accounts()
domain.finish()
