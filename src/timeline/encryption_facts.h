// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// EncryptionFacts: when files were encrypted, by what logs and files say, and which account at which address did it.
// Private to timeline/.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <unordered_map>
#include <unordered_set>
#include <vector>

#include "events/packed_event.h"
#include "timeline/encrypted_paths.h"
#include "timeline/summary.h"

namespace lastgood::timeline {

class EncryptionFacts {
 public:
  /// REQUIRES: all outlive this object. `zone`: in which sentences say times.
  EncryptionFacts(const std::vector<std::string>& extensions, const EncryptedPaths& paths, const std::string& zone)
      : extensions_(extensions), paths_(paths), zone_(zone) {}

  /// In order of time. True when the event is one of an encryption.
  bool take(const events::EventView& event);
  /// Spans, encryptors, contradictions and limits.
  void finish(TimelineSummary& summary);

 private:
  using Who = std::tuple<std::string, std::string, std::string>;  // account, address, host
  struct Written {
    std::int64_t at_ns = 0;
    std::size_t who = 0;
    Proof proof;
  };
  struct Renamed {
    std::int64_t at_ns = 0;
    std::size_t source = 0;
    std::uint64_t offset_bytes = 0;
  };

  /// A rename to a name with the campaign's extension, or a write under one.
  bool take_named(const events::EventView& event, std::string_view name);
  void take_write(const events::EventView& event);
  void take_case_file(const events::EventView& event);
  std::optional<std::size_t> encryptor_of(const events::EventView& event);
  void compare_sources(const events::EventView& event);
  void add_writers(TimelineSummary& summary);

  const std::vector<std::string>& extensions_;
  const EncryptedPaths& paths_;
  const std::string& zone_;
  std::optional<EncryptionSpan> named_;      // files with the campaign's names that the scan knows
  std::optional<EncryptionSpan> unmatched_;  // those that it does not know
  std::optional<EncryptionSpan> modified_;
  std::optional<EncryptionSpan> changed_;
  std::map<Who, std::size_t> who_;
  std::vector<Encryptor> encryptors_;
  std::uint64_t beyond_encryptors_ = 0;
  std::unordered_map<std::uint64_t, Written> writes_;  // last write of a path that is encrypted now
  std::uint64_t beyond_writes_ = 0;
  std::unordered_set<std::uint64_t> named_files_;       // of path and who
  std::vector<Proof> sources_;                          // different evidence with renames
  std::unordered_map<std::uint64_t, Renamed> renamed_;  // first rename of a path
  std::vector<Contradiction> contradictions_;
  std::uint64_t contradictions_left_out_ = 0;
};

/// Of an event.
[[nodiscard]] Proof proof_of(const events::EventView& event);

}  // namespace lastgood::timeline
