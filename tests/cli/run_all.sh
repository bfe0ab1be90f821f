#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Tests of the built program as people run it. Each tests/cli/*_test.sh is one story: it runs in a scratch folder of its
# own with $LASTGOOD set, prints nothing when all is well, and leaves its folder when it fails.
set -u
program=$(realpath "$1")
here=$(realpath "$(dirname "$0")")
failed=0
passed=0
for story in "$here"/*_test.sh; do
  name=$(basename "$story" _test.sh)
  scratch=$(mktemp -d "${TMPDIR:-/tmp}/lastgood-cli-$name-XXXXXX")
  if (cd "$scratch" && LASTGOOD="$program" LASTGOOD_CASE='' TESTS="$here" sh -eu "$story" >"$scratch.log" 2>&1); then
    passed=$((passed + 1))
    rm -rf "$scratch" "$scratch.log"
  else
    failed=$((failed + 1))
    echo "FAILED: $name (kept: $scratch, $scratch.log)"
    tail -n 20 "$scratch.log"
  fi
done
echo "$passed passed, $failed failed"
[ "$failed" -eq 0 ]
