// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A repository in a local folder. Every file is opened as evidence: read-only, no link followed, no access time
// changed.
#include <algorithm>
#include <array>
#include <list>
#include <mutex>
#include <optional>
#include <unordered_map>

#include <fmt/format.h>

#include "os/directory_list.h"
#include "os/evidence.h"
#include "sources/restic/repository_files.h"

namespace lastgood::sources::restic {

namespace {

/// Open packs, the one used longest ago is closed first. Any thread; the packs are spread over locks by their names.
class OpenPacks {
 public:
  using Pack = std::shared_ptr<os::EvidenceFile>;

  /// Nothing when it is not open.
  Pack find(const BlobId& name) {
    Shard& shard = shard_of(name);
    const std::lock_guard lock(shard.mutex);
    for (Kept& kept : shard.kept) {
      if (!kept.pack || kept.name != name) continue;
      kept.last_use = ++shard.uses;
      return kept.pack;
    }
    return nullptr;
  }

  void keep(const BlobId& name, Pack pack) {
    Shard& shard = shard_of(name);
    const std::lock_guard lock(shard.mutex);
    Kept& oldest = *std::min_element(shard.kept.begin(), shard.kept.end(),
                                     [](const Kept& a, const Kept& b) { return a.last_use < b.last_use; });
    oldest = Kept{.name = name, .pack = std::move(pack), .last_use = ++shard.uses};
  }

 private:
  struct Kept {
    BlobId name{};
    Pack pack;
    std::uint64_t last_use = 0;
  };
  struct Shard {
    std::mutex mutex;
    std::array<Kept, 8> kept;
    std::uint64_t uses = 0;
  };
  Shard& shard_of(const BlobId& name) { return shards_[name[0] % shards_.size()]; }

  std::array<Shard, 16> shards_;
};

model::Finding foreign_names(std::string_view folder, std::size_t count, std::string_view first) {
  return {.rule = "restic.files.names",
          .sentence = fmt::format("'{}' holds {} files whose names are none of restic's, such as '{}'", folder, count,
                                  base::printable(first)),
          .weight = model::Weight::contradicts};
}

class LocalFiles final : public RepositoryFiles {
 public:
  LocalFiles(os::Descriptor root, std::string folder) : root_(std::move(root)), folder_(std::move(folder)) {}

  [[nodiscard]] const std::string& location() const override { return folder_; }
  [[nodiscard]] std::size_t read_ahead_bytes() const override { return 256 * 1024; }

  [[nodiscard]] base::Result<Listing> list(StoredKind kind) override {
    Listing listing;
    for (const std::string& folder : folders_of(kind)) LG_TRY(list_folder(folder, listing));
    if (kind == StoredKind::pack) {
      constexpr std::string_view k_hex_digits = "0123456789abcdef";
      for (const char high : k_hex_digits) {
        for (const char low : k_hex_digits) LG_TRY(list_folder(fmt::format("data/{}{}", high, low), listing));
      }
    }
    put_in_order(listing);
    return listing;
  }

  [[nodiscard]] base::Result<std::vector<std::uint8_t>> read_config(std::size_t bytes_max) override {
    LG_ASSIGN(os::EvidenceFile file, os::open_evidence_file(root_, "config", folder_ + "/config"));
    return read_whole(file, folder_ + "/config", bytes_max);
  }

  [[nodiscard]] base::Result<std::vector<std::uint8_t>> read_file(StoredKind kind, const BlobId& name,
                                                                  std::size_t bytes_max) override {
    LG_ASSIGN(os::EvidenceFile file, open(kind, name));
    return read_whole(file, fmt::format("{}/{}/{}", folder_, folder_of(kind), hex_of(name)), bytes_max);
  }

  [[nodiscard]] base::Result<std::size_t> read_pack(const BlobId& pack, std::uint64_t offset_bytes,
                                                    std::span<std::uint8_t> into) override {
    LG_ASSIGN(const OpenPacks::Pack file, open_pack(pack));
    // pread(2) moves no position, so that several threads may read one descriptor.
    return file->read(offset_bytes, into);
  }

  [[nodiscard]] base::Result<std::uint64_t> size_of_pack(const BlobId& pack) override {
    LG_ASSIGN(const OpenPacks::Pack file, open_pack(pack));
    return file->size_bytes();
  }

 private:
  base::Result<OpenPacks::Pack> open_pack(const BlobId& name) {
    OpenPacks::Pack file = open_packs_.find(name);
    if (file) return file;
    LG_ASSIGN(os::EvidenceFile opened, open(StoredKind::pack, name));
    file = std::make_shared<os::EvidenceFile>(std::move(opened));
    open_packs_.keep(name, file);
    return file;
  }

