# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# The same patients in a dump, in a folder of PostgreSQL and in one of MariaDB are counted once, and each alone gives the
# same number: the engine that made a folder is asked, locked in; what does not answer is told.
. "$TESTS/expect.sh"
[ "$(id -u)" -eq 0 ] || { echo "needs root"; exit 1; }
python3 "$TESTS/make_patients.py" data 500 >ids
"$LASTGOOD" case new c.case >new
chmod 711 . && mkdir pg my scratch && chown postgres pg && chown mysql my
bin=/usr/lib/postgresql/15/bin
as() { user=$1 && shift && setpriv --reuid="$user" --regid="$user" --init-groups -- "$@"; }

# A PostgreSQL with the dump's rows, shut down; its folder is what is there.
as postgres "$bin/initdb" -D "$PWD/pg/data" -A trust --no-sync >pg.log
as postgres "$bin/pg_ctl" -D "$PWD/pg/data" -w -l "$PWD/pg/log" -o "-c unix_socket_directories=$PWD/pg -c listen_addresses=" start >pg.log
createdb -h "$PWD/pg" -U postgres his
{ cat data/his.sql; echo "create view people as select * from public.patients;"; } | sed '/INTO public.drugs/d; /COPY public.drugs/,/^\\\./d' >his.sql
psql -q -X -h "$PWD/pg" -U postgres -d his -v ON_ERROR_STOP=1 -f his.sql >psql.log
psql -q -X -h "$PWD/pg" -U postgres -d his -At -c "create table wards as select generate_series(1,9000) bed" -c "select pg_relation_filepath('wards')" >wards
as postgres "$bin/pg_ctl" -D "$PWD/pg/data" -w stop >pg.log

# A MariaDB with the same patients, killed.
as mysql mariadb-install-db --no-defaults --datadir="$PWD/my/data" --auth-root-authentication-method=normal --skip-test-db >my.log 2>&1
as mysql mariadbd --no-defaults --datadir="$PWD/my/data" --socket="$PWD/my/s" --skip-networking --pid-file="$PWD/my/pid" >my.log 2>&1 &
for _ in $(seq 300); do mariadb-admin --no-defaults -u root -S "$PWD/my/s" ping >/dev/null 2>&1 && break; sleep 0.1; done
{ echo "create database his; use his; create table patients (id int, uhid text, aadhaar text, patient_name varchar(80), dob date, mobile text);"
  sed -n '/^COPY public.patients/,/^\\\./p' data/his.sql | grep -v '^COPY\|^\\' |
    awk -F'\t' '{printf "insert into patients values (%s,\"%s\",\"%s\",\"%s\",\"%s\",\"%s\");\n",$1,$2,$3,$4,$5,$6}'
  echo "flush tables;"; } >my.sql
mariadb --no-defaults -u root -S "$PWD/my/s" <my.sql
kill -9 "$(cat my/pid)" && wait || true
find pg/data my/data -printf '%p %s %T@\n' | sort >before

mkdir dump && cp data/his.sql dump
for folder in dump pg/data my/data; do
  expect_exit 1 "$LASTGOOD" --case c.case exposure --scratch scratch --json "$folder"
  expect_text out '"basis":"held","standing":"final","lower":500,"upper":500'
  ! grep -rFf ids c.case out err || { echo "an identifier was left behind"; exit 1; }
done
expect_exit 1 "$LASTGOOD" --case c.case exposure --scratch scratch --columns dump pg/data my/data
expect_text out 'held in what was read          500 persons (final)'
expect_text out "'$PWD/pg/data', his.patients"
expect_text out "'$PWD/my/data', his.patients"
find pg/data my/data -printf '%p %s %T@\n' | sort | diff before -
[ -z "$(ls scratch)" ] || { echo "a copy was left behind"; exit 1; }

# A table that was encrypted is told, and the others count.
cp -a pg/data broken
seeded_bytes 90000 1 >"broken/$(cat wards)"
expect_exit 3 "$LASTGOOD" --case c.case exposure --scratch scratch broken
expect_text out '500 persons, and more may be in what could not be read'
expect_text out 'public.wards (database his)'
