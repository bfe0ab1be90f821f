# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Runs a scan and prints how many files it saw, how long it took and the largest resident set it had."""

import json
import os
import subprocess
import sys
import time

begun = time.monotonic()
process = subprocess.Popen(sys.argv[1:], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
last = b"{}"
for line in process.stdout:
    last = line
_, _, usage = os.wait4(process.pid, 0)
files = json.loads(last).get("files", 0)
cpu = usage.ru_utime + usage.ru_stime
print(
    f"{files:,} files: {usage.ru_maxrss / 1024:.0f} MB, {time.monotonic() - begun:.1f} s, "
    f"{files / cpu:,.0f} files a second and core",
    flush=True,
)
