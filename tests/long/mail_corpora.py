#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Shows how far Received lines of real mail are read right, and the border's address, by the program as a person uses it.

    mail_corpora.py build/release/lastgood [--differences N] FOLDER...

FOLDERs hold mails that a person unpacked: the source packages of mail programs carry many (notmuch, flufl.bounce, mime4j, grepmail,
Mail::Box, Courriel, Email::Received ...). Every field of every different line is held against `received_reader.py`, a reader
written apart, and against SpamAssassin's where that is installed; the border's address against SpamAssassin's and against what
receivers themselves say of the peer (X-Originating-IP of the receiver, Received-SPF client-ip, smtp.remote-ip). A difference is no
mistake yet: every class is printed with an example, to be looked at. Mails stay outside the project."""
import collections
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile

import received_reader
from story import fail

FIELDS = ("ip", "rdns", "helo", "by", "id")

PERL = r"""
use strict; use warnings; use JSON::PP; use Mail::SpamAssassin; use Mail::SpamAssassin::Message;
my $sa = Mail::SpamAssassin->new({local_tests_only=>1, dont_copy_prefs=>1, site_rules_filename=>'/nonexistent',
  rules_filename=>'/nonexistent', userprefs_filename=>'/nonexistent', config_text=>"util_rb_tld com net org\n"});
