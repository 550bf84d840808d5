/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What the Kerberos files of this folder share: a libkrb5 context, libkrb5's words,
 * principals as text. Included by them alone.
 */
#ifndef SOURCE_KRB5_LIBRARY_H
#define SOURCE_KRB5_LIBRARY_H

#include "base/error.h"

#include <krb5.h>

/* Makes a libkrb5 context, which the caller frees by krb5_free_context. */
bool krb5_library_begin(krb5_context *krb5, struct error *error);

/* Fills error with "sentence: libkrb5's words for code"; returns false. krb5 may be NULL. */
bool krb5_library_failed(krb5_context krb5, krb5_error_code code, enum error_kind kind,
			 const char *sentence, struct error *error);

/* "svc@EXAMPLE.COM". Owner: context. */
bool krb5_library_principal(const void *context, krb5_context krb5, krb5_const_principal principal,
			    const char **text, struct error *error);

#endif
