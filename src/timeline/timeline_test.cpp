// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves what the timeline says of a case: who encrypted, from which address, when, what went out; that each statement
// goes when the input it stands on is taken away, that sources which disagree are both shown, and that logs which are
// packed, cut, known or changed are said to be so.
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "casefile/testing/memory_case_store.h"
#include "events/event_file.h"
#include "ledger/read_ledger.h"
#include "os/run_program.h"
#include "os/testing/scratch_folder.h"
#include "timeline/event_place.h"
#include "timeline/import_logs.h"
#include "timeline/open_timeline.h"
#include "timeline/picture.h"
#include "timeline/summarise.h"
#include "timeline/write_timesketch.h"

namespace lastgood::timeline {
namespace {

using os::testing::ScratchFolder;

std::int64_t at(std::string_view time) { return base::parse_rfc3339(time).value(); }

constexpr std::string_view k_sshd =
    "2022-11-22T20:00:00+05:30 files1 sshd[1]: Failed password for desk from 8.8.4.4 port 1 ssh2\n"
    "2022-11-22T20:00:01+05:30 files1 sshd[1]: Failed password for desk from 8.8.4.4 port 2 ssh2\n"
    "2022-11-22T20:00:02+05:30 files1 sshd[1]: Accepted password for desk from 8.8.4.4 port 3 ssh2\n"
    "2022-11-22T20:30:00+05:30 files1 sshd[1]: Accepted password for vendor from 9.9.9.9 port 3 ssh2\n"
    "2022-11-22T21:00:00+05:30 files1 sshd[1]: Accepted password for nurse from 10.0.0.3 port 3 ssh2\n"
    "2022-11-24T21:00:00+05:30 files1 sshd[1]: Accepted password for late from 9.9.9.10 port 3 ssh2\n";

std::string samba_log(int files, std::string_view day = "2022-11-23") {
  std::string log;
  for (int i = 0; i < files; ++i)
    log += fmt::format(
        "{}T07:{:02}:00+05:30 files1 smbd_audit: desk|10.0.0.7|ws7|records|renameat|ok|/srv/records/"
        "x/image{}.dcm|/srv/records/x/image{}.dcm.bak9\n",
        day, 7 + i, i, i);
  return log;
}

constexpr std::string_view k_flows =
    "#fields\tts\tid.orig_h\tid.orig_p\tid.resp_h\tid.resp_p\tproto\torig_bytes\tresp_bytes\tconn_state\n"
    "1669150000.5\t10.0.0.7\t5\t8.8.8.8\t443\ttcp\t5000000000\t200\tSF\n"
    "1669150001.5\t8.8.4.4\t5\t10.0.0.9\t443\ttcp\t500\t70000\tSF\n"
    "1669150002.5\t10.0.0.7\t5\t10.0.0.9\t443\ttcp\t999\t1\tSF\n";

class TimelineTest : public ::testing::Test {
 protected:
  TimelineTest() : ledger_(ledger::create_ledger(case_.path()).value()) {}

  /// Files as a scan found them, mounted elsewhere.
  void scan(int files, std::string_view mtime = "2022-11-23T01:40:00Z", std::string extension = ".bak9") {
    model::Scan scan;
    scan.host = "files1";
    scan.roots = {"/mnt/copy"};
    const std::int64_t id = store_.begin_scan(scan).value();
    std::vector<model::FileRecord> records;
    for (int i = 0; i < files; ++i) {
      model::FileRecord record;
      record.path = fmt::format("/mnt/copy/records/x/image{}.dcm{}", i, extension);
      record.verdict = model::Verdict::encrypted;
      record.certainty = model::Certainty::proven;
      record.mtime_ns = record.ctime_ns = at(mtime) + i * 60'000'000'000;
      records.push_back(record);
    }
    ASSERT_TRUE(store_.record_files(id, records, {}).ok());
    model::Campaign campaign;
    campaign.extension = extension;
    if (!extension.empty()) {
      ASSERT_TRUE(store_.record_campaigns(id, std::span(&campaign, 1)).ok());
    }
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }

