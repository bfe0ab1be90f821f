// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that persons count as readable and leaving by what the case's timeline shows of those who encrypted, and of
// nobody else; and that the sentence says unknown again when the log, or what ties it to the attack, is gone.
#include "facts/find_shown_access.h"

#include <gtest/gtest.h>

#include <filesystem>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "casefile/testing/memory_case_store.h"
#include "exposure/count_exposure.h"
#include "facts/case_facts.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "timeline/import_logs.h"

namespace lastgood::facts {
namespace {

using exposure::Basis;
using exposure::Reach;
using os::testing::ScratchFolder;

std::int64_t at(std::string_view time) { return base::parse_rfc3339(time).value(); }

std::string audit(std::string_view time, std::string_view who, std::string_view operation) {
  return fmt::format("2022-11-23T{}+05:30 files1 smbd_audit: {}|ws7|records|{}\n", time, who, operation);
}

constexpr std::string_view k_attacker = "desk|10.0.0.66";

std::string encryption() {
  std::string log;
  for (int i = 0; i < 4; ++i)
    log += audit(fmt::format("07:{:02}:00", 7 + i), k_attacker,
                 fmt::format("renameat|ok|/srv/records/x/image{}.dcm|/srv/records/x/image{}.dcm.bak9", i, i));
  return log;
}

constexpr std::string_view k_flow_head =
    "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_bytes\tresp_bytes\tconn_state\n";

class ShownAccessTest : public ::testing::Test {
 protected:
  ShownAccessTest() : ledger_(ledger::create_ledger(case_.path()).value()) {
    std::filesystem::create_directories(good_.path() + "/records/ward");
    for (const auto& [name, first, count] : {std::tuple("ward/patients", 0, 40), std::tuple("ward/nurse", 1000, 20)}) {
      std::string table = "uhid,name,date_of_birth\n";
      for (int i = 0; i < count; ++i)
        table +=
            fmt::format("UH{:07},Person {},19{:02}-0{}-1{}\n", first + i, first + i, 40 + i % 50, 1 + i % 9, i % 9);
      os::testing::write_file(good_.path() + "/records/" + name + ".csv", table);
    }
    model::Scan scan;
    scan.host = "files1";
    scan.roots = {"/mnt/copy"};
    const std::int64_t id = store_.begin_scan(scan).value();
    std::vector<model::FileRecord> records;
    for (int i = 0; i < 5; ++i) {
      model::FileRecord record;
      record.path = fmt::format("/mnt/copy/records/x/image{}.dcm.bak9", i);
      record.verdict = model::Verdict::encrypted;
      record.certainty = model::Certainty::proven;
      record.mtime_ns = record.ctime_ns = at("2022-11-23T01:40:00Z");
      records.push_back(record);
    }
    EXPECT_TRUE(store_.record_files(id, records, {}).ok());
    model::Campaign campaign;
    campaign.extension = ".bak9";
    EXPECT_TRUE(store_.record_campaigns(id, std::span(&campaign, 1)).ok());
    EXPECT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }

  void import(const std::string& name, const std::string& text) {
    os::testing::write_file(logs_ / name, text);
    timeline::ImportRequest request;
    request.paths = {logs_ / name};
    const auto outcome = timeline::import_logs(request, case_.path(), *ledger_,
                                               {.show = [](const timeline::ImportedLog&) {}, .cancelled = {}});
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  }

  exposure::ShownAccess shown(const std::string& host = "files1", std::vector<std::string> addresses = {}) {
    auto found = find_shown_access(case_.path(), store_, {.host = host, .addresses = std::move(addresses)});
    EXPECT_TRUE(found.ok()) << found.error().what;
    return std::move(found).value();
  }

  exposure::ExposureResults count(const std::string& host = "files1", std::vector<std::string> addresses = {}) {
    exposure::ExposureRequest request{.files = {},
                                      .host = host,
                                      .access_shown = {},
                                      .egress_shown = {},
                                      .egress_bytes = {},
                                      .shown = shown(host, std::move(addresses)),
                                      .same_numbers = {}};
    request.files.roots = {good_.path()};
    auto results =
        exposure::count_exposure(request, case_.path(), store_, *ledger_,
                                 {.show = [](const exposure::ExposureTally&) {}, .cancelled = [] { return false; }});
    EXPECT_TRUE(results.ok()) << results.error().what;
    return std::move(results).value();
  }

