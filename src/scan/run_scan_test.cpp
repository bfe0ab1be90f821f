// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a scan ends, records everything it was asked to look at, and says so when it could not: on folders that
// cannot be opened, files that go away, a store that fails, and after an interruption.
#include "scan/run_scan.h"
#include "casefile/scan_options.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/stat.h>
#include <unistd.h>

#include <atomic>
#include <fstream>
#include <thread>

#include "casefile/recorder.h"
#include "casefile/testing/memory_case_store.h"
#include "casefile/testing/sample_records.h"
#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"
#include "scan/judge_file.h"

namespace lastgood::scan {

namespace {

namespace fs = std::filesystem;
using casefile::testing::files_in;
using casefile::testing::MemoryCaseStore;
using model::FileRecord;
using model::Verdict;
using os::testing::read_file;
using os::testing::run_in_child;
using os::testing::ScratchFolder;
using os::testing::write_file;

enum class Patience : std::uint8_t { endless, none };

class SilentProgress final : public ScanProgress {
 public:
  explicit SilentProgress(Patience patience = Patience::endless) : patience_(patience) {}
  void walking(const ScanTally& /*tally*/) override {}
  void step(const std::string& what) override { steps.push_back(what); }
  [[nodiscard]] bool cancelled() const override { return patience_ == Patience::none; }
  std::vector<std::string> steps;

 private:
  Patience patience_;
};

/// A store that has room for so many calls of record_files.
class FullStore final : public casefile::CaseStore {
 public:
  explicit FullStore(int batches_with_room) : room_(batches_with_room) {}
  base::Result<std::int64_t> begin_scan(const model::Scan& scan) override { return inner_.begin_scan(scan); }
  base::Status record_files(std::int64_t scan_id, std::span<const FileRecord> files,
                            std::span<const model::Sighting> sightings) override {
    ++calls_;
    if (room_-- <= 0) return base::system_error("write", "case.sqlite", ENOSPC);
    return inner_.record_files(scan_id, files, sightings);
  }
  base::Status amend_files(std::int64_t scan_id, std::span<const FileRecord> files) override {
    return inner_.amend_files(scan_id, files);
  }
  base::Result<std::vector<std::int64_t>> record_campaigns(std::int64_t scan_id,
                                                           std::span<const model::Campaign> campaigns) override {
    return inner_.record_campaigns(scan_id, campaigns);
  }
  base::Status finish_scan(std::int64_t scan_id, std::int64_t finished_ns, const model::ScanCounts& counts) override {
    return inner_.finish_scan(scan_id, finished_ns, counts);
  }
  base::Result<std::vector<model::Scan>> scans() override { return inner_.scans(); }
  base::Result<std::vector<model::Campaign>> campaigns(std::int64_t scan_id) override {
    return inner_.campaigns(scan_id);
  }
  base::Status visit_files(const casefile::FileFilter& filter, const casefile::FileVisitor& visitor) override {
    return inner_.visit_files(filter, visitor);
  }
  base::Result<model::ScanCounts> count_files(std::int64_t scan_id) override { return inner_.count_files(scan_id); }
  base::Status visit_sightings(std::int64_t scan_id, const casefile::SightingVisitor& visitor) override {
    return inner_.visit_sightings(scan_id, visitor);
  }
  base::Result<std::vector<casefile::KnownFile>> known_files(std::int64_t scan_id,
                                                             std::string_view directory) override {
    return inner_.known_files(scan_id, directory);
  }
  base::Result<std::optional<std::string>> setting(std::string_view name) override { return inner_.setting(name); }
  base::Status put_setting(std::string_view name, std::string_view value) override {
    return inner_.put_setting(name, value);
  }
  casefile::BackupStore& backups() override { return inner_.backups(); }
  casefile::InvestigationStore& investigation() override { return inner_.investigation(); }
  [[nodiscard]] int calls() const { return calls_; }

