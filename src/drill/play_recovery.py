#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""play_recovery.py FOLDER PROGRAM: the second act of the drill, the way back.

In FOLDER, which the first act made, it makes FOLDER/recovery: a server's tree out of the first act's own files, thirty
days of restic, borg and hard-link snapshots of it, an attack that runs through the last three of them, and a poisoned
copy of the restic store. Then it does with PROGRAM what a person would do: scan, judge, plan, restore, verify; and
compares what came back with the truth it wrote down.

The attack writes random bytes behind a mark into files that this script has just written itself. It is given no path,
and there is no way to point it at any other file: what is not in its own list does not exist for it. It refuses a folder
without the first act's marker, and one in which a second act was played already."""
import hashlib
import json
import os
import pathlib
import random
import shutil
import sqlite3
import subprocess
import sys
import time

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent / "servers"))
import acts  # noqa: E402
from view import View  # noqa: E402

DAYS = 30
FIRST_STRUCK = 28
BEGIN = 1666663200  # 2022-10-25 02:00:00 UTC, so that the last day is the 23rd of November
FILES_MAX = 1500
MARK = b"BAK9-KEY 7f3a91 write to records.desk@dnmx.org or lab.records@cock.li with this number\n"
DATABASE = "lis/worklist.db"
SECRET = "a drill needs no secret"


class Server:
    """The tree as it is day by day. Nothing outside of `root` is ever written."""

    def __init__(self, root, originals, seed):
        self.root, self.random = root, random.Random(seed)
        self.now = {}       # path below root: bytes
        self.best = {}      # path: digest of the newest good content that is in a backup
        self.database_rows = 0
        self.struck = set()
        self.deleted = set()
        for name, content in originals:
            self.write(name, content)

    def path(self, name):
        return self.root / name

    def write(self, name, content):
        target = self.path(name)
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(content)
        self.now[name] = content

    def remove(self, name):
        self.path(name).unlink()
        del self.now[name]

    def strike(self, name):
        body = self.random.randbytes(max(len(self.now[name]), 512))
        self.remove(name)
        self.path(name + ".bak9").write_bytes(MARK + body)
        self.struck.add(name)

    def was_backed_up(self):
        """What is good now is in a backup from now on; what is struck before that is lost for good."""
        for name, content in self.now.items():
            self.best[name] = hashlib.sha256(content).hexdigest()
        if DATABASE in self.now:
            with sqlite3.connect(f"file:{self.path(DATABASE)}?mode=ro", uri=True) as database:
                self.database_rows = database.execute("SELECT count(*) FROM orders").fetchone()[0]
            database.close()

    def live_names(self):
        return sorted(self.now)


