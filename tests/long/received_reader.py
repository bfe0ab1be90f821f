# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""A second reader of Received lines, written apart from the program's own: whole-line patterns, one per family of servers, tried in
order. It knows nothing of trust. read(line) gives ip, rdns, helo, by, id, each text or None; the line is unfolded."""
import ipaddress
import re

IP = r"(?:IPv6:)?[0-9A-Fa-f:.]+(?:%\w+)?"
BRACKET = rf"\[(?P<ip>{IP})\](?::\d+)?"
NO_NAME = {"unknown", "unverified", "<unknown>", "[unknown]", "softdnserr", "no-reverse-dns", "untrusted", "misconfigured", "unknownhost", "may"}

NAMED = r"(?P<rdns>[^\s()\[\]@]+?)\.?"
FROM = [re.compile(pattern, re.I) for pattern in (
    # Exim, Momentum: [IP] (helo=HELO ident=X), NAME ([IP]:PORT helo=HELO), [IP] ([IP:PORT] helo=HELO)
    rf"^{BRACKET} \((?:\[[^\]]*\] ?)?(?:port=\d+ ?)?(?:ident=\S+ )?helo=(?P<helo>\[?[^\s\])]*\]?)[^)]*\)",
    rf"^(?P<rdns>\S+) \(\[(?P<ip>{IP}?)(?::\d+)?\](?::\d+)?(?: port=\d+)?(?: ident=\S+)? helo=(?P<helo>\[?[^\s\])]*\]?)[^)]*\)",
    # Exim of old: NAME (HELO) [IP], NAME [IP] (HELO)
    rf"^(?P<rdns>\S+) \((?P<helo>[^\s()]+)\) {BRACKET}$",
    rf"^(?P<rdns>\S+) {BRACKET} \((?P<helo>[^\s()=]+)\)$",
    # ZMailer: NAME ([IP]:PORT "EHLO HELO")
    rf'^(?P<rdns>\S+) \({BRACKET} "(?:EHLO|HELO) (?P<helo>[^"\s]*)',
    # qmail and its children: NAME (HELO HELO) (IDENT@IP)
    rf"^(?P<rdns>\S+) \((?:HELO|EHLO) ?(?P<helo>[^)\s]*)[^)]*\) \((?:[^)\s]*@)?\[?(?P<ip>{IP})\]?(?::\d+)?[^)]*\)",
    rf"^(?P<rdns>\S+) \(\[?(?P<ip>{IP})\]?\) \((?:HELO|EHLO) (?P<helo>[^)\s]*)[^)]*\)",
    rf"^(?P<rdns>[^\s\[]\S*) \((?:HELO|EHLO) (?P<helo>[^)\s]*)\) {BRACKET}",
    rf"^\((?:HELO|EHLO) (?P<helo>[^)\s]*)\) {BRACKET}",
    # CommuniGate: [IP] (HELO HELO), [IP] (account X HELO HELO), NAME ([IP] verified)
    rf"^{BRACKET} \((?:account \S+ )?(?:HELO|EHLO) (?P<helo>[^)\s]*)[^)]*\)",
    rf"^(?P<rdns>(?P<helo>\S+)) \({BRACKET} verified\)",
    # smap, Obtuse: NAME(IP), claiming to be "HELO"; NAME (IP, claiming to be "HELO")
    rf'^(?P<rdns>\S+?) ?\((?P<ip>{IP})(?:\),?|,) claiming to be "(?P<helo>[^"]*)"',
    rf"^(?P<rdns>[^\s()]+)\((?P<ip>{IP})\)",
    # Postfix, Sendmail, Gmail and most others: HELO (IDENT@NAME [IP] (may be forged))
    rf"^(?P<helo>\S+) \((?:IDENT:)?(?:[^@\s()]*@)?{NAMED}(?: \([^)]*\))? ?\[(?P<ip>\d+\.\d+\.\d+\.\d+|{IP})(?:\]:\d+|:\d+\]|\])[^)]*\)",
    rf"^(?P<helo>[^\s()]+)\({NAMED}\[(?P<ip>{IP})\]\)",
    rf"^\({NAMED}\[(?P<ip>{IP})\]\)",
    rf"^(?P<helo>\S+) \((?:IDENT:)?[^@\s()]+@\[(?P<ip>{IP})\][^)]*\)",
    rf"^(?P<rdns>(?P<helo>\S+)) \([^\s()]*@(?P<ip>{IP})\)",
    rf"^(?P<helo>\S+) \({NAMED} \(?(?P<ip>\d+\.\d+\.\d+\.\d+)\)?\)",
    # HELO of several words
    rf"^(?P<helo>\S+)(?: [^\s()\[\]]+)+ \({NAMED} {BRACKET}[^)]*\)",
    rf"^(?P<helo>\S+)(?: [^\s()\[\]]+)+ \(\[?(?P<ip>{IP})\]?\)",
    # Exchange, Domino, PowerMTA: HELO (IP), HELO ([IP])
    rf"^(?P<helo>\S+) \({BRACKET}[^)]*\)",
    rf"^(?P<helo>\S+) \((?P<ip>{IP})\)",
    # NAME [IP], NAME[IP]
    rf"^(?P<helo>[^\s\[]+) ?{BRACKET}",
    # [IP] or IP alone
    rf"^{BRACKET}",
    r"^(?P<ip>\d+\.\d+\.\d+\.\d+|[0-9A-Fa-f:]*:[0-9A-Fa-f:]+)(?=\s|$|,)",
    r"^\((?:HELO|EHLO) (?P<helo>[^)\s]*)\)",
    r"^(?!mail pickup service)(?P<helo>[^\s()]\S*)",
)]
# Writers that look the first word up when nothing else is named: Exim by its word or its numbers, qmail, Critical Path.
LOOKED_UP = re.compile(r"\([A-Z]*exim\b|\bid [0-9A-Za-z]{6}-[0-9A-Za-z]{6}-[0-9A-Za-z]{2}\b|\bwith (?:E?SMTP|\S+ encrypted SMTP); .*-0000|"
                       r" by \S+ \(\d\.\d\.\d+(?:\.\d+)*\) (?:\(auth\S+ as \S+\) )?id [0-9A-F]{16}", re.I)


def address(text):
    if not text:
        return None
    text = re.sub(r"(?i)^ipv6:", "", text.strip())
    try:
        return str(ipaddress.ip_address(text.split("%")[0]))
    except ValueError:
        return None


def name(text):
    if not text:
        return None
    text = text.rstrip(".")
    return None if text.lower() in NO_NAME or address(text.strip("[]")) or not text else text.lower()


def parts(line):
    """The clauses by their first word; words in comments and quotes begin none."""
    words, depth, quote, current = [], 0, False, ""
    for char in line:
        if char == '"' and not depth:
            quote = not quote
        if char == "(" and not quote:
            depth += 1
        if char.isspace() and not depth and not quote:
            words.append(current)
            current = ""
            continue
        current += char
        if char == ")" and not quote:
            depth = max(0, depth - 1)
    words.append(current)
    clauses, last = {}, None
    for word in filter(None, words):
        key = word.lower()
        if key in ("from", "by", "with", "id", "for", "via") and key not in clauses and (last is None or clauses[last]):
            clauses[key], last = [], key
        elif last:
            clauses[last].append(word)
    return {key: " ".join(value) for key, value in clauses.items()}


def read(line):
    line = line.strip()
    clauses_text = line.rsplit(";", 1)[0] if ";" in line else line
    found = dict.fromkeys(("ip", "rdns", "helo", "by", "id"))
    if clauses_text.startswith("(from ") and "network" not in clauses_text.split(")")[0]:
        clauses_text = clauses_text[1:].replace(")", "", 1)
    clauses = parts(clauses_text)
    if clauses_text.lower().startswith("from") and "from" in clauses:
        text = clauses["from"].strip()
        for pattern in FROM:
            match = pattern.match(text)
            if not match or ("ip" in pattern.groupindex and not address(match["ip"])):
                continue
            groups = match.groupdict()
            found["ip"] = address(groups.get("ip"))
            found["rdns"] = name(groups.get("rdns"))
            found["helo"] = (groups.get("helo") or "").lower() or None
            first = text.lower().startswith(found["helo"] or "(")
            if found["ip"] and first and "rdns" not in groups and LOOKED_UP.search(line):
                found["rdns"] = name(found["helo"])
            break
    by = clauses.get("by", "").split(" ")[0].split("(")[0]
    found["by"] = by.rstrip(".;").lower() or None
    found["id"] = clauses.get("id", "").split(" ")[0].strip("<>;,") or None
    return found
