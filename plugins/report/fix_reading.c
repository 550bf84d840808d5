/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a human has to do where something could not be read: no command can. */
#include "report/fix.h"

#include "report/quote.h"

#include <string.h>

void fix_unreadable(struct fix *fix)
{
	const char *subject = quote_comment(fix->context, fix->finding->subject);
	const char *object = fix->finding->object;
	struct attribute_range range;
	enum attribute attribute;

	if (attribute_parse(object, strlen(object), &attribute, &range) ||
	    !strcmp(object, "domainControllerFunctionality"))
		fix_say(fix, "let the login of this check read %s of %s, or correct it there",
			object, subject);
	else
		fix_say(fix, "correct the word %s, given as %s", subject, object);
}

void fix_servers_disagree(struct fix *fix)
{
	fix_say(fix, "let the controllers replicate, then run the check again; where that does not "
		     "help, see why they do not");
	fix_run_windows(fix, "repadmin /syncall /AdeP");
	fix_run_windows(fix, "repadmin /replsummary");
	fix_run_unix(fix, "samba-tool drs showrepl %s --use-kerberos=required",
		     fix_controller(fix));
}

void fix_incomplete(struct fix *fix)
{
	fix_say(fix, "read the directory again, whole: raise the limits of the server or of the "
		     "export");
}

void fix_no_hosts(struct fix *fix)
{
	fix_say(fix, "let the login of this check read the computers and what is below them, or "
		     "name a host");
}

void fix_no_admins(struct fix *fix)
{
	fix_say(fix, "let the login of this check read the privileged groups and their members");
}
