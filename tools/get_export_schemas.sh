#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# get_export_schemas.sh FROM DIR: lays out the published JSON schemas for tools/check_exports.py, and checks the digests
# of those that are known (tools/export_schemas.sha256).
#
# No package of Debian or npm carries them (looked for on 2026-11-26), so a person downloads three repositories into FROM:
#   FROM/cti-stix2-json-schemas   of OASIS, branch master        (BSD, 3 clauses)
#   FROM/cti-stix-common-objects  of OASIS, branch main          (BSD, 3 clauses)
#   FROM/MISP                     of the MISP project, branch 2.5 (only its format/2.5/schema.json; AGPL: not shipped)
set -eu
[ $# -eq 2 ] || { sed -n '4,12s/^# \{0,1\}//p' "$0" >&2; exit 2; }
from=$1
to=$2
here=$(cd "$(dirname "$0")" && pwd)
suite=$from/cti-stix-common-objects/extension-definition-specifications/incident-ef7
mkdir -p "$to/stix" "$to/incident" "$to/misp"
cp -R "$from/cti-stix2-json-schemas/schemas" "$to/stix/"
cp "$suite"/extension-definition--ef765651-*.json "$to/incident/incident.json"
cp "$suite"/impact/extension-definition--7cc33dd6-*.json "$to/incident/impact.json"
cp "$suite"/event/extension-definition--4ca6de00-*.json "$to/incident/event.json"
cp "$from/MISP/format/2.5/schema.json" "$to/misp/schema.json"
cd "$to"
sha256sum --quiet -c "$here/export_schemas.sha256" ||
  echo "some schemas are of another edition than the one that was looked at on 2026-11-26; the check goes on with them" >&2
echo "schemas: $(find . -name '*.json' | wc -l) in $to; next: tools/check_exports.py stix $to FILE"
