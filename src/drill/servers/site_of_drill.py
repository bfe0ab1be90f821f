# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Where the drill hospital lies and how its commands are called: DRILL/servers/sN is what a server has, DRILL/bin
holds the commands that start, stop and ask each service, DRILL/truth what the drill alone knows."""
import pathlib
import sys

import sizes
import spaces

MARKER = ".lastgood-made"
SERVERS = {"s1": ("ehosp-db1", 11), "s2": ("ehosp-db2", 12), "s3": ("lis-db", 13), "s4": ("lis-app", 14), "s5": ("pacs-files", 15)}
BACKUP_HOST = 30

IN = """#!/bin/sh
# in SERVER COMMAND...: runs a command on one of the drill's servers; refuses when that server is off.
set -eu
here=$(dirname "$(readlink -f "$0")")
record="$here/../run/$1.pid"
[ -r "$record" ] || { echo "server $1 is off" >&2; exit 69; }
read -r pid began < "$record"
now=$(sed 's/.*) //' "/proc/$pid/stat" 2>/dev/null | cut -d' ' -f20) || true
[ "$now" = "$began" ] || { echo "server $1 is off" >&2; exit 69; }
shift
exec nsenter "--target=$pid" --net --mount --ipc --pid -- "$@"
"""


class Site:
    def __init__(self, drill, size, seed, day, view, ends_with_us=True):
        self.drill, self.root = pathlib.Path(drill), pathlib.Path(drill) / "servers"
        self.size, self.seed, self.day, self.ends_with_us = size, seed, day, ends_with_us
        self.truth, self.logs, self.backups = self.drill / "truth", self.drill / "logs", self.drill / "backups"
        self.bin, self.run_folder = self.drill / "bin", self.drill / "run"
        self.spaces, self.network, self.view = {}, None, view

    def make_folders(self):
        if not (self.drill / MARKER).is_file():
            sys.exit(f"drill: '{self.drill}' was not made by a drill")
        self.root.mkdir()  # refuses one that is there
        for folder in (self.truth / "canaries", self.logs, self.backups, self.bin, self.run_folder):
            folder.mkdir(parents=True)
        for name in SERVERS:
            (self.root / name).mkdir()
            (self.logs / name).mkdir(mode=0o777)
            (self.logs / name).chmod(0o777)
        # What planted code would have to be able to do, whoever it runs as.
        (self.truth / "canaries").chmod(0o777)
        self.command("in", IN)

    def say(self, sentence):
        self.view.say(sentence)

    def path(self, server, *parts):
        return self.root.joinpath(server, *parts)

    @staticmethod
    def host(server):
        return SERVERS[server][0]

    def address(self, server):
        return f"{spaces.NETWORK}.{SERVERS[server][1]}"

    def power_on(self):
        """Five servers, the place of the backups, and the bridge between them: all empty of processes."""
        self.network = spaces.Network(self.run_folder, self.ends_with_us)
        for name, (_, host) in SERVERS.items():
            self.spaces[name] = spaces.Space(name, self.run_folder, self.ends_with_us)
            self.network.join(self.spaces[name], host)
            # A planted command that ran on a server must be able to leave its mark.
            temporary = self.run_folder / f"tmp-{name}"
            temporary.mkdir(exist_ok=True)
            temporary.chmod(0o1777)
            self.spaces[name].see_only([self.path(name), self.logs / name, self.truth / "canaries"], temporary)
        self.spaces["backup"] = spaces.Space("backup", self.run_folder, self.ends_with_us)
        self.network.join(self.spaces["backup"], BACKUP_HOST)
        self.spaces["backup"].run("mount", "-t", "tmpfs", "-o", "mode=755", "tmpfs", "/run")

    def power_off(self):
        for space in list(self.spaces.values()):
            space.kill()
        self.spaces.clear()
        if self.network:
            self.network.hub.kill()
            self.network = None

    def on(self, server, *words, **options):
        return self.spaces[server].run(*words, **options)

    def command(self, name, text):
        path = self.bin / name
        path.write_text(text)
        path.chmod(0o755)

    def script(self, name, server, lines):
        """A command that runs `lines` of shell on a server."""
        body = "\n".join(lines)
        self.command(name, f"#!/bin/sh\nset -eu\nexec \"$(dirname \"$(readlink -f \"$0\")\")/in\" {server} /bin/sh -eu <<'LINES'\n{body}\nLINES\n")

    def do(self, name, **options):
        return spaces.call(self.bin / name, **options)

    def hospital_time(self, share):
        return sizes.hospital_time(self.day, share)
