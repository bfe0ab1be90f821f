// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Every distinct folder once: its entries by number, named by a digest over what they say. Equal folders of different
// archives are one.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string_view>
#include <vector>

#include "base/checksum.h"
#include "model/finding.h"
#include "sources/borg/bytes_pool.h"

namespace lastgood::sources::borg {

using FolderDigest = base::Sha256Digest;

/// One thread, or many that only look.
class FolderStore {
 public:
  struct View {
    std::vector<std::uint32_t> entries;   // by name
    std::vector<std::uint32_t> children;  // of the entries that are folders, in their order
  };
  std::uint32_t add(const View& folder, const FolderDigest& digest, std::vector<model::Finding> findings);
  [[nodiscard]] std::optional<std::uint32_t> find(const FolderDigest& digest) const;
  [[nodiscard]] View view(std::uint32_t number) const;
  [[nodiscard]] const FolderDigest& digest(std::uint32_t number) const { return digests_[number]; }
  [[nodiscard]] std::vector<model::Finding> findings(std::uint32_t number) const;
  [[nodiscard]] std::uint32_t size() const { return static_cast<std::uint32_t>(digests_.size()); }

 private:
  [[nodiscard]] std::size_t slot_of(const FolderDigest& digest) const;
  void grow();

  BytesPool lists_;
  std::vector<std::uint32_t> list_of_;
  std::vector<FolderDigest> digests_;
  std::vector<std::uint32_t> slots_ = std::vector<std::uint32_t>(1024, 0);  // number + 1; 0 is free
  std::map<std::uint32_t, std::vector<model::Finding>> findings_;
};

}  // namespace lastgood::sources::borg
