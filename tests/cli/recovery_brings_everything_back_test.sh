# SPDX-License-Identifier: Apache-2.0
# The whole way on real repositories: snapshots of restic and borg and a hard-link tree, an attack that runs through the
# last two of them, judged, planned, restored beside and in place, verified. Nothing of a repository changes.
. "$TESTS/expect.sh"
export RESTIC_PASSWORD=secret BORG_PASSPHRASE=secret RESTIC_CACHE_DIR=$PWD/cache BORG_BASE_DIR=$PWD/borg-base
echo secret >pw
echo wrong >wrong-pw
srv=$PWD/srv
mkdir -p srv/lab srv/docs snaps
for i in $(seq 1 60); do seq "$i" $((i * 40)) >"srv/lab/r$i.csv"; done
for i in $(seq 1 40); do printf 'Discharge letter %s\n%s\n' "$i" "$(seq -s ' ' 1 300)" >"srv/docs/d$i.txt"; done
ln srv/docs/d1.txt srv/docs/same.txt
ln -s d2.txt srv/docs/link
chmod 640 srv/lab/r1.csv
touch -d 2021-05-05 srv/lab/*.csv srv/docs/*.txt
restic -q init -r repo
borg init -e repokey-blake2 borg 2>/dev/null
take() { # take DAY
  restic -q -r repo backup "$srv" --time "2022-11-$1 02:00:00" --host hims1
  borg create --timestamp "2022-11-$1T03:00:00" "borg::hims1-$1" "$srv"
  rsync -a ${previous:+--link-dest="$PWD/snaps/$previous"} srv/ "snaps/2022-11-$1/"
  previous=2022-11-$1
}
previous=
for day in 14 15 16; do
  echo "$day,entry" >>srv/lab/r7.csv
  take $day
done
cp -a srv good
strike() { # strike FILE: as the attack did it, on files this test made itself
  { printf 'KEY-MARK-%s contact: help-desk@dnmx.org\n' 7f3a; seeded_bytes "$(stat -c %s "$1")" "$1"; } >"$1.bak9"
  rm "$1"
}
for i in $(seq 1 40); do strike "srv/docs/d$i.txt"; done
rm srv/docs/same.txt
seq 90000 99999 >srv/lab/during.csv
cp srv/lab/during.csv good/lab/during.csv
take 17
for i in $(seq 1 30); do strike "srv/lab/r$i.csv"; done
take 18
first=$(restic -q -r repo snapshots --json | grep -o '"short_id":"[0-9a-f]*"' | head -n 1 | cut -d '"' -f 4)
# Digests, and all of stat(2) but the count of links, of everything in the sources.
state_of_sources() { find repo borg snaps -type f -print0 | sort -z | xargs -0 sha256sum; find repo borg snaps | sort | xargs -d '\n' stat -c '%n %s %a %u %g %X %Y %Z'; }
state_of_sources >sources-before

expect_exit 0 "$LASTGOOD" case new c
expect_exit 12 "$LASTGOOD" --case c.case backups add nas restic:repo --password-file wrong-pw
expect_text err 'hint:'
expect_exit 11 "$LASTGOOD" --case c.case backups add nas restic:nowhere --password-file pw
expect_exit 2 "$LASTGOOD" --case c.case backups add nas restc:repo --password-file pw
expect_text err 'did you mean restic:repo'
expect_exit 0 "$LASTGOOD" --case c.case backups add nas restic:repo --password-file pw
expect_text out '5 snapshots'
expect_exit 0 "$LASTGOOD" --case c.case backups add old borg:borg --password-command 'cat pw' --independence apart
expect_text out '5 snapshots'
expect_exit 0 "$LASTGOOD" --case c.case backups add snaps folder:snaps --map "=$srv" --independence attached
expect_text out '5 snapshots'
! grep -rq secret c.case || { echo "the password is in the case"; exit 1; }

# People read one zone in all that is printed, machines UTC.
expect_exit 0 "$LASTGOOD" --case c.case case describe --zone +05:30
no_utc() { ! grep -E '[0-9]T[0-9:]{8}Z' "$1" | grep -v 'series\.' || { echo "$1 has times in UTC"; exit 1; }; }
expect_exit 1 "$LASTGOOD" --case c.case backups judge
expect_text out 'first bad'
expect_text out ' +05:30'
no_utc out
expect_exit 1 "$LASTGOOD" --case c.case backups judge --json
[ "$(grep -c '"judged":0' out)" -eq 3 ] || { echo "something was judged twice"; cat out; exit 1; }
expect_exit 1 "$LASTGOOD" --case c.case backups list
[ "$(grep -c 'series.jump' out)" -eq 6 ] || { echo "the jump of two days is not seen in each of the three series"; cat out; exit 1; }

expect_exit 0 "$LASTGOOD" --case c.case history "$srv/lab/r7.csv.bak9"
expect_text out 'LAST GOOD'
expect_text out 'as r7.csv.bak9'
expect_text out ' +05:30'
no_utc out
expect_exit 0 "$LASTGOOD" --case c.case history --json "$srv/docs/d3.txt"
[ "$(grep -c '"last_good":true' out)" -eq 1 ]

# One version in one backup, looked at.
expect_exit 0 "$LASTGOOD" --case c.case explain --source nas --snapshot "$first" "$srv/lab/r7.csv"
expect_text out "snapshot $first"
expect_text out 'in the case: intact'
expect_exit 1 "$LASTGOOD" --case c.case explain --source snaps "$srv/lab/r7.csv.bak9"
expect_text out 'encrypted'
expect_exit 11 "$LASTGOOD" --case c.case explain --source nas --snapshot zz "$srv/lab/r7.csv"

# Beside, without a scanned tree: everything.
expect_exit 0 "$LASTGOOD" --case c.case plan --out all.json
expect_text all.txt 'ATTACHED'
no_utc all.txt
expect_text all.txt 'Choosing file by file'
expect_exit 32 "$LASTGOOD" --case c.case restore all.json --to repo/inside
mkdir full
touch full/something
expect_exit 32 "$LASTGOOD" --case c.case restore all.json --to full
expect_exit 0 "$LASTGOOD" --case c.case restore all.json --to beside
diff -r --no-dereference good "beside$srv"
[ "$(stat -c '%a %Y' "beside$srv/lab/r1.csv")" = "$(stat -c '%a %Y' good/lab/r1.csv)" ]
[ "$(stat -c %i "beside$srv/docs/d1.txt")" = "$(stat -c %i "beside$srv/docs/same.txt")" ]
expect_exit 0 "$LASTGOOD" --case c.case verify all.json --at beside
expect_text out ' 0 not good'
echo changed >>"beside$srv/lab/r2.csv"
expect_exit 1 "$LASTGOOD" --case c.case verify all.json --at beside
expect_text out 'differs'

# A plan that was changed is refused.
sed 's/r3.csv/r4.csv/' all.json >changed.json
expect_exit 33 "$LASTGOOD" --case c.case restore changed.json --to elsewhere
[ ! -e elsewhere ]

# In place: what is hit comes back, what is good is not touched, every encrypted original is kept.
expect_exit 1 "$LASTGOOD" --case c.case scan "$srv"
(cd srv && find . -name '*.bak9' -type f -print0 | sort -z | xargs -0 sha256sum) >originals
stat -c '%i %Z' srv/lab/r40.csv >untouched
expect_exit 0 "$LASTGOOD" --case c.case plan --out place.json
expect_exit 0 "$LASTGOOD" --case c.case restore place.json --in-place
diff -r --no-dereference good srv
stat -c '%i %Z' srv/lab/r40.csv | cmp - untouched
expect_exit 0 "$LASTGOOD" --case c.case verify place.json --at /
expect_exit 0 "$LASTGOOD" --case c.case kept list place.json --json
[ "$(grep -c '"state":"kept"' out)" -eq 70 ]
cut -d' ' -f1 originals | sort >wanted
python3 -c 'import json,sys; print("\n".join(json.loads(line)["sha256"] for line in open("out")))' | sort | cmp - wanted
expect_exit 0 "$LASTGOOD" --case c.case kept list
expect_text out ": 70 originals of 70 files"
carried_out=$PWD/c.case/restores/plan-$(sed -n 's/^"digest":"sha256:\(.\{16\}\).*/\1/p' place.json).json
expect_text out "lastgood --case $PWD/c.case kept list $carried_out --root /"
cmp place.json "$carried_out"
# Another plan takes the name: what the first one put aside is named and verified all the same.
cp place.json first.json
expect_exit 0 "$LASTGOOD" --case c.case scan "$srv"
expect_exit 0 "$LASTGOOD" --case c.case plan --out place.json
expect_exit 2 "$LASTGOOD" --case c.case kept verify place.json
expect_text err "the plan that is now 'place.json' was not carried out in place in this case"
expect_text err "kept verify $carried_out --root /"
expect_exit 0 "$LASTGOOD" --case c.case kept list
expect_text out ": 70 originals of 70 files"
expect_exit 0 "$LASTGOOD" --case c.case kept verify
tail -n 1 out | grep -q ': 70 kept$' || { cat out; exit 1; }
expect_exit 2 "$LASTGOOD" --case c.case kept release --all --by 'A. Person' --reason 'of which?'
expect_text err "kept release $carried_out --root /"
mv first.json place.json
# Programs before kept no copy.
mv "$carried_out" away.json
expect_exit 0 "$LASTGOOD" --case c.case kept list
expect_text out "kept list $PWD/place.json --root /"
mv place.json moved.json
expect_exit 3 "$LASTGOOD" --case c.case kept list
expect_text out "is not there any more; what was kept lies in /.lastgood-kept/"
expect_exit 3 "$LASTGOOD" --case c.case kept verify
mv moved.json place.json
mv away.json "$carried_out"
expect_exit 0 "$LASTGOOD" --case c.case kept verify place.json
expect_text out "70 originals of 70 files"
tail -n 1 out | grep -q ': 70 kept$' || { cat out; exit 1; }
# One that is missing is in the last line, too, and not only above 69 others.
"$LASTGOOD" --case c.case kept list place.json --json >list
one=$(python3 -c 'import json; print(json.loads(open("list").readline())["kept"])')
mv "$one" "$one.away"
expect_exit 1 "$LASTGOOD" --case c.case kept verify place.json
tail -n 1 out | grep -q ': 1 missing, 69 kept$' || { cat out; exit 1; }
mv "$one.away" "$one"
expect_exit 2 "$LASTGOOD" --case c.case kept release place.json --all --by 'A. Person'
expect_exit 0 "$LASTGOOD" --case c.case kept release place.json --all --by 'A. Person' --reason 'this test is over'
expect_exit 0 "$LASTGOOD" --case c.case ledger verify
kept=$(python3 -c 'import os,sys; p=os.path.realpath("srv"); d=os.stat(p).st_dev
while os.stat(os.path.dirname(p)).st_dev == d and p != "/": p = os.path.dirname(p)
print(os.path.join(p, ".lastgood-kept"))')
# Of this restore only: what another one kept there is somebody's evidence.
rm -rf "$kept/$(sed -n 's/^"digest":"sha256:\(.\{16\}\).*/\1/p' place.json)"
rmdir "$kept" 2>/dev/null || true

state_of_sources | cmp - sources-before
