// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Words that nothing we write may say. An address is a server, an account is an account; where a person was, and who it
// was, is never known from either. What is quoted from evidence may say what it says.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "documents/document.h"

namespace lastgood::documents {

struct BannedUse {
  std::string phrase;  // from the table
  std::string around;  // some words of the text
};

/// In running text of ours: case and white space do not matter.
[[nodiscard]] std::vector<BannedUse> find_banned_words(std::string_view text);
/// In a document, quoted runs left out: a phrase is found also where it goes from one run to the next.
[[nodiscard]] std::vector<BannedUse> find_banned_words(const Document& document);
/// The table, for documentation and tests.
[[nodiscard]] const std::vector<std::string_view>& banned_phrases();

}  // namespace lastgood::documents
