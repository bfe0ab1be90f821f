// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/stix_bundle.h"

#include <array>

#include "base/checksum.h"
#include "base/rfc3339.h"
#include "ledger/canonical_json.h"

namespace lastgood::exports {

namespace {

using nlohmann::ordered_json;

// Published with TLP 2.0 by the OASIS CTI technical committee; the identifiers of TLP 1.0 are others.
constexpr std::array<std::string_view, 5> k_markings = {"marking-definition--94868c89-83c2-464b-929b-a1a8aa3c8487",
                                                        "marking-definition--bab4a63c-aed9-4cf5-a766-dfca5abac2bb",
                                                        "marking-definition--55d920b0-5e8b-4f79-9ee9-91f868d9b421",
                                                        "marking-definition--939a9414-2ddd-4d32-a0cd-375ea402b003",
                                                        "marking-definition--e828b379-4e03-4974-9ac4-e53a884c97c1"};

std::string joined(std::initializer_list<std::string_view> key, std::string_view type) {
  std::string name = "[";
  ledger::append_text(name, type);
  for (const std::string_view part : key) {
    name += ',';
    ledger::append_text(name, part);
  }
  return name + "]";
}

}  // namespace

Uuid case_space(const ExportInput& input) {
  return uuid_of(k_lastgood_space, {"case", input.facts.case_id, input.scope == Scope::all ? "all" : "tied"});
}

std::string stix_time(std::int64_t time_ns) { return base::format_rfc3339(time_ns).substr(0, 23) + "Z"; }

int confidence_of(model::Certainty certainty, facts::Standing standing) {
  switch (certainty) {
    case model::Certainty::proven: return 90;
    case model::Certainty::strong: return 70;
    case model::Certainty::weak: break;
  }
  return standing == facts::Standing::fact ? 50 : 30;
}

StixBundle::StixBundle(const ExportInput& input)
    : space_(case_space(input)),
      created_(stix_time(input.times.created_ns)),
      modified_(stix_time(input.times.changed_ns)),
      author_(id_of("identity", {"organisation"})),
      marking_(k_markings.at(static_cast<std::size_t>(input.tlp))) {}

std::string StixBundle::id_of(std::string_view type, std::initializer_list<std::string_view> key) const {
  return std::string(type) + "--" + text_of(uuid_of(space_, joined(key, type)));
}

ordered_json StixBundle::begin(std::string_view type, std::initializer_list<std::string_view> key) const {
  return {{"type", type},        {"spec_version", "2.1"}, {"id", id_of(type, key)}, {"created_by_ref", author_},
          {"created", created_}, {"modified", modified_}};
}

std::string StixBundle::add(ordered_json object) {
  const std::string id = object["id"].get<std::string>();
  const auto [known, is_new] = id_of_uuid_.try_emplace(id.substr(id.size() - 36), id);
  if (!is_new) return known->second == id ? id : std::string();
  object["object_marking_refs"] = {marking_};
  lines_.push_back(object.dump());
  ids_.push_back(id);
  return id;
}

std::string StixBundle::relate(std::string_view type, const std::string& source, const std::string& target,
                               std::string_view description) {
  ordered_json relationship = begin("relationship", {type, source, target});
  relationship["relationship_type"] = type;
  if (!description.empty()) relationship["description"] = description;
  relationship["source_ref"] = source;
  relationship["target_ref"] = target;
  return add(std::move(relationship));
}

void StixBundle::add_unmarked(const ordered_json& object) {
  const std::string id = object["id"].get<std::string>();
  if (id_of_uuid_.try_emplace(id.substr(id.size() - 36), id).second) lines_.push_back(object.dump());
}

std::string StixBundle::text() const {
  base::Sha256 digest;
  for (const std::string& line : lines_) digest.update(base::ByteView(std::string_view(line)));
  const base::Sha256Digest sum = digest.finish();
  const std::string content = base::hex(base::ByteView(std::span<const std::uint8_t>(sum)));
  std::string out = R"({"type":"bundle","id":")" + id_of("bundle", {content}) + R"(","objects":[)";
  for (std::size_t i = 0; i < lines_.size(); ++i) {
    out += i == 0 ? "\n" : ",\n";
    out += lines_[i];
  }
  return out + "\n]}\n";
}

}  // namespace lastgood::exports
