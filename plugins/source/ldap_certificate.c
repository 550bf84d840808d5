/* SPDX-License-Identifier: GPL-3.0-or-later */
#include "source/ldap_certificate.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

enum { DATE_SIZE = LDAP_CERTIFICATE_DATE_SIZE, TAG_UTC_TIME = 0x17, TAG_GENERAL_TIME = 0x18 };

/* Reads UTCTime "YYMMDDHHMMSSZ" or GeneralizedTime "YYYYMMDDHHMMSSZ": RFC 5280 4.1.2.5. */
static bool read_date(BerElement *ber, char date[DATE_SIZE])
{
	struct berval text = {0};
	ber_tag_t tag = ber_skip_element(ber, &text);
	const char *century = "";

	if (tag == TAG_UTC_TIME && text.bv_len == 13)
		century = text.bv_val[0] >= '5' ? "19" : "20";
	else if (tag != TAG_GENERAL_TIME || text.bv_len != 15)
		return false;
	(void)snprintf(date, DATE_SIZE, "%s%.*s", century, (int)text.bv_len - 1, text.bv_val);
	return strspn(date, "0123456789") == DATE_SIZE - 2;
}

/* Walks to the dates: Certificate { tbsCertificate { [0] version, serialNumber,
 * signature, issuer, validity { notBefore, notAfter } ... */
static bool read_dates(BerElement *ber, char begin[DATE_SIZE], char end[DATE_SIZE])
{
	struct berval skipped;
	ber_len_t length;

	if (ber_skip_tag(ber, &length) == LBER_ERROR || ber_skip_tag(ber, &length) == LBER_ERROR)
		return false;
	if (ber_peek_tag(ber, &length) == 0xa0)
		(void)ber_skip_element(ber, &skipped);
	for (int i = 0; i < 3; i++) {
		if (ber_skip_element(ber, &skipped) == LBER_ERROR)
			return false;
	}
	return ber_skip_tag(ber, &length) != LBER_ERROR && read_date(ber, begin) &&
	       read_date(ber, end);
}

enum ldap_certificate_age ldap_certificate_age(struct berval *certificate, char date[DATE_SIZE])
{
	BerElement *ber = ber_init(certificate);
	time_t seconds = time(NULL);
	char now[DATE_SIZE] = "";
	char begin[DATE_SIZE];
	char end[DATE_SIZE];
	struct tm utc;
	bool known;

	date[0] = '\0';
	if (!ber)
		return CERTIFICATE_UNKNOWN;
	known = read_dates(ber, begin, end) && gmtime_r(&seconds, &utc) &&
		strftime(now, sizeof now, "%Y%m%d%H%M%S", &utc);
	ber_free(ber, 1);
	if (!known)
		return CERTIFICATE_UNKNOWN;
	if (strcmp(now, begin) < 0) {
		memcpy(date, begin, sizeof begin);
		return CERTIFICATE_EARLY;
	}
	if (strcmp(now, end) > 0) {
		memcpy(date, end, sizeof end);
		return CERTIFICATE_EXPIRED;
	}
	return CERTIFICATE_VALID;
}
