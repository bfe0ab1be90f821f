// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/check_record.h"

#include <algorithm>
#include <array>
#include <span>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/checksum.h"
#include "base/rfc3339.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/directory_list.h"
#include "os/evidence.h"
#include "os/folder.h"

namespace lastgood::services {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_record_bytes_max = std::size_t{16} << 20U;
constexpr unsigned k_records_max = 9999;

constexpr std::array<std::string_view, 6> k_outcomes = {"passed",    "complaints", "failed",
                                                        "not_tried", "no_copy",    "regenerated"};
constexpr std::array<std::string_view, 4> k_proofs = {"none", "planned", "checked", "started"};

template <std::size_t Count>
std::size_t index_of(const std::array<std::string_view, Count>& names, const std::string& name) {
  const auto at = std::find(names.begin(), names.end(), name);
  return at == names.end() ? Count : static_cast<std::size_t>(at - names.begin());
}

Json time_of(std::int64_t time_ns) { return time_ns == 0 ? Json() : Json(base::format_rfc3339(time_ns)); }

std::int64_t time_in(const Json& object, const char* name) {
  const auto at = object.find(name);
  if (at == object.end() || !at->is_string()) return 0;
  return base::parse_rfc3339(at->get<std::string>()).value_or(0);
}

Json json_of(const DataTrial& trial) {
  return {{"service", trial.service},
          {"data", trial.data},
          {"kind", trial.kind},
          {"path", base::printable(trial.path)},
          {"outcome", name_of(trial.outcome)},
          {"proof", name_of(trial.proof)},
          {"sentence", base::printable(trial.sentence)},
          {"source", base::printable(trial.source)},
          {"snapshot", base::printable(trial.snapshot)},
          {"snapshot_time", time_of(trial.snapshot_ns)},
          {"data_as_of", time_of(trial.data_as_of_ns)},
          {"logs_reach", time_of(trial.logs_reach_ns)},
          {"logs_lack", base::printable(trial.logs_lack)},
          {"bytes", trial.bytes},
          {"files", trial.files},
          {"lost", trial.lost},
          {"seconds", trial.seconds},
          {"complaints", trial.complaints}};
}

DataTrial data_of(const Json& object) {
  DataTrial out;
  out.service = object.at("service").get<std::string>();
  out.data = object.at("data").get<std::string>();
  out.kind = object.at("kind").get<std::string>();
  out.path = object.at("path").get<std::string>();
  out.outcome = static_cast<TrialOutcome>(index_of(k_outcomes, object.at("outcome").get<std::string>()));
  out.proof = static_cast<Proof>(index_of(k_proofs, object.at("proof").get<std::string>()));
  if (static_cast<std::size_t>(out.outcome) >= k_outcomes.size()) out.outcome = TrialOutcome::not_tried;
  if (static_cast<std::size_t>(out.proof) >= k_proofs.size()) out.proof = Proof::none;
  out.sentence = object.value("sentence", "");
  out.source = object.value("source", "");
  out.snapshot = object.value("snapshot", "");
  out.snapshot_ns = time_in(object, "snapshot_time");
  out.data_as_of_ns = time_in(object, "data_as_of");
  if (object.contains("logs_reach")) out.logs_reach_ns = time_in(object, "logs_reach");
  out.logs_lack = object.value("logs_lack", "");
  out.bytes = object.value("bytes", std::uint64_t{0});
  out.files = object.value("files", std::uint64_t{0});
  out.lost = object.value("lost", std::uint64_t{0});
  out.seconds = object.value("seconds", 0.0);
  out.complaints = object.value("complaints", std::vector<std::string>());
  return out;
}

SheetTrial sheet_of(const Json& object) {
  SheetTrial out;
  out.service = object.at("service").get<std::string>();
  out.sheet = object.at("sheet").get<std::string>();
  out.outcome = static_cast<TrialOutcome>(index_of(k_outcomes, object.at("outcome").get<std::string>()));
  if (static_cast<std::size_t>(out.outcome) >= k_outcomes.size()) out.outcome = TrialOutcome::not_tried;
  out.sentence = object.value("sentence", "");
  out.rows = object.value("rows", std::uint64_t{0});
  out.seconds = object.value("seconds", 0.0);
  return out;
}

std::string checks_folder(const std::string& case_folder) { return services_folder(case_folder) + "/checks"; }

std::string record_path(const std::string& case_folder, unsigned number) {
  return fmt::format("{}/{:04}.json", checks_folder(case_folder), number);
}

base::Result<std::vector<unsigned>> numbers_in(const std::string& folder) {
  std::vector<unsigned> out;
  const auto opened = os::open_evidence_root(folder);
  if (!opened.ok() && opened.error().code == base::ErrorCode::not_found) return out;
  if (!opened.ok()) return opened.error();
  LG_TRY(os::list_directory(opened.value(), folder, [&](std::string_view name, std::optional<os::FileKind>) {
    unsigned number = 0;
    const bool is_ours = name.size() == 9 && name.ends_with(".json") &&
                         name.substr(0, 4).find_first_not_of("0123456789") == std::string_view::npos;
    for (std::size_t i = 0; is_ours && i < 4; ++i) number = number * 10 + static_cast<unsigned>(name[i] - '0');
    if (is_ours) out.push_back(number);
    return true;
  }));
  std::sort(out.begin(), out.end());
  return out;
}

}  // namespace

