# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""How the acts of the drill end, and what they need: nothing stays behind, and a person is told in one sentence."""
import ctypes
import errno
import os
import shutil
import signal
import sys
import threading
import time

ROOM_LEFT = 32 << 20  # below this some engines do not fail, but wait until somebody makes room


class NoRoom(Exception):
    pass


def own_mounts(name):
    """From here on our mounts are ours alone and go with us."""
    libc = ctypes.CDLL(None, use_errno=True)
    if libc.unshare(0x00020000) != 0 or libc.mount(b"none", b"/", None, 0x4000 | 0x40000, None) != 0:  # CLONE_NEWNS; MS_REC | MS_PRIVATE
        sys.exit(f"{name}: no mounts of our own: {os.strerror(ctypes.get_errno())}; the drill needs root")


def refuse_without_room(name, folder, needed_bytes):
    free = shutil.disk_usage(folder).free
    if free < needed_bytes:
        sys.exit(f"{name}: this needs about {needed_bytes / 1e9:.1f} GB, and {free / 1e9:.1f} GB are free where '{folder}' lies: choose another folder, or a smaller --size")


def end_at_once(folder, power_off):
    """On a signal, and when the disk of `folder` is full: first `power_off`, so that nobody waits for an engine, then the act ends."""
    def end(number, _):
        power_off()
        if number == signal.SIGINT:
            raise KeyboardInterrupt
        if number == signal.SIGUSR1:
            raise NoRoom(folder)
        sys.exit(143)

    def watch():
        while shutil.disk_usage(folder).free >= ROOM_LEFT:
            time.sleep(0.5)
        os.kill(os.getpid(), signal.SIGUSR1)

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGUSR1):
        signal.signal(number, end)
    threading.Thread(target=watch, daemon=True).start()


def stopped(name, code):
    print(f"\n{name}: stopped; nothing of it runs any more, its folder stays and can be deleted", file=sys.stderr)
    return code


def run_act(name, act):
    """Gives the exit code of `act`. What it began ends with it or with its `finally`, also on Ctrl-C and on a closed terminal."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, lambda *_: sys.exit(143))
    try:
        return act()
    except KeyboardInterrupt:
        return stopped(name, 130)
    except SystemExit as ended:
        if ended.code != 143:
            raise
        return stopped(name, 143)
    except NoRoom as folder:
        print(f"\n{name}: no space left where '{folder}' lies; nothing of it runs any more, the folder stays and can be deleted", file=sys.stderr)
        return 1
    except OSError as trouble:
        if trouble.errno not in (errno.ENOSPC, errno.EDQUOT):
            raise
        print(f"{name}: no space left{f' for {trouble.filename!r}' if trouble.filename else ''}; what was made can be deleted", file=sys.stderr)
        return 1
