# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""What a person sees while the drill plays: plain lines with the seconds in front, on a terminal or in a file alike. Each
part of the night says what it is to prove. With `watch` it goes slowly and shows what the program printed."""
import shlex
import shutil
import sys
import textwrap
import time

NARROW, WIDE = 80, 120
SHOWN = 8  # lines of what the program printed
TOGETHER = "\x1f"  # a space at which no line ends
# What the program's exit code says, where it is more than "done".
ENDINGS = {0: "", 1: ", bad things found", 3: ", in part"}


class View:
    def __init__(self, drill, watch=False, out=sys.stderr):
        self.drill, self.watch, self.out, self.begun = f"{drill}/", watch, out, time.monotonic()
        self.width = max(NARROW, min(WIDE, shutil.get_terminal_size().columns)) if out.isatty() else NARROW

    def part(self, title, proves=""):
        """A part of the night begins."""
        print(f"\n{title}", file=self.out)
        for line in textwrap.wrap(proves, self.width - 2):
            print(f"  {line}", file=self.out)
        self.out.flush()
        self.wait(4)

    def say(self, sentence):
        head = f"{time.monotonic() - self.begun:7.1f} s  "
        lines = textwrap.wrap(sentence, self.width, initial_indent=head, subsequent_indent=" " * len(head), break_on_hyphens=False)
        print("\n".join(lines).replace(TOGETHER, " "), file=self.out, flush=True)
        self.wait(1.5)

    def step(self, arguments, seconds, code, printed):
        """A command of the program, as a person would type it in the drill's folder."""
        words = " ".join(shlex.quote(str(word).replace(self.drill, "")) for word in arguments)
        self.say(f"$ lastgood {words}  ({seconds:.1f}{TOGETHER}s{ENDINGS.get(code, f', ends with {code}')})")
        if not self.watch:
            return
        lines = [line for line in printed.splitlines() if line.strip() and not line.startswith("{")]
        for line in lines[:SHOWN]:
            print(f"           | {line.replace(self.drill, '')[:self.width - 13]}", file=self.out)
        if len(lines) > SHOWN:
            print(f"           | ... {len(lines) - SHOWN} more lines in recovered/", file=self.out)
        self.out.flush()
        self.wait(2.5)

    def wait(self, seconds):
        if self.watch:
            time.sleep(seconds)