  std::vector<ImportedLog> import(const std::string& name, std::string_view text, ImportRequest request = {}) {
    os::testing::write_file(logs_ / name, std::string(text));
    request.paths = {logs_ / name};
    std::vector<ImportedLog> logs;
    const auto outcome = import_logs(request, case_.path(), *ledger_,
                                     {.show = [&](const ImportedLog& log) { logs.push_back(log); }, .cancelled = {}});
    EXPECT_TRUE(outcome.ok()) << outcome.error().what;
    return logs;
  }

  TimelineSummary summarise(const SummaryOptions& options = {}) {
    auto summary = summarise_timeline(case_.path(), store_, options);
    EXPECT_TRUE(summary.ok()) << summary.error().what;
    return std::move(summary).value();
  }

  const ScratchFolder case_;
  const ScratchFolder logs_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

TEST_F(TimelineTest, names_account_address_and_times_of_the_encryption) {
  scan(5);
  import("audit.log", samba_log(4));
  const TimelineSummary summary = summarise();
  ASSERT_EQ(summary.encryptors.size(), 1U);
  const Encryptor& encryptor = summary.encryptors[0];
  EXPECT_EQ(encryptor.account, "desk");
  EXPECT_EQ(encryptor.address, "10.0.0.7");
  EXPECT_EQ(encryptor.host, "files1");
  EXPECT_EQ(encryptor.files, 4U);
  EXPECT_EQ(encryptor.files_matched, 4U);
  EXPECT_EQ(encryptor.certainty, model::Certainty::strong);
  EXPECT_EQ(encryptor.first_proof.evidence, logs_ / "audit.log");
  EXPECT_EQ(encryptor.first_proof.offset_bytes, 0U);
  ASSERT_NE(first_encryption(summary), nullptr);
  EXPECT_EQ(first_encryption(summary)->at_ns, at("2022-11-23T07:07:00+05:30"));
  EXPECT_EQ(last_encryption(summary)->at_ns, at("2022-11-23T07:10:00+05:30"));
  EXPECT_EQ(first_encryption(summary)->certainty, model::Certainty::strong);
  EXPECT_TRUE(summary.contradictions.empty());
}

TEST_F(TimelineTest, the_first_login_from_outside_before_it_is_the_likely_entry) {
  scan(5);
  import("audit.log", samba_log(4));
  import("auth.log", k_sshd);
  const TimelineSummary summary = summarise();
  ASSERT_EQ(summary.entries.size(), 2U);  // not the nurse's inside, not the one after the encryption
  EXPECT_EQ(summary.entries[0].account, "desk");
  EXPECT_EQ(summary.entries[0].address, "8.8.4.4");
  EXPECT_EQ(summary.entries[0].failures_before, 2U);
  EXPECT_TRUE(summary.entries[0].also_encrypted);
  EXPECT_EQ(summary.entries[0].certainty, model::Certainty::strong);
  EXPECT_EQ(summary.entries[1].account, "vendor");
  EXPECT_EQ(summary.entries[1].certainty, model::Certainty::weak);
  SummaryOptions own;
  own.own = {model::parse_ip_block("8.8.4.0/24").value(), model::parse_ip_block("9.9.9.0/24").value()};
  EXPECT_TRUE(summarise(own).entries.empty());
}

TEST_F(TimelineTest, the_first_login_of_who_encrypted_is_shown_also_from_inside) {
  scan(5);
  import("audit.log", samba_log(4));
  EXPECT_EQ(summarise().encryptors.at(0).login_ns, 0);
  import("auth.log",
         "2022-11-22T22:00:00+05:30 files1 sshd[1]: Accepted password for desk from 10.0.0.8 port 1 ssh2\n"
         "2022-11-22T23:00:00+05:30 files1 sshd[1]: Accepted password for desk from 10.0.0.7 port 1 ssh2\n"
         "2022-11-22T23:30:00+05:30 files1 sshd[1]: Accepted password for desk from 10.0.0.7 port 1 ssh2\n");
  const TimelineSummary summary = summarise();
  EXPECT_EQ(summary.encryptors.at(0).login_ns, at("2022-11-22T23:00:00+05:30"));
  EXPECT_EQ(summary.encryptors.at(0).login_proof.evidence, logs_ / "auth.log");
  EXPECT_TRUE(summary.entries.empty());
}

TEST_F(TimelineTest, each_log_shows_what_it_covers) {
  scan(2);
  import("audit.log", samba_log(4));
  import("auth.log", k_sshd);
  const TimelineSummary summary = summarise();
  ASSERT_EQ(summary.coverage.size(), 3U);
  EXPECT_EQ(summary.coverage[0].evidence, logs_ / "auth.log");
  EXPECT_EQ(summary.coverage[0].events, 6U);
  EXPECT_EQ(summary.coverage[0].first_ns, at("2022-11-22T20:00:00+05:30"));
  EXPECT_EQ(summary.coverage[0].last_ns, at("2022-11-24T21:00:00+05:30"));
  EXPECT_EQ(summary.coverage[2].evidence, "");
}

TEST_F(TimelineTest, without_an_input_its_sentence_is_gone) {
  EXPECT_EQ(first_encryption(summarise()), nullptr);
  scan(5);
  const TimelineSummary files_only = summarise();
  ASSERT_NE(first_encryption(files_only), nullptr);
  EXPECT_EQ(first_encryption(files_only)->certainty, model::Certainty::weak);
  EXPECT_EQ(first_encryption(files_only)->proof.basis, model::TimeBasis::file_time);
  EXPECT_TRUE(files_only.encryptors.empty());
  EXPECT_TRUE(files_only.entries.empty());
  EXPECT_TRUE(files_only.outflows.empty());
}

TEST_F(TimelineTest, without_a_scan_only_a_given_extension_tells_renames) {
  import("audit.log", samba_log(4));
  EXPECT_TRUE(summarise().encryptors.empty());
  const TimelineSummary given = summarise({.extensions = {".bak9"}, .own = {}});
  ASSERT_EQ(given.encryptors.size(), 1U);
  EXPECT_EQ(given.encryptors[0].files_matched, 0U);
  EXPECT_EQ(given.encryptors[0].certainty, model::Certainty::weak);
  EXPECT_NE(first_encryption(given)->basis.find("the scan knows no such file"), std::string::npos);
}

TEST_F(TimelineTest, sources_that_disagree_are_both_shown_with_the_gap) {
  scan(5, "2022-11-23T07:07:00Z");  // the clock of the wards, taken for UTC
  import("audit.log", samba_log(5));
  const TimelineSummary summary = summarise();
  ASSERT_EQ(summary.contradictions.size(), 2U);
  EXPECT_EQ(summary.contradictions[0].gap_ns, 19'800'000'000'000);
  EXPECT_EQ(summary.contradictions[0].one.evidence, logs_ / "audit.log");
  EXPECT_EQ(summary.contradictions[0].other.basis, model::TimeBasis::file_time);
  EXPECT_NE(summary.contradictions[0].sentence.find("2022-11-23 01:37:00 UTC"), std::string::npos);
  EXPECT_NE(summary.contradictions[0].sentence.find("2022-11-23 07:07:00 UTC"), std::string::npos);
  EXPECT_EQ(summary.spans.size(), 2U);
}

TEST_F(TimelineTest, two_logs_that_date_one_rename_differently_are_both_shown) {
  scan(5);
  import("one.log", samba_log(2));
  import("other.log", samba_log(2, "2022-11-24"));
  const TimelineSummary summary = summarise();
  const auto found = std::count_if(summary.contradictions.begin(), summary.contradictions.end(),
                                   [](const Contradiction& c) { return c.sentence.starts_with("two logs tell"); });
  EXPECT_EQ(found, 2);
}

TEST_F(TimelineTest, who_wrote_last_is_named_weakly_where_nothing_was_renamed) {
  scan(2, "2022-11-23T01:40:00Z", "");
  std::string log;
  for (const char* line :
       {"2022-01-01T00:00:00Z files1 smbd_audit: nurse|10.0.0.3|pwrite|ok|/srv/records/x/image0.dcm",
        "2022-11-23T01:37:00Z files1 smbd_audit: desk|10.0.0.7|pwrite|ok|/srv/records/x/image0.dcm",
        "2022-11-23T01:38:00Z files1 smbd_audit: desk|10.0.0.7|pwrite|ok|/srv/records/x/image1.dcm",
        "2022-11-23T01:39:00Z files1 smbd_audit: desk|10.0.0.7|pwrite|ok|/srv/records/x/other.dcm"}) {
    log += std::string(line) + "\n";
  }
  import("audit.log", log);
  const TimelineSummary summary = summarise();
  ASSERT_EQ(summary.encryptors.size(), 1U);
  EXPECT_EQ(summary.encryptors[0].account, "desk");
  EXPECT_EQ(summary.encryptors[0].files, 2U);
  EXPECT_FALSE(summary.encryptors[0].by_rename);
  EXPECT_EQ(summary.encryptors[0].certainty, model::Certainty::weak);
  EXPECT_EQ(first_encryption(summary)->at_ns, at("2022-11-23T01:37:00Z"));
}

TEST_F(TimelineTest, bytes_to_outside_are_summed_also_those_of_answers) {
  import("conn.log", k_flows);
  const TimelineSummary summary = summarise();
  ASSERT_EQ(summary.outflows.size(), 2U);
  EXPECT_EQ(summary.outflows[0].to_address, "8.8.8.8");
  EXPECT_EQ(summary.outflows[0].bytes, 5'000'000'000U);
  EXPECT_EQ(summary.outflows[0].largest_from, "10.0.0.7");
  EXPECT_EQ(summary.outflows[1].to_address, "8.8.4.4");
  EXPECT_EQ(summary.outflows[1].bytes, 70'000U);
}

TEST_F(TimelineTest, a_packed_log_is_read_and_a_cut_one_read_as_far_as_it_goes) {
  os::testing::write_file(logs_ / "plain", samba_log(50));
  std::string gzip = "gzip -k '" + (logs_ / "plain") + "'";
  ASSERT_EQ(std::system(gzip.c_str()), 0);  // NOLINT: the test's own words
  const std::string packed = os::testing::read_file(logs_ / "plain.gz");
  const auto whole = import("a.gz", packed);
  ASSERT_EQ(whole.size(), 1U);
  EXPECT_EQ(whole[0].events, 50U);
  EXPECT_EQ(whole[0].bytes, packed.size());
  EXPECT_TRUE(whole[0].why.empty());
  const auto cut = import("b.gz", packed.substr(0, packed.size() - 9));
  ASSERT_EQ(cut.size(), 1U);
  EXPECT_NE(cut[0].why.find("cannot be unpacked"), std::string::npos);
  EXPECT_GT(cut[0].events, 0U);
}

TEST_F(TimelineTest, the_ledger_says_what_was_read_before_and_after) {
  import("audit.log", samba_log(3) + "garbage\n2022-02-30T00:00:00Z a b: c\n");
  std::vector<ledger::Entry> entries;
  ASSERT_TRUE(ledger::read_ledger(
                  case_.path() + "/ledger", {},
                  [&](const ledger::Entry& entry, std::string_view, std::uint64_t) { entries.push_back(entry); })
                  .ok());
  ASSERT_EQ(entries.size(), 4U);
  EXPECT_EQ(entries[1].kind, "timeline-import-begun");
  EXPECT_EQ(entries[2].kind, "log-read");
  EXPECT_EQ(std::get<std::int64_t>(entries[2].fields.at("events")), 3);
  EXPECT_EQ(std::get<std::int64_t>(entries[2].fields.at("not_understood")), 1);
  EXPECT_EQ(std::get<std::int64_t>(entries[2].fields.at("bad_times")), 1);
  EXPECT_EQ(entries[3].kind, "timeline-imported");
  const std::string name = std::get<std::string>(entries[3].fields.at("event_file"));
  EXPECT_EQ(name, event_file_name(2));
  const std::string file = os::testing::read_file(case_.path() + "/events/" + name);
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(file)));
  EXPECT_EQ(std::get<std::string>(entries[3].fields.at("sha256")),
            base::hex(base::ByteView(std::span<const std::uint8_t>(digest))));
}

TEST_F(TimelineTest, a_log_that_its_own_system_packs_is_answered_with_the_way_to_read_it) {
  const auto windows = import("Security.evtx", std::string("ElfFile\0\1\0\0\0", 12) + std::string(4096, '\0'));
  ASSERT_EQ(windows.size(), 1U);
  EXPECT_EQ(windows[0].state, LogState::not_recognised);
  EXPECT_NE(windows[0].why.find("hayabusa json-timeline"), std::string::npos);
  const auto journal = import("system.journal", "LPKSHHRH" + std::string(4096, '\0'));
  ASSERT_EQ(journal.size(), 1U);
  EXPECT_NE(journal[0].why.find("journalctl"), std::string::npos);
}

TEST_F(TimelineTest, the_same_bytes_are_imported_once) {
  import("audit.log", samba_log(3));
  const auto again = import("copy.log", samba_log(3));
  ASSERT_EQ(again.size(), 1U);
  EXPECT_EQ(again[0].state, LogState::known);
  EXPECT_EQ(summarise().events, 3U);
}

TEST_F(TimelineTest, without_a_logs_events_what_stood_on_them_is_gone_and_the_loss_is_said) {
  import("audit.log", samba_log(3));
  import("auth.log", k_sshd);
  import("empty.log", "garbage\n");
  SummaryOptions options;
  options.extensions = {".bak9"};
  EXPECT_FALSE(summarise(options).entries.empty());
  EXPECT_TRUE(summarise(options).limits.empty());
  std::filesystem::remove(find_event_files(case_.path()).value().back());
  const TimelineSummary summary = summarise(options);
  EXPECT_TRUE(summary.entries.empty());
  EXPECT_EQ(summary.encryptors.size(), 1U);
  ASSERT_EQ(summary.limits.size(), 1U);
  EXPECT_NE(summary.limits[0].find("auth.log'"), std::string::npos) << summary.limits[0];
  EXPECT_EQ(import("auth.log", k_sshd)[0].state, LogState::imported);
  EXPECT_TRUE(summarise(options).limits.empty());
}

TEST_F(TimelineTest, a_cancelled_import_keeps_nothing) {
  os::testing::write_file(logs_ / "a.log", samba_log(3));
  ImportRequest request;
  request.paths = {logs_.path()};
  const auto outcome = import_logs(request, case_.path(), *ledger_, {.show = {}, .cancelled = [] { return true; }});
  ASSERT_TRUE(outcome.ok());
  EXPECT_TRUE(outcome.value().cancelled);
  EXPECT_TRUE(find_event_files(case_.path()).value().empty());
  EXPECT_EQ(import("b.log", samba_log(3))[0].state, LogState::imported);
}

TEST_F(TimelineTest, years_that_a_log_does_not_write_come_from_the_time_of_its_file) {
  os::testing::write_file(logs_ / "auth.log", "Dec 31 23:00:00 a sshd[1]: x\nJan  1 00:00:00 a sshd[1]: y\n");
  const std::chrono::sys_seconds february_2023 = std::chrono::sys_days(std::chrono::year(2023) / 2 / 1);
  std::filesystem::last_write_time(logs_ / "auth.log", std::chrono::file_clock::from_sys(february_2023));
  ImportRequest request;
  request.paths = {logs_.path()};
  ASSERT_TRUE(import_logs(request, case_.path(), *ledger_, {}).ok());
  const TimelineSummary summary = summarise();
  EXPECT_EQ(summary.first_ns, at("2022-12-31T23:00:00Z"));
  EXPECT_EQ(summary.last_ns, at("2023-01-01T00:00:00Z"));
}

TEST_F(TimelineTest, bars_of_a_picture_stand_where_their_events_were) {
  // 120 bins would be shorter than the five minutes that are counted together.
  import("audit.log", samba_log(50));
  SummaryOptions options;
  options.extensions = {".bak9"};
  const std::string picture = draw_timeline(summarise(options), "+05:30");
  const std::size_t encryption = picture.find(R"(fill="#c53030")");
  ASSERT_NE(encryption, std::string::npos);
  const std::size_t bar = picture.rfind(R"(<rect x=")", encryption);
  const double from = std::stod(picture.substr(bar + 9));
  const double width = std::stod(picture.substr(picture.find(R"(width=")", bar) + 7));
  const std::size_t dashed = picture.find("stroke-dasharray");
  ASSERT_NE(dashed, std::string::npos);
  const double first_encryption_x = std::stod(picture.substr(picture.rfind(R"(<line x1=")", dashed) + 10));
  EXPECT_LE(from, first_encryption_x);
  EXPECT_GE(from + width + 1, first_encryption_x);
}

TEST_F(TimelineTest, a_picture_marks_the_moments_and_runs_nothing) {
  scan(5);
  import("audit.log", samba_log(4));
  import("auth.log", k_sshd);
  const std::string picture = draw_timeline(summarise(), "+05:30");
  EXPECT_NE(picture.find("first encryption 2022-11-23 07:07:00 +05:30"), std::string::npos);
  EXPECT_NE(picture.find("last encryption"), std::string::npos);
  EXPECT_NE(picture.find("login from outside"), std::string::npos);
  EXPECT_LT(picture.rfind("stroke-dasharray"), picture.find(R"(class="m")")) << "a line goes through words";
  EXPECT_NE(picture.find("paint-order:stroke;stroke:#fff"), std::string::npos) << "words stand on a line";
  EXPECT_EQ(picture.find("script"), std::string::npos);
  EXPECT_TRUE(picture.starts_with("<svg ") && picture.ends_with("</svg>"));
  EXPECT_EQ(draw_timeline({}, {}).find("<svg"), std::string::npos);
}

TEST_F(TimelineTest, timesketch_lines_have_both_times_equal) {
  model::Event event;
  event.at_ns = at("2022-11-23T01:37:00.123456789Z");
  event.kind = model::EventKind::file_renamed;
  event.path = "/srv/\xff";
  event.what = "renameat";
  const std::string line = timesketch_line(events::view_of(event));
  EXPECT_NE(line.find(R"("datetime":"2022-11-23T01:37:00.123456+00:00","timestamp":1669167420123456)"),
            std::string::npos)
      << line;
  EXPECT_NE(line.find(R"(\\xff)"), std::string::npos) << line;
}

TEST_F(TimelineTest, snapshots_stand_in_it) {
  model::BackupSource source;
  source.name = "nas";
  ASSERT_TRUE(store_.backups().put_source(source).ok());
  model::JudgedSnapshot judged;
  judged.snapshot.id = "s1";
  judged.snapshot.time_ns = at("2022-11-22T00:00:00Z");
  ASSERT_TRUE(store_.backups().record_snapshots("nas", std::span(&judged, 1), {}).ok());
  const TimelineSummary summary = summarise();
  EXPECT_EQ(summary.events_by_kind[static_cast<std::size_t>(model::EventKind::snapshot_made)], 1U);
}

}  // namespace
}  // namespace lastgood::timeline
