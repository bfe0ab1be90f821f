// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/kept.h"

#include <algorithm>
#include <cerrno>
#include <map>
#include <set>
#include <utility>

#include <fmt/format.h>

#include "base/checksum.h"
#include "os/append_file.h"
#include "os/evidence.h"
#include "os/restore_target.h"
#include "recovery/restore/folder_tree.h"
#include "recovery/restore/journal.h"
#include "recovery/restore/kept_folders.h"
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery {

namespace {

constexpr std::size_t k_copied_bytes = std::size_t{1} << 20;
constexpr std::size_t k_differences_shown = 5;
constexpr std::uint8_t k_in_place = static_cast<std::uint8_t>(RestoreMode::in_place);

struct KeptRecords {
  std::map<std::uint32_t, restore::IntentEntry> intents;
  std::set<std::uint32_t> released;
  std::map<std::uint32_t, std::map<std::string, restore::KeptFile>> files;  // of units' folders, by path
  std::map<std::uint32_t, restore::KeptWholeRecord> whole;

  void operator()(restore::IntentsRecord&& record) {
    for (restore::IntentEntry& entry : record.entries) {
      if (entry.original.inode != 0) intents[entry.item] = std::move(entry);
    }
  }
  void operator()(restore::KeptFilesRecord&& record) {
    for (restore::KeptFile& file : record.files) files[record.item].insert_or_assign(file.path, file);
  }
  void operator()(restore::KeptWholeRecord&& record) { whole[record.item] = record; }
  void operator()(restore::ReleasedRecord&& record) { released.insert(record.items.begin(), record.items.end()); }
  template <typename Other>
  void operator()(Other&& /*record*/) {}
};

/// What a folder has that was not written down, lacks, or has otherwise.
class Differences {
 public:
  explicit Differences(const std::map<std::string, restore::KeptFile>& expected) : expected_(expected) {}
  void see(const restore::KeptFile& file) {
    const auto known = expected_.find(file.path);
    if (known == expected_.end()) return add(file.path + " was added");
    seen_.insert(file.path);
    if (!(known->second == file)) add(file.path + " differs");
  }
  /// Empty: none.
  std::string finish() {
    for (const auto& [path, file] : expected_)
      if (!seen_.contains(path)) add(path + " is missing");
    if (count_ > k_differences_shown) text_ += fmt::format(" and {} more", count_ - k_differences_shown);
    return text_;
  }

 private:
  void add(const std::string& what) {
    if (++count_ <= k_differences_shown) text_ += (text_.empty() ? "" : ", ") + base::printable(what);
  }
  const std::map<std::string, restore::KeptFile>& expected_;
  std::set<std::string> seen_;
  std::size_t count_ = 0;
  std::string text_;
};

/// The kept tree of one restore, opened.
class KeptTree {
 public:
  static base::Result<KeptTree> open(const Plan& plan, const KeptPlace& place) {
    LG_ASSIGN(os::RestoreTarget target, os::RestoreTarget::open(place.target, os::Mounts::cross));
    KeptTree out(plan, std::move(target));
    out.journal_path_ = restore::journal_path(place.journal_folder, place.plan_sha256, k_in_place, out.target_.path());
    LG_ASSIGN(const auto file, os::open_own_file(out.journal_path_));
    LG_ASSIGN(const std::uint64_t damages, restore::read_journal(*file, [&](restore::JournalRecord&& record) {
                std::visit(out.records_, std::move(record));
              }));
    (void)damages;  // what cannot be read there is not listed; the kept files are found by their names as well
    return out;
  }

  [[nodiscard]] std::vector<KeptOriginal> list() {
    std::vector<KeptOriginal> out;
    for (const auto& [item, intent] : records_.intents) {
      if (item >= plan_->items.size()) continue;
      const PlanItem& planned = plan_->items[item];
      KeptOriginal original{.item = item,
                            .path = planned.current_path,
                            .kept_path = intent.kept_path,
                            .size_bytes = intent.original.size_bytes,
                            .mtime_ns = intent.original.mtime_ns,
                            .sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(intent.original.sha256)))};
      if (planned.unit < plan_->units.size() && restore::is_of_folder(intent)) {
        original.path = plan_->units[planned.unit].path;
        original.sha256.clear();
        original.is_folder = true;
      }
      original.state = look(original);
      if (original.is_folder) count_files(original);
      out.push_back(std::move(original));
    }
    std::sort(out.begin(), out.end(), [](const KeptOriginal& a, const KeptOriginal& b) { return a.path < b.path; });
    return out;
  }

  /// REQUIRES: `original` came from list.
  void compare(KeptOriginal& original) {
    if (original.state == KeptState::kept)
      original.state = original.is_folder ? compare_folder(original) : compare_file(original);
  }
  /// All of them; nothing more is compared once `progress` wants no more.
  void compare_all(std::vector<KeptOriginal>& originals, RestoreProgress& progress) {
    progress_ = &progress;
    for (const KeptOriginal& original : originals) {
      if (original.state != KeptState::kept) continue;
      tally_.files_total += original.files;
      tally_.bytes_total += original.size_bytes;
    }
    for (KeptOriginal& original : originals) {
      if (progress.cancelled()) break;
      progress.step(fmt::format("reading what was kept of '{}'", base::printable(original.path)));
      compare(original);
      tally_.files += original.state == KeptState::released ? 0 : original.files;
    }
  }

  /// As far as a look at the name tells.
  KeptState look(const KeptOriginal& original) {
    if (records_.released.contains(original.item)) return KeptState::released;
    const auto folder = open_folder_of(original.kept_path);
    if (!folder.ok()) return folder.error().system_errno == ENOENT ? KeptState::missing : KeptState::unreadable;
    const auto status = os::target_status_at(*folder.value(), restore::name_in(original.kept_path), original.kept_path);
    if (!status.ok()) return status.error().system_errno == ENOENT ? KeptState::missing : KeptState::unreadable;
    const restore::Original& known = records_.intents.at(original.item).original;
    const os::TargetKind kind = original.is_folder ? os::TargetKind::folder : os::TargetKind::regular;
    const bool is_it = status.value().inode == known.inode && status.value().kind == kind;
    return is_it ? KeptState::kept : KeptState::differs;
  }

  [[nodiscard]] base::Status remove(const KeptOriginal& original) {
    LG_ASSIGN(const os::Descriptor* folder, open_folder_of(original.kept_path));
    return target_.remove_file(*folder, restore::name_in(original.kept_path), original.kept_path);
  }

  [[nodiscard]] const std::string& journal_path() const { return journal_path_; }
  [[nodiscard]] const os::RestoreTarget& target() const { return target_; }
  [[nodiscard]] std::string full_path(const KeptOriginal& original) const {
    return (target_.path() == "/" ? std::string() : target_.path()) + original.kept_path;
  }

 private:
  KeptTree(const Plan& plan, os::RestoreTarget target) : plan_(&plan), target_(std::move(target)) {}

  KeptState compare_file(const KeptOriginal& original) {
    const auto folder = open_folder_of(original.kept_path);
    if (!folder.ok()) return KeptState::unreadable;
    auto file = os::open_evidence_file(*folder.value(), restore::name_in(original.kept_path), original.kept_path);
    if (!file.ok()) return KeptState::unreadable;
    base::Sha256 digest;
    std::vector<std::uint8_t> buffer(k_copied_bytes);
    for (std::uint64_t at = 0;;) {
      const auto got = file.value().read(at, buffer);
      if (!got.ok()) return KeptState::unreadable;
      if (got.value() == 0) break;
      digest.update(base::ByteView(std::span<const std::uint8_t>(buffer).first(got.value())));
      at += got.value();
      if (!step(got.value()).ok()) return KeptState::unreadable;
    }
    const base::Sha256Digest found = digest.finish();
    return base::hex(base::ByteView(std::span<const std::uint8_t>(found))) == original.sha256 ? KeptState::kept
                                                                                              : KeptState::differs;
  }

  /// An Error: somebody stops us.
  base::Status step(std::size_t bytes) {
    if (progress_ == nullptr) return base::Done{};
    tally_.bytes += bytes;
    progress_->digesting(tally_);
    if (!progress_->cancelled()) return base::Done{};
    return base::Error{.code = base::ErrorCode::cancelled, .what = "interrupted"};
  }

  KeptState compare_folder(KeptOriginal& original) {
    if (!records_.whole.contains(original.item)) {
      original.why =
          "not verified: no digests of it were taken when it was put aside; 'lastgood restore' with this plan and "
          "--in-place takes them now";
      return KeptState::unproven;
    }
    Differences differences(records_.files[original.item]);
    const base::Status walked = walk(original, restore::KeptLook::contents,
                                     {.found =
                                          [&](restore::KeptFile&& file) {
                                            differences.see(file);
                                            return base::Status(base::Done{});
                                          },
                                      .read = [&](std::size_t bytes) { return step(bytes); }});
    original.why = walked.ok() ? differences.finish() : walked.error().what;
    if (!walked.ok()) return KeptState::unreadable;
    return original.why.empty() ? KeptState::kept : KeptState::differs;
  }

  /// As it was put aside, where that was written down.
  void count_files(KeptOriginal& original) {
    const auto whole = records_.whole.find(original.item);
    original.files = whole == records_.whole.end() ? 0 : whole->second.files;
    original.size_bytes = whole == records_.whole.end() ? 0 : whole->second.bytes;
    if (whole != records_.whole.end() || original.state != KeptState::kept) return;
    const base::Status walked = walk(original, restore::KeptLook::names, {.found = [&](restore::KeptFile&& file) {
                                       ++original.files;
                                       original.size_bytes += file.size_bytes;
                                       return base::Status(base::Done{});
                                     }});
    if (!walked.ok()) original.why = walked.error().what;
  }

  base::Status walk(const KeptOriginal& original, restore::KeptLook look, const restore::KeptVisit& visit) {
    LG_ASSIGN(const os::Descriptor* folder, open_folder(original.kept_path));
    LG_ASSIGN(os::Descriptor readable, target_.reopen_folder(*folder, original.kept_path));
    return restore::walk_kept_folder(std::move(readable), original.kept_path, look, visit);
  }

  base::Result<const os::Descriptor*> open_folder_of(const std::string& kept_path) {
    const std::size_t slash = kept_path.rfind('/');
    if (slash == std::string::npos) return base::system_error("open", kept_path, EINVAL);
    return open_folder(kept_path.substr(0, slash));
  }

  /// A new cache for each folder: these lists are short and sorted by nothing that helps.
  base::Result<const os::Descriptor*> open_folder(const std::string& path) {
    const std::uint32_t number = tree_.add(path);
    if (number == restore::k_no_folder) return base::system_error("open", path, EINVAL);
    folders_ = std::make_unique<restore::FolderCache>(tree_, target_);
    return folders_->open(number);
  }

  const Plan* plan_;
  os::RestoreTarget target_;
  restore::FolderTree tree_;
  std::unique_ptr<restore::FolderCache> folders_;
  KeptRecords records_;
  std::string journal_path_;
  RestoreProgress* progress_ = nullptr;  // null: nobody waits
  DigestTally tally_;
};

