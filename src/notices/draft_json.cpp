// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <array>

#include "base/error.h"
#include "base/rfc3339.h"
#include "notices/draft.h"

namespace lastgood::notices {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_draft_fields_max = 200;
constexpr std::size_t k_lines_max = 10'000;

constexpr std::array<std::pair<const char*, std::string Draft::*>, 10> k_draft_texts = {
    {{"rule", &Draft::rule},
     {"stage", &Draft::stage},
     {"title", &Draft::title},
     {"authority", &Draft::authority},
     {"law", &Draft::law},
     {"checked", &Draft::checked},
     {"channel", &Draft::channel},
     {"applies", &Draft::applies},
     {"case", &Draft::case_name},
     {"made", &Draft::made}}};

/// False: no text there.
bool take_text(const Json& object, const char* name, std::string& out) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_string()) return false;
  out = found->get<std::string>();
  return true;
}

bool take_texts(const Json& object, const char* name, std::vector<std::string>& out) {
  const auto found = object.find(name);
  if (found == object.end() || !found->is_array() || found->size() > k_lines_max) return false;
  for (const Json& item : *found) {
    if (!item.is_string()) return false;
    out.push_back(item.get<std::string>());
  }
  return true;
}

bool take_field(const Json& json, Draft& draft) {
  if (!json.is_object()) return false;
  DraftField field;
  std::string standing;
  const bool whole = take_text(json, "label", field.label) && take_text(json, "person", field.person) &&
                     take_text(json, "standing", standing) && take_texts(json, "lines", field.statement.lines) &&
                     take_texts(json, "basis", field.statement.basis);
  if (!whole) return false;
  for (const Standing known : {Standing::unknown, Standing::estimate, Standing::final}) {
    if (name_of(known) != standing) continue;
    field.statement.standing = known;
    draft.fields.push_back(std::move(field));
    return true;
  }
  return false;
}

bool take_draft(const Json& json, Draft& draft) {
  if (!json.is_object()) return false;
  for (const auto& [name, member] : k_draft_texts) {
    if (!take_text(json, name, draft.*member)) return false;
  }
  if (!take_text(json, "deadline", draft.deadline.sentence)) return false;
  std::string due;
  if (take_text(json, "due", due)) draft.deadline.due_ns = base::parse_rfc3339(due);
  if (!take_text(json, "zone", draft.zone)) draft.zone.clear();  // drafts from before have none
  const auto fields = json.find("fields");
  if (fields == json.end() || !fields->is_array() || fields->size() > k_draft_fields_max) return false;
  for (const Json& field : *fields) {
    if (!take_field(field, draft)) return false;
  }
  return true;
}

}  // namespace

std::string write_json(const Draft& draft) {
  Json json = {{"type", "notice"}};
  for (const auto& [name, member] : k_draft_texts) json[name] = draft.*member;
  json["deadline"] = draft.deadline.sentence;
  json["due"] = draft.deadline.due_ns ? Json(base::format_rfc3339(*draft.deadline.due_ns)) : Json(nullptr);
  json["final"] = draft.is_final();
  json["zone"] = draft.zone;
  Json fields = Json::array();
  for (const DraftField& field : draft.fields) {
    fields.push_back({{"label", field.label},
                      {"person", field.person},
                      {"standing", name_of(field.statement.standing)},
                      {"lines", field.statement.lines},
                      {"basis", field.statement.basis}});
  }
  json["fields"] = std::move(fields);
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

base::Result<Draft> parse_draft(std::string_view text, const std::string& name) {
  Draft draft;
  const Json json = text.size() <= (16U << 20U) ? Json::parse(text, nullptr, false) : Json();
  if (take_draft(json, draft)) return draft;
  return base::Error{.code = base::ErrorCode::damaged_container,
                     .what = fmt::format("'{}' is no draft of a notice", base::printable(name)),
                     .path = name,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "move it out of the case's folder 'notices'"};
}

}  // namespace lastgood::notices
