/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/kdc_s4u.h"

#include "base/memory.h"

#include <gssapi/gssapi_ext.h>
#include <gssapi/gssapi_krb5.h>
#include <string.h>

struct kdc_s4u {
	krb5_context krb5;
	krb5_principal self;
	gss_cred_id_t credential;
};

/* The minor status of the Kerberos mechanism is libkrb5's code. */
static krb5_error_code code_of(OM_uint32 major, OM_uint32 minor)
{
	if (!GSS_ERROR(major))
		return 0;
	return minor ? (krb5_error_code)minor : KRB5_CC_NOTFOUND;
}

krb5_error_code kdc_s4u_begin(krb5_context krb5, krb5_principal self, krb5_ccache cache,
			      struct kdc_s4u **s4u)
{
	char *name = NULL;
	gss_key_value_element_desc place = {.key = "ccache"};
	const gss_key_value_set_desc store = {.count = 1, .elements = &place};
	krb5_error_code code = krb5_cc_get_full_name(krb5, cache, &name);
	OM_uint32 major, minor;

	*s4u = NULL;
	if (code)
		return code;
	*s4u = memory_new(NULL, struct kdc_s4u);
	(*s4u)->krb5 = krb5;
	(*s4u)->self = self;
	place.value = name;
	major = gss_acquire_cred_from(&minor, GSS_C_NO_NAME, GSS_C_INDEFINITE,
				      (gss_OID_set)(uintptr_t)gss_mech_set_krb5, GSS_C_INITIATE,
				      &store, &(*s4u)->credential, NULL, NULL);
	krb5_free_string(krb5, name);
	code = code_of(major, minor);
	if (code) {
		kdc_s4u_end(*s4u);
		*s4u = NULL;
	}
	return code;
}

void kdc_s4u_end(struct kdc_s4u *s4u)
{
	OM_uint32 minor;

	if (s4u)
		(void)gss_release_cred(&minor, &s4u->credential);
	talloc_free(s4u);
}

/* Finds the ticket to ourselves, beside our ticket for the KDC. */
static krb5_error_code find_flags(const struct kdc_s4u *s4u, krb5_ccache cache, krb5_flags *flags)
{
	krb5_cc_cursor cursor;
	krb5_creds ticket;
	krb5_error_code code = krb5_cc_start_seq_get(s4u->krb5, cache, &cursor);

	if (code)
		return code;
	code = KRB5_CC_NOTFOUND;
	while (!krb5_cc_next_cred(s4u->krb5, cache, &cursor, &ticket)) {
		if (krb5_principal_compare(s4u->krb5, ticket.server, s4u->self)) {
			*flags = ticket.ticket_flags;
			code = 0;
		}
		krb5_free_cred_contents(s4u->krb5, &ticket);
	}
	(void)krb5_cc_end_seq_get(s4u->krb5, cache, &cursor);
	return code;
}

static krb5_error_code look_into(const struct kdc_s4u *s4u, gss_cred_id_t credential,
				 krb5_flags *flags)
{
	krb5_ccache cache = NULL;
	krb5_error_code code = krb5_cc_new_unique(s4u->krb5, "MEMORY", NULL, &cache);
	OM_uint32 major, minor;

	if (code)
		return code;
	code = krb5_cc_initialize(s4u->krb5, cache, s4u->self);
	if (!code) {
		major = gss_krb5_copy_ccache(&minor, credential, cache);
		code = code_of(major, minor);
	}
	if (!code)
		code = find_flags(s4u, cache, flags);
	(void)krb5_cc_destroy(s4u->krb5, cache);
	return code;
}

/* The same with the name as text, as GSSAPI wants it. */
static krb5_error_code impersonate(const struct kdc_s4u *s4u, const char *name, krb5_flags *flags)
{
	gss_buffer_desc text = {.length = strlen(name), .value = (void *)(uintptr_t)name};
	gss_name_t user = GSS_C_NO_NAME;
	gss_cred_id_t credential = GSS_C_NO_CREDENTIAL;
	OM_uint32 major, minor, ignored;
	krb5_error_code code;

	major = gss_import_name(&minor, &text, (gss_OID)(uintptr_t)GSS_KRB5_NT_PRINCIPAL_NAME,
				&user);
	if (!GSS_ERROR(major))
		major = gss_acquire_cred_impersonate_name(&minor, s4u->credential, user,
							  GSS_C_INDEFINITE,
							  (gss_OID_set)(uintptr_t)gss_mech_set_krb5,
							  GSS_C_INITIATE, &credential, NULL, NULL);
	code = code_of(major, minor);
	if (!code)
		code = look_into(s4u, credential, flags);
	(void)gss_release_cred(&ignored, &credential);
	(void)gss_release_name(&ignored, &user);
	return code;
}

krb5_error_code kdc_s4u_ask(const struct kdc_s4u *s4u, krb5_principal user, krb5_flags *flags)
{
	char *name = NULL;
	krb5_error_code code = krb5_unparse_name(s4u->krb5, user, &name);

	if (code)
		return code;
	code = impersonate(s4u, name, flags);
	krb5_free_unparsed_name(s4u->krb5, name);
	return code;
}
