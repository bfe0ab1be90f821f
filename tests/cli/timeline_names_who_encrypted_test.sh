# SPDX-License-Identifier: Apache-2.0
# A real Samba with full_audit is written through: files get the campaign's names from one account. The timeline names
# that account, its address and the times, with the byte of the log that says so; without the log it says unknown.
. "$TESTS/expect.sh"
for program in smbd smbclient smbpasswd; do
  command -v $program >/dev/null || { echo "$program is missing: install samba, samba-vfs-modules and smbclient"; exit 1; }
done
[ "$(id -u)" -eq 0 ] || { echo "skipped: smbd must be root to become the account"; exit 0; }
port=$((20000 + $$ % 20000))
account=$(id -un)
mkdir -p samba/state samba/log samba/run samba/share/radiology
cat >smb.conf <<CONF
[global]
 server role = standalone server
 smb ports = $port
 interfaces = 127.0.0.1
 bind interfaces only = yes
 private dir = $PWD/samba/state
 lock directory = $PWD/samba/state
 state directory = $PWD/samba/state
 cache directory = $PWD/samba/state
 pid directory = $PWD/samba/run
 ncalrpc dir = $PWD/samba/run/ncalrpc
 log file = $PWD/samba/log/log.smbd
 log level = 1 vfs:1 auth_audit:3
 disable spoolss = yes
 load printers = no
 passdb backend = tdbsam:$PWD/samba/state/passdb.tdb
[records]
 path = $PWD/samba/share
 read only = no
 vfs objects = full_audit
 full_audit:prefix = %u|%I|%m|%S
 full_audit:success = connect renameat unlinkat pwrite pwrite_send openat
 full_audit:failure = connect renameat
 full_audit:syslog = false
CONF
(echo once; echo once) | smbpasswd -c "$PWD/smb.conf" -a -s "$account" >/dev/null 2>&1
smbd -s "$PWD/smb.conf" -D
trap 'kill "$(cat samba/run/smbd.pid 2>/dev/null)" 2>/dev/null || true' EXIT
tries=0
until smbclient -s "$PWD/smb.conf" //127.0.0.1/records -p $port -U "$account%once" -c ls >/dev/null 2>&1; do
  tries=$((tries + 1))
  [ $tries -lt 100 ] || { echo "smbd does not answer"; cat samba/log/log.smbd; exit 1; }
  sleep 0.1
done
smbclient -s "$PWD/smb.conf" //127.0.0.1/records -p $port -U "$account%wrong" -c ls >/dev/null 2>&1 || true

# The attack: encrypted bytes under the same mark go in, then the names are changed.
printf 'your files: dog2398@mail.example ' >mark
commands="cd radiology"
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  { cat mark; seeded_bytes 20000 "image$i"; } >"image$i.dcm"
  commands="$commands; put image$i.dcm; rename image$i.dcm image$i.dcm.bak9"
done
before=$(date -u +%Y-%m-%dT%H:%M:%S)
smbclient -s "$PWD/smb.conf" //127.0.0.1/records -p $port -U "$account%once" -c "$commands" >/dev/null 2>&1
after=$(date -u -d '+1 second' +%Y-%m-%dT%H:%M:%S)
kill "$(cat samba/run/smbd.pid)"
expect_text samba/log/log.smbd "|renameat|ok|"

expect_exit 0 "$LASTGOOD" case new a.case
expect_exit 1 "$LASTGOOD" --case a.case scan --host files1 samba/share
expect_text out ".bak9"
# Nothing says who: unknown, and the times are the files' own.
expect_exit 0 "$LASTGOOD" --case a.case timeline
expect_text out "encrypted by: unknown"
expect_text out "first entry: unknown"
expect_text out "bytes to outside: unknown"
expect_text out "any program can set it"

# smbd writes the clock of the machine without a zone.
expect_exit 0 "$LASTGOOD" --case a.case timeline import --zone "$(date +%:z)" --host files1 samba/log/log.smbd
expect_text out "samba,"
expect_exit 0 "$LASTGOOD" --case a.case timeline
expect_text out "encrypted by: account '$account' from address 127.0.0.1 on files1 (strong): 12 files"
expect_no_text out "CONTRADICTION"
expect_no_text out "originates from"
expect_no_text out "traced to"
expect_no_text out "attacker is"
expect_text out "an address is a server"
expect_exit 0 "$LASTGOOD" --case a.case timeline show --json --kind file_renamed --kind login_failed --limit 0
python3 - "$account" "$before" "$after" <<'PY'
import json, sys
account, before, after = sys.argv[1:]
lines = [json.loads(line) for line in open("out")]
summary, events = lines[0], [line for line in lines if line["type"] == "event"]
who = summary["encryptors"]
assert len(who) == 1 and who[0]["account"] == account and who[0]["address"] == "127.0.0.1", who
assert who[0]["files"] == 12 and who[0]["files_matched"] == 12 and who[0]["certainty"] == "strong", who
assert before <= summary["first_encryption"]["time"][:19] <= summary["last_encryption"]["time"][:19] <= after, summary
assert summary["extensions"] == [".bak9"]
renames = [event for event in events if event["kind"] == "file_renamed"]
assert len(renames) == 12 and all(event["path_to"].endswith(".bak9") and event["host"] == "files1" for event in renames)
assert any(event["kind"] == "login_failed" and event["account"] == account for event in events), events
log = open("samba/log/log.smbd", "rb").read()
for event in renames:
    assert b"|renameat|ok|" in log[event["offset"]:].split(b"\n")[0], event
