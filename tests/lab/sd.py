#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# sd.py add|del DN ACE...   adds ACEs (SDDL, "(OD;CIIO;RP;...;$SID)") to the access control
# list of an object in the lab's directory, in front of the others, or takes exactly those
# out again. For commands that run inside a lab. samba-tool cannot do it: its "dsacl
# delete" of Samba 4.17 does nothing and says nothing.

import os
import sys

import ldb
from samba.auth import system_session
from samba.dcerpc import security
from samba.ndr import ndr_pack, ndr_unpack
from samba.param import LoadParm
from samba.samdb import SamDB

DACL_ONLY = ["sd_flags:1:4"]


def change(directory, action, dn, aces):
    domain = security.dom_sid(directory.get_domain_sid())
    found = directory.search(dn, ldb.SCOPE_BASE, attrs=["nTSecurityDescriptor"], controls=DACL_ONLY)[0]
    descriptor = ndr_unpack(security.descriptor, found["nTSecurityDescriptor"][0])
    for text in aces:
        ace = security.descriptor.from_sddl("D:" + text, domain).dacl.aces[0]
        if action == "add":
            descriptor.dacl_add(ace, 0)
            continue
        if ndr_pack(ace) not in [ndr_pack(one) for one in descriptor.dacl.aces]:
            sys.exit("sd.py: %s has no ACE %s" % (dn, text))
        # not one out of that list: it moves in memory as the list shrinks, and every ACE would go
        descriptor.dacl_del_ace(ace)
    message = ldb.Message(found.dn)
    message["d"] = ldb.MessageElement(ndr_pack(descriptor), ldb.FLAG_MOD_REPLACE, "nTSecurityDescriptor")
    directory.modify(message, DACL_ONLY)


def main(arguments):
    if len(arguments) < 3 or arguments[0] not in ("add", "del"):
        sys.exit("Usage: sd.py add|del DN ACE...")
    if "LAB_SMBCONF" not in os.environ:
        sys.exit("sd.py: works only inside a lab; see lab help")
    configuration = LoadParm()
    configuration.load(os.environ["LAB_SMBCONF"])
    directory = SamDB(session_info=system_session(configuration), lp=configuration)
    change(directory, arguments[0], arguments[1], arguments[2:])


main(sys.argv[1:])
