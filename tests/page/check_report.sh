#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Looks at a report in a real browser: the drawings have a size on screen, nothing is fetched, a screenshot is made.
#   check_report.sh REPORT.html [SCREENSHOT.png]
set -eu
page=$(realpath "$1")
picture="${2:-$(dirname "$page")/report.png}"
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT

! grep -Eqi '(src|href)=|@import|url\(' "$page" || { echo "the page refers to something outside itself"; exit 1; }
browser() {
  timeout 90 chromium --headless --no-sandbox --disable-gpu --disable-quic --no-first-run --disable-background-networking \
    --disable-component-update --disable-sync --user-data-dir="$scratch/profile" --window-size=1100,2400 "$@" 2>/dev/null
}
browser --screenshot="$picture" "file://$page" >/dev/null
[ -s "$picture" ] || { echo "no screenshot"; exit 1; }
browser --dump-dom "file://$page" >"$scratch/dom"
for drawing in verdict-bar folder-bars timeline; do
  grep -q "<svg id=\"$drawing\"" "$scratch/dom" || { echo "drawing $drawing is missing"; exit 1; }
  sed -n "s/.*<svg id=\"$drawing\"\(.*\)/\1/p" "$scratch/dom" | sed 's#</svg>.*##' | grep -q '<rect' || { echo "drawing $drawing is empty"; exit 1; }
done
# The verdict colours must really be painted: the picture's bytes are read back as pixels.
/usr/bin/python3 - "$picture" <<'PY'
import sys
from PIL import Image
image = Image.open(sys.argv[1]).convert("RGB")
colors = {color for _, color in image.getcolors(maxcolors=1 << 24)}
wanted = {(0xa9, 0xdc, 0xab): "intact", (0x9b, 0x1c, 0x31): "encrypted"}
missing = [name for color, name in wanted.items() if color not in colors]
if missing:
    sys.exit("not painted: " + ", ".join(missing))
PY
echo "report page: drawings are there, $picture"
