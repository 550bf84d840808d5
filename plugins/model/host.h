/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Hyper-V hosts: which computer accounts are some (host_list.c), what their entries say, and what
 * can be asked of one.
 */
#ifndef MODEL_HOST_H
#define MODEL_HOST_H

#include "ad/security_descriptor.h"
#include "ad/spn.h"
#include "model/account.h"
#include "model/domain.h"
#include "model/selection.h"

enum { BUILD_UNKNOWN = 0, BUILD_2016 = 14393, BUILD_2025 = 26100 };

struct host {
	struct account account;
	const char *name;             /* sAMAccountName without $, lower case */
	const char *dns_name;         /* dNSHostName or NULL */
	const char *operating_system; /* operatingSystem or NULL */
	uint32_t build;               /* of operatingSystemVersion, or BUILD_UNKNOWN */
	bool judged;                  /* selected: a subject of findings */
	enum truth domain_controller; /* a writable one */
	enum truth unconstrained;
	enum truth protocol_transition;
	struct text_list targets;  /* msDS-AllowedToDelegateTo, sorted */
	struct text_list services; /* servicePrincipalName, sorted */
	bool targets_complete;     /* the list of targets was not cut short */
	bool rbcd_readable;        /* what follows is all; else whom it surely grants */
	struct delegation_acl acl; /* of msDS-AllowedToAct…; grants nobody where unset */
	struct sid *rbcd_trustees; /* granted by msDS-AllowedToAct… */
	size_t rbcd_trustee_count;
};

struct host_names;

struct host_list {
	struct host *items;
	size_t count;
	struct host_names *names; /* short and full ones, to look up by */
	/* words of the selection that name a computer which is not taken as a host: a
	 * cluster, an excluded one, one that may be no computer */
	struct text_list set_aside;
	struct text_list exclusions; /* words of the exclusion that matched something */
};

/*
 * Collects the hosts of the domain, sorted by name, with the facts of each. What can not be read
 * is added to unreadable: of a host that is not judged, what the judgement of others hangs on.
 * Owner: context.
 */
void host_list_read(const void *context, const struct domain *domain,
		    const struct selection *selection, struct host_list *hosts,
		    struct unreadable_list *unreadable);

/* The host that entry is, or NULL. */
const struct host *host_list_find_entry(const struct host_list *hosts, const struct entry *entry);

/* The host of that short or full name, which need not end at length; NULL where there is
 * none. */
struct host *host_list_find(const struct host_list *hosts, const char *name, size_t length);

/* Whether the policy leaves out the computer that entry is. */
bool host_is_excluded(const struct entry *entry, const struct selection *selection);

/* word without the $ that a computer's sAMAccountName ends with; NULL where it has none.
 * Owner: context. */
char *host_bare_word(const void *context, const char *word);

/* Whether word, a name or a shell pattern, names a host by its short name, which may have the
 * $ of sAMAccountName, or its full one. */
bool host_is_named(const struct host *host, const char *word);

/* Whether one of words does. */
bool host_is_named_by(const struct host *host, const struct text_list *words);

/* Whom its RBCD grants, by SID as text, sorted. Owner: context. */
struct text_list host_rbcd_sids(const void *context, const struct host *host);

/* Server generations. A host of unknown build is taken as 2016 or later, not as 2025
 * or later. */
bool host_is_2016_or_later(const struct host *host);
bool host_is_2025_or_later(const struct host *host);

/* Whether the host lists class/name as a target, compared whole. */
bool host_lists_service(const struct host *host, const char *service_class, const char *name);

/* Whether the host lists a target of that class. */
bool host_lists_class(const struct host *host, const char *service_class);

/* Whether the host registers an SPN of that class. */
bool host_registers_class(const struct host *host, const char *service_class);

/* Whether entry may be a host, or make its parent one: the list of hosts depends on no other
 * entry. */
bool host_is_possible(const struct entry *entry);

/* Whether entry is the connection point that marks its parent as a Hyper-V host. */
bool host_is_connection_point(const void *context, const struct entry *entry);

/* Whether target names the host or is an SPN that it registers, as an alias of HOST/
 * (the directory's sPNMappings) too. */
bool host_owns_target(const struct domain *domain, const struct host *host, const char *target);

/* The targets of host that owner alone has registered, and that bear no other host's name, in
 * their order. Owner of the list: context. */
struct text_list host_targets_owned_by(const void *context, const struct domain *domain,
				       const struct host_list *hosts, const struct host *host,
				       const struct entry *owner);

#endif
