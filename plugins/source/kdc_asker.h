/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Puts one question after the other to the KDC, with the one ticket that the login got;
 * blocks for as long as libkrb5 likes. Tickets that come back are looked at and thrown away.
 */
#ifndef SOURCE_KDC_ASKER_H
#define SOURCE_KDC_ASKER_H

#include "base/error.h"
#include "model/kdc_answers.h"

struct kdc_asker;

/* Takes the login's ticket, and no other one, from the default credential cache, so that
 * no answer comes from a cache. Owner: context. */
struct kdc_asker *kdc_asker_new(const void *context, struct error *error);

/* Asks: fills the question's outcome and what belongs to it. Owner of words: asker. */
void kdc_asker_ask(struct kdc_asker *asker, struct kdc_question *question);

#endif
