#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The domain "healthy": small, and without any mistake, so that a test can see the check
# say OK. Four hosts that may all migrate to each other; six administrators, RID 500
# among them, all of them protected, one by Protected Users alone.

from domain import DOMAIN_ADMINS, NOT_DELEGATED, PROTECTED_USERS, TRUSTED_TO_AUTH_FOR_DELEGATION, Domain

domain = Domain()
domain.add_service_accounts()

hosts = ["hv01", "hv02", "hv03", "hv04"]
hyperv = domain.unit("Hyper-V")
for host in hosts:
    domain.hyperv_host(host, hyperv, "2022", TRUSTED_TO_AUTH_FOR_DELEGATION)
for host in hosts:
    domain.delegate(host, [target for peer in hosts if peer != host for target in domain.migration_targets(peer)])

admins = domain.unit("Admins")
tier0 = domain.group("Tier0 Admins", admins)
domain.add_members(domain.find_sid(DOMAIN_ADMINS), [tier0])
domain.add_members(
    tier0, [domain.user(name, admins, flags=NOT_DELEGATED) for name in ("adm-anna", "adm-bernd", "adm-clara", "adm-david")]
)
emil = domain.user("adm-emil", admins)
domain.add_members(tier0, [emil])
domain.add_members(domain.find_sid(PROTECTED_USERS), [emil])
domain.protect_administrator()

people = domain.unit("People")
domain.user("hvop1", people, "Hyper-V Operator 1")
for number in range(1, 6):
    domain.user("user%02d" % number, people)

domain.finish()
