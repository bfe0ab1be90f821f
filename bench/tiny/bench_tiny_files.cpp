// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// bench_tiny_files NEW_FOLDER MAKER SOURCE...: plays one attack after the other, each by one pattern, on a tree of tiny
// files among larger ones, and counts what a whole scan says of the tiny ones: those that were struck and those that
// were not. What 16 bytes cannot tell alone, the campaign must.
//
// Everything is written below NEW_FOLDER, which must not exist; SOURCE folders are only read.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <map>
#include <thread>

#include <fmt/format.h>
#include <CLI/CLI.hpp>

#include "casefile/open_case_store.h"
#include "drill/damage_patterns.h"
#include "drill/hospital_files.h"
#include "drill/note_texts.h"
#include "drill/truth.h"
#include "ledger/ledger.h"
#include "os/made_folder.h"
#include "scan/run_scan.h"

namespace lastgood::bench {
namespace {

namespace fs = std::filesystem;
using base::ByteView;
using model::FileRecord;
using model::Verdict;
using Bytes = std::vector<std::uint8_t>;

constexpr std::uint64_t k_tiny_bytes_min = 16;
constexpr std::uint64_t k_tiny_bytes_max = 4096;
constexpr std::uint64_t k_large_bytes_max = 128 * 1024;

struct Options {
  std::string folder;
  std::string maker;
  std::vector<std::string> sources;
  std::vector<std::string> patterns;  // empty: all
  std::string depth = "standard";
  std::size_t tiny_max = 1200;
  std::size_t per_kind_max = 40;
  std::size_t large_max = 240;
  unsigned struck_percent = 60;
  std::uint64_t seed = 1;
  bool without_notes = false;
  std::size_t listed_max = 0;
};

/// A whole file of the tree before the attack.
struct Material {
  std::string name;
  std::string kind;
  Bytes bytes;
};

enum class Size : std::uint8_t { tiny, large };

struct Written {
  std::string kind;
  std::string original;
  Size size = Size::tiny;
  bool struck = false;
};

struct Row {
  std::array<std::uint64_t, model::k_verdict_count> struck{};
  std::array<std::uint64_t, model::k_verdict_count> innocent{};
  std::uint64_t large_struck = 0;
  std::uint64_t large_found = 0;
  std::uint64_t large_accused = 0;
  std::size_t campaigns = 0;
};

bool is_accused(Verdict verdict) { return verdict == Verdict::encrypted || verdict == Verdict::partly_encrypted; }

std::uint64_t accused_in(const std::array<std::uint64_t, model::k_verdict_count>& counts) {
  return counts.at(static_cast<std::size_t>(Verdict::encrypted)) +
         counts.at(static_cast<std::size_t>(Verdict::partly_encrypted));
}
std::uint64_t total_of(const std::array<std::uint64_t, model::k_verdict_count>& counts) {
  std::uint64_t total = 0;
  for (const std::uint64_t count : counts) total += count;
  return total;
}

std::string kind_of(const fs::path& path) {
  const std::string extension = path.extension().string();
  return extension.size() < 2 || extension.size() > 8 ? std::string("none") : extension.substr(1);
}

Bytes read_file(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  const ByteView view{std::string_view(text)};
  return Bytes(view.begin(), view.end());
}

/// A text of lines cut after a line is a whole shorter text; other formats are never cut.
void add_cut_texts(const Material& whole, drill::SeededBytes& random, std::vector<Material>& out) {
  static constexpr std::array<std::string_view, 6> k_line_kinds = {"csv", "log", "txt", "hl7", "sql", "md"};
  if (std::find(k_line_kinds.begin(), k_line_kinds.end(), whole.kind) == k_line_kinds.end()) return;
  for (int i = 0; i < 2; ++i) {
    const std::uint64_t wanted = k_tiny_bytes_min << random.below(9);
    const auto limit = whole.bytes.begin() + static_cast<std::ptrdiff_t>(std::min<std::uint64_t>(
                                                 whole.bytes.size(), std::min(wanted, k_tiny_bytes_max)));
    const auto line_end = std::find(std::make_reverse_iterator(limit), whole.bytes.rend(), std::uint8_t{'\n'}).base();
    Bytes cut(whole.bytes.begin(), line_end);
    if (cut.size() >= k_tiny_bytes_min && cut.size() < whole.bytes.size())
      out.push_back({.name = fmt::format("cut{}-{}", i, whole.name), .kind = whole.kind, .bytes = std::move(cut)});
  }
}

/// At most `per_kind_max` of each kind, evenly taken, in an order that follows from the names.
std::vector<Material> take_evenly(std::vector<Material> all, std::size_t per_kind_max, std::size_t count_max) {
  std::map<std::string, std::vector<Material>> by_kind;
  for (Material& one : all) by_kind[one.kind].push_back(std::move(one));
  std::vector<Material> out;
  for (auto& [kind, files] : by_kind) {
    const std::size_t count = std::min(per_kind_max, files.size());
    for (std::size_t i = 0; i < count; ++i) out.push_back(std::move(files[i * files.size() / count]));
  }
  if (out.size() <= count_max) return out;
  std::vector<Material> chosen;
  for (std::size_t i = 0; i < count_max; ++i) chosen.push_back(std::move(out[i * out.size() / count_max]));
  return chosen;
}

/// A pattern's keys follow from the name: no two files share one.
void give_own_names(std::vector<Material>& files) {
  std::map<std::string, int> seen;
  for (Material& file : files) {
    if (const int before = seen[file.name]++; before > 0) file.name = fmt::format("{}-{}", before, file.name);
  }
}

/// Tiny files that the machine has, whole as they are.
std::vector<Material> find_small_files(const Options& options) {
  std::map<std::string, std::vector<fs::path>> by_kind;
  for (const std::string& source : options.sources) {
    std::error_code failed;
    for (fs::recursive_directory_iterator at(source, fs::directory_options::skip_permission_denied, failed), end;
         at != end; at.increment(failed)) {
      if (failed || at->is_symlink(failed) || !at->is_regular_file(failed)) continue;
      const std::uintmax_t size = at->file_size(failed);
      if (!failed && size >= k_tiny_bytes_min && size <= k_tiny_bytes_max)
        by_kind[kind_of(at->path())].push_back(at->path());
    }
  }
  std::vector<Material> out;
  for (auto& [kind, paths] : by_kind) {
    std::sort(paths.begin(), paths.end());
    const std::size_t count = std::min(options.per_kind_max, paths.size());
    for (std::size_t i = 0; i < count; ++i) {
      const fs::path& path = paths[i * paths.size() / count];
      out.push_back({.name = path.filename().string(), .kind = kind, .bytes = read_file(path)});
    }
  }
  return out;
}

class Play {
 public:
  Play(const Options& options, os::MadeFolder folder) : options_(options), folder_(std::move(folder)) {}

