#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# The long versions of two tests, for a person to run, as root: a restore killed at 1,000 random calls, and a million
# swaps of folders for links while restores run. Scratch folders go to $TMPDIR; a tmpfs makes it quick.
#   tests/restore/run_long.sh [PROGRAM]      default: build/release/src/recovery_test
set -eu
program="${1:-build/release/src/recovery_test}"
[ -x "$program" ] || { echo "run_long: build it first: cmake --build --preset release --target recovery_test" >&2; exit 2; }
LASTGOOD_KILLS="${LASTGOOD_KILLS:-1000}" "$program" --gtest_filter='RestoreResume.ends_in_the_same_tree_after_being_killed'
LASTGOOD_SWAPS="${LASTGOOD_SWAPS:-1000000}" "$program" --gtest_filter='RestoreRaces.never_writes_through*'
