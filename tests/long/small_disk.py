# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Small file systems of one's own, which can be left as full as a script wants. As root."""
import os
import subprocess

import story


class SmallDisk:
    """A tmpfs, or ext4 on a loop device, mounted on `folder`, with a ballast file that takes the room."""

    def __init__(self, scratch, name, kind, size_mib, inodes=None):
        self.folder, self.kind, self.image = scratch.path / name, kind, scratch.path / f"{name}.image"
        self.folder.mkdir()
        if kind == "tmpfs":
            limit = f",nr_inodes={inodes}" if inodes else ""
            self.mount("-t", "tmpfs", "-o", f"size={size_mib}m{limit}", "tmpfs")
        else:
            with open(self.image, "wb") as file:
                file.truncate(size_mib * story.MIB)
            subprocess.run(["mkfs.ext4", "-q", "-m", "0", "-E", "lazy_itable_init=0", self.image], check=True)
            self.mount("-o", "loop", self.image)
        scratch.leave.append(self.end)
        self.ballast = self.folder / "lost+found" / "ballast"
        self.ballast.parent.mkdir(exist_ok=True)

    def mount(self, *words):
        subprocess.run(["mount", *words, self.folder], check=True)

    def end(self):
        if os.path.ismount(self.folder):
            subprocess.run(["umount", "-l", self.folder], check=True)

    def free_bytes(self):
        room = os.statvfs(self.folder)
        return room.f_bavail * room.f_frsize

    def leave_free(self, count):
        """As near as the file system can."""
        self.make_room()
        with open(self.ballast, "wb") as file:
            size = self.free_bytes() - count
            while size > 0:
                try:
                    os.posix_fallocate(file.fileno(), 0, size)
                    break
                except OSError:  # its own tables need some of it
                    size -= 64 * 1024
        if self.kind != "tmpfs":
            os.sync()

    def leave_inodes(self, count):
        subprocess.run(["mount", "-o", f"remount,nr_inodes={count}", self.folder], check=True)

    def make_room(self):
        self.ballast.unlink(missing_ok=True)
