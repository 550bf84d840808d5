/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/host.h"

#include "base/memory.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

char *host_bare_word(const void *context, const char *word)
{
	size_t length = strlen(word);

	if (length < 2 || word[length - 1] != '$')
		return NULL;
	return memory_check(talloc_strndup(context, word, length - 1));
}

bool host_is_named(const struct host *host, const char *word)
{
	char *bare = host_bare_word(NULL, word);
	bool named = text_matches(word, host->name) || (bare && text_matches(bare, host->name)) ||
		     (host->dns_name && text_matches(word, host->dns_name));

	talloc_free(bare);
	return named;
}

bool host_is_named_by(const struct host *host, const struct text_list *words)
{
	for (size_t i = 0; i < words->count; i++) {
		if (host_is_named(host, words->items[i]))
			return true;
	}
	return false;
}

bool host_is_2016_or_later(const struct host *host)
{
	return host->build == BUILD_UNKNOWN || host->build >= BUILD_2016;
}

bool host_is_2025_or_later(const struct host *host)
{
	return host->build >= BUILD_2025;
}

/* Whether the name in an SPN is the host's short or full one. */
static bool has_name(const struct host *host, const struct spn *spn)
{
	return spn_has_name(spn, host->name) ||
	       (host->dns_name && spn_has_name(spn, host->dns_name));
}

/* A target in its parts: putting them together first would cost more than the search. */
struct service {
	const char *service_class;
	size_t class_length;
	const char *name;
};

/* The order of text_compare without its last distinction, by letter case. */
static int compare_service(const void *key, const void *item)
{
	const struct service *service = key;
	const char *target = *(const char *const *)item;
	int order = strncasecmp(service->service_class, target, service->class_length);

	if (!order)
		order = '/' - tolower((unsigned char)target[service->class_length]);
	return order ? order : strcasecmp(service->name, target + service->class_length + 1);
}

/* Whether list, sorted, has class/name. */
static bool lists_service(const struct text_list *list, const char *service_class, const char *name)
{
	const struct service service = {service_class, strlen(service_class), name};

	return list->count &&
	       bsearch(&service, list->items, list->count, sizeof *list->items, compare_service);
}

bool host_lists_service(const struct host *host, const char *service_class, const char *name)
{
	return lists_service(&host->targets, service_class, name);
}

/* Whether one of the SPNs in an attribute is of that class. */
static bool has_class(const struct entry *entry, enum attribute attribute,
		      const char *service_class)
{
	const struct attribute_values *values = entry_values(entry, attribute);
	struct spn spn;

	for (size_t i = 0; values && i < values->count; i++) {
		if (spn_parse(values->values[i].bytes, &spn) && spn_has_class(&spn, service_class))
			return true;
	}
	return false;
}

bool host_lists_class(const struct host *host, const char *service_class)
{
	return has_class(host->account.entry, ATTRIBUTE_ALLOWED_TO_DELEGATE_TO, service_class);
}

bool host_registers_class(const struct host *host, const char *service_class)
{
	return has_class(host->account.entry, ATTRIBUTE_SERVICE_PRINCIPAL_NAME, service_class);
}

bool host_owns_target(const struct domain *domain, const struct host *host, const char *target)
{
	struct spn spn;
	bool parsed = spn_parse(target, &spn);

	if (parsed && has_name(host, &spn))
		return true;
	if (text_list_has_sorted(&host->services, target))
		return true;
	return parsed &&
	       domain_is_host_alias(domain, spn.service_class, spn.service_class_length) &&
	       lists_service(&host->services, "HOST", spn.name);
}

struct text_list host_targets_owned_by(const void *context, const struct domain *domain,
				       const struct host_list *hosts, const struct host *host,
				       const struct entry *owner)
{
	struct text_list owned = {0};

	for (size_t i = 0; i < host->targets.count; i++) {
		const char *target = host->targets.items[i];
		const struct spn_slot *owners = domain_spn_owners(domain, target);
		const struct host *named = NULL;
		struct spn spn;

		if (!owners || owners->account_count != 1 || owners->accounts[0] != owner)
			continue;
		if (spn_parse(target, &spn))
			named = host_list_find(hosts, spn.name, spn.name_length);
		if (!named || named->account.entry == owner)
			text_list_add(context, &owned, target);
	}
	return owned;
}

struct text_list host_rbcd_sids(const void *context, const struct host *host)
{
	struct text_list sids = {0};
	char text[SID_TEXT_SIZE];

	for (size_t i = 0; i < host->rbcd_trustee_count; i++)
		text_list_add(context, &sids,
			      memory_text(context, sid_format(&host->rbcd_trustees[i], text)));
	text_list_sort(&sids);
	return sids;
}
