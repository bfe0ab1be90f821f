// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A ZIP container in memory (APPNOTE.TXT 6.3, version 2.0: stored or deflated, no encryption, no ZIP64), with one fixed
// time, so that the same members give the same bytes. OpenDocument wants its first member at a fixed place, without the
// extra fields that archive libraries add.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace lastgood::documents {

enum class Packing : std::uint8_t { stored, deflated };

/// One thread.
class ZipBytes {
 public:
  /// REQUIRES: all members together stay below 1 GiB; names are ASCII.
  void add(std::string_view name, std::string_view bytes, Packing packing);
  /// The whole container. Call once, at the end.
  [[nodiscard]] std::string finish();

 private:
  std::string bytes_;
  std::string directory_;
  std::uint16_t members_ = 0;
};

}  // namespace lastgood::documents
