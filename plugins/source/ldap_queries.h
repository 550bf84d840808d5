/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts a question of the model to the server: filters, paging, ranged values, batches,
 * all requests of a round sent before the first answer is taken. What could not be
 * read whole becomes a gap of the directory, never a shorter list.
 */
#ifndef SOURCE_LDAP_QUERIES_H
#define SOURCE_LDAP_QUERIES_H

#include "ad/directory.h"
#include "ad/question.h"
#include "base/error.h"
#include "source/ldap_session.h"

#include <stdbool.h>

/*
 * Reads the rootDSE into directory, the entry "", whose naming contexts the questions
 * need; the server becomes a source of directory. False where it can not be read, or is
 * not that of the expected domain (domain may be NULL).
 */
bool ldap_queries_read_rootdse(struct ldap_session *session, const char *domain,
			       struct directory *directory, struct error *error);

/*
 * Puts question to the server and adds the answers to directory; an entry that is there
 * already stays as it is. What fails, a lost connection included, is a gap: the rootDSE
 * was read, so that there is something to judge. False where it was not.
 */
bool ldap_queries_ask(struct ldap_session *session, const struct question *question,
		      struct directory *directory, struct error *error);

#endif
