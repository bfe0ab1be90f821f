# SPDX-License-Identifier: Apache-2.0
# scan --indicators reads every file once and keeps what 'indicators' keeps of the same tree: rows, digests and ledger
# entries; no verdict changes by it; after kill -9 it goes on, and nothing of what was found is missing.
. "$TESTS/expect.sh"
make_faults
python3 - <<'PY'
import base64, hashlib, os, random
random.seed(7)
def noise(size, seed): return hashlib.shake_256(seed.encode()).digest(size)
def text(size):
    lines, total = [], 0
    while total < size:
        line = f"{total} host{random.randrange(9)}.example.net from 203.0.113.{random.randrange(200)} by dog{random.randrange(99)}@protonmail.com\n"
        lines.append(line); total += len(line)
    return "".join(lines).encode()
def put(name, data):
    os.makedirs(os.path.dirname(name), exist_ok=True)
    open(name, "wb").write(data)
mail = lambda i: (b"From a@s.example Wed Nov 23 07:07:00 2022\nReceived: from x\nFrom: a@s.example\nMIME-Version: 1.0\nContent-Type: text/html\n"
                  b"Content-Transfer-Encoding: base64\n\n" + base64.encodebytes(b"to mouse%d@protonmail.com " % i + text(20000)) + b"\n\n")
for i in range(60):
    put(f"srv/d{i}/list.csv", text(3000 + 37 * i))
    put(f"srv/d{i}/x.docx.bak9", b"ID=77 fox1204@mailbox.example.org\n" + noise(20000, f"x{i}"))
    put(f"srv/d{i}/plain", b"nothing at all\n")
put("srv/large/log.log", text(9_000_000))
put("srv/large/disk.img", noise(3_000_000, "disk") + b" cat77@onionmail.org " + noise(2_000_000, "rest"))
put("srv/large/box", b"".join(mail(i) for i in range(200)))
put("srv/large/note.txt", b"write to mouse63209@protonmail[.]com, pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n")
put("srv/empty.id[1A2B3C4D-2803].[fox1204@mailbox.example.org].eight", b"")
with open("srv/large/holed.vmdk", "wb") as holed:
    holed.write(text(70000)); holed.seek(40_000_000); holed.write(b" owl5@onionmail.org ")
PY
find srv -type f -exec stat -c '%n %x %y %z' {} + | sort >before
all_bytes=$(find srv -type f -printf '%s\n' | awk '{ sum += $1 } END { print sum }')
kept() {
  python3 - "$1" <<'PY'
import sqlite3, sys
case = sqlite3.connect(f"file:{sys.argv[1]}.case/case.sqlite?mode=ro", uri=True)
columns = [row[1] for row in case.execute("PRAGMA table_info(found_values)") if row[1] != "file_id"]
files = [row[1] for row in case.execute("PRAGMA table_info(searched_files)") if row[1] not in ("id", "searched_ns")]
query = f"SELECT {', '.join('s.' + name for name in files)}, {', '.join('v.' + name for name in columns)} FROM found_values v JOIN searched_files s ON s.id = v.file_id"
for row in sorted(case.execute(query), key=repr): print(row)
PY
}
verdicts() {
  python3 - "$1" <<'PY'
import sqlite3, sys
case = sqlite3.connect(f"file:{sys.argv[1]}.case/case.sqlite?mode=ro", uri=True)
for row in case.execute("SELECT path, name, verdict, certainty FROM files JOIN folders ON folders.id = folder_id ORDER BY path, name"): print(row)
PY
}
entry() { grep "\"kind\":\"$2\"" "$1.case/ledger" | tail -1 | grep -o '"fields":{[^}]*}'; }
for name in two one full killed; do
  expect_exit 0 "$LASTGOOD" case new $name.case
  expect_exit 0 "$LASTGOOD" --case $name.case case describe --own-domain host3.example.net --own-block 203.0.113.0/28
done

expect_exit 1 "$LASTGOOD" --case two.case scan srv
expect_exit 1 "$LASTGOOD" --case two.case indicators srv
kept two >two.rows
[ "$(wc -l <two.rows)" -gt 5000 ]
grep -q "'own'" two.rows
grep -q "'base64'" two.rows

expect_exit 1 "$LASTGOOD" --case one.case scan --indicators srv
expect_text out 'indicators: '
expect_text out 'kept apart'
expect_exit 1 "$LASTGOOD" --case full.case scan --indicators --depth full --json srv
expect_text out '"indicators":{"files":'
bytes_read=$(sed -n 's/.*"bytes_read":\([0-9]*\),"verdicts.*/\1/p' out)
for name in one full; do
  kept $name >$name.rows
  cmp two.rows $name.rows || { echo "scan --indicators found something else ($name)"; exit 1; }
  [ "$(entry $name search-finished)" = "$(entry two search-finished)" ] || { entry $name search-finished; entry two search-finished; exit 1; }
  [ "$(entry $name search-begun)" = "$(entry two search-begun)" ]
  expect_exit 0 "$LASTGOOD" --case $name.case ledger verify
done
verdicts two >two.verdicts
verdicts one >one.verdicts
cmp two.verdicts one.verdicts || { echo "a verdict changed by the search"; exit 1; }
find srv -type f -exec stat -c '%n %x %y %z' {} + | sort | cmp - before
[ "$bytes_read" -ge "$all_bytes" ]
[ "$bytes_read" -le $((all_bytes + all_bytes / 20)) ] || { echo "$bytes_read bytes read of $all_bytes"; exit 1; }

# Killed in the middle: files that are recorded have their values, the rest is read again.
i=0
while [ $i -lt 20 ]; do mkdir many-$i; seq 1 400 | sed 's/.*/dog&@protonmail.com/' | split -l 1 -a 3 - many-$i/f; i=$((i + 1)); done
mkdir srv/many
mv many-* srv/many/
env $faults SLOW_US=100 "$LASTGOOD" --case killed.case scan --indicators --threads 1 srv >out 2>err &
pid=$!
wait_for_record killed.case $pid
kill -KILL $pid
wait $pid || true
set -- $(recorded killed.case)
[ "$1" -lt 8000 ]
# A scan that does not search is another one.
expect_exit 2 "$LASTGOOD" --case killed.case scan --resume srv
expect_exit 1 "$LASTGOOD" --case killed.case scan --resume --indicators srv
kept killed >killed.rows
expect_exit 0 "$LASTGOOD" case new again.case
expect_exit 0 "$LASTGOOD" --case again.case case describe --own-domain host3.example.net --own-block 203.0.113.0/28
expect_exit 1 "$LASTGOOD" --case again.case indicators srv
kept again >again.rows
cmp again.rows killed.rows || { echo "something is missing after kill -9"; exit 1; }
expect_exit 0 "$LASTGOOD" --case killed.case ledger verify

expect_exit 2 "$LASTGOOD" --case one.case scan --own hospital.example.in srv
expect_exit 2 "$LASTGOOD" --case one.case scan --indicators --own nonsense srv
