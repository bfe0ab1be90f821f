// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// bench_recall FOLDER...: takes whole files, applies every damage pattern in memory, and counts what the verdict says.
//
// Files are opened for reading only and no changed content is ever written: results are numbers. A file that is not
// called whole to begin with is counted as a false alarm and not used further.
#include <atomic>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <set>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "drill/damage_patterns.h"
#include "inspect/inspect_content.h"
#include "judge_contents.h"
#include "recall_in_scans.h"
#include "recall_table.h"

namespace lastgood::bench {
namespace {

namespace fs = std::filesystem;
using base::ByteView;
using model::Verdict;

struct Options {
  std::vector<std::string> folders;
  std::vector<std::string> patterns;  // empty: all
  std::string expect;  // verdict name: only judge the files as they are, and list what is called otherwise
  std::string depth = "standard";
  std::string json_path;
  std::uint64_t bytes_min = 4096;
  std::uint64_t bytes_max = std::uint64_t{64} << 20;
  std::uint64_t files_max = UINT64_MAX;
  std::uint64_t seed = 1;
  unsigned threads = 2;
  std::size_t missed_max = 2000;
  bool in_scans = false;
  bool without_notes = false;
};

/// Every `step`-th of the files found, so that a smaller run sees all folders.
std::vector<fs::path> find_files(const Options& options) {
  std::vector<fs::path> found;
  for (const std::string& folder : options.folders) {
    std::error_code failed;
    for (fs::recursive_directory_iterator at(folder, fs::directory_options::skip_permission_denied, failed), end;
         at != end; at.increment(failed)) {
      if (failed || at->is_symlink(failed) || !at->is_regular_file(failed)) continue;
      const std::uintmax_t size = at->file_size(failed);
      if (!failed && size >= options.bytes_min && size <= options.bytes_max) found.push_back(at->path());
    }
  }
  std::sort(found.begin(), found.end());
  if (found.size() <= options.files_max) return found;
  std::vector<fs::path> chosen;
  for (std::uint64_t i = 0; i < options.files_max; ++i) chosen.push_back(found[i * found.size() / options.files_max]);
  return chosen;
}

/// One thread's work on one file after the other.
class Worker {
 public:
  Worker(const Options& options, const std::vector<const drill::DamagePattern*>& patterns)
      : options_(options), patterns_(patterns) {
    inspect_options_.depth = model::find_depth(options.depth).value_or(model::Depth::standard);
    inspect_options_.seed = options.seed;
  }

  void use(const fs::path& path) {
    const std::optional<Bytes> bytes = read_file(path);
    if (!bytes) {
      ++table_.unreadable;
      return;
    }
    const std::string name = path.filename().string();
    const Judged whole = judge(*bytes, name, inspect_options_);
    const std::string format = whole.inspection.format.empty() ? "unknown" : whole.inspection.format;
    const Verdict verdict = whole.inspection.verdict;
    const bool is_protected = verdict == Verdict::protected_;
    const bool quiet = options_.expect.empty()
                           ? verdict == Verdict::intact || is_protected || verdict == Verdict::undecided
                           : model::name_of(verdict) == options_.expect;
    table_.unchanged[format].count(verdict, quiet, {}, whole.nanoseconds);
    if (!quiet) keep_missed("unchanged", format, path, whole.inspection);
    if (!options_.expect.empty() || (verdict != Verdict::intact && !is_protected)) return;
    const std::string row = is_protected ? std::string(k_protected_prefix) + format : format;
    for (const drill::DamagePattern* pattern : patterns_) try_pattern(*pattern, *bytes, path, row);
  }

  [[nodiscard]] const RecallTable& table() const { return table_; }

 private:
  void try_pattern(const drill::DamagePattern& pattern, const Bytes& bytes, const fs::path& path,
                   const std::string& row) {
    const std::optional<drill::DamagedContent> damaged =
        drill::damage(pattern, ByteView(bytes), path.filename().string(), options_.seed);
    if (!damaged) return;
    const Judged judged = judge(damaged->bytes, damaged->name, inspect_options_);
    const inspect::Inspection& said = judged.inspection;
    const std::vector<Verdict> right = drill::right_verdicts(pattern, *damaged);
    const bool is_right = std::find(right.begin(), right.end(), said.verdict) != right.end();
    const bool recalled = said.verdict == Verdict::encrypted || said.verdict == Verdict::partly_encrypted;
    const Agreement agreement = recalled ? agreement_of(*damaged, damaged->bytes.size(), said.ranges) : Agreement();
    table_.cells[std::string(pattern.id)][row].count(said.verdict, is_right, agreement, judged.nanoseconds);
    if (recalled != drill::is_encryption(pattern)) keep_missed(pattern.id, row, path, said);
  }

