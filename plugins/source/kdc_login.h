/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Our own login as the credential cache shows it, in which the login to the directory left
 * its ticket (KRB5CCNAME). Asks nobody.
 */
#ifndef SOURCE_KDC_LOGIN_H
#define SOURCE_KDC_LOGIN_H

#include "model/kdc_answers.h"

/* Reads it; what is not there is left empty. Owner of the texts: context. */
void kdc_login_look(const void *context, struct kdc_login *login);

#endif
