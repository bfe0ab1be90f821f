#!/bin/sh
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
# Restoring, judging and repairing beside restic, borg and cp: bench/recovery.sh [FOLDER ON TMPFS] [options of measure_recovery.py]
set -eu
cd "$(dirname "$0")/.."
folder="${1:-/dev/shm/lastgood-bench}"
[ $# -gt 0 ] && shift
exec python3 bench/recovery/measure_recovery.py "$@" build/release/lastgood "$folder"
