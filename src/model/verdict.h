// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The verdicts, as docs/glossary.md fixes them.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

namespace lastgood::model {

enum class Verdict : std::uint8_t {
  intact = 0,
  encrypted = 1,
  partly_encrypted = 2,
  damaged = 3,
  protected_ = 4,  // "protected": encrypted by a tool its owner uses, container whole
  note = 5,
  undecided = 6,
  unreadable = 7,
};
inline constexpr int k_verdict_count = 8;

enum class Certainty : std::uint8_t { weak = 0, strong = 1, proven = 2 };

/// How much of each content is looked at.
enum class Depth : std::uint8_t {
  quick,     // head, tail, samples, directory structures
  standard,  // quick, then whatever the doubt needs
  full,      // every byte: checksums, decompression, digests
};

std::string_view name_of(Verdict verdict);
std::string_view name_of(Certainty certainty);
std::string_view name_of(Depth depth);
std::optional<Verdict> find_verdict(std::string_view name);
std::optional<Depth> find_depth(std::string_view name);

}  // namespace lastgood::model
