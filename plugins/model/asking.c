/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "model/asking.h"

#include "ad/dn.h"
#include "base/memory.h"
#include "base/text.h"

#include <string.h>

/* Something that was asked for already: "dn …", "sid …", an SPN. */
struct asked {
	const char *what;
	UT_hash_handle hh;
};

static int asking_destroy(struct asking *asking)
{
	HASH_CLEAR(hh, asking->asked);
	HASH_CLEAR(hh, asking->own_spns);
	HASH_CLEAR(hh, asking->others_spns);
	return 0;
}

struct asking *asking_new(const void *context)
{
	struct asking *asking = memory_new(context, struct asking);

	talloc_set_destructor(asking, asking_destroy);
	return asking;
}

void asking_begin(struct asking *asking, struct question *question)
{
	talloc_free(asking->round);
	asking->round = memory_check(talloc_new(asking));
	asking->question = question;
	*question = (struct question){0};
}

bool asking_once(struct asking *asking, const char *kind, const char *what)
{
	char *key = memory_format(asking, "%s %s", kind, what);
	struct asked *asked;

	HASH_FIND_STR(asking->asked, key, asked);
	if (asked) {
		talloc_free(key);
		return false;
	}
	asked = memory_new(asking, struct asked);
	asked->what = talloc_steal(asked, key);
	HASH_ADD_KEYPTR(hh, asking->asked, asked->what, strlen(asked->what), asked);
	return true;
}

void asking_text(struct asking *asking, struct text_list *list, const char *kind, const char *text)
{
	if (asking_once(asking, kind, text))
		text_list_add(asking->round, list, text);
}

static bool is_own(const struct asking *asking, const struct entry_question *part)
{
	return part == &asking->question->own;
}

void asking_dn(struct asking *asking, struct entry_question *part, const char *dn)
{
	char *key = dn_key(NULL, dn);

	if (asking_once(asking, is_own(asking, part) ? "dn" : "dn elsewhere", key))
		text_list_add(asking->round, &part->dns, dn);
	talloc_free(key);
}

void asking_sid(struct asking *asking, struct entry_question *part, const struct sid *sid)
{
	char text[SID_TEXT_SIZE];

	if (asking_once(asking, is_own(asking, part) ? "sid" : "sid elsewhere",
			sid_format(sid, text)))
		sid_list_add(asking->round, &part->sids, sid);
}

void asking_primary_group(struct asking *asking, struct entry_question *part, const char *domain,
			  uint32_t rid)
{
	struct primary_group_list *list = &part->primary_groups;
	char *text = memory_format(asking, "%u %s", (unsigned)rid, domain ? domain : "");
	bool first = asking_once(asking, "primary", text);

	talloc_free(text);
	if (!first)
		return;
	*memory_add(asking->round, list->items, list->count) =
		(struct primary_group){.domain = domain, .rid = rid};
}

void asking_claims(struct asking *asking, struct entry_question *part, const struct entry *group)
{
	const struct attribute_values *members = entry_values(group, ATTRIBUTE_MEMBER);

	if ((!members || !members->count) && asking_once(asking, "claims", group->key))
		text_list_add(asking->round, &part->groups, group->dn);
}

bool asking_spn(struct asking *asking, struct entry_question *part, const char *spn)
{
	struct asked **spns = is_own(asking, part) ? &asking->own_spns : &asking->others_spns;
	struct asked *asked;

	HASH_FIND_STR(*spns, spn, asked);
	if (asked)
		return false;
	asked = memory_new(asking, struct asked);
	asked->what = memory_text(asked, spn);
	HASH_ADD_KEYPTR(hh, *spns, asked->what, strlen(asked->what), asked);
	text_list_add(asking->round, &part->spns, asked->what);
	return true;
}
