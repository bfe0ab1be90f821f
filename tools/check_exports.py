#!/usr/bin/env python3
# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Holds exports against the published JSON schemas and against rules that a schema cannot see.

    check_exports.py stix|misp SCHEMAS [FILE...]

FILE: an export; without one, standard input has one export a line. SCHEMAS: a folder as tools/get_export_schemas.sh
leaves it; "-" checks without schemas. Needs python3-jsonschema for schemas. Written apart from the program's own checker:
it makes identifiers of observables anew, with Python's own UUIDs and JSON.
"""
import functools
import json
import pathlib
import re
import sys
import uuid

OBSERVABLES = uuid.UUID("00abedb4-aa42-466c-9c01-fed23315a9b7")
CONTRIBUTING = {
    "domain-name": ["value"], "email-addr": ["value"], "ipv4-addr": ["value"], "ipv6-addr": ["value"], "url": ["value"],
    "email-message": ["from_ref", "subject", "body"], "file": ["hashes", "name"],
    "user-account": ["account_type", "user_id", "account_login"], "cryptocurrency-wallet": ["value"]}
FOLDERS = {"identity": "sdos", "incident": "sdos", "indicator": "sdos", "malware": "sdos", "note": "sdos",
           "observed-data": "sdos", "report": "sdos", "relationship": "sros", "sighting": "sros",
           "marking-definition": "common", "extension-definition": "common"}
BANNED = ("the attacker is in", "originates from", "traced to")


class Schemas:
    """The schemas of a folder, each known by its $id and by the same with https."""

    def __init__(self, folder):
        import jsonschema
        self.jsonschema = jsonschema
        self.by_id = {}
        self.by_path = {}
        for path in sorted(pathlib.Path(folder).rglob("*.json")):
            schema = json.loads(path.read_text())
            self.by_path[str(path.relative_to(folder))] = schema
            if "$id" in schema:
                for name in (schema["$id"], schema["$id"].replace("http://", "https://", 1)):
                    self.by_id[name] = schema

    @functools.lru_cache(maxsize=None)
    def validator(self, path):
        schema = self.by_path[path]
        kind = self.jsonschema.validators.validator_for(schema, default=self.jsonschema.Draft202012Validator)
        formats = self.jsonschema.FormatChecker()
        try:
            from referencing import Registry, Resource
            from referencing.jsonschema import DRAFT202012
            registry = Registry().with_resources(
                (name, Resource.from_contents(known, default_specification=DRAFT202012)) for name, known in self.by_id.items())
            return kind(schema, registry=registry, format_checker=formats)
        except ImportError:  # jsonschema before 4.18
            resolver = self.jsonschema.RefResolver(schema.get("$id", ""), schema, store=dict(self.by_id))
            return kind(schema, resolver=resolver, format_checker=formats)

    def faults(self, path, value):
        return ["%s: %s" % (path, error.message[:200]) for error in self.validator(path).iter_errors(value)]


def schema_of(stix_object):
    kind = stix_object["type"]
    if kind in FOLDERS:
        return "stix/schemas/%s/%s.json" % (FOLDERS[kind], kind)
    if kind in ("event", "impact"):
        return "incident/%s.json" % kind
    if kind in CONTRIBUTING and kind != "cryptocurrency-wallet":
        return "stix/schemas/observables/%s.json" % kind
    return "stix/schemas/common/cyber-observable-core.json"


def references(value):
    if isinstance(value, dict):
        for name, item in value.items():
            if name.endswith("_ref"):
                yield item
            elif name.endswith("_refs"):
                yield from item
            yield from references(item)
    elif isinstance(value, list):
        for item in value:
            yield from references(item)


def expected_id(stix_object):
    names = [name for name in CONTRIBUTING[stix_object["type"]] if name in stix_object]
    picked = {name: stix_object[name] for name in names}
    if "hashes" in picked:
        first = next(name for name in ("MD5", "SHA-1", "SHA-256", "SHA-512") if name in picked["hashes"])
        picked["hashes"] = {first: picked["hashes"][first]}
    text = json.dumps(picked, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return "%s--%s" % (stix_object["type"], uuid.uuid5(OBSERVABLES, text))


def check_stix(bundle, schemas):
    faults = []
    objects = bundle["objects"]
    ids = [stix_object["id"] for stix_object in objects]
    if len(set(ids)) != len(ids) or len({name[-36:] for name in ids}) != len(ids):
        faults.append("an identifier or a UUID stands twice")
    for stix_object in objects:
        missing = set(references(stix_object)) - set(ids)
        missing |= {name for name in stix_object.get("extensions", {}) if name.startswith("extension-")} - set(ids)
        if missing:
            faults.append("%s refers to %s" % (stix_object["id"], sorted(missing)))
        if stix_object["type"] in CONTRIBUTING and expected_id(stix_object) != stix_object["id"]:
            faults.append("%s should be %s" % (stix_object["id"], expected_id(stix_object)))
        if "modified" in stix_object and stix_object["modified"] < stix_object["created"]:
            faults.append("%s is modified before it is created" % stix_object["id"])
        if schemas:
            faults += schemas.faults(schema_of(stix_object), stix_object)
            if stix_object["type"] == "incident":
                faults += schemas.faults("incident/incident.json", stix_object)
    if schemas:
        faults += schemas.faults("stix/schemas/common/bundle.json", bundle)
    if any(stix_object["type"] in ("threat-actor", "intrusion-set") for stix_object in objects):
        faults.append("somebody is named as the attacker")
    return faults


def check_misp(event, schemas):
    faults = schemas.faults("misp/schema.json", event) if schemas else []
    uuids = re.findall(r'"uuid": "([^"]+)"', json.dumps({**event["Event"], "Org": None, "Orgc": None}))
    if len(set(uuids)) != len(uuids):
        faults.append("a UUID stands twice")
    for part in event["Event"]["Object"]:
        if not part["Attribute"]:
            faults.append("object %s is empty" % part["uuid"])
    return faults


def main():
    if len(sys.argv) < 3 or sys.argv[1] not in ("stix", "misp"):
        sys.exit(__doc__)
    schemas = None if sys.argv[2] == "-" else Schemas(sys.argv[2])
    check = {"stix": check_stix, "misp": check_misp}[sys.argv[1]]
    texts = [pathlib.Path(name).read_text() for name in sys.argv[3:]] or sys.stdin
    count = parts = bad = 0
    for text in texts:
        count += 1
        value = json.loads(text)
        parts += len(value.get("objects", [])) or 1
        faults = check(value, schemas)
        faults += ["says '%s'" % words for words in BANNED if words in text]
        bad += bool(faults)
        for fault in faults[:5]:
            print("export %d: %s" % (count, fault), file=sys.stderr)
    print("%d exports with %d objects checked%s, %d with faults" % (
        count, parts, " against schemas" if schemas else "", bad))
    sys.exit(1 if bad or not count else 0)


main()