  void keep_missed(std::string_view pattern, const std::string& format, const fs::path& path,
                   const inspect::Inspection& said) {
    if (table_.missed.size() >= options_.missed_max) return;
    table_.missed.push_back({std::string(pattern), format, path.string(), std::string(model::name_of(said.verdict)),
                             reason_of(said.reasons)});
  }

  const Options& options_;
  const std::vector<const drill::DamagePattern*>& patterns_;
  inspect::InspectOptions inspect_options_;
  RecallTable table_;
};

RecallTable measure(const Options& options, const std::vector<fs::path>& files,
                    const std::vector<const drill::DamagePattern*>& patterns) {
  std::vector<Worker> workers(options.threads, Worker(options, patterns));
  std::atomic<std::size_t> next{0};
  std::vector<std::thread> threads;
  for (Worker& worker : workers) {
    threads.emplace_back([&worker, &next, &files] {
      for (std::size_t at = next++; at < files.size(); at = next++) worker.use(files[at]);
    });
  }
  for (std::thread& thread : threads) thread.join();
  RecallTable all;
  for (const Worker& worker : workers) all.add(worker.table());
  return all;
}

std::optional<std::vector<const drill::DamagePattern*>> chosen_patterns(const Options& options) {
  std::vector<const drill::DamagePattern*> out;
  for (const std::string& id : options.patterns) {
    const drill::DamagePattern* pattern = drill::find_damage_pattern(id);
    if (pattern == nullptr) {
      fmt::print(stderr, "bench_recall: error: no pattern '{}'\n", id);
      return std::nullopt;
    }
    out.push_back(pattern);
  }
  if (options.patterns.empty()) {
    for (const drill::DamagePattern& pattern : drill::damage_patterns()) out.push_back(&pattern);
  }
  return out;
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"Recall of the verdict per damage pattern and format; nothing is written but numbers"};
  app.add_option("folders", options.folders, "folders of whole files")->required()->check(CLI::ExistingDirectory);
  app.add_option("--pattern", options.patterns, "only this pattern (may be repeated)");
  app.add_option("--expect", options.expect, "no patterns: list the files that are not called by this verdict")
      ->check([](const std::string& name) {
        return model::find_verdict(name) ? std::string() : "no verdict '" + name + "'";
      });
  app.add_option("--depth", options.depth, "quick, standard or full")
      ->check(CLI::IsMember({"quick", "standard", "full"}));
  app.add_flag("--in-scans", options.in_scans,
               "one scan for each pattern: most files attacked, the rest as they are, judged with what they share");
  app.add_flag("--without-notes", options.without_notes, "with --in-scans: the attack leaves no ransom notes");
  app.add_option("--json", options.json_path, "also write all cells and misses to this new file");
  app.add_option("--bytes-min", options.bytes_min, "smallest file");
  app.add_option("--bytes-max", options.bytes_max, "largest file");
  app.add_option("--files-max", options.files_max, "take an even sample of that many files")
      ->check(CLI::PositiveNumber);
  app.add_option("--threads", options.threads)->check(CLI::Range(1, 64));
  app.add_option("--seed", options.seed);
  CLI11_PARSE(app, argc, argv);

  const auto patterns = chosen_patterns(options);
  if (!patterns) return 2;
  const auto begun = std::chrono::steady_clock::now();
  const std::vector<fs::path> files = find_files(options);
  const InScansOptions in_scans{
      .inspect = {.depth = model::find_depth(options.depth).value_or(model::Depth::standard), .seed = options.seed},
      .notes = options.without_notes ? Notes::none : Notes::left,
      .threads = options.threads,
      .missed_max = options.missed_max};
  const RecallTable table =
      options.in_scans ? measure_in_scans(files, *patterns, in_scans) : measure(options, files, *patterns);
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begun).count();
  fmt::print("{}\n{} files, {} patterns, {} threads, {:.0f} s\n", write_table(table), files.size(), patterns->size(),
             options.threads, seconds);
  if (!options.json_path.empty()) {
    std::FILE* out = std::fopen(options.json_path.c_str(), "wx");
    if (out == nullptr) {
      fmt::print(stderr, "bench_recall: error: cannot make '{}': it exists or cannot be written\n", options.json_path);
      return 2;
    }
    fmt::print(out, "{}", write_json(table));
    std::fclose(out);
  }
  return 0;
}

}  // namespace
}  // namespace lastgood::bench

int main(int argc, char** argv) { return lastgood::bench::run(argc, argv); }