 private:
  MemoryCaseStore inner_;
  int room_;
  int calls_ = 0;
};

class ScanTest : public ::testing::Test {
 protected:
  ScanTest() : ledger_(ledger::create_ledger(case_.path()).value()) {}

  ScanRequest request_of(std::vector<std::string> roots, unsigned threads = 4) const {
    ScanRequest request;
    request.roots = std::move(roots);
    request.host = "ward7";
    request.threads = threads;
    request.case_folder = case_.path();
    return request;
  }
  base::Result<ScanOutcome> run(const ScanRequest& request, casefile::CaseStore& store,
                                Patience patience = Patience::endless) {
    SilentProgress progress(patience);
    return run_scan(request, store, *ledger_, progress);
  }
  ScanOutcome run_well(const ScanRequest& request) {
    auto outcome = run(request, store_);
    EXPECT_TRUE(outcome.ok()) << (outcome.ok() ? "" : outcome.error().what);
    return outcome.ok() ? std::move(outcome).value() : ScanOutcome{};
  }
  std::vector<FileRecord> files(std::int64_t scan_id) {
    return files_in(store_, {.scan_id = scan_id, .verdicts = {}, .path = {}, .path_below = {}});
  }
  [[nodiscard]] int count_in_ledger(const std::string& kind) const {
    const std::string text = read_file(case_ / "ledger");
    int count = 0;
    for (std::size_t at = text.find("\"" + kind + "\""); at != std::string::npos;
         at = text.find("\"" + kind + "\"", at + 1))
      ++count;
    return count;
  }

