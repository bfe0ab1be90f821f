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
# Words of a command have a page and a help of their own, in both ways to write them.
for words in 'services check' services-check 'sheets match'; do
  expect_exit 0 "$LASTGOOD" man $words
  expect_text out '.SH SYNOPSIS'
  expect_exit 0 "$LASTGOOD" help $words
  expect_text out "Usage: lastgood $(echo "$words" | tr - ' ')"
done
expect_exit 0 "$LASTGOOD" help
expect_text out 'Usage: lastgood'
expect_exit 0 "$LASTGOOD" help exit-codes
expect_text out 'wrong use: unknown option'
expect_exit 2 "$LASTGOOD" help services nothing
expect_text err "no command 'services nothing'"
expect_exit 2 "$LASTGOOD" man scan nothing
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
# completed WORD...: what the shell offers for the last of them.
completed() {
  bash -c '. ./complete.sh; COMP_WORDS=(lastgood "$@"); COMP_CWORD=$#; _lastgood; printf "%s\n" "${COMPREPLY[@]}"' - "$@" >out
}
completed sheets export --form ''
[ "$(sort out | tr '\n' ' ')" = 'csv hl7 ' ] || { cat out; exit 1; }
completed --case services services check --only
grep -qx -e --only-file out || { cat out; exit 1; }
completed sheets match --as
grep -qx -e --as-written out || { cat out; exit 1; }
completed sheets enter --j
grep -qx -e --json out || { cat out; exit 1; }
completed completion ba
grep -qx bash out || { cat out; exit 1; }
# Values with blanks are one word each, also when the first of them is typed; words of 'man' and 'help' are those of the command.
completed evidence add --device ''
[ "$(grep -cE 'Computer|Storage|Drive' out)" -eq 2 ] && grep -qx 'Computer / Storage Media' out || { cat out; exit 1; }
completed evidence add --device 'Flash\ D'
[ "$(cat out)" = 'Flash Drive' ] || { cat out; exit 1; }
for manual in man help; do
  completed $manual services ''
  grep -qx infer out && ! grep -qx explain out || { cat out; exit 1; }
  completed $manual sheets e
  [ "$(sort out | tr '\n' ' ')" = 'enter export ' ] || { cat out; exit 1; }
  completed $manual ledger timestamp ''
  grep -qx request out || { cat out; exit 1; }
done
"$LASTGOOD" completion fish >out
expect_text out '-l device -x -a '"'"' Computer\\ /\\ Storage\\ Media DVR'
expect_text out "-n '__fish_seen_subcommand_from sheets; and __fish_seen_subcommand_from export' -l form -x -a ' hl7 csv'"
# What is proposed works as it is printed, also where the case came by --case.
expect_exit 0 "$LASTGOOD" --case one.case questions
expect_text out 'next: lastgood --case one.case scan PATH, lastgood --case one.case indicators PATH'
expect_exit 0 "$LASTGOOD" --case one.case sheets match
expect_text out 'one.case sheets enter --by NAME'
# Every command that prints can be read by programs.
expect_exit 0 "$LASTGOOD" --case one.case report --json
python3 -c 'import json; line = json.loads(open("out").read()); assert line["type"] == "report" and line["format"] == "text" and line["text"], line'
