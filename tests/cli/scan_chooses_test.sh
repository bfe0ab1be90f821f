# SPDX-License-Identifier: Apache-2.0
# What is scanned is what was asked for: several paths and hosts in one case, includes and excludes, one file system.
. "$TESTS/expect.sh"
mkdir -p db/data lab/results lab/cache/deep
seq 1 100 >db/data/a.csv
seq 1 100 >db/data/b.tmp
seq 1 100 >lab/results/c.csv
seq 1 100 >lab/cache/deep/d.csv
expect_exit 0 "$LASTGOOD" case new c
# Two servers, one case: each scan keeps its host, and both stand in the report.
expect_exit 0 "$LASTGOOD" --case c.case scan --host db1 --json --all db/data db
# A path below another one is judged once.
[ "$(grep '"path":".*a.csv"' out | sort -u | wc -l)" -eq 1 ]
expect_exit 0 "$LASTGOOD" --case c.case scan --host lab1 --json --all lab
expect_exit 0 "$LASTGOOD" --case c.case case --json show
expect_text out '"host":"db1"'
expect_text out '"host":"lab1"'
expect_exit 0 "$LASTGOOD" --case c.case report --out page.html
expect_text page.html 'db1'
expect_text page.html 'lab1'
expect_exit 0 "$LASTGOOD" --case c.case scan --json --all --include '*.csv' db lab
[ "$(grep -c '"type":"file"' out)" -eq 3 ]
expect_no_text out 'b.tmp'
expect_exit 0 "$LASTGOOD" --case c.case scan --json --all --include '*.csv' --exclude cache --exclude '*/results/*' db lab
[ "$(grep -c '"type":"file"' out)" -eq 1 ]
expect_text out 'a.csv'
# What is mounted below a path is another disk: entered only when told.
if [ -d /dev/shm ] && [ -w /dev/shm ] && [ "$(stat -c %d /dev/shm)" != "$(stat -c %d /dev)" ]; then
  other=$(mktemp -d /dev/shm/lastgood-test-XXXXXX)
  trap 'rm -rf "$other"' EXIT
  name=$(basename "$other").csv
  seq 1 100 >"$other/$name"
  expect_exit 0 "$LASTGOOD" --case c.case scan --json --all --include "$name" /dev
  expect_text out '"files":0,'
  expect_exit 0 "$LASTGOOD" --case c.case scan --json --all --include "$name" --other-file-systems /dev
  expect_text out '"files":1,'
fi
