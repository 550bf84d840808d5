/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/fix.h"

#include "base/memory.h"
#include "report/quote.h"

#include <string.h>

static void add_formatted(struct fix *fix, struct text_list *list, const char *format,
			  va_list arguments) __attribute__((format(printf, 3, 0)));

static void add_formatted(struct fix *fix, struct text_list *list, const char *format,
			  va_list arguments)
{
	text_list_add(fix->context, list,
		      memory_check(talloc_vasprintf(fix->context, format, arguments)));
}

void fix_say(struct fix *fix, const char *format, ...)
{
	va_list arguments;
	char *text;

	va_start(arguments, format);
	text = memory_check(talloc_vasprintf(fix->context, format, arguments));
	va_end(arguments);
	text_list_add(fix->context, &fix->notes, memory_format(fix->context, "# %s", text));
}

void fix_run_windows(struct fix *fix, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_formatted(fix, &fix->windows, format, arguments);
	va_end(arguments);
}

void fix_run_unix(struct fix *fix, const char *format, ...)
{
	va_list arguments;

	va_start(arguments, format);
	add_formatted(fix, &fix->unix_tools, format, arguments);
	va_end(arguments);
}

/* The controller that was asked; NULL where that is not known. */
static const char *server_name(const struct fix *fix)
{
	const struct directory *directory = fix->verdict->snapshot->directory;
	const char *name = directory->source_count ? directory->sources[0] : "";

	if (directory->kind != DIRECTORY_LDAP || !*name ||
	    name[strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-")])
		return NULL;
	return name;
}

/* Of an export the variable stands for the controller that ldapmodify would use by itself. */
static const char *server_url(const struct fix *fix)
{
	const char *name = server_name(fix);

	return name ? memory_format(fix->context, "ldap://%s", name) : "\"${LDAPURI:?}\"";
}

const char *fix_controller(const struct fix *fix)
{
	const char *name = server_name(fix);

	return name ? name : "\"${CONTROLLER:?}\"";
}

const char *fix_samba_options(const struct fix *fix)
{
	return memory_format(fix->context, "-H %s --use-kerberos=required", server_url(fix));
}

const char *fix_ldap_options(const struct fix *fix)
{
	return memory_format(fix->context, "-H %s -Q -Y GSSAPI -N", server_url(fix));
}

/* sAMAccountName where every tool takes it for this account, else NULL. */
static const char *plain_name(const struct account *account)
{
	const char *name;

	if (entry_text(account->entry, ATTRIBUTE_SAM_ACCOUNT_NAME, &name) != READING_OK ||
	    !quote_is_plain_name(name))
		return NULL;
	return name;
}

const char *fix_identity(const struct fix *fix, const struct account *account)
{
	const char *name = plain_name(account);
	char sid[SID_TEXT_SIZE];

	if (name)
		return quote_powershell(fix->context, name);
	if (account->has_sid)
		return quote_powershell(fix->context, sid_format(&account->sid, sid));
	return quote_powershell(fix->context, account->entry->dn);
}

const char *fix_samba_name(const struct fix *fix, const struct account *account)
{
	const char *name = plain_name(account);

	/* samba-tool pastes the DN into LDIF of its own */
	if (!name || !quote_is_plain_argument(account->entry->dn))
		return NULL;
	return quote_shell(fix->context, name);
}

void fix_end_ldapmodify(struct fix *fix)
{
	if (fix->ldif)
		fix_run_unix(fix, "ldapmodify %s <<'EOF'\n%sEOF", fix_ldap_options(fix), fix->ldif);
	fix->ldif = NULL;
}

void fix_say_samba_refuses(struct fix *fix)
{
	fix_say(fix,
		"a controller that runs Samba takes a change of %s on itself only: "
		"samba-tool there without -H, or ldbmodify",
		attribute_name(ATTRIBUTE_ALLOWED_TO_ACT));
}
