// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/checksum.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "os/atomic_file.h"
#include "recovery/plan_file.h"
#include "recovery/plan_words.h"

namespace lastgood::recovery {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::string_view k_no_digest = "0000000000000000000000000000000000000000000000000000000000000000";
constexpr std::size_t k_flush_bytes = 1 << 20;

void set_text(Json& object, const std::string& name, const std::string& bytes) {
  if (base::is_utf8(bytes)) {
    object[name] = bytes;
    return;
  }
  object[name] = base::printable(bytes);
  object[name + "_b64"] = base::base64(base::ByteView(std::string_view(bytes)));
}

Json time_or_null(std::int64_t time_ns) { return time_ns == 0 ? Json(nullptr) : Json(base::format_rfc3339(time_ns)); }

Json json_of(const PlanSource& source) {
  Json line;
  set_text(line, "name", source.name);
  set_text(line, "address", source.address);
  line["format"] = source.format;
  line["independence"] = model::name_of(source.independence);
  return line;
}

Json json_of(const PlanSnapshot& snapshot) {
  Json line = {{"source", snapshot.source}};
  set_text(line, "id", snapshot.id);
  line["time"] = time_or_null(snapshot.time_ns);
  return line;
}

Json json_of(const PlanLogs& logs) {
  Json line;
  set_text(line, "path", logs.path);
  line["places"] = Json::array();
  for (const PlanPlace& place : logs.places) {
    Json one;
    set_text(one, "source", place.source);
    set_text(one, "snapshot", place.snapshot);
    line["places"].push_back(std::move(one));
  }
  line["files"] = logs.files;
  line["bytes"] = logs.bytes;
  line["reach"] = time_or_null(logs.reach_ns);
  line["until"] = time_or_null(logs.until_ns);
  line["on_server"] = time_or_null(logs.on_server_ns);
  line["missing"] = base::printable(logs.missing);
  line["not_opened"] = base::printable(logs.not_opened);
  return line;
}

Json json_of(const PlanUnit& unit) {
  Json line = {{"kind", unit.kind}};
  set_text(line, "path", unit.path);
  line["snapshot"] = unit.snapshot;
  line["data_as_of"] = time_or_null(unit.data_as_of_ns);
  Json remarks = Json::array();
  for (const std::string& remark : unit.remarks) remarks.push_back(base::printable(remark));
  line["remarks"] = std::move(remarks);
  if (!unit.logs.path.empty()) line["logs"] = json_of(unit.logs);
  if (unit.own_log_ns != 0) line["own_log"] = time_or_null(unit.own_log_ns);
  if (unit.needs_log) line["needs_log"] = true;
  if (unit.was_missing) line["was_missing"] = true;
  if (!unit.fault_in_place.empty()) line["fault_in_place"] = base::printable(unit.fault_in_place);
  if (unit.stood_until_ns != 0) line["stood_until"] = time_or_null(unit.stood_until_ns);
  Json others = Json::array();
  for (const PlanCopy& copy : unit.other_copies) {
    Json one;
    set_text(one, "source", copy.source);
    set_text(one, "snapshot", copy.snapshot);
    one["data_as_of"] = time_or_null(copy.data_as_of_ns);
    others.push_back(std::move(one));
  }
  if (!others.empty()) line["other_copies"] = std::move(others);
  return line;
}

Json json_of(const PlanTop& top) {
  Json line;
  set_text(line, "path", top.path);
  line["files"] = top.files;
  line["bytes"] = top.bytes;
  line["files_lost"] = top.files_lost;
  line["oldest"] = time_or_null(top.oldest_ns);
  line["newest"] = time_or_null(top.newest_ns);
  return line;
}

Json json_of(const PlanLoss& loss) {
  Json line;
  set_text(line, "path", loss.path);
  line["why"] = base::printable(loss.why);
  return line;
}

Json json_of(const UnjudgedFile& file) {
  Json line;
  set_text(line, "path", file.path);
  if (!file.why.empty()) line["why"] = base::printable(file.why);
  return line;
}

Json json_of(const PlanItem& item) {
  Json line;
  set_text(line, "path", item.path);
  line["kind"] = name_of_kind(item.kind);
  line["snapshot"] = item.snapshot;
  line["why"] = item.why;
  if (!item.stored_path.empty()) set_text(line, "stored", item.stored_path);
  if (!item.current_path.empty()) set_text(line, "current", item.current_path);
  if (item.unit != PlanItem::k_no_unit) line["unit"] = item.unit;
  line["mtime_ns"] = item.mtime_ns;
  if (item.kind != model::EntryKind::regular) return line;
  line["size"] = item.size_bytes;
  line["key"] = base::hex(base::ByteView(std::string_view(item.content_key)));
  line["verdict"] = model::name_of(item.verdict);
  line["certainty"] = model::name_of(item.certainty);
  return line;
}

Json json_of(const std::string& why) { return why; }

Json readable(const std::vector<std::string>& texts) {
  Json out = Json::array();
  for (const std::string& text : texts) out.push_back(base::printable(text));
  return out;
}

Json json_of(const PlanService& service) {
  const auto paths = [](const std::vector<std::string>& all) {
    Json out = Json::array();
    for (const std::string& path : all) {
      Json one;
      set_text(one, "path", path);
      out.push_back(std::move(one));
    }
    return out;
  };
  return {{"id", service.id},
          {"title", base::printable(service.title)},
          {"tier", service.tier},
          {"waits_for", service.waits_for},
          {"paths", paths(service.paths)},
          {"regenerable_paths", paths(service.regenerable_paths)},
          {"regenerable_files", service.regenerable_files},
          {"files", service.files},
          {"bytes", service.bytes},
          {"lost", service.lost},
          {"data_as_of", time_or_null(service.data_as_of_ns)},
          {"without_logs", time_or_null(service.without_logs_ns)},
          {"files_as_of", time_or_null(service.files_as_of_ns)},
          {"log_files", service.log_files},
          {"ready_seconds", service.ready_s},
          {"from", readable(service.from)}};
}

/// Everything but the lists.
std::string head_of(const Plan& plan) {
  Json about = {{"made", base::format_rfc3339(plan.made_ns)}};
  set_text(about, "case", plan.case_name);
  about["attack_began"] = time_or_null(plan.attack_began_ns);
  set_text(about, "attack_basis", plan.attack_basis);
  about["as_of"] = time_or_null(plan.as_of_ns);
  about["erased"] = plan.erased == Plan::Erased::include;
  if (plan.target == Plan::Target::beside) about["beside_only"] = true;
  about["space"] = {{"restored_bytes", plan.space.restored_bytes},
                    {"kept_bytes", plan.space.kept_bytes},
                    {"journal_bytes", plan.space.journal_bytes},
                    {"free_bytes", plan.space.free_bytes}};
  about["gain"] = {{"last_clean_snapshot", base::printable(plan.last_clean_snapshot)},
                   {"files", plan.files_newer_than_last_clean},
                   {"hours_max", plan.hours_gained_max}};
  about["deleted_before"] = plan.files_deleted_before;
  if (!plan.rate_basis.empty()) about["rate_basis"] = base::printable(plan.rate_basis);
  return about.dump();
}

class PlanWriter {
 public:
  PlanWriter(os::AtomicFile* file, base::Sha256& digest) : file_(file), digest_(digest) {}

