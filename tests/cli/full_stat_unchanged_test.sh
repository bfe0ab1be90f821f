# SPDX-License-Identifier: Apache-2.0
# Looking changes nothing: size, mode, owner and all four times of every file and folder are the same afterwards, to the
# nanosecond, also of files that nobody has read for years (those are the ones whose access time a plain read moves).
. "$TESTS/expect.sh"
mkdir -p tree/ward/deep
seq 1 60000 >tree/ward/list.csv
random_bytes 300000 >tree/ward/result.pdf
{ seq 1 3000; random_bytes 16384; seq 3000 6000; } >tree/ward/deep/notes.txt
printf 'x\n' >tree/ward/deep/tiny
printf '\037\213\010\000' >tree/cut.gz
: >tree/empty
truncate -s 3G tree/hole.img
ln tree/ward/list.csv tree/second-name.csv
ln -s list.csv tree/ward/link.csv
chmod 0440 tree/ward/deep/tiny
cp tree/ward/list.csv witness
# Older than a day, and older than the last change: even "relatime" moves such an access time at the first read.
make_unread() { touch -h -a -d '2019-03-04 05:06:07.123456789' "$@"; }
make_unread witness
cat witness >/dev/null
if [ "$(stat -c %X witness)" = "$(date -d '2019-03-04 05:06:07' +%s)" ]; then
  echo "skipped: this file system keeps no access times, so nothing could be seen here"
  exit 0
fi
list_all() { find tree | sort; }
list_all >names
# stat opens nothing, so that the check itself leaves the times alone.
stat_all() { while read -r name; do stat -c '%n %i %f %h %u %g %s %b %x %y %z %w' "$name"; done <names; }
while read -r name; do make_unread "$name"; done <names
stat_all >before
[ "$(grep -c '2019-03-04 05:06:07.123456789' before)" -eq "$(wc -l <names)" ]
expect_exit 0 "$LASTGOOD" case new c
for depth in quick standard full; do
  expect_exit 1 "$LASTGOOD" --case c.case scan --depth $depth --json --all tree
  [ "$(grep -c '"type":"file"' out)" -eq 8 ]
done
"$LASTGOOD" --case c.case scan tree/ward/result.pdf >out 2>err || [ $? -eq 1 ]
"$LASTGOOD" --case c.case explain tree/ward/result.pdf >out 2>err || [ $? -eq 1 ]
"$LASTGOOD" --case c.case explain tree/ward/list.csv >out 2>err
"$LASTGOOD" --case c.case report >out 2>err
stat_all >after
diff before after
