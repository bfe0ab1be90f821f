// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// BlobId: the SHA-256 by which restic names blobs, packs and all other files of a repository (design.rst, "Repository
// Format").
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::sources::restic {

using BlobId = std::array<std::uint8_t, 32>;

/// Exactly 64 lower-case hexadecimal digits.
[[nodiscard]] std::optional<BlobId> parse_id(std::string_view hex);

/// Exactly 32 bytes.
[[nodiscard]] std::optional<BlobId> id_from_bytes(std::string_view bytes);

/// Lives as long as `id`.
[[nodiscard]] inline std::string_view bytes_of(const BlobId& id) {
  return base::ByteView(std::span<const std::uint8_t>(id)).text();
}

[[nodiscard]] std::string hex_of(const BlobId& id);

/// The first ten digits: enough for a person to find the file, short enough for a sentence.
[[nodiscard]] std::string short_hex_of(const BlobId& id);

}  // namespace lastgood::sources::restic
