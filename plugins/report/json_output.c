/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "report/json_output.h"

#include "base/memory.h"
#include "base/text.h"
#include "policy/baseline.h"
#include "report/fix_commands.h"
#include "report/summary.h"

#include <jansson.h>
#include <stdlib.h>

/* A string, in which every byte that is not UTF-8 becomes U+FFFD; null for NULL. */
static json_t *text_json(const char *text)
{
	char *clean;
	json_t *json;

	if (!text)
		return memory_check(json_null());
	clean = text_utf8(NULL, text);
	json = memory_check(json_string(clean));
	talloc_free(clean);
	return json;
}

static json_t *truth_json(enum truth truth)
{
	return truth == TRUTH_UNKNOWN ? json_null() : json_boolean(truth == TRUTH_YES);
}

static json_t *sid_json(bool known, const struct sid *sid)
{
	char text[SID_TEXT_SIZE];

	return text_json(known ? sid_format(sid, text) : NULL);
}

/* Stores value, whose reference it takes, and gives up where there is no memory. */
static void set(json_t *object, const char *name, json_t *value)
{
	if (json_object_set_new(object, name, value) != 0)
		out_of_memory();
}

static void append(json_t *array, json_t *value)
{
	if (json_array_append_new(array, value) != 0)
		out_of_memory();
}

static json_t *new_object(void)
{
	return memory_check(json_object());
}

static json_t *new_array(void)
{
	return memory_check(json_array());
}

static json_t *text_list_json(const struct text_list *list)
{
	json_t *array = new_array();

	for (size_t i = 0; i < list->count; i++)
		append(array, text_json(list->items[i]));
	return array;
}

static json_t *origin_json(const struct report *report)
{
	const struct snapshot *snapshot = report->verdict->snapshot;
	const struct domain *domain = snapshot->domain;
	const struct directory *directory = snapshot->directory;
	json_t *origin = new_object();
	json_t *sources = new_array();

	for (size_t i = 0; i < directory->source_count; i++)
		append(sources, text_json(directory->sources[i]));
	set(origin, "kind", text_json(directory->kind == DIRECTORY_LDAP ? "ldap" : "ldif"));
	set(origin, "source", sources);
	set(origin, "domain", text_json(*domain->name ? domain->name : NULL));
	set(origin, "domain_sid", sid_json(domain->has_sid, &domain->sid));
	set(origin, "dc_functional_level",
	    domain->dc_level_read ? json_integer(domain->functional_level) : json_null());
	set(origin, "read_at", text_json(report->read_at));
	set(origin, "complete", json_boolean(report_is_whole(report->verdict)));
	return origin;
}

/* Null where they can not be known. */
static json_t *trustees_json(const struct host *host)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct text_list sids = host_rbcd_sids(scratch, host);
	json_t *json = host->rbcd_readable ? text_list_json(&sids) : json_null();

	talloc_free(scratch);
	return json;
}

static json_t *groups_json(const struct verdict *verdict, const struct host *host)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct text_list names = host_groups_names(scratch, verdict->groups, host);
	json_t *array = text_list_json(&names);

	talloc_free(scratch);
	return array;
}

static json_t *host_json(const struct verdict *verdict, const struct host *host)
{
	json_t *json = new_object();

	set(json, "name", text_json(host->name));
	set(json, "dn", text_json(host->account.entry->dn));
	set(json, "sid", sid_json(host->account.has_sid, &host->account.sid));
	set(json, "enabled", truth_json(host->account.enabled));
	set(json, "dns_name", text_json(host->dns_name));
	set(json, "operating_system", text_json(host->operating_system));
	set(json, "build", host->build == BUILD_UNKNOWN ? json_null() : json_integer(host->build));
	set(json, "unconstrained", truth_json(host->unconstrained));
	set(json, "protocol_transition", truth_json(host->protocol_transition));
	set(json, "targets", text_list_json(&host->targets));
	set(json, "rbcd_trustees", trustees_json(host));
	set(json, "groups", groups_json(verdict, host));
	set(json, "services", text_list_json(&host->services));
	return json;
}

static json_t *hosts_json(const struct verdict *verdict)
{
	const struct snapshot *snapshot = verdict->snapshot;
	json_t *array = new_array();

	for (size_t i = 0; i < snapshot->hosts.count; i++) {
		if (snapshot->hosts.items[i].judged)
			append(array, host_json(verdict, &snapshot->hosts.items[i]));
	}
	return array;
}

