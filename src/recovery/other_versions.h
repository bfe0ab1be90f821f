// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Where a restore looks for bytes that the plan's own source has lost, and what it says of those that it found.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/checksum.h"
#include "model/finding.h"
#include "recovery/plan.h"
#include "sources/source.h"

namespace lastgood::recovery {

/// A version of the same path that may have the same content, or parts of it.
struct OtherVersion {
  sources::Source* source = nullptr;
  model::ContentRef content;
  std::int64_t mtime_ns = 0;
  enum class Judged : std::uint8_t { good, not_good } judged = Judged::not_good;
  std::string name;  // "vault 3fa1c2d0", for people
};

/// Implemented by whoever has the case. One thread. Nothing of it is asked before bytes are found to be lost.
class OtherVersions {
 public:
  OtherVersions() = default;
  virtual ~OtherVersions() = default;
  OtherVersions(const OtherVersions&) = delete;
  OtherVersions& operator=(const OtherVersions&) = delete;
  /// The likeliest first; never the version that the plan itself names. The sources outlive the restore.
  [[nodiscard]] virtual std::vector<OtherVersion> find_versions(const PlanItem& item) = 0;
  /// Of the whole content; nothing where not every byte of it was read when it was judged.
  [[nodiscard]] virtual std::optional<base::Sha256Digest> find_digest(const model::ContentKey& key) = 0;
};

/// What says that filled bytes are the lost ones, from the firmest down.
enum class FillProof : std::uint8_t {
  pieces,    // each piece has the digest under which the plan's source had stored it
  whole,     // the whole version has the SHA-256 that the lost content had when it was judged
  compared,  // same path, size and time, judged good, and every byte that both can read is the same: no digest
};
[[nodiscard]] std::string_view name_of(FillProof proof);

/// A restored file of which some bytes came from another version.
struct FilledFile {
  std::string path;  // as in the plan
  std::string from;  // "vault 3fa1c2d0"
  FillProof proof = FillProof::compared;
  std::uint64_t compared_bytes = 0;  // that both versions hold; of FillProof::compared
  std::vector<model::ByteRange> ranges;
};
[[nodiscard]] std::uint64_t filled_bytes(const FilledFile& file);
/// "restore.filled: 3 ranges, 41 MB, from vault 3fa1c2d0; each piece has the digest it was stored under".
[[nodiscard]] std::string sentence_of(const FilledFile& file);

}  // namespace lastgood::recovery
