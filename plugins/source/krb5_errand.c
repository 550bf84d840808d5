/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/krb5_errand.h"

#include "base/memory.h"
#include "source/child.h"
#include "source/krb5_cache.h"
#include "source/krb5_keytab.h"
#include "source/trace.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <time.h>

/* More than the two tickets can be. */
enum { PARCEL_MAX = 1 << 20 };

/* What the child tells first. */
struct tidings {
	struct error error; /* ERROR_NONE: the tickets follow */
	bool by_keytab;     /* that for the KDC was not in the cache */
	int32_t offset_s;   /* of the KDC's clock from ours */
	uint32_t size;      /* of the tickets */
};

/* The service as GSSAPI names it. */
static krb5_error_code name_service(krb5_context krb5, const char *host, krb5_principal *service)
{
	return krb5_sname_to_principal(krb5, host, "ldap", KRB5_NT_SRV_HST, service);
}

/* For KRB-CRED without encryption, time and addresses: it leaves neither us nor the machine. */
static krb5_error_code begin_packing(krb5_context krb5, krb5_auth_context *packing)
{
	krb5_error_code code = krb5_auth_con_init(krb5, packing);

	return code ? code : krb5_auth_con_setflags(krb5, *packing, 0);
}

/* ---- in the child ------------------------------------------------------------------ */

static bool service_refused(krb5_context krb5, krb5_error_code code,
			    const struct krb5_errand *errand, struct error *error)
{
	const char *host = errand->host;
	char *sentence;

	if (code == KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN && errand->far)
		sentence = memory_format(NULL,
					 "the KDC knows no service ldap/%s: no trust leads to its "
					 "domain, or this is not the controller's own name",
					 host);
	else if (code == KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN)
		sentence = memory_format(NULL,
					 "the KDC knows no service ldap/%s: name the controller as "
					 "Active Directory does, not by an address or alias",
					 host);
	else if (code == KRB5KRB_AP_ERR_SKEW)
		sentence = memory_text(NULL, "the clocks of this machine and of the KDC are too "
					     "far apart: set both by NTP");
	else
		sentence = memory_format(NULL, "no ticket%s for ldap/%s",
					 errand->far ? " over a trust" : "", host);
	krb5_library_failed(krb5, code, ERROR_CONNECT, sentence, error);
	talloc_free(sentence);
	return false;
}

/* The ticket for the service of host, out of cache or from the KDC. */
static krb5_error_code get_service_ticket(krb5_context krb5, krb5_ccache cache,
					  krb5_principal owner, const char *host,
					  krb5_creds **ticket)
{
	krb5_creds wanted = {.client = owner};
	krb5_error_code code = name_service(krb5, host, &wanted.server);

	if (!code)
		code = krb5_get_credentials(krb5, 0, cache, &wanted, ticket);
	krb5_free_principal(krb5, wanted.server);
	return code;
}

/* Whether the KDC may think better of it with another ticket of ours. */
static bool is_about_us(krb5_error_code code)
{
	return code != KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN && code != KRB5_KDC_UNREACH &&
	       code != KRB5_REALM_UNKNOWN && code != KRB5_REALM_CANT_RESOLVE;
}

/* Opens the cache, or one with nothing but its ticket for the KDC, so that the KDC is asked. */
static krb5_error_code open_cache(krb5_context krb5, const char *name, bool without_services,
				  krb5_ccache *cache, krb5_principal *owner)
{
	krb5_ccache whole = NULL;
	krb5_creds own;
	krb5_error_code code = krb5_cc_resolve(krb5, name, &whole);

	if (!code)
		code = krb5_cc_get_principal(krb5, whole, owner);
	if (code || !without_services) {
		*cache = whole;
		return code;
	}
	code = krb5_cache_own_ticket(krb5, whole, *owner, &own);
	(void)krb5_cc_close(krb5, whole);
	if (code)
		return code;
	code = krb5_cc_new_unique(krb5, "MEMORY", NULL, cache);
	if (!code)
		code = krb5_cc_initialize(krb5, *cache, *owner);
	if (!code)
		code = krb5_cc_store_cred(krb5, *cache, &own);
	krb5_free_cred_contents(krb5, &own);
	return code;
}

