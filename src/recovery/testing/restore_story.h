// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What most tests of restores share: a source in memory, a plan for all of it, a case with journal and ledger, a
// target, and a look at what came out.
#pragma once

#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <filesystem>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "os/testing/scratch_folder.h"
#include "recovery/restore_plan.h"
#include "sources/testing/fake_source.h"

namespace lastgood::recovery::testing {

class QuietProgress : public RestoreProgress {
 public:
  void restoring(const RestoreTally& tally) override { last = tally; }
  void digesting(const DigestTally& tally) override { digested = tally; }
  void step(const std::string& what) override { steps.push_back(what); }
  [[nodiscard]] bool cancelled() const override { return false; }
  RestoreTally last;
  DigestTally digested;
  std::vector<std::string> steps;
};

/// Sees every file as the plan's current paths are when the restore begins.
class SeenOnDisk final : public SeenFiles {
 public:
  std::map<std::string, SeenFile> files;
  void see(const std::string& root, const std::string& path) {
    struct stat status {};
    if (::lstat((root + path).c_str(), &status) != 0) return;
    files[path] = {static_cast<std::uint64_t>(status.st_size),
                   status.st_mtim.tv_sec * 1'000'000'000 + status.st_mtim.tv_nsec};
  }
  [[nodiscard]] std::optional<SeenFile> find_seen(const std::string& path) const override {
    const auto found = files.find(path);
    return found == files.end() ? std::nullopt : std::optional<SeenFile>(found->second);
  }
  [[nodiscard]] std::map<std::string, SeenFile> find_struck_below(const std::string& folder) const override {
    std::map<std::string, SeenFile> struck;
    for (const auto& [path, file] : files) {
      if (path.starts_with(folder + "/")) struck.emplace(path, file);
    }
    return struck;
  }
};

/// All paths of one snapshot as plan items, by path.
inline void add_items(Plan& plan, sources::Source& source, std::uint32_t snapshot, const std::string& subtree,
                      const std::string& above) {
  const sources::Folder folder = source.read_folder(subtree).value();
  for (const model::TreeEntry& entry : folder.entries) {
    PlanItem item;
    item.path = above + "/" + entry.name;
    item.snapshot = snapshot;
    item.kind = entry.kind;
    item.size_bytes = entry.content.size_bytes;
    item.mtime_ns = entry.mtime_ns;
    item.content_key = entry.content.key;
    plan.items.push_back(item);
    if (entry.kind == model::EntryKind::folder) add_items(plan, source, snapshot, entry.subtree, item.path);
  }
}

inline Plan plan_for(sources::Source& source, const std::string& id) {
  Plan plan;
  plan.sources.push_back({.name = "fake", .address = "fake:", .format = "fake"});
  plan.snapshots.push_back({.source = 0, .id = id, .time_ns = 1});
  std::string root;
  const std::vector<model::Snapshot> snapshots = source.snapshots().value();
  for (const model::Snapshot& snapshot : snapshots) {
    if (snapshot.id == id) root = snapshot.root;
  }
  add_items(plan, source, 0, root, "");
  return plan;
}

/// One line for each path below `root`: kind, mode, owner, size, time, link target, and the content.
inline std::map<std::string, std::string> look_at(const std::string& root) {
  std::map<std::string, std::string> out;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(root)) {
    struct stat status {};
    if (::lstat(entry.path().c_str(), &status) != 0) continue;
    std::string line = std::to_string(status.st_mode) + " " + std::to_string(status.st_uid) + ":" +
                       std::to_string(status.st_gid) + " " + std::to_string(status.st_mtim.tv_sec) + "." +
                       std::to_string(status.st_mtim.tv_nsec) + " links " + std::to_string(status.st_nlink) + " ";
    if (S_ISLNK(status.st_mode)) line += "-> " + std::filesystem::read_symlink(entry.path()).string();
    if (S_ISREG(status.st_mode)) line += os::testing::read_file(entry.path());
    out[entry.path().string().substr(root.size())] = line;
  }
  return out;
}

class RestoreStory {
 public:
  RestoreStory() {
    std::filesystem::create_directory(scratch / "case");
    ledger = ledger::create_ledger(scratch / "case").value();
    source.add_snapshot("s1", 1'000);
    request.target = scratch / "target";
    request.journal_folder = scratch / "case";
    request.plan_sha256 = std::string(64, 'a');
    request.threads = 2;
  }

  void plan_all() { plan = plan_for(source, "s1"); }
  PlanItem& item(const std::string& path) {
    for (PlanItem& item : plan.items) {
      if (item.path == path) return item;
    }
    std::abort();
  }
  base::Result<RestoreOutcome> restore() {
    sources::Source* const sources[] = {&source};
    return restore_plan(plan, sources, request, progress, *ledger);
  }
  [[nodiscard]] std::string in_target(const std::string& path) const { return request.target + path; }

  os::testing::ScratchFolder scratch;
  sources::testing::FakeSource source;
  std::unique_ptr<ledger::Ledger> ledger;
  Plan plan;
  RestoreRequest request;
  QuietProgress progress;
};

inline std::string rules_of(const std::vector<ItemTrouble>& troubles) {
  std::string out;
  for (const ItemTrouble& trouble : troubles) out += trouble.path + " " + trouble.finding.rule + "\n";
  return out;
}

}  // namespace lastgood::recovery::testing
