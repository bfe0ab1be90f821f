# SPDX-License-Identifier: Apache-2.0
# A plain copy on a disk with bad sectors: they cost their own bytes only, and those come from a repository that holds
# the same file. A copy has no digests: what both hold must be the same, or the whole have the digest that was judged.
. "$TESTS/expect.sh"
make_faults
export RESTIC_PASSWORD=secret RESTIC_CACHE_DIR=$PWD/cache
echo secret >pw
srv=$PWD/srv
mkdir -p srv/lab other/lab
seq 1 440000 >srv/lab/badsector.csv
for i in $(seq 1 9); do seq "$i" $((i * 90)) >"srv/lab/r$i.csv"; done
touch -d 2021-05-05T05:05:05.123456789 srv/lab/*
cp -a srv usb
cp -a srv plain
touch -d 2022-11-10 plain
restic -q init -r nas
restic -q -r nas backup "$srv" --time '2022-11-15 02:00:00'
cp -a srv changed
printf X | dd of=changed/lab/badsector.csv bs=1 seek=2500000 conv=notrunc status=none
touch -r srv/lab/badsector.csv changed/lab/badsector.csv
rm -r srv && mv changed srv
restic -q init -r nas2
restic -q -r nas2 backup "$srv" --time '2022-11-15 02:00:00'

plan_with() { # plan_with CASE DEPTH OTHER-URL [OPTION...]: the copy is the newest source
  name=$1 depth=$2 url=$3
  shift 3
  "$LASTGOOD" case new "$name" >/dev/null
  "$LASTGOOD" --case "$name.case" backups add usb folder:usb --map "=$srv" >/dev/null
  "$LASTGOOD" --case "$name.case" backups add other "$url" "$@" >/dev/null
  "$LASTGOOD" --case "$name.case" backups judge --depth "$depth" >/dev/null || true
  expect_exit 0 "$LASTGOOD" --case "$name.case" plan --out "$name.json"
}
touch usb
plan_with compared standard restic:nas --password-file pw
plan_with whole full restic:nas --password-file pw
plan_with differs standard restic:nas2 --password-file pw
plan_with plain standard folder:plain --map "=$srv"

for how in compared whole; do
  expect_exit 0 with_faults "$LASTGOOD" --case $how.case restore $how.json --to t-$how --json
  grep '"type":"filled"' out | grep -q "\"from\":\"other [0-9a-f]*\",\"proof\":\"$how\",\"bytes\":1048576,\"ranges\":\[\[1048576,2097152\]\]"
  diff -r usb "t-$how$srv"
  expect_exit 0 "$LASTGOOD" --case $how.case verify $how.json --at t-$how
done
expect_exit 0 "$LASTGOOD" --case compared.case restore compared.json --to t-compared
expect_text out 'the 1.92 MB that both hold are the same, no digest proves the rest'

# One byte elsewhere in the file differs, or the other copy has no digests either: the loss stays, and is told.
for how in differs plain; do
  expect_exit 3 with_faults "$LASTGOOD" --case $how.case restore $how.json --to t-$how --json
  expect_no_text out '"type":"filled"'
  expect_text out '"lost":[[1048576,2097152]]'
  [ ! -e "t-$how$srv/lab/badsector.csv" ]
  [ -e "t-$how$srv/lab/r9.csv" ]
done
