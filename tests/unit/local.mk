# SPDX-License-Identifier: GPL-3.0-or-later
# Unit tests of the pure layers: one program a file, linked with nothing but them.
