// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "notices/rule_file.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "notices/statements.h"

namespace lastgood::notices {

namespace {

using ReadJson = nlohmann::json;

constexpr std::size_t k_stages_max = 20;
constexpr std::size_t k_fields_max = 200;
constexpr std::int64_t k_hours_max = 24 * 366 * 10;

/// Collects the first thing that is wrong; reading goes on with empty values.
class Complaint {
 public:
  explicit Complaint(const std::string& name) : name_(name) {}

  void say(const std::string& what) {
    if (what_.empty()) what_ = what;
  }
  [[nodiscard]] bool any() const { return !what_.empty(); }
  [[nodiscard]] base::Error error() const {
    return {.code = base::ErrorCode::misuse,
            .what = fmt::format("rule '{}': {}", base::printable(name_), base::printable(what_)),
            .path = name_,
            .offset_bytes = {},
            .system_errno = 0,
            .hint = "the rules that come with the program show how one is written"};
  }

 private:
  std::string name_;
  std::string what_;
};

void check_members(const ReadJson& object, std::initializer_list<std::string_view> known, Complaint& complaint) {
  if (!object.is_object()) return complaint.say("something that must be an object is none");
  for (const auto& [name, value] : object.items()) {
    if (std::find(known.begin(), known.end(), name) == known.end()) complaint.say("unknown member '" + name + "'");
  }
}

enum class Needed : std::uint8_t { no, yes };

std::string text(const ReadJson& object, const std::string& name, Needed needed, Complaint& complaint) {
  const auto found = object.find(name);
  if (found == object.end()) {
    if (needed == Needed::yes) complaint.say("'" + name + "' is missing");
    return {};
  }
  if (!found->is_string()) {
    complaint.say("'" + name + "' is no text");
    return {};
  }
  return found->get<std::string>();
}

Clock read_clock(const ReadJson& json, Complaint& complaint) {
  check_members(json, {"without_delay", "hours", "days", "months", "after", "note"}, complaint);
  Clock clock;
  if (!json.is_object()) return clock;
  clock.without_delay = json.contains("without_delay") && json["without_delay"] == ReadJson(true);
  clock.after = text(json, "after", Needed::no, complaint);
  clock.note = text(json, "note", Needed::no, complaint);
  for (const auto& [name, hours] : {std::pair("hours", 1), std::pair("days", 24)}) {
    if (!json.contains(name)) continue;
    const ReadJson& value = json[name];
    const bool fits =
        value.is_number_integer() && value.get<std::int64_t>() >= 0 && value.get<std::int64_t>() * hours <= k_hours_max;
    if (!fits || clock.seconds) {
      complaint.say(fmt::format("the clock's '{}' makes no sense", name));
    } else {
      clock.seconds = value.get<std::int64_t>() * hours * 3600;
    }
  }
  if (json.contains("months")) {
    const ReadJson& value = json["months"];
    const bool fits = value.is_number_integer() && value.get<std::int64_t>() > 0 && value.get<std::int64_t>() <= 120;
    if (!fits || clock.seconds) {
      complaint.say("the clock's 'months' makes no sense");
    } else {
      clock.months = value.get<int>();
    }
  }
  return clock;
}

RuleField read_field(const ReadJson& json, Complaint& complaint) {
  check_members(json, {"label", "from", "person"}, complaint);
  if (!json.is_object()) return {};
  RuleField field{.label = text(json, "label", Needed::yes, complaint),
                  .from = text(json, "from", Needed::no, complaint),
                  .person = text(json, "person", Needed::no, complaint)};
  if (field.from.empty() == field.person.empty())
    complaint.say("field '" + field.label + "' needs either 'from' or 'person'");
  const auto names = statement_names();
  if (!field.from.empty() && std::find(names.begin(), names.end(), field.from) == names.end())
    complaint.say("no case states '" + field.from + "'");
  return field;
}

Stage read_stage(const ReadJson& json, Complaint& complaint) {
  check_members(json, {"id", "title", "to", "clock", "fields"}, complaint);
  if (!json.is_object()) return {};
  Stage stage{.id = text(json, "id", Needed::yes, complaint),
              .title = text(json, "title", Needed::yes, complaint),
              .to = text(json, "to", Needed::no, complaint),
              .clock = read_clock(json.value("clock", ReadJson::object()), complaint),
              .fields = {}};
  const ReadJson fields = json.value("fields", ReadJson::array());
  if (!fields.is_array() || fields.empty() || fields.size() > k_fields_max) {
    complaint.say("stage '" + stage.id + "' has no fields, or too many");
    return stage;
  }
  for (const ReadJson& field : fields) stage.fields.push_back(read_field(field, complaint));
  return stage;
}

bool is_id(std::string_view id) {
  return !id.empty() && id.size() <= 40 && std::all_of(id.begin(), id.end(), [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-';
  });
}

/// Ids name files; a stage comes after one that stands before it, so that no clock waits for itself.
void check_ids(const Rule& rule, Complaint& complaint) {
  if (!is_id(rule.id)) complaint.say("'id' must be of small letters, digits and '-'");
  std::vector<std::string> seen;
  for (const Stage& stage : rule.stages) {
    if (!is_id(stage.id)) complaint.say("the 'id' of a stage must be of small letters, digits and '-'");
    if (std::find(seen.begin(), seen.end(), stage.id) != seen.end()) complaint.say("two stages '" + stage.id + "'");
    if (!stage.clock.after.empty() && std::find(seen.begin(), seen.end(), stage.clock.after) == seen.end())
      complaint.say("stage '" + stage.id + "' comes after '" + stage.clock.after + "', which does not stand before it");
    seen.push_back(stage.id);
  }
}

}  // namespace

base::Result<Rule> parse_rule(std::string_view json_text, const std::string& name) {
  Complaint complaint(name);
  if (json_text.size() > k_rule_bytes_max) {
    complaint.say("it is too large");
    return complaint.error();
  }
  const ReadJson json = ReadJson::parse(json_text, nullptr, false);
  if (!json.is_object()) {
    complaint.say("it is no JSON object");
    return complaint.error();
  }
  check_members(
      json,
      {"id", "title", "authority", "country", "law", "source", "as_of", "checked", "channel", "applies", "stages"},
      complaint);
  Rule rule;
  constexpr std::array<std::pair<const char*, std::string Rule::*>, 10> k_texts = {{{"id", &Rule::id},
                                                                                    {"title", &Rule::title},
                                                                                    {"authority", &Rule::authority},
                                                                                    {"country", &Rule::country},
                                                                                    {"law", &Rule::law},
                                                                                    {"source", &Rule::source},
                                                                                    {"as_of", &Rule::as_of},
                                                                                    {"checked", &Rule::checked},
                                                                                    {"channel", &Rule::channel},
                                                                                    {"applies", &Rule::applies}}};
  for (const auto& [member, field] : k_texts) rule.*field = text(json, member, Needed::yes, complaint);
  const ReadJson stages = json.value("stages", ReadJson::array());
  if (!stages.is_array() || stages.empty() || stages.size() > k_stages_max) {
    complaint.say("it has no stages, or too many");
  } else {
    for (const ReadJson& stage : stages) rule.stages.push_back(read_stage(stage, complaint));
  }
  check_ids(rule, complaint);
  if (complaint.any()) return complaint.error();
  return rule;
}

}  // namespace lastgood::notices
