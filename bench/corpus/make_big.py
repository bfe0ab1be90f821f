# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Two files of 1 GiB: a dump as text and a database. What one large file costs."""

import os
import random
import sqlite3
import sys

from corpus_folder import CorpusFolder

import record_files
from invented import patient_id, result, sentence

SIZE_BYTES = 1 << 30


def write_dump(path):
    rng = random.Random("big dump")
    pieces = [record_files.sql_dump(rng) for _ in range(200)]
    with open(path, "xb") as file:
        left = SIZE_BYTES
        while left > 0:
            piece = pieces[rng.randrange(len(pieces))].replace(b"-- dump", b"-- part %d" % left, 1)[:left]
            file.write(piece)
            left -= len(piece)


def write_database(path):
    rng = random.Random("big database")
    database = sqlite3.connect(path)
    database.execute("PRAGMA journal_mode=OFF")
    database.execute("PRAGMA synchronous=OFF")
    database.execute("CREATE TABLE result (id INTEGER PRIMARY KEY, patient TEXT, value REAL, note TEXT)")
    notes = [" ".join(sentence(rng) for _ in range(6)) for _ in range(3000)]
    while os.path.getsize(path) < SIZE_BYTES:
        database.executemany(
            "INSERT INTO result (patient, value, note) VALUES (?,?,?)",
            [(patient_id(rng), result(rng)[3], notes[rng.randrange(len(notes))]) for _ in range(20000)],
        )
        database.commit()
    database.close()


def main(path):
    folder = CorpusFolder(path)
    write_dump(os.path.join(folder.path, "visits.sql"))
    write_database(os.path.join(folder.path, "results.db"))
    folder.made = 2
    folder.finish(corpus="big")


main(sys.argv[1])
