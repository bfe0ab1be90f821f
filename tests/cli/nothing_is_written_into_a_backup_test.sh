# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Whatever is written for people, none of it goes into a backup of the case, into a database, or onto a disk that is looked at.
. "$TESTS/expect.sh"
mkdir -p nas/2022-11-22/srv disk/srv/mysql disk/srv/samba papers
echo patient >nas/2022-11-22/srv/list.txt
: >disk/srv/ibdata1
ln -s nas stick
expect_exit 0 "$LASTGOOD" case new a.case
expect_exit 0 "$LASTGOOD" case describe --organisation 'District Hospital' --zone +05:30
expect_exit 2 "$LASTGOOD" backups add apart "folder:stick"
expect_text err "is a link"
expect_text err "hint: give what it leads to: folder:$PWD/nas"
expect_exit 0 "$LASTGOOD" backups add apart folder:nas
expect_exit 0 "$LASTGOOD" backups judge apart
expect_exit 0 "$LASTGOOD" notices aware --at 2022-11-23T07:07:00+05:30 --by 'Dr Rao'
find nas disk -printf '%p %s %T@ %C@\n' | sort >before
for place in nas stick/2022-11-22 disk/srv; do
  for command in 'report --out PLACE/report.html' 'plan --out PLACE/plan.json' \
    'export stix --out PLACE/x.json' 'notices draft in-cert-in --out PLACE/letters' \
    'questions --out PLACE/letters' 'ledger head --html PLACE/head.html' 'ledger key new --no-passphrase --out PLACE/key.pem' \
    'ledger timestamp request --out PLACE/head.tsq' 'timeline export --out PLACE/t.jsonl' 'timeline --picture PLACE/t.svg' \
    'evidence export PLACE/hand-over'; do
    set -- $(echo "$command" | sed "s,PLACE,$place,")
    expect_exit 32 "$LASTGOOD" "$@"
    expect_text err 'nothing is written to'
  done
done
expect_exit 32 "$LASTGOOD" services infer --mounted disk --out disk/services.toml
expect_text err 'the disk that is looked at'
expect_exit 32 "$LASTGOOD" services infer disk --out disk/srv/services.toml
expect_exit 32 "$LASTGOOD" services infer nas --out nas/services.toml
expect_exit 32 "$LASTGOOD" case new disk/srv/mysql/new
# Behind a link ".." leads to where that lies.
mkdir elsewhere && ln -s "$PWD/nas/2022-11-22/srv" elsewhere/link
expect_exit 32 "$LASTGOOD" report --out elsewhere/link/../report.html
expect_exit 32 "$LASTGOOD" notices draft in-cert-in --out elsewhere/link/../new/letters
rm -r elsewhere
find nas disk -printf '%p %s %T@ %C@\n' | sort | cmp - before
expect_exit 0 "$LASTGOOD" report --out papers/report.html