static json_t *pairs_json(const struct pair_list *pairs)
{
	json_t *array = new_array();

	for (size_t i = 0; i < pairs->count; i++) {
		const struct pair *pair = &pairs->items[i];
		json_t *json = new_object();

		set(json, "group", text_json(pair->group));
		set(json, "source", text_json(pair->source->name));
		set(json, "destination", text_json(pair->destination->name));
		set(json, "ready", json_boolean(pair->readiness.ready == TRUTH_YES));
		set(json, "by", text_json(delegation_way_name(pair->readiness.by)));
		append(array, json);
	}
	return array;
}

static json_t *admin_json(const struct admin *admin)
{
	json_t *json = new_object();

	set(json, "name", text_json(admin->name));
	set(json, "dn", text_json(admin->dn));
	set(json, "sid", sid_json(admin->has_sid, &admin->sid));
	set(json, "enabled", truth_json(admin->enabled));
	set(json, "via", text_list_json(&admin->via));
	set(json, "not_delegated", truth_json(admin->not_delegated));
	set(json, "protected_users", truth_json(admin->protected_users));
	set(json, "exempt", json_boolean(admin->exempt));
	set(json, "protected", truth_json(admin->protected));
	return json;
}

static json_t *admins_json(const struct snapshot *snapshot)
{
	json_t *array = new_array();

	for (size_t i = 0; i < snapshot->admins.count; i++)
		append(array, admin_json(&snapshot->admins.items[i]));
	return array;
}

static json_t *change_json(const struct finding_change *change)
{
	json_t *json = new_object();

	set(json, "at", text_json(change->at));
	set(json, "on", text_json(change->on));
	set(json, "version", json_integer(change->version));
	return json;
}

static json_t *fix_json(const struct verdict *verdict, const struct finding *finding)
{
	void *scratch = memory_check(talloc_new(NULL));
	struct text_list commands = fix_commands(scratch, verdict, finding);
	json_t *array = text_list_json(&commands);

	talloc_free(scratch);
	return array;
}

static json_t *findings_json(const struct report *report)
{
	const struct finding_list *findings = &report->verdict->findings;
	json_t *array = new_array();

	for (size_t i = 0; i < findings->count; i++) {
		const struct finding *finding = &findings->items[i];
		json_t *json = new_object();

		set(json, "rule", text_json(rule_name(finding->rule)));
		set(json, "state", text_json(service_state_name(finding->state)));
		set(json, "subject", text_json(finding->subject));
		set(json, "object", text_json(finding->object));
		set(json, "detail", text_json(finding->detail));
		if (report->with_fix)
			set(json, "fix", fix_json(report->verdict, finding));
		if (finding->changed.known)
			set(json, "changed", change_json(&finding->changed));
		append(array, json);
	}
	return array;
}

static json_t *metric_json(const struct verdict *verdict, enum metric metric)
{
	const struct metric_thresholds *thresholds = &verdict->policy->thresholds[metric];
	const struct metric_value *value = &verdict->metrics[metric];
	json_t *json = new_object();

	set(json, "label", text_json(metric_label(metric)));
	set(json, "value",
	    metric == METRIC_TIME ? json_real(value->value)
				  : json_integer((json_int_t)value->value));
	if (*metric_unit(metric))
		set(json, "uom", text_json(metric_unit(metric)));
	if (thresholds->warning.given)
		set(json, "warn", text_json(range_perfdata(&thresholds->warning)));
	if (thresholds->critical.given)
		set(json, "crit", text_json(range_perfdata(&thresholds->critical)));
	set(json, "min", json_integer(0));
	if (value->has_max)
		set(json, "max", json_integer((json_int_t)value->max));
	return json;
}

static json_t *perfdata_json(const struct verdict *verdict)
{
	json_t *array = new_array();

	for (size_t i = 0; i < METRIC_COUNT; i++) {
		if (report_shows(verdict, (enum metric)i))
			append(array, metric_json(verdict, (enum metric)i));
	}
	return array;
}

char *json_output(const void *context, const struct report *report)
{
	const struct verdict *verdict = report->verdict;
	char *summary = summary_text(NULL, verdict, SUMMARY_MAX);
	json_t *json = new_object();
	char *dump, *text;

	set(json, "schema", json_integer(REPORT_SCHEMA));
	set(json, "version", text_json(report->version));
	set(json, "origin", origin_json(report));
	set(json, "state", text_json(service_state_name(verdict->state)));
	set(json, "summary", text_json(summary));
	set(json, "hosts", hosts_json(verdict));
	set(json, "pairs", pairs_json(&verdict->pairs));
	set(json, "admins", admins_json(verdict->snapshot));
	set(json, "findings", findings_json(report));
	set(json, "perfdata", perfdata_json(verdict));
	dump = memory_check(json_dumps(json, JSON_INDENT(2) | JSON_REAL_PRECISION(6)));
	text = memory_format(context, "%s\n", dump);
	free(dump);
	json_decref(json);
	talloc_free(summary);
	return text;
}
