# SPDX-License-Identifier: Apache-2.0
# Names and things that trip programs: each is judged, skipped or recorded with a reason, and nothing is changed.
. "$TESTS/expect.sh"
mkdir -p tree/deep
printf 'x\n' >"tree/$(printf 'new\nline')"
printf 'x\n' >"tree/$(printf 'bad\377utf8')"
printf 'x\n' >"tree/$(head -c 255 /dev/zero | tr '\0' n)"
printf 'x\n' >"tree/-rf"
printf '\033[2Jx\n' >"tree/$(printf 'escape\033[2J')"
mkfifo tree/fifo
ln -s /etc tree/link
ln -s loop tree/loop
truncate -s 1T tree/sparse 2>/dev/null || truncate -s 100G tree/sparse
: >tree/empty
# Devices, where they can be made: opening one may rewind a tape or wait for ever.
mknod tree/zeros c 1 5 2>/dev/null || true
mknod tree/disk b 7 0 2>/dev/null || true
# A folder that leads back to itself.
mkdir tree/around
ln -s ../around tree/around/again
ln tree/empty tree/second-name
# Deeper than PATH_MAX: 60 folders with names of 100 bytes.
name=$(head -c 100 /dev/zero | tr '\0' d)
(cd tree/deep && i=0 && while [ $i -lt 60 ]; do mkdir "$name" && cd -P "$name" && i=$((i + 1)); done && printf 'deep\n' >bottom)
/usr/bin/python3 - <<'PY'
import os, socket
s = socket.socket(socket.AF_UNIX); s.bind("tree/socket")
PY
stat_all() { find tree -printf '%i %m %s %A@ %T@ %C@\n' | sort; }
# find itself moves the access times of folders once; from then on relatime leaves them.
stat_all >/dev/null; stat_all >before
expect_exit 0 "$LASTGOOD" --case c.case case new c
for depth in quick standard full; do
  expect_exit 0 timeout 30 "$LASTGOOD" --case c.case scan --json --all --depth $depth tree
  [ "$(grep -c '"type":"file"' out)" -eq 9 ]
  expect_text out '"path_b64"'
  expect_no_text out "$(printf '\033')"
  expect_text out 'bottom'
done
stat_all >after
cmp before after
for pseudo in /proc /sys; do
  [ -d $pseudo ] || continue
  expect_exit 0 timeout 30 "$LASTGOOD" --case c.case scan --json --other-file-systems $pseudo
  expect_text out '"files":0,'
done
expect_exit 11 "$LASTGOOD" --case c.case scan no-such-folder
expect_text err "cannot open 'no-such-folder'"
