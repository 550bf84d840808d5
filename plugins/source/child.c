/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/child.h"

#include "source/watchdog.h"

#include <errno.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

/* What is true of every child. The watchdog's handlers must not answer in the parent's
 * place. */
static void become_child(pid_t parent)
{
	static const int handled[] = {SIGALRM, SIGTERM, SIGINT, SIGHUP,  SIGQUIT, SIGSEGV,
				      SIGBUS,  SIGFPE,  SIGILL, SIGABRT, SIGSYS};
	sigset_t none;

	watchdog_answering(STATE_UNKNOWN); /* nor does one out of memory */
	for (size_t i = 0; i < sizeof handled / sizeof *handled; i++)
		(void)signal(handled[i], SIG_DFL);
	(void)sigemptyset(&none);
	(void)sigprocmask(SIG_SETMASK, &none, NULL);
	/* it ends with the parent, whatever ends that */
	if (prctl(PR_SET_PDEATHSIG, SIGKILL) < 0 || getppid() != parent)
		_exit(1);
}

bool child_start(struct child *child, int socket_type, void (*life)(void *argument, int to),
		 void *argument)
{
	pid_t parent = getpid();
	sigset_t all, before;
	int ends[2];
	int cause;

	*child = (struct child){0};
	if (socketpair(AF_UNIX, socket_type | SOCK_CLOEXEC, 0, ends) < 0)
		return false;
	/* a signal to both must find the handlers gone in the child */
	(void)sigfillset(&all);
	(void)sigprocmask(SIG_BLOCK, &all, &before);
	child->pid = fork();
	cause = errno;
	if (!child->pid) {
		become_child(parent);
		(void)close(ends[0]);
		life(argument, ends[1]);
		_exit(0);
	}
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
