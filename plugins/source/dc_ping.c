/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/dc_ping.h"

#include "base/text.h"
#include "source/wait.h"

#include <errno.h>
#include <ldap.h>
#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
	HOSTS_MAX = 4,       /* asked */
	HEAD_START_MS = 100, /* of each before the next one is asked as well */
	ANSWER_SIZE = 4096,
	FILTER_AND = 0xA0,
	FILTER_EQUALITY = 0xA3,
	MESSAGE_ID = 1,
};

/* A datagram socket to the LDAP port of host; -1 where there is none. */
static int open_socket(const char *host, int family)
{
	const struct addrinfo hints = {.ai_family = family, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *addresses;
	int fd = -1;

	if (getaddrinfo(host, "389", &hints, &addresses))
		return -1;
	for (const struct addrinfo *at = addresses; at && fd < 0; at = at->ai_next) {
		fd = socket(at->ai_family, at->ai_socktype | SOCK_CLOEXEC | SOCK_NONBLOCK,
			    at->ai_protocol);
		if (fd >= 0 && connect(fd, at->ai_addr, at->ai_addrlen)) {
			(void)close(fd);
			fd = -1;
		}
	}
	freeaddrinfo(addresses);
	return fd;
}

/* The search (&(DnsDomain=domain)(NtVer=6)) for netlogon: RFC 4511 4.5.1, [MS-ADTS]
 * 6.3.3. The caller frees it; NULL without memory. */
static BerElement *make_request(const char *domain)
{
	/* NETLOGON_NT_VERSION_5 | NETLOGON_NT_VERSION_5EX */
	static const char version[] = {6, 0, 0, 0};
	BerElement *request = ber_alloc_t(LBER_USE_DER);

	if (request && ber_printf(request, "{it{seeiibt{t{ss}t{so}}{s}}}", MESSAGE_ID,
				  (ber_tag_t)LDAP_REQ_SEARCH, "", LDAP_SCOPE_BASE, LDAP_DEREF_NEVER,
				  0, 0, 0, (ber_tag_t)FILTER_AND, (ber_tag_t)FILTER_EQUALITY,
				  "DnsDomain", domain, (ber_tag_t)FILTER_EQUALITY, "NtVer", version,
				  (ber_len_t)sizeof version, "netlogon") >= 0)
		return request;
	ber_free(request, 1);
	return NULL;
}

bool dc_ping_decode(const char *bytes, size_t size, const char *domain,
		    struct netlogon_answer *answer)
{
	struct berval dn, name, value;
	struct berval message = {.bv_val = (char *)(uintptr_t)bytes, .bv_len = (ber_len_t)size};
	ber_tag_t operation = LBER_ERROR;
	BerElement *reader = size ? ber_init(&message) : NULL; /* liblber reads the first byte */
	ber_int_t id;
	bool taken;

	if (!reader)
		return false;
	taken = ber_scanf(reader, "{it{m{{m[m", &id, &operation, &dn, &name, &value) !=
			LBER_ERROR &&
		id == MESSAGE_ID && operation == LDAP_RES_SEARCH_ENTRY &&
		netlogon_parse((const uint8_t *)value.bv_val, (size_t)value.bv_len, answer) &&
		text_equal(answer->domain, domain);
	ber_free(reader, 1);
	return taken;
}

static bool take_answer(int fd, const char *domain, struct netlogon_answer *answer)
{
	char bytes[ANSWER_SIZE];
	ssize_t size = recv(fd, bytes, sizeof bytes, 0);

	return size > 0 && dc_ping_decode(bytes, (size_t)size, domain, answer);
}

static bool is_any_open(const struct pollfd *sockets, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		if (sockets[i].fd >= 0)
			return true;
	}
	return false;
}

/* Waits for the first good answer until that time, as long as one can come. */
static bool wait_answer(struct pollfd *sockets, size_t count, const char *domain, uint64_t end_us,
			struct netlogon_answer *answer)
{
	while (is_any_open(sockets, count)) {
		int left_ms = wait_left_ms(end_us);
		int ready;

		if (!left_ms)
			return false;
		ready = poll(sockets, (nfds_t)count, left_ms);
		if (ready < 0 && errno != EINTR)
			return false;
		for (size_t i = 0; ready > 0 && i < count; i++) {
			if (!sockets[i].revents)
				continue;
			if (take_answer(sockets[i].fd, domain, answer))
				return true;
			/* refused or nonsense: the others may still answer */
			(void)close(sockets[i].fd);
			sockets[i].fd = -1;
		}
	}
	return false;
}

/* One controller is enough, as a rule, and its name alone is looked up then: the next one is
 * asked only where no answer comes soon. */
static bool ask_hosts(const char *const *hosts, size_t count, int family, const char *domain,
		      const struct berval *request, uint64_t end_us, struct netlogon_answer *answer)
{
	struct pollfd sockets[HOSTS_MAX];
	size_t open_count = 0;
	bool answered = false;

	for (size_t i = 0; !answered && i < count && i < HOSTS_MAX; i++) {
		uint64_t soon_us = wait_end_us(HEAD_START_MS);
		bool last = i + 1 == count || i + 1 == HOSTS_MAX;
		int fd;

		/* looking a name up may take longer than all of it may */
		if (i && !wait_left_ms(end_us))
			break;
		fd = open_socket(hosts[i], family);
		if (fd >= 0) {
			(void)send(fd, request->bv_val, (size_t)request->bv_len, 0);
			sockets[open_count++] = (struct pollfd){.fd = fd, .events = POLLIN};
		}
		answered = wait_answer(sockets, open_count, domain,
				       last || soon_us > end_us ? end_us : soon_us, answer);
	}
	for (size_t i = 0; i < open_count; i++) {
		if (sockets[i].fd >= 0)
			(void)close(sockets[i].fd);
	}
	return answered;
}

bool dc_ping(const char *const *hosts, size_t count, int family, const char *domain, int limit_ms,
	     struct netlogon_answer *answer)
{
	uint64_t end_us = wait_end_us(limit_ms);
	BerElement *request = make_request(domain);
	struct berval message = {0};
	bool answered;

	if (!request)
		return false;
	(void)ber_flatten2(request, &message, 0);
	answered = ask_hosts(hosts, count, family, domain, &message, end_us, answer);
	ber_free(request, 1);
	return answered;
}
