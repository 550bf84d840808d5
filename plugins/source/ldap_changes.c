/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_changes.h"

#include "base/memory.h"
#include "source/ldap_filter.h"
#include "source/ldap_pipeline.h"

/* Domain controllers in one filter. */
enum { BATCH_SIZE = 100 };

void ldap_changes_read_metadata(struct ldap_session *session, const struct text_list *dns,
				struct directory *changes)
{
	struct ldap_pipeline *pipeline =
		ldap_pipeline_new(session, ldap_session_connection(session), changes);

	for (size_t i = 0; i < dns->count; i++) {
		const struct ldap_request request = {
			.purpose = "when an account was changed",
			.base = dns->items[i],
			.changes = true,
		};

		ldap_pipeline_add(pipeline, &request);
	}
	ldap_pipeline_run(pipeline);
	talloc_free(pipeline);
}

void ldap_changes_read_controllers(struct ldap_session *session, const struct entry *rootdse,
				   const struct guid *ids, size_t count, struct directory *changes)
{
	struct ldap_request request = {
		.purpose = "domain controllers by invocation id",
		.changes = true,
	};
	struct ldap_filter filter = {0};
	struct ldap_pipeline *pipeline;
	const char *configuration;

	if (entry_text(rootdse, ATTRIBUTE_CONFIGURATION_NAMING_CONTEXT, &configuration) !=
	    READING_OK)
		return;
	pipeline = ldap_pipeline_new(session, ldap_session_connection(session), changes);
	request.base = memory_format(pipeline, "CN=Sites,%s", configuration);
	/* equality of the very bytes that are compared afterwards; readable to everybody */
	for (size_t i = 0; i < count; i++) {
		ldap_filter_add_bytes(pipeline, &filter, "invocationId", ids[i].bytes, GUID_SIZE);
		if ((i + 1) % BATCH_SIZE && i + 1 != count)
			continue;
		request.filter = ldap_filter_end(&filter);
		ldap_pipeline_add(pipeline, &request);
	}
	ldap_pipeline_run(pipeline);
	talloc_free(pipeline);
}
