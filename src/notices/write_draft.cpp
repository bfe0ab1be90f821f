// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "notices/write_draft.h"

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"
#include "base/rfc3339.h"

namespace lastgood::notices {

namespace {

using documents::Document;
using documents::RunStyle;

documents::Runs plain(std::string text) { return {{.text = std::move(text), .style = RunStyle::plain}}; }

void add_head(const Draft& draft, Document& document) {
  const auto add = [&](const char* name, const std::string& value) {
    document.blocks.emplace_back(documents::Field{.name = name, .value = plain(value)});
  };
  add("To", draft.authority);
  add("Law", draft.law);
  add("How far its source was read", draft.checked);
  add("Channel", draft.channel);
  add("Applies to", draft.applies);
  add("Due", draft.deadline.sentence);
  add("State", draft.is_final() ? "final as far as the case states it"
                                : "estimate: some fields are unknown or estimates, and more will follow");
  add("Case", fmt::format("{}, drafted {}", draft.case_name,
                          base::time_in_zone(base::parse_rfc3339(draft.made).value_or(0), draft.zone)));
}

void add_field(const DraftField& field, RunStyle style, Document& document) {
  document.blocks.emplace_back(documents::Heading{.text = field.label, .level = 2});
  if (!field.person.empty()) {
    document.blocks.emplace_back(
        documents::Field{.name = fmt::format("To be written by a person ({})", field.person), .value = {}});
    return;
  }
  if (field.statement.lines.empty()) {
    document.blocks.emplace_back(documents::Paragraph{.runs = plain("unknown")});
    return;
  }
  const Statement& statement = field.statement;
  // Where each line has a basis of its own, they stand together: contradicting sources are told apart by them.
  const bool each_its_own = statement.lines.size() > 1 && statement.basis.size() == statement.lines.size();
  documents::List lines;
  for (std::size_t i = 0; i < statement.lines.size(); ++i) {
    documents::Runs& item = lines.items.emplace_back();
    item.push_back({.text = statement.lines[i], .style = style});
    if (each_its_own) item.push_back({.text = " (basis: " + statement.basis[i] + ")", .style = style});
  }
  document.blocks.emplace_back(std::move(lines));
  documents::Runs basis = plain(fmt::format("[{}]{}", name_of(statement.standing), each_its_own ? "" : " Basis: "));
  for (std::size_t i = 0; i < statement.basis.size() && !each_its_own; ++i)
    basis.push_back({.text = (i == 0 ? "" : "; ") + statement.basis[i], .style = style});
  document.blocks.emplace_back(documents::Paragraph{.runs = std::move(basis)});
}

Document document_of(const Draft& draft, const std::vector<std::string>& changes, RunStyle style) {
  Document document;
  document.title = draft.title;
  document.note = "Draft, not sent: to be read, completed and signed by a person";
  document.made_ns = base::parse_rfc3339(draft.made).value_or(0);
  add_head(draft, document);
  for (const DraftField& field : draft.fields) add_field(field, style, document);
  if (!changes.empty()) {
    document.blocks.emplace_back(documents::Heading{.text = "Changed since the draft before", .level = 2});
    documents::List lines;
    for (const std::string& change : changes) lines.items.push_back({{.text = change, .style = style}});
    document.blocks.emplace_back(std::move(lines));
  }
  document.blocks.emplace_back(documents::Heading{.text = "Signature", .level = 2});
  for (const char* name : {"Name and office", "Signature", "Date, time and place"})
    document.blocks.emplace_back(documents::Field{.name = name, .value = {}});
  return document;
}

}  // namespace

base::Result<std::string> write_draft(const Draft& draft, const std::vector<std::string>& changes,
                                      documents::Form form) {
  auto written = documents::write_document(document_of(draft, changes, RunStyle::plain), form);
  if (written.ok() || written.error().code != base::ErrorCode::misuse) return written;
  return documents::write_document(document_of(draft, changes, RunStyle::quoted), form);
}

}  // namespace lastgood::notices
