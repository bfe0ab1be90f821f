// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/kept_digests.h"

#include <cerrno>
#include <memory>
#include <optional>
#include <span>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "recovery/restore/check_target.h"
#include "recovery/restore/folder_tree.h"
#include "recovery/restore/kept_folders.h"
#include "recovery/restore/plan_journal.h"

namespace lastgood::recovery {

namespace {

using restore::IntentEntry;
using restore::KeptFile;

/// The folder of one unit where it is kept, and of which its files are.
struct KeptFolder {
  std::uint32_t item = 0;
  std::string path;  // of the unit
  std::string kept_path;
  os::Descriptor folder;
};

/// The files of one folder, written down some at a time.
class FolderDigests {
 public:
  FolderDigests(restore::Journal& journal, std::uint32_t item) : journal_(journal) {
    some_.item = item;
    whole_.item = item;
  }

  base::Status add(KeptFile&& file) {
    list_.update(base::ByteView(std::span<const std::uint8_t>(file.sha256)));
    list_.update(base::ByteView(std::string_view(file.path + '\n')));
    ++whole_.files;
    whole_.bytes += file.size_bytes;
    some_.files.push_back(std::move(file));
    return some_.files.size() < restore::k_entries_per_record ? base::Status(base::Done{}) : flush();
  }
  base::Status flush() {
    if (some_.files.empty()) return base::Done{};
    base::Status written = journal_.append_unsynced(some_);
    some_.files.clear();
    return written;
  }

  [[nodiscard]] const restore::KeptWholeRecord& whole() const { return whole_; }
  /// Of all digests and paths. Once.
  base::Sha256Digest finish() { return list_.finish(); }

 private:
  restore::Journal& journal_;
  base::Sha256 list_;
  restore::KeptFilesRecord some_;
  restore::KeptWholeRecord whole_;
};

class TakeDigests {
 public:
  TakeDigests(const Plan& plan, const RestoreRequest& request, const os::RestoreTarget& target,
              restore::Journal& journal, RestoreProgress& progress, const TellCase& tell)
      : plan_(plan), request_(request), target_(target), journal_(journal), progress_(progress), tell_(tell) {}

  base::Result<KeptDigests> run() {
    std::vector<KeptFolder> folders;
    for (const auto& [item, intent] : journal_.state().kept_folders) {
      if (journal_.state().kept_whole.contains(item)) continue;
      LG_ASSIGN(std::optional<KeptFolder> folder, open(intent));
      if (folder) folders.push_back(std::move(*folder));
    }
    for (const KeptFolder& folder : folders) count(folder);
    for (KeptFolder& folder : folders) {
      LG_TRY(take(folder));
      if (is_cancelled_) return std::move(out_);
    }
    out_.finished = true;
    return std::move(out_);
  }

 private:
  /// nullopt: it was announced, and never exchanged.
  base::Result<std::optional<KeptFolder>> open(const IntentEntry& intent) {
    restore::FolderTree tree;
    restore::FolderCache cache(tree, target_);
    const std::uint32_t number = tree.add(intent.kept_path);
    if (number == restore::k_no_folder) return std::optional<KeptFolder>();
    const auto folder = cache.open(number);
    if (!folder.ok()) return std::optional<KeptFolder>();
    LG_ASSIGN(const os::TargetStatus status, os::target_status(*folder.value(), intent.kept_path));
    if (status.inode != intent.original.inode) return std::optional<KeptFolder>();
    const std::uint32_t unit = plan_.items[intent.item].unit;
    KeptFolder out{.item = intent.item,
                   .path = unit < plan_.units.size() ? plan_.units[unit].path : intent.kept_path,
                   .kept_path = intent.kept_path};
    LG_ASSIGN(out.folder, target_.reopen_folder(*folder.value(), intent.kept_path));
    return std::optional<KeptFolder>(std::move(out));
  }

  /// How much there is to read, for who waits; what cannot be read is said when its digests are taken.
  void count(const KeptFolder& folder) {
    auto readable = target_.reopen_folder(folder.folder, folder.kept_path);
    if (!readable.ok()) return;
    const base::Status walked = restore::walk_kept_folder(std::move(readable).value(), folder.kept_path,
                                                          restore::KeptLook::names, {.found = [&](KeptFile&& file) {
                                                            ++tally_.files_total;
                                                            tally_.bytes_total += file.size_bytes;
                                                            return base::Status(base::Done{});
                                                          }});
    base::ignore_error(walked, "the walk that takes the digests meets it again");
  }

  base::Status take(KeptFolder& folder) {
    progress_.step(fmt::format("digests of what was kept of '{}'", base::printable(folder.path)));
    FolderDigests digests(journal_, folder.item);
    bool is_ours = false;  // the error: the journal's, or that somebody stops us
    const restore::KeptVisit visit{.found = [&](KeptFile&& file) -> base::Status {
                                     ++tally_.files;
                                     base::Status added = digests.add(std::move(file));
                                     is_ours = !added.ok();
                                     return added;
                                   },
                                   .read = [&](std::size_t bytes) -> base::Status {
                                     tally_.bytes += bytes;
                                     progress_.digesting(tally_);
                                     is_cancelled_ = progress_.cancelled();
                                     if (!is_cancelled_) return base::Done{};
                                     return base::Error{.code = base::ErrorCode::cancelled, .what = "interrupted"};
                                   }};
    const base::Status walked =
        restore::walk_kept_folder(std::move(folder.folder), folder.kept_path, restore::KeptLook::contents, visit);
    if (is_cancelled_) return base::Done{};
    if (is_ours) return walked;
    if (!walked.ok()) {
      model::Finding finding{.rule = "restore.keep"};
      finding.sentence = fmt::format("no digests could be kept of what was put aside: {}", walked.error().what);
      out_.remarks.push_back({folder.path, std::move(finding)});
      return base::Done{};
    }
    LG_TRY(digests.flush());
    LG_TRY(tell(folder, digests.whole(), digests.finish()));
    return journal_.append(digests.whole());
  }

  base::Status tell(const KeptFolder& folder, const restore::KeptWholeRecord& whole, const base::Sha256Digest& digest) {
    ++out_.folders;
    out_.files += whole.files;
    out_.bytes += whole.bytes;
    return tell_("unit-kept", {{"plan_sha256", request_.plan_sha256},
                               {"journal", journal_.path()},
                               {"path", folder.path},
                               {"kept_path", folder.kept_path},
                               {"files", static_cast<std::int64_t>(whole.files)},
                               {"bytes", static_cast<std::int64_t>(whole.bytes)},
                               {"digests_sha256", base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))}});
  }

  const Plan& plan_;
  const RestoreRequest& request_;
  const os::RestoreTarget& target_;
  restore::Journal& journal_;
  RestoreProgress& progress_;
  const TellCase& tell_;
  DigestTally tally_;
  KeptDigests out_;
  bool is_cancelled_ = false;
};

}  // namespace

base::Result<KeptDigests> take_kept_digests(const Plan& plan, const RestoreRequest& request, RestoreProgress& progress,
                                            const TellCase& tell) {
  if (request.mode != RestoreMode::in_place) return KeptDigests{.finished = true};
  LG_ASSIGN(const os::RestoreTarget target, restore::open_target(request));
  LG_ASSIGN(const std::unique_ptr<restore::Journal> journal, restore::open_plan_journal(plan, request, target));
  TakeDigests take(plan, request, target, *journal, progress, tell);
  return take.run();
}

}  // namespace lastgood::recovery
