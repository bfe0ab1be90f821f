// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A plan may come from a USB stick, and be changed by whoever held it: every field is checked before it is believed.
#include <simdjson.h>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/checksum.h"
#include "base/rfc3339.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "recovery/opened_source.h"
#include "recovery/plan_file.h"
#include "recovery/plan_words.h"

namespace lastgood::recovery {

namespace {

// The reader that checks a document as a whole before it is asked: the other one may be brought out of step by fields
// that are looked up in broken text.
using Object = simdjson::dom::object;
using Element = simdjson::dom::element;

constexpr std::uint64_t k_plan_bytes_max = std::uint64_t{4} << 30;
constexpr std::size_t k_piece_bytes = 1 << 20;
constexpr std::size_t k_rows_max = 100'000'000;
constexpr std::string_view k_digest_before = "\"digest\":\"sha256:";
constexpr std::size_t k_digest_digits = 64;

/// Thrown inside this file only, beside simdjson's own errors.
struct BadPlan {
  std::string what;
};

base::Error bad_plan(const std::string& path, std::string_view what, base::ErrorCode code) {
  return base::Error{.code = code,
                     .what = fmt::format("cannot use plan '{}': {}", base::printable(path), what),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "make it anew with 'lastgood plan'"};
}

base::Result<std::string> read_whole(const std::string& path) {
  LG_ASSIGN(const std::unique_ptr<base::ByteSource> file, os::open_own_file(path));
  if (file->size_bytes() >= k_plan_bytes_max)
    return bad_plan(path, "it is larger than 4 GiB", base::ErrorCode::limit_reached);
  std::string text;
  text.reserve(static_cast<std::size_t>(file->size_bytes()) + simdjson::SIMDJSON_PADDING);
  std::vector<std::uint8_t> piece(k_piece_bytes);
  while (text.size() < file->size_bytes()) {
    LG_ASSIGN(const std::size_t count, file->read(text.size(), piece));
    if (count == 0) return bad_plan(path, "it became shorter while it was read", base::ErrorCode::io);
    text.append(piece.begin(), piece.begin() + static_cast<std::ptrdiff_t>(count));
  }
  return text;
}

/// The digest it names; nothing when the text does not have it.
std::optional<std::string> check_digest(std::string_view text) {
  const std::size_t at = text.substr(0, 4096).find(k_digest_before);
  if (at == std::string_view::npos) return std::nullopt;
  const std::size_t from = at + k_digest_before.size();
  if (text.size() < from + k_digest_digits) return std::nullopt;
  base::Sha256 digest;
  digest.update(base::ByteView(text.substr(0, from)));
  digest.update(base::ByteView(std::string_view("0000000000000000000000000000000000000000000000000000000000000000")));
  digest.update(base::ByteView(text.substr(from + k_digest_digits)));
  const std::string named(text.substr(from, k_digest_digits));
  return base::hex(base::ByteView(digest.finish())) == named ? std::optional(named) : std::nullopt;
}

/// Nothing when the field is not there.
std::optional<Element> find_value(const Object& row, std::string_view name) {
  Element found;
  const simdjson::error_code error = row.at_key(name).get(found);
  if (error == simdjson::NO_SUCH_FIELD) return std::nullopt;
  if (error != simdjson::SUCCESS) throw simdjson::simdjson_error(error);
  return found;
}

std::string text_in(const Object& row, std::string_view name) {
  if (auto encoded = find_value(row, std::string(name) + "_b64")) {
    auto bytes = base::parse_base64(std::string_view(encoded->get_string()));
    if (!bytes) throw BadPlan{"a name that is no base64"};
    return std::move(*bytes);
  }
  return std::string(std::string_view(row.at_key(name).get_string()));
}

std::uint64_t number_in(const Object& row, std::string_view name) { return row.at_key(name).get_uint64(); }

std::uint32_t index_in(const Object& row, std::string_view name, std::size_t count) {
  const std::uint64_t index = number_in(row, name);
  if (index >= count) throw BadPlan{fmt::format("'{}' {} where there are {}", name, index, count)};
  return static_cast<std::uint32_t>(index);
}

std::int64_t time_in(const Object& row, std::string_view name) {
  Element found = row.at_key(name);
  if (found.is_null()) return 0;
  const std::string_view text = found.get_string();
  const auto time_ns = base::parse_rfc3339(text);
  if (!time_ns) throw BadPlan{fmt::format("'{}' is no time", base::printable(text))};
  return *time_ns;
}

std::string path_in(const Object& row, std::string_view name) {
  std::string path = text_in(row, name);
  const bool is_absolute = path.starts_with('/') && path.find('\0') == std::string::npos && parts_of(path);
  if (!is_absolute) throw BadPlan{fmt::format("'{}' is no absolute path", base::printable(path))};
  return path;
}

template <typename Row, typename Read>
void read_list(const Object& document, std::string_view name, std::vector<Row>& rows, const Read& read) {
  for (Element element : document.at_key(name).get_array()) {
    if (rows.size() >= k_rows_max) throw BadPlan{"too many rows"};
    rows.push_back(read(element));
  }
}

void read_about(const Object& document, Plan& plan) {
  const Object about = document.at_key("about").get_object();
  plan.made_ns = time_in(about, "made");
  plan.case_name = text_in(about, "case");
  plan.attack_began_ns = time_in(about, "attack_began");
  if (find_value(about, "attack_basis")) plan.attack_basis = text_in(about, "attack_basis");
  plan.as_of_ns = time_in(about, "as_of");
  if (about.at_key("erased").get_bool()) plan.erased = Plan::Erased::include;
  if (find_value(about, "beside_only") && about.at_key("beside_only").get_bool()) plan.target = Plan::Target::beside;
  plan.files_deleted_before = number_in(about, "deleted_before");
  if (find_value(about, "rate_basis")) plan.rate_basis = text_in(about, "rate_basis");
  const Object space = about.at_key("space").get_object();
  plan.space = {.restored_bytes = number_in(space, "restored_bytes"),
                .kept_bytes = number_in(space, "kept_bytes"),
                .journal_bytes = number_in(space, "journal_bytes"),
                .free_bytes = number_in(space, "free_bytes")};
  const Object gain = about.at_key("gain").get_object();
  plan.last_clean_snapshot = text_in(gain, "last_clean_snapshot");
  plan.files_newer_than_last_clean = number_in(gain, "files");
  plan.hours_gained_max = gain.at_key("hours_max").get_double();
}

PlanSource read_source(Element element) {
  const Object row = element.get_object();
  PlanSource source{.name = text_in(row, "name"), .address = text_in(row, "address"), .format = text_in(row, "format")};
  const std::string independence = text_in(row, "independence");
  for (const auto candidate :
       {model::Independence::unknown, model::Independence::apart, model::Independence::attached}) {
    if (model::name_of(candidate) == independence) source.independence = candidate;
  }
  return source;
}

PlanTop read_top(Element element) {
  const Object row = element.get_object();
  return {.path = text_in(row, "path"),
          .files = number_in(row, "files"),
          .bytes = number_in(row, "bytes"),
          .files_lost = number_in(row, "files_lost"),
          .oldest_ns = time_in(row, "oldest"),
          .newest_ns = time_in(row, "newest")};
}

std::vector<std::string> paths_in(const Object& row, std::string_view name) {
  std::vector<std::string> out;
  for (Element element : row.at_key(name).get_array()) out.push_back(path_in(element.get_object(), "path"));
  return out;
}

PlanService read_service(Element element) {
  const Object row = element.get_object();
  PlanService service{.id = text_in(row, "id"),
                      .title = text_in(row, "title"),
                      .tier = index_in(row, "tier", 256),
                      .paths = paths_in(row, "paths"),
                      .regenerable_paths = paths_in(row, "regenerable_paths"),
                      .files = number_in(row, "files"),
                      .bytes = number_in(row, "bytes"),
                      .lost = number_in(row, "lost"),
                      .data_as_of_ns = time_in(row, "data_as_of"),
                      .ready_s = row.at_key("ready_seconds").get_double()};
  service.without_logs_ns = find_value(row, "without_logs") ? time_in(row, "without_logs") : service.data_as_of_ns;
  if (find_value(row, "files_as_of")) service.files_as_of_ns = time_in(row, "files_as_of");
  if (find_value(row, "log_files")) service.log_files = number_in(row, "log_files");
  if (find_value(row, "regenerable_files")) service.regenerable_files = number_in(row, "regenerable_files");
  for (Element needed : row.at_key("waits_for").get_array())
    service.waits_for.emplace_back(std::string_view(needed.get_string()));
  for (Element from : row.at_key("from").get_array()) service.from.emplace_back(std::string_view(from.get_string()));
  return service;
}

PlanLogs read_logs(Element element) {
  const Object row = element.get_object();
  PlanLogs logs{.path = path_in(row, "path"),
                .places = {},
                .files = number_in(row, "files"),
                .bytes = number_in(row, "bytes"),
                .reach_ns = time_in(row, "reach"),
                .on_server_ns = find_value(row, "on_server") ? time_in(row, "on_server") : 0,
                .until_ns = time_in(row, "until"),
                .missing = text_in(row, "missing"),
                .not_opened = find_value(row, "not_opened") ? text_in(row, "not_opened") : std::string()};
  read_list(row, "places", logs.places, [](Element place) {
    const Object at = place.get_object();
    return PlanPlace{.source = text_in(at, "source"), .snapshot = text_in(at, "snapshot")};
  });
  return logs;
}

PlanUnit read_unit(Element element, const Plan& plan) {
  const Object row = element.get_object();
  PlanUnit unit{.kind = text_in(row, "kind"),
                .path = path_in(row, "path"),
                .snapshot = index_in(row, "snapshot", plan.snapshots.size()),
                .data_as_of_ns = time_in(row, "data_as_of")};
  for (Element remark : row.at_key("remarks").get_array())
    unit.remarks.emplace_back(std::string_view(remark.get_string()));
  if (const auto logs = find_value(row, "logs")) unit.logs = read_logs(*logs);
  unit.needs_log = find_value(row, "needs_log") && row.at_key("needs_log").get_bool();
  unit.was_missing = find_value(row, "was_missing") && row.at_key("was_missing").get_bool();
  if (find_value(row, "fault_in_place")) unit.fault_in_place = text_in(row, "fault_in_place");
  if (find_value(row, "own_log")) unit.own_log_ns = time_in(row, "own_log");
  if (find_value(row, "stood_until")) unit.stood_until_ns = time_in(row, "stood_until");
  if (!find_value(row, "other_copies")) return unit;
  read_list(row, "other_copies", unit.other_copies, [](Element other) {
    const Object copy = other.get_object();
    return PlanCopy{.source = text_in(copy, "source"),
                    .snapshot = text_in(copy, "snapshot"),
                    .data_as_of_ns = time_in(copy, "data_as_of")};
  });
  return unit;
}

model::ContentKey key_in(const Object& row) {
  const std::string text = text_in(row, "key");
  auto bytes = base::parse_hex(text);
  if (!bytes || bytes->size() != 32) throw BadPlan{"a content without a name"};
  return std::move(*bytes);
}

PlanItem read_item(Element element, const Plan& plan) {
  const Object row = element.get_object();
  PlanItem item;
  item.path = path_in(row, "path");
  const auto kind = find_kind(text_in(row, "kind"));
  if (!kind) throw BadPlan{"an item of an unknown kind"};
  item.kind = *kind;
  item.snapshot = index_in(row, "snapshot", plan.snapshots.size());
  item.why = index_in(row, "why", plan.whys.size());
  if (find_value(row, "stored")) item.stored_path = path_in(row, "stored");
  if (find_value(row, "current")) item.current_path = path_in(row, "current");
  if (find_value(row, "unit")) item.unit = index_in(row, "unit", plan.units.size());
  item.mtime_ns = row.at_key("mtime_ns").get_int64();
  if (item.kind != model::EntryKind::regular) return item;
  item.size_bytes = number_in(row, "size");
  item.content_key = key_in(row);
  const auto verdict = model::find_verdict(text_in(row, "verdict"));
  if (!verdict) throw BadPlan{"an unknown verdict"};
  item.verdict = *verdict;
  const std::string certainty = text_in(row, "certainty");
  for (const auto candidate : {model::Certainty::weak, model::Certainty::strong, model::Certainty::proven}) {
    if (model::name_of(candidate) == certainty) item.certainty = candidate;
  }
  return item;
}

void read_lists(const Object& document, Plan& plan) {
  read_list(document, "sources", plan.sources, read_source);
  read_list(document, "snapshots", plan.snapshots, [&](Element element) {
    const Object row = element.get_object();
    return PlanSnapshot{.source = index_in(row, "source", plan.sources.size()),
                        .id = text_in(row, "id"),
                        .time_ns = time_in(row, "time")};
  });
  read_list(document, "units", plan.units, [&](Element element) { return read_unit(element, plan); });
  read_list(document, "whys", plan.whys,
            [](Element element) { return std::string(std::string_view(element.get_string())); });
  if (find_value(document, "services")) read_list(document, "services", plan.services, read_service);
  read_list(document, "tops", plan.tops, read_top);
  read_list(document, "losses", plan.losses, [](Element element) {
    const Object row = element.get_object();
    return PlanLoss{.path = text_in(row, "path"), .why = text_in(row, "why")};
  });
  if (find_value(document, "unjudged"))
    read_list(document, "unjudged", plan.unjudged, [](Element element) {
      const Object row = element.get_object();
      return UnjudgedFile{.path = path_in(row, "path"),
                          .why = find_value(row, "why") ? text_in(row, "why") : std::string()};
    });
  read_list(document, "items", plan.items, [&](Element element) { return read_item(element, plan); });
}

bool is_text_of(const base::Result<std::string>& text, const std::string& digest) {
  return text.ok() && check_digest(text.value()) == digest;
}

}  // namespace

std::string kept_plan_path(const std::string& journal_folder, const std::string& digest) {
  return fmt::format("{}/plan-{}.json", journal_folder, digest.substr(0, 16));
}

base::Status keep_plan(const std::string& path, const std::string& digest, const std::string& journal_folder) {
  const std::string kept = kept_plan_path(journal_folder, digest);
  if (is_text_of(read_whole(kept), digest)) return base::Done{};
  const auto text = read_whole(path);
  if (!text.ok()) return text.error();
  if (!is_text_of(text, digest))
    return bad_plan(path, "it was changed since it was read", base::ErrorCode::damaged_container);
  return os::write_atomic_file(kept, base::ByteView(std::string_view(text.value())), os::Overwrite::yes);
}

base::Result<Plan> parse_plan(std::string text, const std::string& path) {
  Plan plan;
  try {
    simdjson::dom::parser parser;
    text.reserve(text.size() + simdjson::SIMDJSON_PADDING);  // the reader looks some bytes beyond the end
    const Element whole = parser.parse(text.data(), text.size(), false);
    std::string().swap(text);  // the reader has copied all strings; a plan of a million files needs the room
    const Object document = whole.get_object();
    const std::string_view type = document.at_key("type").get_string();
    if (type != "plan") throw BadPlan{"it is no plan"};
    const std::uint64_t version = document.at_key("version").get_uint64();
    if (version != 1) {
      return bad_plan(path, fmt::format("it has version {}, this program knows 1", version),
                      base::ErrorCode::unsupported);
    }
    read_about(document, plan);
    read_lists(document, plan);
  } catch (const BadPlan& bad) {
    return bad_plan(path, bad.what, base::ErrorCode::damaged_container);
  } catch (const simdjson::simdjson_error& error) {
    return bad_plan(path, error.what(), base::ErrorCode::damaged_container);
  }
  return plan;
}

base::Result<ReadPlan> read_plan(const std::string& path) {
  LG_ASSIGN(std::string text, read_whole(path));
  const std::optional<std::string> digest = check_digest(text);
  if (!digest) {
    return bad_plan(path, "its digest does not match: it is no plan, or was changed after it was made",
                    base::ErrorCode::damaged_container);
  }
  ReadPlan read{.plan = {}, .digest = *digest};
  LG_ASSIGN(read.plan, parse_plan(std::move(text), path));
  return read;
}

}  // namespace lastgood::recovery