def work_a_day(server, day):
    """Some files grow, some are new, few are thrown away."""
    names = [name for name in server.live_names() if name.endswith((".csv", ".txt", ".log", ".hl7"))]
    for name in server.random.sample(names, min(len(names), max(3, len(server.now) // 50))):
        server.write(name, server.now[name] + f"2022,{day},entry {server.random.randrange(10**6)}\n".encode())
    for number in range(3):
        rows = "".join(f"{day},{row},{server.random.randrange(10**4)}\n" for row in range(200))
        server.write(f"new/day{day:02}-{number}.csv", ("day,row,value\n" + rows).encode())
    if day in (9, 15, 20):
        name = f"new/day{day - 3:02}-1.csv"
        if name in server.now:
            server.remove(name)
            server.deleted.add(name)


def work_the_database(server, day):
    path = server.path(DATABASE)
    path.parent.mkdir(parents=True, exist_ok=True)
    with sqlite3.connect(path) as database:
        database.execute("CREATE TABLE IF NOT EXISTS orders(id INTEGER PRIMARY KEY, day INTEGER, test TEXT)")
        database.executemany("INSERT INTO orders(day, test) VALUES(?, ?)", [(day, f"test {row}") for row in range(50)])
    database.close()
    server.now[DATABASE] = path.read_bytes()


def attack(server, day):
    share = {28: 0.10, 29: 0.55, 30: 0.97}[day]
    wanted = int(share * (len(server.now) + len(server.struck)))
    names = [name for name in server.live_names() if not name.startswith("new/day30")]
    server.random.shuffle(names)
    for name in names[:max(0, wanted - len(server.struck))]:
        server.strike(name)
    server.path("HOW-TO-READ-YOUR-FILES.txt").write_bytes(
        b"Your files are encrypted. To get them back write to records.desk@dnmx.org within 72 hours and pay in bitcoin.\n"
        b"Do not rename the files, do not call the police. The price is doubled after three days.\n")


class Stores:
    def __init__(self, folder, root):
        self.folder, self.root, self.last = folder, root, None
        self.environment = {**os.environ, "RESTIC_PASSWORD": SECRET, "BORG_PASSPHRASE": SECRET, "BORG_BASE_DIR": str(folder / "borg-base"),
                            "RESTIC_CACHE_DIR": str(folder / "restic-cache"), "BORG_UNKNOWN_UNENCRYPTED_REPO_ACCESS_IS_OK": "yes"}
        (folder / "snapshots").mkdir()
        (folder / "password").write_text(SECRET + "\n")
        self.call("restic", "-q", "init", "-r", folder / "restic")
        self.call("borg", "init", "-e", "repokey-blake2", folder / "borg")

    def call(self, *arguments, allowed=(0,)):
        done = subprocess.run([str(argument) for argument in arguments], env=self.environment, capture_output=True, text=True)
        if done.returncode not in allowed:
            sys.exit(f"play_recovery: {arguments[0]} failed: {done.stderr[-400:]}")

    def take(self, day):
        when = time.gmtime(BEGIN + (day - 1) * 86400)
        stamp = time.strftime("%Y-%m-%d %H:%M:%S", when)
        name = time.strftime("%Y-%m-%d", when)
        self.call("restic", "-q", "-r", self.folder / "restic", "backup", self.root, "--time", stamp, "--host", "hims1")
        self.call("borg", "create", "--timestamp", stamp.replace(" ", "T"), f"{self.folder}/borg::hims1-{name}", self.root,
                  allowed=(0, 1))
        link = ["--link-dest", self.folder / "snapshots" / self.last] if self.last else []
        self.call("rsync", "-a", *link, f"{self.root}/", f"{self.folder}/snapshots/{name}/")
        self.last = name

    def poison(self, seed):
        """A copy of the restic store that the attacker could reach: packs changed, an index gone, a snapshot from the future."""
        poisoned = self.folder / "mounted"
        shutil.copytree(self.folder / "restic", poisoned)
        rolls = random.Random(seed)
        packs = sorted((poisoned / "data").glob("*/*"))
        for pack in rolls.sample(packs, max(1, len(packs) // 10)):
            content = bytearray(pack.read_bytes())
            content[len(content) // 3] ^= 0x55
            pack.chmod(0o600)
            pack.write_bytes(content)
        rolls.choice(sorted((poisoned / "index").iterdir())).unlink()
        self.call("restic", "-q", "-r", poisoned, "backup", self.root, "--time", "2023-06-01 00:00:00", "--host", "hims1",
                  allowed=(0, 1, 3))


class Steps:
    def __init__(self, program, folder, view):
        self.program, self.case, self.view, self.seconds = program, folder / "drill.case", view, {}

    def run(self, step, *arguments, allowed=(0, 1)):
        begin = time.monotonic()
        done = subprocess.run(["setpriv", "--pdeathsig", "TERM", self.program, "--case", str(self.case), *map(str, arguments)], capture_output=True, text=True)
        self.seconds[step] = round(time.monotonic() - begin, 2)
        if done.returncode not in allowed:
            sys.exit(f"play_recovery: '{step}' ended with {done.returncode}: {done.stderr[-600:]}{done.stdout[-600:]}")
        self.view.step(arguments, self.seconds[step], done.returncode, done.stdout)
        return done.stdout


def state_of(folder):
    """Digest, size, mode, times of every file of a store."""
    out = {}
    for path in sorted(folder.rglob("*")):
        status = path.lstat()
        digest = hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() and not path.is_symlink() else ""
        out[str(path)] = (digest, status.st_size, status.st_mode, status.st_mtime_ns, status.st_ctime_ns)
    return out


def recover(steps, folder, root):
    password = folder / "password"
    steps.run("case", "case", "new", steps.case)
    steps.run("scan", "scan", root)
    steps.run("add", "backups", "add", "nas", f"restic:{folder}/restic", "--password-file", password, "--independence", "apart")
    steps.run("add", "backups", "add", "old", f"borg:{folder}/borg", "--password-file", password)
    steps.run("add", "backups", "add", "links", f"folder:{folder}/snapshots", "--map", f"={root}")
    steps.run("add", "backups", "add", "mounted", f"restic:{folder}/mounted", "--password-file", password, "--independence", "attached")
    steps.run("judge", "backups", "judge", allowed=(0, 1, 3))
    steps.run("plan", "plan", "--out", folder / "plan.json", "--prefer", "nas")
    said = steps.run("restore", "restore", folder / "plan.json", "--in-place", "--json", allowed=(0, 3))
    restored = next(line for line in map(json.loads, said.splitlines()) if line["type"] == "restore")
    verified = json.loads(steps.run("verify", "verify", folder / "plan.json", "--at", "/", "--json").splitlines()[-1])
    kept = steps.run("kept", "kept", "verify", folder / "plan.json", "--json").splitlines()
    steps.run("ledger", "ledger", "verify")
    return restored, verified, [json.loads(line) for line in kept]


def score(server, restored, verified, kept):
    wanted = {name: digest for name, digest in server.best.items() if name not in server.deleted}
    right = wrong = missing = struck_left = 0
    for name, digest in wanted.items():
        path = server.path(name)
        if not path.is_file():
            missing += 1
        elif hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            right += 1
        else:
            wrong += 1
    struck_left = sum(1 for name in wanted if server.path(name + ".bak9").exists())
    struck_wanted = sum(1 for name in server.struck if name in wanted)
    came_back_deleted = sum(1 for name in server.deleted if server.path(name).exists())
    rows = 0
    try:
        with sqlite3.connect(f"file:{server.path(DATABASE)}?mode=ro", uri=True) as database:
            rows = database.execute("SELECT count(*) FROM orders").fetchone()[0]
        database.close()
    except sqlite3.Error:
        pass
    return {"files": len(wanted), "right": right, "wrong": wrong, "missing": missing, "struck_left": struck_left,
            "deleted_came_back": came_back_deleted, "restored": restored["files"], "refused": restored["refused"], "verified_same": verified["same"],
            "verified_differs": verified["differs"] + verified["missing"], "judged_bad": verified["bad"],
            "originals_kept": sum(1 for one in kept if one["state"] == "kept"), "struck": struck_wanted, "lost_before_any_backup": len(server.struck) - struck_wanted,
            "database_rows": rows, "database_rows_wanted": server.database_rows}


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    made, program = pathlib.Path(sys.argv[1]).resolve(), str(pathlib.Path(sys.argv[2]).resolve())
    if not (made / ".lastgood-made").is_file():
        sys.exit(f"play_recovery: '{made}' was not made by a drill")
    acts.own_mounts("play_recovery")
    folder = made / "recovery"
    if folder.exists():
        sys.exit(f"play_recovery: the way back was played in '{made}' already")
    folder.mkdir()
    root = folder / "srv"
    root.mkdir()
    view = View(folder)
    view.say("thirty days of a server and of three backups of it are made; the attack strikes in the last three")
    originals = [(str(path.relative_to(made / "before")), path.read_bytes())
                 for path in sorted((made / "before").rglob("*")) if path.is_file() and not path.is_symlink()][:FILES_MAX]
    server = Server(root, originals, 20221123)
    stores = Stores(folder, root)
    for day in range(1, DAYS + 1):
        work_a_day(server, day)
        if DATABASE not in server.struck:
            work_the_database(server, day)
        if day >= FIRST_STRUCK:
            attack(server, day)
        stores.take(day)
        server.was_backed_up()
    stores.poison(7)
    (folder / "truth.json").write_text(json.dumps({"best": server.best, "deleted": sorted(server.deleted), "struck": sorted(server.struck)}, indent=1))
    sources = [folder / name for name in ("restic", "borg", "snapshots", "mounted")]
    before = [state_of(source) for source in sources]
    steps = Steps(program, folder, view)
    # Encrypted originals are kept at the top of the file system they lie on. Mounted onto itself, the server's tree is that
    # top, so that the drill writes nothing outside of its folder.
    subprocess.run(["mount", "--bind", root, root], check=True)
    result = score(server, *recover(steps, folder, root))
    result["sources_unchanged"] = before == [state_of(source) for source in sources]
    result["seconds"] = steps.seconds
    goals = {"every file is as it was last good": result["right"] == result["files"],
             "no encrypted file is left or was restored": result["struck_left"] == 0 and result["wrong"] == 0,
             "nothing its owner had deleted came back": result["deleted_came_back"] == 0,
             "every encrypted original is kept": result["originals_kept"] == result["struck"],
             "the database has every row of its last good day": result["database_rows"] == result["database_rows_wanted"] > 0,
             "what came back is what was planned, and good": result["verified_differs"] == 0 and result["judged_bad"] == 0,
             "nothing in a backup changed": result["sources_unchanged"]}
    result["goals"] = goals
    (folder / "score.json").write_text(json.dumps(result, indent=1) + "\n")
    print("\nThe way back\n" + "".join(f"  {'met   ' if met else 'MISSED'}  {goal}\n" for goal, met in goals.items()))
    print(f"  {result['right']} of {result['files']} files right, {result['wrong']} wrong, {result['missing']} missing\n"
          f"  {result['restored']} restored in {steps.seconds['restore']} s after {steps.seconds['judge']} s of judging\n"
          f"  table: {folder}/plan.txt")
    return 0 if all(goals.values()) else 60


if __name__ == "__main__":
    sys.exit(acts.run_act("play_recovery", main))
