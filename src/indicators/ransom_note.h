// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tells a ransom note from other text by what it must say: that files were encrypted, that they are yours, whom to
// contact, and to pay or have the data published.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/byte_view.h"

namespace lastgood::indicators {

/// Cheap: false for nearly all ordinary texts, never for a note. `text` as stored (any encoding, HTML and RTF too).
bool may_be_note(base::ByteView text, std::string_view name);

/// The signs found, as sentences; empty when it is no note. Four signs are a sure one, three need a strong contact.
std::vector<std::string> find_note_signs(base::ByteView text, std::string_view name);

}  // namespace lastgood::indicators
