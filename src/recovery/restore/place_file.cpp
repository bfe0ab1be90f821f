// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/place_file.h"

#include <cerrno>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::size_t k_name_bytes_max = 255;
/// Where a name stands.
struct NamePlace {
  const os::Descriptor* folder = nullptr;
  std::string name;
};

base::Result<std::array<std::uint8_t, 32>> digest_of(os::EvidenceFile& file, const std::atomic<bool>& stop) {
  base::Sha256 digest;
  std::vector<std::uint8_t> buffer(k_read_bytes);
  for (std::uint64_t at = 0; !stop.load(std::memory_order_relaxed);) {
    LG_ASSIGN(const std::size_t got, file.read(at, buffer));
    if (got == 0) break;
    digest.update(base::ByteView(std::span<const std::uint8_t>(buffer).first(got)));
    at += got;
  }
  return digest.finish();
}

/// The name for an incomplete file: its own with the suffix, shortened where that would be too long.
std::string incomplete_name(const std::string& name, std::uint32_t item) {
  const std::string suffix(k_incomplete_suffix);
  if (name.size() + suffix.size() <= k_name_bytes_max) return name + suffix;
  const std::string number = fmt::format(".{}", item);
  return name.substr(0, k_name_bytes_max - suffix.size() - number.size()) + number + suffix;
}

/// What stands under a name that the plan takes for free.
std::string in_the_way(RestoreRun& run, const std::string& path, std::uint64_t inode) {
  const std::string who = run.placed_by(path, inode);
  return who.empty() ? std::string("something stands there that the plan does not know of; it was left as it is")
                     : fmt::format(
                           "{} put there what stands there now, and this plan does not know of it; it was left "
                           "as it is",
                           who);
}

/// Per file: an error that is not the end of the restore becomes a refusal.
class Placing {
 public:
  Placing(RestoreRun& run, FolderCache& cache, FolderCache& kept_cache, WrittenFile& written)
      : run_(run),
        cache_(cache),
        kept_cache_(kept_cache),
        written_(written),
        file_(run.items.files[written.file]),
        item_(run.item(file_)),
        name_(run.name_of(file_)) {}

  base::Result<Placed> place() {
    LG_ASSIGN(const os::Descriptor* folder, cache_.open(file_.folder));
    if (written_.hidden_in != k_no_folder) {
      LG_ASSIGN(hidden_.folder, kept_cache_.open(written_.hidden_in));
    } else {
      hidden_.folder = folder;
    }
    hidden_.name = written_.opened.hidden_name;
    if (!written_.lost.empty()) return place_incomplete(*folder);
    LG_ASSIGN(const Placed placed, place_whole(*folder));
    if (placed == Placed::done) LG_TRY(drop_incomplete(*folder));
    return placed;
  }

 private:
  base::Result<Placed> place_whole(const os::Descriptor& folder) {
    if (!written_.original) return place_new(folder, name_);
    if (item_.current_path == item_.path) return place_instead(folder);
    return place_and_keep_renamed(folder);
  }

  /// What an earlier run could read of the file stands beside it and is of no use any more.
  base::Status drop_incomplete(const os::Descriptor& folder) {
    if (!run_.journal.state().incomplete.contains(file_.item)) return base::Done{};
    const std::string name = incomplete_name(name_, file_.item);
    const auto status = os::target_status_at(folder, name, item_.path);
    if (!status.ok() || status.value().kind != os::TargetKind::regular) return base::Done{};
    return run_.target.remove_file(folder, name, item_.path);
  }

  /// The name must be free; leftovers of this same restore are replaced.
  base::Result<Placed> place_new(const os::Descriptor& folder, const std::string& name) {
    base::Status named = has_hidden_name()
                             ? run_.target.move_new(*hidden_.folder, hidden_.name, folder, name, item_.path)
                             : run_.target.name_file(written_.opened.file, folder, name, item_.path);
    if (!named.ok() && named.error().system_errno == EEXIST && is_ours_already(folder, name)) return Placed::done;
    if (!named.ok() && named.error().system_errno == EEXIST && may_be_leftover(folder, name)) {
      LG_TRY(need_hidden_name(folder));
      named = run_.target.move_over(*hidden_.folder, hidden_.name, folder, name, item_.path);
    }
    if (named.ok()) return Placed::done;
    if (named.error().system_errno != EEXIST) return std::move(named).error();
    const auto status = os::target_status_at(folder, name, item_.path);
    return refuse("restore.exists", in_the_way(run_, item_.path, status.ok() ? status.value().inode : 0));
  }

  /// Beside: the target was empty when this restore began, so a regular file there that the journal does not know as
  /// done was named by an earlier run that was interrupted.
  [[nodiscard]] bool may_be_leftover(const os::Descriptor& folder, const std::string& name) const {
    if (!run_.journal.state().resumed) return false;
    const bool known_incomplete = run_.journal.state().incomplete.contains(file_.item);
    if (run_.replaces(file_) && !(known_incomplete && name != name_)) return false;
    const auto status = os::target_status_at(folder, name, item_.path);
    return status.ok() && status.value().kind == os::TargetKind::regular;
  }