  base::Status make_material() {
    LG_ASSIGN(const drill::Hospital hospital,
              drill::make_hospital(folder_, {.maker = options_.maker, .seed = options_.seed, .files = 2000}));
    drill::SeededBytes random(options_.seed, "cut");
    std::vector<Material> tiny = find_small_files(options_);
    std::vector<Material> large;
    for (const drill::HospitalFile& file : hospital.files) {
      if (file.is_protected || file.size_bytes > k_large_bytes_max) continue;
      LG_ASSIGN(os::MadeFile made, folder_.read(fmt::format("{}/{}", drill::k_before, file.path)));
      const fs::path path(file.path);
      Material whole{.name = path.filename().string(), .kind = kind_of(path), .bytes = std::move(made.bytes)};
      add_cut_texts(whole, random, tiny);
      if (whole.bytes.size() > k_tiny_bytes_max) {
        large.push_back(std::move(whole));
      } else if (whole.bytes.size() >= k_tiny_bytes_min) {
        tiny.push_back(std::move(whole));
      }
    }
    tiny_ = take_evenly(std::move(tiny), options_.per_kind_max, options_.tiny_max);
    large_ = take_evenly(std::move(large), options_.per_kind_max, options_.large_max);
    give_own_names(tiny_);
    give_own_names(large_);
    return base::Done{};
  }

  base::Status write_innocent(const drill::DamagePattern& pattern) {
    return write_all(pattern, tree_of(pattern), Pass::innocent);
  }

  /// One attack by one pattern in a tree of its own, scanned into a case of its own.
  base::Result<Row> attack_and_scan(const drill::DamagePattern& pattern) {
    const std::string tree = tree_of(pattern);
    LG_TRY(write_all(pattern, tree, Pass::struck));
    if (!options_.without_notes) LG_TRY(write_notes(tree, pattern.extension));
    return scan(pattern, tree);
  }

