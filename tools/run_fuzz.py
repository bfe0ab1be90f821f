#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""run_fuzz.py [--jobs N] [SECONDS] [NAME...]: fuzzes every target (or those named) until each has had so many seconds.

Processor seconds, not time on the wall: on a busy machine a minute by the clock may be a few thousand runs. The sums are
kept beside the corpora in build/fuzz-corpus, so that an interrupted round goes on where it was. What breaks something is
left in build/fuzz-findings and belongs, made small, into the format's testdata/crashes."""
import argparse
import concurrent.futures
import os
import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CORPORA = ROOT / "build/fuzz-corpus"
FINDINGS = ROOT / "build/fuzz-findings"
SLICE_S = 30
SEED_BYTES_MAX = 65536
# First byte of an input: depth and name that the target gives the walker.
CHOICES = (0, 1, 2, 4)


def build(names):
    subprocess.run(["cmake", "--preset", "fuzz"], cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    targets = ["--target", *("fuzz_" + name for name in names)] if names else []
    subprocess.run(["cmake", "--build", "--preset", "fuzz", *targets], cwd=ROOT, check=True, stdout=sys.stderr)
    programs = {path.name[5:]: path for path in (ROOT / "build/fuzz").rglob("fuzz_*") if path.is_file() and os.access(path, os.X_OK)}
    return {name: programs[name] for name in (names or sorted(programs))}


def make_seeds(name):
    corpus = CORPORA / name
    corpus.mkdir(parents=True, exist_ok=True)
    samples = [*(ROOT / "src/formats" / name / "testdata").glob("*.in"), *(ROOT / "fuzz/corpus" / name).glob("*")]
    is_walker = (ROOT / "src/formats" / name).is_dir()
    for sample in samples:
        content = sample.read_bytes()[:SEED_BYTES_MAX]
        for choice in CHOICES if is_walker else CHOICES[:1]:
            seed = corpus / f"seed-{choice}-{sample.name}"
            if not seed.exists():
                seed.write_bytes((bytes([choice]) if is_walker else b"") + content)
    return corpus


def tally_of(name):
    """Processor seconds and runs so far."""
    file = CORPORA / (name + ".tally")
    seconds, runs = file.read_text().split() if file.exists() else ("0", "0")
    return float(seconds), int(runs)


def run_slice(program, name, corpus):
    """One run of libFuzzer: (processor seconds, runs, ended well)."""
    command = [program, f"-max_total_time={SLICE_S}", "-max_len=65536", "-rss_limit_mb=2048", "-timeout=25",
               "-print_final_stats=1", f"-artifact_prefix={FINDINGS}/{name}-", corpus]
    with open(FINDINGS / (name + ".log"), "wb") as log:
        child = subprocess.Popen(command, stdout=log, stderr=log)
        _, status, usage = os.wait4(child.pid, 0)
        child.returncode = os.waitstatus_to_exitcode(status)
    text = (FINDINGS / (name + ".log")).read_text(errors="replace")
    runs = re.search(r"stat::number_of_executed_units: *(\d+)", text)
    return usage.ru_utime + usage.ru_stime, int(runs[1]) if runs else 0, child.returncode == 0


def fuzz(program, name, seconds_min):
    corpus = make_seeds(name)
    seconds, runs = tally_of(name)
    while seconds < seconds_min:
        more_seconds, more_runs, well = run_slice(program, name, corpus)
        if not well:
            return f"{name}: FOUND SOMETHING, see build/fuzz-findings/{name}.log"
        seconds, runs = seconds + more_seconds, runs + more_runs
        (CORPORA / (name + ".tally")).write_text(f"{seconds:.0f} {runs}\n")
    return f"{name}: {runs} runs in {seconds:.0f} s, nothing found"


def main():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("--jobs", type=int, default=os.cpu_count())
    arguments.add_argument("seconds", type=float, nargs="?", default=120)
    arguments.add_argument("names", nargs="*")
    options = arguments.parse_args()
    programs = build(options.names)
    FINDINGS.mkdir(parents=True, exist_ok=True)
    found = 0
    with concurrent.futures.ThreadPoolExecutor(options.jobs) as pool:
        for done in concurrent.futures.as_completed([pool.submit(fuzz, p, n, options.seconds) for n, p in programs.items()]):
            found += "FOUND" in done.result()
            print(done.result(), flush=True)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