std::string services_folder(const std::string& case_folder) { return case_folder + "/services"; }

std::string_view name_of(TrialOutcome outcome) { return k_outcomes.at(static_cast<std::size_t>(outcome)); }
std::string_view name_of(Proof proof) { return k_proofs.at(static_cast<std::size_t>(proof)); }

std::string write_check(const CheckRecord& record) {
  Json out = {{"type", "services-check"},
              {"version", 1},
              {"made", base::format_rfc3339(record.made_ns)},
              {"services_path", base::printable(record.services_path)},
              {"services_sha256", record.services_sha256},
              {"data", Json::array()},
              {"sheets", Json::array()}};
  for (const DataTrial& trial : record.data) out["data"].push_back(json_of(trial));
  for (const SheetTrial& trial : record.sheets) {
    out["sheets"].push_back({{"service", trial.service},
                             {"sheet", trial.sheet},
                             {"outcome", name_of(trial.outcome)},
                             {"sentence", base::printable(trial.sentence)},
                             {"rows", trial.rows},
                             {"seconds", trial.seconds}});
  }
  return out.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

base::Result<CheckRecord> parse_check(const std::string& text) {
  try {
    const Json read = Json::parse(text);
    CheckRecord out;
    out.made_ns = time_in(read, "made");
    out.services_path = read.value("services_path", "");
    out.services_sha256 = read.value("services_sha256", "");
    for (const Json& trial : read.at("data")) out.data.push_back(data_of(trial));
    for (const Json& trial : read.at("sheets")) out.sheets.push_back(sheet_of(trial));
    return out;
  } catch (const Json::exception& error) {
    return base::Error{.code = base::ErrorCode::damaged_container,
                       .what = fmt::format("a kept check of services cannot be read: {}", error.what())};
  }
}

base::Result<KeptCheck> keep_check(const CheckRecord& record, const std::string& case_folder) {
  LG_TRY(os::make_private_folder(services_folder(case_folder), os::WhenThere::accept));
  LG_TRY(os::make_private_folder(checks_folder(case_folder), os::WhenThere::accept));
  LG_ASSIGN(const std::vector<unsigned> numbers, numbers_in(checks_folder(case_folder)));
  KeptCheck kept;
  kept.number = numbers.empty() ? 1 : numbers.back() + 1;
  if (kept.number > k_records_max)
    return base::Error{.code = base::ErrorCode::limit_reached,
                       .what = fmt::format("the case keeps {} checks of its services already", k_records_max),
                       .path = checks_folder(case_folder)};
  const std::string text = write_check(record);
  kept.path = record_path(case_folder, kept.number);
  kept.sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(base::sha256(base::ByteView(text)))));
  LG_TRY(os::write_atomic_file(kept.path, base::ByteView(text), os::Overwrite::no));
  return kept;
}

std::pair<const DataTrial*, std::int64_t> KeptChecks::newest(std::string_view service, std::string_view data,
                                                             std::string_view path) const {
  std::pair<const DataTrial*, std::int64_t> untried = {nullptr, 0};
  for (auto record = records.rbegin(); record != records.rend(); ++record) {
    for (const DataTrial& trial : record->data) {
      if (trial.service != service || trial.data != data || trial.path != path) continue;
      if (trial.outcome != TrialOutcome::not_tried) return {&trial, record->made_ns};
      if (untried.first == nullptr) untried = {&trial, record->made_ns};
    }
  }
  return untried;
}

base::Result<KeptChecks> read_checks(const std::string& case_folder) {
  KeptChecks out;
  LG_ASSIGN(const std::vector<unsigned> numbers, numbers_in(checks_folder(case_folder)));
  for (const unsigned number : numbers) {
    const std::string path = record_path(case_folder, number);
    auto text = os::read_own_file(path, k_record_bytes_max);
    if (!text.ok()) {
      out.unreadable.push_back(text.error());
      continue;
    }
    auto record = parse_check(text.value());
    if (!record.ok()) {
      base::Error error = record.error();
      error.path = path;
      out.unreadable.push_back(std::move(error));
      continue;
    }
    record.value().number = number;
    out.records.push_back(std::move(record).value());
  }
  return out;
}

}  // namespace lastgood::services
