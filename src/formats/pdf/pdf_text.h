// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a short PDF says: its title, the text of its pages and where its links lead.
#pragma once

#include <string>

#include "formats/walk_input.h"

namespace lastgood::formats {

/// UTF-8, lines as the pages have them. Empty for documents that are long, large or encrypted: nobody reads those to
/// learn whether a small file is a letter.
std::string read_pdf_text(WalkInput& input);

}  // namespace lastgood::formats
