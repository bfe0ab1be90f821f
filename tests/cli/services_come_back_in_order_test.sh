# SPDX-License-Identifier: Apache-2.0
# A hospital's services: mistakes in its file, a restore test with real engines, what is up and what can be back, a plan and a
# restore in the order of the services, start and stop, and the report that says when each was back. Nothing of a backup runs.
. "$TESTS/expect.sh"
here=$PWD
mkdir -p srv/opd srv/index backup
for i in $(seq 1 12); do seq "$i" $((i * 50)) >"srv/opd/day$i.csv"; done
sqlite3 srv/queue.db 'CREATE TABLE queue(token INTEGER, name TEXT); INSERT INTO queue VALUES (1, "Asha"), (2, "Ravi");'
seq 1 500 >srv/index/segment.txt
seq 1 300 >srv/readme.txt
cp -a srv backup/2022-11-21
cp -a srv backup/2022-11-22
cat >services.toml <<T
[service.queue]
title = "Queue"
tier = 1
start = ["/usr/bin/touch", "$here/queue-is-up"]
stop = ["/bin/rm", "$here/queue-is-up"]
healthcheck = { test = ["CMD", "/usr/bin/test", "-e", "$here/queue-is-up"], interval = "50ms", retries = 2 }
rto = "4h"
rpo = "1d"
[[service.queue.data]]
kind = "sqlite"
path = "$here/srv/queue.db"
[[service.queue.sheet]]
id = "queue-now"
sql = "SELECT token, name FROM queue ORDER BY token"
[service.opd]
title = "OPD registration"
tier = 1
depends_on = ["queue"]
start = ["/usr/bin/touch", "$here/opd-is-up"]
stop = ["/bin/rm", "$here/opd-is-up"]
healthcheck = { test = ["CMD", "/usr/bin/test", "-e", "$here/opd-is-up"], interval = "50ms", retries = 2 }
[[service.opd.data]]
kind = "files"
path = "$here/srv/opd"
[[service.opd.hooks.post_restore]]
command = ["/usr/bin/touch", "$here/hook-ran"]
[service.search]
title = "Search"
tier = 7
[[service.search.data]]
kind = "files"
path = "$here/srv/index"
regenerable = true
T

# Mistakes: all of them, with their lines.
sed 's/^tier = 7/teir = 7/; s/\["queue"\]/["queu"]/' services.toml >wrong.toml
expect_exit 1 "$LASTGOOD" services check wrong.toml
expect_text out "wrong.toml:29: service 'search': unknown key 'teir': did you mean 'tier'?"
expect_text out "waits for 'queu', which is not in the file: did you mean 'queue'?"
printf '[service.opd]\ndepends_on = ["lab"]\n[service.lab]\ndepends_on = ["opd"]\n' >loop.toml
expect_exit 1 "$LASTGOOD" services check loop.toml
expect_text out 'opd waits for lab waits for opd'
expect_exit 0 "$LASTGOOD" services check --only-file services.toml

expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add nas "folder:$here/backup" --map "=$here/srv"
expect_exit 0 "$LASTGOOD" --case c.case backups judge
expect_exit 2 "$LASTGOOD" --case c.case services status
expect_text err 'services infer'

# Never from a backup, never a program that is data.
cp services.toml backup/2022-11-22/s.toml
expect_exit 2 "$LASTGOOD" --case c.case services set backup/2022-11-22/s.toml
expect_text err "commands could be the attacker's"
rm backup/2022-11-22/s.toml
sed "s|/usr/bin/touch\", \"$here/opd|$here/srv/opd/day1.csv\", \"$here/opd|" services.toml >evil.toml
expect_exit 2 "$LASTGOOD" --case c.case services set evil.toml
expect_text err 'came back with the data'
ln -s "$here/srv/opd/day1.csv" link-to-data
sed "s|/usr/bin/touch\", \"$here/opd|$here/link-to-data\", \"$here/opd|" services.toml >evil.toml
expect_exit 2 "$LASTGOOD" --case c.case services set evil.toml
expect_text err "'$here/link-to-data', a link to '$here/srv/opd/day1.csv', which lies below"
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml

# A services file of the folder one stands in is another's: that is said, also where the sheets are only listed.
expect_exit 0 "$LASTGOOD" --case c.case sheets list
grep -q 'sheets of' err && { cat err; exit 1; }
mkdir stand
printf '[service.other]\n[[service.other.data]]\nkind="sqlite"\npath="/o.db"\n[[service.other.sheet]]\nid="others"\nsql="SELECT 1"\n' >stand/services.toml
(cd stand && "$LASTGOOD" --case ../c.case sheets list) >out 2>err
expect_text out 'others'
expect_text err "sheets of '$here/stand/services.toml', because you stand in its folder: NOT of the services file that the case keeps"
rm -r stand

