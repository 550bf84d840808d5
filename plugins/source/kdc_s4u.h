/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * S4U2Self ([MS-SFU] 3.1.5.1.1): tickets to ourselves in the name of others. The one public
 * way to it is GSSAPI, which shows no flags of tickets, so that they are looked up in a copy
 * of its cache. Included by kdc_asker.c alone.
 */
#ifndef SOURCE_KDC_S4U_H
#define SOURCE_KDC_S4U_H

#include <krb5.h>

struct kdc_s4u;

/* Acts as self, whose ticket for the KDC is in cache; all three must live as long. NULL in
 * *s4u where that fails. The caller ends it by kdc_s4u_end. */
krb5_error_code kdc_s4u_begin(krb5_context krb5, krb5_principal self, krb5_ccache cache,
			      struct kdc_s4u **s4u);

/* Ends it; s4u may be NULL. */
void kdc_s4u_end(struct kdc_s4u *s4u);

/*
 * Asks the KDC for a ticket to ourselves in the name of user: its flags. They are what the
 * KDC says only where our own ticket is forwardable; else libkrb5 asks for less.
 */
krb5_error_code kdc_s4u_ask(const struct kdc_s4u *s4u, krb5_principal user, krb5_flags *flags);

#endif