  const ScratchFolder case_;
  const ScratchFolder tree_;
  MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
};

constexpr std::string_view k_text = "patient;date;value\nA. B.;2022-11-23;4.5\nC. D.;2022-11-24;5.1\n";

TEST_F(ScanTest, judges_every_file_and_the_ledger_hears_of_it_before_and_after) {
  fs::create_directories(tree_ / "a/b/c");
  write_file(tree_ / "a/b/c/list.csv", std::string(k_text));
  write_file(tree_ / "top.csv", std::string(k_text));
  write_file(tree_ / "empty", "");
  fs::create_symlink("/etc", tree_ / "link");
  const ScanOutcome outcome = run_well(request_of({tree_.path()}));
  EXPECT_TRUE(outcome.finished);
  EXPECT_EQ(outcome.counts.files, 3U);
  EXPECT_EQ(outcome.counts.skipped, 1U);
  EXPECT_EQ(outcome.counts.bytes, 2 * k_text.size());
  EXPECT_EQ(outcome.counts.files_by_verdict.at(static_cast<std::size_t>(Verdict::intact)), 3U);
  EXPECT_EQ(store_.scans().value().at(0).counts.files, 3U);
  EXPECT_NE(store_.scans().value().at(0).finished_ns, 0);
  EXPECT_TRUE(store_.scans().value().at(0).options.starts_with(casefile::k_all_names));
  EXPECT_EQ(count_in_ledger("scan-begun"), 1);
  EXPECT_EQ(count_in_ledger("scan-finished"), 1);
  EXPECT_TRUE(ledger_->check().ok());
}

TEST_F(ScanTest, a_root_may_be_one_file_and_its_neighbours_are_left_alone) {
  write_file(tree_ / "one.csv", std::string(k_text));
  write_file(tree_ / "two.csv", std::string(k_text));
  const ScanOutcome outcome = run_well(request_of({tree_ / "one.csv"}));
  ASSERT_EQ(outcome.counts.files, 1U);
  EXPECT_EQ(files(outcome.scan_id)[0].path, tree_ / "one.csv");
}

TEST_F(ScanTest, what_is_excluded_and_the_case_itself_are_skipped_and_counted) {
  fs::create_directories(tree_ / "cache/deep");
  write_file(tree_ / "cache/deep/x.csv", std::string(k_text));
  write_file(tree_ / "x.tmp", std::string(k_text));
  write_file(tree_ / "x.csv", std::string(k_text));
  ScanRequest request = request_of({tree_.path(), case_.path()});
  request.excludes = {"cache", "*.tmp"};
  const ScanOutcome outcome = run_well(request);
  ASSERT_EQ(outcome.counts.files, 1U);
  EXPECT_EQ(outcome.counts.skipped, 3U);
  EXPECT_FALSE(store_.scans().value().at(0).options.starts_with(casefile::k_all_names));
  EXPECT_EQ(files(outcome.scan_id)[0].path, tree_ / "x.csv");
}

TEST_F(ScanTest, ends_on_deep_and_wide_trees_with_few_and_with_many_threads) {
  std::string deep = tree_.path();
  for (int i = 0; i < 100; ++i) deep += "/d";
  fs::create_directories(deep);
  for (int i = 0; i < 300; ++i) {
    fs::create_directory(tree_ / std::to_string(i));
    write_file(tree_ / (std::to_string(i) + "/x"), "x\n");
  }
  write_file(deep + "/bottom", "x\n");
  for (const unsigned threads : {1U, 2U, 32U})
    EXPECT_EQ(run_well(request_of({tree_.path()}, threads)).counts.files, 301U) << threads;
}

TEST_F(ScanTest, records_each_of_100000_empty_files_in_one_folder) {
  constexpr std::size_t k_files = 100'000;
  for (std::size_t i = 0; i < k_files; ++i) {
    const int fd = ::creat((tree_ / std::to_string(i)).c_str(), 0600);
    ASSERT_GE(fd, 0);
    ::close(fd);
  }
  const ScanOutcome outcome = run_well(request_of({tree_.path()}));
  EXPECT_EQ(outcome.counts.files, k_files);
  EXPECT_EQ(outcome.counts.files_by_verdict.at(static_cast<std::size_t>(Verdict::intact)), k_files);
  std::size_t stored = 0;
  ASSERT_TRUE(
      store_
          .visit_files(
              {.scan_id = outcome.scan_id, .verdicts = {}, .path = {}, .path_below = tree_.path(), .details = false},
              [&](const FileRecord& file) {
                stored += file.format == "empty" ? 1U : 0U;
                return true;
              })
          .ok());
  EXPECT_EQ(stored, k_files);
}

TEST_F(ScanTest, stops_with_the_stores_error_when_results_can_no_longer_be_kept) {
  for (int i = 0; i < 5000; ++i) write_file(tree_ / std::to_string(i), "x\n");
  for (const int room : {0, 1}) {
    FullStore store(room);
    const auto outcome = run(request_of({tree_.path()}), store);
    ASSERT_FALSE(outcome.ok());
    EXPECT_EQ(outcome.error().code, base::ErrorCode::no_space);
    EXPECT_EQ(store.calls(), room + 1) << "a store that failed is not asked again";
    EXPECT_EQ(store.scans().value().at(0).finished_ns, 0);
  }
  EXPECT_EQ(count_in_ledger("scan-begun"), 2);
  EXPECT_EQ(count_in_ledger("scan-finished"), 0);
}

/// Keeps of every file how many bytes it was shown; changes a file when it is looked at first, where asked to.
class CountingSearch final : public inspect::FileSearch {
 public:
  std::unique_ptr<inspect::FileLook> begin(base::ByteSource& file, os::EvidenceFile* /*on_disk*/,
                                           const std::string& path) override {
    if (path == grows_ && !std::exchange(has_grown_, true)) std::ofstream(path, std::ios::app) << "more\n";
    ++looks_;
    return std::make_unique<Look>(path, file.size_bytes());
  }
  void note_unreadable() override { ++unreadable_; }
  void grow_when_looked_at(const std::string& path) { grows_ = path; }
  [[nodiscard]] int looks() const { return looks_; }
  [[nodiscard]] int unreadable() const { return unreadable_; }

