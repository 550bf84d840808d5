# SPDX-License-Identifier: GPL-3.0-or-later
# The fuzz targets. "replay" runs the corpus through them in the tests; "fuzz" has libFuzzer
# in it and is built by tests/fuzz/run alone, with clang.
fuzz_targets = $(options_sources) \
	tests/fuzz/answer.c \
	tests/fuzz/files.c \
	tests/fuzz/formats.c \
	tests/fuzz/fuzz.h \
	tests/fuzz/others.c \
	tests/fuzz/pages.c \
	tests/fuzz/schema.c \
	tests/fuzz/server.c \
	tests/fuzz/targets.c \
	tests/fuzz/whole.c
EXTRA_PROGRAMS = tests/fuzz/fuzz tests/fuzz/replay
check_DATA = tests/fuzz/replay$(EXEEXT)
CLEANFILES = tests/fuzz/fuzz$(EXEEXT) tests/fuzz/replay$(EXEEXT)
tests_fuzz_replay_SOURCES = tests/fuzz/replay.c $(fuzz_targets)
tests_fuzz_replay_LDADD = libsource.a $(PURE_LIBS) $(LDAP_LIBS) $(SASL_LIBS) $(GSSAPI_LIBS) $(KRB5_LIBS)
tests_fuzz_fuzz_SOURCES = tests/fuzz/libfuzzer.c $(fuzz_targets)
tests_fuzz_fuzz_LDADD = $(tests_fuzz_replay_LDADD)
tests_fuzz_fuzz_LDFLAGS = $(AM_LDFLAGS) -fsanitize=fuzzer
