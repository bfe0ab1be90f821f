// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Base64 (RFC 4648 section 4, padded): how bytes that are not UTF-8, such as file names, stand exactly in JSON.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/byte_view.h"

namespace lastgood::base {

std::string base64(ByteView bytes);

/// RFC 4648 section 4, padded, without line breaks; nothing for anything else.
[[nodiscard]] std::optional<std::string> parse_base64(std::string_view text);

}  // namespace lastgood::base
