# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""make_search.py FOLDER TREE: makes the search index anew from the texts below TREE. A copy of it runs on s5; it is what
'regenerable' means: nobody needs a backup of what it makes."""
import os
import pathlib
import sqlite3
import sys


def main(folder, tree):
    schema = (pathlib.Path(__file__).parent / "search.sql").read_text()
    half = os.path.join(folder, "index.db.new")
    pathlib.Path(folder).mkdir(exist_ok=True)
    pathlib.Path(half).unlink(missing_ok=True)
    database = sqlite3.connect(half)
    database.executescript(schema)
    with database:
        for path in sorted(pathlib.Path(tree).rglob("*.txt")):
            database.execute("INSERT INTO report_text VALUES(?,?,?)", ("", path.read_text(errors="replace")[:2000], str(path)))
    database.close()
    os.rename(half, os.path.join(folder, "index.db"))


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2])
