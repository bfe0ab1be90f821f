# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""300,000 small files, 1 to 16 KiB, of the kinds a hospital has most of: what a scan of many files costs."""

import gzip
import json
import multiprocessing
import os
import random
import sys
import zlib

from corpus_folder import CorpusFolder

import record_files
from invented import patient_id

FOLDERS = 600
FILES_PER_FOLDER = 500


def lines_of(make, rng, count, separator):
    out = []
    while len(out) < count:
        out += make(rng).split(separator)
    return out


def png(rng, size):
    """Grey stripes with noise in the low bits: a real picture, made without a library."""
    width = 64
    height = max(1, min(400, size // 40))
    rows = b"".join(b"\0" + bytes((x * 3 + y + rng.getrandbits(3)) & 255 for x in range(width)) for y in range(height))

    def chunk(kind, content):
        return len(content).to_bytes(4, "big") + kind + content + zlib.crc32(kind + content).to_bytes(4, "big")

    header = width.to_bytes(4, "big") + height.to_bytes(4, "big") + bytes((8, 0, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows, 1)) + chunk(b"IEND", b"")


class Stock:
    """Lines to cut files from: making each from nothing would take an hour."""

    def __init__(self):
        rng = random.Random("stock")
        self.kinds = {
            "csv": (lines_of(record_files.csv, rng, 4000, b"\r\n"), b"\r\n"),
            "hl7": (lines_of(record_files.hl7, rng, 4000, b"\r"), b"\r"),
            "log": (lines_of(record_files.log_text, rng, 4000, b"\n"), b"\n"),
            "sql": (lines_of(record_files.sql_dump, rng, 4000, b"\n"), b"\n"),
            "txt": (lines_of(record_files.note_text, rng, 2000, b"\n"), b"\n"),
            "ini": (lines_of(record_files.settings, rng, 2000, b"\n"), b"\n"),
            "ndjson": (lines_of(record_files.json_lines, rng, 1000, b"\n"), b"\n"),
        }

    def text(self, rng, kind, size):
        lines, end = self.kinds[kind]
        at = rng.randrange(len(lines))
        out, length = [patient_id(rng).encode()], 0
        if kind == "ndjson":
            out = [json.dumps({"id": patient_id(rng)}).encode()]
        while length < size:
            out.append(lines[at % len(lines)])
            length += len(out[-1]) + 1
            at += 1
        return end.join(out) + end


STOCK = None
ROOT = ""


def begin(root):
    global STOCK, ROOT
    STOCK, ROOT = Stock(), root


def fill(number):
    rng = random.Random("small|%d" % number)
    where = os.path.join(ROOT, "%02d" % (number % 20), "%03d" % number)
    os.makedirs(where)
    for index in range(FILES_PER_FOLDER):
        size = int(1024 * 2 ** rng.uniform(0, 4))
        dice = rng.random()
        if dice < 0.80:
            kind = rng.choice(("csv", "hl7", "log", "sql", "txt", "ini", "ndjson"))
            content = STOCK.text(rng, kind, size)
        elif dice < 0.90:
            kind, content = "log.gz", gzip.compress(STOCK.text(rng, "log", size * 3), 1, mtime=0)
        else:
            kind, content = "png", png(rng, size)
        with open(os.path.join(where, "%05d.%s" % (index, kind)), "xb") as file:
            file.write(content)
    return FILES_PER_FOLDER


def main(path):
    folder = CorpusFolder(path)
    with multiprocessing.Pool(os.cpu_count(), begin, (folder.path,)) as pool:
        folder.made = sum(pool.imap_unordered(fill, range(FOLDERS)))
    folder.finish(corpus="small")


main(sys.argv[1])
