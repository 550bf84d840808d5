/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/readiness.h"

#include "ad/spn.h"

const char *delegation_way_name(enum delegation_way way)
{
	static const char *const names[] = {
		[WAY_NONE] = NULL,
		[WAY_KCD] = "kcd",
		[WAY_RBCD] = "rbcd",
		[WAY_UNCONSTRAINED] = "unconstrained",
	};

	return names[way];
}

bool readiness_lists(const struct host *source, const struct host *destination,
		     const char *service_class)
{
	return host_lists_service(source, service_class, destination->name) ||
	       (destination->dns_name &&
		host_lists_service(source, service_class, destination->dns_name));
}

enum truth readiness_granted(const struct snapshot *snapshot, const struct host *source,
			     const struct host *destination)
{
	enum truth granted =
		trustee_acl_grants(snapshot->trustees, &destination->acl, &source->account);

	/* what is granted without doubt is, whatever else can not be read */
	return destination->rbcd_readable || granted == TRUTH_YES ? granted : TRUTH_UNKNOWN;
}

/* What a source can do, whatever the service. */
struct source_facts {
	enum truth transition;    /* may use any authentication protocol, or needs not */
	enum truth granted;       /* by the destination */
	enum truth evidence;      /* its own evidence tickets are forwardable for RBCD */
	enum truth unconstrained; /* and not stopped by Credential Guard */
};

static struct source_facts read_source(const struct host *source, enum truth granted,
				       bool assume_transition)
{
	struct source_facts facts = {.granted = granted, .unconstrained = source->unconstrained};
	enum truth lists_nothing = source->targets.count      ? TRUTH_NO
				   : source->targets_complete ? TRUTH_YES
							      : TRUTH_UNKNOWN;

	facts.transition = source->protocol_transition;
	if (assume_transition || !host_is_2016_or_later(source))
		facts.transition = TRUTH_YES;
	/* a "Kerberos only" list makes the evidence ticket non-forwardable */
	facts.evidence = truth_or(facts.transition, lists_nothing);
	if (host_is_2025_or_later(source))
		facts.unconstrained = TRUTH_NO;
	return facts;
}

/* Readiness for one class; *by is the first way that is known to work. */
static enum truth judge_service(const struct host *source, const struct host *destination,
				const struct source_facts *facts, const char *service_class,
				enum delegation_way *by)
{
	enum truth listed = readiness_lists(source, destination, service_class) ? TRUTH_YES
			    : source->targets_complete                          ? TRUTH_NO
										: TRUTH_UNKNOWN;
	enum truth kcd = truth_and(listed, facts->transition);
	enum truth rbcd = truth_and(facts->granted, facts->evidence);

	*by = WAY_NONE;
	if (kcd == TRUTH_YES)
		*by = WAY_KCD;
	else if (rbcd == TRUTH_YES)
		*by = WAY_RBCD;
	else if (facts->unconstrained == TRUTH_YES)
		*by = WAY_UNCONSTRAINED;
	return truth_or(truth_or(kcd, rbcd), facts->unconstrained);
}

static enum truth judge_services(const struct host *source, const struct host *destination,
				 const struct source_facts *facts, const struct text_list *services,
				 enum delegation_way *by)
{
	enum truth ready = TRUTH_YES;
	bool has_migration = text_list_has(services, SPN_CLASS_MIGRATION);

	for (size_t i = 0; i < services->count; i++) {
		const char *service_class = services->items[i];
		enum delegation_way way;

		ready = truth_and(ready,
				  judge_service(source, destination, facts, service_class, &way));
		if (has_migration ? text_equal(service_class, SPN_CLASS_MIGRATION) : i == 0)
			*by = way;
	}
	return ready;
}

struct readiness readiness_judge(const struct snapshot *snapshot, const struct host *source,
				 const struct host *destination, const struct text_list *services)
{
	struct readiness readiness = {.by = WAY_NONE};
	struct source_facts facts;
	enum delegation_way ignored;

	readiness.granted = readiness_granted(snapshot, source, destination);
	facts = read_source(source, readiness.granted, false);
	readiness.ready = judge_services(source, destination, &facts, services, &readiness.by);
	if (readiness.ready != TRUTH_YES)
		readiness.by = WAY_NONE;
	facts = read_source(source, readiness.granted, true);
	readiness.with_transition = judge_services(source, destination, &facts, services, &ignored);
	return readiness;
}
