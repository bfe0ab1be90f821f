// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A case with two nights' copies of one database, and an engine that answers what a file of the copy says: how runs of
// sheets are tested without servers.
#pragma once

#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <filesystem>
#include <fstream>
#include <map>
#include <set>
#include <thread>

#include "casefile/testing/memory_case_store.h"
#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "recovery/case_sources.h"
#include "sheets/make_sheets.h"

namespace lastgood::sheets::testing {

inline constexpr std::int64_t k_now = 1'669'200'000'000'000'000;

class NoPassword final : public recovery::PasswordPrompt {
 public:
  std::optional<std::string> ask(const std::string& /*question*/) override { return std::nullopt; }
};

class Stopped final : public os::Clock {
 public:
  [[nodiscard]] std::int64_t now_ns() const override { return k_now; }
};

inline std::atomic<int> hung_once = 0;

/// A server whose answers follow from what stands in the copy's file "says": lines "TABLE:VALUE".
class FakeServer final : public engines::ScratchServer {
 public:
  FakeServer(std::string says, engines::Judged judged, const engines::StartWatcher* watcher = nullptr)
      : says_(std::move(says)), watcher_(watcher) {
    if (judged == engines::Judged::no) start_.unusable = {"hims.bed: its file is not there", "hims.drug: is empty"};
    start_.engine = "fake 1";
    start_.data_as_of_ns = says_.starts_with("old") ? k_now - 90'000'000'000'000 : k_now - 1'000'000'000;
    start_.data_as_of_basis = "a commit";
  }
  [[nodiscard]] const engines::ScratchStart& start() const override { return start_; }
  void say_checkpoint() { start_.is_as_of_checkpoint = true; }
  base::Result<std::vector<std::string>> databases() override { return std::vector<std::string>{"hims"}; }
  base::Result<std::vector<engines::TableName>> tables(const std::string& /*database*/) override {
    return std::vector<engines::TableName>{{"public", "patient", {"uhid", "name"}}};
  }
  base::Status ask(const std::string& /*database*/, const std::string& sql, const engines::RowLimits& /*limits*/,
                   engines::RowSink& sink) override {
    const auto error = [](base::ErrorCode code, const char* what) {
      return base::Error{.code = code, .what = what, .path = {}, .offset_bytes = {}, .system_errno = 0, .hint = {}};
    };
    is_gone_ = is_gone_ || (says_.find("falls silent") != std::string::npos && hung_once++ == 0);
    if (is_gone_) return error(base::ErrorCode::busy_retry, "fake hangs, and was ended");
    if (sql.find("DELETE") != std::string::npos) return error(base::ErrorCode::misuse, "the statement writes");
    if (says_.find("broken " + sql) != std::string::npos)
      return error(base::ErrorCode::damaged_source, "invalid page in block 0");
    const std::vector<std::string> names = {"ward", "uhid", "name"};
    sink.on_columns(names);
    if (sql == "until stopped") {
      for (int i = 0; i < 1000 && !watcher_->cancelled(); ++i)
        std::this_thread::sleep_for(std::chrono::milliseconds(10));
      return error(base::ErrorCode::cancelled, "stopped while fake was asked");
    }
    if (sql == "endless") return error(base::ErrorCode::limit_reached, "statement timeout");
    const std::string first = says_.substr(0, 3);
    for (int i = 0; (sql == "many" || sql == "very many") && i < (sql == "many" ? 3'000 : 4'000); ++i) {
      const std::vector<std::optional<std::string_view>> row = {"W-1", "UH1", "a name of some letters"};
      if (!sink.on_row(row)) break;
    }
    for (const char* ward : {"W-1", "W-2"}) {
      const std::vector<std::optional<std::string_view>> row = {ward, "UH1", std::string_view(first)};
      if (!sink.on_row(row)) break;
    }
    if (sql == "slow") return error(base::ErrorCode::limit_reached, "the answer took more than 30 s");
    return base::Done{};
  }
  base::Result<std::string> keep_folder() override { return std::string(); }

