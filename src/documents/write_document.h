// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A document as bytes: OpenDocument text (ISO/IEC 26300-1:2015), Office Open XML (ECMA-376), PDF, text, or a web page
// that needs nothing from outside. A4, black on white. The same document gives the same bytes (PDF: with the same
// fonts).
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "documents/document.h"

namespace lastgood::documents {

enum class Form : std::uint8_t { odt, docx, pdf, text, html };

/// "odt", "docx", "pdf", "text", "html".
[[nodiscard]] std::string_view name_of(Form form);
[[nodiscard]] std::optional<Form> find_form(std::string_view name);
/// ".odt", ..., ".txt".
[[nodiscard]] std::string_view ending_of(Form form);

/// ErrorCode::misuse when a word stands in it that may not (wording.h): that is a mistake of ours, and nothing is
/// written. Any thread.
[[nodiscard]] base::Result<std::string> write_document(const Document& document, Form form);

}  // namespace lastgood::documents
