#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Fuzzes every walker (or those named), each so many seconds, two at a time. Corpora stay in build/fuzz-corpus; what
# breaks something is left in build/fuzz-findings and belongs, made small, into the format's testdata/crashes.
#   tools/run_fuzz.sh [SECONDS] [FORMAT...]
set -eu
cd "$(dirname "$0")/.."
seconds="${1:-120}"
[ $# -gt 0 ] && shift
cmake --preset fuzz >/dev/null
if [ $# -eq 0 ]; then
  cmake --build --preset fuzz
  set -- $(find build/fuzz -name 'fuzz_*' -type f -perm -u+x -exec basename {} \; | sed 's/^fuzz_//' | sort)
else
  for name in "$@"; do targets="${targets:-} fuzz_$name"; done
  # shellcheck disable=SC2086
  cmake --build --preset fuzz --target $targets
fi
mkdir -p build/fuzz-findings
for name in "$@"; do echo "$name"; done | xargs -P 2 -I{} sh -c '
  name={}; seconds='"$seconds"'
  corpus=build/fuzz-corpus/$name; mkdir -p "$corpus"
  for sample in src/formats/$name/testdata/*.in fuzz/corpus/$name/*; do
    [ -f "$sample" ] || continue
    for choice in 0 1 2 4; do { printf "\\$(printf %03o $choice)"; cat "$sample"; } >"$corpus/seed-$choice-$(basename "$sample")"; done
  done
  program=$(find build/fuzz -name "fuzz_$name" -type f | head -n 1)
  if "$program" -max_total_time="$seconds" -max_len=65536 -rss_limit_mb=2048 -timeout=10 -print_final_stats=1 \
      -artifact_prefix="build/fuzz-findings/$name-" "$corpus" >"build/fuzz-findings/$name.log" 2>&1; then
    echo "$name: $(sed -n "s/^stat::number_of_executed_units: *//p" "build/fuzz-findings/$name.log") runs, nothing found"
  else
    echo "$name: FOUND SOMETHING, see build/fuzz-findings/$name.log"; exit 255
  fi'
