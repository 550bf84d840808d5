# SPDX-License-Identifier: GPL-3.0-or-later
# What makes calls fail in tests/faults.t and tests/live/faults.t; preloaded, so it is built
# without hardening and sanitizers. With sanitizers in the program their allocator stays.
check_DATA += tests/faults/shim.so tests/faults/calls.so
fault_command = $(AM_V_CC)$(MKDIR_P) tests/faults && \
	$(CC) $(DEFS) $(AM_CPPFLAGS) $(WARNING_CFLAGS) -std=gnu11 -O1 -fPIC -shared
tests/faults/shim.so: $(srcdir)/tests/faults/shim.c
	$(fault_command) -o $@ $(srcdir)/tests/faults/shim.c
tests/faults/calls.so: $(srcdir)/tests/faults/shim.c
	$(fault_command) -DNO_MEMORY -o $@ $(srcdir)/tests/faults/shim.c
CLEANFILES += tests/faults/shim.so tests/faults/calls.so
EXTRA_DIST += tests/faults/shim.c