PY

# The same bytes again count nothing twice.
cp samba/log/log.smbd copy.log
expect_exit 0 "$LASTGOOD" --case a.case timeline import --zone "$(date +%:z)" copy.log
expect_text out "1 known before"
expect_exit 0 "$LASTGOOD" --case a.case timeline
expect_text out "(strong): 12 files"

# A second log in a wrong zone disagrees: both are shown, with the hint.
sed -n 's/^  \(.*|renameat|ok|.*\)/\1/p' samba/log/log.smbd | while read -r line; do
  echo "$(LC_ALL=C date -d '-5 hours -30 minutes' '+%b %e %H:%M:%S') files1 smbd_audit: $line"
done >syslog
expect_exit 0 "$LASTGOOD" --case a.case timeline import --zone "$(date +%:z)" syslog
expect_exit 0 "$LASTGOOD" --case a.case timeline
expect_text out "CONTRADICTION: two logs tell of the rename"
expect_text out "close to 5:30 h"

# Timesketch takes what is written: microseconds in both forms, and equal.
expect_exit 0 "$LASTGOOD" --case a.case timeline export --out case.jsonl
python3 - <<'PY'
import datetime, json
count = 0
for line in open("case.jsonl"):
    event = json.loads(line)
    when = datetime.datetime.fromisoformat(event["datetime"])
    epoch = datetime.datetime(1970, 1, 1, tzinfo=datetime.timezone.utc)
    assert (when - epoch) // datetime.timedelta(microseconds=1) == event["timestamp"], event
    assert event["message"] and event["timestamp_desc"] and event["evidence_offset"] >= 0
    count += 1
assert count > 24, count
PY
# And comes back from there.
expect_exit 0 "$LASTGOOD" case new b.case
expect_exit 0 "$LASTGOOD" --case b.case timeline import case.jsonl
expect_text out "json-timeline"
expect_exit 0 "$LASTGOOD" --case b.case timeline --extension .bak9
expect_text out "encrypted by: account '$account' from address 127.0.0.1 on files1"

# The picture has no script and nothing from outside; it is one well-formed element.
expect_exit 0 "$LASTGOOD" --case a.case timeline --picture p.svg
python3 - <<'PY'
import xml.etree.ElementTree
text = open("p.svg").read()
root = xml.etree.ElementTree.fromstring(text)
assert root.tag.endswith("svg") and "script" not in text and "href" not in text
assert "first encryption" in text
PY

# Logs that are none, and some that are bad, are said to be so; the ledger holds what was read.
mkdir bad
printf 'no log\n' >bad/letter.txt
head -c 3000000 /dev/zero | tr '\0' 'x' >bad/endless
{ echo "Nov 31 07:07:00 db1 sshd[1]: x"; echo "Nov 23 07:07:00 db1 sshd[1]: Accepted password for a from 8.8.8.8 port 1 ssh2"; head -c 200000 /dev/urandom | tr -d '\n'; } >bad/auth.log
gzip -c bad/auth.log | head -c 100000 >bad/cut.gz
expect_exit 3 "$LASTGOOD" --case a.case timeline import --year 2022 --json bad
python3 - <<'PY'
import json
logs = {json.loads(line)["path"].split("/")[-1]: json.loads(line) for line in open("out") if json.loads(line)["type"] == "log"}
assert logs["letter.txt"]["state"] == "not_recognised" and logs["endless"]["state"] == "not_recognised", logs
auth = logs["auth.log"]
assert auth["events"] == 1 and auth["bad_times"] == 1 and auth["first_bad_times"] == [0], auth
assert auth["cut_lines"] == 1 and auth["not_understood"] == 1 and auth["assumed_year"] == 2022, auth
assert "cannot be unpacked" in logs["cut.gz"]["why"], logs["cut.gz"]
PY
expect_exit 0 "$LASTGOOD" --case a.case ledger verify
expect_text a.case/ledger '"kind":"log-read"'
expect_text a.case/ledger '"kind":"timeline-imported"'
expect_exit 2 "$LASTGOOD" --case a.case timeline import --zone Nowhere/Land syslog
expect_text err "Asia/Kolkata"
expect_exit 2 "$LASTGOOD" --case a.case timeline import --format none syslog
expect_exit 2 "$LASTGOOD" --case a.case timeline --kind none
expect_text err "file_renamed"
# An event file that was changed is refused, never believed.
file=$(ls a.case/events/*.events | head -1)
python3 -c 'import sys; f = open(sys.argv[1], "r+b"); f.seek(100); b = f.read(1)[0]; f.seek(100); f.write(bytes([b ^ 255]))' "$file"
expect_exit 23 "$LASTGOOD" --case a.case timeline
expect_text err "is damaged"
