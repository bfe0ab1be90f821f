// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a check of a format's structure came to. Said by formats/, weighed by verdict/.
#pragma once

#include <cstdint>
#include <string_view>

namespace lastgood::model {

enum class Shape : std::uint8_t {
  foreign,  // does not even begin (or end) as this format
  broken,   // begins as this format, then an invariant fails
  whole,    // every invariant that was checked holds
  sealed,   // whole, and encrypted by its owner's tool: verdict `protected`
};

/// How far the checks went. A verdict's certainty follows from it.
enum class Reach : std::uint8_t {
  opening,  // magic and first header only: the format has no more to check, or the budget ended there
  frame,    // the skeleton (directory, chunks, tables, pages' headers) from first to last byte
  sampled,  // frame, and part of the payload by checksum, grammar or decoding
  content,  // every byte is covered by a checksum, a grammar or a complete decoding
};

std::string_view name_of(Shape shape);
std::string_view name_of(Reach reach);

}  // namespace lastgood::model
