/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts the questions to the KDC within the deadline. libkrb5 waits for a silent KDC as long
 * as it likes, so a child process asks, and is ended when the time is up; what it had been
 * told until then is kept.
 */
#ifndef SOURCE_KDC_PROBE_H
#define SOURCE_KDC_PROBE_H

#include "model/kdc_answers.h"
#include "source/trace.h"

/*
 * Asks what is not obstructed and not beyond the limit, in the order of answers, and fills
 * the outcomes. server is the controller that the login made the first KDC. Owner of the
 * words: answers.
 */
void kdc_probe_ask(struct kdc_answers *answers, const char *server, struct trace *trace);

#endif
