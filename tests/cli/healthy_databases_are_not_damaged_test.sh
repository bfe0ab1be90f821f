#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# No file of a healthy PostgreSQL or MariaDB is called anything but intact, new or used, stopped or running, at any depth:
# PostgreSQL's pg_xact and MariaDB's Aria log are texts byte by byte, with zeros in them.
set -eu
. "$TESTS/expect.sh"
[ "$(id -u)" = 0 ] || { echo "skipped: servers run as their own users"; exit 0; }

B=/usr/lib/postgresql/15/bin
chmod 711 "$PWD"
mkdir pg maria && chown postgres: pg && chown mysql: maria
as_postgres() { setpriv --reuid=postgres --regid=postgres --init-groups -- sh -c "cd $PWD/pg; $1"; }
trap 'as_postgres "$B/pg_ctl -D used -m immediate stop" >/dev/null 2>&1 || true' EXIT
as_postgres "$B/initdb -D new -A trust --no-sync >init.log; cp -a new used
  printf \"unix_socket_directories='\$PWD'\nlisten_addresses=''\nfsync=off\n\" >>used/postgresql.conf
  $B/pg_ctl -D used -w -l log start >/dev/null </dev/null"
ask() { as_postgres "$B/psql -h \$PWD -d postgres -v ON_ERROR_STOP=1 -qAt" >/dev/null; }
# Committed, undone in turns, and with savepoints: each leaves another pattern of bytes.
ask <<'SQL'
create table visits(id int, note text);
do $$ begin for i in 1..9000 loop insert into visits values (i, 'x'); if i % 3 = 0 then rollback; else commit; end if; end loop; end $$;
do $$ begin for i in 1..300 loop begin insert into visits values (i, (1 / (i % 2))::text); exception when others then null; end; end loop; end $$;
checkpoint;
SQL
(cd maria && setpriv --reuid=mysql --regid=mysql --init-groups -- mariadb-install-db --no-defaults --datadir="$PWD/data" \
  --auth-root-authentication-method=normal --skip-test-db >init.log 2>&1)

"$LASTGOOD" case new "$PWD/night" >out
for depth in quick standard full; do
  expect_exit 0 "$LASTGOOD" --case night.case scan --depth "$depth" "$PWD/pg/new" "$PWD/pg/used" "$PWD/maria/data"
done
"$LASTGOOD" --case night.case explain "$PWD"/pg/used/pg_xact/0000 >out
expect_text out intact
"$LASTGOOD" --case night.case explain "$PWD"/maria/data/aria_log.00000001 >out
expect_text out intact
