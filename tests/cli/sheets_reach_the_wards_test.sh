# SPDX-License-Identifier: Apache-2.0
# From a backup of a real PostgreSQL: the pack is known by its tables, each ward gets its packet, one encrypted table
# costs its own sheets only, numbers are given once, codes can be read, and what was written on paper comes back.
. "$TESTS/expect.sh"
[ "$(id -u)" -eq 0 ] || { echo "skipped: scratch servers are locked in by root"; exit 0; }
bin=/usr/lib/postgresql/15/bin
schema=$TESTS/../../src/drill/servers/schema/ehosp.sql
chmod 755 .
mkdir -p nas/2022-11-23 sock && chown postgres nas/2022-11-23 sock
as_postgres() { setpriv --reuid postgres --regid postgres --init-groups "$@"; }
data=$PWD/nas/2022-11-23/pgdata
as_postgres $bin/initdb -D "$data" -A trust --data-checksums -E UTF8 >/dev/null
as_postgres $bin/pg_ctl -D "$data" -w -l "$PWD/sock/log" -o "-k $PWD/sock -c listen_addresses=''" start >/dev/null
psql() { as_postgres $bin/psql -q -v ON_ERROR_STOP=1 -h "$PWD/sock" "$@"; }
psql -d postgres -c 'CREATE DATABASE ehosp'
psql -d ehosp <"$schema"
psql -d ehosp <<'SQL'
INSERT INTO department VALUES (1, 'MED', 'Medicine', 'A');
INSERT INTO consultant VALUES (1, 1, 'Dr Iyer', '4411');
INSERT INTO clinic VALUES (1, 1, 'MED1', 'Medicine I', '12');
INSERT INTO ward SELECT i, 'W-' || i, 'Ward ' || i, 'A', 1, 30 FROM generate_series(1, 3) i;
INSERT INTO patient SELECT 'UH' || lpad(i::text, 7, '0'), CASE i WHEN 7 THEN '<script>alert(1)</script>' ELSE 'Sunita Devi ' || i END,
  CASE i WHEN 7 THEN 'आशा राव' ELSE 'सुनीता देवी' END, 'F', '1980-01-01', '98765' || lpad(i::text, 5, '0'), 'Delhi', now() FROM generate_series(1, 60) i;
