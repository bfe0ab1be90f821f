// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/check_target.h"

#include <algorithm>
#include <cerrno>

#include <fmt/format.h>

#include "base/human.h"
#include "base/misuse.h"
#include "os/directory_list.h"
#include "os/folder.h"
#include "recovery/restore/share_blocks.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::string_view k_lost_and_found = "lost+found";
// Folders, small files' blocks and the journal of the file system itself.
constexpr std::uint64_t k_spare_bytes = std::uint64_t{16} << 20;
constexpr std::uint64_t k_block_bytes = 4096;

base::Error misuse(std::string what, const std::string& path, std::string hint) {
  return base::misuse(std::move(what), std::move(hint), path);
}

base::Error inside_source(const std::string& target, const std::string& source) {
  return misuse(fmt::format("cannot restore to '{}': it lies inside the source '{}'", base::printable(target),
                            base::printable(source)),
                target, "choose a folder outside of all sources");
}

/// A source may be a live tree itself: nothing is restored into what is read from.
base::Status check_items_apart_from(const std::string& source, const Plan& plan, const os::RestoreTarget& target) {
  const std::string root = target.path() == "/" ? std::string() : target.path();
  const std::string below = source + (source.ends_with('/') ? "" : "/");
  for (const PlanItem& item : plan.items) {
    const std::string path = root + item.path;
    if (item.kind == model::EntryKind::folder) continue;
    // An archive is a source that is a file.
    if (path == source || path.starts_with(below)) return inside_source(path, source);
  }
  return base::Done{};
}

/// Asked before the target is made: nothing is ever made in a source.
base::Status check_parent_apart_from_sources(const RestoreRequest& request) {
  std::string parent = request.target;
  while (parent.size() > 1 && parent.ends_with('/')) parent.pop_back();
  const std::size_t slash = parent.find_last_of('/');
  parent = slash == std::string::npos ? "." : parent.substr(0, std::max<std::size_t>(slash, 1));
  for (const std::string& source : request.source_folders) {
    if (source.empty()) continue;
    const auto is_inside = os::lies_inside(parent, source);
    if (is_inside.ok() && is_inside.value()) return inside_source(request.target, source);
  }
  return base::Done{};
}

/// Beside, there is one file system only, and it was tried whether it shares blocks with the source.
bool takes_no_space(const RestoreRun& run, std::uint32_t item) {
  const PlanItem& planned = run.plan.items[item];
  return !run.in_place() && run.shares[run.plan.snapshots[planned.snapshot].source] != 0 &&
         planned.size_bytes >= k_share_bytes_min;
}

/// Any name in the target but what the file system makes itself; empty: there is none.
base::Result<std::string> first_name_in(const os::RestoreTarget& target) {
  std::string first;
  LG_ASSIGN(const os::Descriptor listed, target.reopen_folder(target.root(), target.path()));
  LG_TRY(os::list_directory(listed, target.path(), [&](std::string_view name, std::optional<os::FileKind> /*kind*/) {
    if (name == k_lost_and_found) return true;
    first = std::string(name);
    return false;
  }));
  return first;
}

}  // namespace

base::Status check_request(const Plan& plan, std::span<sources::Source* const> sources, const RestoreRequest& request) {
  if (plan.items.size() >= k_no_index) {
    return misuse(fmt::format("cannot restore a plan of {} items", plan.items.size()), {}, "make several plans");
  }
  if (sources.size() != plan.sources.size()) {
    return misuse(
        fmt::format("cannot restore: the plan needs {} sources, {} are open", plan.sources.size(), sources.size()), {},
        {});
  }
  if (!parse_sha256(request.plan_sha256)) return misuse("cannot restore: the plan has no digest", {}, {});
  if (request.target.empty()) return misuse("cannot restore: no target folder is given", {}, {});
  if (request.mode == RestoreMode::in_place && plan.target == Plan::Target::beside)
    return misuse("cannot restore in place: the plan brings what stands there whole, too (--also-intact)", {},
                  "give --to DIR, and compare");
  if (request.mode == RestoreMode::in_place && request.seen == nullptr) {
    return misuse("cannot restore in place: what the scan saw is not known", {}, "scan the damaged files first");
  }
  return base::Done{};
}

base::Result<os::RestoreTarget> open_target(const RestoreRequest& request) {
  if (request.mode == RestoreMode::beside) {
    LG_TRY(check_parent_apart_from_sources(request));
    LG_TRY(os::make_private_folder(request.target, os::WhenThere::accept));
  }
  const os::Mounts mounts = request.mode == RestoreMode::beside ? os::Mounts::stay : os::Mounts::cross;
  return os::RestoreTarget::open(request.target, mounts, request.gate);
}

