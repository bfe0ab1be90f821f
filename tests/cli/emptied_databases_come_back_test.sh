# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# An empty file is whole, and no database: where a backup or the disk has one in place of an SQLite database, an older one
# comes back, or it is said that nothing does; plan, restore test and history agree.
. "$TESTS/expect.sh"
here=$PWD
mkdir -p srv backup
database() { sqlite3 "$1" "CREATE TABLE queue(token INTEGER, name TEXT); INSERT INTO queue VALUES (1, 'Asha'), ($2, 'Ravi');"; }
database srv/struck.db 2
database srv/noending 3
database srv/emptied.db 4
# One with its log, copied while somebody had it open.
sqlite3 srv/logged.db "PRAGMA journal_mode=WAL; CREATE TABLE queue(token INTEGER); INSERT INTO queue VALUES (7);" ".shell mkdir w; cp -a srv/logged.db* w" >/dev/null
cp -a w/* srv
: >srv/never.db
: >srv/unused.db
cp -a srv backup/2022-11-20
: >srv/struck.db
: >srv/noending
cp -a srv backup/2022-11-21
for name in struck.db noending emptied.db never.db; do
  printf '[service.%s]\n[[service.%s.data]]\nkind = "sqlite"\npath = "%s"\n' "${name%.db}" "${name%.db}" "$here/srv/$name"
done >services.toml
expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add nas "folder:$here/backup" --map "=$here/srv"
expect_exit 0 "$LASTGOOD" --case c.case backups judge
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
: >srv/emptied.db
for name in struck.db noending never.db logged.db logged.db-wal; do
  { printf 'KEY-MARK-%s contact: help-desk@dnmx.org\n' 7f3a; seeded_bytes 8192 "$name"; } >"srv/$name.bak9"
  rm "srv/$name"
done
expect_exit 1 "$LASTGOOD" --case c.case scan srv

expect_exit 1 "$LASTGOOD" --case c.case services check
expect_text out "passed      struck sqlite"
expect_text out "passed      emptied sqlite"
expect_text out "passed      noending sqlite"
expect_text out "it was judged as a file, and was not opened"
expect_text out "no_copy     never sqlite"

expect_exit 1 "$LASTGOOD" --case c.case plan --services services.toml --out plan.json
expect_text out "1. struck back at about"
expect_text out "never NOT back: no usable copy has '$here/srv/never.db'"
expect_text out "no backup holds one, only an empty file"
expect_text out "1  older.database: newer versions are empty files, this is the newest that is a database"
expect_no_text out "newest.intact"
expect_exit 0 "$LASTGOOD" --case c.case history "$here/srv/noending"
grep -q 'LAST GOOD intact  *8.19 kB' out || { cat out; exit 1; }

expect_exit 3 "$LASTGOOD" --case c.case restore plan.json --in-place
for name in struck.db noending emptied.db; do cmp "srv/$name" "backup/2022-11-20/$name"; done
# The index of a log is made anew: that the attack left it keeps nothing from its place.
[ "$(sqlite3 srv/logged.db 'SELECT token FROM queue')" = 7 ]
[ ! -e srv/never.db ] && [ ! -s srv/unused.db ]
