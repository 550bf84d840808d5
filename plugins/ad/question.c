/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "ad/question.h"

bool entry_question_is_empty(const struct entry_question *question)
{
	return !question->dns.count && !question->sids.count && !question->groups.count &&
	       !question->primary_groups.count && !question->spns.count;
}

bool question_is_empty(const struct question *question)
{
	return !question->hyperv && !question->domain && !question->host_names.count &&
	       !question->account_names.count && entry_question_is_empty(&question->own) &&
	       entry_question_is_empty(&question->others);
}