  /// A further name that an earlier run had given: rename(2) of one name over another of the same file does nothing.
  [[nodiscard]] bool is_ours_already(const os::Descriptor& folder, const std::string& name) const {
    const auto status = os::target_status_at(folder, name, item_.path);
    return status.ok() && written_.state.inode != 0 && status.value().inode == written_.state.inode;
  }

  base::Result<Placed> place_incomplete(const os::Descriptor& folder) {
    const std::string name = incomplete_name(name_, file_.item);
    LG_ASSIGN(const Placed placed, place_new(folder, name));
    if (placed == Placed::refused) return placed;
    run_.troubles.incomplete({item_.path, run_.tree.path(file_.folder) + "/" + name, written_.lost});
    return Placed::incomplete;
  }

  /// The good file and the damaged one change places in one step; then the damaged one moves on.
  base::Result<Placed> place_instead(const os::Descriptor& folder) {
    LG_TRY(need_hidden_name(folder));
    LG_TRY(run_.target.exchange(*hidden_.folder, hidden_.name, folder, name_, item_.path));
    const auto status = os::target_status_at(*hidden_.folder, hidden_.name, item_.path);
    if (!status.ok() || !is_original(status.value())) {
      // Somebody put another file there since it was looked at: it gets its place back.
      LG_TRY(run_.target.exchange(*hidden_.folder, hidden_.name, folder, name_, item_.path));
      LG_TRY(drop_hidden());
      return refuse("restore.changed", "the file there changed while it was being restored; it was left as it is");
    }
    base::Status kept = keep(*hidden_.folder, hidden_.name);
    if (kept.ok()) return Placed::done;
    if (os::stops_restore(kept.error())) return std::move(kept).error();
    LG_TRY(run_.target.exchange(*hidden_.folder, hidden_.name, folder, name_, item_.path));
    LG_TRY(drop_hidden());
    return refuse("restore.keep", kept.error().what);
  }

  /// The damaged file has another name now: the good one takes the old name, then the damaged one moves.
  base::Result<Placed> place_and_keep_renamed(const os::Descriptor& folder) {
    LG_ASSIGN(const Placed placed, place_new(folder, name_));
    if (placed != Placed::done) return placed;
    const std::string current = name_in(item_.current_path);
    const auto status = os::target_status_at(folder, current, item_.current_path);
    if (!status.ok() || !is_original(status.value())) {
      run_.troubles.remark(item_.path, "restore.original",
                           "the good file is in its place; the damaged one changed meanwhile and was left where it is");
      return Placed::done;
    }
    base::Status kept = keep(folder, current);
    if (kept.ok()) return Placed::done;
    if (os::stops_restore(kept.error())) return std::move(kept).error();
    run_.troubles.remark(item_.path, "restore.keep", kept.error().what);
    return Placed::done;
  }

  base::Status keep(const os::Descriptor& folder, const std::string& name) {
    // `folder` may be one of kept_cache_, which the next open could close.
    FolderCache cache(run_.tree, run_.target);
    FolderCache& own = written_.hidden_in == k_no_folder ? kept_cache_ : cache;
    LG_ASSIGN(const os::Descriptor* kept, open_or_make(run_, own, run_.own_folders[file_.folder].kept));
    return run_.target.move_new(folder, name, *kept, name_in(written_.kept_path), item_.path);
  }

  [[nodiscard]] bool is_original(const os::TargetStatus& status) const {
    return status.kind == os::TargetKind::regular && status.inode == written_.original->inode &&
           status.size_bytes == written_.original->size_bytes && status.mtime_ns == written_.original->mtime_ns;
  }

  [[nodiscard]] bool has_hidden_name() const { return !hidden_.name.empty(); }

  base::Status need_hidden_name(const os::Descriptor& folder) {
    if (has_hidden_name()) return base::Done{};
    hidden_ = {&folder, run_.hidden_name(file_.item)};
    base::Status named = run_.target.name_file(written_.opened.file, folder, hidden_.name, item_.path);
    if (!named.ok() && named.error().system_errno == EEXIST && run_.journal.state().resumed) {
      // Only this restore makes such names; an original that waits under one was settled before.
      LG_TRY(run_.target.remove_file(folder, hidden_.name, item_.path));
      named = run_.target.name_file(written_.opened.file, folder, hidden_.name, item_.path);
    }
    return named;
  }

  /// Removes our own new file again, after a look that it is that.
  base::Status drop_hidden() {
    const auto status = os::target_status_at(*hidden_.folder, hidden_.name, item_.path);
    if (!status.ok() || status.value().inode != written_.state.inode) return base::Done{};
    return run_.target.remove_file(*hidden_.folder, hidden_.name, item_.path);
  }