  base::Status text(std::string_view text) {
    pending_ += text;
    return pending_.size() < k_flush_bytes ? base::Status(base::Done{}) : flush();
  }
  template <typename Row>
  base::Status list(std::string_view name, const std::vector<Row>& rows) {
    LG_TRY(text(",\n\"" + std::string(name) + "\":["));
    for (std::size_t i = 0; i < rows.size(); ++i) LG_TRY(text((i == 0 ? "\n" : ",\n") + json_of(rows[i]).dump()));
    return text("]");
  }
  base::Status flush() {
    const base::ByteView bytes{std::string_view(pending_)};
    digest_.update(bytes);
    if (file_ != nullptr) LG_TRY(file_->write(bytes));
    pending_.clear();
    return base::Done{};
  }

 private:
  os::AtomicFile* file_;  // nullptr: only the digest is wanted
  base::Sha256& digest_;
  std::string pending_;
};

/// Gives the digest of what was written.
base::Result<std::string> write_once(const Plan& plan, std::string_view digest_shown, os::AtomicFile* file) {
  base::Sha256 digest;
  PlanWriter out(file, digest);
  LG_TRY(out.text("{\"type\":\"plan\",\"version\":1,\n\"digest\":\"sha256:" + std::string(digest_shown) +
                  "\",\n\"about\":" + head_of(plan)));
  LG_TRY(out.list("sources", plan.sources));
  LG_TRY(out.list("snapshots", plan.snapshots));
  LG_TRY(out.list("units", plan.units));
  LG_TRY(out.list("whys", plan.whys));
  if (!plan.services.empty()) LG_TRY(out.list("services", plan.services));
  LG_TRY(out.list("tops", plan.tops));
  LG_TRY(out.list("losses", plan.losses));
  if (!plan.unjudged.empty()) LG_TRY(out.list("unjudged", plan.unjudged));
  LG_TRY(out.list("items", plan.items));
  LG_TRY(out.text("}\n"));
  LG_TRY(out.flush());
  return base::hex(base::ByteView(digest.finish()));
}

}  // namespace

base::Result<std::string> write_plan(const Plan& plan, const std::string& path) {
  LG_ASSIGN(const std::string digest, write_once(plan, k_no_digest, nullptr));
  LG_ASSIGN(os::AtomicFile file, os::begin_atomic_file(path, os::Overwrite::yes));
  LG_TRY(write_once(plan, digest, &file));
  LG_TRY(file.commit());
  return digest;
}

}  // namespace lastgood::recovery