base::Error refuse_release(base::ErrorCode code, std::string what, std::string hint) {
  base::Error error;
  error.code = code;
  error.what = std::move(what);
  error.hint = std::move(hint);
  return error;
}

}  // namespace

std::string_view name_of(KeptState state) {
  switch (state) {
    case KeptState::kept: return "kept";
    case KeptState::released: return "released";
    case KeptState::missing: return "missing";
    case KeptState::differs: return "differs";
    case KeptState::unreadable: return "unreadable";
    case KeptState::unproven: return "unproven";
  }
  return "unreadable";
}

base::Result<std::vector<KeptOriginal>> list_kept(const Plan& plan, const KeptPlace& place) {
  LG_ASSIGN(KeptTree tree, KeptTree::open(plan, place));
  return tree.list();
}

base::Result<std::vector<KeptOriginal>> verify_kept(const Plan& plan, const KeptPlace& place,
                                                    RestoreProgress& progress) {
  LG_ASSIGN(KeptTree tree, KeptTree::open(plan, place));
  std::vector<KeptOriginal> out = tree.list();
  tree.compare_all(out, progress);
  if (progress.cancelled())
    return base::Error{.code = base::ErrorCode::cancelled, .what = "interrupted: not all that is kept was read"};
  return out;
}

namespace {

/// Each is read: what is not what was kept stays.
ReleaseOutcome sort_out(KeptTree& tree, const std::set<std::uint32_t>& wanted) {
  ReleaseOutcome out;
  for (KeptOriginal& original : tree.list()) {
    if (!wanted.contains(original.item) || original.state == KeptState::released) continue;
    if (original.is_folder) {
      original.why = fmt::format(
          "the folder of a database or another unit stays: remove '{}' by hand when nobody needs "
          "it any more",
          base::printable(tree.full_path(original)));
    } else {
      tree.compare(original);
      if (original.state != KeptState::kept)
        original.why = fmt::format("it is not what was kept any more, and was left: '{}'",
                                   base::printable(tree.full_path(original)));
    }
    (original.why.empty() ? out.released : out.stayed).push_back(std::move(original));
  }
  return out;
}

base::Status tell_release(const KeptPlace& place, const ReleaseOrder& order, const std::vector<KeptOriginal>& chosen,
                          ledger::Ledger& ledger) {
  std::string paths;
  for (const KeptOriginal& original : chosen) paths += original.path + '\n' + original.sha256 + '\n';
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(paths)));
  const auto entry =
      ledger.append("kept-released",
                    {{"plan_sha256", place.plan_sha256},
                     {"person", order.person},
                     {"reason", order.reason},
                     {"originals", static_cast<std::int64_t>(chosen.size())},
                     {"first_path", chosen.front().path},
                     {"paths_and_digests_sha256", base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))}});
  return entry.ok() ? base::Status(base::Done{}) : base::Status(entry.error());
}

}  // namespace

