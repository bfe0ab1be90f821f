#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Struck once more after a restore, before anybody scans again: what was brought back and is gone again comes back by the
# same command.
set -eu
. "$TESTS/expect.sh"
here=$PWD
mkdir -p srv/share srv/index "nas/2022-11-21$here/srv"
seq 3000 >srv/share/prices.csv
seq 2000 >srv/share/wards.csv
seq 5000 >srv/index/words.csv
cp -a srv/share "nas/2022-11-21$here/srv/"
cat >services.toml <<TOML
[service.share]
rto = "1h"
healthcheck = { test = ["CMD", "/bin/true"] }
[[service.share.data]]
kind = "files"
path = "$here/srv/share"
[service.search]
[[service.search.data]]
kind = "files"
path = "$here/srv/index"
regenerable = true
TOML
expect_exit 0 "$LASTGOOD" case new c
expect_exit 0 "$LASTGOOD" --case c.case backups add nas folder:nas --map =
expect_exit 0 "$LASTGOOD" --case c.case backups judge
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
strike() {
  head -c "$(stat -c %s "$1")" /dev/urandom >noise
  mv "$1" "$1.bak9" && cat noise >"$1.bak9"
}
strike srv/share/prices.csv
strike srv/share/wards.csv
strike srv/index/words.csv
"$LASTGOOD" --case c.case scan srv >out 2>err || true
# Nobody starts it for people, so they are told before.
"$LASTGOOD" --case c.case services start search >out 2>err || true
expect_text out "note: search: 1 file of its files ('$here/srv/index/words.csv.bak9' first) stands as the newest scan saw it, struck or in doubt: it is regenerable, and whoever starts it has to make it again, where nobody has"

expect_exit 0 "$LASTGOOD" --case c.case restore --service share --in-place
[ "$(tail -n 1 srv/share/prices.csv)" = 3000 ]
expect_exit 0 "$LASTGOOD" --case c.case restore --service share --in-place
expect_text out "all of it was restored at"
strike srv/share/prices.csv
expect_exit 0 "$LASTGOOD" --case c.case restore --service share --in-place
expect_text out "1 files, "
[ "$(tail -n 1 srv/share/prices.csv)" = 3000 ]
[ -e srv/share/prices.csv.bak9 ]

# Its health check is well all the while, and the report calls it what status does.
strike srv/share/wards.csv
"$LASTGOOD" --case c.case scan srv >out 2>err || true
"$LASTGOOD" --case c.case services status >out 2>err || true
expect_text out "degraded    share"
"$LASTGOOD" --case c.case report >out 2>err || true
expect_text out "share: degraded"
expect_text out "2 encrypted files of its data stand there, as the newest scan saw"
expect_text out "Not up, or not whole: share (up, on encrypted files)"
expect_no_text out "kept"
