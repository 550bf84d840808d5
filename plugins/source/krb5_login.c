/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/krb5_login.h"

#include "base/memory.h"
#include "base/text.h"
#include "source/krb5_cache.h"
#include "source/krb5_config.h"
#include "source/krb5_errand.h"
#include "source/krb5_keytab.h"
#include "source/watchdog.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct krb5_login {
	struct krb5_config *config;
	struct krb5_realm realm; /* as config has it */
	const char *domain;      /* DNS name of the domain that is asked, or NULL */
	const char *keytab;      /* or NULL */
	const char *principal;   /* "svc@EXAMPLE.COM" */
	const char *memory;      /* the cache that GSSAPI uses; ours, ends with us */
	const char *before;      /* KRB5CCNAME as it was, or NULL */
	const char *cache;       /* where tickets are kept; NULL: nowhere else */
	bool has_ticket;         /* for the KDC */
	bool is_new;             /* it was got, or is to be got, in this run */
	bool renew;              /* tickets that are kept are not to be used */
	bool forwardable;        /* the KDC is to be asked for tickets in the name of others */
};

static int end_login(struct krb5_login *login)
{
	krb5_context krb5 = NULL;
	krb5_ccache cache = NULL;

	/* the user's own cache serves the login at the next controller, too */
	if (login->before)
		(void)setenv("KRB5CCNAME", login->before, 1);
	else
		(void)unsetenv("KRB5CCNAME");
	if (krb5_init_context(&krb5))
		return 0;
	if (!krb5_cc_resolve(krb5, login->memory, &cache))
		(void)krb5_cc_destroy(krb5, cache);
	krb5_free_context(krb5);
	return 0;
}

/* text in ASCII upper case: a realm of Active Directory is the domain's name in it. */
static const char *upper(const void *context, const char *text)
{
	char *copy = memory_text(context, text);

	for (char *at = copy; *at; at++)
		*at = (char)toupper((unsigned char)*at);
	return copy;
}

/* Whether a backslash stands in name that does not say that an @ or a / is a part of it. */
static bool has_windows_backslash(const char *name)
{
	for (const char *at = strchr(name, '\\'); at; at = strchr(at + 2, '\\')) {
		if (!at[1] || !strchr("@/\\", at[1]))
			return true;
	}
	return false;
}

/* Writes the principal that the user named in full: without a realm it is one of the
 * default realm, which is the domain's where the domain is known. */
static bool complete(struct krb5_login *login, krb5_context krb5, const char *name,
		     struct error *error)
{
	krb5_principal principal = NULL;
	krb5_error_code code = krb5_parse_name(krb5, name, &principal);
	bool known;

	/* libkrb5 would take the backslash for the mark of a special character */
	if (has_windows_backslash(name)) {
		krb5_free_principal(krb5, principal);
		return error_set(error, ERROR_USAGE,
				 "--logname takes NAME or NAME@REALM, not DOMAIN and a backslash "
				 "in front of the name");
	}
	if (code)
		return krb5_library_failed(krb5, code, ERROR_USAGE, "--logname", error);
	known = krb5_library_principal(login, krb5, principal, &login->principal, error);
	krb5_free_principal(krb5, principal);
	return known;
}

/* A keytab: its tickets are kept in the cache that the user named, which serves until it runs
 * out. */
static bool look_at_keytab(struct krb5_login *login, krb5_context krb5, const char *cache,
			   struct error *error)
{
	struct error unimportant;
	const char *owner;

	if (!krb5_keytab_look(login, krb5, login->keytab, login->principal, &login->principal,
			      error))
		return false;
	if (cache) {
		login->cache = cache;
		login->has_ticket =
			krb5_cache_look(login, krb5, cache, login->principal, &login->cache, &owner,
					&unimportant) &&
			(!login->forwardable || krb5_cache_is_forwardable(krb5, login->cache));
	}
	return true;
}

/* A cache; where none is named and the default one is of no use, the client keytab, as
 * GSSAPI does. */
static bool look_at_cache(struct krb5_login *login, krb5_context krb5, const char *cache,
			  struct error *error)
{
	const char *owner;

	login->has_ticket =
		krb5_cache_look(login, krb5, cache, login->principal, &login->cache, &owner, error);
	if (login->has_ticket) {
		login->principal = owner;
		return true;
	}
	login->keytab = cache ? NULL : krb5_keytab_of_client(login, krb5);
	return login->keytab && look_at_keytab(login, krb5, NULL, error);
}

static bool look(struct krb5_login *login, const struct ldap_settings *settings,
		 struct error *error)
{
	krb5_context krb5 = NULL;
	bool usable;

