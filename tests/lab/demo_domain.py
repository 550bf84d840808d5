#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# The domain "demo": what an administrator would recognise. About twenty Hyper-V hosts
# of several generations in a production and a lab group, a cluster, guests and a file
# server, administrators in nested groups, with the mistakes that real domains have.
# Each mistake is a line of its own below and says so.

from domain import (
    ACCOUNT_DISABLED,
    CONSOLE_SERVICE,
    DOMAIN_ADMINS,
    MIGRATION_SERVICE,
    NOT_DELEGATED,
    PROTECTED_USERS,
    TRUSTED_FOR_DELEGATION,
    TRUSTED_TO_AUTH_FOR_DELEGATION,
    WORKSTATION,
    Domain,
)

PRODUCTION = {
    "hv01": "2022", "hv02": "2022", "hv03": "2022", "hv04": "2022", "hv05": "2022", "hv06": "2022",
    "hv07": "2022", "hv08": "2019", "hv09": "2019", "hv10": "2016", "hv11": "2016", "hv12": "2025",
}
LAB = {"hv-lab01": "2022", "hv-lab02": "2022", "hv-lab03": "2022",
       "hv-lab04": "2019", "hv-lab05": "2025", "hv-lab06": "2025"}
OLD = {"hv-old01": "2012 R2", "hv-old02": "2012 R2"}

FLAGS = {
    "hv07": 0,  # mistake: left on "Kerberos only"
    "hv09": TRUSTED_FOR_DELEGATION,  # mistake: "trust this computer for delegation to any service"
    "hv11": TRUSTED_TO_AUTH_FOR_DELEGATION | ACCOUNT_DISABLED,  # mistake: the others still list it
    "hv-old01": 0,  # right: 2012 R2 migrates without protocol transition
    "hv-old02": TRUSTED_TO_AUTH_FOR_DELEGATION,  # mistake: 2012 R2 does not need it
}
# How a host is marked as one, where it is not by both ways.
MARKED_BY = {
    "hv12": "spn",
    "hv-lab05": "spn",
    "hv-lab06": "scp",  # mistake: its migration service could not register its SPNs (event 14050)
}


def mesh(hosts):
    """For each host the targets that let it migrate to all the others of its group."""
    return {host: [target for peer in hosts if peer != host for target in domain.migration_targets(peer)]
            for host in hosts}


def add_hosts():
    for unit_name, hosts in (("Production", PRODUCTION), ("Lab", LAB), ("Old", OLD)):
        unit = domain.unit(unit_name, hyperv)
        for host, version in hosts.items():
            flags = FLAGS.get(host, TRUSTED_TO_AUTH_FOR_DELEGATION)
            domain.hyperv_host(host, unit, version, flags, MARKED_BY.get(host, "both"))


def add_delegation():
    targets = {**mesh(PRODUCTION), **mesh(LAB), **mesh(OLD)}
    targets["hv03"].append("cifs/old01." + domain.dns)  # mistake: stale, nobody owns it any more
    targets["hv04"].append("ldap/dc1." + domain.dns)  # mistake: a domain controller
    for forgotten in domain.migration_targets("hv06"):  # mistake: hv05 can not migrate to hv06
        targets["hv05"].remove(forgotten)
    targets["hv09"] = []  # Windows empties the list when it sets the bit of unconstrained delegation
    for host, values in targets.items():
        domain.delegate(host, values)
    domain.delegate_by_resource("hv02", ["hv01$"])
    domain.delegate_by_resource("hv08", ["user07"])  # mistake: an ordinary user


def add_other_servers():
    """Computers that are no hosts, however much one of them looks like one."""
    servers = domain.unit("Servers")
    domain.computer("sofs01", servers)
    cluster_names = domain.spns(["MSClusterVirtualServer", MIGRATION_SERVICE, CONSOLE_SERVICE], "hvclu01")
    domain.computer("hvclu01", servers, spns=cluster_names)
    for name in ("vm-web01", "vm-web02", "vm-sql01", "vm-sql02", "vm-app01", "vm-print01"):
        domain.guest(name, servers)


def add_admins():
    """Group by group: who is in it, and who of them is protected."""
    unit = domain.unit("Admins")

    def admin(account, flags=0, name=None):
        return domain.user(account, unit, name, flags)

    def group(name, *members):
        dn = domain.group(name, unit)
        domain.add_members(dn, members)
        return dn

    # A chain of three below Tier0 Admins.
    on_call = group("Virtualization On-Call", admin("adm-greta", NOT_DELEGATED), admin("adm-henrik"))
    team = group("Virtualization Team", on_call, admin("adm-fatima"))
    infrastructure = group("Infrastructure Admins", team, admin("adm-emil", NOT_DELEGATED))
    contact = domain.add("CN=Vendor Hotline,%s" % unit, objectClass="contact")
    tier0 = group("Tier0 Admins", infrastructure, contact, admin("adm-clara", NOT_DELEGATED), admin("adm-david"))

    # jonas has no bit, but is in Protected Users by a group of its own.
    jonas = admin("adm-jonas")
    domain.add_members(domain.find_sid(PROTECTED_USERS), [group("Tier0 Protected", jonas)])

    irene = admin("adm-irene")
    domain.add_members(domain.find_sid(DOMAIN_ADMINS), [
        tier0, jonas, irene,
        admin("adm-anna", NOT_DELEGATED),
        admin("adm-bernd"),
        admin("adm-karin", ACCOUNT_DISABLED),
        admin("adm-j\u00fcrgen", 0, "J\u00fcrgen Wei\u00df"),
        admin("adm-olga", NOT_DELEGATED, "Petersen, Olga"),
        domain.computer("mgmt01", unit),
    ])
    # Active Directory then takes her out of "member": only primaryGroupID tells.
    domain.replace(irene, "primaryGroupID", [str(DOMAIN_ADMINS)])

    # Two groups that are members of each other.
    team = group("Backup Team", admin("bkp-mona", NOT_DELEGATED))
    rotation = group("Backup Rotation", team, admin("bkp-oskar"))
    domain.add_members(team, [rotation])
    managed = domain.add(
        "CN=gmsa-backup,%s" % unit,
        objectClass="msDS-GroupManagedServiceAccount",
        sAMAccountName="gmsa-backup$",
        dNSHostName="gmsa-backup." + domain.dns,
        userAccountControl=str(WORKSTATION),
        **{"msDS-ManagedPasswordInterval": "30"}
    )
    domain.add_members(domain.find_sid("S-1-5-32-551"), [team, managed, admin("bkp-luis")])

    hyperv_administrators = domain.find_sid("S-1-5-32-578")
    if hyperv_administrators:  # Samba 4.17 has no such group
        domain.add_members(hyperv_administrators, [admin("hvadm-nils")])


def add_people():
    unit = domain.unit("People")
    domain.user("hvop1", unit, "Hyper-V Operator 1")
    for number in range(1, 31):
        flags = {5: ACCOUNT_DISABLED, 6: NOT_DELEGATED}.get(number, 0)
        domain.user("user%02d" % number, unit, flags=flags)


domain = Domain()
domain.add_service_accounts()
hyperv = domain.unit("Hyper-V")
add_hosts()
add_people()
add_delegation()
add_other_servers()
add_admins()
domain.finish()
