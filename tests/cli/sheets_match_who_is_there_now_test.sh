# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Who was registered since the services are up again is found: papers are compared with, and sheets are of, the restored
# database as it stands there, while its server runs, and with what lies at a path that a person names; else with the backup, and that is said.
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers are locked in by root only"; exit 0; }
here=$PWD
B=/usr/lib/postgresql/15/bin
chmod 711 .
mkdir db && chown postgres: db
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $here/db; $1"; }
start() { as_postgres "$B/pg_ctl -D data -w -l log start >/dev/null </dev/null"; }
psql() { as_postgres "$B/psql -X -h $here/db -d ehosp -qc \"$1\""; }
trap 'as_postgres "$B/pg_ctl -D data -m immediate stop" >/dev/null 2>&1 || true' EXIT
python3 - "$TESTS/../../share/sheets/drill-hospital.json" <<'PY' >schema.sql
import json, sys
pack = json.load(open(sys.argv[1]))
kind = lambda name: "date" if name.endswith("_date") else "timestamptz" if name.endswith("_at") else "int" if name.endswith("id") and name != "uhid" else "text"
for table, columns in pack["fingerprints"][0]["tables"].items():
    print("create table %s(%s);" % (table, ", ".join(name + " " + kind(name) for name in columns)))
print("insert into patient values ('UH1', 'Sunita Devi', '', 'F', '1988-01-01', '9876543210'), ('UH2', 'Ravi Kumar', '', 'M', '1970-01-01', '5551111111');")
PY
chmod 644 schema.sql
as_postgres "$B/initdb -D data -A trust --no-sync -U postgres >init.log
  printf \"unix_socket_directories='$here/db'\nlisten_addresses=''\nfsync=off\nautovacuum=off\ncheckpoint_timeout=1h\n\" >>data/postgresql.conf"
start
as_postgres "$B/createdb -h $here/db ehosp; $B/psql -X -h $here/db -d ehosp -qf $here/schema.sql
  $B/pg_basebackup -h $here/db -D base -c fast --no-sync"
mkdir -p backup/2022-11-22T070000Z
mv db/base backup/2022-11-22T070000Z/data
cat >services.toml <<T
[service.his]
[[service.his.data]]
kind = "postgresql"
path = "$here/db/data"
database = "ehosp"
T
expect_exit 0 "$LASTGOOD" case new h.case
expect_exit 0 "$LASTGOOD" backups add nas "folder:$here/backup" --map "=$here/db"
expect_exit 0 "$LASTGOOD" backups judge
expect_exit 0 "$LASTGOOD" services set services.toml
day=$(date -u -d yesterday +%F)
paper() { printf '%s\n' "$1" admission '' "$3" "$2" U '' W-1 fever "$day 09:10" ''; }
paper W-0001 'Asha Rani' 9000000001 | "$LASTGOOD" sheets enter --by 'Clerk Tom' >out

# Before anything was put back: the backup.
expect_exit 0 "$LASTGOOD" sheets match
expect_text out 'compared with 2 persons of backup nas'
expect_text out 'nobody with this number, telephone or name'
# What lies at a path is asked as it is there now, also while its server runs; nothing there is written
# (to its log the server itself writes every quarter of a minute).
psql "insert into patient values ('UH3', 'Asha Rani', '', 'F', '1990-01-01', '9000000001')"
question='SELECT uhid AS number, name, sex, birth_date, phone FROM patient'
before=$(cd db/data && find base global -type f | sort | xargs stat -c '%n %s %Y')
expect_exit 0 "$LASTGOOD" sheets match --patients db/data --database ehosp --sql "$question"
expect_text out "compared with 3 persons of what lies at '$here/db/data', data as of"
expect_text out 'UH3'
[ "$before" = "$(cd db/data && find base global -type f | sort | xargs stat -c '%n %s %Y')" ]
# Transactions go on meanwhile: each is there whole or not at all.
as_postgres "yes 'begin; insert into ward values (1, 0, 0); insert into clinic values (1, 0, 0); commit;' | head -200000 | $B/psql -X -h $here/db -d ehosp -q >/dev/null 2>&1" &
writer=$!
sleep 1
expect_exit 0 "$LASTGOOD" sheets match --patients db/data --database ehosp --sql "$question WHERE (SELECT count(*) FROM ward) BETWEEN 1 AND (SELECT count(*) FROM clinic) AND (SELECT count(*) FROM clinic) = (SELECT count(*) FROM ward)"
expect_text out "compared with 3 persons of what lies at '$here/db/data', data as of"
psql 'select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid() and datname = current_database()' >/dev/null
wait $writer || true
python3 - <<'PY'
import sqlite3
there = sqlite3.connect("there.db")
there.execute("create table p(n text, name text, phone text)")
there.execute("insert into p values ('S-9', 'Asha Rani', '9000000001')")
there.commit()
PY
expect_exit 0 "$LASTGOOD" sheets match --patients there.db --sql "SELECT n AS number, name, '' AS sex, '' AS birth_date, phone FROM p"
expect_text out "compared with 1 persons of what lies at '$here/there.db'"
expect_text out 'S-9'
# One that is written to all the time has no moment at which it could be copied whole: nothing half is compared with.
python3 -c '
import sqlite3, time
there = sqlite3.connect("there.db", isolation_level=None)
there.execute("pragma synchronous = off")
while True:
    there.execute("insert into p values (1, 2, 3)")
    open("writes", "w").close()
    time.sleep(0.005)' &
