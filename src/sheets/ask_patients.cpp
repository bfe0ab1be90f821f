// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/ask_patients.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/local_time.h"
#include "base/misuse.h"
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
Candidate live_of(const PatientQuestion& question) {
  Candidate live;
  live.source = question.live;
  live.root = question.live_root;
  live.has_its_logs = true;
  live.restored = question.restored;
  return live;
}

/// What keeps a candidate from answering, in a sentence.
std::string why_not(const base::Error& error) {
  const bool is_one_line = !error.hint.empty() && error.hint.find('\n') == std::string::npos;
  return error.what + (is_one_line ? " (" + error.hint + ")" : "");
}

/// A question and the database that it is asked of.
struct DatabaseQuestion {
  std::string database;
  std::string sql;
};

/// That of the pack whose tables are there, else of one whose tables are nearly there.
base::Result<DatabaseQuestion> find_packs_question(engines::ScratchServer& server, const PatientQuestion& question) {
  std::vector<std::string> databases;
  if (question.unit.database.empty()) {
    LG_ASSIGN(databases, server.databases());
  } else {
    LG_ASSIGN(const std::string one, find_database(server, question.unit.database));
    databases.push_back(one);
  }
  std::optional<DatabaseQuestion> near;
  for (const std::string& database : databases) {
    LG_ASSIGN(const std::vector<engines::TableName> tables, server.tables(database));
    for (const Pack& pack : question.packs) {
      for (const Fingerprint& fingerprint : pack.fingerprints) {
        const bool is_asked = !pack.patient_sql.empty() && fingerprint.data == pack.patient_data;
        if (!is_asked || fingerprint.kind != question.unit.kind) continue;
        const Likeness likeness = compare(fingerprint, tables);
        if (likeness.fits()) return DatabaseQuestion{database, pack.patient_sql};
        if (likeness.is_near() && !near) near = DatabaseQuestion{database, pack.patient_sql};
      }
    }
  }
  if (near) return *near;
  return base::misuse("no pack has its tables, and says how patients are asked for",
                      "say it yourself: --sql 'SELECT ... AS number, name, sex, birth_date, phone FROM ...'");
}

base::Status ask_one(OpenedCandidate& opened, const PatientQuestion& question, engines::RowSink& sink) {
  DatabaseQuestion asked{question.unit.database, question.sql};
  if (question.sql.empty()) {
    LG_ASSIGN(asked, find_packs_question(*opened.server, question));
  } else {
    LG_ASSIGN(asked.database, find_database(*opened.server, question.unit.database));
  }
  const engines::RowLimits limits{.rows = k_patients_max, .bytes = k_bytes_max, .statement_time = k_time_max};
  return opened.server->ask(asked.database, asked.sql, limits, sink);
}

}  // namespace

base::Result<PatientQuestion> find_patient_question(CaseOfSheets& of, const std::vector<Pack>& packs,
                                                    const MakeOptions& options) {
  constexpr const char* k_way =
      "say it yourself: --patients PATH --kind KIND --sql 'SELECT ... AS number, name, sex, birth_date, phone'";
  auto chosen = choose_pack(of, packs, "", options, nullptr);
  if (!chosen.ok() && chosen.error().code == base::ErrorCode::not_found) {
    base::Error error = std::move(chosen).error();
    error.hint += std::string(error.hint.empty() ? "" : "; ") + k_way;
    return error;
  }
  LG_ASSIGN(const PackChoice choice, std::move(chosen));
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
  return not_found("no pack that fits says how patients are asked for", k_way);
}

base::Result<AskedPatients> ask_patients(CaseOfSheets& of, const PatientQuestion& question, const MakeOptions& options,
                                         engines::RowSink& sink) {
  LG_ASSIGN(Candidates candidates, find_candidates(of, question.unit, options));
  if (!question.live.empty()) candidates.list.insert(candidates.list.begin(), live_of(question));
  AskedPatients asked;
  std::string seen = candidates.left_out;
  std::optional<base::Error> live_error;
  for (const Candidate& candidate : candidates.list) {
    const bool is_live = !question.live.empty() && !candidate.copy;
    auto opened = open_candidate(of, question.unit, candidate, options, nullptr);
    const base::Status answered = opened.ok() ? ask_one(opened.value(), question, sink) : opened.error();
    if (!answered.ok()) {
      const base::Error& error = answered.error();
      if (error.code == base::ErrorCode::cancelled) return error;
      // What a copy that starts does not answer no older one answers better. Files that lie there may be struck.
      if (opened.ok() && !is_live) return error;
      const std::string why = is_live ? why_not(error) : error.what;
      seen += (seen.empty() ? "" : "; ") + why;
      if (is_live) asked.live_did_not = fmt::format("{}: {}", candidate.source, why);
      if (is_live && opened.ok()) live_error = error;
      continue;
    }
    const DataTime time = data_time_of(candidate, opened.value(), question.unit.kind);
    LG_ASSIGN(const casefile::CaseAbout about, casefile::read_about(of.store));
    // What lies there is as it was a moment ago, also where no log of it tells the last commit.
    const std::string unknown = is_live ? ", as it was read now" : "";
    asked.source =
        candidate.source +
        (time.as_of_ns == 0 ? unknown : fmt::format(", data as of {}", base::time_in_zone(time.as_of_ns, about.zone)));
    // Of several databases of a hospital one was asked.
    if (candidate.copy) asked.source += fmt::format(", the database at '{}'", question.unit.path);
    return asked;
  }
  if (live_error) return *live_error;  // it answers, and nothing else is there
  return not_found(fmt::format("no copy of '{}' answers", base::printable(question.unit.path)),
                   seen.empty() ? "no judged source has one, and nothing that can be asked lies there" : seen);
}

}  // namespace lastgood::sheets
