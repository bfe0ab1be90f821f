// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Headers and footers that known families leave, from public analyses and decryptors. A file without any is the normal
// case: unknown families are found by what many files share (campaigns/find_campaigns).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::verdict {

enum class Proof : std::uint8_t {
  checked,  // the marker holds a value that fits this very file (its size), or 8 bytes and more of constant text
  shape,    // a short constant: other files may end like this by chance
};

struct Marker {
  std::string_view family;
  Proof proof = Proof::shape;
  std::uint64_t header_bytes = 0;  // length of what was put in front
  std::uint64_t footer_bytes = 0;  // length of what was put behind
  std::string sentence;
};

/// `head` and `tail`: up to 64 KiB from either end of a content of `size_bytes`.
std::optional<Marker> find_marker(base::ByteView head, base::ByteView tail, std::uint64_t size_bytes);

}  // namespace lastgood::verdict
