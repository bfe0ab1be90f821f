# SPDX-License-Identifier: Apache-2.0
# What indicators and mails say is kept in the case with entries in the ledger; what the case calls its own is set apart;
# --unrecorded keeps nothing; a second run replaces what was known.
. "$TESTS/expect.sh"
expect_exit 0 "$LASTGOOD" case new a.case
expect_exit 0 "$LASTGOOD" case describe --organisation 'District Hospital' --own-domain hospital.example.in --own-block 203.0.115.0/24 --own-relay mx.hospital.example --zone +05:30
expect_text out 'District Hospital'
expect_exit 2 "$LASTGOOD" case describe --zone India
expect_text err "hint: such as '--zone +05:30'"
expect_exit 0 "$LASTGOOD" case describe --zone IST
expect_text err 'IST is read as +05:30'
expect_text out '+05:30'
expect_exit 2 "$LASTGOOD" case describe --own-block 203.0.115
mkdir tree
printf 'write to dog2398@mail.example.com from desk@hospital.example.in, 203.0.115.9, 203.0.116.9:443' >tree/note.txt
expect_exit 1 "$LASTGOOD" indicators tree
expect_text out 'recorded in case'
expect_no_text out 'desk@hospital'
expect_no_text out '203.0.115.9'
count() { sqlite3 "file:a.case/case.sqlite?mode=ro" "SELECT count(*) FROM $1"; }
[ "$(count "found_values WHERE apart = 'own'")" -ge 2 ] || { echo "own values are not marked"; exit 1; }
[ "$(count "found_values WHERE kind = 'ipv4' AND port = 443")" -eq 1 ] || { echo "no address with its port"; exit 1; }
cat >mail.eml <<'MAIL'
Received: from evil (dsl.isp.example [198.51.100.7]) by mx.hospital.example (Postfix)
	with ESMTPS id 4NHX2k5q9Rz1 for <desk@hospital.example>; Wed, 23 Nov 2022 07:07:00 +0530 (IST)
From: dog2398 <dog2398@mail.example>

Pay.
MAIL
expect_exit 0 "$LASTGOOD" trace mail.eml
expect_exit 0 "$LASTGOOD" trace mail.eml
[ "$(count mails)" -eq 1 ] || { echo "a mail traced twice is kept twice"; exit 1; }
entries=$(grep -c '"kind":"trace-' a.case/ledger)
[ "$entries" -eq 4 ] || { echo "$entries entries of tracing in the ledger"; exit 1; }
expect_exit 0 "$LASTGOOD" trace --unrecorded mail.eml
[ "$(grep -c '"kind":"trace-' a.case/ledger)" -eq 4 ] || { echo "--unrecorded was recorded"; exit 1; }
expect_exit 0 "$LASTGOOD" ledger verify
