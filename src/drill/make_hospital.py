#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Makes the files of an invented five-server hospital in a folder that must not exist yet.

    make_hospital.py --out DIR --list made.json [--seed N] [--files N] [--jobs N]

Writes nothing outside DIR and the list, changes nothing that exists. The list names every file made, with its kind,
SHA-256 and size, and every kind that was left out because a tool is missing. The same seed gives the same files, but for
those a tool salts itself (passwords, disk images); the list says what came out in any case.
"""

import argparse
import ctypes
import hashlib
import json
import multiprocessing
import os
import random
import signal
import sys
import time

sys.path.insert(0, os.path.join(os.path.dirname(os.path.realpath(__file__)), "hospital"))
sys.dont_write_bytecode = True

import office_files  # noqa: E402
import packed_files  # noqa: E402
import pictures  # noqa: E402
import record_files  # noqa: E402
from invented import moment  # noqa: E402

R, O, P, K = record_files, office_files, pictures, packed_files

# kind, share of all files in thousandths, extension, maker, folders it is put in, protected by its owner
KINDS = (
    ("hl7", 110, "hl7", R.hl7, ("lab-app/srv/interface/in", "lab-app/srv/interface/out"), False),
    ("csv", 70, "csv", R.csv, ("ehospital-db1/srv/export", "lab-db/srv/export"), False),
    ("json", 40, "json", R.json_records, ("search/srv/index/bulk", "lab-app/srv/api"), False),
    ("jsonl", 25, "ndjson", R.json_lines, ("search/srv/index/bulk",), False),
    ("cda", 50, "xml", R.clinical_xml, ("lab-app/srv/documents", "ehospital-db1/srv/documents"), False),
    ("sql", 25, "sql", R.sql_dump, ("ehospital-db1/srv/dumps", "ehospital-db2/srv/dumps"), False),
    ("sql_gz", 15, "sql.gz", R.gzipped(R.sql_dump), ("ehospital-db2/srv/dumps", "lab-db/srv/dumps"), False),
    ("log", 40, "log", R.log_text, ("ehospital-db1/var/log", "search/var/log", "lab-app/var/log"), False),
    (
        "log_gz",
        40,
        "log.gz",
        R.gzipped(R.log_text),
        ("ehospital-db1/var/log", "search/var/log", "lab-db/var/log"),
        False,
    ),
    ("log_bz2", 8, "log.bz2", R.bzipped(R.log_text), ("ehospital-db2/var/log",), False),
    ("log_xz", 8, "log.xz", R.xzipped(R.log_text), ("lab-app/var/log",), False),
    ("txt", 35, "txt", R.note_text, ("ehospital-db1/home/desk", "lab-app/home/lab"), False),
    ("html", 15, "html", R.html, ("ehospital-db1/srv/portal", "search/srv/portal"), False),
    ("settings", 15, "ini", R.settings, ("ehospital-db1/etc", "lab-app/etc", "search/etc"), False),
    ("yaml", 10, "yaml", R.yaml, ("search/etc", "lab-app/etc"), False),
    ("ics", 8, "ics", O.calendar, ("ehospital-db1/home/desk",), False),
    ("eml", 50, "eml", R.mail, ("ehospital-db1/home/mail", "lab-app/home/mail"), False),
    ("mbox", 6, "mbox", R.mailbox, ("ehospital-db1/home/mail",), False),
    ("sqlite", 18, "db", R.sqlite, ("lab-db/srv/data", "search/srv/cache"), False),
    ("docx", 55, "docx", O.docx, ("ehospital-db1/home/wards", "ehospital-db1/home/desk"), False),
    ("xlsx", 40, "xlsx", O.xlsx, ("ehospital-db1/home/accounts", "lab-app/home/lab"), False),
    ("xls", 20, "xls", O.xls, ("ehospital-db1/home/accounts",), False),
    ("odt", 15, "odt", O.odt, ("lab-app/home/lab",), False),
    ("ods", 8, "ods", O.ods, ("lab-app/home/lab",), False),
    ("rtf", 8, "rtf", O.rtf, ("ehospital-db1/home/wards",), False),
    ("pdf", 65, "pdf", O.pdf, ("lab-app/srv/reports", "ehospital-db1/srv/bills"), False),
    ("jpg", 40, "jpg", P.jpeg, ("lab-app/srv/pictures", "ehospital-db1/home/wards"), False),
    ("png", 22, "png", P.png, ("lab-app/srv/pictures", "search/srv/portal"), False),
    ("tif", 12, "tif", P.tiff, ("lab-app/srv/scans",), False),
    ("bmp", 5, "bmp", P.bmp, ("lab-app/srv/scans",), False),
    ("gif", 5, "gif", P.gif, ("search/srv/portal",), False),
    ("webp", 5, "webp", P.webp, ("search/srv/portal",), False),
    ("dicom", 50, "dcm", P.dicom, ("lab-db/srv/images/ct", "lab-db/srv/images/us"), False),
    ("zip", 15, "zip", K.zip_archive, ("ehospital-db1/home/accounts", "lab-db/srv/export"), False),
    ("7z", 6, "7z", K.seven_zip, ("ehospital-db2/srv/archive",), False),
    ("tar", 4, "tar", K.tar, ("ehospital-db2/srv/archive",), False),
    ("tar_gz", 8, "tar.gz", K.tar_gz, ("ehospital-db2/srv/archive",), False),
    ("tar_xz", 4, "tar.xz", K.tar_xz, ("ehospital-db2/srv/archive",), False),
    ("tar_bz2", 3, "tar.bz2", K.tar_bz2, ("ehospital-db2/srv/archive",), False),
    ("tar_zst", 5, "tar.zst", K.tar_zst, ("ehospital-db2/srv/archive",), False),
    ("zip_password", 4, "zip", K.sealed_zip_classic, ("ehospital-db1/home/accounts",), True),
    ("zip_aes", 3, "zip", K.sealed_zip_aes, ("ehospital-db1/home/accounts",), True),
    ("7z_password", 3, "7z", K.sealed_seven_zip, ("ehospital-db2/srv/archive",), True),
    ("gpg", 4, "gpg", K.sealed_gpg, ("ehospital-db2/srv/archive",), True),
    ("openssl", 2, "enc", K.sealed_openssl, ("ehospital-db2/srv/archive",), True),
    ("pdf_password", 4, "pdf", K.sealed_pdf, ("ehospital-db1/home/accounts",), True),
    ("qcow2", 1, "qcow2", K.disk("qcow2"), ("ehospital-db2/srv/machines",), False),
    ("vmdk", 1, "vmdk", K.disk("vmdk"), ("ehospital-db2/srv/machines",), False),
    ("raw_disk", 1, "img", K.disk("raw"), ("ehospital-db2/srv/machines",), False),
)
BY_KIND = {row[0]: row for row in KINDS}


def planned(seed, files):
    """Which file stands where, before any is made: independent of how many processes make them."""
    rng = random.Random("plan|%d" % seed)
    shares = sum(row[1] for row in KINDS)
    tasks = []
    for kind, share, extension, _, folders, _ in KINDS:
        for number in range(max(1, round(files * share / shares))):
            folder = rng.choice(folders)
            name = "%s-%05d.%s" % (kind.replace("_", "-"), number, extension)
            tasks.append((kind, "%s/%d/%s" % (folder, number % 4, name)))
    return sorted(tasks, key=lambda task: task[1])


def write_new(root, path, content, when):
    """Creates one file below `root`, which this program made; never opens one that is there."""
    os.makedirs(os.path.join(root, os.path.dirname(path)), mode=0o755, exist_ok=True)
    handle = os.open(
        os.path.join(root, path), os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC, 0o644
    )
    with os.fdopen(handle, "wb") as file:
        file.write(content)
        file.flush()
        os.utime(file.fileno(), (when, when))


def make_one(task):
    root, seed, kind, path = task
    rng = random.Random("file|%d|%s" % (seed, path))
    try:
        when = moment(rng).timestamp()
        content = BY_KIND[kind][3](rng)
    except (ImportError, FileNotFoundError, RuntimeError) as reason:
        return kind, None, "%s: %s" % (type(reason).__name__, reason)
    write_new(root, path, content, when)
    entry = {
        "path": path,
        "kind": kind,
        "size_bytes": len(content),
        "sha256": hashlib.sha256(content).hexdigest(),
        "protected": BY_KIND[kind][5],
    }
    return kind, entry, ""


def end_with_parent():
    """Whoever asked for the files is gone: nobody wants them any more."""
    ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG


def main():
    options = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    options.add_argument("--out", required=True, help="folder to make; must not exist")
    options.add_argument("--list", required=True, help="list of what was made; must not exist")
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--files", type=int, default=2000)
    options.add_argument("--jobs", type=int, default=os.cpu_count() or 1)
    chosen = options.parse_args()
    begun = time.monotonic()
    end_with_parent()
    os.environ["TZ"] = "UTC"
    time.tzset()
    try:
        os.mkdir(chosen.out, 0o755)
        list_file = open(chosen.list, "x", encoding="utf-8")
    except OSError as reason:
        print("make_hospital: error: cannot make '%s': %s" % (reason.filename, reason.strerror), file=sys.stderr)
        print("hint: name a folder and a list that do not exist yet", file=sys.stderr)
        return 2
    tasks = [(chosen.out, chosen.seed, kind, path) for kind, path in planned(chosen.seed, chosen.files)]
    # Slow kinds first, so that the last process does not make disk images alone.
    tasks.sort(key=lambda task: BY_KIND[task[2]][1])
    made, left_out = [], {}
    with multiprocessing.Pool(max(1, chosen.jobs), end_with_parent) as pool:
        for kind, entry, why in pool.imap_unordered(make_one, tasks, chunksize=4):
            if entry is None:
                left_out.setdefault(kind, why)
            else:
                made.append(entry)
    made.sort(key=lambda entry: entry["path"])
    listed = json.dumps(
        {
            "format": "lastgood-hospital-1",
            "seed": chosen.seed,
            "files": made,
            "left_out": [{"kind": kind, "why": why} for kind, why in sorted(left_out.items())],
        },
        indent=0,
    )
    with list_file:
        list_file.write(listed)
    print(
        "made %d files, %.1f MB in %.0f s"
        % (len(made), sum(entry["size_bytes"] for entry in made) / 1e6, time.monotonic() - begun)
    )
    for kind, why in sorted(left_out.items()):
        print("left out %s: %s" % (kind, why))
    # The caller compares this before it believes the list.
    print("list " + hashlib.sha256(listed.encode()).hexdigest())
    return 0 if made else 1


if __name__ == "__main__":
    sys.exit(main())
