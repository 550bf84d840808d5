/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/wait.h"

#include "source/trace.h"

#include <errno.h>
#include <poll.h>

uint64_t wait_end_us(int limit_ms)
{
	return trace_clock_us() + (uint64_t)limit_ms * 1000;
}

int wait_left_ms(uint64_t end_us)
{
	uint64_t now_us = trace_clock_us();

	return now_us < end_us ? (int)((end_us - now_us) / 1000) + 1 : 0;
}

int wait_for(int fd, short events, uint64_t end_us)
{
	struct pollfd poll_fd = {.fd = fd, .events = events};
	int ready;

	do
		ready = poll(&poll_fd, 1, wait_left_ms(end_us));
	while (ready < 0 && errno == EINTR);
	return ready;
}
