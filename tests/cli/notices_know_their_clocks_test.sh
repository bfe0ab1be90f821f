# SPDX-License-Identifier: Apache-2.0
# From one moment that a person said every clock runs; drafts say what the case states, or unknown; the next draft tells
# what has changed; nothing is drafted twice under one name.
. "$TESTS/expect.sh"
expect_exit 0 "$LASTGOOD" case new a.case
expect_exit 0 "$LASTGOOD" notices
expect_text out 'became aware: unknown, so no clock runs'
expect_text out 'due at an unknown time'
expect_exit 2 "$LASTGOOD" notices aware --by 'Dr Rao'
expect_text err 'hint:'
expect_exit 2 "$LASTGOOD" notices aware --at 2999-01-01T00:00:00Z --by 'Dr Rao'
expect_exit 0 "$LASTGOOD" case describe --organisation 'District Hospital' --zone +05:30
expect_exit 0 "$LASTGOOD" notices aware --at 2022-11-23T07:07:00+05:30 --by 'Dr Rao, systems' --text 'registration stopped'
expect_exit 0 "$LASTGOOD" notices
expect_text out 'due 2022-11-23 13:07:00 +05:30 (2022-11-23T07:37:00Z)'
expect_text out 'OVERDUE'
expect_text out 'overdue'
expect_text out 'not signed yet'
expect_text out 'for a person to decide'
mkdir other
expect_exit 0 "$LASTGOOD" case new other/fresh.case
expect_exit 0 "$LASTGOOD" --case other/fresh.case notices aware --at "$(date -u -d '1 hour ago' +%Y-%m-%dT%H:%M:%SZ)" --by 'Dr Rao'
expect_exit 0 "$LASTGOOD" --case other/fresh.case notices
expect_text out 'due next: in-cert-in report, 4 h 5'
expect_exit 0 "$LASTGOOD" ledger key new --no-passphrase --out key.pem
expect_exit 0 "$LASTGOOD" ledger sign --key key.pem
expect_exit 0 "$LASTGOOD" notices
expect_text out 'under a signed head'
expect_exit 0 "$LASTGOOD" notices --json
python3 - <<'PY'
import json
clocks = {(c["rule"], c["stage"]): c for c in map(json.loads, open("out"))}
assert clocks["in-cert-in", "report"]["due"].startswith("2022-11-23T07:37:00")
assert clocks["in-dpdp", "person"]["due"] is None and "without delay" in clocks["in-dpdp", "person"]["deadline"]
PY
expect_exit 0 "$LASTGOOD" notices draft in-cert-in --out letters --format text
expect_text letters/in-cert-in.report.0001.txt 'District Hospital'
expect_text letters/in-cert-in.report.0001.txt 'unknown'
expect_text letters/in-cert-in.report.0001.txt 'Draft, not sent'
echo "completed by a person" >>letters/in-cert-in.report.0001.txt
# The case grows: files are scanned, and the next draft says what has changed.
mkdir srv
for i in 1 2 3 4 5; do { printf 'dog2398@mail.example.com mouse63209@mail.example.com\n'; random_bytes 40000; } >srv/file$i.docx.bak9; done
"$LASTGOOD" scan --host hims1 srv >/dev/null 2>&1 || true
expect_exit 0 "$LASTGOOD" notices draft in-cert-in --out letters --format text
expect_text letters/in-cert-in.report.0002.txt 'Changed since the draft before'
expect_text letters/in-cert-in.report.0002.txt 'hims1: 5 of 5 files encrypted'
expect_text letters/in-cert-in.report.0002.txt 'email dog2398@mail.example.com'
expect_no_text letters/in-cert-in.report.0002.txt 'originates from'
expect_text letters/in-cert-in.report.0001.txt 'completed by a person'   # nothing that somebody wrote is overwritten
expect_exit 0 "$LASTGOOD" notices draft eu-nis2 --out letters
[ -s letters/eu-nis2.early-warning.0001.odt ] || { ls letters; exit 1; }
[ -f a.case/notices/in-cert-in.report.0001.json ] && [ -f a.case/notices/in-cert-in.report.0002.json ] || { ls a.case/notices; exit 1; }
expect_exit 2 "$LASTGOOD" notices draft in-cert
expect_text err 'in-cert-in'
printf '{"id":"x"}' >rule.json
mkdir rules && mv rule.json rules/
expect_exit 2 "$LASTGOOD" notices --rules rules
expect_text err "is missing"
expect_exit 0 "$LASTGOOD" ledger verify
