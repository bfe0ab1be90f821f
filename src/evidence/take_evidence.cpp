// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/take_evidence.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <thread>
#include <vector>

#include "base/misuse.h"
#include "evidence/digest_source.h"
#include "evidence/evidence_place.h"
#include "evidence/manifest.h"
#include "evidence/walk_names.h"
#include "ledger/merkle_tree.h"
#include "os/atomic_file.h"
#include "os/folder.h"

namespace lastgood::evidence {

namespace {

constexpr std::size_t k_batch_files = 4096;

base::ByteView view_of(const base::Sha256Digest& digest) {
  return base::ByteView(std::span<const std::uint8_t>(digest));
}

/// A file of the case that is hashed as it is written.
class HashedFile {
 public:
  explicit HashedFile(os::AtomicFile file) : file_(std::move(file)) {}
  base::Status write(base::ByteView bytes) {
    digest_.update(bytes);
    return file_.write(bytes);
  }
  base::Result<std::string> commit() {
    LG_TRY(file_.commit());
    return ledger::text_of(digest_.finish());
  }

 private:
  os::AtomicFile file_;
  base::Sha256 digest_;
};

base::Result<HashedFile> begin_file(const std::string& path) {
  LG_ASSIGN(os::AtomicFile file, os::begin_atomic_file(path, os::Overwrite::no));
  return HashedFile(std::move(file));
}

/// Where `path` lies below `folder`; empty: elsewhere.
std::string below(const std::string& folder, const std::string& path) {
  const std::string begin = folder.ends_with('/') ? folder : folder + "/";
  return path.starts_with(begin) ? path.substr(begin.size()) : std::string();
}

/// One file on its way into the manifest.
struct Pending {
  ManifestFile file;
  std::uint64_t expected_bytes = 0;
  std::vector<base::Sha256Digest> states;  // of small files; those of large ones go straight to disk
  std::optional<base::Error> failed;       // of ours, not of the evidence
};

class Taker {
 public:
  Taker(std::string case_folder, EvidencePlace place, const TakeRequest& request, const TakeHooks& hooks,
        EvidenceItem& item, HashedFile& manifest, HashedFile& states)
      : case_folder_(std::move(case_folder)),
        place_(std::move(place)),
        request_(&request),
        hooks_(&hooks),
        item_(&item),
        manifest_(&manifest),
        states_(&states) {}

  base::Status run() {
    if (item_->kind != SourceKind::folder) {
      const std::string name = split_path(request_->path).name;
      add({.path = name, .kind = os::FileKind::regular, .size_bytes = UINT64_MAX, .why = {}});
      return finish_batch();
    }
    LG_TRY(walk_names(place_.folder(), below(request_->path, case_folder_), [this](WalkedName name) {
      add(std::move(name));
      return batch_.size() < k_batch_files ? base::Status(base::Done{}) : finish_batch();
    }));
    return finish_batch();
  }

 private:
  void add(WalkedName name) {
    Pending pending;
    pending.file.number = ++numbered_;
    pending.file.path = std::move(name.path);
    pending.expected_bytes = name.size_bytes;
    if (!name.why.empty()) {
      pending.file.state = FileState::unreadable;
      pending.file.why = std::move(name.why);
    } else if (name.kind != os::FileKind::regular) {
      pending.file.state = FileState::not_a_file;
      pending.file.why = name.kind == os::FileKind::link        ? "a link"
                         : name.kind == os::FileKind::directory ? "the case itself, which is written meanwhile"
                                                                : "a device node, FIFO or socket";
    }
    batch_.push_back(std::move(pending));
  }

  /// The sink through which a content is also kept, and by which the work is stopped.
  template <typename KeptBytes>
  DigestSinks sinks_for(KeptBytes keep_bytes) {
    return {.on_state = {}, .on_bytes = [this, keep_bytes](base::ByteView bytes) -> base::Status {
              if (hooks_->stop && hooks_->stop()) {
                return base::Error{.code = base::ErrorCode::cancelled,
                                   .what = "taking evidence was interrupted",
                                   .path = {},
                                   .offset_bytes = {},
                                   .system_errno = 0,
                                   .hint = "the ledger says that it was begun; take it again"};
              }
              return keep_bytes(bytes);
            }};
  }

  std::string kept_path(const ManifestFile& file) const {
    return kept_folder(case_folder_, item_->id) + "/" + kept_name(file.number);
  }

