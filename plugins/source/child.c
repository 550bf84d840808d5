/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/child.h"

#include "source/wait.h"
#include "source/watchdog.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

_Noreturn static void be_child(child_life *life, void *data, int to, pid_t parent)
{
	watchdog_leave();
	/* it ends with the parent, whatever ends that */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
	life(data, to);
	_exit(0);
}

bool child_start(struct child *child, child_life *life, void *data)
{
	pid_t parent = getpid();
	int ends[2];
	sigset_t all, before;
	int cause;

	*child = (struct child){0};
	if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	/* a signal to both must find the handlers gone in the child */
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	child->pid = fork();
	if (!child->pid) {
		(void)close(ends[0]);
		be_child(life, data, ends[1], parent);
	}
	cause = errno;
	(void)sigprocmask(SIG_SETMASK, &before, NULL);
	(void)close(ends[1]);
	child->from = ends[0];
	if (child->pid > 0)
		return true;
	(void)close(ends[0]);
	*child = (struct child){0};
	errno = cause;
	return false;
}

void child_tell(int to, const void *bytes, size_t size)
{
	const char *at = bytes;

	while (size) {
		ssize_t sent = send(to, at, size, MSG_NOSIGNAL);

		if (sent < 0 && errno == EINTR)
			continue;
		if (sent < 0)
			_exit(1);
		at += sent;
		size -= (size_t)sent;
	}
}

enum child_word child_hear(const struct child *child, void *bytes, size_t size, uint64_t end_us)
{
	char *at = bytes;

	while (size) {
		int ready = wait_for(child->from, POLLIN, end_us);
		ssize_t heard;

		if (!ready)
			return CHILD_LATE;
		heard = ready < 0 ? 0 : recv(child->from, at, size, 0);
		if (heard < 0 && errno == EINTR)
			continue;
		if (heard <= 0)
			return CHILD_ENDED;
		at += heard;
		size -= (size_t)heard;
	}
	return CHILD_TOLD;
}

void child_end(struct child *child)
{
	if (!child->pid)
		return;
	(void)kill(child->pid, SIGKILL);
	(void)close(child->from);
	while (waitpid(child->pid, NULL, 0) < 0 && errno == EINTR)
		;
	*child = (struct child){0};
}