  [[nodiscard]] std::size_t tiny_count() const { return tiny_.size(); }
  [[nodiscard]] std::size_t kind_count() const {
    std::map<std::string, int> kinds;
    for (const Material& one : tiny_) ++kinds[one.kind];
    return kinds.size();
  }

 private:
  enum class Pass : std::uint8_t { innocent, struck };

  static std::string tree_of(const drill::DamagePattern& pattern) {
    return fmt::format("{}/{}", drill::k_attacked, pattern.id);
  }

  base::Status write_all(const drill::DamagePattern& pattern, const std::string& tree, Pass pass) {
    LG_TRY(write_some(pattern, tree, pass, Size::tiny, tiny_));
    return write_some(pattern, tree, pass, Size::large, large_);
  }

  base::Status write_some(const drill::DamagePattern& pattern, const std::string& tree, Pass pass, Size size,
                          const std::vector<Material>& files) {
    drill::SeededBytes dice(options_.seed, fmt::format("{}|{}", pattern.id, static_cast<int>(size)));
    for (std::size_t i = 0; i < files.size(); ++i) {
      const Material& file = files[i];
      const bool chosen = dice.below(100) < options_.struck_percent;
      // Every 40th that was spared carries the attack's extension: a name alone must not accuse it.
      const bool renamed = !chosen && pattern.rename == drill::Rename::append && dice.below(40) == 0;
      std::optional<drill::DamagedContent> changed;
      if (chosen) changed = drill::damage(pattern, ByteView(file.bytes), file.name, options_.seed);
      if (changed.has_value() != (pass == Pass::struck)) continue;
      const std::string folder = fmt::format("{}/ward{}/{}", tree, i % 12, i);
      std::string path = folder + "/";
      path += changed ? changed->name : file.name + (renamed ? std::string(pattern.extension) : std::string());
      LG_TRY(folder_.write_new(path, ByteView(changed ? changed->bytes : file.bytes)));
      written_[folder_.path() + "/" + path] = {
          .kind = file.kind, .original = file.name, .size = size, .struck = changed.has_value()};
    }
    return base::Done{};
  }

  base::Status write_notes(const std::string& tree, std::string_view extension) {
    const auto texts = drill::make_note_texts(drill::make_note_contacts(options_.seed), extension);
    for (int ward = 0; ward < 12; ++ward) {
      for (const drill::NoteText& text : texts)
        LG_TRY(folder_.write_new(fmt::format("{}/ward{}/{}", tree, ward, text.name),
                                 ByteView(std::string_view(text.bytes))));
    }
    return base::Done{};
  }

  base::Result<Row> scan(const drill::DamagePattern& pattern, const std::string& tree) {
    const std::string case_folder = fmt::format("{}/{}.case", folder_.path(), pattern.id);
    LG_ASSIGN(const auto store, casefile::create_case_store(case_folder));
    LG_ASSIGN(const auto ledger, ledger::create_ledger(case_folder));
    scan::ScanRequest request;
    request.roots = {folder_.path() + "/" + tree};
    request.depth = model::find_depth(options_.depth).value_or(model::Depth::standard);
    request.case_folder = case_folder;
    request.threads = 2;
    Silence silence;
    LG_ASSIGN(const scan::ScanOutcome outcome, scan::run_scan(request, *store, *ledger, silence));
    Row row;
    row.campaigns = outcome.campaigns.size();
    std::size_t listed = 0;
    LG_TRY(store->visit_files({.scan_id = outcome.scan_id, .verdicts = {}, .path = {}, .path_below = {}},
                              [&](const FileRecord& file) {
                                count(file, row, listed);
                                return true;
                              }));
    return row;
  }

  void count(const FileRecord& file, Row& row, std::size_t& listed) {
    const auto found = written_.find(file.path);
    if (found == written_.end()) return;  // a note
    const Written& truth = found->second;
    const bool accused = is_accused(file.verdict);
    if (truth.size == Size::large) {
      if (truth.struck) ++row.large_struck;
      if (truth.struck && accused) ++row.large_found;
      if (!truth.struck && accused) ++row.large_accused;
    } else {
      ++(truth.struck ? row.struck : row.innocent).at(static_cast<std::size_t>(file.verdict));
    }
    if (accused == truth.struck || listed++ >= options_.listed_max) return;
    const std::string why = file.reasons.empty() ? "" : file.reasons.back().rule + ": " + file.reasons.back().sentence;
    fmt::print("  {} {} bytes, {} ({}): {} {} {}; {}\n", truth.struck ? "missed" : "accused", file.size_bytes,
               fs::path(file.path).filename().string(), truth.original, model::name_of(file.verdict),
               model::name_of(file.certainty), file.format, why);
  }