  /// Reads one content; `on_state` as the caller has it. What the evidence fails by is in the file, what we fail by in
  /// `failed`.
  void take_one(Pending& pending, const std::function<base::Status(const base::Sha256Digest&)>& on_state) {
    ManifestFile& file = pending.file;
    auto opened = place_.open(file.number, file.path);
    if (!opened.ok()) return set_unreadable(file, opened.error());
    EvidencePlace::Opened& from = opened.value();
    file.block_bytes = block_bytes_for(from.source->size_bytes());
    file.mtime_ns = from.mtime_ns;
    std::optional<os::AtomicFile> kept;
    if (request_->keep == Keep::yes) {
      auto begun = os::begin_atomic_file(kept_path(file), os::Overwrite::no);
      if (!begun.ok()) {
        pending.failed = begun.error();
        return;
      }
      kept.emplace(std::move(begun).value());
    }
    std::atomic<bool> our_failure{false};  // states and bytes come from two threads
    DigestSinks sinks = sinks_for([&kept, &our_failure](base::ByteView bytes) -> base::Status {
      if (!kept) return base::Done{};
      base::Status written = kept->write(bytes);
      if (!written.ok()) our_failure = true;
      return written;
    });
    sinks.on_state = [&on_state, &our_failure](const base::Sha256Digest& state) {
      base::Status written = on_state(state);
      if (!written.ok()) our_failure = true;
      return written;
    };
    auto digests = digest_source(*from.source, file.block_bytes, sinks);
    if (!digests.ok() && (our_failure || digests.error().code == base::ErrorCode::cancelled)) {
      pending.failed = digests.error();
      return;
    }
    if (!digests.ok()) return set_unreadable(file, digests.error());
    if (kept) {
      const base::Status committed = kept->commit();
      if (!committed.ok()) {
        pending.failed = committed.error();
        return;
      }
    }
    set_read(file, digests.value(), from);
  }

  static void set_unreadable(ManifestFile& file, const base::Error& error) {
    file.state = FileState::unreadable;
    file.why = error.what;
  }

  static void set_read(ManifestFile& file, const Digests& digests, const EvidencePlace::Opened& from) {
    file.size_bytes = digests.bytes;
    file.sha256 = digests.sha256;
    file.sha1 = digests.sha1;
    file.md5 = digests.md5;
    if (!from.status) return;
    const auto* regular = dynamic_cast<const os::EvidenceFile*>(from.source.get());
    const auto now = regular == nullptr ? base::Result<os::FileStatus>(*from.status) : regular->status_now();
    if (now.ok() && now.value().size_bytes == file.size_bytes && now.value().mtime_ns == from.status->mtime_ns &&
        now.value().ctime_ns == from.status->ctime_ns) {
      return;
    }
    file.state = FileState::changed;
    file.why = "somebody wrote to it while it was read";
  }

  /// Small contents by several threads, large ones each by the threads of digest_source.
  base::Status finish_batch() {
    std::atomic<std::size_t> next{0};
    {
      std::vector<std::jthread> threads;
      for (unsigned i = 0; i < std::max(1U, std::thread::hardware_concurrency()); ++i) {
        threads.emplace_back([this, &next] {
          for (std::size_t at = next++; at < batch_.size(); at = next++) {
            Pending& pending = batch_[at];
            if (!is_small(pending)) continue;
            take_one(pending, [&pending](const base::Sha256Digest& state) {
              pending.states.push_back(state);
              return base::Status(base::Done{});
            });
          }
        });
      }
    }
    for (Pending& pending : batch_) LG_TRY(finish_one(pending));
    batch_.clear();
    if (hooks_->progressed) hooks_->progressed(item_->files, item_->bytes);
    return base::Done{};
  }

  static bool is_small(const Pending& pending) {
    return pending.file.has_content() && pending.expected_bytes <= k_alone_bytes_max;
  }

  base::Status finish_one(Pending& pending) {
    ManifestFile& file = pending.file;
    file.first_state = states_written_;
    const auto write_state = [this](const base::Sha256Digest& state) {
      ++states_written_;
      return states_->write(view_of(state));
    };
    if (file.has_content() && !is_small(pending)) {
      take_one(pending, write_state);
      if (hooks_->progressed) hooks_->progressed(item_->files, item_->bytes + file.size_bytes);
    }
    if (pending.failed) return *pending.failed;
    if (file.state == FileState::unreadable && item_->kind != SourceKind::folder) return unread_whole(file);
    for (const base::Sha256Digest& state : pending.states) LG_TRY(write_state(state));
    if (file.has_content()) {
      ++item_->files;
      item_->bytes += file.size_bytes;
    }
    if (file.state == FileState::unreadable) ++item_->unreadable;
    if (file.state == FileState::not_a_file) ++item_->not_files;
    if (item_->kind != SourceKind::folder) {
      item_->sha256 = file.sha256;
      item_->sha1 = file.sha1;
      item_->md5 = file.md5;
    }
    const std::string line = write_manifest_line(file);
    return manifest_->write(base::ByteView(std::string_view(line)));
  }

  static base::Status unread_whole(const ManifestFile& file) {
    return base::Error{.code = base::ErrorCode::io,
                       .what = file.why,
                       .path = file.path,
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "a device with bad sectors: image it with ddrescue and take the image"};
  }

