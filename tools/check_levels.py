#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Holds the one rule of the house: a file includes its own folder and lower levels, never sideways, never up.

The table of levels is read from ARCHITECTURE.md, so that the text and the check cannot disagree. Also held: private
subfolders stay private, each outside thing has one door, files and lines keep their limits.
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
SOURCE = ROOT / "src"

# Who may include a header, by folder prefix; one door per outside thing.
DOORS = {
    r"sqlite3\.h": ("casefile/sqlite", "engines/sqlite"),
    r"(fcntl|unistd|dirent)\.h|sys/.*|linux/.*": ("os",),
    r"CLI/.*": ("cli",),
    r"openssl/.*": ("base", "drill", "mail", "sources", "formats/git", "formats/codec", "ledger"),
    r"qrencode\.h": ("evidence",),
    r"iostream": ("apps",),
}
# Subfolders that only their parent folder sees.
PRIVATE = ("formats", "sources", "casefile", "engines", "drill")
LINES_MAX = 500
TEST_LINES_MAX = 800
TABLES = ("_table.cpp",)


def read_levels():
    levels = {}
    for line in (ROOT / "ARCHITECTURE.md").read_text().splitlines():
        row = re.match(r"\|\s*(\d+)\s*\|\s*([`a-z, ]+?)\s*\|", line)
        if row:
            for folder in re.findall(r"`([a-z]+)`", row.group(2)):
                levels[folder] = int(row.group(1))
    return levels


def check_include(path, folder, included, levels):
    parts = included.split("/")
    if len(parts) > 1 and parts[0] in levels:
        other = parts[0]
        if other != folder and levels[other] >= levels[folder]:
            yield f"{path}: '{included}' is {'sideways' if levels[other] == levels[folder] else 'up'} (level {levels[folder]} to {levels[other]})"
        if other != folder and other in PRIVATE and len(parts) > 2 and "testing" not in parts:
            yield f"{path}: '{included}' is private to {other}/"
    inner = path[len("src/"):]
    for header, doors in DOORS.items():
        if re.fullmatch(header, included) and not inner.startswith(doors) and "_test.cpp" not in path and "/testing/" not in path:
            yield f"{path}: '{included}' may be included by {', '.join(doors)} only"


def check_file(file, levels):
    path = file.relative_to(ROOT).as_posix()
    folder = path.split("/")[1]
    if folder not in levels:
        yield f"{path}: folder '{folder}' has no level in ARCHITECTURE.md"
        return
    text = file.read_text()
    lines = text.splitlines()
    limit = TEST_LINES_MAX if path.endswith("_test.cpp") else LINES_MAX
    if len(lines) > limit and not path.endswith(TABLES):
        yield f"{path}: {len(lines)} lines, at most {limit}"
    if "SPDX-License-Identifier: Apache-2.0" not in "".join(lines[:3]):
        yield f"{path}: no licence line on top"
    if "reinterpret_cast" in text and folder != "base" and "/testing/" not in path and "_test.cpp" not in path:
        yield f"{path}: reinterpret_cast outside base/"
    for included in re.findall(r'^\s*#include\s+[<"]([^>"]+)[>"]', text, re.M):
        yield from check_include(path, folder, included, levels)


def main():
    levels = read_levels()
    if len(levels) < 10:
        print("check_levels: no table of levels in ARCHITECTURE.md")
        return 1
    complaints = [c for file in sorted(SOURCE.rglob("*")) if file.suffix in (".h", ".cpp") for c in check_file(file, levels)]
    print("\n".join(complaints) if complaints else f"levels hold in {len(list(SOURCE.rglob('*.cpp')))} sources")
    return 1 if complaints else 0


if __name__ == "__main__":
    sys.exit(main())
