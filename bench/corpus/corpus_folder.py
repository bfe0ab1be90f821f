# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""A folder that a maker fills: new files only, each named by what it is, tools that are missing told at the end."""

import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile

HERE = os.path.dirname(os.path.realpath(__file__))
SOURCE = os.path.dirname(os.path.dirname(HERE))
HOSPITAL = os.path.join(SOURCE, "src", "drill", "hospital")
sys.path.insert(0, HOSPITAL)


class CorpusFolder:
    def __init__(self, path):
        os.mkdir(path)
        self.path = os.path.realpath(path)
        self.made = 0
        self.left_out = {}
        self.seen = set()

    def write(self, relative, content):
        """Creates one file; false when the same content is there already."""
        digest = hashlib.sha256(content).digest()
        if digest in self.seen:
            return False
        self.seen.add(digest)
        target = os.path.join(self.path, relative)
        os.makedirs(os.path.dirname(target), exist_ok=True)
        with open(target, "xb") as file:
            file.write(content)
        self.made += 1
        return True

    def attempt(self, what, work):
        """Runs `work`; a tool or library that is missing leaves this kind out and nothing else."""
        try:
            work()
        except (ImportError, OSError, RuntimeError, ValueError, subprocess.SubprocessError) as reason:
            self.left_out.setdefault(what, "%s: %s" % (type(reason).__name__, str(reason)[:160]))

    def finish(self, **facts):
        with open(
            os.path.join(self.path, os.pardir, os.path.basename(self.path).replace(".half", "") + ".json"),
            "w",
            encoding="utf-8",
        ) as out:
            json.dump(dict(facts, files=self.made, left_out=self.left_out), out, indent=1)
        print("  %d files" % self.made)
        for what, why in sorted(self.left_out.items()):
            print("  left out %s: %s" % (what, why))


def files_below(tree):
    for where, folders, names in os.walk(tree):
        folders[:] = sorted(name for name in folders if not os.path.ismount(os.path.join(where, name)))
        for name in sorted(names):
            yield os.path.join(where, name)


def run(arguments, stdin=b"", cwd=None, timeout_s=300, environment=None):
    done = subprocess.run(
        arguments,
        input=stdin,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=cwd,
        timeout=timeout_s,
        check=False,
        env=environment,
    )
    if done.returncode != 0:
        raise RuntimeError(
            "%s ended with %d: %s" % (arguments[0], done.returncode, done.stderr.decode(errors="replace")[-120:])
        )
    return done.stdout


def by_tool(arguments, output, inputs=(), stdin=b""):
    """Runs a tool in a scratch folder with `inputs` (name, content) and gives the file it wrote there."""
    if shutil.which(arguments[0]) is None:
        raise RuntimeError(arguments[0] + " is not installed")
    with tempfile.TemporaryDirectory() as folder:
        for name, content in inputs:
            with open(os.path.join(folder, name), "xb") as file:
                file.write(content)
        run(arguments, stdin, folder, environment=dict(os.environ, HOME=folder, GNUPGHOME=folder))
        with open(os.path.join(folder, output), "rb") as made:
            return made.read()
