#!/bin/bash
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Makes the corpora that the measurements run on: bench/make_corpus.sh FOLDER [mixed|small|big|protected|notes|malformed]...
#
#   mixed      whole files of at least 4 KiB of as many formats as this machine offers or its tools can make
#   small      300,000 files of 1 to 16 KiB
#   big        two files of 1 GiB
#   protected  at least 900 files encrypted by tools their owners use
#   notes      at least 1,000 ransom notes of our own wording, and texts that are none
#   malformed  broken in ways that are not encryption
#
# Nothing of this is ever committed. FOLDER must be new or empty, or one that this script made. It reads the system's own
# files, asks apt and npm for a few packages with sample files (LASTGOOD_OFFLINE=1: it does not), and installs nothing.
set -euo pipefail

marker=.lastgood-corpus
here=$(cd "$(dirname "$0")" && pwd)

die() { printf 'make_corpus: error: %s\n' "$1" >&2; printf 'hint: %s\n' "$2" >&2; exit 2; }

[ $# -ge 1 ] || die "no folder given" "bench/make_corpus.sh FOLDER [mixed|small|big|protected|notes|malformed]..."
folder=$1
shift
[ ! -L "$folder" ] || die "'$folder' is a link" "name a folder"
if [ -e "$folder" ] && [ ! -f "$folder/$marker" ] && [ -n "$(ls -A "$folder" 2>&1)" ]; then
  die "'$folder' is not empty and was not made here" "name a new folder"
fi
mkdir -p "$folder"
folder=$(cd "$folder" && pwd)
[ -f "$folder/$marker" ] || { set -o noclobber; echo "made by bench/make_corpus.sh; may be deleted" > "$folder/$marker"; set +o noclobber; }

parts=("$@")
[ ${#parts[@]} -gt 0 ] || parts=(mixed small big protected notes malformed)
for part in "${parts[@]}"; do
  [ -f "$here/corpus/make_$part.py" ] || die "no corpus '$part'" "one of mixed, small, big, protected, notes, malformed"
done
for part in "${parts[@]}"; do
  if [ -e "$folder/$part" ]; then
    echo "$part: is there already, left as it is"
    continue
  fi
  echo "$part: making it in $folder/$part"
  # Made under another name first: a corpus that is there is a whole one.
  rm -rf "${folder:?}/$part.half"
  /usr/bin/python3 -B "$here/corpus/make_$part.py" "$folder/$part.half"
  mv "$folder/$part.half" "$folder/$part"
done
