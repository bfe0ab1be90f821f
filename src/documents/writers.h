// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The writers behind write_document.h. Texts in `document` are clean (clean_text.h) already.
#pragma once

#include <string>

#include "base/result.h"
#include "documents/document.h"

namespace lastgood::documents {

std::string write_odt(const Document& document);
std::string write_docx(const Document& document);
/// Fails when no font can be had.
base::Result<std::string> write_pdf(const Document& document);
std::string write_text(const Document& document);
std::string write_html(const Document& document);

/// What a field says: its value, or the blank.
Runs value_of(const Field& field);
/// "- " or "3. ".
std::string mark_of(const List& list, std::size_t item);
/// Shares of the line in percent, adding up to 100. REQUIRES: the table has a column.
std::vector<unsigned> column_percents(const Table& table);

}  // namespace lastgood::documents
