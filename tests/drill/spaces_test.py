#!/usr/bin/python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""A server of the drill whose power is cut leaves nothing on the machine, its shared memory included: PostgreSQL has some of both
kinds. As root; without engines."""
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[2] / "src" / "drill" / "servers"))
import spaces  # noqa: E402


def segments():
    """System V's, without the heading."""
    return set(pathlib.Path("/proc/sysvipc/shm").read_text().splitlines()[1:])


class Spaces(unittest.TestCase):
    def test_shared_memory_of_a_server_ends_with_it(self):
        try:
            with tempfile.TemporaryDirectory() as run:
                space = spaces.Space("s1", run, ends_with_us=True)
                try:
                    space.run("sh", "-c", "echo x > /dev/shm/PostgreSQL.of-the-drill; ipcmk -M 4242")
                    seen = space.run("cat", "/dev/shm/PostgreSQL.of-the-drill", "/proc/sysvipc/shm").stdout
                    self.assertIn("x", seen.split())
                    self.assertIn("4242", seen.split(), "its processes share it")
                    self.assert_no_shared_memory()
                finally:
                    space.kill()
                self.assert_no_shared_memory()
        except spaces.SpaceError as error:
            if "needs root" in str(error):
                self.skipTest(str(error))
            raise

    def assert_no_shared_memory(self):
        self.assertFalse(pathlib.Path("/dev/shm/PostgreSQL.of-the-drill").exists())
        self.assertFalse([line for line in segments() if "4242" in line.split()])


if __name__ == "__main__":
    unittest.main()
