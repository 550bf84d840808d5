/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/host_groups.h"

#include "ad/spn.h"
#include "base/memory.h"

#include <string.h>
#include <strings.h>

struct host_groups {
	const struct policy *policy;
	const struct host_list *hosts;
	bool *holds; /* by group, then host */
	struct text_list usual_services;
};

struct host_groups *host_groups_new(const void *context, const struct policy *policy,
				    const struct host_list *hosts)
{
	struct host_groups *groups = memory_new(context, struct host_groups);

	groups->policy = policy;
	groups->hosts = hosts;
	groups->holds = memory_array(groups, bool, policy->group_count * hosts->count);
	text_list_add(groups, &groups->usual_services, SPN_CLASS_MIGRATION);
	text_list_add(groups, &groups->usual_services, SPN_CLASS_CIFS);
	for (size_t group = 0; group < policy->group_count; group++) {
		const struct text_list *words = &policy->groups[group].hosts;

		for (size_t host = 0; host < hosts->count; host++) {
			groups->holds[group * hosts->count + host] =
				host_is_named_by(&hosts->items[host], words);
		}
	}
	return groups;
}

bool host_groups_holds(const struct host_groups *groups, size_t group, const struct host *host)
{
	size_t index = (size_t)(host - groups->hosts->items);

	return groups->holds[group * groups->hosts->count + index];
}

bool host_groups_share(const struct host_groups *groups, const struct host *a, const struct host *b)
{
	for (size_t group = 0; group < groups->policy->group_count; group++) {
		if (host_groups_holds(groups, group, a) && host_groups_holds(groups, group, b))
			return true;
	}
	return false;
}

bool host_groups_are_peers(const struct host_groups *groups, const struct host *a,
			   const struct host *b)
{
	return a != b && (!groups->policy->group_count || host_groups_share(groups, a, b));
}

const struct text_list *host_groups_services(const struct host_groups *groups, size_t group)
{
	const struct text_list *services = &groups->policy->groups[group].services;

	return services->count ? services : &groups->usual_services;
}

const struct text_list *host_groups_usual_services(const struct host_groups *groups)
{
	return &groups->usual_services;
}

static bool requires(const struct host_groups *groups, size_t group, const char *service_class,
		     size_t length)
{
	const struct text_list *services = host_groups_services(groups, group);

	for (size_t i = 0; i < services->count; i++) {
		if (strlen(services->items[i]) == length &&
		    !strncasecmp(services->items[i], service_class, length))
			return true;
	}
	return false;
}

bool host_groups_require(const struct host_groups *groups, const struct host *a,
			 const struct host *b, const char *service_class, size_t length)
{
	for (size_t group = 0; group < groups->policy->group_count; group++) {
		if (host_groups_holds(groups, group, a) && host_groups_holds(groups, group, b) &&
		    requires(groups, group, service_class, length))
			return true;
	}
	return false;
}

struct text_list host_groups_names(const void *context, const struct host_groups *groups,
				   const struct host *host)
{
	struct text_list names = {0};

	for (size_t group = 0; group < groups->policy->group_count; group++) {
		if (host_groups_holds(groups, group, host))
			text_list_add(context, &names, groups->policy->groups[group].name);
	}
	text_list_sort(&names);
	return names;
}
