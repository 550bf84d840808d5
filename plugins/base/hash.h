/* SPDX-License-Identifier: GPL-3.0-or-later */
/*
 * uthash with this program's answer to exhausted memory. Include this, never uthash.h.
 * The owner of a table clears it in its talloc destructor.
 */
#ifndef BASE_HASH_H
#define BASE_HASH_H

#include "base/memory.h"

#define uthash_fatal(message) out_of_memory()
#include <uthash.h>

#endif
