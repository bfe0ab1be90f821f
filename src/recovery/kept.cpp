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
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery {

namespace {

constexpr std::size_t k_copied_bytes = std::size_t{1} << 20;
constexpr std::uint8_t k_in_place = static_cast<std::uint8_t>(RestoreMode::in_place);

struct KeptRecords {
  std::map<std::uint32_t, restore::IntentEntry> intents;
  std::set<std::uint32_t> released;

  void operator()(restore::IntentsRecord&& record) {
    for (restore::IntentEntry& entry : record.entries) {
      if (entry.original.inode != 0) intents[entry.item] = std::move(entry);
    }
  }
  void operator()(restore::ReleasedRecord&& record) { released.insert(record.items.begin(), record.items.end()); }
  template <typename Other>
  void operator()(Other&& /*record*/) {}
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
      if (planned.unit < plan_->units.size() && planned.current_path.empty()) {
        original.path = plan_->units[planned.unit].path;
        original.sha256.clear();
      }
      original.state = look(original, intent);
      out.push_back(std::move(original));
    }
    std::sort(out.begin(), out.end(), [](const KeptOriginal& a, const KeptOriginal& b) { return a.path < b.path; });
    return out;
  }

  /// REQUIRES: `original` came from list.
  [[nodiscard]] KeptState compare(const KeptOriginal& original) {
    if (original.state != KeptState::kept) return original.state;
    const auto folder = open_folder(original.kept_path);
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
    }
    const base::Sha256Digest found = digest.finish();
    return base::hex(base::ByteView(std::span<const std::uint8_t>(found))) == original.sha256 ? KeptState::kept
                                                                                              : KeptState::differs;
  }

  [[nodiscard]] base::Status remove(const KeptOriginal& original) {
    LG_ASSIGN(const os::Descriptor* folder, open_folder(original.kept_path));
    return target_.remove_file(*folder, restore::name_in(original.kept_path), original.kept_path);
  }

  [[nodiscard]] const std::string& journal_path() const { return journal_path_; }
  [[nodiscard]] const os::RestoreTarget& target() const { return target_; }

 private:
  KeptTree(const Plan& plan, os::RestoreTarget target) : plan_(&plan), target_(std::move(target)) {}

  /// A new cache for each folder: these lists are short and sorted by nothing that helps.
  base::Result<const os::Descriptor*> open_folder(const std::string& kept_path) {
    const std::size_t slash = kept_path.rfind('/');
    const std::uint32_t number =
        slash == std::string::npos ? restore::k_no_folder : tree_.add(std::string_view(kept_path).substr(0, slash));
    if (number == restore::k_no_folder) return base::system_error("open", kept_path, EINVAL);
    folders_ = std::make_unique<restore::FolderCache>(tree_, target_);
    return folders_->open(number);
  }

  KeptState look(const KeptOriginal& original, const restore::IntentEntry& intent) {
    if (records_.released.contains(original.item)) return KeptState::released;
    const auto folder = open_folder(original.kept_path);
    if (!folder.ok()) return folder.error().system_errno == ENOENT ? KeptState::missing : KeptState::unreadable;
    const auto status = os::target_status_at(*folder.value(), restore::name_in(original.kept_path), original.kept_path);
    if (!status.ok()) return status.error().system_errno == ENOENT ? KeptState::missing : KeptState::unreadable;
    if (status.value().kind == os::TargetKind::folder && original.sha256.empty()) return KeptState::unit_folder;
    return status.value().inode == intent.original.inode && status.value().kind == os::TargetKind::regular
               ? KeptState::kept
               : KeptState::differs;
  }

  const Plan* plan_;
  os::RestoreTarget target_;
  restore::FolderTree tree_;
  std::unique_ptr<restore::FolderCache> folders_;
  KeptRecords records_;
  std::string journal_path_;
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
    case KeptState::unit_folder: return "unit-folder";
  }
  return "unreadable";
}

base::Result<std::vector<KeptOriginal>> list_kept(const Plan& plan, const KeptPlace& place) {
  LG_ASSIGN(KeptTree tree, KeptTree::open(plan, place));
  return tree.list();
}

base::Result<std::vector<KeptOriginal>> verify_kept(const Plan& plan, const KeptPlace& place) {
  LG_ASSIGN(KeptTree tree, KeptTree::open(plan, place));
  std::vector<KeptOriginal> out = tree.list();
  for (KeptOriginal& original : out) original.state = tree.compare(original);
  return out;
}

base::Result<std::vector<KeptOriginal>> release_kept(const Plan& plan, const KeptPlace& place,
                                                     const ReleaseOrder& order, ledger::Ledger& ledger) {
  if (order.person.empty() || order.reason.empty()) {
    return refuse_release(base::ErrorCode::misuse, "cannot release kept originals: nobody and no reason is named",
                          "say who decides it, and why");
  }
  LG_ASSIGN(KeptTree tree, KeptTree::open(plan, place));
  const std::set<std::uint32_t> wanted(order.items.begin(), order.items.end());
  std::vector<KeptOriginal> chosen = tree.list();
  std::erase_if(chosen, [&](const KeptOriginal& original) { return !wanted.contains(original.item); });
  std::string paths;
  for (const KeptOriginal& original : chosen) {
    if (original.state == KeptState::unit_folder) {
      return refuse_release(base::ErrorCode::unsupported,
                            "cannot release '" + base::printable(original.kept_path) + "': it is a unit's folder",
                            "remove it by hand when nobody needs it any more");
    }
    paths += original.path + '\n' + original.sha256 + '\n';
  }
  std::erase_if(chosen, [](const KeptOriginal& original) { return original.state != KeptState::kept; });
  if (chosen.empty()) return chosen;
  LG_ASSIGN(const os::TargetStatus root, os::target_status(tree.target().root(), place.target));
  restore::HeaderRecord header{.mode = k_in_place, .root_inode = root.inode, .items = plan.items.size()};
  header.plan_sha256 = restore::parse_sha256(place.plan_sha256).value_or(header.plan_sha256);
  LG_ASSIGN(const std::unique_ptr<restore::Journal> journal, restore::Journal::open(tree.journal_path(), header));
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(paths)));
  const auto entry =
      ledger.append("kept-released",
                    {{"plan_sha256", place.plan_sha256},
                     {"person", order.person},
                     {"reason", order.reason},
                     {"originals", static_cast<std::int64_t>(chosen.size())},
                     {"first_path", chosen.front().path},
                     {"paths_and_digests_sha256", base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))}});
  if (!entry.ok()) return entry.error();
  restore::ReleasedRecord record;
  std::vector<KeptOriginal> released;
  for (KeptOriginal& original : chosen) {
    LG_TRY(tree.remove(original));
    original.state = KeptState::released;
    record.items.push_back(original.item);
    released.push_back(std::move(original));
    if (record.items.size() < restore::k_entries_per_record) continue;
    LG_TRY(journal->append(record));
    record.items.clear();
  }
  if (!record.items.empty()) LG_TRY(journal->append(record));
  return released;
}

}  // namespace lastgood::recovery
