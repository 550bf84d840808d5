/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/spn.h"

#include <string.h>
#include <strings.h>

const char spn_default_host_aliases[] =
	"alerter,appmgmt,cisvc,clipsrv,browser,dhcp,dnscache,replicator,eventlog,eventsystem,"
	"policyagent,oakley,dmserver,dns,mcsvc,fax,msiserver,ias,messenger,netlogon,netman,netdde,"
	"netddedsm,nmagent,plugplay,protectedstorage,rasman,rpclocator,rpc,rpcss,remoteaccess,rsvp,"
	"samss,scardsvr,scesrv,seclogon,scm,dcom,cifs,spooler,snmp,schedule,tapisrv,trksvr,trkwks,"
	"ups,time,wins,www,http,w3svc,iisadmin,msdtc";

bool spn_parse(const char *text, struct spn *spn)
{
	const char *slash = strchr(text, '/');

	if (!slash || slash == text)
		return false;
	spn->service_class = text;
	spn->service_class_length = (size_t)(slash - text);
	spn->name = slash + 1;
	spn->name_length = strcspn(spn->name, ":/");
	return spn->name_length > 0;
}

static bool part_equal(const char *part, size_t length, const char *text)
{
	return strlen(text) == length && !strncasecmp(part, text, length);
}

bool spn_has_class(const struct spn *spn, const char *service_class)
{
	return part_equal(spn->service_class, spn->service_class_length, service_class);
}

bool spn_has_name(const struct spn *spn, const char *name)
{
	return part_equal(spn->name, spn->name_length, name);
}