  /// Where files of a kind may lie, the usual place first; packs also lie one level deeper.
  static std::vector<std::string> folders_of(StoredKind kind) {
    switch (kind) {
      case StoredKind::key: return {"keys", "key"};
      case StoredKind::snapshot: return {"snapshots", "snapshot"};
      case StoredKind::index: return {"index"};
      case StoredKind::pack: return {"data"};
    }
    return {};
  }

  static bool is_pack_folder(std::string_view folder, std::string_view name) {
    return folder == "data" && name.size() == 2 && name.find_first_not_of("0123456789abcdef") == std::string_view::npos;
  }

  /// Adds what `folder` holds. One that is not there adds nothing, one that cannot be read a finding.
  base::Status list_folder(const std::string& folder, Listing& listing) {
    const base::Result<os::Descriptor> directory = os::open_evidence_directory(root_, folder);
    if (!directory.ok()) {
      if (directory.error().code != base::ErrorCode::not_found) add_unlisted(folder, directory.error(), listing);
      return base::Done{};
    }
    std::size_t foreign = 0;
    std::string first_foreign;
    std::vector<std::pair<std::string, BlobId>> names;
    const base::Status listed = os::list_directory(directory.value(), folder_ + "/" + folder,
                                                   [&](std::string_view name, std::optional<os::FileKind> /*kind*/) {
                                                     const std::optional<BlobId> id = parse_id(name);
                                                     if (id) names.emplace_back(name, *id);
                                                     if (!id && !is_pack_folder(folder, name) && foreign++ == 0)
                                                       first_foreign = name;
                                                     return true;
                                                   });
    if (!listed.ok()) add_unlisted(folder, listed.error(), listing);
    if (foreign > 0) listing.findings.push_back(foreign_names(folder, foreign, first_foreign));
    for (const auto& [name, id] : names) add_file(directory.value(), folder, name, id, listing);
    return base::Done{};
  }

  void add_file(const os::Descriptor& directory, const std::string& folder, const std::string& name, const BlobId& id,
                Listing& listing) {
    const auto status = os::status_at(directory, name, folder + "/" + name);
    if (!status.ok() || status.value().kind != os::FileKind::regular) {
      listing.findings.push_back({.rule = "restic.files.kind",
                                  .sentence = fmt::format("'{}/{}' is no regular file", folder, name),
                                  .weight = model::Weight::contradicts});
      return;
    }
    listing.files.push_back(
        {.name = id, .size_bytes = status.value().size_bytes, .stored_ns = status.value().mtime_ns});
  }

  static void add_unlisted(const std::string& folder, const base::Error& error, Listing& listing) {
    listing.findings.push_back({.rule = "restic.files.folder",
                                .sentence = fmt::format("'{}' cannot be listed: {}", folder, error.what),
                                .weight = model::Weight::contradicts});
  }

  base::Result<os::EvidenceFile> open(StoredKind kind, const BlobId& id) {
    const std::string name = hex_of(id);
    std::vector<std::string> folders = folders_of(kind);
    if (kind == StoredKind::pack) folders.insert(folders.begin(), "data/" + name.substr(0, 2));
    std::optional<base::Error> first;
    for (const std::string& folder : folders) {
      auto file = open_in(folder, name);
      if (file.ok() || file.error().code != base::ErrorCode::not_found) return file;
      if (!first) first = file.error();
    }
    return *first;
  }

  base::Result<os::EvidenceFile> open_in(const std::string& folder, const std::string& name) {
    const base::Result<os::Descriptor> directory = os::open_evidence_directory(root_, folder);
    const std::string path = fmt::format("{}/{}/{}", folder_, folder, name);
    if (!directory.ok()) return base::system_error("open", path, directory.error().system_errno);
    return os::open_evidence_file(directory.value(), name, path);
  }

  static base::Result<std::vector<std::uint8_t>> read_whole(os::EvidenceFile& file, const std::string& path,
                                                            std::size_t bytes_max) {
    if (file.size_bytes() > bytes_max) {
      return base::Error{
          .code = base::ErrorCode::limit_reached,
          .what = fmt::format("cannot read '{}': its {} bytes are more than the {} that such a file may have",
                              base::printable(path), file.size_bytes(), bytes_max),
          .path = path};
    }
    std::vector<std::uint8_t> bytes(file.size_bytes());
    LG_ASSIGN(const std::size_t got, file.read(0, bytes));
    bytes.resize(got);
    return bytes;
  }

  os::Descriptor root_;
  std::string folder_;
  OpenPacks open_packs_;
};

}  // namespace

base::Result<std::unique_ptr<RepositoryFiles>> open_local_files(const std::string& folder) {
  LG_ASSIGN(os::Descriptor root, os::open_evidence_root(folder));
  return std::unique_ptr<RepositoryFiles>(std::make_unique<LocalFiles>(std::move(root), folder));
}

}  // namespace lastgood::sources::restic
