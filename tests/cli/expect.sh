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
