// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Reads blobs: pack bytes -> MAC -> decryption -> decompression -> SHA-256 against the id, always; the next copy where
// one fails. Small blobs are the rule, so each thread keeps its ciphers and buffers, and reads ahead in a pack while it
// moves forward there: sixty small blobs then cost one system call.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "base/result.h"
#include "sources/restic/blob_index.h"
#include "sources/restic/crypto.h"
#include "sources/restic/repository_files.h"

namespace lastgood::sources::restic {

/// Any thread, several at once. What it is given outlives it.
class BlobReader {
 public:
  BlobReader(RepositoryFiles& files, const BlobIndex& index, const MasterKey& key);

  /// Puts the content of a blob into `into` (resized; with room for k_spare_bytes more). `copies` are all of one blob.
  /// ErrorCode::damaged_source says of each copy where it lies and what failed. Where a copy may be well and could not
  /// be reached (ErrorCode::busy_retry, ErrorCode::denied, ErrorCode::limit_reached), that is the error.
  [[nodiscard]] base::Status read(const BlobId& id, std::span<const BlobRecord> copies, std::uint32_t bytes_max,
                                  std::vector<std::uint8_t>& into) const;

  static constexpr std::size_t k_spare_bytes = 64;

 private:
  struct Scratch;
  Scratch& scratch() const;
  [[nodiscard]] base::Status read_copy(const BlobRecord& copy, std::uint32_t bytes_max, Scratch& scratch,
                                       std::vector<std::uint8_t>& into) const;
  [[nodiscard]] base::Result<base::ByteView> read_sealed(const BlobRecord& copy, Scratch& scratch) const;

  RepositoryFiles& files_;
  const BlobIndex& index_;
  MasterKey key_;
  std::uint64_t serial_;  // tells the readers of a process apart, also those at one address one after another
};

}  // namespace lastgood::sources::restic