 private:
  class Look final : public inspect::FileLook {
   public:
    Look(std::string path, std::uint64_t size_bytes) : path_(std::move(path)), size_bytes_(size_bytes) {}
    void see(base::ByteView bytes) override { seen_bytes_ += bytes.size(); }
    void fail(const base::Error& error) override { ADD_FAILURE() << error.what; }
    std::optional<model::SearchedFile> finish(const std::vector<std::uint8_t>& sha256) override {
      EXPECT_EQ(seen_bytes_, size_bytes_) << path_;
      EXPECT_EQ(sha256.size(), 32U) << path_;
      return model::SearchedFile{.path = path_, .size_bytes = seen_bytes_, .sha256 = {}, .values = {{.kind = "email"}}};
    }

   private:
    std::string path_;
    std::uint64_t size_bytes_;
    std::uint64_t seen_bytes_ = 0;
  };
  std::string grows_;
  bool has_grown_ = false;
  std::atomic<int> looks_ = 0;
  std::atomic<int> unreadable_ = 0;
};

std::vector<model::SearchedFile> searched_in(casefile::CaseStore& store) {
  std::vector<model::SearchedFile> searched;
  EXPECT_TRUE(store.investigation()
                  .visit_searched([&](const model::SearchedFile& file) {
                    searched.push_back(file);
                    return true;
                  })
                  .ok());
  return searched;
}

TEST_F(ScanTest, shows_a_search_every_byte_and_stores_what_it_finds_before_the_file) {
  write_file(tree_ / "list.csv", std::string(k_text));
  write_file(tree_ / "empty", "");
  write_file(tree_ / "long.txt", std::string(700'000, 'x'));
  for (const model::Depth depth : {model::Depth::quick, model::Depth::standard, model::Depth::full}) {
    for (const int room : {0, 1}) {
      ScanRequest request = request_of({tree_.path()});
      request.depth = depth;
      FullStore store(room);
      CountingSearch search;
      SilentProgress progress;
      EXPECT_EQ(run_scan(request, store, *ledger_, progress, &search).ok(), room == 1);
      EXPECT_EQ(search.looks(), 3);
      EXPECT_EQ(searched_in(store).size(), 3U) << "a scan that goes on leaves recorded files alone";
      EXPECT_EQ(files_in(store, {.scan_id = 1}).size(), room == 1 ? 3U : 0U);
    }
  }
}

TEST_F(ScanTest, searches_a_file_that_changed_again_when_it_is_judged_again) {
  const std::string path = tree_ / "list.csv";
  std::string noise;
  for (std::uint32_t i = 1; noise.size() < 50'000; i = i * 1'664'525U + 1'013'904'223U)
    noise += static_cast<char>(i >> 24U);
  write_file(path, noise);
  CountingSearch search;
  search.grow_when_looked_at(path);
  SilentProgress progress;
  ASSERT_TRUE(run_scan(request_of({tree_.path()}), store_, *ledger_, progress, &search).ok());
  EXPECT_EQ(search.looks(), 2);
  const auto searched = searched_in(store_);
  ASSERT_EQ(searched.size(), 1U);
  EXPECT_EQ(searched[0].size_bytes, noise.size() + 5);
}

TEST_F(ScanTest, goes_on_with_a_scan_that_searched_only_when_it_searches) {
  write_file(tree_ / "list.csv", std::string(k_text));
  CountingSearch search;
  SilentProgress stopped(Patience::none);
  ScanRequest request = request_of({tree_.path()});
  ASSERT_TRUE(run_scan(request, store_, *ledger_, stopped, &search).ok());
  request.resume = Resume::yes;
  EXPECT_EQ(run(request, store_).error().code, base::ErrorCode::misuse);
  SilentProgress progress;
  EXPECT_TRUE(run_scan(request, store_, *ledger_, progress, &search).ok());
}

TEST_F(ScanTest, a_root_that_is_not_there_is_an_error) {
  const auto outcome = run(request_of({tree_ / "nothing"}), store_);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, base::ErrorCode::not_found);
}

TEST_F(ScanTest, a_file_that_vanished_since_it_was_listed_is_recorded_with_the_reason) {
  const os::Descriptor folder = os::open_evidence_root(tree_.path()).value();
  const inspect::JudgedFile judged = judge_file(folder, tree_.path(), "gone.csv", {});
  EXPECT_EQ(judged.record.path, tree_ / "gone.csv");
  EXPECT_EQ(judged.record.verdict, Verdict::unreadable);
  ASSERT_EQ(judged.record.reasons.size(), 1U);
  EXPECT_NE(judged.record.reasons[0].sentence.find("no such file"), std::string::npos)
      << judged.record.reasons[0].sentence;
}

TEST_F(ScanTest, a_link_or_a_pipe_that_took_a_files_place_is_not_followed) {
  write_file(tree_ / "secret", std::string(k_text));
  fs::create_symlink("secret", tree_ / "link.csv");
  ASSERT_EQ(::mkfifo((tree_ / "pipe.csv").c_str(), 0600), 0);
  const os::Descriptor folder = os::open_evidence_root(tree_.path()).value();
  for (const char* name : {"link.csv", "pipe.csv"}) {
    const inspect::JudgedFile judged = judge_file(folder, tree_.path(), name, {});
    EXPECT_EQ(judged.record.verdict, Verdict::unreadable) << name;
    EXPECT_FALSE(judged.record.reasons.empty()) << name;
  }
}

/// A scan as an ordinary user, whoever runs the tests; its exit status says what was wrong.
int scan_without_rights(const std::string& tree, const std::string& case_folder) {
  constexpr unsigned k_nobody = 65534;
  if (::geteuid() == 0 && (::setgid(k_nobody) != 0 || ::setuid(k_nobody) != 0)) return 10;
  MemoryCaseStore store;
  auto ledger = ledger::create_ledger(case_folder);
  if (!ledger.ok()) return 11;
  SilentProgress progress;
  ScanRequest request;
  request.roots = {tree};
  request.threads = 2;
  if (!run_scan(request, store, *ledger.value(), progress).ok()) return 12;
  const std::vector<FileRecord> files = files_in(store);
  if (files.size() != 3) return 13;
  for (const FileRecord& file : files) {
    const bool is_closed = file.path != tree + "/open.csv";
    if ((file.verdict == Verdict::unreadable) != is_closed) return 14;
    if (is_closed &&
        (file.reasons.size() != 1 || file.reasons[0].sentence.find("ermission denied") == std::string::npos))
      return 15;
  }
  return 0;
}

TEST_F(ScanTest, a_folder_and_a_file_without_permission_are_recorded_and_the_rest_is_judged) {
  fs::create_directory(tree_ / "closed");
  write_file(tree_ / "closed/unseen.csv", std::string(k_text));
  write_file(tree_ / "closed.csv", std::string(k_text));
  write_file(tree_ / "open.csv", std::string(k_text));
  for (const std::string& path :
       {tree_.path(), case_.path(), tree_ / "closed", tree_ / "closed.csv", tree_ / "open.csv"}) {
    if (::geteuid() == 0) {
      ASSERT_EQ(::chown(path.c_str(), 65534, 65534), 0);
    }
  }
  ASSERT_EQ(::chmod((tree_ / "closed").c_str(), 0), 0);
  ASSERT_EQ(::chmod((tree_ / "closed.csv").c_str(), 0), 0);
  fs::remove(case_ / "ledger");
  EXPECT_EQ(run_in_child([&] { return scan_without_rights(tree_.path(), case_.path()); }), 0);
  ASSERT_EQ(::chmod((tree_ / "closed").c_str(), 0700), 0);  // so that the scratch folder can be removed
}

FileRecord planted(const std::string& path) {
  const std::size_t slash = path.rfind('/');
  const os::Descriptor folder = os::open_evidence_root(path.substr(0, slash)).value();
  const os::FileStatus status = os::status_at(folder, path.substr(slash + 1), path).value();
  FileRecord record;
  record.path = path;
  record.size_bytes = status.size_bytes;
  record.mtime_ns = status.mtime_ns;
  record.ctime_ns = status.ctime_ns;
  record.verdict = Verdict::damaged;  // not what a look would say: shows whether one was taken
  record.certainty = model::Certainty::proven;
  return record;
}

TEST_F(ScanTest, a_resumed_scan_leaves_known_files_alone_and_judges_new_and_changed_ones) {
  fs::create_directory(tree_ / "sub");
  for (const char* name : {"known.csv", "sub/known.csv", "grown.csv", "touched.csv", "new.csv"})
    write_file(tree_ / name, std::string(k_text));
  const auto interrupted = run(request_of({tree_.path()}), store_, Patience::none);
  ASSERT_TRUE(interrupted.ok());
  EXPECT_FALSE(interrupted.value().finished);
  const std::int64_t scan_id = interrupted.value().scan_id;
  EXPECT_EQ(store_.scans().value().at(0).finished_ns, 0);
  std::vector<FileRecord> before;
  for (const char* name : {"known.csv", "sub/known.csv", "grown.csv", "touched.csv"})
    before.push_back(planted(tree_ / name));
  before[2].size_bytes -= 1;
  before[3].ctime_ns -= 1;
  ASSERT_TRUE(store_.record_files(scan_id, before, {}).ok());

  ScanRequest request = request_of({tree_.path()});
  request.resume = Resume::yes;
  const ScanOutcome outcome = run_well(request);
  EXPECT_TRUE(outcome.finished);
  EXPECT_EQ(outcome.scan_id, scan_id);
  EXPECT_EQ(store_.scans().value().size(), 1U);
  ASSERT_EQ(outcome.counts.files, 5U);
  for (const FileRecord& file : files(scan_id)) {
    EXPECT_EQ(file.verdict, file.path.ends_with("/known.csv") ? Verdict::damaged : Verdict::intact) << file.path;
  }
  EXPECT_EQ(count_in_ledger("scan-begun"), 2);
  EXPECT_EQ(count_in_ledger("scan-finished"), 1);
}

TEST_F(ScanTest, resumes_nothing_but_an_interrupted_scan_of_the_same_request) {
  write_file(tree_ / "x.csv", std::string(k_text));
  ASSERT_TRUE(run(request_of({tree_.path()}), store_, Patience::none).ok());
  ScanRequest other = request_of({tree_.path()});
  other.resume = Resume::yes;
  other.depth = model::Depth::full;
  const auto refused = run(other, store_);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::misuse);
  EXPECT_FALSE(refused.error().hint.empty());
  other.depth = model::Depth::standard;
  EXPECT_TRUE(run(other, store_).ok());
  EXPECT_FALSE(run(other, store_).ok()) << "a finished scan is not resumed";
}

TEST(RecorderTest, reports_the_first_failure_of_the_store_and_counts_on) {
  FullStore store(0);
  const std::int64_t scan_id = store.begin_scan({}).value();
  casefile::Recorder recorder(store, scan_id);
  FileRecord file;
  file.path = "/a";
  file.verdict = Verdict::unreadable;
  recorder.add(file, {});
  EXPECT_FALSE(recorder.failed()) << "nothing was stored yet";
  recorder.flush();
  EXPECT_TRUE(recorder.failed());
  ASSERT_TRUE(recorder.failure().has_value());
  EXPECT_EQ(recorder.failure()->code, base::ErrorCode::no_space);
  EXPECT_EQ(recorder.tally().unreadable, 1U);
  recorder.add(file, {});
  recorder.flush();
  EXPECT_EQ(store.calls(), 1);
}

}  // namespace

}  // namespace lastgood::scan
