/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * What can be told of an export only when all its files were read: whether they show the domain
 * as it was at one time, and the whole of it; which of the entries stand for objects that are
 * there, and which are of other domains.
 */
#ifndef MODEL_EXPORT_H
#define MODEL_EXPORT_H

#include "ad/directory.h"

/*
 * To be called once, after the last file and before domain_read. Adds a gap where no search of the
 * export was made for the whole domain, and notes values that contradict others. Takes what is
 * deleted
 * ([MS-ADTS] 3.1.1.5.5) out of the entries: deleted objects keep SID, SPNs and flags for half a
 * year, but are nobody any more. Sets apart what is of other domains.
 */
void export_finish(struct directory *directory);

#endif
