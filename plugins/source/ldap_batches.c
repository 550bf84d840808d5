/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_batches.h"

#include "base/memory.h"

#include <stdio.h>

/* Tests in one filter: its cost grows with its length, but a request costs more. */
enum { BATCH_SIZE = 100 };

void ldap_batches_close(struct ldap_batches *batches, size_t done, size_t count)
{
	struct ldap_request request = {
		.base = batches->base,
		.purpose = batches->purpose,
	};

	if (done % BATCH_SIZE && done != count)
		return;
	request.filter = ldap_filter_end(&batches->filter);
	if (batches->known)
		request.filter = memory_format(batches->pipeline, "(&%s(!%s))", request.filter,
					       batches->known);
	ldap_pipeline_add(batches->pipeline, &request);
}

static struct ldap_batches batches_for(struct ldap_pipeline *pipeline, const char *base,
				       const char *what, const char *of)
{
	return (struct ldap_batches){
		.pipeline = pipeline,
		.base = base,
		.purpose = memory_format(pipeline, "%s%s", what, of),
	};
}

/* Asks for the entries whose attribute has one of the values. */
static void ask_texts(struct ldap_batches batches, const char *attribute,
		      const struct text_list *values)
{
	for (size_t i = 0; i < values->count; i++) {
		ldap_filter_add(batches.pipeline, &batches.filter, attribute, values->items[i], "");
		ldap_batches_close(&batches, i + 1, values->count);
	}
}

static void ask_sids(struct ldap_batches batches, const struct sid_list *sids)
{
	uint8_t binary[SID_BINARY_MAX];

	for (size_t i = 0; i < sids->count; i++) {
		size_t size = sid_format_binary(&sids->items[i], binary);

		ldap_filter_add_bytes(batches.pipeline, &batches.filter, "objectSid", binary, size);
		ldap_batches_close(&batches, i + 1, sids->count);
	}
}

/* Groups of one domain make batches; those of others come with a base of their own. */
static void ask_primary_groups(struct ldap_batches batches, const struct primary_group_list *groups)
{
	char number[16];

	for (size_t i = 0; i < groups->count; i++) {
		const struct primary_group *group = &groups->items[i];

		(void)snprintf(number, sizeof number, "%u", group->rid);
		ldap_filter_add(batches.pipeline, &batches.filter, "primaryGroupID", number, "");
		if (group->domain)
			batches.base = memory_text(batches.pipeline, group->domain);
		ldap_batches_close(&batches, i + 1, group->domain ? i + 1 : groups->count);
	}
}

void ldap_batches_ask(struct ldap_pipeline *pipeline, const char *base,
		      const struct entry_question *question, const char *of, const char *known)
{
	struct ldap_batches spns = batches_for(pipeline, base, "owners of SPNs", of);

	spns.known = known;
	ask_texts(batches_for(pipeline, base, "entries by DN", of), "distinguishedName",
		  &question->dns);
	ask_texts(batches_for(pipeline, base, "members of groups that show none", of), "memberOf",
		  &question->groups);
	ask_texts(spns, "servicePrincipalName", &question->spns);
	ask_sids(batches_for(pipeline, base, "entries by SID", of), &question->sids);
	ask_primary_groups(batches_for(pipeline, base, "accounts by primary group", of),
			   &question->primary_groups);
}
