// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "documents/write_document.h"

#include <array>
#include <numeric>

#include <fmt/format.h>

#include "documents/clean_text.h"
#include "documents/wording.h"
#include "documents/writers.h"

namespace lastgood::documents {

namespace {

struct FormRow {
  Form form;
  std::string_view name;
  std::string_view ending;
};
constexpr std::array k_forms = {
    FormRow{Form::odt, "odt", ".odt"},   FormRow{Form::docx, "docx", ".docx"}, FormRow{Form::pdf, "pdf", ".pdf"},
    FormRow{Form::text, "text", ".txt"}, FormRow{Form::html, "html", ".html"},
};

}  // namespace

std::string_view name_of(Form form) { return k_forms.at(static_cast<std::size_t>(form)).name; }
std::string_view ending_of(Form form) { return k_forms.at(static_cast<std::size_t>(form)).ending; }

std::optional<Form> find_form(std::string_view name) {
  for (const FormRow& row : k_forms) {
    if (row.name == name) return row.form;
  }
  return std::nullopt;
}

Runs value_of(const Field& field) { return field.value.empty() ? Runs{{k_blank, RunStyle::plain}} : field.value; }

std::string mark_of(const List& list, std::size_t item) {
  return list.kind == ListKind::numbers ? fmt::format("{}. ", item + 1) : "- ";
}

std::vector<unsigned> column_percents(const Table& table) {
  std::vector<unsigned> shares = table.widths;
  shares.resize(table.header.size(), shares.empty() ? 1 : shares.back());
  const unsigned sum = std::max(1U, std::accumulate(shares.begin(), shares.end(), 0U));
  unsigned given = 0;
  for (unsigned& share : shares) given += share = share * 100 / sum;
  shares.back() += 100 - std::min(given, 100U);
  return shares;
}

base::Result<std::string> write_document(const Document& document, Form form) {
  const auto uses = find_banned_words(document);
  if (!uses.empty()) {
    base::Error error;
    error.code = base::ErrorCode::misuse;
    error.what =
        fmt::format("the text of '{}' says '{}', which it must not: '...{}...'", base::printable(document.title),
                    uses.front().phrase, base::printable(uses.front().around));
    error.hint = "this is a bug in lastgood: please report this line";
    return error;
  }
  const Document clean = clean_document(document);
  switch (form) {
    case Form::odt: return write_odt(clean);
    case Form::docx: return write_docx(clean);
    case Form::pdf: return write_pdf(clean);
    case Form::text: return write_text(clean);
    case Form::html: break;
  }
  return write_html(clean);
}

}  // namespace lastgood::documents
