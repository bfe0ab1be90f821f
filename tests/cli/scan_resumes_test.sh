# SPDX-License-Identifier: Apache-2.0
# Ctrl-C and kill -9 in the middle: what was stored is kept, --resume reads exactly the rest, the sum is right.
. "$TESTS/expect.sh"
make_faults
mkdir -p many
i=0
while [ $i -lt 30 ]; do
  mkdir many/$i
  seq 1 400 | split -l 1 -a 3 - many/$i/f
  i=$((i + 1))
done
all_files=12000
all_bytes=$(cat many/*/* | wc -c)
# interrupt SIGNAL CASE: a slow scan that is stopped when it has stored its first files.
interrupt() {
  expect_exit 0 "$LASTGOOD" case new "$2"
  env $faults SLOW_US=100 "$LASTGOOD" --case "$2.case" scan --threads 1 many >out 2>err &
  pid=$!
  wait_for_record "$2.case" $pid
  kill "-$1" $pid
  status=0
  wait $pid || status=$?
}
# goes_on CASE: reads what was not stored, and nothing else.
goes_on() {
  set -- "$1" $(recorded "$1.case")
  [ "$2" -gt 0 ]
  [ "$2" -lt $all_files ]
  expect_exit 0 "$LASTGOOD" --case "$1.case" ledger verify
  expect_exit 0 "$LASTGOOD" --case "$1.case" scan --resume --json many
  [ "$(grep -c '"type":"summary"' out)" -eq 1 ]
  expect_text out "\"files\":$all_files,"
  expect_text out "\"bytes_read\":$((all_bytes - $3)),"
  expect_text out '"finished":true'
  expect_exit 0 "$LASTGOOD" --case "$1.case" ledger verify
  expect_exit 2 "$LASTGOOD" --case "$1.case" scan --resume many
  expect_text err 'no interrupted scan'
}
interrupt INT asked
[ "$status" -eq 130 ]
expect_text out 'repeat the same command with --resume'
goes_on asked
interrupt KILL killed
[ "$status" -eq 137 ]
# Another request is another scan.
expect_exit 2 "$LASTGOOD" --case killed.case scan --resume --depth full many
expect_text err 'hint:'
goes_on killed
