#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# Provisions an empty domain with its first controller, $LAB_DC, in a folder of that one's short
# name below $LAB_DIR. Does what "samba-tool domain provision" does, without the file
# permissions of sysvol, which need privileges that a user namespace does not give, and
# without reading this machine's own smb.conf.

import logging
import os

from samba.auth import system_session
from samba.param import LoadParm
from samba.provision import FILL_FULL, provision

host = os.environ["LAB_DC"].split(".")[0]
address = os.environ["LAB_DC_ADDRESS"]
configuration = LoadParm()
configuration.load("/dev/null")
configuration.set("interfaces", address + "/24")
configuration.set("bind interfaces only", "yes")

logging.basicConfig(level=logging.WARNING)
provision(
    logging.getLogger("provision"),
    system_session(configuration),
    lp=configuration,
    targetdir=os.path.join(os.environ["LAB_DIR"], host),
    samdb_fill=FILL_FULL,
    realm=os.environ["LAB_REALM"],
    domain=os.environ["LAB_DOMAIN"].split(".")[0].upper(),
    adminpass=os.environ["LAB_ADMIN_PASSWORD"],
    hostname=host,
    hostip=address,
    dns_backend="SAMBA_INTERNAL",
    serverrole="active directory domain controller",
    dom_for_fun_level=4,  # 2008 R2, the highest this takes; domain.py raises it
    skip_sysvolacl=True,
    batch_mode=True,
)
