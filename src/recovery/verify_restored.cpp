// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/verify_restored.h"

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <mutex>
#include <thread>
#include <unordered_set>
#include <utility>

#include <fmt/format.h>

#include "os/directory_list.h"
#include "os/folder.h"
#include "recovery/restore/journal.h"
#include "recovery/restore/verify_path.h"

namespace lastgood::recovery {

namespace {

using restore::VerifyRun;

constexpr std::size_t k_items_at_once = 64;

class Verification {
 public:
  Verification(VerifyRun& run, const VerifyRequest& request, VerifyProgress& progress)
      : run_(run), request_(request), progress_(progress) {}

  VerifyOutcome verify() {
    outcome_.tally.paths_total = run_.plan.items.size();
    const unsigned wanted =
        request_.threads != 0 ? request_.threads : std::max(2U, std::thread::hardware_concurrency());
    std::vector<std::thread> workers;
    for (unsigned i = 0; i < std::clamp(wanted, 1U, 64U); ++i) workers.emplace_back([this] { work(); });
    for (std::thread& worker : workers) worker.join();
    if (!stop_ && request_.mode == RestoreMode::beside) find_extras();
    std::sort(outcome_.troubles.begin(), outcome_.troubles.end(),
              [](const VerifiedPath& a, const VerifiedPath& b) { return a.path < b.path; });
    outcome_.finished = !stop_;
    progress_.verifying(outcome_.tally);
    return std::move(outcome_);
  }

 private:
  void work() {
    restore::VerifyTools tools(run_);
    while (!stop_) {
      const std::size_t from = next_.fetch_add(k_items_at_once);
      if (from >= run_.plan.items.size()) return;
      const std::size_t to = std::min(run_.plan.items.size(), from + k_items_at_once);
      std::vector<VerifiedPath> found;
      std::uint64_t bytes = 0;
      for (std::size_t i = from; i < to; ++i) {
        found.push_back(restore::verify_path(run_, tools, static_cast<std::uint32_t>(i), stop_, bytes));
      }
      const std::lock_guard lock(mutex_);
      outcome_.tally.bytes_read += bytes;
      for (VerifiedPath& path : found) take(std::move(path));
      progress_.verifying(outcome_.tally);
      if (progress_.cancelled()) stop_ = true;
    }
  }

  void take(VerifiedPath path) {
    VerifyTally& tally = outcome_.tally;
    switch (path.state) {
      case PathState::same: ++tally.same; return;
      case PathState::differs: ++tally.differs; break;
      case PathState::missing: ++tally.missing; break;
      case PathState::unrestored: ++tally.unrestored; break;
      case PathState::extra: ++tally.extra; break;
      case PathState::unreadable: ++tally.unreadable; break;
    }
    outcome_.troubles.push_back(std::move(path));
  }

  /// What is in the target and not in the plan, nor leads to something in it.
  void find_extras() {
    std::unordered_set<std::string_view> known;
    std::vector<std::string> placed;  // what `known` looks at
    placed.reserve(run_.plan.items.size() + run_.moved.size());
    for (const PlanItem& item : run_.plan.items) placed.push_back(restore::placed_path(run_, item.path));
    for (const restore::MovedPath& moved : run_.moved) placed.push_back(moved.path);
    for (std::string_view path : placed) {
      while (!path.empty() && known.insert(path).second) path = path.substr(0, path.rfind('/'));
    }
    std::vector<std::string> folders{""};
    restore::FolderTree tree;
    restore::FolderCache cache(tree, run_.target);
    while (!folders.empty() && !stop_) {
      const std::string folder = std::move(folders.back());
      folders.pop_back();
      const std::uint32_t number = folder.empty() ? 0 : tree.add(folder);
      const auto opened = number == restore::k_no_folder
                              ? base::Result<const os::Descriptor*>(base::system_error("list", folder, ENAMETOOLONG))
                              : cache.open(number);
      auto readable = opened.ok() ? run_.target.reopen_folder(*opened.value(), folder)
                                  : base::Result<os::Descriptor>(opened.error());
      if (!readable.ok()) {
        take({folder, PathState::unreadable, readable.error().what});
        continue;
      }
      const base::Status listed =
          os::list_directory(readable.value(), folder, [&](std::string_view name, std::optional<os::FileKind> kind) {
            std::string path = folder + "/" + std::string(name);
            if (known.contains(path)) {
              // What a replay put in its place is the engine's, and judged as a unit.
              const bool is_replayed = std::any_of(run_.moved.begin(), run_.moved.end(),
                                                   [&](const auto& moved) { return moved.path == path; });
              if (kind == os::FileKind::directory && !is_replayed) folders.push_back(std::move(path));
            } else if (path != "/lost+found") {
              take({std::move(path), PathState::extra, extra_sentence(name)});
            }
            return true;
          });
      if (!listed.ok()) take({folder, PathState::unreadable, listed.error().what});
    }
  }

  static std::string extra_sentence(std::string_view name) {
    if (name.ends_with(k_incomplete_suffix)) return "an incomplete file: some of its bytes are lost";
    if (name == k_parts_folder) return "what a restore did not finish";
    return "not in the plan";
  }

  VerifyRun& run_;
  const VerifyRequest& request_;
  VerifyProgress& progress_;
  std::mutex mutex_;
  std::atomic<std::size_t> next_{0};
  std::atomic<bool> stop_{false};
  VerifyOutcome outcome_;
};

}  // namespace

std::string_view name_of(PathState state) {
  switch (state) {
    case PathState::same: return "same";
    case PathState::differs: return "differs";
    case PathState::missing: return "missing";
    case PathState::unrestored: return "unrestored";
    case PathState::extra: return "extra";
    case PathState::unreadable: return "unreadable";
  }
  return "unreadable";
}

base::Result<VerifyOutcome> verify_restored(const Plan& plan, const VerifyRequest& request, VerifyProgress& progress) {
  const os::Mounts mounts = request.mode == RestoreMode::beside ? os::Mounts::stay : os::Mounts::cross;
  LG_ASSIGN(const os::RestoreTarget target, os::RestoreTarget::open(request.target, mounts));
  VerifyRun run{.plan = plan, .target = target, .mode = request.mode};
  std::vector<MovedUnit> moved;
  if (!request.case_folder.empty()) {
    LG_ASSIGN(moved,
              find_replayed(
                  {.case_folder = request.case_folder, .target = target.path(), .plan_sha256 = request.plan_sha256}));
  }
  run.moved = restore::moved_paths(moved, target.path());
  const std::string path = restore::journal_path(request.journal_folder, request.plan_sha256,
                                                 static_cast<std::uint8_t>(request.mode), target.path());
  LG_TRY(restore::read_restored(run, path));
  // What memory still has to write is written before the disk is asked; then single files are dropped from memory.
  std::vector<os::Descriptor> roots;
  LG_ASSIGN(os::Descriptor root, target.reopen_folder(target.root(), target.path()));
  roots.push_back(std::move(root));
  LG_TRY(target.sync_all(roots));
  VerifyOutcome outcome = Verification(run, request, progress).verify();
  outcome.journal_damages = run.journal_damages;
  outcome.moved = std::move(moved);
  return outcome;
}

}  // namespace lastgood::recovery
