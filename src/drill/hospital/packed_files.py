# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Archives, files their owner protected with a password, and small disk images. Bytes out.

Tools work in a scratch folder that this module makes and removes; they see nothing else. The passwords are written here
because nothing worth protecting is inside.
"""

import io
import os
import subprocess
import tarfile
import tempfile
import zipfile

from invented import moment
from office_files import FIXED, docx, pdf, xlsx
from pictures import jpeg, png
from record_files import csv, hl7, json_records, note_text, sql_dump

PASSWORD = "drill-example"
MEMBERS = (
    ("results.csv", csv),
    ("messages.hl7", hl7),
    ("register.json", json_records),
    ("letter.docx", docx),
    ("report.pdf", pdf),
    ("picture.jpg", jpeg),
    ("scan.png", png),
    ("notes.txt", note_text),
    ("dump.sql", sql_dump),
    ("list.xlsx", xlsx),
)


def run(arguments, stdin=b"", cwd=None):
    done = subprocess.run(
        arguments, input=stdin, stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=cwd, timeout=120, check=False
    )
    if done.returncode != 0:
        raise RuntimeError("%s failed: %s" % (arguments[0], done.stderr.decode(errors="replace")[-200:]))
    return done.stdout


def members(rng):
    chosen = rng.sample(MEMBERS, rng.randrange(2, 6))
    return [("%s/%s" % (rng.choice(("in", "out", "old")), name), make(rng)) for name, make in chosen]


def zip_archive(rng):
    out = io.BytesIO()
    with zipfile.ZipFile(
        out, "w", rng.choice((zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_STORED))
    ) as archive:
        for name, content in members(rng):
            archive.writestr(zipfile.ZipInfo(name, FIXED), content, archive.compression)
    return out.getvalue()


def tar_bytes(rng, mode):
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode=mode) as archive:
        for name, content in members(rng):
            entry = tarfile.TarInfo(name)
            entry.size, entry.mtime = len(content), int(moment(rng).timestamp())
            archive.addfile(entry, io.BytesIO(content))
    return out.getvalue()


def tar(rng):
    return tar_bytes(rng, "w")


def tar_gz(rng):
    return run(["gzip", "-nc"], tar_bytes(rng, "w"))


def tar_xz(rng):
    return tar_bytes(rng, "w:xz")


def tar_bz2(rng):
    return tar_bytes(rng, "w:bz2")


def tar_zst(rng):
    return run(["zstd", "-qc", "-%d" % rng.randrange(1, 12)], tar_bytes(rng, "w"))


def by_archiver(rng, arguments, suffix):
    with tempfile.TemporaryDirectory() as folder:
        names = []
        for name, content in members(rng):
            flat = os.path.basename(name)
            with open(os.path.join(folder, flat), "xb") as member:
                member.write(content)
            os.utime(os.path.join(folder, flat), (moment(rng).timestamp(),) * 2)
            names.append(flat)
        run(arguments + ["made" + suffix] + sorted(set(names)), cwd=folder)
        with open(os.path.join(folder, "made" + suffix), "rb") as made:
            return made.read()


def seven_zip(rng):
    return by_archiver(rng, ["7z", "a", "-bd", "-mmt1", "-mx%d" % rng.choice((1, 5))], ".7z")


def sealed_seven_zip(rng):
    return by_archiver(
        rng, ["7z", "a", "-bd", "-mmt1", "-mx1", "-p" + PASSWORD, "-mhe=" + rng.choice(("on", "off"))], ".7z"
    )


def sealed_zip_aes(rng):
    return by_archiver(rng, ["7z", "a", "-bd", "-tzip", "-mem=AES256", "-p" + PASSWORD], ".zip")


def sealed_zip_classic(rng):
    return by_archiver(rng, ["zip", "-q", "-P", PASSWORD], ".zip")


def sealed_gpg(rng):
    content = rng.choice(members(rng))[1]
    with tempfile.TemporaryDirectory() as home:
        os.chmod(home, 0o700)
        armor = ["--armor"] if rng.random() < 0.3 else []
        return run(
            [
                "gpg",
                "--homedir",
                home,
                "--batch",
                "--quiet",
                "--no-autostart",
                "--pinentry-mode",
                "loopback",
                "--passphrase",
                PASSWORD,
                "--s2k-count",
                "65536",
            ]
            + armor
            + ["--symmetric", "-o", "-"],
            content,
            cwd=home,
        )


def sealed_openssl(rng):
    content = rng.choice(members(rng))[1]
    return run(["openssl", "enc", "-aes-256-cbc", "-pbkdf2", "-iter", "1000", "-pass", "pass:" + PASSWORD], content)


def sealed_pdf(rng):
    with tempfile.TemporaryDirectory() as folder:
        with open(os.path.join(folder, "plain.pdf"), "xb") as plain:
            plain.write(pdf(rng))
        bits = rng.choice((["256"], ["128", "--use-aes=y"]))
        run(["qpdf", "--encrypt", PASSWORD, PASSWORD, *bits, "--", "plain.pdf", "sealed.pdf"], cwd=folder)
        with open(os.path.join(folder, "sealed.pdf"), "rb") as made:
            return made.read()


def disk(kind):
    """A small ext4 file system with files in it, as a raw image or as a virtual machine's disk."""

    def make(rng):
        with tempfile.TemporaryDirectory() as folder:
            inside = os.path.join(folder, "inside")
            os.mkdir(inside)
            for index in range(rng.randrange(3, 8)):
                name, content = rng.choice(members(rng))
                with open(os.path.join(inside, "%d-%s" % (index, os.path.basename(name))), "xb") as member:
                    member.write(content)
            run(
                [
                    "mke2fs",
                    "-q",
                    "-F",
                    "-t",
                    "ext4",
                    "-U",
                    "00000000-0000-4000-8000-%012d" % rng.randrange(10**12),
                    "-d",
                    "inside",
                    "raw.img",
                    "8M",
                ],
                cwd=folder,
            )
            if kind != "raw":
                run(["qemu-img", "convert", "-O", kind, "raw.img", "disk." + kind], cwd=folder)
            with open(os.path.join(folder, "raw.img" if kind == "raw" else "disk." + kind), "rb") as made:
                return made.read()

    return make
