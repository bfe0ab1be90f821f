# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The questions that were asked after AIIMS, as the program's final report answers them, held against what the drill knows:
which servers, how many bytes, restored from what, when was each service back, what left the house. Pure: texts and truth in, a
list of what is not right out."""
import datetime
import re

UNITS = {"B": 1, "kB": 10**3, "MB": 10**6, "GB": 10**9, "TB": 10**12}
# As of when each service's data must be: that of a database's last commit, its logs are kept apart; or of the newest backup of
# files. A service without data of its own is as of what it waits for.
AS_OF = {"opd": "ehosp", "wards": "ehosp", "lab": "lis", "billing": "billing", "standby": "ehosp", "lab-link": "files", "reports": "files", "images": "files", "files": "files", "mail": "files",
         "search": "files"}
APART = {"engines", "files", "trees", "settings", "its logs"}
SECONDS_OFF = 3  # between an engine's clock and the drill's, and for whole seconds


def parse(text):
    """{question: [sentences]} of the report's five answers."""
    out, question = {}, None
    lines = text.splitlines()
    begin = next((place for place, line in enumerate(lines) if line.strip() == "Five answers"), len(lines))
    for line in lines[begin + 2:]:
        if not line.startswith("  "):
            break
        asked = re.match(r"  \d\. (.*\?)$", line)
        if asked:
            question = asked[1]
            out[question] = []
        elif question:
            out[question].append(line.strip())
    return out


def number(text):
    return int(re.sub(r"\D", "", text))


def size(text):
    found = re.match(r"([\d .]+) ([kMGT]?B)$", text.strip())
    return float(found[1].replace(" ", "")) * UNITS[found[2]] if found else -1.0


def moment(text):
    """'2022-11-23 07:07:00 +05:30', or UTC."""
    return datetime.datetime.fromisoformat(re.sub(r" ([+-]\d\d:\d\d)$", r"\1", text.replace(" UTC", " +00:00"))).timestamp()


def alike(found, wanted):
    """Sizes are said with three digits."""
    return abs(found - wanted) <= 0.01 * wanted + 1


def which_servers(said, attack, root, hosts):
    wrong, named = [], {}
    for sentence in said:
        found = re.match(r"([\w.-]+): ([\d ]+) of [\d ]+ files encrypted", sentence)
        if found:
            named[found[1]] = number(found[2])
    for server, host in hosts.items():
        struck = sum(1 for one in attack["struck"] if one["path"].startswith(f"{root}/{server}/"))
        if named.get(host, 0) != struck:
            wrong.append(f"{host}: {named.get(host, 0)} files encrypted, and it was {struck}")
    return wrong + [f"{host} was never hit" for host in named if host not in hosts.values()]


def how_many_bytes(said, attack):
    files, total = len(attack["struck"]), sum(one["bytes_now"] for one in attack["struck"])
    found = re.match(r"(.+?) in ([\d ]+) encrypted files", said[0]) if said else None
    if not found:
        return ["bytes are not said"]
    right = number(found[2]) == files and alike(size(found[1]), total)
    return [] if right else [f"'{said[0]}', and it was {total} bytes in {files} files"]


def restored_from_what(said, titles, wanted, last):
    """`titles` {service: title}; `wanted`: services that have data of their own to come back; `last` {database, or "files": when
    its last commit was, or the newest backup}."""
    wrong, found = [], {}
    for sentence in said:
        split = re.match(r"(.*?): (?:from (.*)|nothing of its own came back|nothing came back that cannot be made again), data as of ([^;,]+)(?:; files beside as of ([^;,]+))?", sentence)
        if split:
            found[split[1]] = (split[2].split(", ") if split[2] else [], split[3], split[4])
    for service, title in titles.items():
        sources, as_of, beside = found.get(title, ([], "", None))
        bad = [source for source in sources if source not in APART and source.split(" ")[0] not in APART]
        if bad or (service in wanted and not sources):
            wrong.append(f"{title}: from {', '.join(sources) or 'nothing'}")
        for said_of, time_said, key in (("data", as_of, AS_OF[service]), ("files beside", beside, "files")):
            if time_said == "" or (time_said is not None and "unknown" in time_said):
                wrong.append(f"{title}: as of when its {said_of} are is not said")
            elif time_said is not None and abs(moment(time_said) - last[key]) > SECONDS_OFF:
                wrong.append(f"{title}: {said_of} as of {time_said}, and it was {last[key] - moment(time_said):+.1f} s from that")
    return wrong


def when_back(said, titles, between):
    """`between` {service: (before it was started, after the drill's own check found it well)}."""
    wrong, found = [], {}
    for sentence in said:
        split = re.match(r"(.*): (?:up since|seen up at) ([^;,]+)", sentence)
        if split:
            found[split[1]] = moment(split[2])
    for service, (first, last) in between.items():
        back = found.get(titles[service])
        if back is None or not first - SECONDS_OFF <= back <= last + SECONDS_OFF:
            wrong.append(f"{titles[service]}: {'not said' if back is None else f'{back - first:+.1f} s from its start'}")
    return wrong


def what_left(said, flows):
    found = {split[2]: size(split[1]) for split in (re.match(r"(.+?) went to (\S+) between", sentence) for sentence in said) if split}
    return ([f"{address}: {found.get(address)} bytes, and it was {sent}" for address, sent in flows.items() if not alike(found.get(address, -1.0), sent)]
            + [f"nothing went to {address}" for address in found if address not in flows])


def check(text, attack, root, hosts, titles, wanted, last, between, flows):
    """{question: what of its answer is not right}; empty lists: all is right."""
    said = parse(text)
    return {"which servers": which_servers(said.get("Which servers were hit?", []), attack, root, hosts),
            "how many bytes": how_many_bytes(said.get("How many bytes?", []), attack),
            "restored from what": restored_from_what(said.get("Restored from what?", []), titles, wanted, last),
            "when was each service back": when_back(said.get("When was each service back?", []), titles, between),
            "what left": what_left(said.get("Was data taken?", []), flows)}
