# SPDX-License-Identifier: Apache-2.0
# A plain copy on the target's own file system: what is restored has the copy's blocks, takes no space, and is whole.
# On XFS and btrfs in images that this test makes and mounts; on a file system that cannot share, it is copied.
. "$TESTS/expect.sh"
losetup -f >/dev/null 2>&1 || { echo "skipped: this machine has no loop devices, and no file system that shares blocks"; exit 0; }
srv=$PWD/srv
mounted=
trap 'for place in $mounted; do umount "$place"; done' EXIT

make_copy() { # make_copy FOLDER: as a backup of $srv looks, with a large file, one with holes, and small ones
  mkdir -p "$1/lab"
  seeded_bytes 40000000 large >"$1/lab/large.dat"
  cp "$1/lab/large.dat" "$1/lab/again.dat"
  seeded_bytes 3000000 middle >"$1/lab/middle.dat"
  truncate -s 30000000 "$1/lab/holes.dat"
  seeded_bytes 100000 hole | dd of="$1/lab/holes.dat" bs=1000000 seek=20 conv=notrunc status=none
  for i in $(seq 1 20); do seq "$i" $((i * 50)) >"$1/lab/r$i.csv"; done
  chmod 640 "$1/lab/middle.dat"
  touch -d 2021-05-05T05:05:05.5 "$1/lab"/*
}
used() { df --output=used -k "$1" | tail -n 1; }
state_of() { (cd "$1" && find . -type f -print0 | sort -z | xargs -0 sha256sum && find . | sort | xargs -d '\n' stat -c '%n %s %a %u %g %i %X %Y %Z'); }

for kind in xfs btrfs; do
  truncate -s 400M $kind.img
  case $kind in
    xfs) mkfs.xfs -q -m reflink=1 xfs.img ;;
    btrfs) mkfs.btrfs -q --mixed btrfs.img >/dev/null ;;
  esac
  mkdir $kind
  mount -o loop $kind.img $kind
  mounted="$mounted $PWD/$kind"
  make_copy $kind/copy
  expect_exit 0 "$LASTGOOD" case new $kind
  expect_exit 0 "$LASTGOOD" --case $kind.case backups add copy "folder:$kind/copy" --map "=$srv"
  "$LASTGOOD" --case $kind.case backups judge >/dev/null || true
  expect_exit 0 "$LASTGOOD" --case $kind.case plan --out $kind.json
  state_of $kind/copy >before
  # 100 MB are left of the image: less than the plan has bytes.
  sync -f $kind
  room=$(($(df --output=avail -k $kind | tail -n 1) / 1024 - 100))
  fallocate -l ${room}M $kind/filler
  expect_exit 31 "$LASTGOOD" --case $kind.case restore $kind.json --to $kind/copied --no-reflink
  rm -rf $kind/copied
  before=$(used $kind)
  expect_exit 0 "$LASTGOOD" --case $kind.case restore $kind.json --to $kind/restored --json
  expect_text out '"shared_bytes":113000000,'
  sync -f $kind
  [ $(($(used $kind) - before)) -lt 10000 ] || { echo "$kind grew by $(($(used $kind) - before)) KiB"; exit 1; }
  diff -r $kind/copy "$kind/restored$srv"
  [ "$(stat -c '%a %y' $kind/copy/lab/middle.dat)" = "$(stat -c '%a %y' "$kind/restored$srv/lab/middle.dat")" ]
  expect_exit 0 "$LASTGOOD" --case $kind.case verify $kind.json --at $kind/restored --no-judging
  # Nothing of the source changed, and a change in what was restored is none in the source.
  printf changed | dd of="$kind/restored$srv/lab/large.dat" conv=notrunc status=none
  state_of $kind/copy | cmp - before
  rm $kind/filler
  sync -f $kind
done

# Another file system: copied, byte for byte.
expect_exit 0 "$LASTGOOD" --case xfs.case restore xfs.json --to elsewhere --json
expect_text out '"shared_bytes":0,'
diff -r xfs/copy "elsewhere$srv"
expect_exit 0 "$LASTGOOD" --case btrfs.case restore btrfs.json --to btrfs/second --no-reflink --json
expect_text out '"shared_bytes":0,'
diff -r btrfs/copy "btrfs/second$srv"
expect_exit 0 "$LASTGOOD" --case btrfs.case restore btrfs.json --to btrfs/third
expect_text out 'that is no second copy'
