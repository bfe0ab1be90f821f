# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Small words for the stories: what is expected stands beside the command.

# expect_exit CODE COMMAND...: runs it, output in ./out and ./err, and fails unless it ends with CODE.
expect_exit() {
  wanted=$1
  shift
  status=0
  "$@" >out 2>err || status=$?
  if [ "$status" -ne "$wanted" ]; then
    echo "exit $status instead of $wanted: $*"
    cat out err
    exit 1
  fi
}

# expect_text FILE TEXT: the file holds the text.
expect_text() {
  grep -qF -- "$2" "$1" || { echo "'$2' is not in $1:"; cat "$1"; exit 1; }
}

expect_no_text() {
  ! grep -qF -- "$2" "$1" || { echo "'$2' is in $1:"; cat "$1"; exit 1; }
}

# random_bytes COUNT: bytes that look like ciphertext.
random_bytes() { head -c "$1" /dev/urandom; }

# make_faults: builds the faults of faults.c, or skips the story where no compiler is. with_faults COMMAND: under them;
# env $faults COMMAND: the same in the background, with the command's own process ID.
make_faults() {
  command -v cc >/dev/null || { echo "skipped: the faults are made by a library, and no C compiler is here"; exit 0; }
  cc -shared -fPIC -O1 -o faults.so "$TESTS/faults.c" -ldl
  faults="LD_PRELOAD=$PWD/faults.so ASAN_OPTIONS=verify_asan_link_order=0"
}
with_faults() { env $faults "$@"; }

# recorded CASE: how many files a case holds, and the sum of their sizes.
recorded() {
  python3 - "$1" <<'PY'
import sqlite3, sys
case = sqlite3.connect(f"file:{sys.argv[1]}/case.sqlite?mode=ro", uri=True)
print(*case.execute("SELECT count(*), coalesce(sum(size_bytes), 0) FROM files").fetchone())
PY
}

# wait_for_record CASE PID: until the scan PID has stored something.
wait_for_record() {
  tries=0
  while [ "$(recorded "$1" | cut -d' ' -f1)" -eq 0 ]; do
    tries=$((tries + 1))
    [ $tries -lt 600 ] && kill -0 "$2" || { echo "the scan stored nothing that could be gone on from"; exit 1; }
    sleep 0.05
  done
}

# seeded_bytes COUNT SEED: the same every time, for what a run of chance could spoil.
seeded_bytes() { python3 -c 'import hashlib, sys; sys.stdout.buffer.write(hashlib.shake_256(sys.argv[2].encode()).digest(int(sys.argv[1])))' "$@"; }
