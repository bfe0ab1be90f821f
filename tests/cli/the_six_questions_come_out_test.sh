# SPDX-License-Identifier: Apache-2.0
# The case of 23 November 2022 as its press tells it: two accounts in the headers of .bak9 files, two addresses with ports
# in a log of connections. The six questions that the police wrote come out with nothing typed, each to whom it concerns.
. "$TESTS/expect.sh"
python3 "$TESTS/make_address_data.py" data
mkdir -p srv/home logs
for i in 1 2 3 4 5 6 7 8; do
  { printf 'dog2398@protonmail.com mouse63209@protonmail.com\n'; seeded_bytes 40000 "body $i"; } >srv/home/r$i.docx.bak9
  touch -d "2022-11-23T01:3$i:00Z" srv/home/r$i.docx.bak9
done
{ printf '#separator \\x09\n#set_separator\t,\n#empty_field\t(empty)\n#unset_field\t-\n#path\tconn\n'
  printf '#fields\tts\tuid\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\tservice\tduration\torig_bytes\tresp_bytes\tconn_state\n'
  printf '#types\ttime\tstring\taddr\tport\taddr\tport\tenum\tstring\tinterval\tcount\tcount\tstring\n'
  printf '1669165200.25\tC1\t10.1.1.7\t51000\t1.2.3.4\t8443\ttcp\tssl\t31.5\t48000000\t9000\tSF\n'   # 2022-11-23 01:00 UTC
  printf '1669166400.25\tC2\t10.1.1.7\t51001\t5.6.7.8\t4444\ttcp\t-\t31.5\t22000000\t9000\tSF\n'   # 01:20 UTC
} >logs/conn.log
# A doctor at home, the evening before: nothing ties her to the attack.
echo '2022-11-22T18:00:00.000000+00:00 gate sshd[901]: Accepted password for asha from 9.9.9.9 port 40001 ssh2' >logs/auth.log

expect_exit 0 "$LASTGOOD" case new a.case
expect_exit 0 "$LASTGOOD" questions
expect_text out 'no letter: the case names no account, mark or address'
expect_exit 1 "$LASTGOOD" scan --host db1 srv
expect_exit 0 "$LASTGOOD" evidence add logs --by 'R. Nair' --where 'server room' --why inquiry --authority 'order 17'
expect_exit 0 "$LASTGOOD" timeline import --host gate --zone +00:00 logs

expect_exit 0 "$LASTGOOD" questions --data data --out letters --format text
expect_exit 0 "$LASTGOOD" timeline
expect_text out 'first entry: unknown; before the encryption came logins from outside that nothing speaks against:'
! ls letters | grep -q 9-9-9-9 || { echo "a letter asks who the doctor is"; exit 1; }
expect_no_text letters/01-police.txt asha
expect_exit 0 "$LASTGOOD" questions --data data --about 9.9.9.9 --about fox@nowhere.example   # unless a person wants to know
expect_text out 'network of 9.9.9.9'
expect_text err "'fox@nowhere.example' stands nowhere in the case"
grep -c '"kind":"questions-' a.case/ledger | grep -qx 2 || { echo "not two entries in the ledger"; exit 1; }
(cd letters && sha256sum --quiet -c SHA256SUMS)
echo 'completed by the officer' >>letters/01-police.txt
for form in text pdf; do
  expect_exit 2 "$LASTGOOD" questions --data data --out letters --format $form
  expect_text err "cannot write 'letters/SHA256SUMS': it is there already"