/* Packs the ticket for the KDC, where cache has one, and that for the service behind it. */
static krb5_error_code pack(krb5_context krb5, krb5_ccache cache, krb5_principal owner,
			    krb5_creds *service, krb5_data **parcel)
{
	krb5_creds own = {0};
	krb5_creds *both[] = {&own, service, NULL};
	bool has_own = !krb5_cache_own_ticket(krb5, cache, owner, &own);
	krb5_auth_context packing = NULL;
	krb5_error_code code = begin_packing(krb5, &packing);

	if (!code)
		code = krb5_mk_ncred(krb5, packing, has_own ? both : both + 1, parcel, NULL);
	if (packing)
		(void)krb5_auth_con_free(krb5, packing);
	if (has_own)
		krb5_free_cred_contents(krb5, &own);
	return code;
}

/* Gets both tickets; the one for the KDC is in the cache. *again is set where the KDC refused
 * it in a way that a new one may mend. */
static bool fetch(krb5_context krb5, const struct krb5_errand *errand, bool ask, bool *again,
		  krb5_data **parcel, struct error *error)
{
	krb5_ccache cache = NULL;
	krb5_principal owner = NULL;
	krb5_creds *service = NULL;
	krb5_error_code code = open_cache(krb5, errand->cache, ask, &cache, &owner);
	krb5_error_code refusal = 0;

	if (!code)
		refusal = get_service_ticket(krb5, cache, owner, errand->host, &service);
	if (!code && !refusal)
		code = pack(krb5, cache, owner, service, parcel);
	*again = refusal && is_about_us(refusal);
	if (refusal)
		service_refused(krb5, refusal, errand, error);
	else if (code)
		krb5_library_failed(krb5, code, ERROR_INPUT, "credential cache", error);
	krb5_free_creds(krb5, service);
	krb5_free_principal(krb5, owner);
	if (cache)
		(void)krb5_cc_close(krb5, cache);
	return !code && !refusal;
}

static bool run(krb5_context krb5, const struct krb5_errand *errand, bool *by_keytab,
		krb5_data **parcel, struct error *error)
{
	bool again = false;

	*by_keytab = errand->keytab && (!errand->kept || errand->renew);
	if (!*by_keytab) {
		if (fetch(krb5, errand, errand->renew, &again, parcel, error))
			return true;
		*by_keytab = again && errand->keytab;
	}
	return *by_keytab &&
	       krb5_keytab_login(krb5, errand->keytab, errand->principal, errand->cache,
				 errand->forwardable, error) &&
	       fetch(krb5, errand, false, &again, parcel, error);
}

static void run_in_child(void *data, int to)
{
	const struct krb5_errand *errand = data;
	struct tidings tidings;
	krb5_context krb5 = NULL;
	krb5_data *parcel = NULL;
	krb5_timestamp offset_s = 0;
	krb5_int32 rest;

	memset(&tidings, 0, sizeof tidings); /* nothing of our memory leaves in its gaps */
	if (krb5_library_begin(&krb5, &tidings.error) &&
	    run(krb5, errand, &tidings.by_keytab, &parcel, &tidings.error)) {
		tidings.error.kind = ERROR_NONE; /* what was refused first is mended */
		(void)krb5_get_time_offsets(krb5, &offset_s, &rest);
		tidings.offset_s = offset_s;
		tidings.size = parcel->length;
	}
	child_tell(to, &tidings, sizeof tidings);
	if (parcel) {
		child_tell(to, parcel->data, parcel->length);
		explicit_bzero(parcel->data, parcel->length);
	}
	krb5_free_data(krb5, parcel);
	krb5_free_context(krb5);
}

/* ---- in the parent ----------------------------------------------------------------- */

