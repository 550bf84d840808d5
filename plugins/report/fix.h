/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * One finding while it is mended: the commands so far, and the few kinds of change that
 * they are made of. The fix_* functions of the rules say what is to change; how a shell
 * is told so is known here alone. Private to the fix_*.c files.
 */
#ifndef REPORT_FIX_H
#define REPORT_FIX_H

#include "policy/verdict.h"

struct fix {
	const void *context; /* owner of all texts */
	const struct verdict *verdict;
	const struct finding *finding;
	const struct host *host; /* that the finding's subject is, or NULL */
	const struct host *peer; /* the same of its object */
	bool in_one;             /* all changes in one ldapmodify, not a command for each */
	struct text_list notes;  /* comments */
	struct text_list windows;
	struct text_list unix_tools;
	char *ldif; /* change records so far, or NULL */
};

/* Adds a comment; texts from outside go through quote_comment first. */
void fix_say(struct fix *fix, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* Adds a command for PowerShell, for a Unix shell. */
void fix_run_windows(struct fix *fix, const char *format, ...)
	__attribute__((format(printf, 2, 3)));
void fix_run_unix(struct fix *fix, const char *format, ...) __attribute__((format(printf, 2, 3)));

/* The controller's name, or a shell variable that stands for it. */
const char *fix_controller(const struct fix *fix);

/* The options by which samba-tool, ldapmodify and ldapsearch find the controller. */
const char *fix_samba_options(const struct fix *fix);
const char *fix_ldap_options(const struct fix *fix);

/* How PowerShell's -Identity names the account; NULL where it can not. */
const char *fix_identity(const struct fix *fix, const struct account *account);

/* The account's name as samba-tool takes it, quoted; NULL where only its DN is safe. */
const char *fix_samba_name(const struct fix *fix, const struct account *account);

/* Sets or clears some of the three bits of userAccountControl that are about delegation. */
void fix_set_flags(struct fix *fix, const struct account *account, uint32_t bits, bool on);

/* Adds values to the account's msDS-AllowedToDelegateTo, or takes them out. */
void fix_change_targets(struct fix *fix, const struct account *account, bool add,
			const struct text_list *targets);

/* Adds a change record for entry: changes are its lines, each modification with its "-". */
void fix_change_entry(struct fix *fix, const struct entry *entry, const char *changes);

/* Makes one command of the change records so far. */
void fix_end_ldapmodify(struct fix *fix);

/* Says where Samba takes a change of msDS-AllowedToActOnBehalfOfOtherIdentity, which it
 * refuses over LDAP as Active Directory does not. */
void fix_say_samba_refuses(struct fix *fix);

/* Lines of a change record that take one value for another; after may be NULL: none. */
char *fix_replace_value(const void *context, enum attribute attribute, const struct value *before,
			const struct value *after);

/* Adds commands that show which accounts own the target of the finding. */
void fix_show_owners(struct fix *fix);

void fix_unconstrained_delegation(struct fix *fix);
void fix_protocol_transition(struct fix *fix);
void fix_migration_target_missing(struct fix *fix);
void fix_migration_one_way(struct fix *fix);
void fix_migration_name_missing(struct fix *fix);
void fix_migration_service_unregistered(struct fix *fix);
void fix_target(struct fix *fix);
void fix_unexpected_target(struct fix *fix);
void fix_target_disabled(struct fix *fix);
void fix_target_owner(struct fix *fix);
void fix_target_unknown(struct fix *fix);
void fix_rbcd_trustee(struct fix *fix);
void fix_host_missing(struct fix *fix);
void fix_host_disabled(struct fix *fix);
void fix_admin_unprotected(struct fix *fix);
void fix_operator_not_delegable(struct fix *fix);
void fix_krbtgt_not_delegable(struct fix *fix);
void fix_kdc_admin_forwardable(struct fix *fix);
void fix_kdc_host_unconstrained(struct fix *fix);
void fix_kdc_target_refused(struct fix *fix);
void fix_kdc_unproven(struct fix *fix);
void fix_servers_disagree(struct fix *fix);
void fix_unreadable(struct fix *fix);
void fix_incomplete(struct fix *fix);
void fix_no_hosts(struct fix *fix);
void fix_no_admins(struct fix *fix);

#endif
