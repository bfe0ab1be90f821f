# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Files broken in ways that are not encryption. None of them may be called encrypted; the list names what was done."""

import json
import os
import random
import sys

from corpus_folder import CorpusFolder

import office_files
import packed_files
import pictures
import record_files

MAKERS = (
    ("pdf", office_files.pdf),
    ("docx", office_files.docx),
    ("xlsx", office_files.xlsx),
    ("xls", office_files.xls),
    ("jpg", pictures.jpeg),
    ("png", pictures.png),
    ("tif", pictures.tiff),
    ("gif", pictures.gif),
    ("bmp", pictures.bmp),
    ("dcm", pictures.dicom),
    ("db", record_files.sqlite),
    ("zip", packed_files.zip_archive),
    ("tar", packed_files.tar),
    ("tar.gz", packed_files.tar_gz),
    ("csv", record_files.csv),
    ("json", record_files.json_records),
    ("xml", record_files.clinical_xml),
    ("eml", record_files.mail),
)


def cut(rng, content):
    return content[: rng.randrange(len(content) // 10, len(content) * 9 // 10)]


def beginning_missing(rng, content):
    return content[rng.randrange(512, max(513, len(content) // 2)) :]


def zeros_inside(rng, content):
    at, length = rng.randrange(len(content) // 2), rng.randrange(512, max(513, len(content) // 3))
    return content[:at] + bytes(min(length, len(content) - at)) + content[at + length :]


def zeros_to_the_end(rng, content):
    at = rng.randrange(len(content) // 4, len(content))
    return content[:at] + bytes(len(content) - at)


def one_byte_changed(rng, content):
    at = rng.randrange(len(content))
    return content[:at] + bytes((content[at] ^ (1 << rng.randrange(8)),)) + content[at + 1 :]


def text_over_the_head(rng, content):
    text = record_files.log_text(rng)[: rng.randrange(64, 4096)]
    return text + content[len(text) :]


def another_file_inside(rng, content):
    other = rng.choice(MAKERS)[1](rng)
    at = rng.randrange(len(content))
    return (content[:at] + other + content[at:])[: len(content)]


def one_sector_repeated(rng, content):
    at = rng.randrange(len(content) // 2)
    sector = content[at : at + 512]
    return content[:at] + sector * 9 + content[at + 9 * 512 :]


def line_ends_translated(_, content):
    return content.replace(b"\n", b"\r\n")


def all_zeros(_, content):
    return bytes(len(content))


WAYS = (
    cut,
    beginning_missing,
    zeros_inside,
    zeros_to_the_end,
    one_byte_changed,
    text_over_the_head,
    another_file_inside,
    one_sector_repeated,
    line_ends_translated,
    all_zeros,
)


def main(path):
    folder = CorpusFolder(path)
    rng = random.Random("malformed")
    done = {}
    for extension, make in MAKERS:
        for way in WAYS:
            for number in range(4):
                name = "%s/%s-%d.%s" % (way.__name__.replace("_", "-"), extension.replace(".", "-"), number, extension)

                def write(name=name, make=make, way=way):
                    content = make(rng)
                    changed = way(rng, content)
                    if changed != content and folder.write(name, changed):
                        done[name] = way.__name__.replace("_", " ")

                folder.attempt(extension, write)
    with open(os.path.join(folder.path, "what-was-done.json"), "x", encoding="utf-8") as out:
        json.dump(done, out, indent=1)
    folder.finish(corpus="malformed")


main(sys.argv[1])