/* Puts the tickets, of which the last is that of the service, into the cache named memory. */
static krb5_error_code put(krb5_context krb5, const char *memory, const char *host,
			   krb5_creds **tickets)
{
	krb5_ccache cache = NULL;
	krb5_principal service = NULL;
	krb5_error_code code = krb5_cc_resolve(krb5, memory, &cache);

	if (!code)
		code = krb5_cc_initialize(krb5, cache, tickets[0]->client);
	if (!code)
		code = name_service(krb5, host, &service);
	for (size_t i = 0; !code && tickets[i]; i++) {
		krb5_principal named = tickets[i]->server;

		/* libkrb5 keeps it under the name within the ticket as well */
		if (!tickets[i + 1])
			tickets[i]->server = service;
		code = krb5_cc_store_cred(krb5, cache, tickets[i]);
		tickets[i]->server = named;
	}
	krb5_free_principal(krb5, service);
	if (cache)
		(void)krb5_cc_close(krb5, cache);
	return code;
}

static krb5_error_code unpack(krb5_context krb5, krb5_data *parcel, krb5_creds ***tickets)
{
	krb5_auth_context packing = NULL;
	krb5_error_code code = begin_packing(krb5, &packing);

	if (!code)
		code = krb5_rd_cred(krb5, packing, parcel, tickets, NULL);
	if (packing)
		(void)krb5_auth_con_free(krb5, packing);
	return !code && !(*tickets)[0] ? KRB5_CC_NOTFOUND : code;
}

/* Takes what the child handed over. */
static bool take(const struct krb5_errand *errand, const char *memory, int32_t offset_s,
		 krb5_data *parcel, struct error *error)
{
	krb5_context krb5 = NULL;
	krb5_creds **tickets = NULL;
	krb5_error_code code = 0;

	if (!krb5_library_begin(&krb5, error))
		return false;
	/* the cache passes it on to GSSAPI */
	if (offset_s)
		code = krb5_set_real_time(krb5, (krb5_timestamp)time(NULL) + offset_s, -1);
	if (!code)
		code = unpack(krb5, parcel, &tickets);
	if (!code)
		code = put(krb5, memory, errand->host, tickets);
	krb5_free_tgt_creds(krb5, tickets);
	if (code)
		krb5_library_failed(krb5, code, ERROR_INTERNAL, "the tickets can not be used",
				    error);
	krb5_free_context(krb5);
	return !code;
}

static bool hear(const struct krb5_errand *errand, const char *memory, const struct child *child,
		 int limit_ms, bool *by_keytab, struct error *error)
{
	uint64_t end_us = trace_clock_us() + (uint64_t)limit_ms * 1000;
	struct tidings tidings = {0};
	enum child_word word = child_hear(child, &tidings, sizeof tidings, end_us);
	krb5_data parcel = {0};
	bool taken;

	*by_keytab = tidings.by_keytab;
	if (word == CHILD_TOLD && tidings.error.kind != ERROR_NONE) {
		*error = tidings.error;
		return false;
	}
	if (word == CHILD_TOLD && tidings.size <= PARCEL_MAX) {
		parcel.length = tidings.size;
		parcel.data = memory_array(NULL, char, tidings.size);
		word = child_hear(child, parcel.data, parcel.length, end_us);
	}
	if (word == CHILD_LATE)
		error_set(error, ERROR_TIMEOUT, "no answer of %s for %.1f s", errand->kdc,
			  limit_ms / 1000.0);
	else if (word == CHILD_ENDED)
		error_set(error, ERROR_INTERNAL, "the process that asks %s ended early",
			  errand->kdc);
	taken = word == CHILD_TOLD && take(errand, memory, tidings.offset_s, &parcel, error);
	if (parcel.data) /* the keys of the sessions are in it */
		explicit_bzero(parcel.data, parcel.length);
	talloc_free(parcel.data);
	return taken;
}

bool krb5_errand_run(const struct krb5_errand *errand, const char *memory, int limit_ms,
		     bool *by_keytab, struct error *error)
{
	struct krb5_errand own = *errand;
	struct child child;
	bool done;

	if (!child_start(&child, run_in_child, &own))
		return error_set(error, ERROR_INTERNAL, "no process could be started to ask %s: %s",
				 errand->kdc, strerror(errno));
	done = hear(errand, memory, &child, limit_ms, by_keytab, error);
	child_end(&child);
	return done;
}
