// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Texts as every form can hold them.
#pragma once

#include <string>
#include <string_view>

#include "documents/document.h"

namespace lastgood::documents {

/// Well-formed UTF-8 of characters that XML 1.0 allows (production 2), line ends as blanks; what is neither is shown as
/// \xNN. Characters that turn the direction of reading, with which a name can be made to look like another, are shown
/// as their code points.
[[nodiscard]] std::string clean_text(std::string_view text);

/// All texts of a document clean, rows as long as their header, headings of level 1 to 3.
[[nodiscard]] Document clean_document(Document document);

}  // namespace lastgood::documents
