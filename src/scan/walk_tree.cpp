// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "scan/walk_tree.h"

#include <atomic>
#include <chrono>
#include <thread>

#include <fmt/format.h>

#include "base/glob.h"
#include "os/directory_list.h"
#include "scan/judge_file.h"
#include "scan/work_queue.h"

namespace lastgood::scan {

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

class TreeWalk {
 public:
  TreeWalk(const ScanRequest& request, const inspect::InspectOptions& options, Resume resume,
           casefile::Recorder& recorder)
      : request_(request), options_(options), resume_(resume), recorder_(recorder) {}

  Status add_root(const std::string& path);
  void work();
  void stop() { queue_.stop(); }
  [[nodiscard]] ScanTally tally() const;

 private:
  void list(const FolderTask& task);
  void see_entry(const FolderTask& task, const std::shared_ptr<OpenFolder>& folder, std::string_view name,
                 std::optional<os::FileKind> kind, std::vector<std::string>& names);
  void hand_over(const std::shared_ptr<const OpenFolder>& folder, std::vector<std::string>& names);
  void judge(const FilesTask& task);
  void judge_one(const OpenFolder& folder, const std::string& name);
  void load_known(OpenFolder& folder);

  const ScanRequest& request_;
  const inspect::InspectOptions& options_;
  Resume resume_;
  casefile::Recorder& recorder_;
  WorkQueue queue_;
  std::atomic<std::uint64_t> folders_seen_ = 0;
  std::atomic<std::uint64_t> folders_done_ = 0;
};

Status TreeWalk::add_root(const std::string& path) {
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

void TreeWalk::work() {
  while (auto task = queue_.take()) {
    if (const auto* folder = std::get_if<FolderTask>(&*task)) {
      list(*folder);
      ++folders_done_;
    } else {
      judge(std::get<FilesTask>(*task));
    }
    task.reset();  // closes the folder before the next wait
    queue_.done();
    if (recorder_.failed()) queue_.stop();
  }
}

void TreeWalk::list(const FolderTask& task) {
  auto folder = std::make_shared<OpenFolder>();
  folder->path = task.relative.empty() ? task.root->path : join(task.root->path, task.relative);
  auto opened = os::open_evidence_directory(task.root->directory, task.relative);
  if (!opened.ok()) {
    recorder_.add(inspect::unreadable_record(folder->path, opened.error()), {});
    return;
  }
  folder->directory = std::move(opened).value();
  const auto status = os::status_of(folder->directory, folder->path);
  const bool foreign = status.ok() && status.value().device != task.root->device;
  const bool entry = task.relative.empty() || foreign;
  if ((foreign && request_.other_file_systems == OtherFileSystems::skip) || folder->path == request_.case_folder ||
      (entry && os::is_pseudo_file_system(folder->directory))) {
    recorder_.add_skipped();
    return;
  }
  if (resume_ == Resume::yes) load_known(*folder);
  std::vector<std::string> names;
  const Status listed =
      os::list_directory(folder->directory, folder->path, [&](std::string_view name, std::optional<os::FileKind> kind) {
        see_entry(task, folder, name, kind, names);
        return !recorder_.failed();
      });
  hand_over(folder, names);
  if (!listed.ok()) recorder_.add(inspect::unreadable_record(folder->path, listed.error()), {});
}

void TreeWalk::see_entry(const FolderTask& task, const std::shared_ptr<OpenFolder>& folder, std::string_view name,
                         std::optional<os::FileKind> kind, std::vector<std::string>& names) {
  if (!kind) {
    const auto status = os::status_at(folder->directory, std::string(name), name);
    if (!status.ok()) {
      recorder_.add(inspect::unreadable_record(join(folder->path, name), status.error()), {});
      return;
    }
    kind = status.value().kind;
  }
  if (*kind != os::FileKind::regular && *kind != os::FileKind::directory) return recorder_.add_skipped();
  if (!request_.excludes.empty() && matches_any(request_.excludes, join(folder->path, name), name))
    return recorder_.add_skipped();
  if (*kind == os::FileKind::directory) {
    if (task.depth >= k_depth_max) {
      recorder_.add(inspect::unreadable_record(join(folder->path, name),
                                               {.code = base::ErrorCode::limit_reached,
                                                .what = fmt::format("folder is more than {} levels deep", k_depth_max),
                                                .path = {},
                                                .offset_bytes = {},
                                                .system_errno = 0,
                                                .hint = {}}),
                    {});
      return;
    }
    ++folders_seen_;
    queue_.put(FolderTask{.root = task.root,
                          .relative = task.relative.empty() ? std::string(name) : join(task.relative, name),
                          .depth = task.depth + 1});
    return;
  }
  if (!request_.includes.empty() && !matches_any(request_.includes, join(folder->path, name), name))
    return recorder_.add_skipped();
  names.emplace_back(name);
  if (names.size() >= k_names_per_task) hand_over(folder, names);
}

void TreeWalk::hand_over(const std::shared_ptr<const OpenFolder>& folder, std::vector<std::string>& names) {
  if (names.empty()) return;
  FilesTask task{.folder = folder, .names = std::move(names)};
  names = {};
  if (queue_.is_full()) {
    judge(task);
  } else {
    queue_.put(std::move(task));
  }
}

void TreeWalk::judge(const FilesTask& task) {
  for (const std::string& name : task.names) {
    if (recorder_.failed()) return;
    judge_one(*task.folder, name);
  }
}

void TreeWalk::judge_one(const OpenFolder& folder, const std::string& name) {
  if (const auto known = folder.known.find(name); known != folder.known.end()) {
    const auto status = os::status_at(folder.directory, name, name);
    const bool same = status.ok() && status.value().size_bytes == known->second.size_bytes &&
                      status.value().mtime_ns == known->second.mtime_ns &&
                      status.value().ctime_ns == known->second.ctime_ns;
    if (same) return recorder_.add_known();
  }
  inspect::JudgedFile judged = judge_file(folder.directory, folder.path, name, options_);
  recorder_.add(std::move(judged.record), std::move(judged.sightings));
}

void TreeWalk::load_known(OpenFolder& folder) {
  const auto known = recorder_.known_files(folder.path);
  if (!known.ok()) return;
  for (const casefile::KnownFile& file : known.value()) folder.known.emplace(file.name, file);
}

ScanTally TreeWalk::tally() const {
  ScanTally tally{recorder_.tally()};
  tally.folders_seen = folders_seen_;
  tally.folders_done = folders_done_;
  return tally;
}

}  // namespace

Result<WalkEnd> walk_tree(const ScanRequest& request, const inspect::InspectOptions& options, Resume resume,
                          casefile::Recorder& recorder, ScanProgress& progress) {
  TreeWalk walk(request, options, resume, recorder);
  for (const std::string& root : request.roots) LG_TRY(walk.add_root(root));
  if (progress.cancelled()) return WalkEnd::cancelled;

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
    if (!cancelled && progress.cancelled()) {
      cancelled = true;
      walk.stop();
    }
    if (Clock::now() - shown < k_progress_interval) continue;
    shown = Clock::now();
    ScanTally tally = walk.tally();
    tally.seconds = std::chrono::duration<double>(shown - begin).count();
    progress.walking(tally);
  }
  threads.clear();
  recorder.flush();
  if (auto failure = recorder.failure()) return std::move(*failure);
  return cancelled ? WalkEnd::cancelled : WalkEnd::complete;
}

}  // namespace lastgood::scan
