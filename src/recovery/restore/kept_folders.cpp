// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/kept_folders.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "os/directory_list.h"
#include "os/evidence_entry.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::size_t k_hashed_bytes = std::size_t{1} << 20;
constexpr int k_kept_depth_max = 256;

class KeptWalk {
 public:
  KeptWalk(std::string shown, KeptLook look, const std::function<base::Status(KeptFile&&)>& visit)
      : shown_(std::move(shown)), look_(look), visit_(visit), buffer_(k_hashed_bytes) {}

  base::Status walk(const os::Descriptor& folder, const std::string& below, int depth) {
    if (depth > k_kept_depth_max)
      return base::Error{
          .code = base::ErrorCode::limit_reached, .what = "too deep a folder", .path = shown_ + "/" + below};
    std::vector<std::string> names;
    LG_TRY(os::list_directory(folder, shown_ + "/" + below, [&](std::string_view name, std::optional<os::FileKind>) {
      names.emplace_back(name);
      return true;
    }));
    std::sort(names.begin(), names.end());
    for (const std::string& name : names) {
      const std::string path = below.empty() ? name : below + "/" + name;
      LG_ASSIGN(const os::FileStatus status, os::status_at(folder, name, shown_ + "/" + path));
      if (status.kind == os::FileKind::directory) {
        LG_ASSIGN(os::Descriptor inside, os::open_evidence_directory(folder, name));
        LG_TRY(walk(os::hold_access_times(std::move(inside)), path, depth + 1));
        continue;
      }
      KeptFile file{.path = path, .kind = static_cast<std::uint8_t>(status.kind)};
      if (status.kind == os::FileKind::regular) file.size_bytes = status.size_bytes;
      if (look_ == KeptLook::contents) LG_TRY(hash(folder, name, status.kind, file));
      LG_TRY(visit_(std::move(file)));
    }
    return base::Done{};
  }

 private:
  base::Status hash(const os::Descriptor& folder, const std::string& name, os::FileKind kind, KeptFile& file) {
    const std::string shown = shown_ + "/" + file.path;
    base::Sha256 digest;
    if (kind == os::FileKind::link) {
      LG_ASSIGN(const std::string target, os::read_link_at(folder, name, shown));
      digest.update(base::ByteView(std::string_view(target)));
    } else if (kind == os::FileKind::regular) {
      LG_ASSIGN(os::EvidenceFile content, os::open_evidence_file(folder, name, shown));
      for (std::uint64_t at = 0;;) {
        LG_ASSIGN(const std::size_t got, content.read(at, buffer_));
        if (got == 0) break;
        digest.update(base::ByteView(std::span<const std::uint8_t>(buffer_).first(got)));
        at += got;
      }
    }
    file.sha256 = digest.finish();
    return base::Done{};
  }

  std::string shown_;
  KeptLook look_;
  const std::function<base::Status(KeptFile&&)>& visit_;
  std::vector<std::uint8_t> buffer_;
};

/// Takes in one folder's files and writes them down, some at a time.
class FolderRecord {
 public:
  FolderRecord(RestoreRun& run, std::uint32_t item) : run_(run) {
    some_.item = item;
    whole_.item = item;
  }

  /// An Error is ours: the journal's, or that somebody stops us.
  base::Status take(KeptFile&& file) {
    if (run_.progress.cancelled()) {
      run_.stop = true;
      is_ours_ = true;
      return base::Error{.code = base::ErrorCode::cancelled, .what = "interrupted"};
    }
    list_.update(base::ByteView(std::span<const std::uint8_t>(file.sha256)));
    list_.update(base::ByteView(std::string_view(file.path + '\n')));
    ++whole_.files;
    whole_.bytes += file.size_bytes;
    some_.files.push_back(std::move(file));
    return some_.files.size() < k_entries_per_record ? base::Status(base::Done{}) : flush();
  }

  [[nodiscard]] bool is_ours() const { return is_ours_; }

  base::Status finish(const std::string& path, const std::string& kept_path) {
    LG_TRY(flush());
    const base::Sha256Digest digest = list_.finish();
    const auto entry = run_.ledger.append(
        "unit-kept", {{"plan_sha256", run_.request.plan_sha256},
                      {"journal", run_.journal.path()},
                      {"path", path},
                      {"kept_path", kept_path},
                      {"files", static_cast<std::int64_t>(whole_.files)},
                      {"bytes", static_cast<std::int64_t>(whole_.bytes)},
                      {"digests_sha256", base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))}});
    if (!entry.ok()) return entry.error();
    return run_.journal.append(whole_);
  }

 private:
  base::Status flush() {
    if (some_.files.empty()) return base::Done{};
    base::Status written = run_.journal.append_unsynced(some_);
    is_ours_ = !written.ok();
    some_.files.clear();
    return written;
  }

  RestoreRun& run_;
  bool is_ours_ = false;
  base::Sha256 list_;
  KeptFilesRecord some_;
  KeptWholeRecord whole_;
};

base::Status record_one(RestoreRun& run, const IntentEntry& intent) {
  FolderCache cache(run.tree, run.target);
  const std::uint32_t number = run.tree.add(intent.kept_path);
  const auto folder = number == k_no_folder
                          ? base::Result<const os::Descriptor*>(base::system_error("open", intent.kept_path, ENOENT))
                          : cache.open(number);
  if (!folder.ok()) return base::Done{};  // announced, and never exchanged
  LG_ASSIGN(const os::TargetStatus status, os::target_status(*folder.value(), intent.kept_path));
  if (status.inode != intent.original.inode) return base::Done{};
  const std::uint32_t unit = run.plan.items[intent.item].unit;
  const std::string& path = unit < run.plan.units.size() ? run.plan.units[unit].path : intent.kept_path;
  run.progress.step(fmt::format("digests of what was kept of '{}'", base::printable(path)));
  LG_ASSIGN(os::Descriptor readable, run.target.reopen_folder(*folder.value(), intent.kept_path));
  FolderRecord record(run, intent.item);
  const base::Status walked = walk_kept_folder(std::move(readable), intent.kept_path, KeptLook::contents,
                                               [&](KeptFile&& file) { return record.take(std::move(file)); });
  if (walked.ok()) return record.finish(path, intent.kept_path);
  if (record.is_ours()) return walked;
  run.troubles.remark(path, "restore.keep",
                      fmt::format("no digests could be kept of what was put aside: {}", walked.error().what));
  return base::Done{};
}

}  // namespace

base::Status walk_kept_folder(os::Descriptor folder, const std::string& shown, KeptLook look,
                              const std::function<base::Status(KeptFile&&)>& visit) {
  KeptWalk walk(shown, look, visit);
  return walk.walk(os::hold_access_times(std::move(folder)), {}, 0);
}

base::Status record_kept_folders(RestoreRun& run) {
  std::map<std::uint32_t, IntentEntry> folders = run.journal.state().kept_folders;
  for (const IntentEntry& intent : run.kept_folders) folders.insert_or_assign(intent.item, intent);
  for (const auto& [item, intent] : folders) {
    if (run.journal.state().kept_whole.contains(item)) continue;
    base::Status recorded = record_one(run, intent);
    if (run.stop) return base::Done{};
    if (!recorded.ok()) return recorded;
  }
  return base::Done{};
}

}  // namespace lastgood::recovery::restore
