# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What the long scripts share: calling the program, making stores with the real tools, and saying what a tree or a store is."""
import array
import errno
import fcntl
import hashlib
import os
import pathlib
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
import time

MIB = 1 << 20


def fail(sentence):
    sys.exit(f"{os.path.basename(sys.argv[0])}: {sentence}")


def bytes_of(count, seed):
    """Bytes that look like ciphertext, the same each time."""
    return hashlib.shake_256(str(seed).encode()).digest(count)


class Scratch:
    """A folder that goes when all went well and stays, named, when something did not."""

    def __init__(self, name):
        self.path = pathlib.Path(tempfile.mkdtemp(prefix=f"lastgood-{name}-"))
        self.leave = []  # called at the end, the last first: what is mounted goes before the folder

    def __enter__(self):
        return self

    def __exit__(self, kind, *_):
        for step in reversed(self.leave):
            step()
        if kind is None:
            subprocess.run(["rm", "-rf", self.path], check=True)
        else:
            print(f"left in {self.path}", file=sys.stderr)


class Program:
    """lastgood with one case. `call` fails the script when the exit code is none of those expected."""

    def __init__(self, program, case):
        self.program, self.case = os.path.abspath(program), pathlib.Path(case)

    def command(self, *arguments):
        return [self.program, "--case", str(self.case), *map(str, arguments)]

    def call(self, *arguments, codes=(0, 1), timeout_s=600, **options):
        try:
            done = subprocess.run(self.command(*arguments), stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, **options)
        except subprocess.TimeoutExpired:
            fail(f"{arguments} did not end within {timeout_s} s")
        done.stdout, done.stderr = done.stdout.decode(errors="replace"), done.stderr.decode(errors="replace")
        if done.returncode not in codes:
            fail(f"{arguments} ended with {done.returncode} instead of one of {codes}: {done.stderr}")
        return done

    def measure(self, *arguments, timeout_s):
        """Whatever happens: exit code (None: it did not end in time), what it said, peak memory in MiB, seconds."""
        with tempfile.TemporaryFile() as out:
            begin = time.monotonic()
            running = subprocess.Popen(self.command(*arguments), stdin=subprocess.DEVNULL, stdout=out, stderr=subprocess.STDOUT)
            alarm = threading.Timer(timeout_s, running.kill)
            alarm.start()
            _, status, used = os.wait4(running.pid, 0)
            alarm.cancel()
            seconds = time.monotonic() - begin
            code = os.waitstatus_to_exitcode(status)
            out.seek(0)
            return (None if code == -9 and seconds >= timeout_s else code), out.read(), used.ru_maxrss / 1024, seconds

    def fresh(self, *sources):
        """A new case with the sources [(name, address, options...)]."""
        shutil.rmtree(self.case, ignore_errors=True)
        self.call("case", "new", self.case)
        for name, address, *options in sources:
            self.call("backups", "add", name, address, *options)


def check_sentence(done, *words):
    """A failure says what failed, names what it is about, and gives a hint."""
    for word in ("lastgood: error:", "hint:", *words):
        if str(word) not in done.stderr:
            fail(f"{done.args[3:]} ended with {done.returncode} and does not say '{word}': {done.stderr}")


def read_unmarked(path):
    """The bytes of a file without moving its access time."""
    with os.fdopen(os.open(path, os.O_RDONLY | os.O_NOFOLLOW | getattr(os, "O_NOATIME", 0)), "rb") as file:
        return file.read()


def entries_below(root):
    """(relative name as bytes, lstat) of root and all below it, without moving access times, folders before what they hold."""
    root = os.fsencode(root)
    waiting = [b""]
    while waiting:
        name = waiting.pop()
        path = os.path.join(root, name) if name else root
        what = os.lstat(path)
        yield name, what
        if stat.S_ISDIR(what.st_mode):
            folder = os.open(path, os.O_RDONLY | os.O_DIRECTORY | os.O_NOATIME)
            waiting += [os.path.join(name, os.fsencode(child)) for child in sorted(os.listdir(folder), reverse=True)]
            os.close(folder)


def state_of_source(*roots):
    """All that reading must leave alone: digests, times, inodes, owners, modes of everything in the stores."""
    state = {}
    for root in roots:
        for name, what in entries_below(root):
            path = os.path.join(os.fsencode(root), name)
            digest = hashlib.sha256(read_unmarked(path)).hexdigest() if stat.S_ISREG(what.st_mode) else None
            state[path] = (what.st_mode, what.st_uid, what.st_gid, what.st_size, what.st_ino, what.st_nlink, what.st_atime_ns, what.st_mtime_ns,
                           what.st_ctime_ns, digest)
    return state


def check_unchanged(before, *roots):
    now = state_of_source(*roots)
    for path in before.keys() | now.keys():
        if before.get(path) != now.get(path):
            fail(f"the source changed at {path!r}: {before.get(path)} was, {now.get(path)} is")


def stored_bytes_mostly_zero(path, what):
    """Whether a file has holes worth speaking of."""
    return what.st_size >= MIB and what.st_blocks * 512 < what.st_size // 2


