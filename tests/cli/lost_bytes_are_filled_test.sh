# SPDX-License-Identifier: Apache-2.0
# What one store lost comes from another: a restic repository with broken packs beside a borg repository, a plain copy
# or both; filled only where something proves the bytes, and every fill is told.
. "$TESTS/expect.sh"
export RESTIC_PASSWORD=secret BORG_PASSPHRASE=secret RESTIC_CACHE_DIR=$PWD/cache BORG_BASE_DIR=$PWD/borg-base
echo secret >pw
srv=$PWD/srv
mkdir -p srv/lab
for i in $(seq 1 6); do { printf 'Series %s\n' "$i"; seeded_bytes 7000000 "scan $i"; } >"srv/lab/scan$i.raw"; done
for i in $(seq 1 30); do seq "$i" $((i * 90)) >"srv/lab/r$i.csv"; done
touch -d 2021-05-05T05:05:05.123456789 srv/lab/*
restic -q init -r nas
restic -q -r nas backup "$srv" --time '2022-11-15 02:00:00' --host hims1
# borg cuts its chunks elsewhere; the copy has one scan that was changed all over, with its size and time kept.
borg init -e repokey-blake2 vault 2>/dev/null
borg create --chunker-params buzhash,16,20,18,4095 --timestamp 2022-11-14T03:00:00 vault::hims1 "$srv"
cp -a srv copy
spoil() { # spoil FILE STEP: four bytes in every STEP
  python3 - "$@" <<'PY'
import os, sys
with open(sys.argv[1], "r+b") as file:
    for at in range(int(sys.argv[2]) // 2, os.path.getsize(sys.argv[1]) - 4, int(sys.argv[2])):
        file.seek(at)
        was = file.read(4)
        file.seek(at)
        file.write(bytes(b ^ 0x5A for b in was))
PY
}
spoil copy/lab/scan3.raw 50000
touch -r srv/lab/scan3.raw copy/lab/scan3.raw

judge_and_plan() { # judge_and_plan CASE SOURCE...: one case for each set of sources; restic is the newest of them
  "$LASTGOOD" case new "$1" >/dev/null
  "$LASTGOOD" --case "$1.case" backups add nas restic:nas --password-file pw >/dev/null
  case " $* " in *' vault '*) "$LASTGOOD" --case "$1.case" backups add vault borg:vault --password-file pw >/dev/null ;; esac
  case " $* " in *' copy '*) "$LASTGOOD" --case "$1.case" backups add copy folder:copy --map "=$srv" >/dev/null ;; esac
  "$LASTGOOD" --case "$1.case" backups judge >/dev/null || true
  expect_exit 0 "$LASTGOOD" --case "$1.case" plan --prefer nas --not-after 2022-11-16 --out "$1.json"
}
touch -d 2022-11-13 copy copy/lab
judge_and_plan alone
judge_and_plan borg vault
judge_and_plan folder copy
judge_and_plan both vault copy
for plan in alone borg folder both; do
  python3 - "$plan.json" <<'PY'
import json, sys
plan = json.load(open(sys.argv[1]))
plan = plan.get("plan", plan)
wanted = {s["source"] for s in plan["snapshots"]}
assert len(plan["snapshots"]) == 1 and plan["sources"][wanted.pop()]["name"] == "nas", plan["snapshots"]
PY
done

# After judging, the packs go bad here and there, in every scan: nobody knew when the plans were made.
chmod -R u+w nas
find nas/data -type f -size +1M | while read -r pack; do spoil "$pack" 1500000; done

# Alone: what can be read stands under another name, the rest is in the loss map.
expect_exit 3 "$LASTGOOD" --case alone.case restore alone.json --to t-alone
expect_text out 'incomplete, because no source can give'
# A small file may be hit as well, by chance.
[ "$(find t-alone -name 'scan*.lastgood-incomplete' | wc -l)" -eq 6 ]
[ "$(grep -vc '^#' alone.case/restores/*.losses.tsv)" -ge 6 ]

# With borg, and with a plain copy: whole, proven piece by piece.
expect_exit 0 "$LASTGOOD" --case borg.case restore borg.json --to t-borg --json
diff -r srv "t-borg$srv"
grep '"type":"filled"' out >fills
[ "$(grep -c '/scan' fills)" -ge 6 ]
expect_text fills '"from":"vault hims1","proof":"pieces"'
expect_no_text fills '"proof":"compared"'
expect_text out '"filled":'
expect_exit 0 "$LASTGOOD" --case borg.case verify borg.json --at t-borg
expect_exit 0 "$LASTGOOD" --case borg.case restore borg.json --to t-borg
expect_text out 'from vault hims1; each piece has the digest it was stored under'
expect_exit 0 "$LASTGOOD" --case borg.case ledger verify

# The changed scan of the copy is not taken for the lost one; everything else is.
expect_exit 3 "$LASTGOOD" --case folder.case restore folder.json --to t-folder
expect_text out 'from copy'
[ ! -e "t-folder$srv/lab/scan3.raw" ]
rm -f "t-folder$srv/lab/scan3.raw.lastgood-incomplete"
diff -r srv "t-folder$srv" >differences || true
[ "$(cat differences)" = "Only in srv/lab: scan3.raw" ] || { cat differences; exit 1; }

# Both stores broken in different places, and the copy: from whichever has them; what all three lost is told.
chmod -R u+w vault
find vault/data -type f -size +1M | while read -r segment; do spoil "$segment" 2000000; done
status=0
"$LASTGOOD" --case both.case restore both.json --to t-both --json >out 2>err || status=$?
[ $status -eq 0 ] || [ $status -eq 3 ] || { cat out err; exit 1; }
# Where borg cut its chunks differs from run to run: how much each of the two can give does as well.
grep -Eq '"from":"(vault hims1|copy )' out
for i in 1 2 4 5 6; do cmp "srv/lab/scan$i.raw" "t-both$srv/lab/scan$i.raw"; done
if [ -e "t-both$srv/lab/scan3.raw" ]; then cmp srv/lab/scan3.raw "t-both$srv/lab/scan3.raw"; else grep -q scan3.raw both.case/restores/*.losses.tsv; fi