INSERT INTO allergy VALUES (1, 'UH0000001', 'penicillin', 'severe', now());
INSERT INTO admission SELECT i, 'UH' || lpad(i::text, 7, '0'), 1 + i % 3, 'B-' || i, 1, 'fever', 'soft', now(), NULL FROM generate_series(1, 60) i;
INSERT INTO appointment SELECT i, 'UH' || lpad(i::text, 7, '0'), 1, 1, current_date, '09:00', i, 'booked', now() FROM generate_series(1, 20) i;
INSERT INTO blood_unit VALUES (1, 'O+', 'plasma', current_date + 3, NULL);
CHECKPOINT;
SQL
blood=$(psql -d ehosp -Atc "SELECT pg_relation_filepath('blood_unit')")
as_postgres $bin/pg_ctl -D "$data" -w -m fast stop >/dev/null
expect_exit 0 "$LASTGOOD" case new h.case
expect_exit 0 "$LASTGOOD" case describe --zone +05:30
expect_exit 0 "$LASTGOOD" sheets packs
expect_text out 'drill-hospital'
# Nothing was judged yet: that is said, and nothing is made up.
expect_exit 11 "$LASTGOOD" sheets --pack auto --to out
expect_exit 0 "$LASTGOOD" backups add nas folder:nas/2022-11-23 --map =/var/lib
# Databases first: no file has a verdict yet, and the wards have their sheets.
expect_exit 0 "$LASTGOOD" backups judge nas --databases
expect_text out 'no file was judged now'
expect_text out 'next, what wards need first'
"$LASTGOOD" plan --out early.json >out 2>err || true
expect_text out 'note: not all is judged: '
expect_no_text out 'Last clean snapshot'
# What libpq would take from the environment is said at once, and not waited for.
PGPASSWORD=x timeout 60 "$LASTGOOD" sheets --pack drill-hospital --to never --scratch . >out 2>err || true
cat err >>out
expect_text out 'PGPASSWORD is set: a connection takes nothing from there'
expect_exit 0 "$LASTGOOD" sheets --pack auto --to usb --scratch .
expect_text out "database 'ehosp' is ehosp of pack drill-hospital"
expect_text out 'ward-census              60 rows, 3 packets'
expect_text out 'data as of'
[ -f usb/current/index.html ] && [ -f usb/current.html ] || { ls -R usb; exit 1; }
expect_text usb/current/sheets/ward-census.html '&lt;script&gt;alert(1)&lt;/script&gt;'
expect_no_text usb/current/sheets/ward-census.html '<script'
expect_text usb/current/sheets/ward-census.html 'penicillin (severe)'
expect_text usb/current/sheets/ward-census.html 'READ ONLY'
pdftotext -layout usb/current/packets/ward-W-1*.pdf ward.txt
expect_text ward.txt 'Ward census with allergies: ward W-1'
expect_text ward.txt 'W-0001'
expect_text ward.txt 'Empty lines W-0001 to W-0008 are for writing'
expect_text ward.txt 'page 1 of'
# Each code on the printed page says its sheet and number.
pdftoppm -r 400 -f 1 -l 1 -gray usb/current/packets/ward-W-1*.pdf page
/usr/bin/python3 - <<'PY'
import glob, zbar
from PIL import Image
image = Image.open(sorted(glob.glob("page*.pgm"))[0]).convert("L")
scanner = zbar.ImageScanner()
scanner.set_config(zbar.Symbol.NONE, zbar.Config.ENABLE, 0)
scanner.set_config(zbar.Symbol.QRCODE, zbar.Config.ENABLE, 1)
held = zbar.Image(image.size[0], image.size[1], "Y800", image.tobytes())
scanner.scan(held)
codes = {symbol.data for symbol in held}
assert any(code.startswith("WARD-CENSUS:UH00000") for code in codes), codes
# The table is closed on both sides, beside the codes, too: some column of dots is dark over most of the table.
def closed(left, right):
    return any(sum(image.getpixel((x, y)) < 128 for y in range(image.height // 4, image.height // 2)) > image.height // 5 for x in range(left, right))
edge = 34 * 400 // 72
assert closed(edge - 6, edge + 6) and closed(image.width - edge - 6, image.width - edge + 6), "the table has no border"
PY
# For one ward, as a PDF alone; the numbers go on where they were.
expect_exit 0 "$LASTGOOD" sheets --pack drill-hospital --for W-2 --form pdf --to one --scratch .
pdftotext -layout one/current/packets/ward-W-2*.pdf two.txt
expect_no_text two.txt 'W-0001'
expect_text two.txt 'W-0025'
# The damaged server: one table is encrypted; its sheet comes from the copy, all others from what survives.
mkdir -p live/var/lib && cp -a nas/2022-11-23/pgdata live/var/lib/pgdata
random_bytes 8192 >"live/var/lib/pgdata/$blood"
expect_exit 0 "$LASTGOOD" sheets --pack drill-hospital --from-damaged "$PWD/live" --to half --scratch . --json
/usr/bin/python3 - <<'PY'
import json
made = {line["id"]: line for line in map(json.loads, open("out")) if line.get("type") == "made_sheet"}
assert "damaged server" in made["ward-census"]["source"], made["ward-census"]
assert made["blood-bank"]["made"] and "nas" in made["blood-bank"]["source"], made["blood-bank"]
assert any("newer data could not be had" in note for note in made["blood-bank"]["notes"])
PY
# A pipe in a file's place keeps nobody waiting, and the page says where the data came from, with the disk.
rm "live/var/lib/pgdata/$blood" && mkfifo "live/var/lib/pgdata/$blood" live/var/lib/pgdata/base/pipe
expect_exit 0 timeout 300 "$LASTGOOD" sheets --pack drill-hospital --from-damaged "$PWD/live" --to pipe --scratch .
expect_text out '1 table of this copy does not answer'
expect_text pipe/current/sheets/ward-census.html "own files at $PWD/live/var/lib/pgdata"
# A server that lets nobody in: the reason is one line, said once on the terminal, and each page has it.
rm "live/var/lib/pgdata/$blood" live/var/lib/pgdata/base/pipe && mv live/var/lib/pgdata/base/1/PG_VERSION live/var/lib/pgdata/base/1/PG_VERSION.bak9
expect_exit 0 "$LASTGOOD" sheets --pack drill-hospital --from-damaged "$PWD/live" --to shut --scratch .
[ "$(grep -c 'newer data could not be had' out)" -eq 1 ] || { cat out; exit 1; }
expect_text out "the same note as at '"
expect_no_text out '\x0a'
expect_text shut/current/sheets/ward-census.html 'lets nobody in'
[ "$(grep -o 'lets nobody in' shut/current/index.html | wc -l)" -eq 1 ]
# Patients' data are for root alone until somebody says who may read them; where that keeps people out it is said.
expect_exit 0 "$LASTGOOD" sheets --pack drill-hospital --for W-2 --form pdf --to mine --scratch .
expect_text out "only the account that owns it opens mine: --readable-by GROUP"
setpriv --reuid nobody --regid nogroup --clear-groups cat mine/current/index.html >/dev/null 2>&1 && exit 1
expect_exit 0 "$LASTGOOD" sheets --pack drill-hospital --for W-2 --form pdf --to theirs --scratch . --readable-by daemon
expect_no_text out 'only the account'
setpriv --reuid nobody --regid daemon --clear-groups cat theirs/current.html theirs/current/index.html theirs/current/packets/*.pdf >/dev/null
setpriv --reuid nobody --regid nogroup --clear-groups cat theirs/current/index.html >/dev/null 2>&1 && exit 1
expect_exit 0 "$LASTGOOD" sheets --pack drill-hospital --for W-2 --form pdf --to mine --scratch . --readable-by everybody
expect_text out "only the account that owns it opens mine, which was there before: chmod it"
mkdir -m 700 closed
expect_exit 0 "$LASTGOOD" sheets --pack drill-hospital --for W-2 --form html --to closed/new --scratch . --readable-by everybody
expect_text out "nobody else gets to the sheets: $PWD/closed above them lets only its owner through"
expect_text out 'next: print closed/new/current/index.html'
expect_no_text out 'PDF files beside it'
expect_exit 2 "$LASTGOOD" sheets --pack drill-hospital --to x --readable-by no-such-group
# A stick that is full or gone is said, and the run before stays.
expect_exit 3 "$LASTGOOD" sheets --pack drill-hospital --to no/such/stick --scratch .
expect_text err "cannot make folder 'no/such/stick'"
mkdir full && mount -t tmpfs -o size=24k tmpfs full
expect_exit 31 "$LASTGOOD" sheets --pack drill-hospital --to full/x --scratch .
expect_text err 'no space left'
# What has room is made all the same, and what has none is named: sheets, and the packets of wards.
mount -o remount,size=400k full
expect_exit 3 "$LASTGOOD" sheets --pack drill-hospital --to full/x --scratch .
expect_text out 'packet NOT ON THIS DISK: ward W-1: no space left: '
[ -f full/x/current/index.html ] && [ -n "$(ls full/x/current/sheets/*.pdf)" ] || { cat out; ls -R full; exit 1; }
umount full
# A full stick gives up what newer runs have replaced, never the newest, and says how old that is.
one() { "$LASTGOOD" sheets --pack drill-hospital --form csv --to "$1" --keep 24 --scratch .; }
mkdir stick && mount -t tmpfs -o size=8m tmpfs stick
expect_exit 0 one stick/x
run_kib=$(df -k --output=used stick | tail -1)
mount -o remount,size=$((run_kib * 5 / 2))k stick
for time in 2 3; do expect_exit 0 one stick/x; done
expect_text out '1 older run given up for room'
[ "$(ls -d stick/x/2* | wc -l)" -eq 2 ] || { ls -R stick; exit 1; }
newest=$(readlink stick/x/current)
find stick/x -maxdepth 1 -name '2*' ! -name "$newest" -exec rm -r {} +
head -c $((run_kib * 1024)) /dev/zero >stick/other
mount -o remount,size=$((run_kib * 2 + 44))k stick # 32 of them are kept for the index until the end
# What has no room is named with what it needs and leads to where it was made last; the others are there, the smaller ones behind it, too.
expect_exit 3 one stick/x
expect_text out 'COULD NOT BE MADE: no space left: '
expect_text out 'are needed, '
[ "$(readlink stick/x/current)" != "$newest" ] && [ -f "stick/x/$newest/index.html" ] || { ls -R stick; exit 1; }
expect_text stick/x/current/index.html 'NOT ON THIS DISK: no space left: '
expect_text stick/x/current/index.html "../$newest/sheets/"
[ -n "$(ls stick/x/current/sheets)" ] && [ ! -e stick/x/current/.room-for-index ] || { ls -RA stick; exit 1; }
rm stick/other
mount -o remount,size=8m stick
expect_exit 0 one stick/x
umount stick
# Every second: the newest whole runs stay, and it ends when asked to.
: >often.log
"$LASTGOOD" sheets --pack drill-hospital --every 1s --keep 2 --form html --to often --scratch . >often.log 2>&1 &
every=$!
tries=0
while [ "$(grep -c 'sheets, 0 could not' often.log)" -lt 3 ]; do
  tries=$((tries + 1))
  [ $tries -lt 600 ] || { cat often.log; exit 1; }
  sleep 0.2
done
kill -INT $every
wait $every || true
[ "$(ls often/*/index.html | wc -l)" -le 3 ] && [ -f often/current/index.html ] || { ls -R often; exit 1; }
# What was written on paper comes back.
day=$(date -u -d yesterday +%F)
printf '%s\n' W-0001 admission '' '+91 98765 00001' 'Devi Sunita 1' F 42 W-1 'fever | ^ & ~ \' "$day 09:10" '' \
  W-0002 result UH0000007 '' 'Sunita Devi 2' F '' W-1 'K 6.1' "$day 10:00" '' >paper
expect_exit 0 "$LASTGOOD" sheets enter --by 'Nurse Mary' <paper
expect_text out 'kept as entry 1: admission W-0001, a number of ward-census W-1'
expect_exit 0 "$LASTGOOD" sheets match --scratch .
expect_text out 'UH0000001'
expect_text out 'same telephone'
grep -q 'UH0000007 .*(same patient number, .*BUT another name)' out || { cat out; exit 1; }
# A number with a digit too few is nobody's; who reads it in a card index can say so.
expect_exit 2 "$LASTGOOD" sheets match --decide 1 --number UH000001 --by 'Dr Rao'
expect_text err "no 'sheets match' has shown a patient 'UH000001' for entry 1"
# Who was shown for the entry beside it is a stranger of this one: the line slipped.
for entries in 1 '1 2'; do
  expect_exit 2 "$LASTGOOD" sheets match --scratch . --decide $entries --number UH0000007 --by 'Dr Rao'
  expect_text err "patient 'UH0000007' is <script>alert(1)</script>, F, born 1980-01-01"
  grep -Eq 'another name(, another telephone than entry 1: admission of Devi Sunita 1| than entry 2: result of Sunita Devi 2)' err || { cat err; exit 1; }
done
expect_exit 0 "$LASTGOOD" sheets match --decide 1 --number uh0000001 --by 'Dr Rao' --json
grep -q '"type":"back_entry_decision","entry":1,"patient_number":"UH0000001","person":1,"by":"Dr Rao"' out || { cat out; exit 1; }
expect_exit 2 "$LASTGOOD" sheets match --decide 9 --number UH1 --as-written --by 'Dr Rao'
# Who was shown with something that speaks against it is taken only when that is meant.
expect_exit 2 "$LASTGOOD" sheets match --decide 2 --number UH0000007 --by 'Dr Rao'
expect_text err 'born 1980-01-01, telephone 9876500007: another name than entry 2: result of Sunita Devi 2'
expect_text err 'as-written keeps it where it is this person all the same'
expect_exit 0 "$LASTGOOD" sheets export --form hl7 --out back.hl7
cp back.hl7 reviewed.hl7
expect_exit 3 "$LASTGOOD" sheets export --form csv --out back.hl7 # what a person reviewed is not written over
cmp back.hl7 reviewed.hl7
expect_exit 0 "$LASTGOOD" sheets export --form csv --out back.csv
expect_text back.csv 'UH0000001'
/usr/bin/python3 - <<'PY'
import hl7
text = open("back.hl7", newline="").read()
messages = ["MSH" + part for part in text.split("MSH")[1:]]
parsed = [hl7.parse(message) for message in messages]
kinds = [str(message.segment("MSH")[9]) for message in parsed]
assert kinds == ["ADT^A01^ADT_A01", "ORU^R01^ORU_R01"], kinds
assert str(parsed[0].segment("PID")[3]) == "UH0000001^^^^MR", parsed[0].segment("PID")
assert parsed[0].segment("PID")[8][0] == "F"
assert "K 6.1" in str(parsed[1].segment("OBX")[5])
PY
expect_exit 0 "$LASTGOOD" ledger verify
# Sixty of one name: who is of the age and the sex comes first, and who is not among the ten can be decided for all the same, where
# the number is somebody's who can be meant. A number of nobody stays refused, and a stranger's is shown first.
printf '%s\n' W-0003 registration '' none 'सुनीता देवी' F 42 W-1 'came back' "$day 11:00" '' >paper
expect_exit 0 "$LASTGOOD" sheets enter --by 'Nurse Mary' <paper
expect_exit 0 "$LASTGOOD" --case h.case sheets match --scratch .
expect_text out '10 of 59 that fit are shown, those first of whom most is the same (name, age, sex, place), among equals the nearest in age; 49 more are not'
expect_text out "a person to decide: lastgood --case $PWD/h.case sheets match --decide"
[ "$(grep -A 11 '^entry 3' out | grep -c 'same place')" -eq 10 ] || { cat out; exit 1; }
hidden=UH0000055
grep -q "$hidden" out && { cat out; exit 1; }
decide() { "$LASTGOOD" sheets match --scratch . --decide 3 --by "$1" --number "$2"; }
expect_exit 2 decide 'Dr Rao' UH0000099
expect_text err "no 'sheets match' has shown a patient 'UH0000099' for entry 3, and backup nas"
expect_exit 2 decide 'Dr Rao' UH0000007
expect_text err "patient 'UH0000007' is <script>alert(1)</script>, F, born 1980-01-01, telephone 9876500007: another name than entry 3"
expect_exit 0 decide 'Dr Rao' $hidden
expect_text out "$hidden is Sunita Devi 55, F, born 1980-01-01, telephone 9876500055"
expect_exit 2 "$LASTGOOD" sheets match --decide 3 --new --by 'Clerk Tom'
grep -q "'Dr Rao' decided 20..-..-.. ..:..:.. " err || { cat err; exit 1; }
expect_text err "that entry 3 (सुनीता देवी) is patient '$hidden'"
expect_exit 0 decide 'Clerk Tom' $hidden
expect_text out "before this: 'Dr Rao' decided"
expect_exit 0 "$LASTGOOD" sheets match --decide 3 --new --by 'Clerk Tom' --overrule
expect_text out "before this: 'Clerk Tom' decided"
