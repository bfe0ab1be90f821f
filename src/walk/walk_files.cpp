// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "walk/walk_files.h"

#include <atomic>
#include <cerrno>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "base/glob.h"
#include "os/directory_list.h"
#include "walk/work_queue.h"

namespace lastgood::walk {

namespace {

using base::Result;
using base::Status;
using Clock = std::chrono::steady_clock;

constexpr std::size_t k_names_per_task = 64;
constexpr std::uint32_t k_depth_max = 4096;
// Measured: 16 to 32 readers keep a cold virtual disk busy; when everything is in memory more than two cost nothing.
constexpr unsigned k_threads_default = 24;
constexpr auto k_progress_interval = std::chrono::milliseconds(200);

bool matches_any(const std::vector<std::string>& globs, std::string_view path, std::string_view name) {
  for (const std::string& glob : globs) {
    if (base::glob_matches(glob, name) || base::glob_matches(glob, path)) return true;
  }
  return false;
}

std::string join(const std::string& folder, std::string_view name) {
  std::string path = folder;
  if (path.empty() || path.back() != '/') path += '/';
  path += name;
  return path;
}

class Walk {
 public:
  Walk(const WalkRequest& request, FileVisitor& visitor) : request_(request), visitor_(visitor) {}

  Status add_root(const std::string& path);
  void work();
  void stop() { queue_.stop(); }
  [[nodiscard]] WalkTally tally() const {
    return {.folders_seen = folders_seen_, .folders_done = folders_done_, .seconds = 0};
  }

 private:
  void list(const FolderTask& task);
  void see_entry(const FolderTask& task, const std::shared_ptr<OpenFolder>& folder, std::string_view name,
                 std::optional<os::FileKind> kind, std::vector<std::string>& names);
  void hand_over(const std::shared_ptr<const OpenFolder>& folder, std::vector<std::string>& names);
  void visit(const FilesTask& task);

