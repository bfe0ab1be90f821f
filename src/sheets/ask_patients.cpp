// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/ask_patients.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/local_time.h"
#include "casefile/case_about.h"
#include "sheets/choose_pack.h"
#include "sheets/open_candidates.h"
#include "sheets/try_sheet.h"

namespace lastgood::sheets {

namespace {

constexpr std::uint64_t k_patients_max = 50'000'000;
constexpr std::uint64_t k_bytes_max = std::uint64_t{16} << 30U;
constexpr std::chrono::milliseconds k_time_max{600'000};

base::Error not_found(std::string what, std::string hint) {
  return {.code = base::ErrorCode::not_found,
          .what = std::move(what),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = std::move(hint)};
}

/// What lies on this machine: its logs were brought in when it was restored, and it has gone on since.
base::Result<OpenedCandidate> open_live(CaseOfSheets& of, const PatientQuestion& question, const Candidate& candidate,
                                        const MakeOptions& options) {
  MakeOptions here = options;
  here.damaged_root = question.live_root;
  services::DataUnit unit = question.unit;
  unit.logs.clear();
  return open_candidate(of, unit, candidate, here, nullptr);
}

}  // namespace

base::Result<PatientQuestion> find_patient_question(CaseOfSheets& of, const std::vector<Pack>& packs,
                                                    const MakeOptions& options) {
  LG_ASSIGN(const PackChoice choice, choose_pack(of, packs, "", options, nullptr));
  for (const FoundData& found : choice.found) {
    const auto pack = std::find_if(packs.begin(), packs.end(), [&](const Pack& one) { return one.id == found.pack; });
    if (pack == packs.end() || pack->patient_sql.empty() || pack->patient_data != found.data) continue;
    PatientQuestion question;
    question.sql = pack->patient_sql;
    question.unit.name = found.data;
    question.unit.path = found.path;
    question.unit.database = found.database;
    for (const Fingerprint& fingerprint : pack->fingerprints) {
      if (fingerprint.data == found.data) question.unit.kind = fingerprint.kind;
    }
    return question;
  }
  return not_found(
      "no pack that fits says how patients are asked for",
      "say it yourself: --patients PATH --kind KIND --sql 'SELECT ... AS number, name, sex, birth_date, phone'");
}

base::Result<AskedPatients> ask_patients(CaseOfSheets& of, const PatientQuestion& question, const MakeOptions& options,
                                         engines::RowSink& sink) {
  LG_ASSIGN(Candidates candidates, find_candidates(of, question.unit, options.damaged_root));
  if (!question.live.empty()) candidates.list.insert(candidates.list.begin(), {std::nullopt, question.live, 0});
  AskedPatients asked;
  std::string seen = candidates.left_out;
  for (const Candidate& candidate : candidates.list) {
    const bool is_live = !question.live.empty() && !candidate.copy;
    auto opened = is_live ? open_live(of, question, candidate, options)
                          : open_candidate(of, question.unit, candidate, options, nullptr);
    if (!opened.ok()) {
      const std::string& hint = opened.error().hint;
      const bool is_one_line = !hint.empty() && hint.find('\n') == std::string::npos;
      std::string why = opened.error().what + (is_one_line ? " (" + hint + ")" : "");
      seen += (seen.empty() ? "" : "; ") + (is_live ? why : opened.error().what);
      if (is_live) asked.live_did_not = fmt::format("{}: {}", candidate.source, why);
      continue;
    }
    engines::ScratchServer& server = *opened.value().server;
    LG_ASSIGN(const std::string database, find_database(server, question.unit.database));
    const engines::RowLimits limits{.rows = k_patients_max, .bytes = k_bytes_max, .statement_time = k_time_max};
    LG_TRY(server.ask(database, question.sql, limits, sink));
    const DataTime time = data_time_of(candidate, server.start());
    LG_ASSIGN(const casefile::CaseAbout about, casefile::read_about(of.store));
    // What lies there is as it was a moment ago, also where no log of it tells the last commit.
    const std::string unknown = is_live ? ", as it was read now" : "";
    asked.source =
        candidate.source +
        (time.as_of_ns == 0 ? unknown : fmt::format(", data as of {}", base::time_in_zone(time.as_of_ns, about.zone)));
    return asked;
  }
  return not_found(fmt::format("no copy of '{}' answers", base::printable(question.unit.path)),
                   seen.empty() ? "no judged source has one, and nothing that can be asked lies there" : seen);
}

}  // namespace lastgood::sheets
