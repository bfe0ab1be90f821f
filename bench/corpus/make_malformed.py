# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Files broken in ways that are not encryption. None of them may be called encrypted; the list names what was done.

    WAY/        whole files of the drill's makers, of tools, of servers and of this machine, each broken in this way
    shipped/    test files that Debian packages ship, as they are: many are malformed on purpose, most are rare
"""

import json
import os
import random
import sys
import tempfile

from corpus_folder import CorpusFolder, files_below, run
from server_files import SERVERS
from tool_files import TOOLS

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
MACHINE_TREES = ("/usr/lib", "/usr/share", "/usr/bin", "/var/lib")
MACHINE_EXTENSIONS = (
    "a afm aiff avi bau bin bmp cab chm class cod cur db deb dic dll doc dot eot exe flac frm gif gz ico icc idx ini jar "
    "jmod jpg ko ldb lz4 mgc mkv mo mod mp3 mp4 msg odt oga ogg otf ott pack pcap pcf pdf pf2 pfb png pnm ppt pptx ps "
    "pyc rar rdb rtf so sqlite svgz swf sys tif ttc ttf uf2 wasm wav webp whl woff woff2 xls xz zip zst"
).split()
MACHINE_FILES_EACH = 2
SERVER_FILES_EACH = 8
SHIPPED = ("libpython3.11-testsuite", "dcmtk-doc", "mariadb-test-data", "clamav-testfiles", "gsfonts")
SHIPPED_EACH = 60  # of one extension and package
BYTES_MIN, BYTES_MAX = 2048, 2 << 20


def cut(rng, content):
    return content[: rng.randrange(len(content) // 10, len(content) * 9 // 10)]


def beginning_missing(rng, content):
    return content[rng.randrange(512, max(513, len(content) // 2)) :]


def middle_missing(rng, content):
    at, length = rng.randrange(len(content) // 2), rng.randrange(512, max(513, len(content) // 3))
    return content[:at] + content[at + length :]


def zeros_inside(rng, content):
    at, length = rng.randrange(len(content) // 2), rng.randrange(512, max(513, len(content) // 3))
    return content[:at] + bytes(min(length, len(content) - at)) + content[at + length :]


def zeros_to_the_end(rng, content):
    at = rng.randrange(len(content) // 4, len(content))
    return content[:at] + bytes(len(content) - at)


def zeros_over_the_head(rng, content):
    length = rng.randrange(64, 4096)
    return bytes(min(length, len(content))) + content[length:]


def one_byte_changed(rng, content):
    at = rng.randrange(len(content))
    return content[:at] + bytes((content[at] ^ (1 << rng.randrange(8)),)) + content[at + 1 :]


def some_bits_flipped(rng, content):
    changed = bytearray(content)
    for _ in range(rng.randrange(2, 12)):
        changed[rng.randrange(len(changed))] ^= 1 << rng.randrange(8)
    return bytes(changed)


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


def sectors_exchanged(rng, content):
    sectors = [content[at : at + 512] for at in range(0, len(content), 512)]
    first = rng.randrange(len(sectors) - 1)
    second = rng.randrange(len(sectors) - 1)
    sectors[first], sectors[second] = sectors[second], sectors[first]
    return b"".join(sectors)


def bad_sectors(rng, content):
    """As a drive that gives up leaves them in an image."""
    changed = bytearray(content)
    for _ in range(rng.randrange(1, 5)):
        at = rng.randrange(max(1, len(changed) // 512)) * 512
        length = min(512 * rng.randrange(1, 9), len(changed) - at)
        changed[at : at + length] = b"\xff" * length
    return bytes(changed)


def line_ends_translated(_, content):
    return content.replace(b"\n", b"\r\n")


def read_as_text_in_latin_1(_, content):
    """A program that took bytes for letters and wrote them as UTF-8."""
    return content.decode("latin-1").encode("utf-8")


def text_appended(rng, content):
    return content + record_files.log_text(rng)[: rng.randrange(200, 8000)]


def error_page_instead(rng, content):
    page = "<html><head><title>502 Bad Gateway</title></head><body><h1>502 Bad Gateway</h1><p>%s</p></body></html>\n"
    return (page % rng.randrange(1 << 32)).encode() * rng.randrange(1, 3)


def all_zeros(_, content):
    return bytes(len(content))


WAYS = (
    cut,
    beginning_missing,
    middle_missing,
    zeros_inside,
    zeros_to_the_end,
    zeros_over_the_head,
    one_byte_changed,
    some_bits_flipped,
    text_over_the_head,
    another_file_inside,
    one_sector_repeated,
    sectors_exchanged,
    bad_sectors,
    line_ends_translated,
    read_as_text_in_latin_1,
    text_appended,
    error_page_instead,
    all_zeros,
)


class Breaker:
    """Breaks one whole file in one way, and remembers it."""

    def __init__(self, folder):
        self.folder = folder
        self.done = {}

    def write(self, way, name, rng, content):
        if not BYTES_MIN <= len(content) <= BYTES_MAX:
            return
        changed = way(rng, content)
        relative = "%s/%s" % (way.__name__.replace("_", "-"), name)
        if changed != content and self.folder.write(relative, changed):
            self.done[relative] = way.__name__.replace("_", " ")


def from_makers(breaker, rng):
    for extension, make in MAKERS:
        for way in WAYS:
            for number in range(4):
                name = "%s-%d.%s" % (extension.replace(".", "-"), number, extension)
                breaker.folder.attempt(extension, lambda: breaker.write(way, name, rng, make(rng)))


def from_tools(breaker):
    for kind, _, make in TOOLS:
        extension = kind.split("-")[0]
        for number, way in enumerate(WAYS):
            rng = random.Random("%s|%s" % (kind, way.__name__))
            tried = len(breaker.done)
            name = "tool-%s.%s" % (kind, extension)
            breaker.folder.attempt("tools/" + kind, lambda: breaker.write(way, name, rng, make(rng)))
            if number == 2 and len(breaker.done) == tried and "tools/" + kind in breaker.folder.left_out:
                break


def from_servers(breaker):
    for server, make in SERVERS:

        def break_some(server=server, make=make):
            rng = random.Random(server)
            with tempfile.TemporaryDirectory() as scratch:
                make(scratch)
                paths = [path for path in files_below(scratch) if BYTES_MIN <= os.path.getsize(path) <= BYTES_MAX]
                for path in rng.sample(paths, min(SERVER_FILES_EACH, len(paths))):
                    with open(path, "rb") as file:
                        content = file.read()
                    for way in WAYS:
                        breaker.write(way, "%s-%s" % (server, os.path.basename(path)), rng, content)

        breaker.folder.attempt("servers/" + server, break_some)


def from_machine(breaker):
    by_extension = {extension: [] for extension in MACHINE_EXTENSIONS}
    for tree in MACHINE_TREES:
        for path in files_below(tree):
            extension = os.path.splitext(path)[1][1:].lower()
            if extension in by_extension and not os.path.islink(path):
                by_extension[extension].append(path)
    for extension, paths in sorted(by_extension.items()):
        rng = random.Random("machine|" + extension)
        rng.shuffle(paths)
        taken = 0
        for path in paths:
            if taken == MACHINE_FILES_EACH:
                break
            if not os.access(path, os.R_OK) or not BYTES_MIN <= os.path.getsize(path) <= BYTES_MAX:
                continue
            with open(path, "rb") as file:
                content = file.read()
            taken += 1
            for way in WAYS:
                breaker.write(way, "machine-%d-%s" % (taken, os.path.basename(path)), rng, content)


def from_packages(folder):
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        for package in SHIPPED:

            def fetch(package=package):
                run(["apt-get", "download", "-q", package], cwd=scratch)
                archive = [name for name in os.listdir(scratch) if name.startswith(package + "_")][0]
                run(["dpkg-deb", "-x", archive, package], cwd=scratch)
                taken = {}
                for path in files_below(os.path.join(scratch, package)):
                    name = os.path.basename(path)
                    extension = os.path.splitext(name)[1]
                    if os.path.islink(path) or extension == ".py" or taken.get(extension, 0) == SHIPPED_EACH:
                        continue
                    with open(path, "rb") as file:
                        content = file.read()
                    if folder.write("shipped/%s/%d-%s" % (package, folder.made, name), content):
                        taken[extension] = taken.get(extension, 0) + 1

            folder.attempt("shipped/" + package, fetch)


def main(path):
    folder = CorpusFolder(path)
    breaker = Breaker(folder)
    from_makers(breaker, random.Random("malformed"))
    print("  makers: %d" % folder.made)
    from_tools(breaker)
    print("  and tools: %d" % folder.made)
    from_servers(breaker)
    print("  and servers: %d" % folder.made)
    from_machine(breaker)
    print("  and this machine: %d" % folder.made)
    if os.environ.get("LASTGOOD_OFFLINE") != "1":
        from_packages(folder)
        print("  and packages: %d" % folder.made)
    with open(os.path.join(folder.path, "what-was-done.json"), "x", encoding="utf-8") as out:
        json.dump(breaker.done, out, indent=1)
    folder.finish(corpus="malformed")


main(sys.argv[1])
