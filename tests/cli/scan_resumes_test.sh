# SPDX-License-Identifier: Apache-2.0
# Ctrl-C in the middle: what was judged is kept, --resume does not judge it again, the sum is right.
. "$TESTS/expect.sh"
mkdir -p many
i=0
while [ $i -lt 60 ]; do
  mkdir many/$i
  seq 1 400 | split -l 1 -a 3 - many/$i/f
  i=$((i + 1))
done
expect_exit 0 "$LASTGOOD" case new c
"$LASTGOOD" --case c.case scan --threads 1 many >out 2>err &
pid=$!
sleep 0.25
kill -INT $pid 2>/dev/null || true
status=0
wait $pid || status=$?
if [ "$status" -eq 130 ]; then
  expect_text out 'repeat the same command with --resume'
  expect_exit 0 "$LASTGOOD" --case c.case scan --resume --json many
  [ "$(grep -c '"type":"summary"' out)" -eq 1 ]
  grep -q '"files":24000' out
  read_again=$(sed -n 's/.*"bytes_read":\([0-9]*\).*/\1/p' out)
  all=$(cat many/*/* | wc -c)
  [ "$read_again" -lt "$all" ]
else
  [ "$status" -eq 0 ]
fi
expect_exit 2 "$LASTGOOD" --case c.case scan --resume /usr/include
expect_text err 'no interrupted scan'
# kill -9 leaves a case that opens and a ledger that holds.
"$LASTGOOD" --case c.case scan many >/dev/null 2>&1 &
pid=$!
sleep 0.2
kill -9 $pid 2>/dev/null || true
wait $pid 2>/dev/null || true
expect_exit 0 "$LASTGOOD" --case c.case ledger verify
expect_exit 0 "$LASTGOOD" --case c.case scan many
