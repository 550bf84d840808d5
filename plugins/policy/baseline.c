/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "policy/baseline.h"

#include "ad/dn.h"
#include "base/memory.h"

#include <jansson.h>
#include <stdlib.h>
#include <string.h>

/* Where in the report the reading is, for errors: "hosts[3]". */
struct place {
	const void *context;
	const json_t *object;
	const char *list;
	size_t index;
	struct error *error;
};

/* The value of a field, which has to be there. */
static const json_t *get(const struct place *place, const char *name)
{
	const json_t *value = json_object_get(place->object, name);

	if (!value)
		(void)error_set(place->error, ERROR_INPUT, "%s[%zu] has no \"%s\"", place->list,
				place->index, name);
	return value;
}

static bool wrong(const struct place *place, const char *name, const char *expected)
{
	return error_set(place->error, ERROR_INPUT, "\"%s\" of %s[%zu] is not %s", name,
			 place->list, place->index, expected);
}

/* A text; one that may be null is NULL then. */
static bool read_text(const struct place *place, const char *name, bool nullable, const char **text)
{
	const json_t *value = get(place, name);

	if (!value)
		return false;
	if (nullable && json_is_null(value)) {
		*text = NULL;
		return true;
	}
	if (!json_is_string(value))
		return wrong(place, name, nullable ? "a string or null" : "a string");
	*text = memory_text(place->context, json_string_value(value));
	return true;
}

static bool read_sid(const struct place *place, struct facts *facts)
{
	const char *text = NULL;

	if (!read_text(place, "sid", true, &text))
		return false;
	facts->has_sid = text;
	return !text || sid_parse_text(text, &facts->sid) || wrong(place, "sid", "a SID");
}

static bool read_truth(const struct place *place, const char *name, enum truth *truth)
{
	const json_t *value = get(place, name);

	if (!value)
		return false;
	if (!json_is_boolean(value) && !json_is_null(value))
		return wrong(place, name, "true, false or null");
	*truth = json_is_null(value) ? TRUTH_UNKNOWN : truth_of(json_is_true(value));
	return true;
}

static bool read_list(const struct place *place, enum fact fact, struct facts *facts)
{
	const json_t *array = get(place, fact_name(fact));

	if (!array)
		return false;
	if (fact == FACT_RBCD_TRUSTEES && json_is_null(array))
		return true;
	if (!json_is_array(array))
		return wrong(place, fact_name(fact), "a list");
	for (size_t i = 0; i < json_array_size(array); i++) {
		const char *item = json_string_value(json_array_get(array, i));

		if (!item)
			return wrong(place, fact_name(fact), "a list of strings");
		text_list_add(place->context, &facts->lists[fact],
			      memory_text(place->context, item));
	}
	text_list_sort(&facts->lists[fact]);
	facts->list_known[fact] = true;
	return true;
}

static bool read_facts(const struct place *place, enum facts_kind kind, struct facts *facts)
{
	*facts = (struct facts){0};
	if (!json_is_object(place->object))
		return error_set(place->error, ERROR_INPUT, "%s[%zu] is no account", place->list,
				 place->index);
	if (!read_text(place, "name", false, &facts->name) ||
	    !read_text(place, "dn", false, &facts->dn) || !read_sid(place, facts))
		return false;
	facts->key = dn_key(place->context, facts->dn);
	if (kind == FACTS_OF_HOST) {
		if (!read_text(place, "dns_name", true, &facts->dns_name))
			return false;
	} else {
		enum truth exempt = TRUTH_UNKNOWN;

		if (!read_truth(place, "exempt", &exempt))
			return false;
		facts->exempt = exempt == TRUTH_YES;
	}
	for (int i = 0; i < FACT_COUNT; i++) {
		enum fact fact = (enum fact)i;

		if (fact_applies(fact, kind) &&
		    !(fact_is_list(fact)
			      ? read_list(place, fact, facts)
			      : read_truth(place, fact_name(fact), &facts->truths[fact])))
			return false;
	}
	return true;
}

/* The accounts of one half of the report. */
static bool read_accounts(struct baseline *baseline, const json_t *report, const char *name,
			  enum facts_kind kind, struct facts_list *list, struct error *error)
{
	const json_t *array = json_object_get(report, name);

	if (!json_is_array(array))
		return error_set(error, ERROR_INPUT, "the list \"%s\" is missing", name);
	for (size_t i = 0; i < json_array_size(array); i++) {
		struct place place = {baseline, json_array_get(array, i), name, i, error};

		if (!read_facts(&place, kind, memory_add(baseline, list->items, list->count)))
			return false;
	}
	return true;
}

