# SPDX-License-Identifier: GPL-3.0-or-later
#
# What the domains of the lab are made with: Domain writes computers, accounts and groups
# straight into a provisioned directory, in the shape that Windows gives them. It knows
# what a Hyper-V host looks like in Active Directory, not which of them make up a domain:
# that is said in NAME_domain.py, which also creates the service accounts by calling
# Domain.add_service_accounts.

import os
import struct

import ldb
import samba.dckeytab  # noqa: F401 (gives Net its export_keytab)
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack
from samba.net import Net
from samba.param import LoadParm
from samba.samdb import SamDB

# [MS-ADTS] 2.2.16, userAccountControl
ACCOUNT_DISABLED = 0x2
NORMAL_ACCOUNT = 0x200
WORKSTATION = 0x1000
PASSWORD_NEVER_EXPIRES = 0x10000
TRUSTED_FOR_DELEGATION = 0x80000
NOT_DELEGATED = 0x100000
TRUSTED_TO_AUTH_FOR_DELEGATION = 0x1000000

GLOBAL_SECURITY_GROUP = -2147483646
WINDOWS_SERVER_2016_LEVEL = "7"
DOMAIN_ADMINS = 512
PROTECTED_USERS = 525

VERSIONS = {
    "2012 R2": ("Windows Server 2012 R2 Datacenter", "6.3 (9600)"),
    "2016": ("Windows Server 2016 Datacenter", "10.0 (14393)"),
    "2019": ("Windows Server 2019 Datacenter", "10.0 (17763)"),
    "2022": ("Windows Server 2022 Datacenter", "10.0 (20348)"),
    "2025": ("Windows Server 2025 Datacenter", "10.0 (26100)"),
}

MIGRATION_SERVICE = "Microsoft Virtual System Migration Service"
CONSOLE_SERVICE = "Microsoft Virtual Console Service"
REPLICA_SERVICE = "Hyper-V Replica Service"
ANY_SERVER_CLASSES = ["HOST", "RestrictedKrbHost", "WSMAN"]
HYPERV_CLASSES = [CONSOLE_SERVICE, MIGRATION_SERVICE, REPLICA_SERVICE]

SERVICE_PASSWORD = "M0nitoring-of-the-Lab!"
# 1601-01-01 plus so many 100 ns: 2020-01-01, long gone
IN_2020 = "132223104000000000"
FOR_EVER = str(-(2**63))


def escape(name):
    """A name as the value of an RDN (RFC 4514)."""
    return name.replace("\\", "\\\\").replace(",", "\\,")


