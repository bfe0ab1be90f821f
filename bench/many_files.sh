#!/bin/bash
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# What millions of files cost in memory: bench/many_files.sh FOLDER [MILLIONS]...
#
# Makes 1, 2 and 3 (or the given) million files, empty and tiny, below FOLDER, scans each tree and prints the largest
# resident set and the size of the case. FOLDER must be new; a tmpfs is quickest (3 million files take some 3 GB there).
# The case is written below FOLDER, too; all of it is removed at the end. LASTGOOD names another program to measure.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
lastgood=${LASTGOOD:-$here/../build/release/lastgood}
die() { printf 'many_files: error: %s\n' "$1" >&2; printf 'hint: %s\n' "$2" >&2; exit 2; }

[ $# -ge 1 ] || die "no folder given" "bench/many_files.sh FOLDER [MILLIONS]..."
folder=$1
shift
[ ! -e "$folder" ] || die "'$folder' is there already" "name a new folder"
[ -x "$lastgood" ] || die "cannot run '$lastgood'" "./run build, or LASTGOOD=FILE"
[ $# -gt 0 ] || set -- 1 2 3

mkdir -p "$folder/tree"
trap 'rm -rf "${folder:?}"' EXIT
made=0
for millions in "$@"; do
  /usr/bin/python3 -B "$here/speed/make_many_files.py" "$folder/tree" "$made" "$millions"
  made=$millions
  "$lastgood" case new "$folder/many.case" > "$folder/out"
  /usr/bin/python3 -B "$here/speed/peak_memory.py" "$lastgood" --case "$folder/many.case" scan --json "$folder/tree"
  printf '  case: %s\n' "$(du -sh "$folder/many.case" | cut -f1)"
  rm -r "$folder/many.case"
done
