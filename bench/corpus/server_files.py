# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Data folders of servers and backup tools: each is made in a scratch folder, stopped cleanly, and copied."""

import os
import pwd
import random
import shutil

from corpus_folder import run

import office_files
import pictures
import record_files
from invented import patient_id, person, result, sentence


def rows(rng, count):
    return "\n".join(
        "INSERT INTO visit VALUES (%d, '%s', '%s', %s, '%s');"
        % (number, patient_id(rng), person(rng), result(rng)[3], sentence(rng))
        for number in range(count)
    )


def as_other_user(scratch):
    """Database servers refuse to run as root."""
    if os.geteuid() != 0:
        return []
    user = pwd.getpwnam("nobody")
    os.chown(scratch, user.pw_uid, user.pw_gid)
    return [find_tool("runuser"), "-u", "nobody", "--"]


def find_tool(name):
    for folder in (
        "/usr/bin",
        "/usr/sbin",
        "/sbin",
        *("/usr/lib/postgresql/%d/bin" % version for version in range(19, 11, -1)),
        "/usr/local/bin",
    ):
        if os.access(os.path.join(folder, name), os.X_OK):
            return os.path.join(folder, name)
    raise RuntimeError(name + " is not installed")


def postgresql(scratch):
    as_user = as_other_user(scratch)
    data = os.path.join(scratch, "data")
    run(
        [*as_user, find_tool("initdb"), "-D", data, "-k", "-A", "trust", "--no-sync"],
        cwd=scratch,
        environment={"PATH": "/usr/bin:/bin", "HOME": scratch},
    )
    single = [*as_user, find_tool("postgres"), "--single", "-j", "-D", data, "postgres"]
    rng = random.Random("postgresql")
    script = (
        "CREATE TABLE visit (id int PRIMARY KEY, patient text, name text, value real, note text);\n\n%s\n\nCREATE INDEX by_patient ON visit (patient);\n\n"
        "CREATE INDEX by_note ON visit USING gin (to_tsvector('simple', note));\n\nCREATE INDEX by_name ON visit USING hash (name);\n\n"
        "DELETE FROM visit WHERE id %% 3 = 0;\n\nVACUUM;\n" % rows(rng, 5000)
    )
    run(single, script.encode(), cwd=scratch, environment={"PATH": "/usr/bin:/bin", "HOME": scratch})


def mariadb(scratch):
    as_user = as_other_user(scratch)
    data = os.path.join(scratch, "data")
    run(
        [
            *as_user,
            find_tool("mariadb-install-db"),
            "--no-defaults",
            "--datadir=" + data,
            "--auth-root-authentication-method=normal",
            "--skip-test-db",
        ],
        cwd=scratch,
    )
    rng = random.Random("mariadb")
    script = ["CREATE DATABASE hospital;", "USE hospital;"]
    for engine, extra in (("InnoDB", ""), ("InnoDB", "ROW_FORMAT=COMPRESSED"), ("MyISAM", ""), ("Aria", "")):
        table = "visit_%s_%s" % (engine.lower(), extra[-10:].lower() or "plain")
        script.append(
            "CREATE TABLE %s (id INT PRIMARY KEY, patient VARCHAR(20), name VARCHAR(60), value DOUBLE, note TEXT, KEY (patient)) ENGINE=%s %s;"
            % (table, engine, extra)
        )
        script.append(rows(rng, 1500).replace("INTO visit", "INTO " + table))
    options = [
        "--no-defaults",
        "--bootstrap",
        "--datadir=" + data,
        "--innodb-buffer-pool-size=32M",
        "--log-bin=" + os.path.join(data, "binlog"),
    ]
    run([*as_user, find_tool("mariadbd"), *options], "\n".join(script).encode() + b"\n", cwd=scratch)


def some_files(scratch):
    where = os.path.join(scratch, "plain")
    os.mkdir(where)
    rng = random.Random("plain")
    for number in range(12):
        for extension, make in (
            ("docx", office_files.docx),
            ("csv", record_files.csv),
            ("jpg", pictures.jpeg),
            ("db", record_files.sqlite),
        ):
            with open(os.path.join(where, "%02d.%s" % (number, extension)), "xb") as file:
                file.write(make(rng))
    return where


def restic(scratch):
    environment = {
        "PATH": "/usr/bin:/bin",
        "HOME": scratch,
        "RESTIC_PASSWORD": "drill-example",
        "RESTIC_REPOSITORY": os.path.join(scratch, "repository"),
    }
    plain = some_files(scratch)
    run([find_tool("restic"), "init", "--no-cache"], cwd=scratch, environment=environment)
    run([find_tool("restic"), "backup", "--no-cache", plain], cwd=scratch, environment=environment)
    shutil.rmtree(plain)


def borg(scratch):
    plain = some_files(scratch)
    for name, encryption in (("sealed", "repokey"), ("plain-repository", "none")):
        environment = {
            "PATH": "/usr/bin:/bin",
            "HOME": os.path.join(scratch, "home-" + name),
            "BORG_PASSPHRASE": "drill-example",
            "BORG_REPO": os.path.join(scratch, name),
        }
        run([find_tool("borg"), "init", "-e", encryption], cwd=scratch, environment=environment)
        run([find_tool("borg"), "create", "::first", plain], cwd=scratch, environment=environment)
    shutil.rmtree(plain)


def git(scratch):
    plain = some_files(scratch)
    identity = ["-c", "user.name=drill", "-c", "user.email=drill@desk.example.org"]
    for arguments in (["init", "-q"], ["add", "."], [*identity, "commit", "-q", "-m", "first"], ["gc", "-q"]):
        run(["git", *arguments], cwd=plain, environment={"PATH": "/usr/bin:/bin", "HOME": scratch})


SERVERS = (("postgresql", postgresql), ("mariadb", mariadb), ("restic", restic), ("borg", borg), ("git", git))