class Domain:
    """One open directory; everything written is committed by finish()."""

    def __init__(self):
        self.folder = os.environ["LAB_DIR"]
        self.dns = os.environ["LAB_DOMAIN"]
        self.base = os.environ["LAB_BASE"]
        self.settings = LoadParm()
        self.settings.load(os.environ["LAB_SMBCONF"])
        # Without batch_mode every addition copies the index lists.
        self.directory = SamDB(
            session_info=system_session(self.settings), lp=self.settings, options=["batch_mode:1"]
        )
        self.sid = self.directory.get_domain_sid()
        self.directory.transaction_start()
        self._raise_functional_level()
        # Packed domains are used for months, so no password may run out.
        self.replace(self.base, "maxPwdAge", [FOR_EVER])

    def finish(self):
        self.directory.transaction_commit()

    def _raise_functional_level(self):
        """To that of Windows Server 2016: below 2012 R2 Protected Users protects nobody."""
        controller = str(self.directory.get_dsServiceName())
        partition = "CN=%s,CN=Partitions,CN=Configuration,%s" % (self.settings.get("workgroup"), self.base)
        for dn in (controller, self.base, partition, "CN=Partitions,CN=Configuration," + self.base):
            self.replace(dn, "msDS-Behavior-Version", [WINDOWS_SERVER_2016_LEVEL])

    # ---- any object -----------------------------------------------------------

    def add(self, dn, **attributes):
        self.directory.add(dict(attributes, dn=dn), ["relax:0"])
        return dn

    def replace(self, dn, attribute, values):
        self._modify(dn, attribute, values, ldb.FLAG_MOD_REPLACE)

    def _modify(self, dn, attribute, values, how):
        message = ldb.Message(ldb.Dn(self.directory, dn))
        values = [value.encode() if isinstance(value, str) else value for value in values]
        message["x"] = ldb.MessageElement(values, how, attribute)
        self.directory.modify(message, ["relax:0"])

    def find(self, account):
        """The DN of the account or group with this sAMAccountName."""
        found = self.directory.search(self.base, expression="(sAMAccountName=%s)" % account, attrs=[])
        return str(found[0].dn)

    def find_sid(self, sid):
        """The DN of a SID, or None; a number is a RID of this domain."""
        if isinstance(sid, int):
            sid = "%s-%d" % (self.sid, sid)
        found = self.directory.search(self.base, expression="(objectSid=%s)" % sid, attrs=[])
        return str(found[0].dn) if found else None

    def unit(self, name, parent=None):
        return self.add("OU=%s,%s" % (name, parent or self.base), objectClass="organizationalUnit")

    # ---- computers --------------------------------------------------------------

    def names(self, host):
        return [host, "%s.%s" % (host, self.dns)]

    def spns(self, classes, host):
        return ["%s/%s" % (one, name) for one in classes for name in self.names(host)]

    def computer(self, name, unit, classes=(), version="2022", flags=0, spns=()):
        system, build = VERSIONS[version]
        return self.add(
            "CN=%s,%s" % (name, unit),
            objectClass="computer",
            sAMAccountName=name + "$",
            dNSHostName="%s.%s" % (name, self.dns),
            operatingSystem=system,
            operatingSystemVersion=build,
            userAccountControl=str(WORKSTATION | flags),
            servicePrincipalName=self.spns(ANY_SERVER_CLASSES + list(classes), name) + list(spns),
        )

    def hyperv_host(self, name, unit, version, flags, by="both"):
        """`by`: what marks it as a host, "scp", "spn" or "both"."""
        dn = self.computer(name, unit, HYPERV_CLASSES if by != "scp" else [], version, flags)
        if by != "spn":
            self.add("CN=Microsoft Hyper-V,%s" % dn, objectClass="serviceConnectionPoint")
        return dn

    def guest(self, name, unit):
        dn = self.computer(name, unit)
        self.add("CN=Windows Virtual Machine,%s" % dn, objectClass="serviceConnectionPoint")
        return dn

    def migration_targets(self, destination):
        """The four values that let machines move to a host."""
        return self.spns([MIGRATION_SERVICE, "cifs"], destination)

    def delegate(self, source, targets):
        if targets:
            self.replace(self.find(source + "$"), "msDS-AllowedToDelegateTo", targets)

    def delegate_by_resource(self, destination, trustees):
        """The descriptor that Set-ADComputer -PrincipalsAllowedToDelegateToAccount writes."""
        aces = "".join("(A;;CCDCLCSWRPWPDTLOCRSDRCWDWO;;;%s)" % self.sid_of(one) for one in trustees)
        descriptor = security.descriptor.from_sddl("O:BAD:" + aces, security.dom_sid(self.sid))
        self.replace(
            self.find(destination + "$"), "msDS-AllowedToActOnBehalfOfOtherIdentity", [ndr_pack(descriptor)]
        )

    def sid_of(self, account):
        found = self.directory.search(self.find(account), ldb.SCOPE_BASE, attrs=["objectSid"])
        return self.directory.schema_format_value("objectSID", found[0]["objectSid"][0]).decode()

    # ---- people and groups -------------------------------------------------------

    def user(self, account, unit, name=None, flags=0, password=None, **attributes):
        """Without a password nobody can log in as this account, but all is there to be judged."""
        if password:
            attributes["unicodePwd"] = ('"%s"' % password).encode("utf-16-le")
        return self.add(
            "CN=%s,%s" % (escape(name or account), unit),
            objectClass="user",
            sAMAccountName=account,
            userPrincipalName="%s@%s" % (account, self.dns),
            userAccountControl=str(NORMAL_ACCOUNT | PASSWORD_NEVER_EXPIRES | flags),
            **attributes
        )

    def group(self, name, unit):
        return self.add(
            "CN=%s,%s" % (name, unit),
            objectClass="group",
            sAMAccountName=name,
            groupType=str(GLOBAL_SECURITY_GROUP),
        )

    def add_members(self, group, members):
        self._modify(group, "member", members, ldb.FLAG_MOD_ADD)

    def protect_administrator(self):
        dn = self.find_sid(500)
        found = self.directory.search(dn, ldb.SCOPE_BASE, attrs=["userAccountControl"])
        flags = int(str(found[0]["userAccountControl"][0]))
        self.replace(dn, "userAccountControl", [str(flags | NOT_DELEGATED)])

    # ---- the accounts that the check logs in with -----------------------------------

    def add_service_accounts(self):
        """svc-monitor, and one for each reason for which a login fails; their keytabs."""
        unit = self.unit("Service Accounts")
        monitor = self._service_account("svc-monitor", unit)
        disabled = self._service_account("svc-disabled", unit)
        self._service_account("svc-expired", unit, accountExpires=IN_2020)
        locked = self._service_account("svc-locked", unit)
        must_change = self._service_account("svc-mustchange", unit)
        departed = self._service_account("svc-departed", unit)
        # Only what is committed can be exported to a keytab.
        self.directory.transaction_commit()

        self._export_keytab("svc-monitor", "svc-monitor-stale.keytab")
        self.replace(monitor, "unicodePwd", [('"%s"' % SERVICE_PASSWORD).encode("utf-16-le")])
        for name in ("monitor", "disabled", "expired", "locked", "mustchange", "departed"):
            self._export_keytab("svc-" + name, "svc-%s.keytab" % name)

        self.directory.transaction_start()
        self.replace(disabled, "userAccountControl",
                     [str(NORMAL_ACCOUNT | PASSWORD_NEVER_EXPIRES | ACCOUNT_DISABLED)])
        # Locked for ever: a lockout that ends after 30 minutes would be over in a packed domain.
        self.replace(self.base, "lockoutDuration", [FOR_EVER])
        self.replace(locked, "lockoutTime", [IN_2020])
        self.replace(must_change, "userAccountControl", [str(NORMAL_ACCOUNT)])
        self.replace(must_change, "pwdLastSet", ["0"])
        self.directory.delete(departed)
        self._write("svc-monitor.password", SERVICE_PASSWORD.encode())
        self._write("foreign.keytab", keytab("svc-monitor", "OTHER.EXAMPLE"))

    def _service_account(self, name, unit, **attributes):
        password = SERVICE_PASSWORD
        if name == "svc-monitor":
            password = "The-0ld-password!"
        return self.user(name, unit, password=password, description="Monitoring", **attributes)

    def _export_keytab(self, account, file):
        path = os.path.join(self.folder, file)
        Net(None, self.settings).export_keytab(keytab=path, principal=account)
        os.chmod(path, 0o600)

    def _write(self, file, content):
        path = os.path.join(self.folder, file)
        with open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as output:
            output.write(content)


def keytab(principal, realm):
    """A keytab of version 2 with one random AES-256 key."""

    def counted(data):
        return struct.pack(">H", len(data)) + data

    aes256, name_type, key_version = 18, 1, 1
    entry = struct.pack(">H", 1) + counted(realm.encode()) + counted(principal.encode())
    entry += struct.pack(">IIB", name_type, 0, key_version)
    entry += struct.pack(">H", aes256) + counted(os.urandom(32))
    return b"\x05\x02" + struct.pack(">i", len(entry)) + entry