  std::string case_folder_;
  EvidencePlace place_;
  const TakeRequest* request_;
  const TakeHooks* hooks_;
  EvidenceItem* item_;
  HashedFile* manifest_;
  HashedFile* states_;
  std::vector<Pending> batch_;
  std::uint64_t numbered_ = 0;
  std::uint64_t states_written_ = 0;
};

ledger::Fields begun_fields(const EvidenceItem& item, const TakeRequest& request, const std::string& protection) {
  return {{"authority", request.statement.authority},
          {"by", request.statement.by},
          {"changes", request.statement.changes},
          {"colour", item.device.colour},
          {"device_kind", item.device.kind},
          {"evidence", item.id},
          {"identifiers", item.device.identifiers},
          {"kept", std::string(item.kept ? "yes" : "no")},
          {"make_model", item.device.make_model},
          {"other", item.device.other},
          {"path", item.path},
          {"place", request.statement.place},
          {"reason", request.statement.reason},
          {"serial", item.device.serial},
          {"source_kind", std::string(name_of(item.kind))},
          {"witness", request.statement.witness},
          {"write_protection", protection}};
}

ledger::Fields added_fields(const EvidenceItem& item) {
  ledger::Fields out = {
      {"bytes", static_cast<std::int64_t>(item.bytes)},          {"evidence", item.id},
      {"files", static_cast<std::int64_t>(item.files)},          {"manifest_sha256", item.manifest_sha256},
      {"not_files", static_cast<std::int64_t>(item.not_files)},  {"states_sha256", item.states_sha256},
      {"unreadable", static_cast<std::int64_t>(item.unreadable)}};
  if (!item.sha256.empty()) {
    out["md5"] = item.md5;
    out["sha1"] = item.sha1;
    out["sha256"] = item.sha256;
  }
  return out;
}

/// What the system says of a device fills what nobody said; gives whether it is protected against writing.
std::string fill_device(EvidenceItem& item) {
  if (item.kind != SourceKind::device) return {};
  const auto device = os::open_evidence_device(item.path);
  if (!device.ok()) return {};
  const os::DeviceFacts& facts = device.value()->facts();
  if (item.device.make_model.empty()) item.device.make_model = facts.model;
  if (item.device.serial.empty()) item.device.serial = facts.serial;
  return facts.protection == os::WriteProtection::on ? "on" : "off";
}

base::Status make_folders(const std::string& case_folder, const EvidenceItem& item) {
  LG_TRY(os::make_private_folder(case_folder + "/evidence", os::WhenThere::accept));
  LG_TRY(os::make_private_folder(item_folder(case_folder, item.id), os::WhenThere::refuse));
  if (!item.kept) return base::Done{};
  LG_TRY(os::make_private_folder(case_folder + "/kept", os::WhenThere::accept));
  return os::make_private_folder(kept_folder(case_folder, item.id), os::WhenThere::refuse);
}

}  // namespace

base::Result<EvidenceItem> take_evidence(const std::string& case_folder, ledger::Ledger& ledger,
                                         const TakeRequest& request, const TakeHooks& hooks) {
  LG_TRY(check_statement(request.statement));
  // What a registry answered came from outside and never changes; all else in a case is its own and does.
  const std::string inside = below(case_folder, request.path);
  if (request.path == case_folder || (!inside.empty() && !inside.starts_with("registry/")))
    return base::misuse(fmt::format("'{}' lies in the case itself", base::printable(request.path)),
                        "the case's ledger vouches for it; 'lastgood evidence export' hands it out");
  EvidenceItem item;
  LG_ASSIGN(item.kind, kind_at(request.path));
  LG_ASSIGN(EvidencePlace place, EvidencePlace::original(item.kind, request.path));
  LG_ASSIGN(const CustodyRecords records, read_custody(case_folder));
  item.id = records.next_id();
  item.path = request.path;
  item.statement = request.statement;
  item.device = request.device;
  item.kept = request.keep == Keep::yes;
  const std::string protection = fill_device(item);
  LG_ASSIGN(const ledger::Head begun, ledger.append(k_kind_begun, begun_fields(item, request, protection)));
  item.begun_entry = begun.sequence;

  LG_TRY(make_folders(case_folder, item));
  const std::string folder = item_folder(case_folder, item.id);
  LG_ASSIGN(HashedFile manifest, begin_file(folder + "/manifest"));
  LG_ASSIGN(HashedFile states, begin_file(folder + "/states"));
  LG_TRY(Taker(case_folder, std::move(place), request, hooks, item, manifest, states).run());
  LG_ASSIGN(item.manifest_sha256, manifest.commit());
  LG_ASSIGN(item.states_sha256, states.commit());
  LG_ASSIGN(const ledger::Head added, ledger.append(k_kind_added, added_fields(item)));
  item.added_entry = added.sequence;
  return item;
}

}  // namespace lastgood::evidence
