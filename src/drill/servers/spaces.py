# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Servers without machines: each has a network, mounts and processes of its own, and they are joined by a bridge that
leads nowhere else. A server lives as long as one sleeping process; when that ends, the kernel ends all that ran in it and
takes its network, its mounts and its shared memory (/dev/shm and System V's) away. So nothing is left behind, however the
drill ends."""
import os
import pathlib
import signal
import subprocess
import time

NETWORK = "10.20.0"
# Processes whose parent has ended are given to the first one; it does not want to hear of them, so the kernel forgets them.
FIRST_PROCESS = ["/usr/bin/python3", "-Sc", "import os, signal; signal.signal(signal.SIGCHLD, signal.SIG_IGN); os.execvp('sleep', ['sleep', 'infinity'])"]


class SpaceError(Exception):
    pass


def call(*words, text=None, quiet=False, **options):
    done = subprocess.run([str(word) for word in words], input=text, stdin=None if text is not None else subprocess.DEVNULL, capture_output=True, text=True, **options)
    if done.returncode != 0 and not quiet:
        raise SpaceError(f"'{' '.join(str(word) for word in words)[:300]}' ended with {done.returncode}: {done.stderr[-800:]}{done.stdout[-300:]}")
    return done


def began(pid):
    """When a process began, in the kernel's ticks: a number that came back to another process is found out by it."""
    return pathlib.Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[19]


class Space:
    def __init__(self, name, run_folder, ends_with_us=True):
        self.name, self.record = name, pathlib.Path(run_folder) / f"{name}.pid"
        words = ["unshare", "--net", "--mount", "--propagation", "private", "--ipc", "--pid", "--fork", "--mount-proc", "--kill-child=KILL", *FIRST_PROCESS]
        if ends_with_us:
            words = ["setpriv", "--pdeathsig", "KILL", *words]
        self.outer = subprocess.Popen(words, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        self.pid = self._first_process()
        self.record.write_text(f"{self.pid} {began(self.pid)}\n")
        # An engine whose power is cut leaves its shared memory behind: in the machine's own it would stay until that restarts.
        self.run("mount", "-t", "tmpfs", "-o", "mode=1777,nosuid,nodev", "tmpfs", "/dev/shm")
        self.run("ip", "link", "set", "lo", "up")

    def _first_process(self):
        children = pathlib.Path(f"/proc/{self.outer.pid}/task/{self.outer.pid}/children")
        for _ in range(500):
            if self.outer.poll() is not None:
                raise SpaceError(f"server '{self.name}' could not be made (unshare ended with {self.outer.returncode}): the drill needs root and namespaces")
            try:
                found = children.read_text().split()
                if found and pathlib.Path(f"/proc/{found[0]}/comm").read_text().strip() == "sleep":
                    return int(found[0])
            except OSError:
                pass
            time.sleep(0.01)
        raise SpaceError(f"server '{self.name}' does not begin")

    def word(self, *words):
        return ["nsenter", f"--target={self.pid}", "--net", "--mount", "--ipc", "--pid", "--", *map(str, words)]

    def run(self, *words, **options):
        return call(*self.word(*words), **options)

    def start(self, *words, out=subprocess.DEVNULL, **options):
        return subprocess.Popen(self.word(*words), stdin=options.pop("stdin", subprocess.DEVNULL), stdout=out, stderr=options.pop("stderr", out), start_new_session=True, **options)

    def kill(self):
        """As if the power went: no process gets a word in."""
        try:
            os.kill(self.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.outer.kill()
        self.outer.wait()
        self.record.unlink(missing_ok=True)

    def see_only(self, folders, temporary):
        """Hides what is not this server's: of the drill only `folders` stay, also below a folder that others may not enter, so that
        accounts of engines reach their data whatever holds the drill. `temporary` is its /tmp: processes of two servers have the same
        numbers, so their engines give temporary files the same names."""
        folders = [pathlib.Path(folder) for folder in folders]
        cover = pathlib.Path(os.path.commonpath([folder.parent for folder in folders]))
        for ancestor in reversed(folders[0].parents):
            if not ancestor.stat().st_mode & 0o001:
                cover = ancestor
                break
        script = ["set -e", "umask 022", "mount -t tmpfs -o mode=755 tmpfs /run", "mkdir -p /run/hold"]
        for number, folder in enumerate(folders):
            script += [f"mkdir /run/hold/{number}", f"mount --bind '{folder}' /run/hold/{number}"]
        script += ["mkdir /run/hold/tmp", f"mount --bind '{temporary}' /run/hold/tmp", "mount --bind /run/hold/tmp /tmp", "umount /run/hold/tmp"]
        script += [f"mkdir -p '{cover}'", f"mount -t tmpfs -o mode=755 tmpfs '{cover}'"]  # below /tmp it is not there any more
        for number, folder in enumerate(folders):
            script += [f"mkdir -p '{folder}'", f"mount --bind /run/hold/{number} '{folder}'", f"umount /run/hold/{number}"]
        script += ["install -d -o postgres -g postgres /run/postgresql", "install -d -o mysql -g mysql /run/mysqld"]
        self.run("/bin/sh", "-c", "\n".join(script))


class Network:
    """The bridge stands in a space of its own (`hub`), which also is the desk's PC and the one the attack came from."""
    DESK, STRUCK_FROM = f"{NETWORK}.7", f"{NETWORK}.66"

    def __init__(self, run_folder, ends_with_us=True):
        self.hub = Space("hub", run_folder, ends_with_us)
        self.hub.run("ip", "link", "add", "br0", "type", "bridge")
        for address in (self.DESK, self.STRUCK_FROM):
            self.hub.run("ip", "address", "add", f"{address}/24", "dev", "br0")
        self.hub.run("ip", "link", "set", "br0", "up")

    def join(self, space, host):
        port = f"p{host}"
        # By its number out here, which the hub's own processes do not know.
        call("nsenter", f"--target={self.hub.pid}", "--net", "--", "ip", "link", "add", port, "type", "veth", "peer", "name", "eth0", "netns", space.pid)
        self.hub.run("ip", "link", "set", port, "master", "br0", "up")
        space.run("ip", "address", "add", f"{NETWORK}.{host}/24", "dev", "eth0")
        space.run("ip", "link", "set", "eth0", "up")
        space.address = f"{NETWORK}.{host}"

    def speak_as(self, address, to):
        """What the hub sends to `to` from now on comes from `address`."""
        self.hub.run("ip", "route", "replace", f"{to}/32", "dev", "br0", "src", address)
