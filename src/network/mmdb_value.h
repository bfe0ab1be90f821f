// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Values of the data section of an MMDB file ("Output Data Section" of the MaxMind DB file format 2.0): a control byte
// with type and size, then the bytes; maps and arrays hold values; pointers lead to values elsewhere in the section.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::network {

enum class MmdbType : std::uint8_t {
  pointer = 1,
  text = 2,
  double_ = 3,
  bytes = 4,
  uint16 = 5,
  uint32 = 6,
  map = 7,
  int32 = 8,
  uint64 = 9,
  uint128 = 10,
  array = 11,
  boolean = 14,
  float_ = 15,
};

/// Called for each plain value below a map whose keys are all text: "country" and "iso_code" for
/// {"country":{"iso_code":..}}. Deeper keys than two, and what stands in arrays, are checked and not shown.
class MmdbVisitor {
 public:
  virtual ~MmdbVisitor() = default;
  virtual void text(std::string_view key, std::string_view inner_key, std::string_view value) = 0;
  virtual void number(std::string_view key, std::string_view inner_key, std::uint64_t value) = 0;
};

/// How far a file may lead: each value that is looked at takes one. Shared by all values of a file, so that pointers to
/// maps of pointers to maps end soon.
struct MmdbBudget {
  std::uint64_t values = 0;
};

/// Offset behind the value at `offset` of `section`; nothing when anything in it is against the format, or the budget
/// is used up. Pure.
[[nodiscard]] std::optional<std::uint64_t> visit_value(base::ByteView section, std::uint64_t offset, MmdbBudget& budget,
                                                       MmdbVisitor& visitor);

}  // namespace lastgood::network