$sa->init(0);
sub opened { my $mail = $sa->parse(shift, 0); $mail->extract_message_metadata(Mail::SpamAssassin::PerMsgStatus->new($sa, $mail)); $mail }
my $empty = opened("Subject: x\n\nx\n");
$| = 1;
while (my $line = <STDIN>) {
  my $ask = decode_json($line);
  my $answer = {};
  if (defined $ask->{line}) {
    my $got = eval { $empty->{metadata}->parse_received_line($ask->{line}) };
    $answer = ref $got ? {map { $_ => $got->{$_} } qw(ip rdns helo by id)} : {none => $@ || "no"};
  } else {
    open(my $file, '<:raw', $ask->{path}) or die; seek($file, $ask->{offset}, 0); read($file, my $bytes, $ask->{size}); close $file;
    my $mail = opened($bytes);
    my $first = $mail->{metadata}->{relays_external}->[0];
    my @all = @{$mail->{metadata}->{relays_external} || []};
    $answer = {border => $first ? $first->{ip} : undef, all => [map { $_->{ip} } @all]};
    $mail->finish();
  }
  print encode_json($answer), "\n";
}
"""


class SpamAssassin:
    """Answers one question a line; `None` where it is not installed."""

    def __init__(self):
        self.file = tempfile.NamedTemporaryFile("w", suffix=".pl")
        self.file.write(PERL)
        self.file.flush()
        self.run = subprocess.Popen(["perl", self.file.name], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)

    def ask(self, **question):
        self.run.stdin.write(json.dumps(question) + "\n")
        self.run.stdin.flush()
        answer = self.run.stdout.readline()
        return json.loads(answer) if answer else fail("the reader of SpamAssassin ended")


def find_mails(folders):
    for folder in folders:
        for root, _, names in os.walk(folder):
            for name in sorted(names):
                path = pathlib.Path(root, name)
                if path.is_symlink() or not path.is_file() or path.stat().st_size > 64 << 20:
                    continue
                # A mail or mailbox begins with a field or "From "; sources that quote lines somewhere do not.
                data = path.read_bytes()
                if re.search(rb"(?im)^Received:[ \t]", data) and re.match(rb"(?i)(\s*From \S|\s*[!-9;-~]{2,60}:[ \t])", data[:200]):
                    yield str(path)


def field_at(data, offset):
    end = offset
    while True:
        newline = data.find(b"\n", end)
        if newline < 0:
            end = len(data)
            break
        end = newline + 1
        if data[end:end + 1] not in (b" ", b"\t"):
            break
    text = data[offset:end].decode("latin1")
    return re.sub(r"\s*\n\s*", " ", re.sub(r"[\x00-\x08\x0b-\x1f\x7f]", " ", text.split(":", 1)[1])).strip()


def told(value):
    return (str(value).lower().rstrip(".") or None) if value else None


def same(field, ours, theirs):
    if field == "ip":
        return received_reader.address(ours) == received_reader.address(theirs)
    return told(ours) == told(theirs) or bare(ours) == bare(theirs)


def bare(text):
    """SpamAssassin writes "!" for brackets."""
    return re.sub(r"[\[\]!]", "", text or "").lower()


def shape(line):
    """A line with its names and numbers taken away: what is the same for one writer."""
    line = re.sub(r"\([^()]*(TLS|SSL|cipher|certificate)[^()]*(\([^()]*\))?[^()]*\)", "(TLS)", line.split(";")[0])
    return re.sub(r"(?<![A-Za-z])[0-9A-Za-z_.:@<>\[\]/+=-]*[0-9.@][0-9A-Za-z_.:@<>\[\]/+=-]*", "x", line)[:150]


def receivers_word(data, message):
    """Addresses that fields above the border's line name as the peer's."""
    border = message["hops"][message["boundary"]["hop"]]["offset"]
    head = re.sub(rb"\r?\n[ \t]+", b" ", data[message["offset"]:border]).decode("latin1")
    return {received_reader.address(ip) for ip in re.findall(
        r"(?im)^(?:Received-SPF:.*?client-ip=|Authentication-Results:.*?(?:smtp\.remote-ip|sender IP is)[ =]|X-Sender-IP: )\[?([0-9A-Fa-f.:]+)", head)} - {None}


def main():
    arguments = sys.argv[1:]
    shown = int(arguments.pop(arguments.index("--differences") + 1)) if "--differences" in arguments else 400
    arguments = [argument for argument in arguments if argument != "--differences"]
    if len(arguments) < 2:
        fail("usage: mail_corpora.py PROGRAM [--differences N] FOLDER...")
    program, folders = arguments[0], arguments[1:]
    files = list(find_mails(folders))
    installed = subprocess.run(["perl", "-MMail::SpamAssassin", "-e1"], stderr=subprocess.DEVNULL).returncode == 0
    other = SpamAssassin() if installed else None
    lines, counts, borders, differences = {}, collections.Counter(), collections.Counter(), collections.defaultdict(list)
    seen_mails = set()
    for begin in range(0, len(files), 200):
        done = subprocess.run([program, "trace", "--json", "--unrecorded", *files[begin:begin + 200]], capture_output=True)
        if done.returncode not in (0, 3):
            fail(f"trace ended with {done.returncode}: {done.stderr.decode()}")
        for message in map(json.loads, done.stdout.decode().splitlines()):
            if message["type"] != "message" or not message["hops"]:
                continue
            counts["mails"] += 1
            if message["sha256"] in seen_mails:
                continue
            seen_mails.add(message["sha256"])
            data = pathlib.Path(message["path"]).read_bytes()
            counts["different mails"] += 1
            head = data[message["offset"]:message["offset"] + message["size"]].replace(b"\r", b"").lstrip(b"\n").split(b"\n\n")[0]
            counted = len(re.findall(rb"(?im)^Received[ \t]*:", head))
            if counted != message["received_seen"]:
                differences["count of lines"].append(f"{message['path']} at {message['offset']}: {message['received_seen']} lines, counted {counted}")
            for hop in message["hops"]:
                text = field_at(data, hop["offset"])
                counts["lines"] += 1
                lines.setdefault(text, (message["path"], hop))
            compare_border(message, data, other, borders, differences)
    compare_lines(lines, other, counts, differences)
    print_result(counts, borders, differences, shown, len(files), other)
    return 0


def compare_border(message, data, other, borders, differences):
    border = message["boundary"]
    level = border["level"]
    borders[level] += 1
    where = f"{message['path']} at {message['offset']}: line {border['hop'] + 1} says {border['ip']} ({border['reason']})"
    said = receivers_word(data, message)
    if said:
        right = received_reader.address(border["ip"]) in said
        borders[f"{level}, the receiver says {'the same' if right else 'another'}"] += 1
        if not right:
            differences[f"border, {level}, receiver"].append(f"{where}; the receiver says {said}")
    if not other:
        return
    answer = other.ask(path=message["path"], offset=message["offset"], size=message["size"])
    theirs = received_reader.address(answer["border"])
    if theirs is None:
        borders[f"{level}, SpamAssassin finds none, we {'one' if border['ip'] else 'neither'}"] += 1
        if level == "claim" and border["ip"]:
            differences["border, claim, SpamAssassin finds none"].append(where)
        if level == "fact":
            differences["border, fact, SpamAssassin finds none"].append(where)
    elif received_reader.address(border["ip"]) == theirs:
        borders[f"{level}, SpamAssassin the same"] += 1
    else:
        borders[f"{level}, SpamAssassin another"] += 1
        differences[f"border, {level}, SpamAssassin"].append(f"{where}; SpamAssassin says {theirs}")


def compare_lines(lines, other, counts, differences):
    for text, (path, hop) in lines.items():
        counts["different lines"] += 1
        second = received_reader.read(text)
        third = other.ask(line=text) if other else {}
        wrong = []
        for field in FIELDS:
            agree = same(field, hop[field], second[field])
            counts[f"{field}: as the second reader"] += bool(agree)
            counts[f"{field}: there"] += bool(hop[field] or second[field])
            if not agree:
                wrong.append(f"{field}: {hop[field]!r}, second {second[field]!r}, SpamAssassin {third.get(field)!r}")
            if third and "none" not in third:
                counts[f"{field}: SpamAssassin read it"] += bool(third.get(field))
                counts[f"{field}: as SpamAssassin"] += bool(third.get(field) and same(field, hop[field], third[field]))
                if third.get(field) and not same(field, hop[field], third[field]) and agree:
                    differences[f"SpamAssassin alone, {field}: {shape(text)}"].append(f"{hop[field]!r}, theirs {third[field]!r}: {text}")
        counts["lines with every field equal"] += not wrong
        if wrong:
            differences["; ".join(entry.split(":")[0] for entry in wrong) + f": {shape(text)}"].append(f"{'; '.join(wrong)}\n      {text}\n      {path}")


def print_result(counts, borders, differences, shown, files, other):
    for kind, found in sorted(differences.items(), key=lambda entry: (entry[0].startswith("SpamAssassin"), -len(entry[1])))[:shown]:
        print(f"{len(found)} x {kind}")
        for example in found[:1000 if kind.startswith("border") else 2]:
            print(f"    {example}")
    print(f"files: {files}" + ("" if other else "; SpamAssassin is not installed, so nothing was held against it"))
    for name, count in [*counts.items(), *sorted(borders.items())]:
        print(f"{name}: {count}")


if __name__ == "__main__":
    sys.exit(main())
