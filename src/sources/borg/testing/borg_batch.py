#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""borg_batch.py FILE: runs the installed borg, many commands in one process, because starting it takes longer than what
the tests ask of it. One command a line, in shell words: what follows "borg" on a command line, or

  @cd FOLDER            @set NAME VALUE (environment)
  @killed WORDS...      as borg WORDS..., which dies right after its first checkpoint; the last command of a batch
"""
import os
import shlex
import sys

os.environ.setdefault("BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK", "yes")
os.environ.setdefault("BORG_RELOCATED_REPO_ACCESS_IS_OK", "yes")
os.environ.setdefault("BORG_DELETE_I_KNOW_WHAT_I_AM_DOING", "YES")
os.environ.setdefault("BORG_CHECK_I_KNOW_WHAT_I_AM_DOING", "YES")

# Nobody pulls the plug during a test.
os.fsync = os.fdatasync = lambda descriptor: None

import borg.archive  # noqa: E402  (after the environment)
import borg.archiver  # noqa: E402


def borg_run(words):
    sys.argv = ["borg", *words]  # archives remember it
    archiver = borg.archiver.Archiver()
    status = archiver.run(archiver.parse_args(words))
    if status > 1:
        sys.exit(f"borg {words} ended with {status}")


def die_at_checkpoint():
    once = borg.archive.ChunksProcessor.maybe_checkpoint

    def forced(self, item, from_chunk, part_number, forced=False):
        if len(item.chunks) < 3:
            return once(self, item, from_chunk, part_number, forced)
        once(self, item, from_chunk, part_number, forced=True)
        os._exit(0)

    borg.archive.ChunksProcessor.maybe_checkpoint = forced


for line in open(sys.argv[1], encoding="utf-8").readlines():
    words = shlex.split(line)
    if not words:
        continue
    if words[0] == "@cd":
        os.chdir(words[1])
    elif words[0] == "@set":
        os.environ[words[1]] = words[2]
    elif words[0] == "@killed":
        die_at_checkpoint()
        borg_run(words[1:])
        sys.exit("borg wrote no checkpoint")
    else:
        borg_run(words)