/* Which halves were judged: their counts are among the perfdata, even where it is 0. */
static bool read_halves(struct baseline *baseline, const json_t *report, struct error *error)
{
	const json_t *perfdata = json_object_get(report, "perfdata");

	if (!json_is_array(perfdata))
		return error_set(error, ERROR_INPUT, "the list \"perfdata\" is missing");
	for (size_t i = 0; i < json_array_size(perfdata); i++) {
		const char *label =
			json_string_value(json_object_get(json_array_get(perfdata, i), "label"));

		if (label && !strcmp(label, "hosts"))
			baseline->has_half[FACTS_OF_HOST] = true;
		if (label && !strcmp(label, "admins"))
			baseline->has_half[FACTS_OF_ADMIN] = true;
	}
	return true;
}

/* What the report says of itself: that it is one, of this schema, whole, of which domain. */
static bool read_origin(struct baseline *baseline, const json_t *report, struct error *error)
{
	const json_t *schema = json_object_get(report, "schema");
	const json_t *origin = json_object_get(report, "origin");
	const json_t *complete = json_object_get(origin, "complete");
	const char *domain = json_string_value(json_object_get(origin, "domain"));
	const char *sid = json_string_value(json_object_get(origin, "domain_sid"));

	if (!json_is_integer(schema) || !json_is_object(origin))
		return error_set(error, ERROR_INPUT,
				 "it is JSON, but no report of check_hyperv_delegation");
	if (json_integer_value(schema) != REPORT_SCHEMA)
		return error_set(error, ERROR_INPUT,
				 "it is a report of schema %lld, and this version reads schema %d: "
				 "make a new baseline",
				 (long long)json_integer_value(schema), REPORT_SCHEMA);
	if (!json_is_true(complete))
		return error_set(error, ERROR_INPUT,
				 "it was made of a directory that was not read whole");
	baseline->domain = domain ? memory_text(baseline, domain) : NULL;
	baseline->has_sid = sid;
	return !sid || sid_parse_text(sid, &baseline->domain_sid) ||
	       error_set(error, ERROR_INPUT, "its \"domain_sid\" is no SID");
}

/* jansson 2.14 reads on without a character that it found no memory for, or damages the heap
 * then: it must never learn that there is none. */
static void *allocate(size_t size)
{
	return memory_check(malloc(size));
}

static json_t *load(const char *text, size_t size, struct error *error)
{
	json_error_t cause;
	json_t *report;

	if (strspn(text, " \t\r\n") == size) {
		(void)error_set(error, ERROR_INPUT, "it is empty");
		return NULL;
	}
	json_set_alloc_funcs(allocate, free);
	report = json_loadb(text, size, JSON_REJECT_DUPLICATES, &cause);
	if (!report && json_error_code(&cause) == json_error_out_of_memory)
		out_of_memory();
	if (!report && json_error_code(&cause) == json_error_premature_end_of_input)
		(void)error_set(error, ERROR_INPUT, "it is cut short: it ends in line %d",
				cause.line);
	else if (!report)
		(void)error_set(error, ERROR_INPUT, "it is not JSON: line %d, column %d: %s",
				cause.line, cause.column, cause.text);
	return report;
}

struct baseline *baseline_parse(const void *context, const char *text, size_t size,
				struct error *error)
{
	struct baseline *baseline;
	json_t *report = load(text, size, error);
	bool read;

	if (!report)
		return NULL;
	baseline = memory_new(context, struct baseline);
	read = read_origin(baseline, report, error) && read_halves(baseline, report, error) &&
	       read_accounts(baseline, report, "hosts", FACTS_OF_HOST, &baseline->hosts, error) &&
	       read_accounts(baseline, report, "admins", FACTS_OF_ADMIN, &baseline->admins, error);
	json_decref(report);
	if (read)
		return baseline;
	talloc_free(baseline);
	return NULL;
}

static bool same_domain(const struct baseline *baseline, const struct domain *domain,
			struct error *error)
{
	bool sids = baseline->has_sid && domain->has_sid;
	bool names = baseline->domain && *domain->name;
	bool same_name = names && text_equal(baseline->domain, domain->name);
	char text[SID_TEXT_SIZE];

	if (sids ? sid_equal(&baseline->domain_sid, &domain->sid) : same_name)
		return true;
	if (names && !same_name)
		return error_set(error, ERROR_INPUT, "it is of the domain %s, not of %s",
				 baseline->domain, domain->name);
	if (sids)
		return error_set(error, ERROR_INPUT, "it is of another domain of this name (%s)",
				 sid_format(&baseline->domain_sid, text));
	return error_set(error, ERROR_INPUT,
			 "whether it is of the same domain can not be told: neither SIDs nor "
			 "names are known of both");
}

bool baseline_fits(const struct baseline *baseline, const struct domain *domain,
		   const struct selection *selection, struct error *error)
{
	if (!same_domain(baseline, domain, error))
		return false;
	if (selection->hosts && !baseline->has_half[FACTS_OF_HOST])
		return error_set(error, ERROR_INPUT,
				 "it has no hosts: it was made with --only admins");
	if (selection->admins && !baseline->has_half[FACTS_OF_ADMIN])
		return error_set(error, ERROR_INPUT,
				 "it has no admins: it was made with --only hosts");
	return true;
}
