// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/snapshot_file.h"

#include "base/rfc3339.h"
#include "sources/restic/faults.h"
#include "sources/restic/go_text.h"
#include "sources/restic/json.h"

namespace lastgood::sources::restic {

namespace {

constexpr std::size_t k_list_entries_max = 10'000;

void read_texts(json::value& value, std::vector<std::string>& into) {
  json::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) return;
  (void)for_each_element(array, [&](json::value& element) {
    const auto text = text_in(element);
    if (text) into.emplace_back(*text);
    return text.has_value() && into.size() < k_list_entries_max;
  });
}

void read_claims(json::value& value, model::Snapshot& snapshot) {
  json::object object;
  if (value.get_object().get(object) != simdjson::SUCCESS) return;
  model::SnapshotClaims claims;
  const bool whole = for_each_field(object, [&](std::string_view key, json::value& number) {
    if (key == "files_new") claims.files_added = number_in(number).value_or(0);
    if (key == "files_changed") claims.files_changed = number_in(number).value_or(0);
    if (key == "files_unmodified") claims.files_unmodified = number_in(number).value_or(0);
    if (key == "data_added") claims.bytes_added = number_in(number).value_or(0);
  });
  if (whole) snapshot.claims = claims;
}

struct SnapshotFields {
  model::Snapshot snapshot;
  std::optional<std::int64_t> time;
  std::optional<BlobId> tree;
};

void read_snapshot_field(std::string_view key, json::value& value, SnapshotFields& fields) {
  model::Snapshot& snapshot = fields.snapshot;
  if (key == "time") fields.time = base::parse_rfc3339(text_in(value).value_or(""));
  if (key == "tree") fields.tree = parse_id(text_in(value).value_or(""));
  if (key == "hostname") snapshot.host = text_in(value).value_or("");
  if (key == "username") snapshot.user = text_in(value).value_or("");
  if (key == "program_version") snapshot.program = text_in(value).value_or("");
  if (key == "paths") read_texts(value, snapshot.paths);
  if (key == "tags") read_texts(value, snapshot.tags);
  if (key == "summary") read_claims(value, snapshot);
}

}  // namespace

base::Result<model::Snapshot> parse_snapshot(const std::vector<std::uint8_t>& bytes) {
  json::parser parser;
  json::document document;
  json::object object;
  SnapshotFields fields;
  const auto visit = [&](std::string_view key, json::value& value) { read_snapshot_field(key, value, fields); };
  if (!begin_json(parser, bytes, document) || document.get_object().get(object) != simdjson::SUCCESS ||
      !for_each_field(object, visit)) {
    return broken("its JSON breaks");
  }
  if (!fields.tree) return broken("it names no tree");
  if (!fields.time) return broken("it has no time");
  fields.snapshot.root = bytes_of(*fields.tree);
  fields.snapshot.time_ns = *fields.time;
  return std::move(fields.snapshot);
}

base::Result<std::uint64_t> parse_config_version(const std::vector<std::uint8_t>& bytes) {
  json::parser parser;
  json::document document;
  json::object object;
  std::optional<std::uint64_t> version;
  const auto visit = [&](std::string_view key, json::value& value) {
    if (key == "version") version = number_in(value);
  };
  if (!begin_json(parser, bytes, document) || document.get_object().get(object) != simdjson::SUCCESS ||
      !for_each_field(object, visit)) {
    return broken("its JSON breaks");
  }
  if (!version) return broken("it names no version");
  return *version;
}

}  // namespace lastgood::sources::restic
