/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_socket.h"

#include "source/wait.h"
#include "source/watchdog.h"

#include <errno.h>
#include <fcntl.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

/* The reasons of the addresses that failed so far, "192.0.2.1: Connection refused, ...". */
struct reasons {
	char text[512];
	size_t length;
	enum error_kind kind;
};

static void add_reason(struct reasons *reasons, const char *address, const char *reason)
{
	size_t room = sizeof reasons->text - reasons->length;
	int written = snprintf(reasons->text + reasons->length, room, "%s%s: %s",
			       reasons->length ? ", " : "", address, reason);

	if (written > 0)
		reasons->length += (size_t)written < room ? (size_t)written : room - 1;
}

/* Waits until a connect that was begun ends; 0 or its errno. */
static int finish_connect(int fd, int limit_ms)
{
	int ready = wait_for(fd, POLLOUT, wait_end_us(limit_ms));
	int cause = 0;
	socklen_t size = sizeof cause;

	if (!ready)
		return ETIMEDOUT;
	if (ready < 0 || getsockopt(fd, SOL_SOCKET, SO_ERROR, &cause, &size) < 0)
		return errno;
	return cause;
}

/* Connects to one address; 0 and *fd, or errno. */
static int connect_address(const struct addrinfo *address, int limit_ms, int *fd)
{
	int cause = 0;
	int flags;
	int on = 1;

	*fd = socket(address->ai_family, address->ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC,
		     address->ai_protocol);
	if (*fd < 0)
		return errno;
	if (connect(*fd, address->ai_addr, address->ai_addrlen) < 0)
		cause = errno == EINPROGRESS ? finish_connect(*fd, limit_ms) : errno;
	flags = fcntl(*fd, F_GETFL);
	if (!cause && (flags < 0 || fcntl(*fd, F_SETFL, flags & ~O_NONBLOCK) < 0))
		cause = errno;
	if (cause) {
		(void)close(*fd);
		return cause;
	}
	/* small requests in a row must not wait for each other's acknowledgement */
	(void)setsockopt(*fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
	return 0;
}

static bool connect_first(const char *host, unsigned port, const struct addrinfo *addresses,
			  int limit_ms, struct ldap_socket *socket, struct error *error)
{
	struct reasons reasons = {.kind = ERROR_TIMEOUT};
	int count = 0;

	for (const struct addrinfo *at = addresses; at; at = at->ai_next)
		count++;
	for (const struct addrinfo *at = addresses; at; at = at->ai_next) {
		int cause;

		if (getnameinfo(at->ai_addr, at->ai_addrlen, socket->address,
				sizeof socket->address, NULL, 0, NI_NUMERICHOST) != 0)
			(void)snprintf(socket->address, sizeof socket->address, "%s", host);
		watchdog_waiting_for("the connection to %s (%s), port %u", host, socket->address,
				     port);
		cause = connect_address(at, limit_ms / count + 1, &socket->fd);
		if (!cause)
			return true;
		add_reason(&reasons, socket->address, strerror(cause));
		if (cause != ETIMEDOUT)
			reasons.kind = ERROR_CONNECT;
	}
	return error_set(error, reasons.kind, "no connection to port %u (%s)", port, reasons.text);
}

bool ldap_socket_connect(const char *host, unsigned port, int family, int limit_ms,
			 struct ldap_socket *socket, struct error *error)
{
	struct addrinfo hints = {
		.ai_family = family,
		.ai_socktype = SOCK_STREAM,
		.ai_flags = AI_ADDRCONFIG | AI_NUMERICSERV,
	};
	struct addrinfo *addresses = NULL;
	char service[16];
	bool connected;
	int cause;

	(void)snprintf(service, sizeof service, "%u", port);
	watchdog_waiting_for("the address of %s", host);
	cause = getaddrinfo(host, service, &hints, &addresses);
	if (cause != 0)
		return error_set(error, ERROR_CONNECT, "its address can not be found: %s",
				 cause == EAI_SYSTEM ? strerror(errno) : gai_strerror(cause));
	connected = connect_first(host, port, addresses, limit_ms, socket, error);
	freeaddrinfo(addresses);
	return connected;
}