base::Status check_apart_from_sources(const Plan& plan, const RestoreRequest& request,
                                      const os::RestoreTarget& target) {
  for (const std::string& source : request.source_folders) {
    if (source.empty()) continue;
    LG_ASSIGN(const bool target_in_source, os::lies_inside(target.path(), source));
    if (target_in_source) return inside_source(target.path(), source);
    if (request.mode == RestoreMode::in_place) {
      LG_TRY(check_items_apart_from(source, plan, target));
      continue;
    }
    LG_ASSIGN(const bool source_in_target, os::lies_inside(source, target.path()));
    if (source_in_target) {
      return misuse(fmt::format("cannot restore to '{}': the source '{}' lies inside it",
                                base::printable(target.path()), base::printable(source)),
                    target.path(), "choose an empty folder");
    }
  }
  return base::Done{};
}

base::Status check_empty_or_ours(const RestoreRequest& request, const os::RestoreTarget& target,
                                 const std::string& journal_path) {
  if (request.mode == RestoreMode::in_place) return base::Done{};
  LG_ASSIGN(const std::string first, first_name_in(target));
  if (first.empty()) return base::Done{};
  // Journal::open compares plan, mode and folder.
  const auto journal = os::open_own_file(journal_path);
  if (journal.ok() && journal.value()->size_bytes() > 0) return base::Done{};
  return misuse(fmt::format("cannot restore to '{}': it is not empty ('{}' is there)", base::printable(target.path()),
                            base::printable(first)),
                target.path(), "choose a new or empty folder");
}

base::Status check_not_emptied(const RestoreRequest& request, const os::RestoreTarget& target, const Journal& journal) {
  if (request.mode == RestoreMode::in_place) return base::Done{};
  const auto& done = journal.state().done;
  const auto count = std::count(done.begin(), done.end(), std::uint8_t{1});
  if (count == 0) return base::Done{};
  LG_ASSIGN(const std::string first, first_name_in(target));
  if (!first.empty()) return base::Done{};
  return misuse(fmt::format("cannot go on in '{}': {} entries were restored into it before, and it is empty",
                            base::printable(target.path()), count),
                target.path(),
                fmt::format("is its disk mounted? to restore all of it again, choose another folder, or move '{}' away",
                            base::printable(journal.path())));
}

base::Status check_space(RestoreRun& run) {
  if (run.request.policy.space_check == RestorePolicy::SpaceCheck::leave_out) return base::Done{};
  std::uint64_t needed_bytes = 0;
  std::uint64_t needed_files = 0;
  for (std::uint32_t i = 0; i < run.items.more_names_from; ++i) {
    const RestoreFile& file = run.items.files[i];
    if (run.journal.state().is_done(file.item)) continue;
    ++needed_files;
    if (takes_no_space(run, file.item)) continue;
    needed_bytes += (run.item(file).size_bytes + k_block_bytes - 1) / k_block_bytes * k_block_bytes;
  }
  needed_files += run.items.folders.size() + run.items.others.size();
  // In place, several file systems may be meant; each tells when it is full.
  if (run.in_place() && run.target.path() == "/") return base::Done{};
  LG_ASSIGN(const os::SpaceLeft left, run.target.space_left(run.target.root(), run.target.path()));
  // Parts of large files that an earlier run wrote are there already.
  for (const auto& [item, segments] : run.journal.state().segments) {
    if (takes_no_space(run, item)) continue;
    for (const SegmentEntry& segment : segments) needed_bytes -= std::min(needed_bytes, segment.length_bytes);
  }
  if (left.free_bytes >= needed_bytes + (needed_bytes > 0 ? k_spare_bytes : 0) && left.free_files >= needed_files) {
    return base::Done{};
  }
  base::Error error;
  error.code = base::ErrorCode::no_space;
  error.what =
      left.free_files < needed_files
          ? fmt::format("cannot restore to '{}': {} files are to be made, the file system has room for {}",
                        base::printable(run.target.path()), needed_files, left.free_files)
          : fmt::format("cannot restore to '{}': {} are needed, {} are free", base::printable(run.target.path()),
                        base::human_bytes(needed_bytes + k_spare_bytes), base::human_bytes(left.free_bytes));
  error.path = run.target.path();
  error.hint = "make room there, choose a larger target, or plan fewer paths";
  return error;
}

}  // namespace lastgood::recovery::restore
