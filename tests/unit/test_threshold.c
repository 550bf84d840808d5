/* SPDX-License-Identifier: GPL-3.0-or-later */
/* Threshold ranges: the whole grammar of the guidelines, the edges of each form, and what
 * perfdata shows of it. */
#include "policy/threshold.h"

#include "unit.h"

static void test_ranges(void **state)
{
	static const struct {
		const char *text;
		double values[5]; /* alerting or not, as in alerts; the rest is not looked at */
		const char *alerts, *perfdata;
	} cases[] = {
		{"10", {0, 10, 10.001, 11, 1e9}, "..!!!", "10"},
		{"0", {0, 0.001, 1, 2, 3}, ".!!!!", "0"},
		{"10:", {0, 9.999, 10, 11, 1e9}, "!!...", "10:"},
		{"~:10", {0, 10, 10.001, 11, 12}, "..!!!", "10"},
		{"10:20", {9.999, 10, 15, 20, 20.001}, "!...!", "10:20"},
		{"@10:20", {9.999, 10, 15, 20, 20.001}, ".!!!.", "@10:20"},
		{"@10", {0, 5, 10, 10.001, 11}, "!!!..", "@10"},
		{"@~:10", {0, 5, 10, 10.001, 11}, "!!!..", "@~:10"},
		{"@10:", {0, 9.999, 10, 11, 12}, "..!!!", "@10:"},
		{"@~:", {0, 1, 2, 3, 4}, "!!!!!", "@~:"},
		{":10", {0, 10, 10.001, 11, 12}, "..!!!", "10"},
		{"0:10", {0, 10, 10.001, 11, 12}, "..!!!", "10"},
		{"0:", {0, 1, 2, 3, 1e300}, ".....", "0:"},
		{"~:", {0, 1, 2, 3, 1e300}, ".....", "~:"},
		{"-5:10", {0, 10, 10.001, 11, 12}, "..!!!", "10"},
		{"-10:-5", {0, 1, 2, 3, 4}, "!!!!!", "-10:-5"},
		{"~:-5", {0, 1, 2, 3, 4}, "!!!!!", "~:-5"},
		{"1.5", {1.4, 1.5, 1.6, 2, 3}, "..!!!", "1.5"},
		{"0.5:1.5", {0.4, 0.5, 1, 1.5, 1.6}, "!...!", "0.5:1.5"},
		{".5:", {0.4, 0.5, 1, 2, 3}, "!....", ".5:"},
		{"5:5", {4, 5, 6, 4.999, 5.001}, "!.!!!", "5:5"},
		{"@0:0", {0, 0.1, 1, 2, 3}, "!....", "@0:0"},
		{"1:1000000000000", {0, 1, 2, 1e12, 1e13}, "!...!", "1:1000000000000"},
	};

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct range range;

		unit_check(range_parse(cases[i].text, &range), "%s", cases[i].text);
		unit_check(range.given, "%s", cases[i].text);
		for (size_t k = 0; k < COUNT_OF(cases[i].values); k++)
			unit_check(range_alerts(&range, cases[i].values[k]) ==
					   (cases[i].alerts[k] == '!'),
				   "%s at %f", cases[i].text, cases[i].values[k]);
		assert_string_equal(range_perfdata(&range), cases[i].perfdata);
	}
}

/* The words for a value that is alerted about. */
static void test_words(void **state)
{
	static const struct {
		const char *text;
		double value;
		const char *words;
	} cases[] = {
		{"10", 11, "above 10"},       {"~:0.5", 1, "above 0.5"},
		{"2:", 1, "below 2"},         {"2:3", 1, "below 2"},
		{"2:3", 4, "above 3"},        {":3", 4, "above 3"},
		{"@2:3", 2, "within 2 to 3"}, {"@3", 0, "within 0 to 3"},
		{"@:3", 0, "within 0 to 3"},  {"@2:", 7, "not below 2"},
		{"@~:3", 1, "not above 3"},   {"@~:", 1, "any number"},
		{"-10:-5", 0, "above -5"},    {".5:", 0, "below .5"},
	};

	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct range range;

		assert_true(range_parse(cases[i].text, &range));
		assert_true(range_alerts(&range, cases[i].value));
		assert_string_equal(range_words(*state, &range, cases[i].value), cases[i].words);
	}
}

static void test_above_zero(void **state)
{
	static const char *const yes[] = {"0", "~:0", "0:0", ":0", "-3:0"};
	static const char *const no[] = {"1", "@0", "0:", "1:", "@0:0", "~:-1"};
	struct range range = {0};

	(void)state;
	assert_false(range_is_above_zero(&range));
	for (size_t i = 0; i < COUNT_OF(yes); i++)
		unit_check(range_parse(yes[i], &range) && range_is_above_zero(&range), "%s",
			   yes[i]);
	for (size_t i = 0; i < COUNT_OF(no); i++)
		unit_check(range_parse(no[i], &range) && !range_is_above_zero(&range), "%s", no[i]);
}

static void test_refused(void **state)
{
	static const char *const texts[] = {
		"",      ":",     "@",     "@:",    "~",        "@~",     "~10", "~10:", "10:~",
		"10:~:", "20:10", "-5",    "@-5",   "10:20:30", "10::20", "a",   "10a",  "a10",
		"10:a",  "a:10",  " 10",   "10 ",   "1 0",      "+5",     "1e3", "0x10", "inf",
		"nan",   "inf:",  "0:inf", "1.2.3", ".",        "-",      "-.",  "--5",  "1,5",
		"10@",   "@@10",  "10%",   "10:-5", "5:4.999"};
	struct range range;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(texts); i++)
		unit_check(!range_parse(texts[i], &range), "'%s'", texts[i]);
}

static void test_none(void **state)
{
	struct range range = {0};

	(void)state;
	assert_false(range_alerts(&range, 0));
	assert_false(range_alerts(&range, 1e9));
	assert_string_equal(range_perfdata(&range), "");
}

static void test_too_large(void **state)
{
	char text[400];
	struct range range;

	(void)state;
	memset(text, '9', sizeof text - 1);
	text[sizeof text - 1] = '\0';
	assert_false(range_parse(text, &range));
}

UNIT_MAIN(UNIT_TEST(test_ranges), UNIT_TEST(test_refused), UNIT_TEST(test_none),
	  UNIT_TEST(test_words), UNIT_TEST(test_above_zero), UNIT_TEST(test_too_large))