writer=$!
until [ -e writes ]; do sleep 0.1; done
expect_exit 3 "$LASTGOOD" sheets match --patients there.db --sql "SELECT n AS number, name, '' AS sex, '' AS birth_date, phone FROM p"
expect_text err 'a program works in it and wrote while it was copied'
kill $writer
wait $writer || true
# A question of which nobody says what it is asked is a mistake, and is not left out without a word.
expect_exit 2 "$LASTGOOD" sheets match --sql 'SELECT 1 AS x'
expect_text err '--sql does not say which database it is for'
expect_exit 3 "$LASTGOOD" sheets match --patients nowhere
# Without a question it is that of the pack whose tables are there; and what is named may be a link.
ln -s "$here/db/data" link
expect_exit 0 "$LASTGOOD" sheets match --patients link
expect_text out "compared with 3 persons of what lies at '$here/link', data as of"
expect_text out 'UH3'
expect_exit 3 "$LASTGOOD" sheets match --patients there.db
expect_text err "no pack has its tables, and says how patients are asked for"

# Struck, restored in its place, and started: from then on it is the one that papers are compared with.
as_postgres "$B/pg_ctl -D data -w -m immediate stop" >/dev/null
table=$(find db/data/base -type f -size +40k -name '[0-9]*' | head -1)
head -c "$(stat -c %s "$table")" /dev/urandom >"$table.bak9" && rm "$table"
"$LASTGOOD" scan --host h "$here/db" >out 2>err || true
expect_exit 0 "$LASTGOOD" restore --service his --in-place
start
psql "insert into patient values ('UH4', 'Asha Rani', '', 'F', '1990-01-01', '9000000001')"
expect_exit 0 "$LASTGOOD" sheets match
expect_text out "compared with 3 persons of the database that was restored to '$here/db/data' until"
expect_text out 'UH4'
# Nor do wards work from older rows than there are: sheets are of it, and say so; those of the backup remain possible.
cat services.toml - >sheets.toml <<'T'
[[service.his.sheet]]
id = "patients"
sql = "SELECT uhid, name FROM patient ORDER BY uhid"
T
expect_exit 0 "$LASTGOOD" sheets --services sheets.toml --to now --form csv,html
expect_text out "$here/db/data: the database as it stands restored in its place, $here/db/data"
expect_text now/current/sheets/patients.csv UH4
expect_text now/current/sheets/patients.html 'as it stands restored in its place'
expect_text now/current/sheets/patients.html 'what came between its backup and its restore'
expect_exit 0 "$LASTGOOD" sheets --services sheets.toml --to then --form csv --from-backups
expect_text out 'backup nas'
expect_text then/current/sheets/patients.csv UH2
expect_no_text then/current/sheets/patients.csv UH4
expect_exit 2 "$LASTGOOD" sheets --services sheets.toml --to then --from-backups --from-damaged /
# Its table is struck again, the server still starts: the backup stands in, and that is said.
table=$(as_postgres "$B/psql -X -h $here/db -d ehosp -Atqc \"select pg_relation_filepath('patient')\"")
as_postgres "$B/pg_ctl -D data -w -m fast stop" >/dev/null
cp -p "db/data/$table" patient.table
head -c 8192 /dev/urandom >"db/data/$table"
expect_exit 0 "$LASTGOOD" sheets match
expect_text err "NOT compared with the database that was restored to '$here/db/data'"
expect_text out 'compared with 2 persons of backup nas'
expect_exit 3 "$LASTGOOD" sheets --services sheets.toml --to again --form csv
expect_text out 'newer data could not be had: the database as it stands restored in its place'
expect_text out '1 sheet is from a copy that stands in for what did not answer'
cp -p patient.table "db/data/$table"
start
# Where it cannot be had, that is said, and the backup stands in.
as_postgres "$B/pg_ctl -D data -w -m fast stop" >/dev/null
rm db/data/global/pg_control
expect_exit 0 "$LASTGOOD" sheets match
expect_text err "NOT compared with the database that was restored to '$here/db/data'"
expect_text out 'compared with 2 persons of backup nas'
expect_exit 0 "$LASTGOOD" ledger verify
