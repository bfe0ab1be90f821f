# SPDX-License-Identifier: Apache-2.0
# A case with the two accounts, a note and a mail goes out as STIX, MISP, CSV and timeline: twice the same bytes, every
# reference leads somewhere, own names stay; without the mail what stood on it is gone; the ledger keeps the digests.
. "$TESTS/expect.sh"
check="python3 $TESTS/../../tools/check_exports.py"
[ -f "$TESTS/../../tools/check_exports.py" ] || { echo "tools/check_exports.py is not beside the tests"; exit 1; }
mkdir -p srv/ward
for i in $(seq 1 20); do
  { printf 'write to dog2398@mail.example.org or mouse63209@mail.example.org '; seeded_bytes 9000 "$i"; } >"srv/ward/Asha Rao $i.docx.bak9"
done
cat >srv/ward/README.txt <<'NOTE'
All your files are encrypted! To decrypt your files contact dog2398@mail.example.org or mouse63209@mail.example.org
and pay in bitcoin to 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa. You can send us up to three files for free decryption as a
guarantee. Your personal ID: 8F2A-11CC-90ED
NOTE
cat >ransom.eml <<'MAIL'
Received: from evil (dsl.isp.example [193.0.6.139]) by mx.hospital.example (Postfix)
	with ESMTPS id 4NHX2k5q9Rz1 for <desk@hospital.example>; Wed, 23 Nov 2022 07:07:00 +0530 (IST)
From: dog2398 <dog2398@mail.example.org>
Subject: your files
Message-ID: <abc@mail.example.org>

Pay.
MAIL
for case in with without; do
  expect_exit 0 "$LASTGOOD" case new $case.case
  expect_exit 0 "$LASTGOOD" --case $case.case case describe --organisation 'District Hospital' --own-domain hospital.example --own-relay mx.hospital.example
  expect_exit 1 "$LASTGOOD" --case $case.case scan --host hims1 srv
  expect_exit 1 "$LASTGOOD" --case $case.case indicators srv
done
expect_exit 0 "$LASTGOOD" --case with.case trace ransom.eml

# Twice the same, though the ledger grew in between; what is there is not overwritten unasked.
for form in stix misp csv timesketch; do
  expect_exit 0 "$LASTGOOD" --case with.case export $form --out $form.1
  expect_text out "$(sha256sum <$form.1 | cut -d' ' -f1)"
  expect_exit 0 "$LASTGOOD" --case with.case export $form --out $form.2
  cmp $form.1 $form.2 || { echo "$form: two exports of one case differ"; exit 1; }
  expect_exit 2 "$LASTGOOD" --case with.case export $form --out $form.1
  expect_text with.case/ledger "\"sha256\":\"$(sha256sum <$form.1 | cut -d' ' -f1)\""
done
$check stix - stix.1
$check misp - misp.1
for form in stix misp csv; do
  for value in dog2398@mail.example.org mouse63209@mail.example.org 193.0.6.139 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa; do
    expect_text $form.1 $value
  done
  for own in 'Asha' 'hims1' "$PWD" 'desk@hospital' 'mx.hospital'; do expect_no_text $form.1 "$own"; done
done
expect_text stix.1 'unknown ransomware (.bak9)'
expect_text stix.1 '"name":"README.txt"'
expect_text stix.1 '"type":"email-message"'
expect_text stix.1 '939a9414-2ddd-4d32-a0cd-375ea402b003'
expect_text misp.1 'tlp:amber+strict'

# Another level; all of it with own names.
expect_exit 0 "$LASTGOOD" --case with.case export stix --json --all --tlp GREEN --out all.json
expect_text out '"tlp":"GREEN"'
$check stix - all.json
expect_text all.json 'bab4a63c-aed9-4cf5-a766-dfca5abac2bb'
expect_text all.json 'hims1'
expect_exit 2 "$LASTGOOD" --case with.case export stix --tlp WHITE --out x
expect_exit 2 "$LASTGOOD" --case with.case export xml --out x

# Without the mail, what stood on it is gone.
expect_exit 0 "$LASTGOOD" --case without.case export stix --out without.json
$check stix - without.json
for gone in 193.0.6.139 email-message ipv4-addr 'handed over'; do expect_no_text without.json "$gone"; done
expect_text without.json dog2398@mail.example.org
expect_exit 0 "$LASTGOOD" --case with.case ledger verify
