# SPDX-License-Identifier: Apache-2.0
# A source with the wrong password, without its key, of an unknown version, with broken files, or gone: each says which, gives
# a hint, and ends with the same exit code from every command that opens it. When it is well again, the same commands do.
. "$TESTS/expect.sh"
export RESTIC_PASSWORD=secret BORG_PASSPHRASE=secret RESTIC_CACHE_DIR=$PWD/cache BORG_BASE_DIR=$PWD/borg-base
echo secret >pw
mkdir srv
for i in $(seq 1 5); do seq 1 $((i * 100)) >srv/f$i.csv; done
restic -q init -r repo && restic -q -r repo backup srv
borg init -e repokey-blake2 repokey 2>/dev/null && borg create repokey::a srv
borg init -e keyfile keyfile 2>/dev/null && borg create keyfile::a srv && borg key export keyfile borg.key

# expect_each CODE TEXT ADDRESS OPTIONS...: add in a new case, and judge, history, plan and restore in one that was made when all
# was well.
expect_each() {
  code=$1
  text=$2
  address=$3
  shift 3
  expect_exit 0 "$LASTGOOD" case new "add-$((number = ${number:-0} + 1))"
  # A file that is named when a source is added and is not there is wrong use.
  adding=$code
  case $text in pw-* | borg.key) adding=2 ;; esac
  expect_exit "$adding" "$LASTGOOD" --case "add-$number.case" backups add s "$address" "$@"
  for command in "backups judge" "history /srv/f1.csv" "plan --out again.json" "restore p.json --to out-$number"; do
    # shellcheck disable=SC2086 # a command and its words
    expect_exit "$code" "$LASTGOOD" --case c.case $command
    expect_text err "$text"
    expect_text err 'hint:'
  done
  [ ! -e "out-$number/srv" ]
}
well() { # well ADDRESS OPTIONS...: a case that knows the source, judged and planned
  rm -rf c.case p.json
  expect_exit 0 "$LASTGOOD" case new c
  expect_exit 0 "$LASTGOOD" --case c.case backups add s "$@"
  expect_exit 0 "$LASTGOOD" --case c.case backups judge
  expect_exit 0 "$LASTGOOD" --case c.case plan --out p.json
}
finish() { # all of it works again
  expect_exit 0 "$LASTGOOD" --case c.case backups judge
  expect_exit 0 "$LASTGOOD" --case c.case restore p.json --to "well-$number"
  expect_exit 0 "$LASTGOOD" --case c.case verify p.json --at "well-$number"
  diff -r srv "$(find "well-$number" -type d -name srv)"
}

for kind in restic borg; do
  [ $kind = restic ] && store=repo || store=repokey
  cp pw pw-$kind
  well $kind:$store --password-file pw-$kind
  echo wrong >pw-$kind
  expect_each 12 password $kind:$store --password-file pw-$kind
  rm pw-$kind
  expect_each 11 pw-$kind $kind:$store --password-file pw-$kind
  cp pw pw-$kind
  mv $store elsewhere
  expect_each 11 $store $kind:$store --password-file pw-$kind
  mv elsewhere $store
  finish
done

# Of a version that nobody knows.
well borg:repokey --password-file pw
sed -i 's/^version = 1/version = 9/' repokey/config
expect_each 13 version borg:repokey --password-file pw
sed -i 's/^version = 9/version = 1/' repokey/config
finish

# Without its key.
well restic:repo --password-file pw
mv repo/keys keys && mkdir repo/keys
expect_each 12 key restic:repo --password-file pw
rmdir repo/keys && mv keys repo/keys
finish
well borg:keyfile --password-file pw --key-file borg.key
mv borg.key away
expect_each 11 borg.key borg:keyfile --password-file pw --key-file borg.key
head -c 100 away >borg.key
expect_each 12 key borg:keyfile --password-file pw --key-file borg.key
mv away borg.key
finish

# An archive is a source that is a file: restored from, and never restored over.
tar cf backup.tar srv
well tar:backup.tar
expect_exit 0 "$LASTGOOD" --case c.case restore p.json --to from-tar
diff -r srv from-tar/srv

# A folder on a disk that is not mounted any more.
mkdir copies && cp -a srv copies/
well folder:copies
mv copies mounted && mkdir copies
for command in "backups judge" "plan --out again.json"; do
  # shellcheck disable=SC2086 # a command and its words
  expect_exit 11 "$LASTGOOD" --case c.case $command
  expect_text err "is empty; it had 1 snapshot when it was judged"
done
expect_exit 0 "$LASTGOOD" case new unmounted
expect_exit 0 "$LASTGOOD" --case unmounted.case backups add s folder:copies
expect_text out "0 snapshots: nothing is in it; is it mounted?"
rmdir copies && mv mounted copies
number=unmounted
finish
