// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a services file is read as written, that each mistake in it is said with its line and the word that was
// meant, that no text makes the reader fall over, and that the order of return follows dependencies and tiers.
#include <filesystem>
#include <fstream>
#include <string>

#include <gtest/gtest.h>

#include "base/near_miss.h"
#include "os/append_file.h"
#include "os/testing/scratch_folder.h"
#include "services/duration.h"
#include "services/host_and_port.h"
#include "services/parse_sheet.h"
#include "services/services_file.h"

namespace lastgood::services {
namespace {

std::string mistakes_of(const std::string& text) {
  std::string out;
  for (const Mistake& mistake : parse_services(text, "services.toml").mistakes) out += mistake.sentence + "\n";
  return out;
}

std::string order_in(const std::string& text, const std::string& wanted = {}) {
  const ReadServices read = parse_services(text, "s");
  if (!read.mistakes.empty()) return read.mistakes.front().sentence;
  std::string out;
  for (const Service* service : order_of(read.file, wanted)) out += service->id + " ";
  return out;
}

constexpr const char* k_hospital = R"toml(
[service.ehosp-db]
title = "e-Hospital database"
tier = 1
start = ["/usr/bin/pg_ctlcluster", "15", "main", "start"]
user = "postgres"
healthcheck = { tcp = "127.0.0.1:5432", interval = "1s", retries = 30, start_period = "10s" }
rto = "4h"
rpo = "15m"
mtd = "1d"
[[service.ehosp-db.data]]
name = "main"
kind = "postgresql"
path = "/var/lib/postgresql/15/main/"
logs = "/srv/wal"
database = "ehosp"
host = "ehosp-db1"

[service.opd]
title = "OPD registration"
tier = 1
depends_on = ["ehosp-db", { id = "search", condition = "service_started" }]
links = ["opd -> lis (HL7 MLLP 2575)"]
[[service.opd.data]]
kind = "sqlite"
path = "/srv/opd/queue.db"
[[service.opd.sheet]]
id = "opd-today"
title = "Appointments today"
for = "clinic"
sql = """
SELECT clinic, token, name FROM appointment -- today's
WHERE day = current_date;
"""
group_by = "clinic"
stale_after = "12h"
privacy = "name_short"
name_columns = ["name"]
blank_rows = 5
number_block = "O-0001..O-0999"
[[service.opd.hooks.post_restore]]
command = ["/usr/local/bin/reindex", "--all"]
on_error = "continue"
exec_timeout = "2m"

[service.search]
tier = 7
[[service.search.data]]
kind = "files"
path = "/srv/search"
regenerable = true
)toml";

TEST(ServicesFile, AsksALiveServerInSqlOnThisMachineOnly) {
  const auto with = [](const std::string& check, const std::string& kind = "postgresql") {
    return "[service.a]\nhealthcheck = {" + check + "}\n[[service.a.data]]\npath=\"/d\"\nkind=\"" + kind + "\"\n";
  };
  const ReadServices read = parse_services(
      with("sql=\"SELECT 1\", host=\"localhost\", port=5433, user=\"watch\", password_file=\"/etc/watch\""), "s");
  ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
  const HealthCheck& check = *read.file.services[0].healthcheck;
  EXPECT_EQ(
      check.host + " " + std::to_string(check.port) + " " + check.user + " " + check.password_file + " " + check.data,
      "127.0.0.1 5433 watch /etc/watch postgresql");
  const auto says = [&](const std::string& text, const char* what) {
    return mistakes_of(text).find(what) != std::string::npos;
  };
  EXPECT_TRUE(says(with("sql=\"SELECT 1\", user=\"u\""), "needs either 'socket' or 'host'"));
  EXPECT_TRUE(says(with("sql=\"SELECT 1\", user=\"u\", host=\"::1\", socket=\"/s\""), "needs either"));
  EXPECT_TRUE(says(with("sql=\"SELECT 1\", host=\"::1\""), "needs 'user'"));
  EXPECT_TRUE(says(with("sql=\"SELECT 1\", host=\"db.example\", user=\"u\""), "would go over the network"));
  EXPECT_TRUE(says(with("sql=\"SELECT 1\", socket=\"run\", user=\"u\""), "must be an absolute path"));
  EXPECT_TRUE(says(with("sql=\"SELECT 1\", socket=\"/run\", user=\"u\"", "sqlite"), "has no server to be asked"));
  EXPECT_TRUE(says(with("tcp=\"127.0.0.1:1\", user=\"u\""), "belong to 'sql'"));
}

TEST(ServicesFile, AllowsSettingsOfDatabaseServersByNameOnly) {
  const std::string unit = "[service.a]\n[[service.a.data]]\npath=\"/d\"\nkind=";
  const ReadServices read = parse_services(unit + "\"postgresql\"\nallow_settings=[\"archive_command\"]\n", "s");
  ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
  EXPECT_EQ(read.file.services[0].data[0].allow_settings, std::vector<std::string>{"archive_command"});
  EXPECT_NE(mistakes_of(unit + "\"sqlite\"\nallow_settings=[\"x\"]\n").find("is of postgresql and mariadb"),
            std::string::npos);
  EXPECT_NE(mistakes_of(unit + "\"mariadb\"\nallow_settings=[\"*\"]\n").find("names of settings"), std::string::npos);
}

TEST(Services, AreReadAsWritten) {
  const ReadServices read = parse_services(k_hospital, "services.toml");
  ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
  EXPECT_EQ(read.file.digest_hex.size(), 64U);
  ASSERT_EQ(read.file.services.size(), 3U);
  const Service& db = read.file.services[0];
  EXPECT_EQ(db.id, "ehosp-db");
  EXPECT_EQ(db.line, 2U);
  EXPECT_EQ(db.start, (std::vector<std::string>{"/usr/bin/pg_ctlcluster", "15", "main", "start"}));
  EXPECT_EQ(db.user, "postgres");
  EXPECT_EQ(db.rto_s, 4 * 3600.0);
  EXPECT_EQ(db.rpo_s, 900.0);
  EXPECT_EQ(db.mtd_s, 86400.0);
  EXPECT_EQ(db.healthcheck->tcp, "127.0.0.1:5432");
  EXPECT_EQ(db.healthcheck->retries, 30U);
  EXPECT_EQ(db.healthcheck->start_period_s, 10.0);
  ASSERT_EQ(db.data.size(), 1U);
  EXPECT_EQ(db.data[0].path, "/var/lib/postgresql/15/main");
  EXPECT_EQ(db.data[0].wholeness, Wholeness::unit);
  const Service& opd = read.file.services[1];
  ASSERT_EQ(opd.depends_on.size(), 2U);
  EXPECT_EQ(opd.depends_on[0].condition, Condition::service_healthy);
  EXPECT_EQ(opd.depends_on[1].condition, Condition::service_started);
  ASSERT_EQ(opd.sheets.size(), 1U);
  EXPECT_EQ(opd.sheets[0].data, "sqlite");
  EXPECT_EQ(opd.sheets[0].audience, "clinic");
  EXPECT_EQ(opd.sheets[0].privacy, Privacy::name_short);
  EXPECT_EQ(opd.sheets[0].stale_after_s, 12 * 3600.0);
  ASSERT_EQ(opd.post_restore.size(), 1U);
  EXPECT_EQ(opd.post_restore[0].on_error, OnError::carry_on);
  EXPECT_EQ(opd.post_restore[0].exec_timeout_s, 120.0);
  EXPECT_EQ(read.file.services[2].data[0].regenerable, Regenerable::yes);
  EXPECT_EQ(read.file.services[2].data[0].wholeness, Wholeness::file_by_file);
}

TEST(Services, DataHavePlainPathsHoweverTheyAreWritten) {
  const ReadServices read = parse_services(
      "[service.a]\n[[service.a.data]]\nkind=\"mariadb\"\npath=\"//srv/./my//sql/.\"\nlogs=\"/srv//binlog/\"\n", "s");
  ASSERT_TRUE(read.mistakes.empty());
  EXPECT_EQ(read.file.services[0].data[0].path, "/srv/my/sql");
  EXPECT_EQ(read.file.services[0].data[0].logs, "/srv/binlog");
}

TEST(Services, DataAreLookedForWhereTheirLinksLead) {
  const os::testing::ScratchFolder folder;
  std::filesystem::create_directories(folder / "data/mysql");
  std::filesystem::create_directory_symlink("data/mysql", folder / "mysql");
  std::filesystem::create_symlink(folder / "data/q.db", folder / "q.db");
  std::ofstream(folder / "s.toml") << "[service.a]\n[[service.a.data]]\nkind=\"mariadb\"\npath=\"" << folder / "mysql"
                                   << "\"\n[[service.a.data]]\nkind=\"sqlite\"\npath=\"" << folder / "q.db"
                                   << "\"\n[[service.a.data]]\nkind=\"files\"\npath=\"" << folder / "data"
                                   << "\"\n";
  const auto file = read_services(folder / "s.toml");
  ASSERT_TRUE(file.ok());
  const std::vector<DataUnit>& data = file.value().services[0].data;
  EXPECT_EQ(data[0].path, folder / "data/mysql");
  EXPECT_EQ(data[0].link, folder / "mysql");
  EXPECT_EQ(data[1].path, folder / "data/q.db") << "what it leads to may be renamed by who struck";
  EXPECT_EQ(data[2].path, folder / "data");
  EXPECT_EQ(data[2].link, "");
  const std::vector<std::string> said = describe_links_of_data(file.value());
  ASSERT_EQ(said.size(), 2U);
  EXPECT_EQ(said[0], "'" + (folder / "mysql") + "' is a link, or lies behind one: its data are at '" +
                         (folder / "data/mysql") + "'");
  EXPECT_TRUE(said[1].ends_with("/data/q.db', where nothing is now")) << said[1];
}

TEST(Services, TheExampleOfTheManualHasNoMistakes) {
  const auto manual = os::read_own_file(std::string(LASTGOOD_SOURCE_DIR) + "/docs/services.md", 1U << 20U);
  ASSERT_TRUE(manual.ok()) << manual.error().what;
  const std::string& text = manual.value();
  const std::size_t begin = text.find("```toml\n");
  ASSERT_NE(begin, std::string::npos);
  const std::size_t end = text.find("\n```", begin);
  const std::string example = text.substr(begin + 8, end - begin - 7);
  EXPECT_EQ(mistakes_of(example), "");
  EXPECT_GE(parse_services(example, "s").file.services.size(), 8U);
}

TEST(Services, UnknownKeysAreSaidWithTheirLineAndWhatWasMeant) {
  EXPECT_EQ(mistakes_of("[service.opd]\ntitle = \"OPD\"\nteir = 1\n"),
            "services.toml:3: service 'opd': unknown key 'teir': did you mean 'tier'?\n");
  EXPECT_EQ(mistakes_of("[services.opd]\ntier = 1\n"),
            "services.toml:1: the file: unknown key 'services': did you mean 'service'?\n");
  EXPECT_EQ(mistakes_of("[service.a]\nhealthcheck = { tcp = \"h:1\", intervall = \"1s\" }\n"),
            "services.toml:2: service 'a', healthcheck: unknown key 'intervall': did you mean 'interval'?\n");
  EXPECT_EQ(mistakes_of("[service.a]\nxyzzy = 1\n"), "services.toml:2: service 'a': unknown key 'xyzzy'\n");
}

TEST(Services, AllMistakesAreSaidAtOnceAndByLine) {
  EXPECT_EQ(
      mistakes_of("[service.a]\ntier = 12\nrto = \"4 hours\"\nstart = [\"pg_ctl\"]\n[[service.a.data]]\nkind = "
                  "\"postgre\"\npath = \"srv\"\n"),
      "services.toml:2: service 'a': 'tier' must be between 0 and 9, here it is 12\n"
      "services.toml:3: service 'a': 'rto' must be a duration like \"90s\", \"15m\", \"4h\" or \"1d\", here it is \"4 "
      "hours\"\n"
      "services.toml:4: service 'a': 'start' must begin with the absolute path of a program (no shell is used, and no "
      "PATH), here it begins with \"pg_ctl\"\n"
      "services.toml:6: service 'a', data: 'kind' is \"postgre\": it can be postgresql, mariadb, sqlite, orthanc, "
      "maildir, files\n"
      "services.toml:7: service 'a', data: 'path' must be an absolute path, here it is \"srv\"\n");
}

TEST(Services, ThatWaitForEachOtherAreNamedInFull) {
  EXPECT_EQ(mistakes_of("[service.opd]\ndepends_on = [\"lab\"]\n[service.lab]\ndepends_on = [\"opd\"]\n"),
            "services.toml:1: services wait for each other in a circle: opd waits for lab waits for opd\n");
  EXPECT_EQ(mistakes_of("[service.a]\ndepends_on = [\"a\"]\n"),
            "services.toml:1: services wait for each other in a circle: a waits for a\n");
  EXPECT_EQ(
      mistakes_of("[service.x]\ndepends_on = [\"a\"]\n[service.a]\ndepends_on = [\"b\"]\n[service.b]\ndepends_on = "
                  "[\"c\"]\n[service.c]\ndepends_on = [\"a\"]\n"),
      "services.toml:3: services wait for each other in a circle: a waits for b waits for c waits for a\n");
}

TEST(Services, WaitOnlyForWhatIsInTheFile) {
  EXPECT_EQ(
      mistakes_of("[service.opd]\ndepends_on = [\"ehosp_db\"]\n[service.ehosp-db]\n"),
      "services.toml:2: service 'opd' waits for 'ehosp_db', which is not in the file: did you mean 'ehosp-db'?\n");
}

TEST(Services, DataAndSheetsAreToldApartByName) {
  const std::string two =
      "[service.a]\n[[service.a.data]]\nkind = \"sqlite\"\npath = \"/1\"\n[[service.a.data]]\nkind = \"sqlite\"\npath "
      "= "
      "\"/2\"\n";
  EXPECT_EQ(mistakes_of(two), "services.toml:5: service 'a' has two data units 'sqlite': give them a 'name' each\n");
  const std::string named =
      "[service.a]\n[[service.a.data]]\nkind = \"sqlite\"\npath = \"/1\"\nname = \"one\"\n[[service.a.data]]\nkind = "
      "\"sqlite\"\npath = \"/2\"\n[[service.a.sheet]]\nid = \"x\"\nsql = \"SELECT 1\"\n";
  EXPECT_EQ(mistakes_of(named),
            "services.toml:9: service 'a', sheet 'x': 'data' must say which database is asked; service "
            "'a' has 2 of them\n");
  EXPECT_EQ(mistakes_of(named + "data = \"one\"\n"), "");
  EXPECT_EQ(mistakes_of(named + "data = \"oen\"\n"),
            "services.toml:9: service 'a', sheet 'x': service 'a' has no data 'oen': did you mean 'one'?\n");
}

/// What is left of a file, and what is left out: "a b | c: why | sheet: why".
std::string left_of(const std::string& text) {
  const ReadServices read = parse_services(text, "s");
  std::string out;
  for (const Service* service : order_of(read.file, {})) {
    out += service->id + " ";
    for (const Sheet& sheet : service->sheets) out += sheet.id + " ";
    for (const Sheet& sheet : service->left_out_sheets) out += "| " + sheet.id + ": " + sheet.mistake + " ";
  }
  for (const Service& service : read.file.left_out) out += "| " + service.id + ": " + service.mistake + " ";
  for (const std::string& sentence : read.file.unknown_keys) out += "| " + sentence + " ";
  return out;
}

TEST(Services, WithAMistakeAreLeftOutWithWhatWaitsForThemAndTheOthersGoOn) {
  EXPECT_EQ(
      left_of("[service.a]\nteir=1\n[service.b]\ndepends_on=[\"a\"]\n[service.c]\ndepends_on=[\"b\"]\n"
              "[service.d]\n"),
      "d | a: s:2: service 'a': unknown key 'teir': did you mean 'tier'? | b: it waits for a, which is left out | "
      "c: it waits for b, which is left out ");
  EXPECT_EQ(left_of("[service.a]\ndepends_on=[\"b\"]\n[service.b]\ndepends_on=[\"a\"]\n[service.c]\ndepends_on="
                    "[\"a\"]\n[service.d]\n"),
            "d | a: s:1: services wait for each other in a circle: a waits for b waits for a | b: s:1: services wait "
            "for each other in a circle: a waits for b waits for a | c: it waits for a, which is left out ");
  EXPECT_EQ(
      left_of("[service.a]\n[servce.b]\ntier=1\n[service.c]\ndepends_on=[\"b\"]\n[hospital]\n"),
      "a | c: it waits for b, which is left out | b: s:2: the file: unknown key 'servce': did you mean 'service'? | "
      "s:6: the file: unknown key 'hospital' ");
  EXPECT_EQ(left_of("[service.a]\nteir=1\nrto=\"x\"\n[[service.a.data]]\nkind=\"files\"\n"),
            "| a: s:2: service 'a': unknown key 'teir': did you mean 'tier'? ");
  EXPECT_EQ(left_of("[service.a]\n[service.b\n"), "");
  // However many mistakes there are: none makes the next service a good one.
  std::string many;
  for (int i = 0; i < 1000; ++i) many += "[service.s" + std::to_string(i) + "]\nx=1\ny=1\n";
  EXPECT_TRUE(parse_services(many, "s").file.services.empty());
}

TEST(Services, KeepTheirOtherSheetsWhereOneHasAMistake) {
  const std::string database = "[service.a]\n[[service.a.data]]\nkind=\"sqlite\"\npath=\"/1\"\n";
  const auto sheet = [](const std::string& text) { return "[[service.a.sheet]]\n" + text; };
  EXPECT_EQ(left_of(database + sheet("id=\"x\"\nsql=\"SELECT 1\"\n") + sheet("id=\"y\"\nsql=\"UPDATE a SET b=1\"\n")),
            "a x | y: s:10: service 'a', sheet: 'sql' of 'y': it must be one question that only reads, beginning with "
            "SELECT, WITH, VALUES or TABLE ");
  // A page each, also of those without an id or with another's.
  EXPECT_EQ(
      left_of(database + sheet("id=\"x\"\nsql=\"SELECT 1\"\n") + sheet("ID=\"z\"\nsql=\"SELECT 1\"\n") +
              sheet("id=\"x\"\nsql=\"SELECT 2\"\n")),
      "a x | sheet: s:8: service 'a', sheet: 'id' is missing | x-line-11: s:11: sheet 'x' is in service 'a' (line "
      "5) and again in 'a': its id is printed on every page and must be unique ");
  EXPECT_NE(mistakes_of(database + sheet("ID=\"z\"\nsql=\"SELECT 1\"\n")).find("unknown key 'ID': did you mean 'id'?"),
            std::string::npos);
  EXPECT_NE(mistakes_of(database + sheet("id=\"z\"\nsql=\"\"\n")).find(":7: service 'a', sheet: 'sql' of 'z'"),
            std::string::npos);
}

TEST(Services, AndSheetsHaveIdsThatMakeFilesOfTheirOwn) {
  const std::string database = "[service.a]\n[[service.a.data]]\nkind=\"sqlite\"\npath=\"/1\"\n";
  const auto sheet = [](const std::string& id) { return "[[service.a.sheet]]\nid=\"" + id + "\"\nsql=\"SELECT 1\"\n"; };
  EXPECT_EQ(left_of(database + sheet("A") + sheet("a") + sheet("b")),
            "a A b | a: s:8: sheet 'a' and sheet 'A' of line 5 differ in capital letters only: their files would be "
            "one on a stick ");
  for (const char* empty : {"", "  "})
    EXPECT_EQ(left_of(database + sheet(empty) + sheet("b")),
              "a b | sheet: s:6: service 'a', sheet: 'id' is empty: it is printed on every page ");
  for (const char* device : {"CON", "nul", "Prn.x", "LPT1"})
    EXPECT_EQ(left_of(database + sheet(device) + sheet("b")),
              std::string("a b | sheet: s:6: service 'a', sheet: '") + device +
                  "' is no id: Windows keeps that name for a device, and no PC there opens its files from a stick ");
  EXPECT_EQ(left_of(database + sheet("console") + sheet("com10")), "a console com10 ");
  EXPECT_EQ(left_of("[service.Lab]\n[service.lab]\n"),
            "Lab | lab: s:2: service 'lab' and service 'Lab' of line 1 differ in capital letters only: their files "
            "would be one on a stick ");
}

TEST(Services, DatabasesComeBackWholeOrNotAtAll) {
  EXPECT_EQ(
      mistakes_of("[service.a]\n[[service.a.data]]\nkind = \"mariadb\"\npath = \"/d\"\nunit = false\n"),
      "services.toml:5: service 'a', data: 'unit = false' of mariadb: a database comes back from one moment or not at "
      "all\n");
}

TEST(Services, HealthIsAskedInExactlyOneWay) {
  EXPECT_NE(mistakes_of("[service.a]\nhealthcheck = { tcp = \"h:1\", http = \"http://h/\" }\n").find("here are 2"),
            std::string::npos);
  EXPECT_NE(mistakes_of("[service.a]\nhealthcheck = { interval = \"1s\" }\n").find("here are 0"), std::string::npos);
  EXPECT_NE(mistakes_of("[service.a]\nhealthcheck = { test = [\"CMD-SHELL\", \"true\"] }\n").find("no shell is used"),
            std::string::npos);
  EXPECT_NE(mistakes_of("[service.a]\nhealthcheck = { tcp = \"h:99999\" }\n").find("must be HOST:PORT"),
            std::string::npos);
}

TEST(Services, HealthIsAskedWithOneQuestionThatOnlyReads) {
  const auto mistakes_with = [](const std::string& sql) {
    return mistakes_of("[service.a]\nhealthcheck = { socket=\"/s\", user=\"u\", sql=\"" + sql +
                       "\" }\n[[service.a.data]]\nkind=\"mariadb\"\npath=\"/d\"\n");
  };
  for (const char* good : {"SELECT 1", "select count(*) from ward;", "SHOW GLOBAL STATUS", "TABLE ward"})
    EXPECT_EQ(mistakes_with(good), "") << good;
  EXPECT_EQ(mistakes_with("UPDATE ward SET name=''"),
            "services.toml:2: service 'a', healthcheck: 'sql': it must be one question that only reads, beginning with "
            "SELECT, WITH, VALUES, TABLE or SHOW\n");
  EXPECT_EQ(mistakes_with("SELECT 1; DROP TABLE ward"),
            "services.toml:2: service 'a', healthcheck: 'sql': it must be one statement, and something comes after its "
            "';'\n");
  EXPECT_EQ(mistakes_with("SELECT 1 INTO OutFile '/tmp/x'"),
            "services.toml:2: service 'a', healthcheck: 'sql': it must not write a file of the server\n");
}

TEST(Sheets, OnlyAskAndAskOneThing) {
  EXPECT_EQ(find_no_question("SELECT 1"), "");
  EXPECT_EQ(find_no_question(" -- a comment; with one\n/* two; */ (select ';' , \"a;b\") ; -- end\n"), "");
  EXPECT_EQ(find_no_question("WITH x AS (SELECT 1) SELECT * FROM x"), "");
  for (const char* bad :
       {"DELETE FROM patient", "drop table x", "", "   ", "COPY x TO PROGRAM 'sh'", "-- only", "SET x=1"})
    EXPECT_NE(find_no_question(bad), "") << bad;
  EXPECT_NE(find_no_question("SELECT 1; DELETE FROM patient"), "");
  EXPECT_NE(find_no_question("SELECT '''; DELETE'; DROP TABLE x"), "");
}

TEST(Order, FollowsDependenciesThenTiersThenTheFile) {
  EXPECT_EQ(order_in(k_hospital), "ehosp-db search opd ");
  EXPECT_EQ(order_in("[service.c]\ntier=3\n[service.b]\ntier=2\n[service.a]\ntier=2\n"), "b a c ");
  // A cold database that an urgent service waits for is urgent.
  EXPECT_EQ(order_in("[service.mail]\ntier=6\n[service.ed]\ntier=1\ndepends_on=[\"db\"]\n[service.db]\ntier=7\n"),
            "db ed mail ");
  // All that must be there first, whatever its tier.
  EXPECT_EQ(order_in("[service.a]\ntier=0\ndepends_on=[\"b\",\"c\"]\n[service.b]\ntier=9\ndepends_on=[\"c\"]\n[service."
                     "c]\ntier=9\n[service.d]\ntier=0\n"),
            "c b a d ");
}

TEST(Order, OfOneServiceIsWhatItWaitsForAndNoMore) {
  EXPECT_EQ(order_in(k_hospital, "ehosp-db"), "ehosp-db ");
  EXPECT_EQ(order_in(k_hospital, "opd"), "ehosp-db search opd ");
  EXPECT_EQ(order_in(k_hospital, "nobody"), "");
}

TEST(Order, OfAThousandServicesInOneChainIsFound) {
  std::string text;
  for (int i = 0; i < 1000; ++i) {
    text += "[service.s" + std::to_string(i) + "]\n";
    if (i > 0) text += "depends_on = [\"s" + std::to_string(i - 1) + "\"]\n";
  }
  EXPECT_TRUE(order_in(text).starts_with("s0 s1 s2 "));
  EXPECT_NE(mistakes_of(text + "[service.one-more]\n").find("1001 services, 1000 are allowed"), std::string::npos);
}

TEST(Services, NeverFallOverBrokenText) {
  const std::string whole = k_hospital;
  for (std::size_t cut = 0; cut < whole.size(); cut += 3) {
    const ReadServices read = parse_services(whole.substr(0, cut), "s");
    if (!read.mistakes.empty()) continue;
    EXPECT_EQ(order_of(read.file, {}).size(), read.file.services.size());
  }
  for (std::size_t at = 0; at < whole.size(); at += 5) {
    std::string flipped = whole;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x20);
    const ReadServices read = parse_services(flipped, "s");
    if (!read.mistakes.empty()) continue;
    EXPECT_EQ(order_of(read.file, {}).size(), read.file.services.size());
  }
  EXPECT_EQ(mistakes_of(""), "");
  EXPECT_NE(mistakes_of(std::string("\0\xff\xfe", 3)), "");
}

