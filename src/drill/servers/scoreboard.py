# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""The drill's scoreboard: figures, goals, and how both are shown."""
import json
import textwrap
import tomllib

import answers
import recovery_steps
import records
import score


def databases(site, night):
    s1, s2, s3, engines = night.hospital.s1.database, night.hospital.s2.database, night.hospital.s3.database, night.backups.engines
    return {"ehosp": score.database(site, "ehosp", s1.sql, "postgresql", score.reachable_ehosp(site, engines, score.commits(site, "ehosp")[0])),
            "billing": score.database(site, "billing", lambda text: s2.sql(text, "billing"), "mariadb", score.reachable_mariadb(engines, "s2")),
            "lis": score.database(site, "lis", lambda text: s3.sql(text, "lis"), "mariadb", score.reachable_mariadb(engines, "s3"))}


def scanned(steps, attack):
    """Which servers, how many files and bytes: what scan said beside what was done. A file that was empty has the attackers'
    text and nothing behind it afterwards, and is struck as the others are."""
    struck = {one["path"] + ".bak9" for one in attack["struck"]}
    out, servers, files, size, others = {}, [], 0, 0, []
    for server, lines in steps.said.get("scans", {}).items():
        bad = [line for line in lines if line.get("type") == "file" and line.get("verdict") in ("encrypted", "partly_encrypted") and line["path"].endswith(".bak9")]
        hit = [line for line in bad if line["path"] in struck]
        others += [line["path"] for line in bad if line["path"] not in struck]
        files, size = files + len(hit), size + sum(line["size"] for line in hit)
        out[server] = {"files": len(hit), "bytes": sum(line["size"] for line in hit)}
        if hit:
            servers.append(server)
    return {"servers": servers, "servers_truth": attack["servers"], "files": files, "files_truth": len(struck), "called_hit_wrongly": others[:5], "bytes": size, "per_server": out}


def poisoned_chosen(steps):
    """What the plan takes from the poisoned place: sets that come back as a whole, and single files."""
    try:
        plan = json.loads(steps.said.get("plan", ""))
    except ValueError:
        return []
    poisoned = {number for number, one in enumerate(plan["snapshots"]) if plan["sources"][one["source"]]["name"] == "reachable"}
    return sorted({one["path"] for part in ("units", "items") for one in plan[part] if one.get("snapshot") in poisoned and one.get("kind") != "folder"})


def restored_from(steps):
    """{source: files that the plan takes from it}."""
    try:
        plan = json.loads(steps.said.get("plan", ""))
    except ValueError:
        return {}
    out = {}
    for one in plan["items"]:
        if one.get("kind") != "folder" and one.get("snapshot") is not None:
            name = plan["sources"][plan["snapshots"][one["snapshot"]]["source"]]["name"]
            out[name] = out.get(name, 0) + 1
    return out


def inquiry(steps, traced):
    timeline = (steps.said.get("timeline") or [{}])[0]
    doer = (timeline.get("encryptors") or [{}])[0]
    found = {line.get("value") for line in steps.said.get("indicators", []) if line.get("type") == "indicator"}
    border = sum(1 for mail, wanted in zip(steps.said.get("mails", []), traced["mails"]) if mail.get("boundary") and mail["boundary"]["level"] == "fact" and mail["boundary"]["ip"] == wanted["address"])
    held = next((line for line in steps.said.get("exposure", []) if line.get("type") == "persons" and line.get("basis") == "held"), {})
    return {"contacts_missing": [value for value in traced["contacts"] if value not in found], "boundary_right": border, "boundary_of": len(traced["mails"]),
            "doer": {key: doer.get(key) for key in ("account", "address", "files")}, "persons": [held.get("lower"), held.get("upper")]}


# Sheets of the wards that can do without the one table of the standby that was struck, and the one that cannot.
WITHOUT_THE_TABLE, WITH_THE_TABLE = ["blood-bank", "drug-list", "ward-census", "ward-moves"], ["drug-chart"]


def five_answers(site, night, steps, attack, traced):
    services = tomllib.loads(steps.services.read_text())["service"]
    titles = {name: one["title"] for name, one in services.items()}
    wanted = [name for name, one in services.items() if any(not data.get("regenerable") for data in one.get("data", []))]
    last = {name: max(line["clock"] for line in score.commits(site, name)[0].values()) for name in ("ehosp", "billing", "lis")}
    last["files"] = night.backups.last_files.timestamp()
    hosts = {server: site.host(server) for server in attack["servers"]}
    return answers.check(steps.said.get("final", ""), attack, site.root, hosts, titles, wanted, last, steps.back_between, traced["flows"])


