#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# All tests, fast to slow: levels, format, units with sanitizers, the program people run, a small drill.
set -eu
cd "$(dirname "$0")/.."

started_s=$(date +%s)
say() { printf '\n== %s min: %s\n' "$((($(date +%s) - started_s) / 60))" "$*"; }

say "levels"
python3 tools/check_levels.py

say "layout"
git ls-files '*.cpp' '*.h' | xargs clang-format-14 --dry-run -Werror

# Tests write and remove thousands of small files and sync most of them: in memory, where there is enough of it. Not the
# drill, whose servers have a /dev/shm of their own.
memory_free_kb=$(df --output=avail /dev/shm 2>/dev/null | tail -n 1)
in_memory() {
  if [ -z "${TMPDIR:-}" ] && [ "${memory_free_kb:-0}" -ge 16000000 ] && ! findmnt -no OPTIONS /dev/shm | grep -q noexec; then
    TMPDIR=/dev/shm "$@"
  else
    "$@"
  fi
}

scratch=$(mktemp -d)
plays=''
building=''
end() {
  for one in $plays $building; do kill "$one" 2>/dev/null && wait "$one"; done
  rm -rf "$scratch"
}
trap end EXIT
trap 'exit 130' INT TERM

say "units, with address and undefined-behaviour sanitizers"
cmake --preset check >/dev/null
cmake --build --preset check
# Many tests wait for a database server most of the time: more of them than processors at once, and the program that
# people run is built beside them.
cmake --preset release -DLASTGOOD_TESTS=OFF >/dev/null
nice -n 5 ninja -C build/release -j 1 >/dev/null 2>&1 &
building=$!
in_memory ctest --preset check -j "$(($(nproc) + 1))"

say "the rest of the program, with all processors"
kill "$building" 2>/dev/null || true
wait "$building" || true  # what it could not build, the next says
building=''
cmake --build --preset release
say "stories of the program"
in_memory env STORIES_AT_ONCE="$(($(nproc) + 1))" tests/cli/run_all.sh build/release/lastgood

say "a practice incident"
build/release/lastgood drill "$scratch/drill"
build/release/lastgood --case "$scratch/drill/drill.case" report --out "$scratch/report.html"
python3 src/drill/play_recovery.py "$scratch/drill" build/release/lastgood
python3 src/drill/play_investigation.py "$scratch/drill" build/release/lastgood
tests/page/check_report.sh "$scratch/report.html"

say "the drill's score can fail"
python3 tests/drill/score_test.py
say "a server of the drill leaves no shared memory behind"
python3 tests/drill/spaces_test.py

say "a hospital of five servers, twice at the same time: the same score"
for time in 1 2; do
  src/drill/play_hospital.py "$scratch/hospital$time" build/release/lastgood --size tiny --seed 7 >"$scratch/hospital$time.log" 2>&1 &
  plays="$plays $!"
done
missed=0
time=0
for play in $plays; do
  time=$((time + 1))
  if wait "$play"; then
    sed -n '/^Five servers/,$p' "$scratch/hospital$time.log"
  else
    missed=1
    cat "$scratch/hospital$time.log"
  fi
done
plays=''
[ "$missed" -eq 0 ]
python3 - "$scratch" <<'SAME'
import json, sys
one, two = (json.load(open(f"{sys.argv[1]}/hospital{time}/servers/score.json"))["stable"] for time in (1, 2))
sys.exit(0 if one == two else f"the scores differ: {one} {two}")
SAME
say "all tests passed"
