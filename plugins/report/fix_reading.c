/* SPDX-License-Identifier: GPL-3.0-or-later */
/* What a human has to do where something could not be read: no command can. */
#include "report/fix.h"

#include "base/memory.h"
#include "policy/replica.h"
#include "report/quote.h"

#include <string.h>

/* Of other domains' members a catalogue tells a part; the rest is to be looked at there. */
static bool say_elsewhere(struct fix *fix, const char *subject)
{
	const struct snapshot *snapshot = fix->verdict->snapshot;
	const char *name = fix->finding->subject, *object = fix->finding->object;
	const struct entry *entry = elsewhere_find_name(snapshot->domain->elsewhere, name);

	for (size_t i = 0; i < snapshot->admins.count; i++) {
		const struct admin *admin = &snapshot->admins.items[i];

		if (!admin->unresolved || strcmp(admin->name, name) != 0)
			continue;
		/* Everyone and its like are of no domain */
		if (admin->has_sid && !sid_is_of_some_domain(&admin->sid))
			fix_say(fix,
				"take %s out of the privileged group, or exempt it in the policy",
				subject);
		else if (elsewhere_answered(snapshot->domain->elsewhere))
			fix_say(fix,
				"no domain of this forest shows %s: look at it in its own domain "
				"and exempt it in the policy",
				subject);
		else
			fix_say(fix,
				"let the check reach the global catalogue of this forest (--gc), "
				"or look at %s in its own domain and exempt it in the policy",
				subject);
		return true;
	}
	if (entry && !strcmp(object, attribute_name(ATTRIBUTE_MEMBER_OF)))
		fix_say(fix,
			"mark %s as sensitive in its own domain, or, where Protected Users "
			"protects "
			"it there, exempt it in the policy",
			subject);
	else if (entry && !strcmp(object, attribute_name(ATTRIBUTE_MEMBER)))
		fix_say(fix,
			"look at the members of %s in its own domain, then exempt it in the "
			"policy, "
			"or take it out of the groups of this one",
			subject);
	else
		return false;
	return true;
}

void fix_unreadable(struct fix *fix)
{
	const char *subject = quote_comment(fix->context, fix->finding->subject);
	const char *object = fix->finding->object;
	struct attribute_range range;
	enum attribute attribute;

	if (say_elsewhere(fix, subject))
		return;
	if (!strcmp(object, attribute_name(ATTRIBUTE_BEHAVIOR_VERSION)))
		fix_say(fix,
			"raise the functional level of %s to 2012 R2 at least, or mark the "
			"privileged members of Protected Users as sensitive",
			subject);
	else if (attribute_parse(object, strlen(object), &attribute, &range) ||
		 !strcmp(object, "domainControllerFunctionality"))
		fix_say(fix,
			"let the login of this check read %s of %s; where it can, correct the "
			"value",
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

/* Whether nothing at all could be read of the controller that the finding is about. */
static bool is_unread_server(const struct fix *fix)
{
	const struct replica_list *replicas = fix->verdict->policy->replicas;

	for (size_t i = 0; replicas && i < replicas->count; i++) {
		if (!replicas->items[i].snapshot &&
		    !strcmp(replicas->items[i].server, fix->finding->subject))
			return true;
	}
	return false;
}

/* Shows whether the controller is there, and which of its services answer. */
static void fix_unread_server(struct fix *fix)
{
	const char *server = fix->finding->subject;

	fix_say(fix,
		"%s has to answer: start it, let LDAP and Kerberos (ports 389 or 636, and 88) "
		"through to it, and let its services run; one that is gone for good has to be "
		"taken out of the domain and of DNS",
		quote_comment(fix->context, server));
	if (!quote_is_plain_argument(server))
		return;
	fix_run_windows(fix, "Test-NetConnection -ComputerName %s -Port 389",
			quote_powershell(fix->context, server));
	fix_run_windows(fix, "Test-NetConnection -ComputerName %s -Port 88",
			quote_powershell(fix->context, server));
	fix_run_unix(fix, "ldapsearch -x -H %s -LLL -s base -b '' dnsHostName",
		     quote_shell(fix->context, memory_format(fix->context, "ldap://%s", server)));
}

/* Whether the finding is about a global catalogue, not about a controller of the same name. */
static bool is_failed_catalogue(const struct fix *fix)
{
	const struct snapshot *snapshot = fix->verdict->snapshot;
	const struct directory *directory = snapshot->directory;
	const struct gap *failure = elsewhere_failure(snapshot->domain->elsewhere);

	for (size_t i = 0; i < directory->gap_count; i++) {
		if (!strcmp(directory->gaps[i].source, fix->finding->subject))
			return false;
	}
	return failure && !strcmp(failure->source, fix->finding->subject);
}

void fix_incomplete(struct fix *fix)
{
	if (is_unread_server(fix)) {
		fix_unread_server(fix);
		return;
	}
	if (is_failed_catalogue(fix)) {
		fix_say(fix,
			"let the global catalogue %s answer this check (ports 3268, or 3269 with "
			"--transport ldaps), or name another one (--gc)",
			quote_comment(fix->context, fix->finding->subject));
		return;
	}
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
