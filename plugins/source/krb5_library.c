/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/krb5_library.h"

#include "base/memory.h"

bool krb5_library_begin(krb5_context *krb5, struct error *error)
{
	krb5_error_code code = krb5_init_context(krb5);

	return !code || krb5_library_failed(NULL, code, ERROR_INPUT,
					    "the Kerberos configuration can not be used", error);
}

bool krb5_library_failed(krb5_context krb5, krb5_error_code code, enum error_kind kind,
			 const char *sentence, struct error *error)
{
	const char *words = krb5_get_error_message(krb5, code);

	error_set(error, kind, "%s: %s", sentence, words);
	krb5_free_error_message(krb5, words);
	return false;
}

bool krb5_library_principal(const void *context, krb5_context krb5, krb5_const_principal principal,
			    const char **text, struct error *error)
{
	char *name = NULL;
	krb5_error_code code = krb5_unparse_name(krb5, principal, &name);

	if (code)
		return krb5_library_failed(krb5, code, ERROR_INPUT, "principal", error);
	*text = memory_text(context, name);
	krb5_free_unparsed_name(krb5, name);
	return true;
}
