# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""How the acts of the drill end, and what they need: nothing stays behind, and a person is told in one sentence."""
import ctypes
import errno
import os
import shutil
import signal
import sys


def own_mounts(name):
    """From here on our mounts are ours alone and go with us."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000) != 0 or libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None) != 0:  # CLONE_NEWNS; MS_REC | MS_PRIVATE
        sys.exit(f"{name}: no mounts of our own: {os.strerror(ctypes.get_errno())}; the drill needs root")


def refuse_without_room(name, folder, needed_bytes):
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        sys.exit(f"{name}: this needs about {needed_bytes / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free where '{folder}' lies: choose another folder, or a smaller --size")


def run_act(name, act):
    """Gives the exit code of `act`. What it began ends with it or with its `finally`, also on Ctrl-C and on a closed terminal."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    try:
        return act()
    except KeyboardInterrupt:
        print(f"\n{name}: stopped; nothing of it runs any more, its folder stays and can be deleted", file=sys.stderr)
        return 130
    except OSError as trouble:
        if trouble.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"{name}: no space left{f' for {trouble.filename!r}' if trouble.filename else ''}; what was made can be deleted", file=sys.stderr)
        return 1
