# SPDX-License-Identifier: Apache-2.0
# A tree with intact, encrypted and tiny files: each gets its verdict, the campaign and its contact are found.
. "$TESTS/expect.sh"
mkdir -p srv/ward srv/lab
for i in $(seq 1 20); do
  seq 1 2000 | sed "s/^/$i;patient;/" >"srv/ward/list$i.csv"
  { printf 'write to nobody%03d@mailbox.example.org ' 7; random_bytes 9000; } >"srv/lab/result$i.pdf.bak9"
done
{ printf 'write to nobody%03d@mailbox.example.org ' 7; random_bytes 80; } >srv/lab/tiny.txt.bak9
cp srv/ward/list1.csv srv/ward/rotated.csv.bak9
expect_exit 0 "$LASTGOOD" case new night
expect_exit 1 "$LASTGOOD" --case night.case scan --json --all srv
[ "$(grep -c '"type":"file"' out)" -eq 42 ]
# Of the tiny one a third is the contact itself: its own bytes say "partly", the campaign says "encrypted".
[ "$(grep -Ec '"verdict":"(partly_)?encrypted"' out)" -eq 21 ]
[ "$(grep -c '"verdict":"encrypted"' out)" -ge 20 ]
[ "$(grep -c '"verdict":"intact"' out)" -eq 21 ]
grep '"path":".*rotated.csv.bak9"' out | grep -q '"verdict":"intact"'
grep '"type":"summary"' out | grep -q '"extension":".bak9"'
expect_text out 'email:nobody007@mailbox.example.org'
grep '"path":".*result1.pdf.bak9"' out | grep -q '"original_name":"result1.pdf"'
expect_exit 1 "$LASTGOOD" --case night.case scan srv
expect_text out 'Campaign'
expect_text out 'next: lastgood'
expect_exit 0 "$LASTGOOD" --case night.case ledger verify
expect_exit 0 "$LASTGOOD" --case night.case report --out page.html
expect_exit 0 "$LASTGOOD" --case night.case report
expect_text out '.bak9'
# Where somebody keeps copies named .bak9 there is no campaign.
mkdir -p calm/etc
for i in $(seq 1 40); do
  seq 1 500 | sed "s/^/setting$i=/" >"calm/etc/conf$i.txt"
  sed -i.bak9 's/1/2/' "calm/etc/conf$i.txt"
done
random_bytes 5000 >calm/etc/vault.bak9
# (In a case that knows nothing else: of one that knows the attack, what has its ending and its time has its marks.)
expect_exit 0 "$LASTGOOD" case new calm
"$LASTGOOD" --case calm.case scan --json --all calm >out 2>err
expect_text out '"campaigns":[]'
[ "$(grep -c '"verdict":"intact"' out)" -eq 80 ]
grep '"path":".*vault.bak9"' out | grep -q '"verdict":"undecided"'
"$LASTGOOD" --case night.case scan --json --all calm >out 2>err || [ $? -eq 1 ]
[ "$(grep -c '"verdict":"intact"' out)" -eq 80 ]
grep '"path":".*vault.bak9"' out | grep -q 'of an earlier scan of this case: the appended extension .bak9, the time of its change'
# An address and an ID that stand in names only are found; what an attack renamed and left alone stays whole.
mkdir -p named/a named/b
for i in $(seq 1 25); do
  seeded_bytes 7000 "letter$i" >"named/a/letter$i.docx.id[1A2B3C4D-2803].[nobody007@mailbox.example.org].eight"
  seeded_bytes 20 "tiny$i" >"named/b/tiny$i.q7.id[1A2B3C4D-2803].[nobody007@mailbox.example.org].eight"
done
seq 1 500 >'named/b/list.csv.id[1A2B3C4D-2803].[nobody007@mailbox.example.org].eight'
expect_exit 1 "$LASTGOOD" --case night.case scan --json --all named
expect_text out 'email:nobody007@mailbox.example.org'
expect_text out 'victim_id:1A2B3C4D-2803'
[ "$(grep -c '"verdict":"encrypted"' out)" -ge 49 ]
[ "$(grep '"path":".*tiny' out | grep -c '"certainty":"weak"')" -eq 25 ]
grep '"path":".*list.csv' out | grep -q '"verdict":"intact"'
