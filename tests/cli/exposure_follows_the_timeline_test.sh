# SPDX-License-Identifier: Apache-2.0
# Whom the attacker could read, and that data left, come out of the logs that the case holds: by what those did who
# encrypted, never by what a nurse did; each with the line that says so; and unknown again when the log is gone.
. "$TESTS/expect.sh"
python3 "$TESTS/make_patients.py" data 500 >ids
"$LASTGOOD" case new c.case >new
mkdir -p srv/his good/his
for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
  { printf 'dog2398@protonmail.com mouse63209@protonmail.com\n'; seeded_bytes 60000 "$i"; } >"srv/his/x$i.docx.bak9"
done
expect_exit 1 "$LASTGOOD" --case c.case scan --host his1 srv
head -41 data/opd.csv >good/his/taken.csv
cp data/opd.csv good/his/worked.csv
held() { expect_exit 1 "$LASTGOOD" --case c.case exposure --held-on his1 good; }

# Nothing tied to the attack: unknown, whoever read the files.
audit() { printf '2022-11-23T%s+05:30 his1 smbd_audit: %s|ws7|records|%s\n' "$@"; }
audit 06:00:00 'nurse|10.0.0.7' 'openat|ok|r|/srv/his/worked.csv' >nurse.log
expect_exit 0 "$LASTGOOD" --case c.case timeline import nurse.log
held
expect_text out 'readable by the attacker       unknown'

# Who encrypted opened one of the two before.
{
  audit 06:59:00 'nurse|10.0.0.7' 'pread|ok|/srv/his/worked.csv'
  audit 07:00:00 'desk|10.0.0.66' 'openat|ok|r|/srv/his/taken.csv'
  for i in 1 2 3 4 5 6 7 8 9 10 11 12; do
    audit 07:0$((i % 10)):30 'desk|10.0.0.66' "renameat|ok|/srv/his/x$i.docx|/srv/his/x$i.docx.bak9"
  done
} >audit.log
expect_exit 0 "$LASTGOOD" --case c.case evidence add "$PWD/audit.log" --by 'R. Nair' --where here --why test --authority none
expect_exit 0 "$LASTGOOD" --case c.case timeline import audit.log
held
expect_text out 'readable by the attacker       between 40 and'
expect_text out 'exactly these files: 1 of those counted were opened, read, renamed or written by account desk at 10.0.0.66'
expect_text out "[the timeline: line 2 of 'audit.log' (samba.full_audit), evidence E-0001]"
expect_text out 'leaving the house              unknown'
expect_no_text out nurse
cp out counted

# On another machine, or on one that nobody named, the same events count nothing.
expect_exit 1 "$LASTGOOD" --case c.case exposure --held-on pacs1 good
expect_text out 'readable by the attacker       unknown'
expect_text out 'on other machines (his1)'
expect_exit 1 "$LASTGOOD" --case c.case exposure good
expect_text out '(--held-on)'

# What left: flows of where the encryption was done.
printf '#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_bytes\tresp_bytes\tconn_state\n1669167000.5\t10.0.0.66\t5\t8.8.8.8\t443\ttcp\t5000000000\t200\tSF\n1669167001.5\t10.0.0.7\t5\t9.9.9.9\t443\ttcp\t7000\t200\tSF\n' >conn.log
expect_exit 0 "$LASTGOOD" --case c.case timeline import conn.log
held
expect_text out '5.00 GB in 1 flow from 10.0.0.66 to 8.8.8.8 (from where files were encrypted)'
expect_no_text out 9.9.9.9
expect_exit 1 "$LASTGOOD" --case c.case exposure --json --held-on his1 good
expect_text out '"type":"shown","reach":"files","account":"desk","address":"10.0.0.66"'
expect_text out '"line":2'
! grep -rFf ids c.case out || { echo "an identifier was left behind"; exit 1; }

# Report and notices say it with its line; without the log they say unknown again.
expect_exit 0 "$LASTGOOD" --case c.case report
expect_text out "line 2 of 'audit.log' (samba.full_audit), evidence E-0001"
newest=$(ls c.case/events | sort | sed -n 2p)
mv "c.case/events/$newest" kept.events
expect_exit 0 "$LASTGOOD" --case c.case report
expect_text out 'unknown, which is not none: count'
expect_no_text out 'exactly these files'
held
expect_text out 'readable by the attacker       unknown'