base::Result<ReleaseOutcome> release_kept(const Plan& plan, const KeptPlace& place, const ReleaseOrder& order,
                                          ledger::Ledger& ledger) {
  if (order.person.empty() || order.reason.empty()) {
    return refuse_release(base::ErrorCode::misuse, "cannot release kept originals: nobody and no reason is named",
                          "say who decides it, and why");
  }
  LG_ASSIGN(KeptTree tree, KeptTree::open(plan, place));
  ReleaseOutcome out = sort_out(tree, std::set<std::uint32_t>(order.items.begin(), order.items.end()));
  if (out.released.empty()) return out;
  LG_ASSIGN(const os::TargetStatus root, os::target_status(tree.target().root(), place.target));
  restore::HeaderRecord header{.mode = k_in_place, .root_inode = root.inode, .items = plan.items.size()};
  header.plan_sha256 = restore::parse_sha256(place.plan_sha256).value_or(header.plan_sha256);
  LG_ASSIGN(const std::unique_ptr<restore::Journal> journal, restore::Journal::open(tree.journal_path(), header));
  LG_TRY(tell_release(place, order, out.released, ledger));
  restore::ReleasedRecord record;
  std::vector<KeptOriginal> chosen = std::exchange(out.released, {});
  for (KeptOriginal& original : chosen) {
    original.state = tree.look(original);  // since it was read
    if (original.state != KeptState::kept) {
      original.why = "something else took its place just now";
      out.stayed.push_back(std::move(original));
      continue;
    }
    LG_TRY(tree.remove(original));
    original.state = KeptState::released;
    record.items.push_back(original.item);
    out.released.push_back(std::move(original));
    if (record.items.size() < restore::k_entries_per_record) continue;
    LG_TRY(journal->append(record));
    record.items.clear();
  }
  if (!record.items.empty()) LG_TRY(journal->append(record));
  return out;
}

}  // namespace lastgood::recovery
