// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/export_case.h"

#include <array>

#include "base/checksum.h"
#include "exports/attack_mails.h"
#include "exports/case_times.h"
#include "exports/stix_checker.h"
#include "exports/write_csv.h"
#include "exports/write_misp.h"
#include "exports/write_stix.h"
#include "timeline/open_timeline.h"
#include "timeline/write_timesketch.h"

namespace lastgood::exports {

namespace {

constexpr std::array<std::string_view, 4> k_form_names = {"stix", "misp", "csv", "timesketch"};

Exported write_form(const ExportInput& input, Form form) {
  if (form == Form::misp) return write_misp(input);
  if (form == Form::csv) return write_csv(input);
  return write_stix(input);
}

ledger::Fields begun_fields(const ExportRequest& request) {
  return {{"form", std::string(name_of(request.form))},
          {"path", request.out},
          {"scope", std::string(request.scope == Scope::all ? "all" : "tied")},
          {"tlp", std::string(name_of(request.tlp))}};
}

base::Status note_written(ledger::Ledger& ledger, const ExportRequest& request, const ExportOutcome& outcome) {
  LG_TRY(ledger.append(k_kind_written, {{"bytes", static_cast<std::int64_t>(outcome.bytes)},
                                        {"form", std::string(name_of(request.form))},
                                        {"path", request.out},
                                        {"sha256", outcome.sha256}}));
  return base::Done{};
}

std::string hex_of(const base::Sha256Digest& digest) {
  return base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
}

/// The timeline may be larger than memory: it is written as it is read, and its digest is known at the end.
base::Result<ExportOutcome> export_timeline(const std::string& case_folder, casefile::CaseStore& store,
                                            ledger::Ledger& ledger, const ExportRequest& request) {
  LG_ASSIGN(const auto stream, timeline::open_timeline(case_folder, store, {}));
  LG_TRY(ledger.append(k_kind_begun, begun_fields(request)));
  LG_ASSIGN(os::AtomicFile file, os::begin_atomic_file(request.out, request.overwrite));
  ExportOutcome outcome;
  base::Sha256 digest;
  LG_ASSIGN(outcome.objects, timeline::write_timesketch(*stream, [&](base::ByteView bytes) {
              outcome.bytes += bytes.size();
              digest.update(bytes);
              return file.write(bytes);
            }));
  LG_TRY(file.commit());
  outcome.sha256 = hex_of(digest.finish());
  LG_TRY(note_written(ledger, request, outcome));
  return outcome;
}

}  // namespace

std::string_view name_of(Form form) { return k_form_names.at(static_cast<std::size_t>(form)); }

std::optional<Form> find_form(std::string_view name) {
  for (std::size_t i = 0; i < k_form_names.size(); ++i)
    if (k_form_names.at(i) == name) return static_cast<Form>(i);
  return std::nullopt;
}

base::Result<ExportInput> read_export_input(const std::string& case_folder, casefile::CaseStore& store) {
  ExportInput input;
  LG_ASSIGN(input.facts, facts::gather_facts(case_folder, store));
  LG_ASSIGN(input.times, read_case_times(case_folder));
  LG_ASSIGN(input.mails, read_attack_mails(store.investigation(), input.facts));
  return input;
}

base::Result<ExportOutcome> export_case(const std::string& case_folder, casefile::CaseStore& store,
                                        ledger::Ledger& ledger, const ExportRequest& request) {
  if (request.form == Form::timesketch) return export_timeline(case_folder, store, ledger, request);
  LG_ASSIGN(ExportInput input, read_export_input(case_folder, store));
  input.tlp = request.tlp;
  input.scope = request.scope;
  const Exported exported = write_form(input, request.form);
  ExportOutcome outcome;
  outcome.bytes = exported.bytes.size();
  outcome.objects = exported.objects;
  outcome.only_in_notes = exported.left_out;
  outcome.beyond_limits = input.facts.left_out;
  if (request.form == Form::stix) outcome.faults = check_stix_bundle(exported.bytes);
  if (!outcome.faults.empty()) return outcome;

  outcome.sha256 = hex_of(base::sha256(base::ByteView(std::string_view(exported.bytes))));
  ledger::Fields fields = begun_fields(request);
  fields["sha256"] = outcome.sha256;
  LG_TRY(ledger.append(k_kind_begun, fields));
  LG_TRY(os::write_atomic_file(request.out, base::ByteView(std::string_view(exported.bytes)), request.overwrite));
  LG_TRY(note_written(ledger, request, outcome));
  return outcome;
}

}  // namespace lastgood::exports
