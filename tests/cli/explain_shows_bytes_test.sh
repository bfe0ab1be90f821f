# SPDX-License-Identifier: Apache-2.0
# explain works without a case and shows findings, rule, bytes and what would change the verdict.
. "$TESTS/expect.sh"
{ seq 1 3000; random_bytes 16384; seq 3000 6000; } >notes.txt
expect_exit 1 "$LASTGOOD" explain notes.txt
expect_text out 'partly_encrypted'
expect_text out 'what would change it:'
expect_text out 'bytes concerned:'
expect_text out '000000'
expect_exit 1 "$LASTGOOD" explain --json notes.txt
expect_text out '"trials":['
expect_exit 11 "$LASTGOOD" explain nothing.txt
seq 1 100 >fine.txt
expect_exit 0 "$LASTGOOD" explain fine.txt