def count(site, night, steps, traced, before, options, seconds):
    attack = json.loads((site.truth / "attack.json").read_text())
    result = {"format": "lastgood-hospital-score-1", "size": options.size, "seed": options.seed, "day": str(site.day), "databases": databases(site, night), "files": score.files(site),
              "seconds_from_power_off": round(seconds, 1), "time_to_first_sheet_s": steps.first_sheet, "services_back_s": steps.back, "steps_s": steps.seconds, "not_in_program": sorted(set(steps.left_out)),
              "troubles": steps.troubles, "planted_code_run": score.canaries(site), "poisoned_chosen": poisoned_chosen(steps),
              "which_servers": scanned(steps, attack), "sheets": score.sheets(site, steps.said.get("sheets", [])),
              "sheets_of_a_struck_server": score.struck_server(site, steps.said["struck"]) if "struck" in steps.said else {}, "answers_not_right": five_answers(site, night, steps, attack, traced), "inquiry": inquiry(steps, traced), "persons_truth": site.size.patients + records.CONSULTANTS, "restored_from": restored_from(steps),
              "sources_unchanged": {name: state == score.state_of(site.backups / name) for name, state in before.items()}}
    result["goals"] = goals(result, attack)
    # How many commits there are depends on the machine's speed; this does not.
    files = result["files"]
    result["stable"] = {"goals": result["goals"], "files": {key: files[key] for key in ("files", "missing", "encrypted_restored", "good_overwritten")}, "services": sorted(steps.back),
                        "rows_wrong": [one["rows_wrong"] for one in result["databases"].values()], "poisoned_chosen": result["poisoned_chosen"], "planted_code_run": result["planted_code_run"], "inquiry": result["inquiry"]}
    return result


def goals(result, attack):
    """{goal: met}, from the figures alone."""
    data, files, inquired, struck = result["databases"].values(), result["files"], result["inquiry"], result["sheets_of_a_struck_server"]
    wanted_services = {service for service, _ in recovery_steps.SERVICES}
    return {
        "a first ward packet is there": result["time_to_first_sheet_s"] is not None,
        "every service is healthy again": set(result["services_back_s"]) == wanted_services,
        "no row is lost that the logs have": sum(one["rows_lost_that_logs_have"] for one in data) == 0,
        "no wrong row is served": sum(one["rows_wrong"] for one in data) == 0,
        "every file is right or an older good version": files["missing"] == 0 and files["encrypted_restored"] == 0,
        "no good file was overwritten": files["good_overwritten"] == 0,
        "no poisoned copy was chosen": not result["poisoned_chosen"],
        "nothing that was planted ran": not result["planted_code_run"],
        "nothing in a backup changed": all(result["sources_unchanged"].values()),
        "which servers were hit is right": result["which_servers"]["servers"] == attack["servers"],
        "how many files were hit is right": result["which_servers"]["files"] == result["which_servers"]["files_truth"] and not result["which_servers"]["called_hit_wrongly"],
        "every person of the register is counted, patients and consultants": inquired["persons"] == [result["persons_truth"]] * 2,
        "sheets hold the rows of the house, and no other": bool(result["sheets"]["files"]) and not result["sheets"]["wrong"] and not result["sheets"]["missing"],
        "every contact that the attack left is found": not inquired["contacts_missing"],
        "the border of every mail is right": inquired["boundary_right"] == inquired["boundary_of"],
        "who encrypted the share is named": (inquired["doer"]["account"], inquired["doer"]["address"]) == (attack["doer"]["account"], attack["doer"]["address"]),
        "a struck server gives all sheets but that of the struck table, and this one says so":
            bool(struck) and (struck["from_it"], struck["from_a_copy"], struck["not_said"]) == (WITHOUT_THE_TABLE, WITH_THE_TABLE, [])
            and not struck["census"]["wrong"] and not struck["census"]["missing"] and struck["census"]["admitted_since"] > 0,
        "the five questions are answered right": not any(result["answers_not_right"].values())}


def show(result):
    def tell(name, text):
        print("\n".join(textwrap.wrap(f"{name:9} {text}", 80, initial_indent="  ", subsequent_indent=" " * 12, break_on_hyphens=False)))

    print("\nFive servers")
    for goal, met in result["goals"].items():
        tell("met" if met else "MISSED", goal)
    print()
    for name, one in result["databases"].items():
        unanswered = one.get("unanswered_commits_back", 0)
        more = f", {unanswered} more that the power took the answer to" if unanswered else ""
        tell(name, f"{one.get('commits_back', 0)} of {one['commits']} commits are back{more}, {one['rows_wrong']} wrong; of the lost {one['rows_lost_that_logs_have']} are in logs kept apart; "
             f"as of {one.get('data_as_of', 'nothing')[11:19]}, last commit {one['last_commit_at'][11:19]}")
    files, struck = result["files"], result["sheets_of_a_struck_server"]
    tell("files", f"{files['right']} of {files['files']} are as at 07:00, {files['other_version']} of an older backup, {files['missing']} missing, {files['good_overwritten']} good ones overwritten")
    tell("sheets", f"first after {result['time_to_first_sheet_s']} s; {result['sheets']['on_pages']} of {result['sheets']['in_patients']} in-patients are on pages, {len(result['sheets']['wrong'])} wrong")
    if struck:
        tell("", f"of the struck standby: {', '.join(struck['from_it'])}; from a copy: {', '.join(struck['from_a_copy'])}")
    tell("back", ", ".join(f"{name} {seconds:.0f} s" for name, seconds in result["services_back_s"].items()))
    tell("inquiry", f"{result['inquiry']['doer']['account']} from {result['inquiry']['doer']['address']}; {result['inquiry']['boundary_right']} of {result['inquiry']['boundary_of']} borders of mails; "
         f"{result['inquiry']['persons'][0]} of {result['persons_truth']} persons")
    for question, wrong in result["answers_not_right"].items():
        for sentence in wrong[:3]:
            tell("answer", f"{question}: {sentence}")
    for trouble in result["troubles"]:
        tell("trouble", trouble[:400])
    if result["not_in_program"]:
        tell("missing", f"not in this program: {', '.join(result['not_in_program'])}")
    print(f"\nAll services were healthy {max(result['services_back_s'].values(), default=0):.0f} s after the power went; all of this: servers/score.json")
