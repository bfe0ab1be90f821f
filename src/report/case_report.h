// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// CaseReport: what a report says, gathered from the case. Plain values; html_report and text_report only lay it out.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "dossier/dossier.h"
#include "facts/case_facts.h"
#include "model/file_record.h"
#include "services/history.h"

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
  std::uint64_t told_elsewhere = 0;   // files of its own that another scan tells of, and that are counted there
  std::vector<std::int64_t> told_by;  // those scans: their roots lie above or below its own
};

/// A backup source and what judging found in it.
struct BackupShare {
  model::BackupSource source;
  std::vector<model::JudgedSnapshot> snapshots;  // oldest first
  /// One for each path: the newest state, with the newest usable snapshot (empty: there is none) and its data's time.
  std::vector<model::JudgedUnit> newest_usable_units;
};

/// A time in which a service was not well.
struct Outage {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;                         // 0: until now
  services::Moment how = services::Moment::down;  // stopped, down, ..; starting: nobody saw when it went down
  // seen: a look found it up, which may have been so for long; started: by its start command, at `to_ns`.
  enum class End : std::uint8_t { seen, started } end = End::seen;
};

/// Data of a service that lie somewhere else than where it works from: a test, or not used yet.
struct BesideShare {
  std::int64_t at_ns = 0;  // 0: there are none
  std::string folder;
  std::int64_t as_of_ns = 0;  // 0: unknown
};

/// A service over time, as the case's history, ledger and services file say; times are 0 where nothing says them.
struct ServiceShare {
  std::string id;
  std::string title;
  unsigned tier = 0;
  std::int64_t down_ns = 0;            // since when
  std::int64_t restored_ns = 0;        // its data were back, in the place that it works from, for the first time
  std::int64_t restored_again_ns = 0;  // the last time; 0: there was one only
  std::int64_t healthy_ns = 0;         // it was well again for the first time
  /// first_look: nobody had looked before it was seen up at healthy_ns, and it may have been up all the while.
  enum class CameUp : std::uint8_t { known, first_look } came_up = CameUp::known;
  std::int64_t up_after_ns = 0;              // it came up between then and healthy_ns; 0: it came up at healthy_ns
  std::vector<Outage> later;                 // after that
  std::int64_t seen_at_work_ns = 0;          // the last time, after the attack began and before its data came back
  std::int64_t worked_until_at_most_ns = 0;  // it was seen down, or its data came back
  std::int64_t data_as_of_ns = 0;            // its own: the oldest of its databases and sets, else its files
  std::int64_t files_as_of_ns = 0;           // of files beside its databases, where they are older
  std::int64_t needed_as_of_ns =
      0;                     // the oldest of what it waits for, where that is older, or it has nothing of its own
  std::string needed_title;  // whose time that is
  std::string needed_id;
  std::vector<std::string> data_paths;  // of its own data, but for what is made again
  bool has_regenerable = false;
  std::int64_t changed_ns = 0;    // the last change of a file there, as scans of the attack saw it
  BesideShare beside;             // the last restore beside; nothing else of a service is said by that
  std::uint64_t bytes = 0;        // brought back
  std::vector<std::string> from;  // "nas 3fa1c2d0"
  std::string lacks;              // what replays of saved logs did not bring, as they said then; empty: nothing
  std::uint64_t struck = 0;       // encrypted files of its data as the newest scans saw them, that no restore exchanged
  std::string last_words;         // of the newest line of its history
  std::int64_t last_seen_ns = 0;  // when that was written; 0: there is none
  services::Moment last_moment = services::Moment::down;
  std::string waits_for;  // the title of a service that it needs and that is not up, as far as was recorded; or empty
  std::optional<double> rto_s;
  std::optional<double> rpo_s;
  std::int64_t tested_ns = 0;  // the newest restore test of its data
  std::string test;            // what that came to: "passed"

  /// As the history has it last.
  [[nodiscard]] bool is_up() const { return healthy_ns != 0 && (later.empty() || later.back().to_ns != 0); }
  [[nodiscard]] bool is_up_and_whole() const { return is_up() && struck == 0; }
};

/// One restore, from beginning to end.
struct RestoreShare {
  std::int64_t begun_ns = 0;
  std::int64_t ended_ns = 0;
  std::string target;
  std::string mode;     // "in-place", "beside"; empty: not known
  std::string outcome;  // empty: it did not end yet
  std::int64_t files = 0;
  std::int64_t bytes = 0;
  std::int64_t refused = 0;             // what stood there was left alone, or it could not be written
  std::int64_t incomplete = 0;          // files with lost pieces
  std::int64_t lost = 0;                // paths that no source has a good version of
  std::vector<std::string> lost_paths;  // all of them, where they are few
  std::vector<std::string> lost_in;     // else their folders: "12 /srv/a"
};

struct ServicesShare {
  std::vector<ServiceShare> services;  // in the order in which they come back; empty: no services file
  std::vector<RestoreShare> restores;  // in the order they began
  std::string trouble;                 // why the services file or the history could not be read
};

/// Which report: the longer after the attack, the more of it is worth reading.
enum class ReportForm : std::uint8_t { all, hour_1, hour_6, day_1, final_form };

struct CaseReport {
  std::string case_name;
  std::int64_t made_ns = 0;
  std::vector<ScanReport> scans;         // of live trees, of each place one: as the attack left it
  std::vector<model::Scan> later_scans;  // of the same places, when good files were back
  std::vector<BackupShare> backups;
  VerdictCounts files{};  // over all scans
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
  ServicesShare services;

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
std::string write_html(const CaseReport& report, ReportForm form = ReportForm::all);
/// The same content for a terminal or a printer.
std::string write_text(const CaseReport& report, ReportForm form = ReportForm::all);

}  // namespace lastgood::report
