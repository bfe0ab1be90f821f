# SPDX-License-Identifier: Apache-2.0
# A disk that fails under the evidence, files that change under the reader, and a disk that is full under the case: what
# could be kept is kept, nothing is called clean that was not read, and the case opens afterwards.
. "$TESTS/expect.sh"
make_faults

mkdir -p srv
for i in 1 2 3; do seq 1 30000 >"srv/list$i.csv"; done
cp srv/list1.csv srv/eio.csv
random_bytes 200000 >srv/eio.dat
for depth in standard full; do
  expect_exit 0 "$LASTGOOD" case new "disk-$depth"
  # Without the faults all is well: the fault is what makes the difference.
  expect_exit 0 "$LASTGOOD" --case "disk-$depth.case" scan --depth $depth --exclude '*.dat' srv
  expect_exit 3 with_faults "$LASTGOOD" --case "disk-$depth.case" scan --json --all --depth $depth srv
  [ "$(grep -c '"type":"file"' out)" -eq 5 ]
  [ "$(grep -c '"verdict":"intact"' out)" -eq 3 ]
  [ "$(grep '"path":".*eio' out | grep -c '"verdict":"unreadable"')" -eq 2 ]
  grep '"path":".*eio.csv"' out | grep -q 'input/output error at byte 65536'
  expect_exit 3 with_faults "$LASTGOOD" --case "disk-$depth.case" scan --depth $depth srv
  expect_exit 0 "$LASTGOOD" --case "disk-$depth.case" ledger verify
done

# A folder that can be listed in part only: what was listed is judged, the rest is said to be missing.
mkdir -p tree/eiofolder tree/well
seq 1 3000 | split -l 1 -a 4 - tree/eiofolder/a-name-that-fills-the-list-
cp srv/list1.csv tree/well
expect_exit 3 with_faults "$LASTGOOD" --case disk-full.case scan --json --all tree
grep '"path":".*tree/eiofolder"' out | grep '"verdict":"unreadable"' | grep -q 'input/output error'
grep '"path":".*well/list1.csv"' out | grep -q '"verdict":"intact"'
[ "$(grep -c '"path":".*eiofolder/a-name' out)" -gt 0 ]
[ "$(grep -c '"path":".*eiofolder/a-name' out)" -lt 3000 ]

# Each change is told; none makes a file look read that was not.
mkdir moving
cp srv/list1.csv moving/shrinks.csv
random_bytes 200000 >moving/shrinks.pdf
cp srv/list1.csv moving/vanishes.csv
random_bytes 200000 >moving/grows.pdf
cp srv/list1.csv moving/grows.csv
mkdir moving/vanishes
expect_exit 1 with_faults "$LASTGOOD" --case disk-full.case scan --json --all moving
[ "$(grep -c '"type":"file"' out)" -eq 6 ]
grep '"path":".*moving/vanishes"' out | grep '"verdict":"unreadable"' | grep -q 'no such file'
grep '"path":".*vanishes.csv"' out | grep '"verdict":"unreadable"' | grep -q 'no such file'
grep '"path":".*grows.csv"' out | grep '"verdict":"intact"' | grep -q 'what was added was not looked at'
for name in shrinks.csv shrinks.pdf grows.pdf grows.csv; do
  grep "\"path\":\".*$name\"" out | grep '"certainty":"weak"' | grep -q '"changed: '
done

mkdir many
seq 1 6000 | split -l 1 -a 4 - many/f
for room in 0 100 20000 300000; do
  expect_exit 0 "$LASTGOOD" case new "full$room"
  expect_exit 24 with_faults env FULL_FOLDER="$PWD/full$room.case" FULL_BYTES=$room "$LASTGOOD" --case "full$room.case" scan many
  grep -Eq 'no space left|disk is full' err || { cat err; exit 1; }
  expect_text err 'hint:'
  expect_exit 0 "$LASTGOOD" --case "full$room.case" ledger verify
  expect_exit 0 "$LASTGOOD" --case "full$room.case" case show
  # With room again the same case takes a whole scan.
  expect_exit 0 "$LASTGOOD" --case "full$room.case" scan --json many
  grep '"type":"summary"' out | grep -q '"files":6000'
  expect_exit 0 "$LASTGOOD" --case "full$room.case" ledger verify
done
