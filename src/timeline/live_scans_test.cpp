// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that of folders which were scanned together and apart each path is told once, by the newer scan, or by the one
// that saw the attack.
#include "timeline/live_scans.h"

#include <gtest/gtest.h>

#include "casefile/scan_options.h"
#include "casefile/testing/memory_case_store.h"

namespace lastgood::timeline {
namespace {

using model::Verdict;
using Files = std::vector<std::pair<std::string, Verdict>>;

class LiveScansTest : public ::testing::Test {
 protected:
  std::int64_t scan(const std::vector<std::string>& roots, const Files& files, const std::string& host = "db1",
                    std::int64_t finished_ns = 1, const std::string& options = std::string(casefile::k_all_names)) {
    const std::int64_t id =
        store_.begin_scan({.host = host, .roots = roots, .options = options, .finished_ns = finished_ns}).value();
    model::ScanCounts counts;
    std::vector<model::FileRecord> records;
    std::vector<model::Sighting> sightings;
    for (const auto& [path, verdict] : files) {
      model::FileRecord record;
      record.path = path;
      record.verdict = verdict;
      record.size_bytes = 10;
      counts.count(verdict, 10, 10);
      records.push_back(record);
      sightings.push_back({.kind = "email", .value = "a@b.example", .level = "exact", .path = path});
    }
    EXPECT_TRUE(store_.record_files(id, records, sightings).ok());
    if (finished_ns != 0) {
      EXPECT_TRUE(store_.finish_scan(id, finished_ns, counts).ok());
    }
    return id;
  }

  /// "scan path verdict", in the order shown.
  std::vector<std::string> told(LiveScans which = LiveScans::as_struck) {
    std::vector<std::string> out;
    const auto live = find_live_scans(store_, which);
    EXPECT_TRUE(live.ok());
    for (const LiveScan& one : live.value()) {
      std::size_t sighted = 0;
      EXPECT_TRUE(visit_live_sightings(store_, one, [&](const model::Sighting&) {
                    ++sighted;
                    return true;
                  }).ok());
      const std::size_t before = out.size();
      EXPECT_TRUE(visit_live_files(store_, one, {}, [&](const model::FileRecord& file) {
                    out.push_back(std::to_string(one.scan.id) + " " + file.path + " " +
                                  std::string(name_of(file.verdict)));
                    return true;
                  }).ok());
      EXPECT_EQ(sighted, out.size() - before) << "of each file that is told one, of the others none";
    }
    return out;
  }

  casefile::testing::MemoryCaseStore store_;
};

TEST_F(LiveScansTest, APathOfTwoScansIsToldOnceByTheNewerOne) {
  scan({"/srv"}, {{"/srv/a", Verdict::intact}, {"/srv/opd/b", Verdict::intact}, {"/srv/opd-2/c", Verdict::intact}});
  scan({"/srv/opd"}, {{"/srv/opd/b", Verdict::encrypted}});
  const std::vector<std::string> once = {"1 /srv/a intact", "1 /srv/opd-2/c intact", "2 /srv/opd/b encrypted"};
  EXPECT_EQ(told(), once);
  EXPECT_EQ(told(LiveScans::newest), once);
  EXPECT_EQ(find_live_scans(store_).value().at(0).before.size(), 1U);
  EXPECT_TRUE(find_live_scans(store_).value().at(1).before.empty());
}

TEST_F(LiveScansTest, AWiderScanLaterTellsOfAll) {
  scan({"/srv/opd/"}, {{"/srv/opd/b", Verdict::encrypted}});
  scan({"/"}, {{"/srv/a", Verdict::intact}, {"/srv/opd/b", Verdict::encrypted}});
  EXPECT_EQ(told(), (std::vector<std::string>{"2 /srv/a intact", "2 /srv/opd/b encrypted"}));
}

TEST_F(LiveScansTest, AFileThatWasRenamedBetweenTwoScansIsNoSecondFile) {
  scan({"/srv"}, {{"/srv/opd/b.doc", Verdict::intact}, {"/srv/opd/gone/c", Verdict::intact}});
  scan({"/srv/opd"}, {{"/srv/opd/b.doc.bak9", Verdict::encrypted}});
  EXPECT_EQ(told(), (std::vector<std::string>{"1 /srv/opd/gone/c intact", "2 /srv/opd/b.doc.bak9 encrypted"}))
      << "of a folder that the newer one did not see nobody else tells";
}

TEST_F(LiveScansTest, AScanThatLeftNamesOutOrWasInterruptedTellsOfWhatItSawAlone) {
  const Files all = {{"/srv/opd/a", Verdict::encrypted}, {"/srv/opd/b", Verdict::encrypted}};
  scan({"/srv"}, all);
  scan({"/srv/opd"}, {{"/srv/opd/a", Verdict::encrypted}}, "db1", 1, "includes=a;excludes=;");
  EXPECT_EQ(told(), (std::vector<std::string>{"1 /srv/opd/b encrypted", "2 /srv/opd/a encrypted"}));
  scan({"/srv/opd", "/var"}, {{"/srv/opd/b", Verdict::encrypted}}, "db1", 0);
  EXPECT_EQ(told(LiveScans::newest), (std::vector<std::string>{"2 /srv/opd/a encrypted", "3 /srv/opd/b encrypted"}));
}

TEST_F(LiveScansTest, TheAttackDoesNotShrinkWhenGoodFilesAreBackAndAPartIsScannedAgain) {
  scan({"/srv"}, {{"/srv/a", Verdict::intact}, {"/srv/opd/b.bak9", Verdict::encrypted}});
  scan({"/srv/opd"}, {{"/srv/opd/b", Verdict::intact}});
  scan({"/"}, {{"/srv/a", Verdict::intact}, {"/srv/opd/b", Verdict::intact}, {"/var/c", Verdict::intact}});
  EXPECT_EQ(told(), (std::vector<std::string>{"1 /srv/a intact", "1 /srv/opd/b.bak9 encrypted", "3 /var/c intact"}));
  EXPECT_EQ(told(LiveScans::newest),
            (std::vector<std::string>{"3 /srv/a intact", "3 /srv/opd/b intact", "3 /var/c intact"}));
}

TEST_F(LiveScansTest, TheSamePathOnAnotherMachineIsAnotherFile) {
  scan({"/srv"}, {{"/srv/a", Verdict::intact}});
  scan({"/srv/a"}, {{"/srv/a", Verdict::encrypted}}, "db2");
  EXPECT_EQ(told().size(), 2U);
  scan({"/srv/a"}, {{"/srv/a", Verdict::encrypted}});
  EXPECT_EQ(told(), (std::vector<std::string>{"2 /srv/a encrypted", "3 /srv/a encrypted"})) << "a root may be a file";
}

}  // namespace
}  // namespace lastgood::timeline