  static const exposure::PersonBounds& of(const exposure::ExposureResults& results, Basis basis) {
    return results.bases.at(static_cast<std::size_t>(basis));
  }
  PersonsFacts fact(const std::string& basis) {
    const auto facts = gather_facts(case_.path(), store_);
    EXPECT_TRUE(facts.ok()) << facts.error().what;
    for (const PersonsFacts& persons : facts.value().exposure.persons)
      if (persons.basis == basis) return persons;
    ADD_FAILURE() << basis;
    return {};
  }

  const ScratchFolder case_;
  const ScratchFolder logs_;
  const ScratchFolder good_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

TEST_F(ShownAccessTest, the_persons_in_files_that_the_encryptor_opened_are_readable_with_the_line_that_says_so) {
  import("audit.log", audit("06:00:00", "nurse|10.0.0.7", "openat|ok|r|/srv/records/ward/nurse.csv") +
                          audit("07:00:00", k_attacker, "openat|ok|r|/srv/records/ward/patients.csv") + encryption());
  const auto results = count();
  const exposure::PersonBounds& readable = of(results, Basis::readable);
  EXPECT_EQ(readable.standing, exposure::Standing::estimate);
  EXPECT_EQ(readable.lower, 40U);
  EXPECT_EQ(readable.upper, 60U);  // it used the share: at most all that was held
  EXPECT_NE(readable.reason.find("exactly these files: 1 of those counted"), std::string::npos) << readable.reason;
  EXPECT_NE(readable.reason.find("the share: account desk at 10.0.0.66"), std::string::npos) << readable.reason;
  EXPECT_NE(readable.reason.find("the timeline: line 2 of"), std::string::npos) << readable.reason;
  EXPECT_EQ(readable.reason.find("nurse"), std::string::npos);
  EXPECT_EQ(of(results, Basis::leaving).standing, exposure::Standing::unknown);
  EXPECT_EQ(fact("readable").at_least, 40U);
  EXPECT_EQ(fact("readable").sentence, readable.reason);
}

TEST_F(ShownAccessTest, a_nurses_access_is_none_of_the_attackers) {
  import("audit.log", audit("06:00:00", "nurse|10.0.0.7", "openat|ok|r|/srv/records/ward/patients.csv") +
                          audit("06:01:00", "nurse|10.0.0.7", "openat|ok|r|/srv/records/ward/nurse.csv"));
  const auto results = count();
  EXPECT_EQ(of(results, Basis::readable).standing, exposure::Standing::unknown);
  EXPECT_FALSE(of(results, Basis::readable).upper);
}

TEST_F(ShownAccessTest, only_the_account_or_only_the_address_is_a_doubt_that_is_said_and_not_counted) {
  import("audit.log", audit("06:00:00", "desk|10.0.0.7", "openat|ok|r|/srv/records/ward/patients.csv") +
                          audit("06:01:00", "nurse|10.0.0.66", "openat|ok|r|/srv/records/ward/nurse.csv") +
                          encryption());
  const auto results = count();
  EXPECT_EQ(of(results, Basis::readable).lower, 0U);
  EXPECT_NE(of(results, Basis::readable).reason.find("not counted: 2 events of only the account, or only the address"),
            std::string::npos)
      << of(results, Basis::readable).reason;
}

TEST_F(ShownAccessTest, who_saves_encrypted_files_is_not_who_encrypted_them) {
  std::string saving = audit("09:00:00", "admin|10.0.0.5", "openat|ok|r|/srv/records/ward/nurse.csv");
  for (int i = 0; i < 4; ++i)
    saving += audit(fmt::format("09:{:02}:00", 1 + i), "admin|10.0.0.5",
                    fmt::format("openat|ok|w|/srv/saved/x/image{}.dcm.bak9", i));
  import("save.log", saving);
  EXPECT_EQ(of(count(), Basis::readable).standing, exposure::Standing::unknown);
  EXPECT_NE(of(count(), Basis::readable).reason.find("as who saves encrypted files does"), std::string::npos)
      << of(count(), Basis::readable).reason;
  // One that writes the new names and deletes the originals did encrypt.
  import("more.log", audit("09:30:00", "admin|10.0.0.5", "unlinkat|ok|/srv/saved/x/image2.dcm"));
  EXPECT_EQ(of(count(), Basis::readable).lower, 20U);
}

TEST_F(ShownAccessTest, access_on_another_machine_or_long_before_the_attack_is_said_and_not_counted) {
  import("audit.log",
         "2022-10-01T07:00:00+05:30 files1 smbd_audit: desk|10.0.0.66|ws7|records|openat|ok|r|/srv/records/ward/"
         "patients.csv\n" +
             encryption());
  EXPECT_EQ(of(count(), Basis::readable).lower, 0U);
  EXPECT_NE(of(count(), Basis::readable).reason.find("from before it began"), std::string::npos);
  const auto elsewhere = count("his-db1");
  EXPECT_EQ(of(elsewhere, Basis::readable).standing, exposure::Standing::unknown);
  EXPECT_NE(of(elsewhere, Basis::readable).reason.find("on other machines (files1)"), std::string::npos);
  EXPECT_NE(of(count(""), Basis::readable).reason.find("(--held-on)"), std::string::npos);
}

TEST_F(ShownAccessTest, without_the_log_or_without_the_tie_it_is_unknown_again) {
  import("read.log", audit("07:00:00", k_attacker, "openat|ok|r|/srv/records/ward/patients.csv"));
  import("audit.log", encryption());
  EXPECT_EQ(of(count(), Basis::readable).lower, 40U);
  EXPECT_EQ(fact("readable").at_least, 40U);
  // The log that ties: without it an event of anybody is an event of anybody.
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(case_.path() + "/events")) files.push_back(entry.path());
  std::sort(files.begin(), files.end());
  ASSERT_EQ(files.size(), 2U);
  const std::string kept = case_.path() + "/kept";
  for (const auto& gone : files) {
    std::filesystem::rename(gone, kept);
    const PersonsFacts readable = fact("readable");
    EXPECT_FALSE(readable.at_least) << gone;
    EXPECT_FALSE(readable.at_most) << gone;
    EXPECT_NE(readable.sentence.find("unknown, which is not none"), std::string::npos) << readable.sentence;
    std::filesystem::rename(kept, gone);
  }
  EXPECT_EQ(fact("readable").at_least, 40U);
  std::filesystem::remove(files[1]);
  EXPECT_EQ(of(count(), Basis::readable).standing, exposure::Standing::unknown);
}

TEST_F(ShownAccessTest, a_login_on_the_machine_reaches_all_of_it) {
  import("audit.log", encryption());
  import("auth.log",
         "2022-11-23T06:30:00+05:30 files1 sshd[1]: Accepted password for desk from 10.0.0.66 port 3 ssh2\n");
  const auto results = count();
  EXPECT_EQ(of(results, Basis::readable).lower, 0U);
  EXPECT_EQ(of(results, Basis::readable).upper, 60U);
  EXPECT_NE(of(results, Basis::readable).reason.find("the machine: account desk at 10.0.0.66"), std::string::npos);
}

TEST_F(ShownAccessTest, flows_from_where_files_were_encrypted_leave_with_their_bytes_and_others_do_not) {
  import("audit.log", encryption());
  import("conn.log", std::string(k_flow_head) + "1669167000.5\t10.0.0.66\t5\t8.8.8.8\t443\ttcp\t5000000\t200\tSF\n" +
                         "1669167001.5\t10.0.0.7\t5\t8.8.8.9\t443\ttcp\t7000000\t200\tSF\n");
  const auto results = count();
  const exposure::PersonBounds& leaving = of(results, Basis::leaving);
  EXPECT_EQ(leaving.lower, 0U);
  EXPECT_EQ(leaving.upper, 60U);
  EXPECT_NE(leaving.reason.find("from 10.0.0.66 to 8.8.8.8"), std::string::npos) << leaving.reason;
  EXPECT_EQ(leaving.reason.find("8.8.8.9"), std::string::npos) << leaving.reason;
}

TEST_F(ShownAccessTest, a_flow_of_the_machine_is_unusual_against_what_it_sent_before) {
  import("audit.log", encryption());
  const std::string before = "1668000000.5\t10.0.0.2\t5\t8.8.8.1\t443\ttcp\t2000000\t200\tSF\n";
  const std::string since = "1669167000.5\t10.0.0.2\t5\t8.8.8.8\t443\ttcp\t50000000\t200\tSF\n";
  import("since.log", std::string(k_flow_head) + since);
  EXPECT_EQ(of(count("files1", {"10.0.0.2"}), Basis::leaving).standing, exposure::Standing::unknown);
  ASSERT_FALSE(shown("files1", {"10.0.0.2"}).doubts.empty());
  import("before.log", std::string(k_flow_head) + before);
  const auto results = count("files1", {"10.0.0.2"});
  EXPECT_EQ(of(results, Basis::leaving).standing, exposure::Standing::estimate);
  EXPECT_EQ(of(count("files1"), Basis::leaving).standing, exposure::Standing::unknown);
}

}  // namespace
}  // namespace lastgood::facts
