#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# bench/tiny_files.sh NEW_FOLDER [options of bench_tiny_files]...
# Attacks tiny files among larger ones, one pattern after the other, inside a folder it makes; prints what a scan says.
set -eu
[ $# -ge 1 ] || { echo "usage: bench/tiny_files.sh NEW_FOLDER [--pattern ID]... [--without-notes] [--list N]" >&2; exit 2; }
here=$(dirname "$0")
folder=$1
shift
program=${BENCH_TINY_FILES:-$here/../build/release/bench/bench_tiny_files}
[ -x "$program" ] || { echo "tiny_files.sh: '$program' is not built: cmake --preset release -DLASTGOOD_BENCH=ON" >&2; exit 2; }
exec "$program" "$folder" "$here/../src/drill/make_hospital.py" /usr/share /usr/lib/python3 /etc "$@"