	login->realm.name = login->domain ? upper(login, login->domain) : NULL;
	if (!krb5_config_write(login->config, &login->realm, error) ||
	    !krb5_library_begin(&krb5, error))
		return false;
	usable = !settings->principal || complete(login, krb5, settings->principal, error);
	if (usable && settings->keytab)
		usable = look_at_keytab(login, krb5, settings->ccache, error);
	else if (usable)
		usable = look_at_cache(login, krb5, settings->ccache, error);
	krb5_free_context(krb5);
	return usable;
}

struct krb5_login *krb5_login_new(const void *context, const struct ldap_settings *settings,
				  struct error *error)
{
	struct krb5_login *login = memory_new(context, struct krb5_login);
	const char *before = getenv("KRB5CCNAME");

	login->before = before ? memory_text(login, before) : NULL;
	login->domain = settings->domain;
	login->keytab = settings->keytab;
	login->forwardable = settings->forwardable;
	login->memory = memory_format(login, "MEMORY:check_hyperv_delegation.%ld", (long)getpid());
	login->config = krb5_config_new(login, error);
	if (!login->config || !look(login, settings, error)) {
		talloc_free(login);
		return NULL;
	}
	talloc_set_destructor(login, end_login);
	if (setenv("KRB5CCNAME", login->memory, 1) < 0) {
		error_set(error, ERROR_INTERNAL, "setenv: %s", strerror(errno));
		talloc_free(login);
		return NULL;
	}
	return login;
}

/* The realm of the principal where it is that of the domain of host, else NULL: the KDC
 * of another realm is for libkrb5 to find. */
static const char *realm_of_host(const struct krb5_login *login, const char *host)
{
	const char *realm = login->principal ? strrchr(login->principal, '@') : NULL;
	const char *domain = login->domain;

	if (!domain) {
		domain = strchr(host, '.');
		if (domain)
			domain++;
	}
	return realm && domain && text_equal(realm + 1, domain) ? realm + 1 : NULL;
}

bool krb5_login_choose_kdc(struct krb5_login *login, const char *host, const char *address,
			   const char *const *others, size_t other_count, struct error *error)
{
	const char *realm = realm_of_host(login, host);
	const char **kdcs = memory_array(login, const char *, other_count + 1);

	kdcs[0] = memory_text(kdcs, address);
	for (size_t i = 0; i < other_count; i++)
		kdcs[i + 1] = memory_text(kdcs, others[i]);
	login->realm = (struct krb5_realm){
		.name = login->domain ? upper(login, login->domain) : NULL,
	};
	if (realm)
		login->realm = (struct krb5_realm){
			.name = realm,
			.kdcs = kdcs,
			.kdc_count = other_count + 1,
		};
	return krb5_config_write(login->config, &login->realm, error);
}

/* The domain of host, by its name, where it is another one than that of the principal, else
 * NULL. */
static const char *other_domain(const struct krb5_login *login, const char *host)
{
	const char *realm = login->principal ? strrchr(login->principal, '@') : NULL;
	const char *domain = strchr(host, '.');
	bool address = strchr(host, ':') || !host[strspn(host, "0123456789.")];

	if (!realm || !domain || address || text_equal(realm + 1, domain + 1))
		return NULL;
	return domain + 1;
}

/* Who is asked for the ticket for host, in words; kdc is the one that was chosen. */
static const char *kdc_words(const struct krb5_login *login, const char *host, const char *kdc)
{
	const char *realm = login->principal ? strrchr(login->principal, '@') : NULL;
	const char *other = other_domain(login, host);
	const char *own;

	if (login->realm.kdc_count)
		own = memory_format(login, "the KDC at %s (port 88)", kdc);
	else
		own = realm ? memory_format(login, "a KDC of %s", realm + 1) : "a KDC";
	return other ? memory_format(login, "%s or one on the way to %s", own, other) : own;
}

bool krb5_login_get_tickets(struct krb5_login *login, const char *host, const char *kdc,
			    int limit_ms, struct trace *trace, struct error *error)
{
	uint64_t begin_us = trace_clock_us();
	struct krb5_errand errand = {
		.host = host,
		.kdc = kdc_words(login, host, kdc),
		.far = other_domain(login, host),
		.keytab = login->keytab,
		.principal = login->principal,
		.cache = login->cache ? login->cache : login->memory,
		.kept = login->has_ticket,
		.renew = login->renew,
		.forwardable = login->forwardable,
	};
	bool by_keytab;

	watchdog_waiting_for("tickets for %s from %s", login->principal, errand.kdc);
	if (!krb5_errand_run(&errand, login->memory, limit_ms, &by_keytab, error))
		return false;
	login->has_ticket = true;
	login->renew = false;
	login->is_new |= by_keytab;
	if (by_keytab)
		trace_add(trace, "%.1f ms: ticket for %s",
			  (double)(trace_clock_us() - begin_us) / 1000, login->principal);
	return true;
}

bool krb5_login_renew(struct krb5_login *login)
{
	if (!login->has_ticket || login->is_new)
		return false;
	login->renew = login->is_new = true;
	return true;
}
