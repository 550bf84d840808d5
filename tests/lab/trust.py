#!/usr/bin/python3
# SPDX-License-Identifier: GPL-3.0-or-later
#
# trust.py SMB.CONF SMB.CONF   writes into the directories of two controllers what a forest
# trust between their domains is, both ways: in each the trusted domain with the keys that the
# KDCs share and the names that it routes there. What "samba-tool domain trust create" does
# over RPC, without the file server and winbindd that this needs. For use inside a lab, while
# the controllers are stopped.

import secrets
import sys
import time

from samba import unix2nttime
from samba.auth import system_session
from samba.dcerpc import drsblobs, lsa, security
from samba.ndr import ndr_pack
from samba.param import LoadParm
from samba.samdb import SamDB


class Domain:
    def __init__(self, path):
        configuration = LoadParm()
        configuration.load(path)
        self.directory = SamDB(session_info=system_session(configuration), lp=configuration)
        self.dns_name = configuration.get("realm").lower()
        self.flat_name = configuration.get("workgroup")
        self.sid = security.dom_sid(self.directory.get_domain_sid())

    def trust(self, other, key_in, key_out):
        self.directory.add({
            "dn": "CN=%s,CN=System,%s" % (other.dns_name, self.directory.domain_dn()),
            "objectClass": "trustedDomain",
            "trustPartner": other.dns_name,
            "flatName": other.flat_name,
            "securityIdentifier": ndr_pack(other.sid),
            "trustType": str(lsa.LSA_TRUST_TYPE_UPLEVEL),
            "trustDirection": str(lsa.LSA_TRUST_DIRECTION_INBOUND | lsa.LSA_TRUST_DIRECTION_OUTBOUND),
            "trustAttributes": str(lsa.LSA_TRUST_ATTRIBUTE_FOREST_TRANSITIVE),
            "msDS-SupportedEncryptionTypes": str(
                security.KERB_ENCTYPE_AES128_CTS_HMAC_SHA1_96 | security.KERB_ENCTYPE_AES256_CTS_HMAC_SHA1_96),
            "trustAuthIncoming": ndr_pack(key_blob(key_in)),
            "trustAuthOutgoing": ndr_pack(key_blob(key_out)),
            "msDS-TrustForestTrustInfo": ndr_pack(other.names()),
        })

    def names(self):
        """What is routed to the domain: its name and all below, and its SID."""
        top = drsblobs.ForestTrustString()
        top.string = self.dns_name
        own = drsblobs.ForestTrustDataDomainInfo()
        own.sid = self.sid
        own.dns_name.string = self.dns_name
        own.netbios_name.string = self.flat_name
        info = drsblobs.ForestTrustInfo()
        info.version = 1
        info.count = 2
        info.records = [record(drsblobs.FOREST_TRUST_TOP_LEVEL_NAME, top),
                        record(drsblobs.FOREST_TRUST_DOMAIN_INFO, own)]
        return info


def record(kind, data):
    armor = drsblobs.ForestTrustInfoRecordArmor()
    armor.record.type = kind
    armor.record.timestamp = unix2nttime(int(time.time()))
    armor.record.data = data
    return armor


def key_blob(password):
    clear = drsblobs.AuthInfoClear()
    clear.size = len(password)
    clear.password = list(password)
    information = drsblobs.AuthenticationInformation()
    information.LastUpdateTime = unix2nttime(int(time.time()))
    information.AuthType = lsa.TRUST_AUTH_TYPE_CLEAR
    information.AuthInfo = clear
    array = drsblobs.AuthenticationInformationArray()
    array.count = 1
    array.array = [information]
    blob = drsblobs.trustAuthInOutBlob()
    blob.count = 1
    blob.current = array
    return blob


def main(arguments):
    if len(arguments) != 2:
        sys.exit("Usage: trust.py SMB.CONF SMB.CONF; see the head of this file")
    one, other = (Domain(path) for path in arguments)
    there, back = (secrets.token_urlsafe(32).encode("utf-16-le") for _ in range(2))
    one.trust(other, there, back)
    other.trust(one, back, there)


main(sys.argv[1:])