 private:
  std::string says_;
  const engines::StartWatcher* watcher_;
  engines::ScratchStart start_;
  bool is_gone_ = false;
};

inline std::atomic<int> sheets_seen = 0;
inline std::atomic<int> in_the_way = 0;  // engines that are starting and take room

/// Until another unit's sheet is there, or somebody stops it.
inline base::Error hang(const engines::ScratchServerOptions& options) {
  ++in_the_way;
  for (int i = 0; i < 1000 && sheets_seen == 0 && !options.watcher->cancelled(); ++i) {
    options.watcher->on_wait({.seconds = i / 100.0, .still_seconds = i / 100.0});
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  --in_the_way;
  const bool stopped = options.watcher->cancelled();
  return {.code = stopped ? base::ErrorCode::cancelled : base::ErrorCode::limit_reached,
          .what = "fake hangs on this copy"};
}

/// A disk that has no room for this one beside another.
inline base::Status take_room() {
  for (int i = 0; i < 1000 && in_the_way == 0; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(1));
  static int tries = 0;
  if (tries++ == 0) {
    ++sheets_seen;  // now the other may end
    return base::Error{.code = base::ErrorCode::no_space, .what = "no space left on device"};
  }
  EXPECT_EQ(in_the_way, 0);
  return base::Done{};
}

inline base::Result<std::unique_ptr<engines::ScratchServer>> open_fake(const engines::UnitView& view,
                                                                       const engines::FoundUnit& unit,
                                                                       const engines::ScratchServerOptions& options) {
  LG_ASSIGN(const auto file, view.open(unit.path + "/says"));
  std::vector<std::uint8_t> bytes(1000);
  LG_ASSIGN(const std::size_t got, file->read(0, bytes));
  std::string says(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(got));
  if (says.find("will not start") != std::string::npos) {
    return base::Error{.code = base::ErrorCode::damaged_source,
                       .what = "could not read pg_control",
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  }
  if (says.find("hangs") != std::string::npos) return hang(options);
  if (says.find("large") != std::string::npos) LG_TRY(take_room());
  return std::unique_ptr<engines::ScratchServer>(
      std::make_unique<FakeServer>(std::move(says), options.judged, options.watcher));
}

class Watcher final : public MakeWatcher {
 public:
  void on_copy(const std::string& /*unit*/, const std::string& source) override { copies.push_back(source); }
  void on_start(const std::string& /*unit*/, const engines::ScratchStart& start) override {
    ++starts;
    told_as_of_ns = start.data_as_of_ns;
  }
  void on_wait(const std::string& unit, const engines::StartWait& /*wait*/) override {
    waited_for.insert(unit);
    stop = stop || stop_when_waiting;
  }
  void on_sheet(const MadeSheet& sheet, const std::string& folder) override {
    if (std::filesystem::exists(folder + "/packets")) behind_packets.insert(sheet.id);
    stop = stop || ++sheets_seen == stop_after_sheets;
  }
  [[nodiscard]] bool cancelled() const override { return stop; }
  std::set<std::string> waited_for;
  std::set<std::string> behind_packets;  // sheets that were told when packets were there
  bool stop_when_waiting = false;
  int stop_after_sheets = 0;
  std::vector<std::string> copies;
  int starts = 0;
  std::int64_t told_as_of_ns = 0;
  std::atomic<bool> stop = false;
};

class MakeSheets : public ::testing::Test {
 protected:
  void SetUp() override {
    std::filesystem::create_directory(folder_ / "case");
    ledger_ = ledger::create_ledger(folder_ / "case").value();
    model::BackupSource source{.name = "nas", .address = "folder:" + (folder_ / "nas"), .format = "folder"};
    source.stored_prefix = "/pg";
    source.live_prefix = "/srv/pg";
    write("nas/2022-11-21/pg/says", "old");
    write("nas/2022-11-22/pg/says", "new");
    ASSERT_TRUE(store_.backups().put_source(source).ok());
    service_.id = "wards";
    service_.title = "Wards";
    service_.data.push_back({.name = "pg", .kind = services::DataKind::postgresql, .path = "/srv/pg"});
    add_sheet("census", "select census");
    add_sheet("orders", "select orders");
  }

  void write(const std::string& path, const std::string& text) {
    const std::filesystem::path full = folder_ / path;
    std::filesystem::create_directories(full.parent_path());
    std::ofstream(full, std::ios::binary) << text;
  }

  /// Folders of runs below `out`.
  std::vector<std::string> runs() const {
    std::vector<std::string> out;
    for (const auto& entry : std::filesystem::directory_iterator(folder_ / "out")) {
      if (!entry.is_symlink() && is_run_name(entry.path().filename().string())) out.push_back(entry.path().string());
    }
    return out;
  }

  void add_sheet(const std::string& id, const std::string& sql) {
    services::Sheet sheet;
    sheet.id = id;
    sheet.title = id;
    sheet.sql = sql;
    sheet.group_by = "ward";
    sheet.audience = "ward";
    sheet.stale_after_s = 3'600;
    sheet.blank_rows = 2;
    service_.sheets.push_back(sheet);
  }

  void judge(const std::string& newest_state, const std::string& older_state = "consistent") {
    judge_source("nas", newest_state, older_state, 0);
  }

  /// Its commits are `later_ns` later.
  void judge_source(const std::string& name, const std::string& newest_state, const std::string& older_state,
                    std::int64_t later_ns) {
    const auto record = recovery::find_source(store_, name);
    const auto source = recovery::open_case_source(store_, record.value(), {}, prompt_);
    const auto snapshots = source.value()->snapshots().value();
    std::vector<model::JudgedSnapshot> judged(snapshots.size());
    std::vector<model::JudgedUnit> units;
    for (std::size_t i = 0; i < snapshots.size(); ++i) {
      judged[i].snapshot = snapshots[i];
      const bool newest = snapshots[i].id.find("11-22") != std::string::npos;
      units.push_back({.snapshot = snapshots[i].id,
                       .kind = kind_,
                       .path = "/pg",
                       .state = newest ? newest_state : older_state,
                       .data_as_of_ns = later_ns + (newest ? k_now - 10 : k_now - 90'000'000'000'000)});
    }
    ASSERT_TRUE(store_.backups().record_snapshots(name, judged, units).ok());
  }

  /// A service before the others, whose database has one copy, in a source of its own.
  void add_unit(const std::string& path, const std::string& source_name, const std::string& says) {
    judge("consistent");
    model::BackupSource source{.name = source_name, .address = "folder:" + (folder_ / source_name), .format = "folder"};
    source.stored_prefix = "/pg";
    source.live_prefix = path;
    for (const char* day : {"/2022-11-21", "/2022-11-22"}) write(source_name + day + "/pg/says", says);
    ASSERT_TRUE(store_.backups().put_source(source).ok());
    const auto opened = recovery::open_case_source(store_, source, {}, prompt_);
    const auto snapshots = opened.value()->snapshots().value();
    std::vector<model::JudgedSnapshot> judged(1);
    judged[0].snapshot = snapshots.at(0);
    const std::vector<model::JudgedUnit> units = {{.snapshot = snapshots[0].id,
                                                   .kind = "postgresql",
                                                   .path = "/pg",
                                                   .state = "consistent",
                                                   .data_as_of_ns = k_now - 10}};
    ASSERT_TRUE(store_.backups().record_snapshots(source_name, judged, units).ok());
    services::Sheet sheet;
    sheet.id = "first";
    sheet.title = "first";
    sheet.sql = "select first";
    first_.emplace();
    first_->id = "before";
    first_->title = "Before";
    first_->data.push_back({.name = "pg", .kind = services::DataKind::postgresql, .path = path});
    first_->sheets.push_back(sheet);
  }

  base::Result<MadeRun> make(const std::string& audience = "", const std::string& damaged_root = "") {
    services::ServicesFile file;
    file.path = "services.toml";
    if (first_) file.services.push_back(*first_);
    file.services.push_back(service_);
    CaseOfSheets of{folder_ / "case", store_, *ledger_, prompt_};
    MakeOptions options;
    options.to = to_.empty() ? folder_ / "out" : to_;
    options.audience = audience;
    options.scratch = folder_.path();
    options.damaged_root = damaged_root;
    options.restored = restored_;
    options.small_copies = small_copies_;
    options.open_server = open_server_;
    return make_sheets(file, of, options, clock_, watcher_);
  }

  std::string page(const std::string& name) { return os::testing::read_file(folder_ / ("out/current/" + name)); }

  OpenServer open_server_ = &open_fake;
  MakeOptions::SmallCopies small_copies_ = MakeOptions::SmallCopies::below_scratch;
  os::testing::ScratchFolder folder_;
  casefile::testing::MemoryCaseStore store_;
  std::unique_ptr<ledger::Ledger> ledger_;
  NoPassword prompt_;
  Stopped clock_;
  Watcher watcher_;
  services::Service service_;
  std::optional<services::Service> first_;  // before it in the file
  std::map<std::string, RestoredUnit> restored_;
  std::string to_;
  std::string kind_ = "postgresql";
};

}  // namespace lastgood::sheets::testing
