# SPDX-License-Identifier: Apache-2.0
# Persons are counted exactly out of every form; the four bases stay apart; what is not shown is unknown; what cannot be
# read is told; and no identifier is left anywhere: not in the case, not in the output.
. "$TESTS/expect.sh"
python3 "$TESTS/make_patients.py" data 500 >ids
"$LASTGOOD" case new c.case >new
stat -c '%n %x %y %z' data/* >before
expect_no_identifiers() { ! grep -rFf ids c.case out err || { echo "an identifier was left behind"; exit 1; }; }

# 500 patients in seven forms; an insurance list of 50 of them by PAN and ABHA alone, which nothing joins to the others.
expect_exit 1 "$LASTGOOD" --case c.case exposure --held-on his-db1 data
stat -c '%n %x %y %z' data/* | diff before -
expect_text out 'held in what was read          550 persons (final)'
expect_text out "named as held on 'his-db1'"
expect_text out 'aadhaar: aadhaar (proven), such as XXXXXXXX'
expect_text out 'readable by the attacker       unknown'
expect_text out 'no access is shown by evidence: unknown, which is not none'
expect_text out 'leaving the house              unknown'
expect_no_identifiers
rm -rf none && mkdir none && expect_exit 0 "$LASTGOOD" --case c.case exposure none
expect_text out '0 persons'

# Without the insurance list, whoever has one numbering is counted once.
expect_exit 1 "$LASTGOOD" --case c.case exposure --json --exclude insurance.tsv data
expect_text out '"basis":"held","standing":"final","lower":500,"upper":500'
expect_text out '"basis":"leaving","standing":"unknown","lower":null,"upper":null'
expect_no_identifiers

# What cannot be read is told, keeps the bound open, and the exit code says in part.
cp -r data more
gzip -c data/opd.csv >more/old.csv.gz
tar czf more/old.tgz data/opd.csv
printf '15\n' >more/PG_VERSION
printf 'INSERT INTO public.visits (uhid) VALUES (%s' "'UH-77" >more/torn.sql
expect_exit 3 "$LASTGOOD" --case c.case exposure more
expect_text out '550 persons, and more may be in what could not be read (estimate)'
expect_text out 'old.tgz: packed with gzip, in it: a tar archive: unpack it'
expect_text out "old.csv.gz'"
expect_text out 'data files of PostgreSQL: make a dump with pg_dump'
expect_text out 'sql.row'

# Access and egress: only with evidence that the case has; then at most what was held, at least none.
expect_exit 2 "$LASTGOOD" --case c.case exposure --access-shown E-0001 data
printf 'smbd_audit: ...\n' >smb.log
expect_exit 0 "$LASTGOOD" --case c.case evidence add smb.log --by 'R. Nair' --where here --why test --authority none
expect_exit 1 "$LASTGOOD" --case c.case exposure --access-shown E-0001 --egress-shown E-0001 --egress-bytes 41000 data
expect_text out 'readable by the attacker       between 0 and 550 persons (estimate)'
expect_text out 'evidence E-0001 is named as showing that data left (41 000 bytes out)'

# Encrypted: the case's verdicts, counted in readable copies of the same files.
mkdir -p srv/his
for file in opd.csv his.sql lab.sql adt.hl7 bundle.json; do
  { printf 'dog2398@protonmail.com mouse63209@protonmail.com\n'; seeded_bytes 60000 "$file"; } >"srv/his/$file.bak9"
done
for i in 1 2 3 4 5 6 7 8; do
  { printf 'dog2398@protonmail.com mouse63209@protonmail.com\n'; seeded_bytes 60000 "$i"; } >"srv/his/x$i.docx.bak9"
done
expect_exit 1 "$LASTGOOD" --case c.case scan srv
mkdir -p copy/his && cp data/opd.csv data/his.sql copy/his
expect_exit 1 "$LASTGOOD" --case c.case exposure copy
expect_text out 'in files that were encrypted   500 persons, and more may be in what could not be read (estimate)'
expect_text out 'counted in readable copies of 2 of 13 encrypted files'
expect_text out 'of 11 only the encrypted form is known, which is not none'

# Where only the encrypted form is, the answer is not "none".
expect_exit 3 "$LASTGOOD" --case c.case exposure srv
expect_text out '0 persons, and more may be in what could not be read (estimate)'
expect_text out 'the case knows it as encrypted: only the encrypted form is here'
expect_exit 1 "$LASTGOOD" --case c.case exposure copy

# The newest count is shown again; a changed one is refused; the ledger carries its digest.
expect_exit 0 "$LASTGOOD" --case c.case exposure show --columns
expect_text out 'pass the Verhoeff checksum'
newest=$(ls c.case/exposure/*.json | tail -n 1)
grep -q "$(sha256sum <"$newest" | cut -d' ' -f1)" c.case/ledger
expect_exit 0 "$LASTGOOD" --case c.case ledger verify
sed -i 's/"lower": 500/"lower": 501/' "$newest"
expect_exit 23 "$LASTGOOD" --case c.case exposure show
expect_exit 2 "$LASTGOOD" --case c.case exposure
expect_exit 11 "$LASTGOOD" --case c.case exposure nowhere
"$LASTGOOD" case new empty.case >new
expect_exit 0 "$LASTGOOD" --case empty.case exposure show
expect_text out 'unknown, which is not none'