TEST(Services, RefuseWhatWouldUseUpMemoryOrStack) {
  EXPECT_NE(mistakes_of(std::string((1U << 20U) + 1, ' ')).find("1048576 are allowed"), std::string::npos);
  std::string points = "a";
  for (int i = 0; i < 200'000; ++i) points += ".a";
  EXPECT_NE(mistakes_of(points + " = 1").find("more than 8 parts"), std::string::npos);
  EXPECT_NE(mistakes_of("[" + points + "]").find("more than 8 parts"), std::string::npos);
  EXPECT_NE(mistakes_of("a = " + std::string(400'000, '[')).find("nest deeper than 16"), std::string::npos);
  std::string inlines = "a = ";
  for (int i = 0; i < 100'000; ++i) inlines += "{x=";
  EXPECT_NE(mistakes_of(inlines).find("nest deeper than 16"), std::string::npos);
  // Points and brackets inside of texts are no nesting.
  EXPECT_EQ(mistakes_of("[service.a]\nlinks = [\"" + std::string(5000, '.') + std::string(5000, '[') + "\"]\n"), "");
}

TEST(Services, RefuseWhatTomlPlusPlusFallsOver) {
  EXPECT_EQ(mistakes_of("[!]\n"), "services.toml:1: a character that needs quotes around it: '!'\n");
  EXPECT_EQ(mistakes_of("\n\n [[[service.a]]\n"), "services.toml:3: a table begins with '[' or '[[', not with '[[['\n");
  EXPECT_EQ(mistakes_of("\n\xc2\xbe~"), "services.toml:2: a character that needs quotes around it: '\xc2\xbe'\n");
  EXPECT_EQ(mistakes_of("\xEF\xBB\xBF# \xc2\xbe\n[service.a]\ntitle = '\xc2\xbe'\nlinks = [\"\"\"a\"\"\"\"\"]\n"), "");
}

TEST(Durations, AreWhatPeopleWrite) {
  EXPECT_EQ(parse_duration("90s"), 90.0);
  EXPECT_EQ(parse_duration("15m"), 900.0);
  EXPECT_EQ(parse_duration("4h"), 14400.0);
  EXPECT_EQ(parse_duration("1d"), 86400.0);
  EXPECT_EQ(parse_duration("1h30m"), 5400.0);
  EXPECT_EQ(parse_duration("500ms"), 0.5);
  for (const char* bad : {"", "4", "h", "4 h", "-4h", "4.5h", "30m1h", "4h4h", "99999999999s", "4000d", "1e3s"})
    EXPECT_FALSE(parse_duration(bad)) << bad;
}

TEST(HostAndPort, TakesNamesAndBothKindsOfAddresses) {
  EXPECT_EQ(parse_host_and_port("127.0.0.1:80")->host, "127.0.0.1");
  EXPECT_EQ(parse_host_and_port("[::1]:5432")->host, "::1");
  EXPECT_EQ(parse_host_and_port("db1:5432")->port, 5432);
  for (const char* bad : {"", ":1", "h:", "h:0", "h:65536", "::1:80", "h h:1", "h:1x", "h"})
    EXPECT_FALSE(parse_host_and_port(bad)) << bad;
}

TEST(NearMiss, IsTheWordThatWasProbablyMeant) {
  const std::vector<std::string_view> known = {"tier", "title", "healthcheck", "depends_on"};
  EXPECT_EQ(base::find_near_miss("teir", known), "tier");
  EXPECT_EQ(base::find_near_miss("heathcheck", known), "healthcheck");
  EXPECT_EQ(base::find_near_miss("dependson", known), "depends_on");
  EXPECT_EQ(base::find_near_miss("TIER", known), "tier");
  EXPECT_EQ(base::find_near_miss("zzz", known), "");
  EXPECT_EQ(base::find_near_miss("", known), "");
  EXPECT_EQ(base::find_near_miss(std::string(1000, 'a'), known), "");
}

}  // namespace
}  // namespace lastgood::services
