# SPDX-License-Identifier: Apache-2.0
# One process writes a case at a time: the second is told which case is busy and with whom, and changes nothing. Readers
# read beside the writer.
. "$TESTS/expect.sh"
make_faults
mkdir x
seq 1 6000 | split -l 1 -a 4 - x/f
expect_exit 0 "$LASTGOOD" case new c
env $faults SLOW_US=200 "$LASTGOOD" --case c.case scan --threads 1 x >first 2>&1 &
pid=$!
wait_for_record c.case $pid
expect_exit 22 "$LASTGOOD" --case c.case scan x
expect_text err "c.case"
expect_text err "$pid"
expect_text err 'hint:'
expect_exit 0 "$LASTGOOD" --case c.case case show
expect_exit 0 "$LASTGOOD" --case c.case report
kill -INT $pid
status=0
wait $pid || status=$?
[ "$status" -eq 130 ]
# It is free again, and nothing came from the one that was refused.
expect_exit 0 "$LASTGOOD" --case c.case scan --resume --json x
expect_text out '"files":6000,'
[ "$(grep -c '"scan-begun"' c.case/ledger)" -eq 2 ]
expect_exit 0 "$LASTGOOD" --case c.case ledger verify