  class Silence final : public scan::ScanProgress {
   public:
    void walking(const scan::ScanTally& /*tally*/) override {}
    void step(const std::string& /*what*/) override {}
    [[nodiscard]] bool cancelled() const override { return false; }
  };

  const Options& options_;
  os::MadeFolder folder_;
  std::vector<Material> tiny_;
  std::vector<Material> large_;
  std::map<std::string, Written> written_;
};

void print_row(std::string_view name, const Row& row) {
  const std::uint64_t struck = total_of(row.struck);
  fmt::print("{:<20} {:>6} {:>8.2f} {:>9} {:>7} {:>8} {:>8} {:>8} {:>7}/{:<6} {:>6} {:>4}\n", name, struck,
             struck == 0 ? 100.0 : 100.0 * static_cast<double>(accused_in(row.struck)) / static_cast<double>(struck),
             row.struck.at(static_cast<std::size_t>(Verdict::undecided)),
             row.struck.at(static_cast<std::size_t>(Verdict::intact)),
             row.struck.at(static_cast<std::size_t>(Verdict::damaged)), total_of(row.innocent),
             accused_in(row.innocent), row.large_found, row.large_struck, row.large_accused, row.campaigns);
  std::fflush(stdout);
}

base::Status play(const Options& options) {
  LG_ASSIGN(os::MadeFolder folder, os::MadeFolder::make(options.folder));
  Play play(options, std::move(folder));
  LG_TRY(play.make_material());
  fmt::print("{} tiny files of {} kinds\n", play.tiny_count(), play.kind_count());
  fmt::print("{:<20} {:>6} {:>8} {:>9} {:>7} {:>8} {:>8} {:>8} {:>14} {:>6} {:>4}\n", "pattern", "struck", "recall%",
             "undecided", "intact", "damaged", "innocent", "accused", "larger found", "acc.", "camp");
  std::vector<const drill::DamagePattern*> patterns;
  for (const drill::DamagePattern& pattern : drill::damage_patterns()) {
    const bool wanted = options.patterns.empty() || std::find(options.patterns.begin(), options.patterns.end(),
                                                              pattern.id) != options.patterns.end();
    if (wanted && drill::is_encryption(pattern)) patterns.push_back(&pattern);
  }
  // Files that were spared did not change in the minutes of the attack; a change time cannot be set, so it is waited
  // for.
  for (const drill::DamagePattern* pattern : patterns) LG_TRY(play.write_innocent(*pattern));
  std::this_thread::sleep_for(std::chrono::seconds(61));
  for (const drill::DamagePattern* pattern : patterns) {
    LG_ASSIGN(const Row row, play.attack_and_scan(*pattern));
    print_row(pattern->id, row);
  }
  return base::Done{};
}

int run(int argc, char** argv) {
  Options options;
  CLI::App app{"What a scan says of tiny files after an attack, per pattern"};
  app.add_option("folder", options.folder, "folder to make; it must not exist")->required();
  app.add_option("maker", options.maker, "make_hospital.py")->required()->check(CLI::ExistingFile);
  app.add_option("sources", options.sources, "folders whose tiny files are taken too")->check(CLI::ExistingDirectory);
  app.add_option("--pattern", options.patterns, "only this pattern (may be repeated)");
  app.add_option("--depth", options.depth)->check(CLI::IsMember({"quick", "standard", "full"}));
  app.add_option("--tiny-max", options.tiny_max);
  app.add_option("--large-max", options.large_max, "larger files in the same tree");
  app.add_option("--struck-percent", options.struck_percent)->check(CLI::Range(1, 100));
  app.add_flag("--without-notes", options.without_notes, "the attacker left no notes");
  app.add_option("--list", options.listed_max, "list so many wrongly judged files per pattern");
  app.add_option("--seed", options.seed);
  CLI11_PARSE(app, argc, argv);
  const base::Status played = play(options);
  if (played.ok()) return 0;
  fmt::print(stderr, "bench_tiny_files: error: {}\n", played.error().what);
  return 2;
}

}  // namespace
}  // namespace lastgood::bench

int main(int argc, char** argv) { return lastgood::bench::run(argc, argv); }
