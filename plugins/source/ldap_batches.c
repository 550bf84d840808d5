/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_batches.h"

#include "base/memory.h"

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
