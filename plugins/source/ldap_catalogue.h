/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * The global catalogue of the forest: found, connected and logged in to when something is
 * first asked of it, and never before. It is the one that the user named, else the controller
 * in use, else one that DNS names.
 */
#ifndef SOURCE_LDAP_CATALOGUE_H
#define SOURCE_LDAP_CATALOGUE_H

#include "ad/directory.h"
#include "ad/question.h"
#include "source/ldap_session.h"

struct ldap_catalogue;

/* A catalogue that was not looked for yet. settings must live as long. Owner: context. */
struct ldap_catalogue *ldap_catalogue_new(const void *context, const struct ldap_settings *settings,
					  struct trace *trace);

/*
 * Puts question, unless it is empty, to the catalogue and adds the answers to what directory,
 * whose rootDSE was read from session, holds of other domains. The login is that of session,
 * which must live as long as the catalogue, or its login does. What fails becomes a gap
 * there; where there is no catalogue, directory says why.
 */
void ldap_catalogue_ask(struct ldap_catalogue *catalogue, struct ldap_session *session,
			const struct entry_question *question, struct directory *directory);

#endif
