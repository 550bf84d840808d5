/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Reads what the model wants to know from a domain controller, and from the next one where
 * the first fails in the middle: never a mixture of two.
 */
#ifndef CONTROLLER_H
#define CONTROLLER_H

#include "ad/directory.h"
#include "model/selection.h"
#include "source/ldap_session.h"

/*
 * Reads the directory that settings name, as far as selection needs it. A controller that
 * breaks off, or that has no time now, is left for the next one; what could not be read from
 * the last is a gap. Only the first one is asked where the password comes from standard
 * input.
 * NULL: none gave anything; error names each one and why. *session stays open with the
 * controller that was asked last, which gave the directory unless all broke off; it is NULL
 * where the last could not be reached. Owner of both: context.
 */
struct directory *controller_read(const void *context, const struct ldap_settings *settings,
				  const struct selection *selection, struct trace *trace,
				  struct ldap_session **session, struct error *error);

#endif
