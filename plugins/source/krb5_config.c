/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/krb5_config.h"

#include "base/memory.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

/* libkrb5's default place, used where the environment names none. */
static const char default_file[] = "/etc/krb5.conf";

struct krb5_config {
	int fd;
	char *before; /* KRB5_CONFIG as it was, or NULL */
};

static int end_config(struct krb5_config *config)
{
	if (config->before)
		(void)setenv("KRB5_CONFIG", config->before, 1);
	else
		(void)unsetenv("KRB5_CONFIG");
	(void)close(config->fd);
	return 0;
}

struct krb5_config *krb5_config_new(const void *context, struct error *error)
{
	struct krb5_config *config = memory_new(context, struct krb5_config);
	const char *before = getenv("KRB5_CONFIG");
	char *files;

	config->fd = memfd_create("krb5.conf", MFD_CLOEXEC);
	if (config->fd < 0) {
		error_set(error, ERROR_INTERNAL, "memfd_create: %s", strerror(errno));
		talloc_free(config);
		return NULL;
	}
	config->before = before ? memory_text(config, before) : NULL;
	talloc_set_destructor(config, end_config);
	files = memory_format(config, "/proc/self/fd/%d:%s", config->fd,
			      before && *before ? before : default_file);
	if (setenv("KRB5_CONFIG", files, 1) < 0) {
		error_set(error, ERROR_INTERNAL, "setenv: %s", strerror(errno));
		talloc_free(config);
		return NULL;
	}
	return config;
}

/* Whether text is one word that means nothing else to a krb5.conf. */
static bool is_plain(const char *text)
{
	return *text && !strpbrk(text, " \t\r\n\v\f{}[]=\"#;*\\");
}

/* Whether a line of a krb5.conf that begins with the word reads another file. */
static bool is_directive(const char *word)
{
	return !strcmp(word, "include") || !strcmp(word, "includedir");
}

static char *compose(const void *context, const struct krb5_realm *realm)
{
	/* udp_preference_limit: an answer with a PAC is too big for UDP, so that each
	 * question would be asked twice; request_timeout: known to libkrb5 1.22 and later */
	char *text = memory_text(context, "[libdefaults]\n"
					  "dns_canonicalize_hostname = false\n"
					  "rdns = false\n"
					  "udp_preference_limit = 1\n"
					  "request_timeout = 5\n");

	if (!realm->name || !is_plain(realm->name) || is_directive(realm->name))
		return text;
	text = memory_append(text, "default_realm = %s\n", realm->name);
	if (!realm->kdc_count)
		return text;
	text = memory_append(text, "[realms]\n%s = {\n", realm->name);
	for (size_t i = 0; i < realm->kdc_count; i++) {
		const char *kdc = realm->kdcs[i];
		bool brackets = strchr(kdc, ':');

		if (!is_plain(kdc))
			continue;
		if (brackets)
			kdc = memory_format(text, "[%s]", kdc);
		/* after each answer DNS would be asked whether it came from a primary KDC */
		text = memory_append(text, "kdc = %s\nmaster_kdc = %s\n", kdc, kdc);
	}
	return memory_append(text, "}\n");
}

bool krb5_config_write(struct krb5_config *config, const struct krb5_realm *realm,
		       struct error *error)
{
	char *text = compose(config, realm);
	size_t size = strlen(text);
	bool written =
		ftruncate(config->fd, 0) == 0 && pwrite(config->fd, text, size, 0) == (ssize_t)size;

	talloc_free(text);
	return written || error_set(error, ERROR_INTERNAL, "writing the Kerberos configuration: %s",
				    strerror(errno));
}