  const WalkRequest& request_;
  FileVisitor& visitor_;
  WorkQueue queue_;
  std::atomic<std::uint64_t> folders_seen_ = 0;
  std::atomic<std::uint64_t> folders_done_ = 0;
};

Status Walk::add_root(const std::string& path) {
  auto directory = os::open_evidence_root(path);
  if (directory.ok()) {
    LG_ASSIGN(const os::FileStatus status, os::status_of(directory.value(), path));
    auto root = std::make_shared<Root>();
    root->path = path;
    root->directory = std::move(directory).value();
    root->device = status.device;
    ++folders_seen_;
    queue_.put(FolderTask{.root = std::move(root), .relative = {}, .depth = 0});
    return base::Done{};
  }
  // A single file given by name: its folder is opened, nothing else in it is looked at.
  const std::size_t slash = path.rfind('/');
  const std::string parent = slash == 0 || slash == std::string::npos ? "/" : path.substr(0, slash);
  const std::string name = path.substr(slash == std::string::npos ? 0 : slash + 1);
  auto folder = os::open_evidence_root(parent);
  if (!folder.ok() || directory.error().system_errno != ENOTDIR) return std::move(directory).error();
  auto open = std::make_shared<OpenFolder>();
  open->path = parent;
  open->directory = std::move(folder).value();
  LG_ASSIGN(const os::FileStatus status, os::status_at(open->directory, name, path));
  if (status.kind != os::FileKind::regular) return std::move(directory).error();
  queue_.put(FilesTask{.folder = std::move(open), .names = {name}});
  return base::Done{};
}

void Walk::work() {
  while (auto task = queue_.take()) {
    if (const auto* folder = std::get_if<FolderTask>(&*task)) {
      list(*folder);
      ++folders_done_;
    } else {
      visit(std::get<FilesTask>(*task));
    }
    task.reset();  // closes the folder before the next wait
    queue_.done();
    if (visitor_.failed()) queue_.stop();
  }
}

void Walk::list(const FolderTask& task) {
  auto folder = std::make_shared<OpenFolder>();
  folder->path = task.relative.empty() ? task.root->path : join(task.root->path, task.relative);
  auto opened = os::open_evidence_directory(task.root->directory, task.relative);
  if (!opened.ok()) return visitor_.note_trouble(folder->path, opened.error());
  folder->directory = std::move(opened).value();
  const auto status = os::status_of(folder->directory, folder->path);
  const bool foreign = status.ok() && status.value().device != task.root->device;
  const bool entry = task.relative.empty() || foreign;
  if ((foreign && request_.other_file_systems == OtherFileSystems::skip) || folder->path == request_.skipped_folder ||
      (entry && os::is_pseudo_file_system(folder->directory))) {
    return visitor_.note_skipped();
  }
  folder->notes = visitor_.open_notes(folder->path);
  std::vector<std::string> names;
  const Status listed =
      os::list_directory(folder->directory, folder->path, [&](std::string_view name, std::optional<os::FileKind> kind) {
        see_entry(task, folder, name, kind, names);
        return !visitor_.failed();
      });
  hand_over(folder, names);
  if (!listed.ok()) visitor_.note_trouble(folder->path, listed.error());
}

void Walk::see_entry(const FolderTask& task, const std::shared_ptr<OpenFolder>& folder, std::string_view name,
                     std::optional<os::FileKind> kind, std::vector<std::string>& names) {
  if (!kind) {
    const auto status = os::status_at(folder->directory, std::string(name), name);
    if (!status.ok()) return visitor_.note_trouble(join(folder->path, name), status.error());
    kind = status.value().kind;
  }
  if (*kind != os::FileKind::regular && *kind != os::FileKind::directory) return visitor_.note_skipped();
  if (!request_.excludes.empty() && matches_any(request_.excludes, join(folder->path, name), name))
    return visitor_.note_skipped();
  if (*kind == os::FileKind::directory) {
    if (task.depth >= k_depth_max) {
      return visitor_.note_trouble(join(folder->path, name),
                                   {.code = base::ErrorCode::limit_reached,
                                    .what = fmt::format("folder is more than {} levels deep", k_depth_max),
                                    .path = {},
                                    .offset_bytes = {},
                                    .system_errno = 0,
                                    .hint = {}});
    }
    ++folders_seen_;
    queue_.put(FolderTask{.root = task.root,
                          .relative = task.relative.empty() ? std::string(name) : join(task.relative, name),
                          .depth = task.depth + 1});
    return;
  }
  if (!request_.includes.empty() && !matches_any(request_.includes, join(folder->path, name), name))
    return visitor_.note_skipped();
  names.emplace_back(name);
  if (names.size() >= k_names_per_task) hand_over(folder, names);
}

void Walk::hand_over(const std::shared_ptr<const OpenFolder>& folder, std::vector<std::string>& names) {
  if (names.empty()) return;
  FilesTask task{.folder = folder, .names = std::move(names)};
  names = {};
  if (queue_.is_full()) {
    visit(task);
  } else {
    queue_.put(std::move(task));
  }
}

void Walk::visit(const FilesTask& task) {
  for (const std::string& name : task.names) {
    if (visitor_.failed()) return;
    visitor_.visit_file(*task.folder, name);
  }
}

}  // namespace

Result<WalkEnd> walk_files(const WalkRequest& request, FileVisitor& visitor, const WalkWatch& watch) {
  Walk walk(request, visitor);
  for (const std::string& root : request.roots) LG_TRY(walk.add_root(root));
  if (watch.cancelled()) return WalkEnd::cancelled;

  const Clock::time_point begin = Clock::now();
  const unsigned count = request.threads != 0 ? request.threads : k_threads_default;
  std::atomic<unsigned> running = count;
  std::vector<std::jthread> threads;
  threads.reserve(count);
  for (unsigned i = 0; i < count; ++i) {
    threads.emplace_back([&] {
      walk.work();
      --running;
    });
  }
  bool cancelled = false;
  Clock::time_point shown = begin;
  while (running > 0) {
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (!cancelled && watch.cancelled()) {
      cancelled = true;
      walk.stop();
    }
    if (Clock::now() - shown < k_progress_interval) continue;
    shown = Clock::now();
    WalkTally tally = walk.tally();
    tally.seconds = std::chrono::duration<double>(shown - begin).count();
    watch.show(tally);
  }
  threads.clear();
  return cancelled ? WalkEnd::cancelled : WalkEnd::complete;
}

}  // namespace lastgood::walk
