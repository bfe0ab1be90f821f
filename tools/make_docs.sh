#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Writes what is made from the program itself: manual pages and completion (into FOLDER), and docs/exit-codes.md.
#   tools/make_docs.sh PROGRAM FOLDER
set -eu
program=$1
folder=$2
mkdir -p "$folder/man1" "$folder/completion"
"$program" man | gzip -9n >"$folder/man1/lastgood.1.gz"
for command in $("$program" man | sed -n 's/^\.BR lastgood\\-\([a-z]*\) (1)$/\1/p'); do
  "$program" man "$command" | gzip -9n >"$folder/man1/lastgood-$command.1.gz"
  # Each word of a command ("services check") has a page, which the command's names below.
  for word in $("$program" man "$command" | sed -n "s/^\\.BR lastgood\\\\-$command\\\\-\\([a-z]*\\) (1)\$/\\1/p"); do
    "$program" man "$command" "$word" | gzip -9n >"$folder/man1/lastgood-$command-$word.1.gz"
  done
done
"$program" completion bash >"$folder/completion/lastgood"
"$program" completion zsh >"$folder/completion/_lastgood"
"$program" completion fish >"$folder/completion/lastgood.fish"