  base::Result<Placed> refuse(const char* rule, std::string sentence) {
    run_.troubles.refuse(item_.path, rule, std::move(sentence));
    return Placed::refused;
  }

  RestoreRun& run_;
  FolderCache& cache_;
  FolderCache& kept_cache_;
  WrittenFile& written_;
  const RestoreFile& file_;
  const PlanItem& item_;
  std::string name_;
  NamePlace hidden_;
};

/// A name in the kept folder that is free now; only this restore writes there.
std::string choose_kept_path(RestoreRun& run, FolderCache& cache, std::uint32_t kept, const std::string& name,
                             std::uint32_t item) {
  std::string chosen = name;
  const auto folder = cache.open(kept);
  if (folder.ok() && os::target_status_at(*folder.value(), name, name).ok()) {
    chosen = fmt::format("{}.{}", name.substr(0, k_name_bytes_max - 12), item);
  }
  return run.tree.path(kept) + "/" + chosen;
}

base::Result<Standing> refused(RestoreRun& run, const PlanItem& item, const char* rule, std::string sentence) {
  run.troubles.refuse(item.path, rule, std::move(sentence));
  return Standing{Standing::Answer::refused, {}, {}};
}

std::optional<SeenFile> seen_at(RestoreRun& run, const std::string& path) {
  const std::lock_guard lock(run.case_mutex);
  return run.request.seen->find_seen(path);
}

}  // namespace

base::Result<Standing> look_at_place(RestoreRun& run, FolderCache& cache, const RestoreFile& file) {
  if (!run.replaces(file)) return Standing{};
  const PlanItem& item = run.item(file);
  LG_ASSIGN(const os::Descriptor* folder, cache.open(file.folder));
  const bool renamed = item.current_path != item.path;
  const std::string name = name_in(item.path);
  const auto at_name = os::target_status_at(*folder, name, item.path);
  if ((item.current_path.empty() || renamed) && at_name.ok()) {
    return refused(run, item, "restore.exists", in_the_way(run, item.path, at_name.value().inode));
  }
  if (item.current_path.empty()) return Standing{};
  const std::string current = name_in(item.current_path);
  if (!os::is_entry_name(current) || item.current_path.size() - current.size() != item.path.size() - name.size() ||
      !item.current_path.starts_with(std::string_view(item.path).substr(0, item.path.size() - name.size()))) {
    return refused(run, item, "restore.moved", "the damaged file is in another folder than the good one belongs in");
  }
  const auto status = os::target_status_at(*folder, current, item.current_path);
  if (!status.ok()) {
    if (status.error().system_errno == ENOENT) return Standing{};  // gone since the plan: the place is free
    return status.error();
  }
  const std::optional<SeenFile> seen = seen_at(run, item.current_path);
  const os::TargetStatus& now = status.value();
  const bool is_as_seen = now.kind == os::TargetKind::regular && seen && seen->size_bytes == now.size_bytes &&
                          seen->mtime_ns == now.mtime_ns;
  // Its own name is free: whatever stands under the damaged one's, which nobody here knows, stays beside.
  if (!is_as_seen && renamed) return Standing{};
  if (!is_as_seen) {
    const std::string who = run.placed_by(item.path, now.inode);
    return refused(
        run, item, "restore.changed",
        who.empty()
            ? fmt::format("what stands there ({} bytes) is not what the scan saw; it was left as it is", now.size_bytes)
            : fmt::format("{} put there what stands there now; it was left as it is", who));
  }
  // An empty one may be a part of what a database lost; the plan says so.
  if (seen->verdict == model::Verdict::intact && now.size_bytes > 0) {
    return refused(run, item, "restore.changed",
                   "the newest scan finds it intact: it was put back since this was planned, and was left as it is; a "
                   "new plan leaves it out");
  }
  LG_ASSIGN(os::EvidenceFile damaged, os::open_evidence_file(*folder, current, item.current_path));
  Standing out{Standing::Answer::damaged, {now.inode, now.size_bytes, now.mtime_ns, {}}, {}};
  LG_ASSIGN(out.original.sha256, digest_of(damaged, run.stop));
  if (damaged.status().inode != now.inode) return refused(run, item, "restore.changed", "it is being exchanged");
  out.kept_path = choose_kept_path(run, cache, run.own_folders[file.folder].kept, current, file.item);
  return out;
}

base::Result<Placed> place_file(RestoreRun& run, FolderCache& cache, FolderCache& kept_cache, WrittenFile& written) {
  base::Result<Placed> placed = Placing(run, cache, kept_cache, written).place();
  if (placed.ok() || os::stops_restore(placed.error())) return placed;
  run.troubles.refuse(run.item(run.items.files[written.file]).path, "restore.target", placed.error().what);
  return Placed::refused;
}

}  // namespace lastgood::recovery::restore
