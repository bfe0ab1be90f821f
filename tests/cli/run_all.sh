#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# run_all.sh PROGRAM [STORY...]: tests of the built program as people run it. Each tests/cli/*_test.sh is one story: it runs in
# a scratch folder of its own with $LASTGOOD set, prints nothing when all is well, and leaves its folder when it fails. As many
# run at a time as there are processors ($STORIES_AT_ONCE says otherwise): stories share no folder, port or name.
set -u
here=$(realpath "$(dirname "$0")")

# --one PROGRAM STORY RESULTS: one story; a failing one is shown whole, in one piece.
if [ "$1" = --one ]; then
  program=$2 story=$3 results=$4
  name=$(basename "$story" _test.sh)
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/lastgood-cli-$name-XXXXXX")
  begun=$(date +%s)
  if (cd "$scratch" && LASTGOOD="$program" LASTGOOD_CASE='' TESTS="$here" sh -eu "$story" >"$scratch.log" 2>&1 </dev/null); then
    echo "$(($(date +%s) - begun)) $name" >"$results/$name.passed"
    rm -rf "$scratch" "$scratch.log"
  else
    : >"$results/$name.failed"
    text=$(printf 'FAILED: %s (kept: %s, %s.log)\n' "$name" "$scratch" "$scratch"; cat "$scratch.log")
    printf '%s\n\n' "$text"
  fi
  exit 0
fi

program=$(realpath "$1")
shift
results=$(mktemp -d)
trap 'rm -rf "$results"' EXIT
# Long ones begin first, so that none is left alone at the end.
[ $# -gt 0 ] || set -- evidence_stands sheets_reach_the_wards recovery_brings_everything_back exposure_asks_databases a_database_is_brought_forward \
  cut_dumps_are_damaged "$here"/*_test.sh
for story in "$@"; do
  echo "$here/$(basename "$story" _test.sh)_test.sh"
done | awk '!seen[$0]++' | xargs -d '\n' -P "${STORIES_AT_ONCE:-$(nproc)}" -I STORY sh "$0" --one "$program" STORY "$results"
passed=$(find "$results" -name '*.passed' | wc -l)
failed=$(find "$results" -name '*.failed' | wc -l)
[ -z "${STORIES_TIMES:-}" ] || cat "$results"/*.passed | sort -rn # seconds of each
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
