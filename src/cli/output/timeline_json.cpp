// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "base/error.h"
#include "base/rfc3339.h"
#include "cli/output/json_lines.h"
#include "cli/output/timeline_lines.h"

namespace lastgood::cli {

namespace {

using nlohmann::ordered_json;

ordered_json json_of(const timeline::Proof& proof) {
  ordered_json out = ordered_json::object();
  set_text(out, "evidence", proof.evidence);
  out["offset"] = proof.offset_bytes;
  out["parser"] = proof.parser;
  out["time_basis"] = model::name_of(proof.basis);
  return out;
}

ordered_json json_of(const timeline::Moment* moment) {
  if (moment == nullptr) return nullptr;
  ordered_json out = {{"time", base::format_rfc3339(moment->at_ns)},
                      {"certainty", model::name_of(moment->certainty)},
                      {"basis", moment->basis}};
  set_text(out, "path", moment->path);
  out["proof"] = json_of(moment->proof);
  return out;
}

ordered_json json_of(const timeline::EntryCandidate& entry) {
  ordered_json out = ordered_json::object();
  set_text(out, "account", entry.account);
  out["address"] = entry.address;
  set_text(out, "host", entry.host);
  out["first"] = base::format_rfc3339(entry.first_ns);
  out["last"] = base::format_rfc3339(entry.last_ns);
  out["logins"] = entry.logins;
  out["failures_before"] = entry.failures_before;
  out["also_encrypted"] = entry.also_encrypted;
  out["certainty"] = model::name_of(entry.certainty);
  out["basis"] = entry.basis;
  out["proof"] = json_of(entry.proof);
  return out;
}

ordered_json json_of(const timeline::Encryptor& encryptor) {
  ordered_json out = ordered_json::object();
  set_text(out, "account", encryptor.account);
  out["address"] = encryptor.address;
  set_text(out, "host", encryptor.host);
  out["first"] = base::format_rfc3339(encryptor.first_ns);
  out["last"] = base::format_rfc3339(encryptor.last_ns);
  out["files"] = encryptor.files;
  out["files_matched"] = encryptor.files_matched;
  out["by"] = encryptor.by_rename ? "names" : "last_writes";
  out["certainty"] = model::name_of(encryptor.certainty);
  out["first_proof"] = json_of(encryptor.first_proof);
  out["last_proof"] = json_of(encryptor.last_proof);
  const bool has_login = encryptor.login_ns != 0;
  out["first_login"] = has_login ? ordered_json(base::format_rfc3339(encryptor.login_ns)) : ordered_json(nullptr);
  out["login_proof"] = has_login ? json_of(encryptor.login_proof) : ordered_json(nullptr);
  return out;
}

ordered_json json_of(const timeline::Outflow& flow) {
  return {{"to_address", flow.to_address},
          {"bytes", flow.bytes},
          {"flows", flow.flows},
          {"first", base::format_rfc3339(flow.first_ns)},
          {"last", base::format_rfc3339(flow.last_ns)},
          {"largest_from", flow.largest_from},
          {"largest_bytes", flow.largest_bytes},
          {"largest_proof", json_of(flow.largest)}};
}

template <typename Rows>
ordered_json list_of(const Rows& rows) {
  ordered_json out = ordered_json::array();
  for (const auto& row : rows) out.push_back(json_of(row));
  return out;
}

}  // namespace

ordered_json json_of(const timeline::ImportedLog& log) {
  ordered_json line = {{"type", "log"}};
  set_text(line, "path", log.path);
  line["state"] = timeline::name_of(log.state);
  line["why"] = base::printable(log.why);
  line["format"] = log.format.empty() ? ordered_json(nullptr) : ordered_json(log.format);
  line["sha256"] = log.sha256;
  line["bytes"] = log.bytes;
  line["lines"] = log.lines;
  line["events"] = log.events;
  line["not_understood"] = log.not_understood;
  line["first_not_understood"] = log.first_not_understood;
  line["bad_times"] = log.bad_times;
  line["first_bad_times"] = log.first_bad_times;
  line["cut_lines"] = log.cut_lines;
  line["assumed_year"] = log.assumed_year ? ordered_json(*log.assumed_year) : ordered_json(nullptr);
  return line;
}

ordered_json json_of(const model::Event& event) {
  ordered_json line = {{"type", "event"},
                       {"time", base::format_rfc3339(event.at_ns)},
                       {"time_basis", model::name_of(event.basis)},
                       {"kind", model::name_of(event.kind)},
                       {"succeeded", event.succeeded}};
  set_text(line, "host", event.host);
  set_text(line, "account", event.account);
  line["address"] = event.address;
  line["port"] = event.port;
  line["to_address"] = event.to_address;
  line["to_port"] = event.to_port;
  line["bytes_out"] = event.bytes_out;
  set_text(line, "path", event.path);
  set_text(line, "path_to", event.path_to);
  set_text(line, "what", event.what);
  line["parser"] = event.parser;
  set_text(line, "evidence", event.evidence);
  line["offset"] = event.offset_bytes;
  return line;
}

ordered_json json_of(const timeline::TimelineSummary& summary) {
  ordered_json kinds = ordered_json::object();
  for (std::size_t i = 0; i < model::k_event_kind_count; ++i) {
    if (summary.events_by_kind.at(i) > 0)
      kinds[std::string(model::name_of(static_cast<model::EventKind>(i)))] = summary.events_by_kind.at(i);
  }
  ordered_json line = {{"type", "timeline"}, {"events", summary.events}, {"kinds", kinds}};
  const bool any = summary.events > 0;
  line["first"] = any ? ordered_json(base::format_rfc3339(summary.first_ns)) : ordered_json(nullptr);
  line["last"] = any ? ordered_json(base::format_rfc3339(summary.last_ns)) : ordered_json(nullptr);
  line["extensions"] = summary.extensions;
  line["extensions_basis"] = summary.extensions_basis;
  line["first_entry"] = summary.entries.empty() ? ordered_json(nullptr) : json_of(summary.entries.front());
  line["first_encryption"] = json_of(timeline::first_encryption(summary));
  line["last_encryption"] = json_of(timeline::last_encryption(summary));
  auto& spans = line["spans"] = ordered_json::array();
  for (const timeline::EncryptionSpan& span : summary.spans) {
    spans.push_back({{"source", span.source},
                     {"files", span.files},
                     {"first", json_of(&span.first)},
                     {"last", json_of(&span.last)}});
  }
  line["entries"] = list_of(summary.entries);
  line["entries_left_out"] = summary.entries_left_out;
  line["encryptors"] = list_of(summary.encryptors);
  line["encryptors_left_out"] = summary.encryptors_left_out;
  line["outflows"] = list_of(summary.outflows);
  line["outflows_left_out"] = summary.outflows_left_out;
  auto& contradictions = line["contradictions"] = ordered_json::array();
  for (const timeline::Contradiction& contradiction : summary.contradictions) {
    contradictions.push_back({{"sentence", contradiction.sentence},
                              {"gap_seconds", contradiction.gap_ns / 1'000'000'000},
                              {"one", json_of(contradiction.one)},
                              {"other", json_of(contradiction.other)}});
  }
  auto& coverage = line["coverage"] = ordered_json::array();
  for (const timeline::Coverage& log : summary.coverage) {
    ordered_json covered = ordered_json::object();
    set_text(covered, "evidence", log.evidence);
    covered["parser"] = log.parser;
    covered["events"] = log.events;
    covered["first"] = base::format_rfc3339(log.first_ns);
    covered["last"] = base::format_rfc3339(log.last_ns);
    coverage.push_back(std::move(covered));
  }
  line["coverage_left_out"] = summary.coverage_left_out;
  line["limits"] = summary.limits;
  return line;
}

}  // namespace lastgood::cli
