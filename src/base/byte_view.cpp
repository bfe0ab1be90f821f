// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/byte_view.h"

namespace lastgood::base {

// The two places where text and bytes meet; char may alias everything.
ByteView::ByteView(std::string_view text)
    : data_(reinterpret_cast<const std::uint8_t*>(text.data())), size_bytes_(text.size()) {}

std::string_view ByteView::text() const { return {reinterpret_cast<const char*>(data_), size_bytes_}; }

}  // namespace lastgood::base
