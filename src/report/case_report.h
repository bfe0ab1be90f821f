// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// CaseReport: what a report says, gathered from the case. Plain values; html_report and text_report only lay it out.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "dossier/dossier.h"
#include "facts/case_facts.h"
#include "model/file_record.h"

namespace lastgood::report {

using VerdictCounts = std::array<std::uint64_t, model::k_verdict_count>;

struct FolderShare {
  std::string host;
  std::string path;
  VerdictCounts files{};
  VerdictCounts bytes{};
};

struct ScanReport {
  model::Scan scan;
  VerdictCounts files{};
  VerdictCounts bytes{};
  VerdictCounts weak{};  // of files: judged with weak certainty
  std::vector<model::Campaign> campaigns;
};

/// A backup source and what judging found in it.
struct BackupShare {
  model::BackupSource source;
  std::vector<model::JudgedSnapshot> snapshots;  // oldest first
  /// One for each path: the newest state, with the newest usable snapshot (empty: there is none) and its data's time.
  std::vector<model::JudgedUnit> newest_usable_units;
};

struct CaseReport {
  std::string case_name;
  std::int64_t made_ns = 0;
  std::vector<ScanReport> scans;  // of live trees
  std::vector<BackupShare> backups;
  VerdictCounts files{};  // over all scans; each path of each scan counts once
  VerdictCounts bytes{};
  VerdictCounts weak{};
  std::vector<FolderShare> folders;  // the largest, by bytes hit and then by bytes
  std::uint64_t folders_left_out = 0;
  std::map<std::int64_t, std::uint64_t> encrypted_per_minute;  // minute since 1970 -> files, by change time
  std::vector<model::Sighting> sightings;                      // at most k_listed_max
  std::uint64_t sightings_left_out = 0;
  facts::CaseFacts facts;
  std::vector<dossier::Dossier> dossiers;  // of the addresses that are tied to the attack; see add_dossiers
  std::map<model::Verdict, std::vector<model::FileRecord>> examples;  // at most k_examples_max of each but intact
  std::string ledger_head;                                            // "number:hash"

  static constexpr std::size_t k_folders_max = 40;
  static constexpr std::size_t k_examples_max = 100;
  static constexpr std::size_t k_listed_max = 500;

  [[nodiscard]] std::uint64_t total_files() const;
  [[nodiscard]] std::uint64_t total_bytes() const;
  [[nodiscard]] std::uint64_t hit_files() const;  // encrypted, partly encrypted
  [[nodiscard]] std::uint64_t hit_bytes() const;
};

/// Two passes over the files, two over the timeline; memory grows with the number of folders two levels below the
/// roots (bounded), not of files.
[[nodiscard]] base::Result<CaseReport> gather_report(const std::string& case_folder, casefile::CaseStore& store,
                                                     std::int64_t now_ns);

/// What installed data sets say of the addresses that are tied to the attack, at most k_dossiers_max. `data` may be
/// nullptr: then everything about them is unknown.
void add_dossiers(CaseReport& report, const network::AddressData* data);
inline constexpr std::size_t k_dossiers_max = 50;

/// One self-contained page: no script, no outside resource, every value from evidence escaped.
std::string write_html(const CaseReport& report);
/// The same content for a terminal or a printer.
std::string write_text(const CaseReport& report);

}  // namespace lastgood::report
