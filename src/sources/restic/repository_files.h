// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where a repository's files lie: a local folder or a REST server, behind three verbs. Nothing is ever written.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "model/finding.h"
#include "sources/restic/blob_id.h"

namespace lastgood::sources::restic {

enum class StoredKind : std::uint8_t { key, snapshot, index, pack };

/// "snapshots", "index", ...: as the folder is called.
[[nodiscard]] std::string_view folder_of(StoredKind kind);

struct StoredFile {
  BlobId name{};
  std::uint64_t size_bytes = 0;
  bool has_size = true;        // a REST server of the first version gives names only
  std::int64_t stored_ns = 0;  // the file's modification time; 0: unknown
};

struct Listing {
  std::vector<StoredFile> files;         // sorted by name, each once
  std::vector<model::Finding> findings;  // folders that cannot be listed, names that are none of restic's
};

class RepositoryFiles {
 public:
  virtual ~RepositoryFiles() = default;
  RepositoryFiles() = default;
  RepositoryFiles(const RepositoryFiles&) = delete;
  RepositoryFiles& operator=(const RepositoryFiles&) = delete;

  /// As a person knows it: the folder or the address.
  [[nodiscard]] virtual const std::string& location() const = 0;

  /// One thread. A folder that is not there is an empty listing.
  [[nodiscard]] virtual base::Result<Listing> list(StoredKind kind) = 0;

  /// The whole file "config". ErrorCode::not_found; ErrorCode::limit_reached when it is longer than `bytes_max`.
  [[nodiscard]] virtual base::Result<std::vector<std::uint8_t>> read_config(std::size_t bytes_max) = 0;

  /// A whole file. Errors as above. Any thread.
  [[nodiscard]] virtual base::Result<std::vector<std::uint8_t>> read_file(StoredKind kind, const BlobId& name,
                                                                          std::size_t bytes_max) = 0;

  /// Bytes of a pack from `offset_bytes`, and how many came: fewer than asked for at the pack's end. Any thread,
  /// several at once.
  [[nodiscard]] virtual base::Result<std::size_t> read_pack(const BlobId& pack, std::uint64_t offset_bytes,
                                                            std::span<std::uint8_t> into) = 0;

  /// Asks again where the listing did not say. Any thread.
  [[nodiscard]] virtual base::Result<std::uint64_t> size_of_pack(const BlobId& pack) = 0;

  /// How much is worth reading at once where blobs are read one after another.
  [[nodiscard]] virtual std::size_t read_ahead_bytes() const = 0;
};

/// Sorts and keeps each name once.
void put_in_order(Listing& listing);

/// A local folder, in the default layout (data/ab/abcd...) or the old flat one (data/abcd..., key, snapshot).
/// ErrorCode::not_found when it is not there.
[[nodiscard]] base::Result<std::unique_ptr<RepositoryFiles>> open_local_files(const std::string& folder);

/// "http://[user:password@]host[:port]/path", both versions of the REST protocol (restic's rest_backend.rst). Nothing
/// is asked of the server yet. ErrorCode::misuse for an address that is none, ErrorCode::unsupported for https.
[[nodiscard]] base::Result<std::unique_ptr<RepositoryFiles>> open_rest_files(const std::string& url);

}  // namespace lastgood::sources::restic
