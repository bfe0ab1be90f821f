// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Finding: one checked fact about a content. Bad evidence is data, never an Error.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lastgood::model {

/// Half open: [from, to).
struct ByteRange {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  [[nodiscard]] std::uint64_t length() const { return to > from ? to - from : 0; }
  bool operator==(const ByteRange&) const = default;
};

/// Findings whose rules end so say that the content ends too early: a crash or a broken copy does that.
[[nodiscard]] inline bool says_cut(std::string_view rule) {
  return rule.ends_with(".cut") || rule.ends_with(".end") || rule.ends_with(".length");
}

/// Which way a fact points. The verdict rules weigh them; a walker only says what it saw.
enum class Weight : std::uint8_t {
  supports,     // an invariant holds
  remarks,      // worth telling, decides nothing (a harmless deviation many tools make)
  contradicts,  // an invariant of the format does not hold
};

struct Finding {
  std::string rule;      // stable id, "zip.central-directory": format or area, dot, what was checked
  std::string sentence;  // with the numbers: "central directory points at byte 4711, no local header stands there"
  Weight weight = Weight::remarks;
  ByteRange range;  // the bytes it is about; empty when about the whole content
};

}  // namespace lastgood::model
