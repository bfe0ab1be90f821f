#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Three digests in one read beside sha1sum alone: bench/evidence.sh [LASTGOOD] [FOLDER ON TMPFS] [MIB]
# Prints wall, user and system seconds of each; compare on a machine that does nothing else, on the same cores.
set -eu
program=$(realpath "${1:-build/release/lastgood}")
folder=$(mktemp -d "${2:-/dev/shm}/lastgood-evidence.XXXXXX")
trap 'rm -rf "$folder"' EXIT
cd "$folder"
"$program" case new bench >/dev/null
openssl enc -aes-128-ctr -K 00 -iv 00 -in /dev/zero 2>/dev/null | head -c "$((${3:-1024} * 1048576))" >content
for round in 1 2 3 4 5; do
  echo "round $round: sha1sum, then evidence add"
  bash -c 'TIMEFORMAT="  %R wall  %U user  %S system"; time sha1sum content >/dev/null'
  PROGRAM=$program bash -c 'TIMEFORMAT="  %R wall  %U user  %S system"; time "$PROGRAM" --case bench.case evidence add content --by A --where B --why C --authority D >/dev/null'
done
