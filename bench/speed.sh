#!/bin/bash
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Measures a scan beside its peers: bench/speed.sh [--rounds N] [--lastgood FILE] WHAT TREE
#
#   mixed       standard and quick beside sha256sum, warm; for an ordinary tree such as /usr
#   small       quick and standard, warm: files a second and core; for many small files
#   large       full, standard and quick, warm: GB a second and core, share of the bytes read; for few large files
#   cold-small  standard beside cat, nothing in memory (needs root: drops the system's caches)
#   cold-large  the same for large files
#
# Peer and scan take turns, so that both meet the same machine; medians count. Reads TREE, writes only into a new folder
# below TMPDIR, which is removed.
set -euo pipefail
exec /usr/bin/python3 -B "$(cd "$(dirname "$0")" && pwd)/speed/measure_speed.py" "$@"