# The restore test.
expect_exit 0 "$LASTGOOD" --case c.case services check
expect_text out 'passed      queue sqlite'
expect_text out '12 files'
expect_text out 'regenerated search files'
expect_text out 'queue sheet queue-now: 2 rows'
# What is made again is not tried, and a sheet that fails is not hidden behind good data.
expect_text out 'restore test 1: 2 of 2 data units good, 1 made again and not tried; 1 of 1 sheet good; kept in'
expect_exit 0 "$LASTGOOD" --case c.case services check --json --service queue
expect_text out '"outcome":"passed"'
expect_text out '"number":2'

# What is up, what can be back.
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out 'restorable  Queue (queue, tier 1)'
expect_text out 'waits for queue'
expect_text out 'restore-tested'
expect_text out 'data as of 2022-11-22 00:00:00 UTC'
[ "$(grep -c '"services-seen"' c.case/ledger)" -eq 1 ]
expect_exit 1 "$LASTGOOD" --case c.case services status
[ "$(grep -c '"services-seen"' c.case/ledger)" -eq 1 ]
sed "s|/usr/bin/test\", \"-e\", \"$here/opd|/usr/bin/touch\", \"$here/planted\", \"$here/opd|" services.toml >planted.toml
expect_exit 1 "$LASTGOOD" --case c.case services status planted.toml
expect_text out 'it was not asked'
[ ! -e planted ]
expect_exit 2 "$LASTGOOD" --case c.case services status --service quue
expect_text err "did you mean 'queue'?"

# A plan for one service, and one for all; the order of the restore.
expect_exit 0 "$LASTGOOD" --case c.case plan --service opd --out opd.json
expect_text out 'OPD registration back at about'
expect_text out ', data as of 2022-11-22 00:00:00 UTC'
expect_text out 'assumed: nothing large was restored in this case yet'
! grep -q readme.txt opd.json
! grep -q srv/index opd.json
expect_exit 0 "$LASTGOOD" --case c.case plan --out all.json
expect_text out 'can be made again from other data: it comes last of all'
expect_exit 0 "$LASTGOOD" --case c.case restore all.json --to back
diff -r srv "back$here/srv"
[ "$(grep -c '"service-data-restored"' c.case/ledger)" -eq 3 ]
grep -o '"service":"[a-z]*"' c.case/ledger | tail -n 3 | tr -d '\n' >order
expect_text order '"service":"queue""service":"opd""service":"search"'
expect_exit 0 "$LASTGOOD" --case c.case verify all.json --at back

expect_exit 0 "$LASTGOOD" --case c.case restore --service opd --to one
expect_text out 'OPD registration back at about'
diff -r srv/opd "one$here/srv/opd"
[ -e "one$here/srv/queue.db" ] && [ ! -e "one$here/srv/index" ] && [ ! -e "one$here/srv/readme.txt" ]
expect_exit 2 "$LASTGOOD" --case c.case restore --to two
expect_text err 'nothing says what to restore'

# Start: hooks first, each in its turn; again does nothing; stop in the opposite order.
expect_exit 0 "$LASTGOOD" --case c.case services start opd
expect_text out 'healthy     queue'
expect_text out 'healthy     opd'
[ -e hook-ran ]
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out 'up          OPD registration'
expect_exit 3 "$LASTGOOD" --case c.case services start
expect_text out 'it was up already'
expect_text out 'not_started search' # people start it, and nobody could look
expect_exit 0 "$LASTGOOD" --case c.case services stop queue
[ "$(grep -c stopped out)" -eq 2 ] && [ ! -e queue-is-up ] && [ ! -e opd-is-up ]

# A stop command that does not end: a word after 2 s, an end at the limit, and at Ctrl-C with all that it started.
cat >slow.toml <<T
[service.db]
stop = ["/bin/sh", "-c", "echo \$\$ >$here/stop-process; sleep 50; touch $here/went-on"]
[service.web]
depends_on = ["db"]
healthcheck = { test = ["CMD", "/bin/true"] }
T
expect_exit 0 "$LASTGOOD" --case c.case services set slow.toml
expect_exit 2 "$LASTGOOD" --case c.case services stop db --time-limit 3s
expect_text err "'3s' is not a number of seconds, such as 600"
expect_exit 1 "$LASTGOOD" --case c.case services stop db --time-limit 3
expect_text out "stop '/bin/sh' did not end within 3 s and was ended"
expect_text err "db: stop '/bin/sh' runs (2"
expect_text out "web is still up and waits for db; the services file has no 'stop' for it, people stop it"
rm stop-process
"$LASTGOOD" --case c.case services stop db >out 2>err & stop=$!
until [ -s stop-process ]; do kill -0 $stop; sleep 0.05; done
kill -INT $stop
wait $stop && rc=0 || rc=$?
[ $rc -eq 130 ] || { cat out err; exit 1; }
expect_text out "db: interrupted: stop '/bin/sh' had not ended after"
! kill -0 -- "-$(cat stop-process)" 2>/dev/null
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
echo '# changed' >>c.case/services/services.toml
expect_exit 2 "$LASTGOOD" --case c.case services start
expect_text err 'is not the file that was set'
[ ! -e queue-is-up ]
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml

