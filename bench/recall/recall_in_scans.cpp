// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recall_in_scans.h"

#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <map>
#include <thread>

#include "base/assert.h"
#include "campaigns/apply_campaigns.h"
#include "casefile/testing/memory_case_store.h"
#include "drill/note_texts.h"
#include "judge_contents.h"

namespace lastgood::bench {
namespace {

namespace fs = std::filesystem;
using model::Verdict;

constexpr std::size_t k_innocent_every = 5;
constexpr std::size_t k_folders = 40;
constexpr std::int64_t k_second_ns = 1'000'000'000;
constexpr std::int64_t k_attack_ns = 1'669'167'420 * k_second_ns;  // a morning in November 2022
constexpr std::int64_t k_before_ns = k_attack_ns - 90 * 86'400 * k_second_ns;

struct UsableFile {
  fs::path path;
  std::string row;  // format, with k_protected_prefix where its owner protected it
};

/// One file of the scan: what is recorded of it, and the truth.
struct Outcome {
  model::FileRecord record;
  std::vector<model::Sighting> sightings;
  std::string row;
  std::vector<Verdict> right;
  drill::DamagedContent damaged;  // without its bytes
  bool is_attacked = false;
  std::uint64_t nanoseconds = 0;
};

template <typename Work>
void in_parallel(std::size_t count, unsigned threads, const Work& work) {
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> pool;
  for (unsigned i = 0; i < threads; ++i) {
    pool.emplace_back([&] {
      for (std::size_t at = next++; at < count; at = next++) work(at);
    });
  }
  for (std::thread& thread : pool) thread.join();
}

std::vector<UsableFile> find_usable(const std::vector<fs::path>& files, const InScansOptions& options,
                                    RecallTable& table) {
  struct First {
    Verdict verdict = Verdict::unreadable;
    std::string format;
    std::uint64_t nanoseconds = 0;
  };
  std::vector<First> firsts(files.size());
  in_parallel(files.size(), options.threads, [&](std::size_t at) {
    const std::optional<Bytes> bytes = read_file(files[at]);
    if (!bytes) return;
    const Judged judged = judge(*bytes, files[at].filename().string(), options.inspect);
    firsts[at] = {judged.inspection.verdict, judged.inspection.format, judged.nanoseconds};
  });
  std::vector<UsableFile> usable;
  for (std::size_t at = 0; at < files.size(); ++at) {
    const First& first = firsts[at];
    if (first.verdict == Verdict::unreadable) {
      ++table.unreadable;
      continue;
    }
    const std::string format = first.format.empty() ? "unknown" : first.format;
    const bool usual = first.verdict == Verdict::intact || first.verdict == Verdict::protected_;
    table.unchanged[format].count(first.verdict, usual, {}, first.nanoseconds);
    if (!usual) continue;
    const bool is_protected = first.verdict == Verdict::protected_;
    usable.push_back({files[at], is_protected ? std::string(k_protected_prefix) + format : format});
  }
  return usable;
}

Outcome judge_one(const UsableFile& file, std::size_t at, const drill::DamagePattern& pattern,
                  const InScansOptions& options) {
  Outcome out{.row = file.row};
  const std::optional<Bytes> bytes = read_file(file.path);
  if (!bytes) return out;
  const std::string original_name = file.path.filename().string();
  std::optional<drill::DamagedContent> damaged;
  if (at % k_innocent_every != 0) {
    damaged = drill::damage(pattern, base::ByteView(*bytes), original_name, options.inspect.seed + at);
  }
  out.is_attacked = damaged.has_value();
  const Bytes& content = damaged ? damaged->bytes : *bytes;
  const std::string& name = damaged ? damaged->name : original_name;
  const Judged judged = judge(content, name, options.inspect);
  const inspect::Inspection& said = judged.inspection;
  out.nanoseconds = judged.nanoseconds;
  const std::int64_t changed_ns =
      damaged ? k_attack_ns + static_cast<std::int64_t>(at) * k_second_ns / 50 : k_before_ns;
  // A folder for each file: two files of one name stay two.
  out.record = {.path = fmt::format("/files/{:02}/{}/{}", at % k_folders, at, name),
                .size_bytes = content.size(),
                .mtime_ns = changed_ns,
                .ctime_ns = changed_ns,
                .verdict = said.verdict,
                .certainty = said.certainty,
                .format = said.format,
                .original_name = said.original_name,
                .ranges = said.ranges,
                .reasons = said.reasons,
                .head = said.head,
                .tail = said.tail};
  out.sightings = said.sightings;
  for (model::Sighting& sighting : out.sightings) sighting.path = out.record.path;
  if (!damaged) return out;
  out.right = drill::right_verdicts(pattern, *damaged);
  out.damaged = std::move(*damaged);
  out.damaged.bytes.clear();
  out.damaged.bytes.shrink_to_fit();
  return out;
}

/// One note in each folder, judged as any file is.
std::vector<Outcome> leave_notes(const drill::DamagePattern& pattern, const InScansOptions& options) {
  std::vector<Outcome> notes;
  const auto contacts = drill::make_note_contacts(options.inspect.seed);
  const std::vector<drill::NoteText> texts = drill::make_note_texts(contacts, pattern.extension);
  for (std::size_t folder = 0; folder < k_folders && !texts.empty(); ++folder) {
    const drill::NoteText& text = texts[folder % texts.size()];
    const base::ByteView view{std::string_view(text.bytes)};
    const inspect::Inspection said = judge(Bytes(view.begin(), view.end()), text.name, options.inspect).inspection;
    Outcome note;
    note.record = {.path = fmt::format("/files/{:02}/{}", folder, text.name),
                   .size_bytes = text.bytes.size(),
                   .mtime_ns = k_attack_ns,
                   .ctime_ns = k_attack_ns,
                   .verdict = said.verdict,
                   .certainty = said.certainty,
                   .format = said.format,
                   .reasons = said.reasons};
    note.sightings = said.sightings;
    for (model::Sighting& sighting : note.sightings) sighting.path = note.record.path;
    notes.push_back(std::move(note));
  }
  return notes;
}

/// What the scan says in the end: the records by path, after the campaigns were found and applied.
std::map<std::string, model::FileRecord> decide_together(const std::vector<Outcome>& outcomes,
                                                         const std::vector<Outcome>& notes) {
  casefile::testing::MemoryCaseStore store;
  const std::int64_t scan_id = store.begin_scan({.host = "bench", .roots = {"/files"}}).value();
  for (const std::vector<Outcome>* some : {&outcomes, &notes}) {
    for (const Outcome& outcome : *some) {
      if (outcome.record.path.empty()) continue;
      LG_ASSERT(store.record_files(scan_id, std::span(&outcome.record, 1), outcome.sightings).ok());
    }
  }
  LG_ASSERT(campaigns::decide_by_campaigns(store, scan_id).ok());
  std::map<std::string, model::FileRecord> decided;
  LG_ASSERT(store
                .visit_files({.scan_id = scan_id, .verdicts = {}, .path = {}, .path_below = {}, .details = true},
                             [&](const model::FileRecord& record) {
                               decided[record.path] = record;
                               return true;
                             })
                .ok());
  return decided;
}

void count_outcomes(const drill::DamagePattern& pattern, const std::vector<Outcome>& outcomes,
                    const std::vector<UsableFile>& usable, const InScansOptions& options, RecallTable& table) {
  const std::map<std::string, model::FileRecord> decided =
      decide_together(outcomes, options.notes == Notes::left ? leave_notes(pattern, options) : std::vector<Outcome>());
  auto& cells = table.cells[std::string(pattern.id)];
  for (std::size_t at = 0; at < outcomes.size(); ++at) {
    const Outcome& outcome = outcomes[at];
    const auto found = decided.find(outcome.record.path);
    if (found == decided.end()) continue;
    const model::FileRecord& said = found->second;
    const bool accused = said.verdict == Verdict::encrypted || said.verdict == Verdict::partly_encrypted;
    const auto keep_missed = [&](const std::string& row) {
      if (table.missed.size() >= options.missed_max) return;
      table.missed.push_back({std::string(pattern.id), row, usable[at].path.string(),
                              std::string(model::name_of(said.verdict)), reason_of(said.reasons)});
    };
    if (!outcome.is_attacked) {
      cells[std::string(k_innocent_row)].count(said.verdict, !accused, {}, outcome.nanoseconds);
      if (accused) keep_missed(std::string(k_innocent_row));
      continue;
    }
    const bool is_right = std::find(outcome.right.begin(), outcome.right.end(), said.verdict) != outcome.right.end();
    const Agreement agreement = accused ? agreement_of(outcome.damaged, said.size_bytes, said.ranges) : Agreement();
    cells[outcome.row].count(said.verdict, is_right, agreement, outcome.nanoseconds);
    if (accused != drill::is_encryption(pattern)) keep_missed(outcome.row);
  }
}

}  // namespace

RecallTable measure_in_scans(const std::vector<fs::path>& files,
                             const std::vector<const drill::DamagePattern*>& patterns, const InScansOptions& options) {
  RecallTable table;
  const std::vector<UsableFile> usable = find_usable(files, options, table);
  for (const drill::DamagePattern* pattern : patterns) {
    std::vector<Outcome> outcomes(usable.size());
    in_parallel(usable.size(), options.threads,
                [&](std::size_t at) { outcomes[at] = judge_one(usable[at], at, *pattern, options); });
    count_outcomes(*pattern, outcomes, usable, options, table);
  }
  return table;
}

}  // namespace lastgood::bench
