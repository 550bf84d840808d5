/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * Service principal names: class/name[:port][/realm] ([MS-KILE] 3.1.5.11), and the
 * classes that Hyper-V registers.
 */
#ifndef AD_SPN_H
#define AD_SPN_H

#include <stdbool.h>
#include <stddef.h>

#define SPN_CLASS_MIGRATION "Microsoft Virtual System Migration Service"
#define SPN_CLASS_CONSOLE "Microsoft Virtual Console Service"
#define SPN_CLASS_CLUSTER "MSClusterVirtualServer"
#define SPN_CLASS_REPLICA "Hyper-V Replica Service"
#define SPN_CLASS_CIFS "cifs"

/* The classes that HOST/ stands for in a new forest, separated by commas: what the
 * directory's own sPNMappings says goes first. */
extern const char spn_default_host_aliases[];

/* A parsed SPN, pointing into the text that it was parsed from. */
struct spn {
	const char *service_class;
	size_t service_class_length;
	const char *name; /* of a host, without port */
	size_t name_length;
};

/* Splits text; false where it has no class or no name. */
bool spn_parse(const char *text, struct spn *spn);

/* Compare without regard to ASCII case. */
bool spn_has_class(const struct spn *spn, const char *service_class);
bool spn_has_name(const struct spn *spn, const char *name);

#endif
