#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# The first ward packet from a large base backup: bench/sheets/large_cluster.sh NEW_FOLDER PROGRAM GB [TABLES_GB]
# Makes a PostgreSQL 15 of the drill's e-Hospital with about GB of data, of which about TABLES_GB (1) is in the tables that
# sheets ask and the rest in scanned documents, which no sheet opens; takes a base backup; then times judging and sheets,
# page cache dropped before each. Needs root, NEW_FOLDER on a disk with 2.5 x GB free; takes about 10 s per GB.
set -eu
[ $# -ge 3 ] || { sed -n '4,7s/^# //p' "$0"; exit 2; }
here=$(cd "$(dirname "$0")/../.." && pwd)
mkdir "$1"
folder=$(cd "$1" && pwd)
program=$(realpath "$2")
documents=$((($3 - ${4:-1}) * 1000))  # of a megabyte
patients=$((${4:-1} * 1000000))
bin=/usr/lib/postgresql/15/bin
chown postgres: "$folder"
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- "$@"; }
sql() { as_postgres "$bin/psql" -h "$folder" -d ehosp -v ON_ERROR_STOP=1 -qAt "$@" >/dev/null; }
cd "$folder"
as_postgres "$bin/initdb" -D "$folder/pg" -k -A trust --no-sync -E UTF8 --locale=C.UTF-8 >init.log
as_postgres "$bin/pg_ctl" -D "$folder/pg" -w -l "$folder/pg.log" start >/dev/null -o \
  "-c unix_socket_directories=$folder -c listen_addresses= -c fsync=off -c max_wal_size=8GB -c maintenance_work_mem=1GB"
trap 'as_postgres "$bin/pg_ctl" -D "$folder/pg" -m immediate stop >/dev/null 2>&1 || true' EXIT
as_postgres "$bin/createdb" -h "$folder" ehosp
sql -f "$here/src/drill/servers/schema/ehosp.sql"
sql <<SQL
SET session_replication_role = replica;
INSERT INTO department SELECT i, 'D' || i, 'Department ' || i, 'Block A' FROM generate_series(1, 20) i;
INSERT INTO consultant SELECT i, i % 20 + 1, 'Dr. ' || i, '98' || lpad(i::text, 8, '0') FROM generate_series(1, 200) i;
INSERT INTO clinic SELECT i, i % 20 + 1, 'C' || i, 'Clinic ' || i, 'Room ' || i FROM generate_series(1, 40) i;
INSERT INTO ward SELECT i, 'W' || i, 'Ward ' || i, 'Block B', i % 5, 60 FROM generate_series(1, 40) i;
INSERT INTO patient SELECT 'UH' || lpad(i::text, 8, '0'), 'Patient ' || i, 'रोगी ' || i, 'F', date '1980-01-01' + i % 9000,
  '98' || lpad(i::text, 8, '0'), i || ', Ansari Nagar, New Delhi', timestamptz '2022-11-22 08:00+05:30' - i % 1000 * interval '1 day'
  FROM generate_series(1, $patients) i;
INSERT INTO allergy SELECT i, 'UH' || lpad((i * 10)::text, 8, '0'), 'Penicillin', 'severe', now() FROM generate_series(1, $patients / 10) i;
INSERT INTO appointment SELECT i, 'UH' || lpad((i % $patients + 1)::text, 8, '0'), i % 40 + 1, i % 200 + 1,
  date '2022-11-23' - i % 997, time '09:00', i % 100, 'booked', now() FROM generate_series(1, $patients * 3) i;
INSERT INTO admission SELECT i, 'UH' || lpad(i::text, 8, '0'), i % 40 + 1, 'B-' || i % 60, i % 200 + 1, 'Fever', 'soft', timestamptz '2022-11-20 08:00+05:30',
  CASE WHEN i > 2000 THEN timestamptz '2022-11-21 08:00+05:30' END FROM generate_series(1, $patients / 5) i;
CREATE INDEX ON appointment (visit_date);
CREATE INDEX ON admission (ward_id) WHERE discharged_at IS NULL;
CREATE INDEX ON allergy (uhid);
CREATE TABLE document (id bigint PRIMARY KEY, uhid text, scan bytea);
ALTER TABLE document ALTER scan SET STORAGE EXTERNAL;
INSERT INTO document SELECT i, 'UH' || lpad(i::text, 8, '0'), decode(repeat(md5(i::text), 62500), 'hex') FROM generate_series(1, $documents) i;
CHECKPOINT;
VACUUM ANALYZE;
CHECKPOINT;
SQL
mkdir backup && chown postgres: backup
as_postgres "$bin/pg_basebackup" -h "$folder" -D "$folder/backup/pg" -c fast -X stream
as_postgres "$bin/pg_ctl" -D "$folder/pg" -m fast -w stop >/dev/null
trap - EXIT
rm -rf pg
cat >services.toml <<TOML
[service.wards]
title = "Wards"
[[service.wards.data]]
kind = "postgresql"
name = "ehosp"
path = "/srv/pg"
database = "ehosp"
[[service.wards.sheet]]
id = "ward-census"
for = "ward"
group_by = "ward"
sql = '''SELECT w.name AS ward, a.bed, p.uhid, p.name, p.name_local, coalesce((SELECT string_agg(g.substance, ', ') FROM
  allergy g WHERE g.uhid = p.uhid), 'none known') AS allergies, k.name AS consultant, a.diagnosis FROM admission a JOIN
  patient p USING (uhid) JOIN ward w ON w.id = a.ward_id JOIN consultant k ON k.id = a.consultant_id WHERE
  a.discharged_at IS NULL ORDER BY 1, 2'''
[[service.wards.sheet]]
id = "opd-today"
for = "clinic"
group_by = "clinic"
sql = '''SELECT c.name AS clinic, a.token, p.uhid, p.name, k.name AS consultant FROM appointment a JOIN patient p USING (uhid)
  JOIN clinic c ON c.id = a.clinic_id JOIN consultant k ON k.id = a.consultant_id WHERE a.visit_date = date '2022-11-23'
  ORDER BY 1, 2'''
TOML
say() { echo "$1: $(awk -v a="$began" -v b="$(date +%s.%N)" 'BEGIN { printf "%.1f", b - a }') s"; }
cold() { sync && echo 3 >/proc/sys/vm/drop_caches && began=$(date +%s.%N); }
du -sm backup | awk '{ print "base backup: " $1 " MiB" }'
"$program" case new c >/dev/null
"$program" --case c.case backups add nas folder:backup --map pg=/srv/pg >/dev/null
"$program" --case c.case services set services.toml >/dev/null
cold && cat backup/pg/base/*/* >/dev/null && say "all bytes read once (cat)"
cold && "$program" --case c.case backups judge --databases >judge.txt 2>&1 && say "backups judge --databases"
cold && "$program" --case c.case sheets --to sheets >sheets.txt 2>&1 && say "sheets"
grep answers sheets.txt
