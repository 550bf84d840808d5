/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_patience.h"

#include "source/wait.h"

#include <errno.h>
#include <poll.h>

/* Between liblber's socket (10) and TLS (20). */
enum { LEVEL = (LBER_SBIOD_LEVEL_PROVIDER + LBER_SBIOD_LEVEL_TRANSPORT) / 2 };

enum { MESSAGE_MAX = 256 << 20 };

/* Waits until the socket is ready; false, and errno that no layer takes for "ask again",
 * when patience has ended. */
static bool wait_ready(struct ldap_patience *patience, short events)
{
	int ready = wait_for(patience->fd, events, patience->end_us);

	if (!ready) {
		patience->ended = true;
		errno = ETIMEDOUT;
	}
	return ready > 0;
}

static int layer_setup(Sockbuf_IO_Desc *layer, void *patience)
{
	layer->sbiod_pvt = patience;
	return 0;
}

static int layer_remove(Sockbuf_IO_Desc *layer)
{
	(void)layer;
	return 0;
}

static int layer_control(Sockbuf_IO_Desc *layer, int option, void *value)
{
	return LBER_SBIOD_CTRL_NEXT(layer, option, value);
}

static ber_slen_t layer_read(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t size)
{
	return wait_ready(layer->sbiod_pvt, POLLIN) ? LBER_SBIOD_READ_NEXT(layer, bytes, size) : -1;
}

static ber_slen_t layer_write(Sockbuf_IO_Desc *layer, void *bytes, ber_len_t size)
{
	return wait_ready(layer->sbiod_pvt, POLLOUT) ? LBER_SBIOD_WRITE_NEXT(layer, bytes, size)
						     : -1;
}

bool ldap_patience_install(LDAP *ld, struct ldap_patience *patience)
{
	/* liblber keeps the address, and never writes there */
	static const Sockbuf_IO layer = {
		.sbi_setup = layer_setup,
		.sbi_remove = layer_remove,
		.sbi_ctrl = layer_control,
		.sbi_read = layer_read,
		.sbi_write = layer_write,
		.sbi_close = layer_remove,
	};
	/* liblber makes room for all of a message that is announced: a million members need less */
	ber_len_t most = MESSAGE_MAX;
	Sockbuf *sockbuf = NULL;

	return ldap_get_option(ld, LDAP_OPT_SOCKBUF, &sockbuf) == LDAP_OPT_SUCCESS && sockbuf &&
	       ber_sockbuf_ctrl(sockbuf, LBER_SB_OPT_SET_MAX_INCOMING, &most) == 1 &&
	       ber_sockbuf_add_io(sockbuf, (Sockbuf_IO *)(uintptr_t)&layer, LEVEL, patience) == 0;
}

void ldap_patience_begin(struct ldap_patience *patience, int limit_ms)
{
	patience->end_us = wait_end_us(limit_ms);
	patience->ended = false;
}
