# SPDX-License-Identifier: Apache-2.0
# A services file with mistakes in some places: what stands in them, and what waits for it, is left out and named; every other
# service is checked, planned, asked and started, and every other ward gets its sheets.
. "$TESTS/expect.sh"
here=$PWD
mkdir -p srv backup
sqlite3 srv/queue.db 'CREATE TABLE queue(token INTEGER, name TEXT); INSERT INTO queue VALUES (1, "Asha"), (2, "Ravi");'
seq 1 500 >srv/lab.csv
cp -a srv backup/2022-11-21
cp -a srv backup/2022-11-22
cat >services.toml <<T
[service.queue]
start = ["/usr/bin/touch", "$here/queue-is-up"]
healthcheck = { test = ["CMD", "/usr/bin/test", "-e", "$here/queue-is-up"], interval = "50ms", retries = 2 }
[[service.queue.data]]
kind = "sqlite"
path = "$here/srv/queue.db"
[[service.queue.sheet]]
id = "queue-now"
sql = "SELECT token, name FROM queue ORDER BY token"
[[service.queue.sheet]]
id = "queue-cleared"
sql = "UPDATE queue SET token = 0"
[service.lab]
title = "Laboratory"
teir = 2
start = ["/usr/bin/touch", "$here/lab-is-up"]
[[service.lab.data]]
kind = "files"
path = "$here/srv"
[[service.lab.data]]
name = "none"
kind = "files"
path = "/no/such/place"
[[service.lab.data]]
name = "odd"
kind = "files"
path = "no/slash"
[service.reports]
depends_on = ["lab"]
start = ["/usr/bin/touch", "$here/reports-are-up"]
[servces.mail]
tier = 6
T
expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add nas "folder:$here/backup" --map "=$here/srv"
expect_exit 0 "$LASTGOOD" --case c.case backups judge

# Every mistake is said, at its own line; what is left is tried.
expect_exit 1 "$LASTGOOD" --case c.case services check services.toml
expect_text out "services.toml:12: service 'queue', sheet: 'sql' of 'queue-cleared'"
expect_text out "services.toml:15: service 'lab': unknown key 'teir': did you mean 'tier'?"
expect_text out "services.toml:31: the file: unknown key 'servces': did you mean 'service'?"
expect_text out '1 service, 1 data unit, 1 sheet; 4 mistakes, for which 3 services and 1 sheet are left out'
expect_text out 'passed      queue sqlite'
expect_text out 'queue sheet queue-now: 2 rows'

# Of the file alone no case says anything: that there are several does not matter.
mkdir several && cp services.toml several && cd several
expect_exit 0 "$LASTGOOD" case new a
expect_exit 0 "$LASTGOOD" case new b
expect_exit 1 "$LASTGOOD" services check --only-file services.toml
expect_text out '4 mistakes'
expect_exit 2 "$LASTGOOD" services check --only-file
expect_text err '2 cases are in the current folder'
cd ..

# It is kept, because the others are needed now; what of it is left out is never run, but stays the victim's data.
sed "s|/usr/bin/touch\", \"$here/queue|$here/srv/lab.csv\", \"$here/queue|" services.toml >evil.toml
expect_exit 2 "$LASTGOOD" --case c.case services set evil.toml
expect_text err 'came back with the data'
expect_exit 3 "$LASTGOOD" --case c.case services set services.toml
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out 'restorable  queue'
expect_text out "lab (Laboratory) is left out: "
expect_text out "services.toml:15: service 'lab': unknown key 'teir'"
expect_text out 'reports (reports) is left out: it waits for lab, which is left out'
expect_exit 3 "$LASTGOOD" --case c.case plan --out all.json
expect_text out 'queue back at about'
expect_text all.txt 'lab (Laboratory) is left out'
[ "$(grep -n 'is left out' all.txt | head -n 1 | cut -d: -f1)" -lt "$(grep -n 'Agreed by' all.txt | cut -d: -f1)" ]
expect_text all.txt "'lab' stands on it, and no source that could be opened has anything good there"
[ "$(grep -c 'stands on it' all.txt)" -eq 1 ]
# Who asks for one service hears of the others' mistakes only where it waits for them.
expect_exit 0 "$LASTGOOD" --case c.case plan --service queue --out queue.json
expect_no_text out 'left out'
expect_exit 2 "$LASTGOOD" --case c.case plan --service lab --out lab.json
expect_text err "service 'lab'"
expect_text err "unknown key 'teir': did you mean 'tier'?"
expect_exit 3 "$LASTGOOD" --case c.case services start
[ -e queue-is-up ] && [ ! -e lab-is-up ] && [ ! -e reports-are-up ]

# A page each, also for the sheet that is left out.
expect_exit 3 "$LASTGOOD" --case c.case sheets --services services.toml --to out-sheets --form html,csv
expect_text out 'queue-now                2 rows'
expect_text out "queue-cleared            COULD NOT BE MADE: The services file has a mistake: services.toml:12"
expect_text out-sheets/current/index.html 'queue-cleared'
expect_exit 3 "$LASTGOOD" --case c.case sheets --services services.toml --service queue --to out-queue --form csv
expect_exit 3 "$LASTGOOD" --case c.case sheets list --services services.toml
expect_text out 'LEFT OUT: The services file has a mistake: services.toml:12'

# What is no TOML stops all, and says where; an empty file says what to do.
printf '[service.queue\n' >broken.toml
expect_exit 2 "$LASTGOOD" --case c.case sheets --services broken.toml --to out-broken
expect_text err 'broken.toml:1'
[ ! -e out-broken ]
: >empty.toml
expect_exit 1 "$LASTGOOD" services check empty.toml
expect_text out 'no service is written in it'
expect_text out 'services infer'
mkdir empty
expect_exit 1 "$LASTGOOD" services infer empty
expect_text err "nothing that a service could stand on was found below 'empty'"
expect_exit 2 "$LASTGOOD" services infer services.toml
expect_text err "give the folder that holds a server's files"

# What is printed every so often goes on over a file that somebody is just writing.
cp services.toml now.toml
"$LASTGOOD" --case c.case sheets --services now.toml --every 1s --to out-every --form csv >every.out 2>every.err &
every=$!
runs() { ls -d out-every/2*/ 2>/dev/null | wc -l; }
soon() { # soon COMMAND...: within half a minute
  for try in $(seq 300); do
    "$@" && return 0
    sleep 0.1
  done
  cat every.out every.err
  return 1
}
more_than() { [ "$(runs)" -gt "$1" ]; }
soon more_than 0
printf '[service.queue\n' >now.toml
soon grep -q 'now.toml:1' every.err
cp services.toml now.toml
soon more_than "$(runs)"
kill "$every"
wait "$every" || true
