/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/kdc_asker.h"

#include "base/memory.h"
#include "source/kdc_s4u.h"
#include "source/krb5_cache.h"

#include <string.h>

struct kdc_asker {
	krb5_context krb5;
	krb5_principal self;
	krb5_ccache cache; /* in memory: our ticket for the KDC alone */
	struct kdc_s4u *s4u;
	const char *unreachable; /* no KDC answered once: none is waited for again; or NULL */
};

static int end_asker(struct kdc_asker *asker)
{
	kdc_s4u_end(asker->s4u);
	if (asker->cache)
		(void)krb5_cc_destroy(asker->krb5, asker->cache);
	krb5_free_principal(asker->krb5, asker->self);
	krb5_free_context(asker->krb5);
	return 0;
}

/* Copies our ticket for the KDC into a cache of its own. */
static krb5_error_code copy_ticket(struct kdc_asker *asker)
{
	krb5_ccache from = NULL;
	krb5_creds ticket;
	krb5_error_code code = krb5_cc_default(asker->krb5, &from);

	if (code)
		return code;
	code = krb5_cc_get_principal(asker->krb5, from, &asker->self);
	if (!code)
		code = krb5_cache_own_ticket(asker->krb5, from, asker->self, &ticket);
	(void)krb5_cc_close(asker->krb5, from);
	if (code)
		return code;
	code = krb5_cc_new_unique(asker->krb5, "MEMORY", NULL, &asker->cache);
	if (!code)
		code = krb5_cc_initialize(asker->krb5, asker->cache, asker->self);
	if (!code)
		code = krb5_cc_store_cred(asker->krb5, asker->cache, &ticket);
	krb5_free_cred_contents(asker->krb5, &ticket);
	return code;
}

struct kdc_asker *kdc_asker_new(const void *context, struct error *error)
{
	struct kdc_asker *asker = memory_new(context, struct kdc_asker);
	krb5_error_code code;

	if (!krb5_library_begin(&asker->krb5, error)) {
		talloc_free(asker);
		return NULL;
	}
	talloc_set_destructor(asker, end_asker);
	code = copy_ticket(asker);
	if (!code)
		code = kdc_s4u_begin(asker->krb5, asker->self, asker->cache, &asker->s4u);
	if (!code)
		return asker;
	krb5_library_failed(asker->krb5, code, ERROR_LOGIN, "the login's own ticket", error);
	talloc_free(asker);
	return NULL;
}

/* What the KDC says of an account or a service itself, whoever asks. */
static bool is_refusal(enum kdc_kind kind, krb5_error_code code)
{
	static const krb5_error_code of_accounts[] = {
		KRB5KDC_ERR_CLIENT_REVOKED, /* disabled, locked or expired */
		KRB5KDC_ERR_NAME_EXP,
	};
	static const krb5_error_code of_services[] = {
		KRB5KDC_ERR_S_PRINCIPAL_UNKNOWN,
		KRB5KDC_ERR_PRINCIPAL_NOT_UNIQUE,
		KRB5KDC_ERR_NULL_KEY,
		KRB5KDC_ERR_ETYPE_NOSUPP,
		KRB5KDC_ERR_SERVICE_REVOKED,
		KRB5KDC_ERR_SERVICE_EXP,
		KRB5KDC_ERR_SERVICE_NOTYET,
		KRB5KDC_ERR_MUST_USE_USER2USER,
	};
	bool target = kind == KDC_TARGET;
	const krb5_error_code *codes = target ? of_services : of_accounts;
	size_t count = target ? countof(of_services) : countof(of_accounts);

	if (kind == KDC_HOST)
		return false;
	for (size_t i = 0; i < count; i++) {
		if (codes[i] == code)
			return true;
	}
	return false;
}

/* Fills question with what an error code means for it. */
static void take_error(struct kdc_asker *asker, krb5_error_code code, struct kdc_question *question)
{
	const char *words = krb5_get_error_message(asker->krb5, code);

	question->outcome = is_refusal(question->kind, code) ? KDC_REFUSED : KDC_UNANSWERED;
	question->words = memory_text(asker, words);
	krb5_free_error_message(asker->krb5, words);
	if (code == KRB5_KDC_UNREACH || code == KRB5_REALM_UNKNOWN)
		asker->unreachable = question->words;
	if ((question->kind == KDC_ADMIN || question->kind == KDC_CONTROL) &&
	    code == KRB5KDC_ERR_C_PRINCIPAL_UNKNOWN)
		question->words =
			memory_format(asker,
				      "%s (the KDC says so too where the login may not read "
				      "tokenGroupsGlobalAndUniversal, a right of S-1-5-32-560)",
				      question->words);
}

/* name as a principal of our own realm: an SPN in its parts, or an account in one. */
static krb5_error_code build_principal(const struct kdc_asker *asker,
				       const struct kdc_question *question,
				       krb5_principal *principal)
{
	char *copy = memory_text(NULL, question->name);
	char *parts[3] = {copy, NULL, NULL};
	krb5_error_code code;

	for (size_t i = 1; question->kind == KDC_TARGET && i < 3; i++) {
		parts[i] = strchr(parts[i - 1], '/');
		if (!parts[i])
			break;
		*parts[i]++ = '\0';
	}
	code = krb5_build_principal(asker->krb5, principal, asker->self->realm.length,
				    asker->self->realm.data, parts[0], parts[1], parts[2],
				    (char *)NULL);
	talloc_free(copy);
	if (!code)
		(*principal)->type =
			question->kind == KDC_TARGET ? KRB5_NT_SRV_INST : KRB5_NT_PRINCIPAL;
	return code;
}

/* A ticket in our own name. */
static void ask_for_service(struct kdc_asker *asker, struct kdc_question *question)
{
	krb5_creds wanted = {.client = asker->self};
	krb5_creds *ticket = NULL;
	krb5_error_code code = build_principal(asker, question, &wanted.server);

	if (!code)
		code = krb5_get_credentials(asker->krb5, KRB5_GC_NO_STORE, asker->cache, &wanted,
					    &ticket);
	if (code) {
		take_error(asker, code, question);
	} else {
		question->outcome = KDC_ISSUED;
		question->ok_as_delegate = (ticket->ticket_flags & TKT_FLG_OK_AS_DELEGATE) != 0;
	}
	krb5_free_creds(asker->krb5, ticket);
	krb5_free_principal(asker->krb5, wanted.server);
}

/* A ticket to ourselves in the name of somebody else. */
static void ask_for_user(struct kdc_asker *asker, struct kdc_question *question)
{
	krb5_principal user = NULL;
	krb5_flags flags = 0;
	krb5_error_code code = build_principal(asker, question, &user);

	if (!code)
		code = kdc_s4u_ask(asker->s4u, user, &flags);
	if (code) {
		take_error(asker, code, question);
	} else {
		question->outcome = KDC_ISSUED;
		question->forwardable = (flags & TKT_FLG_FORWARDABLE) != 0;
	}
	krb5_free_principal(asker->krb5, user);
}

void kdc_asker_ask(struct kdc_asker *asker, struct kdc_question *question)
{
	if (asker->unreachable) {
		question->words = asker->unreachable;
		return;
	}
	/* words of an earlier error of the same code would pass for this one's */
	krb5_clear_error_message(asker->krb5);
	switch (question->kind) {
	case KDC_CONTROL:
	case KDC_ADMIN: ask_for_user(asker, question); break;
	case KDC_HOST:
	case KDC_TARGET: ask_for_service(asker, question); break;
	case KDC_KIND_COUNT: break;
	}
}