# A hook that failed is not hidden behind the start that went on all the same.
cat >hook.toml <<T
[service.db]
start = ["/bin/true"]
[[service.db.hooks.post_restore]]
command = ["/bin/false"]
on_error = "continue"
T
expect_exit 0 "$LASTGOOD" --case c.case services set hook.toml
expect_exit 3 "$LASTGOOD" --case c.case services start
expect_text out "hook '/bin/false' ended with 1; it goes on all the same"
expect_text out 'what their commands said'
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml

# In place: what was struck comes back by service, what belongs to no service is left for later.
cp -a srv good
strike() { # strike FILE: as the attack did it, on files this test made itself
  { printf 'KEY-MARK-%s contact: help-desk@dnmx.org\n' 7f3a; seeded_bytes "$(stat -c %s "$1")" "$1"; } >"$1.bak9"
  rm "$1"
}
for file in srv/opd/*.csv srv/queue.db srv/readme.txt; do strike "$file"; done
expect_exit 1 "$LASTGOOD" --case c.case scan srv
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out '12 encrypted files below'
expect_exit 0 "$LASTGOOD" --case c.case restore --service opd --in-place
diff -r good/opd srv/opd
cmp good/queue.db srv/queue.db
[ ! -e srv/readme.txt ] && [ -e srv/readme.txt.bak9 ]
expect_exit 0 "$LASTGOOD" --case c.case verify c.case/services/plans/opd.json --at /

# What the scan finds good is in a backup all the same: the restore test says so, as if the machine were gone.
expect_exit 1 "$LASTGOOD" --case c.case scan srv
expect_exit 0 "$LASTGOOD" --case c.case services check --service opd
expect_text out 'passed      opd files'
expect_text out '12 files'

# The report: what was back when, and the five answers.
expect_exit 0 "$LASTGOOD" --case c.case report --form final
expect_text out '3. Restored from what?'
# Good files are back and scanned again: what is told of the attack is what it was, and once.
expect_text out '15 files ('
expect_text out '14 of 15 files encrypted'
expect_text out 'Scanned again'
expect_text out 'Queue: from nas'
expect_exit 0 "$LASTGOOD" --case c.case report --form hour-1 --out first.html
expect_text first.html 'class="services"'

# An engine is not started on settings that came out of a backup until a person has read them. A restore to "/" makes a
# live server's own settings no backup's: what counts is where it put files.
mkdir pg && printf "port = 5432\narchive_command = 'touch $here/planted; true'\n" >pg/postgresql.conf
cat >pg.toml <<T
[service.db]
start = ["/usr/bin/touch", "$here/db-is-up"]
[[service.db.data]]
kind = "postgresql"
path = "$here/pg"
T
expect_exit 0 "$LASTGOOD" --case c.case services set pg.toml
expect_exit 0 "$LASTGOOD" --case c.case services start
[ -e db-is-up ] && rm db-is-up
mkdir old && mv pg old/pg
expect_exit 0 "$LASTGOOD" --case c.case backups add old "folder:$here/old" --map "=$here"
expect_exit 0 "$LASTGOOD" --case c.case backups judge old
expect_exit 0 "$LASTGOOD" --case c.case plan --services services.toml --only "$here/pg" --out pg.json
expect_exit 0 "$LASTGOOD" --case c.case restore pg.json --in-place
[ -e pg/postgresql.conf ]
expect_exit 1 "$LASTGOOD" --case c.case services start
expect_text out "postgresql.conf:2 archive_command"
expect_text out "lastgood --case c.case replay $here/pg" # as it is printed it works
[ ! -e db-is-up ]
[ "$(grep -c '"service-start-refused"' c.case/ledger)" -eq 1 ]
echo 'allow_settings = ["archive_command"]' >>pg.toml
expect_exit 0 "$LASTGOOD" --case c.case services set pg.toml
expect_exit 0 "$LASTGOOD" --case c.case services start
[ -e db-is-up ]

# A first file from what lies on the server.
expect_exit 0 "$LASTGOOD" services infer srv --out proposed.toml
expect_text proposed.toml "path = \"$here/srv/queue.db\""
expect_exit 0 "$LASTGOOD" services check --only-file proposed.toml
expect_exit 0 "$LASTGOOD" --case c.case ledger verify

# A second restore in place of a service takes the name of the first one's plan: that stays, and what it kept is found.
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
again=$(ls srv/opd/*.csv | head -1); rm -f "$again.bak9"; strike "$again"
expect_exit 1 "$LASTGOOD" --case c.case scan srv
expect_exit 0 "$LASTGOOD" --case c.case restore --service opd --in-place
expect_text out "1 encrypted originals are kept aside: lastgood --case $here/c.case kept list"
expect_exit 0 "$LASTGOOD" --case c.case kept list
[ "$(grep -c "kept list $here/c.case/restores/plan-[0-9a-f]\{16\}.json --root /" out)" -ge 2 ]
first=$(sed -n 's/.*kept list \([^ ]*\.json\) --root.*/\1/p' out | head -n 1)
expect_exit 0 "$LASTGOOD" --case c.case kept verify "$first"
