#!/bin/bash
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# What a search for indicators costs within a scan's read: bench/search_in_scan.sh [--lastgood FILE] [--depth DEPTH] TREE...
#
# Scan alone, indicators alone, scan --indicators, each with nothing in memory (needs root: drops the system's caches) and a
# case of its own: wall, user and system seconds, bytes that came from the disk, and MB of the tree per processor second.
# Reads TREE, writes only into a new folder below TMPDIR, which is removed.
set -euo pipefail
lastgood=lastgood
depth=standard
while [ $# -gt 0 ]; do
  case $1 in
    --lastgood) lastgood=$(realpath "$2"); shift 2 ;;
    --depth) depth=$2; shift 2 ;;
    *) break ;;
  esac
done
[ $# -gt 0 ] || { sed -n '4,8s/^# //p' "$0" >&2; exit 2; }
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
tree_bytes=$(find "$@" -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
printf '%-40s %9s %9s %9s %12s %10s\n' "$(awk "BEGIN { printf \"%.2f GB\", $tree_bytes / 1e9 }"), $depth" wall user system 'disk MB' 'MB/s a core'
# measure NAME COMMAND...: exit codes 0, 1 and 3 are answers.
measure() {
  name=$1
  shift
  sync
  echo 3 >/proc/sys/vm/drop_caches
  "$lastgood" case new "$work/$number.case" >/dev/null
  LASTGOOD_CASE=$work/$number.case command time -o "$work/time" -f '%e %U %S %I' "$@" >/dev/null 2>"$work/err" || [ $? -le 3 ]
  number=$((number + 1))
  tail -1 "$work/time" | awk -v name="$name" -v bytes="$tree_bytes" '{
    cpu = $2 + $3
    printf "%-40s %9.2f %9.2f %9.2f %12.0f %10.0f\n", name, $1, $2, $3, $4 * 512 / 1e6, bytes / 1e6 / (cpu > 0 ? cpu : 1) }'
}
number=1
measure scan "$lastgood" scan --depth "$depth" "$@"
measure indicators "$lastgood" indicators "$@"
measure 'scan --indicators' "$lastgood" scan --depth "$depth" --indicators "$@"