def flags_of(path):
    """The attributes of chattr that a backup may carry: immutable, append only, not to be dumped."""
    descriptor = os.open(path, os.O_RDONLY | os.O_NOFOLLOW | os.O_NONBLOCK | os.O_NOATIME)
    try:
        flags = array.array("l", [0])
        fcntl.ioctl(descriptor, 0x80086601, flags)  # FS_IOC_GETFLAGS
        return flags[0] & 0x70
    except OSError as error:
        if error.errno not in (errno.ENOTTY, errno.EOPNOTSUPP):
            raise
        return 0
    finally:
        os.close(descriptor)


def state_of_tree(root):
    """All that a restore has to bring back, by relative name. Hard links are one group named by its first name."""
    state, groups = {}, {}
    for name, what in entries_below(root):
        path = os.path.join(os.fsencode(root), name)
        kind = stat.S_IFMT(what.st_mode)
        entry = {"mode": oct(what.st_mode), "owner": (what.st_uid, what.st_gid), "mtime_ns": what.st_mtime_ns,
                 "xattrs": {key: os.getxattr(path, key, follow_symlinks=False) for key in sorted(os.listxattr(path, follow_symlinks=False))}}
        if kind in (stat.S_IFREG, stat.S_IFDIR):
            entry["flags"] = flags_of(path)
        if kind == stat.S_IFREG:
            entry |= {"size": what.st_size, "digest": hashlib.sha256(read_unmarked(path)).hexdigest(), "holes": stored_bytes_mostly_zero(path, what)}
        elif kind == stat.S_IFLNK:
            entry["link"] = os.readlink(path)
        elif kind in (stat.S_IFCHR, stat.S_IFBLK):
            entry["device"] = what.st_rdev
        if kind != stat.S_IFDIR and what.st_nlink > 1:
            entry["same_as"] = groups.setdefault((what.st_dev, what.st_ino), name)
        state[name] = entry
    return state


def differences(wanted, found, ignored=()):
    """Sentences on what differs; `ignored` are fields that need not agree."""
    for name in sorted(wanted.keys() | found.keys()):
        left, right = wanted.get(name), found.get(name)
        if left is None or right is None:
            yield f"{name!r} is {'too much' if left is None else 'missing'}"
            continue
        for field in sorted(left.keys() | right.keys()):
            if field not in ignored and left.get(field) != right.get(field):
                yield f"{name!r}: {field} is {right.get(field)!r}, not {left.get(field)!r}"


def check_same_tree(wanted, root, ignored=()):
    found = list(differences(wanted, state_of_tree(root), ignored))
    if found:
        fail(f"{len(found)} differences in {root}: " + "; ".join(found[:5]))


def check_no_half_file(wanted, root):
    """What stands under a final name is whole, whenever one looks; what is not yet there may be missing."""
    if not os.path.isdir(root):
        return
    for name, what in entries_below(root):
        if stat.S_ISREG(what.st_mode) and b".lastgood-" not in name:
            digest = hashlib.sha256(read_unmarked(os.path.join(os.fsencode(root), name))).hexdigest()
            if wanted.get(name, {}).get("digest") != digest:
                fail(f"{name!r} stands in {root} and is not whole")


class Restic:
    """A restic store, made and read by restic itself."""

    def __init__(self, folder, password="x", name="repo"):
        self.folder, self.path = folder, folder / name
        self.environment = {**os.environ, "RESTIC_PASSWORD": password, "RESTIC_CACHE_DIR": str(folder / "restic-cache")}
        self.password_file = folder / f"{name}-password"
        self.password_file.write_text(password + "\n")

    def run(self, *arguments, cwd=None):
        done = subprocess.run(["restic", "-q", "-r", str(self.path), *map(str, arguments)], env=self.environment, cwd=cwd, capture_output=True)
        if done.returncode != 0:
            fail(f"restic {arguments}: {done.stderr.decode()}")
        return done.stdout

    def master_key(self):
        """The escrowed master key: opens at once, without the seconds a password takes."""
        path = self.folder / f"{self.path.name}-master.json"
        path.write_bytes(self.run("cat", "masterkey"))
        return path

    def source(self, name="s"):
        return (name, f"restic:{self.path}", "--password-file", self.password_file)

    def quick_source(self, name="s"):
        return (name, f"restic:{self.path}", "--key-file", self.master_key())


class Borg:
    """A borg store, made and read by borg itself."""
    tool = ["borg"]

    def __init__(self, folder, password="x", name="borg"):
        self.folder, self.path = folder, folder / name
        self.environment = {**os.environ, "BORG_PASSPHRASE": password, "BORG_BASE_DIR": str(folder / "borg-base"), "BORG_EXIT_CODES": "modern",
                            "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes", "BORG_RELOCATED_REPO_ACCESS_IS_OK": "yes"}
        self.password_file = folder / f"{name}-password"
        self.password_file.write_text(password + "\n")

    def run(self, *arguments, cwd=None):
        done = subprocess.run([*self.tool, *map(str, arguments)], env=self.environment, cwd=cwd, capture_output=True)
        if done.returncode != 0:
            fail(f"borg {arguments}: {done.stderr.decode()}")
        return done.stdout

    def source(self, name="s"):
        return (name, f"borg:{self.path}", "--password-file", self.password_file)
