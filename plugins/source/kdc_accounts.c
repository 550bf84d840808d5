/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/kdc_accounts.h"

#include "base/memory.h"
#include "source/ldap_filter.h"
#include "source/ldap_pipeline.h"

/* Users to choose a control account from: some may turn out to be admins. */
enum { CANDIDATES = 20 };

/*
 * Normal users (0x30000000) of Domain Users, neither disabled nor sensitive (0x100002) and,
 * to leave room for others among the first ones, no admins by adminCount. Who is not found
 * because something is hidden does not matter here: any account will do, and each is looked
 * at again by the model.
 */
static const char ordinary[] =
	"(&(sAMAccountType=805306368)(primaryGroupID=513)"
	"(!(userAccountControl:1.2.840.113556.1.4.804:=1048578))(!(adminCount=1)))";

/* By sAMAccountName, or by the user principal name that a login may as well be made with. */
static const char *own_filter(const void *context, const struct kdc_login *login)
{
	struct ldap_filter filter = {0};

	ldap_filter_add(context, &filter, "sAMAccountName", login->account, "");
	ldap_filter_add(context, &filter, "userPrincipalName", login->principal, "");
	return ldap_filter_end(&filter);
}

static const char *control_filter(const void *context, const char *control)
{
	struct ldap_filter filter = {0};

	if (!control)
		return ordinary;
	ldap_filter_add(context, &filter, "sAMAccountName", control, "");
	return ldap_filter_end(&filter);
}

static void read_one(struct ldap_session *session, const struct ldap_request *request,
		     struct directory *directory)
{
	struct ldap_pipeline *pipeline =
		ldap_pipeline_new(session, ldap_session_connection(session), directory);

	ldap_pipeline_add(pipeline, request);
	ldap_pipeline_run(pipeline);
	talloc_free(pipeline);
}

void kdc_accounts_read(const void *context, struct ldap_session *session,
		       const struct snapshot *snapshot, const struct kdc_login *login,
		       const char *control, struct kdc_accounts *accounts)
{
	const struct entry *rootdse = directory_find(snapshot->directory, "");
	struct directory *own = directory_new(context, DIRECTORY_LDAP);
	struct directory *controls = directory_new(context, DIRECTORY_LDAP);
	struct ldap_request request = {.purpose = "the account of the login"};

	accounts->own = own;
	accounts->controls = controls;
	if (!kdc_answers_need_control(snapshot) || !login->principal || !rootdse ||
	    entry_text(rootdse, ATTRIBUTE_DEFAULT_NAMING_CONTEXT, &request.base) != READING_OK)
		return;
	request.filter = own_filter(own, login);
	read_one(session, &request, own);
	request.purpose = "a control account";
	request.filter = control_filter(controls, control);
	request.enough = CANDIDATES;
	read_one(session, &request, controls);
}
