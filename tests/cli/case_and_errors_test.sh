# SPDX-License-Identifier: Apache-2.0
# Wrong use says what and what to do, never the whole help; a second writer is told who writes.
. "$TESTS/expect.sh"
expect_exit 2 "$LASTGOOD" scna /etc
expect_text err 'lastgood: error:'
expect_text err 'hint:'
[ "$(wc -l <err)" -le 3 ]
expect_exit 2 "$LASTGOOD" scan
expect_exit 2 "$LASTGOOD" scan --depth deepest /etc
expect_exit 21 "$LASTGOOD" report
expect_text err "no case was given"
expect_exit 0 "$LASTGOOD" case new one
[ "$(stat -c %a one.case)" = 700 ]
expect_exit 2 "$LASTGOOD" case new one
expect_exit 0 "$LASTGOOD" case show
mkdir two.case
expect_exit 2 "$LASTGOOD" case show
expect_text err '--case'
rmdir two.case
mkdir x && seq 1 100 >x/a
expect_exit 0 "$LASTGOOD" --case one.case scan x
cp one.case/ledger good
sed '2s/scan-begun/scan-begum/' good >bad
expect_exit 41 "$LASTGOOD" ledger verify bad
expect_text out 'broken at entry 2'
expect_exit 0 "$LASTGOOD" --version
expect_exit 0 "$LASTGOOD" scan --help
expect_text out 'Examples:'
for command in case scan explain report evidence ledger drill completion man version; do
  expect_exit 0 "$LASTGOOD" man $command
  expect_text out '.SH EXIT STATUS'
done
# The table in the documents is the program's own.
"$LASTGOOD" man scan | sed -n '/^\.SH EXIT STATUS/,/^\.SH SEE/p' | sed 's/\\e/\\/g; s/\\-/-/g' | awk '/^\.B /{code=$2} !/^\./{print "| " code " | " $0 " |"}' >codes
while read -r row; do grep -qxF "$row" codes || { echo "not the program's: $row"; exit 1; }; done <<ROWS
$(grep '^| [0-9]' "$TESTS/../../docs/exit-codes.md")
ROWS
[ "$(wc -l <codes)" -eq "$(grep -c '^| [0-9]' "$TESTS/../../docs/exit-codes.md")" ]
for shell in bash zsh fish; do
  expect_exit 0 "$LASTGOOD" completion $shell
  expect_text out 'explain'
done
"$LASTGOOD" completion bash >complete.sh && bash -n complete.sh