done
expect_text letters/01-police.txt 'completed by the officer'
for letter in police interpol mutual-legal-assistance; do
  for question in 'To whom, person or company, were the addresses 1.2.3.4 port 8443 and 5.6.7.8 port 4444 allotted' \
    'Which company gives internet there' \
    'Since when have the accounts dog2398@protonmail.com and mouse63209@protonmail.com been used' \
    'What else were the accounts dog2398@protonmail.com and mouse63209@protonmail.com used for' \
    'Timing of the attack' \
    'From where was the encryption done'; do
    expect_text letters/*-$letter.txt "$question"
  done
done
cloud=$(echo letters/*-network-as64500.txt)
expect_text "$cloud" 'Example Cloud (HK), Limited'
expect_text "$cloud" '2022-11-23 01:00:00 UTC, 2022-11-23 06:30:00 +05:30'   # the second, in both zones
expect_text "$cloud" '10.1.1.7 port 51000'
expect_text "$cloud" 'evidence E-0001'
expect_text "$cloud" "SHA-256 of the file $(sha256sum <logs/conn.log | cut -d' ' -f1)"   # although a folder was taken
expect_text "$cloud" 'of its manifest: '
expect_text "$cloud" 'Public address of the organisation'   # 10.1.1.7 is nothing that a provider saw
expect_text "$cloud" 'Department of Justice, Hong Kong'
expect_text "$cloud" '2 of 3 databases place it in HK (Hong Kong)'
expect_text "$cloud" 'a hosting network'
expect_text "$cloud" 'not who used it or where that person was'
expect_no_text "$cloud" '5.6.7.8'
expect_text letters/*-network-as64501.txt 'Ministry of Justice, China'
expect_text letters/*-mail-proton.txt 'Federal Office of Justice, Switzerland'
expect_text letters/*-mail-proton.txt 'check before use'
expect_text letters/*-mail-proton.txt 'Case number (FIR): ________________'
expect_text letters/*-mail-proton.txt 'Error of the clocks: unknown'
expect_text letters/*-mail-proton.txt '1. renew by 20'
! grep -riE 'attacker is|originat|traced to|perpetrator|culprit' letters || exit 1

expect_exit 0 "$LASTGOOD" case describe --police 'IFSO' --case-number 'FIR 349/2022' --offences 'IT Act 66, 66F; IPC 385' --organisation 'District Hospital'
for form in odt docx pdf html; do
  expect_exit 0 "$LASTGOOD" questions --data data --out "as-$form" --format $form
  [ "$(ls "as-$form" | grep -c "\.$form$")" -eq "$(ls letters | grep -c '\.txt$')" ] || { echo "letters are missing in $form"; exit 1; }
done
pdftotext as-pdf/01-police.pdf - >police.txt
expect_text police.txt 'FIR 349/2022'
/usr/bin/python3 -c "import docx, sys; print('\n'.join(p.text for p in docx.Document(sys.argv[1]).paragraphs))" as-docx/01-police.docx >police.txt
expect_text police.txt 'From where was the encryption done'
expect_exit 0 "$LASTGOOD" questions --data data --json
python3 - <<'PY'
import json
letters = {one["id"]: one for one in map(json.loads, open("out")) if one["type"] == "letter"}
assert letters["network-as64500"]["country"] == "HK" and letters["network-as64500"]["named"] == "Example Cloud (HK), Limited"
assert [q["id"] for q in letters["mail-proton"]["questions"]] == ["account.since", "account.used_for", "attack.timing", "attack.from_where"]
assert letters["mail-proton"]["renew_by"] and letters["mail-proton"]["windows"][0]["clock_error"] is None
assert "National Investigation Agency" in letters["mail-proton"]["path"]
PY

expect_exit 0 "$LASTGOOD" dossier --data data --seen 2022-11-23T01:00:00Z 1.2.3.4
expect_text out 'registered in HK (Hong Kong)'
expect_text out 'announced to the internet by AS64500'
expect_text out '3 days'
expect_exit 0 "$LASTGOOD" dossier --data data --seen 2023-11-23T01:00:00Z 1.2.3.4
expect_text out 'strength: lowered'
expect_exit 0 "$LASTGOOD" dossier --data data
expect_text out '5.6.7.8'
expect_exit 2 "$LASTGOOD" dossier --data data 1.2.3
expect_exit 10 "$LASTGOOD" dossier --data nowhere 1.2.3.4
expect_text err 'hint: tools/get_address_data.sh'
printf x >>data/networks
expect_exit 3 "$LASTGOOD" dossier --data data 1.2.3.4
expect_text err "networks' is not what was installed"
expect_text out 'unknown: no data set installed'
expect_exit 0 "$LASTGOOD" ledger verify
# What a provider answers is kept by a letter that is evidence, and stands in the dossier as the surest level.
expect_exit 2 "$LASTGOOD" dossier answer 203.0.113.7 --provider 'Net One' --evidence E-0999 --text x
expect_text err 'evidence add'
expect_exit 0 "$LASTGOOD" case describe --clock-error 'gate 3 s slow against the time server, compared by R. Nair'
expect_exit 0 "$LASTGOOD" questions --format text --out compared
grep -q 'gate 3 s slow' compared/*.txt || { echo "the letters do not say the error of the clocks"; exit 1; }
expect_exit 0 "$LASTGOOD" dossier answer 5.6.7.8 --provider 'Net One' --evidence E-0001 --text 'allotted to customer 17'
expect_exit 3 "$LASTGOOD" dossier --data data
expect_text out 'Net One: allotted to customer 17'
expect_exit 3 "$LASTGOOD" dossier --data data 5.6.7.8   # named or not, the case is asked, too
expect_text out 'Net One: allotted to customer 17'
expect_text out 'In this case it was seen 1 time; connection to it (fact), port 4444, in evidence E-0001, '
expect_text out 'next: lastgood questions'
expect_exit 3 "$LASTGOOD" dossier --data data 5.6.7.8 --json
python3 -c 'import json; seen = json.load(open("out"))["observed"]; assert seen["port"] == 4444 and seen["evidence"] == "E-0001"'
expect_exit 3 "$LASTGOOD" dossier --data data 192.0.2.1
expect_text out 'kept for examples in documents'
expect_exit 0 "$LASTGOOD" ledger verify
# The report says whose the data is, as its licences ask.
python3 "$TESTS/make_address_data.py" fresh
sed -i 's/"attribution": ""/"attribution": "made by Example Data"/' fresh/manifest.json
expect_exit 0 "$LASTGOOD" report --data fresh --out r.html
expect_text r.html 'made by Example Data'
expect_text r.html '2 of 3 databases place it in HK'
