// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The door to all formats: others include this header and never a format's own folder.
#pragma once

#include <span>
#include <string_view>

#include "formats/format.h"

namespace lastgood::formats {

/// Every format, most specific first: where two recognise the same bytes, the earlier one is tried first.
std::span<const Format* const> all_formats();

/// The format whose id this is; null when there is none.
const Format* find_format(std::string_view id);

}  // namespace lastgood::formats
