#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Folders of a nightly job are named by local time and no zone. They are read in the zone of the case, or in one that was
# given for their source; where nobody has said one, UTC is assumed and each list says so. A snapshot has one time, also
# when the zone is said after it was judged.
set -eu
. "$TESTS/expect.sh"

now=$(TZ=UTC-5:30 date +%Y-%m-%d_%H%M)00
before=$(TZ=UTC-5:30 date -d '-1 day' +%Y-%m-%d_%H%M)00
for day in "$before" "$now"; do
  mkdir -p "bk/$day/srv" "bk/$day/etc"
  printf 'name,ward\nAsha,3\n' >"bk/$day/srv/wards.csv"
  printf 'x\n' >"bk/$day/etc/hosts"
done
cat >services.toml <<'TOML'
[service.wards]
title = "Wards"
tier = 1
[[service.wards.data]]
name = "files"
kind = "files"
path = "/srv"
TOML
as_read() { echo "$(echo "$1" | cut -c1-10) $(echo "$1" | cut -c12-13):$(echo "$1" | cut -c14-15):00"; }

expect_exit 0 "$LASTGOOD" case new c
expect_exit 2 "$LASTGOOD" --case c.case backups add snap folder:bk --names-in Kolkata
expect_text err "such as '--names-in +05:30'"
expect_exit 0 "$LASTGOOD" --case c.case backups add snap folder:bk
expect_exit 0 "$LASTGOOD" --case c.case backups judge
expect_no_text out "series.future"
expect_exit 0 "$LASTGOOD" --case c.case services set services.toml
expect_exit 0 "$LASTGOOD" --case c.case services check
expect_text err "names of snapshots in 'snap' say a time and no zone: UTC is assumed"
expect_text out "of $(as_read "$now") UTC"
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text err "UTC is assumed"
expect_exit 0 "$LASTGOOD" --case c.case plan
expect_text plan.txt "UTC is assumed"

# The zone is said afterwards: what was judged and tested has the new time everywhere.
expect_exit 0 "$LASTGOOD" --case c.case case describe --zone +05:30
expect_text err "names of 2 snapshots in 'snap' say a time and no zone: from now on they are read in UTC+05:30"
expect_exit 0 "$LASTGOOD" --case c.case backups list
expect_text out "$(as_read "$now") +05:30"
expect_no_text out "UTC is assumed"
expect_exit 1 "$LASTGOOD" --case c.case services status
expect_text out "data as of $(as_read "$now") +05:30"
expect_text out "is read as $(as_read "$now") +05:30 since"
expect_no_text err "assumed"
expect_exit 0 "$LASTGOOD" --case c.case services check
expect_text out "of $(as_read "$now") +05:30"
expect_no_text err "assumed"
expect_exit 0 "$LASTGOOD" --case c.case backups judge
expect_no_text out "series.future"
expect_text out "$(as_read "$now") +05:30"
expect_exit 0 "$LASTGOOD" --case c.case plan
expect_text plan.txt "$(as_read "$now") +05:30"
expect_no_text plan.txt "UTC is assumed"

# Another zone for this source alone.
expect_exit 0 "$LASTGOOD" --case c.case backups add snap folder:bk --names-in UTC
expect_text out "2 snapshots of it, judged before, have another time now"
expect_exit 0 "$LASTGOOD" --case c.case backups list
expect_no_text out "$(as_read "$now") +05:30"
expect_text out "names read in UTC"
