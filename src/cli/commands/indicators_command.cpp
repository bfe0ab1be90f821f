// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>
#include <map>
#include <memory>
#include <optional>
#include <ostream>
#include <set>

#include <fmt/format.h>
#include <fmt/ranges.h>

#include "base/error.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/progress_line.h"
#include "cli/output/shell_word.h"
#include "cli/own_places.h"
#include "os/paths.h"
#include "sightings/record_sightings.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_values_listed_max = 25;  // of each kind
constexpr std::size_t k_listed_ports_max = 4;

struct IndicatorOptions {
  std::vector<std::string> paths;
  std::vector<std::string> own;
  std::vector<std::string> excludes;
  bool all = false;
  bool other_file_systems = false;
  bool unrecorded = false;
};

nlohmann::ordered_json json_of_seen(const sightings::SeenFile& file, const sightings::SeenIndicator& seen) {
  const indicators::FoundIndicator& first = seen.first;
  nlohmann::ordered_json line = {{"type", "indicator"}, {"kind", first.kind}};
  set_text(line, "value", first.value);
  line["level"] = first.level;
  set_text(line, "path", file.path);
  line["offset"] = first.offset_bytes;
  line["length"] = first.length_bytes;
  line["encoding"] = sightings::encoding_of(seen);
  line["item"] = seen.store_item != 0 ? nlohmann::ordered_json(seen.store_item) : nlohmann::ordered_json(nullptr);
  line["port"] = first.port ? nlohmann::ordered_json(*first.port) : nlohmann::ordered_json(nullptr);
  line["defanged"] = first.form == indicators::FoundIndicator::Form::defanged;
  line["in_name"] = seen.place == sightings::SeenIndicator::Place::name;
  line["times"] = seen.times;
  line["apart"] = seen.apart == sightings::Apart::no ? nlohmann::ordered_json(nullptr)
                                                     : nlohmann::ordered_json(name_of(seen.apart));
  line["file_sha256"] = file.sha256;
  return line;
}

/// One value over all files.
struct Total {
  std::uint64_t files = 0;
  std::uint64_t times = 0;
  std::string level;
  std::string first_path;
  std::string first_place;
  std::set<std::uint16_t> ports;  // the first few
  sightings::Apart apart = sightings::Apart::no;
};

/// Kinds that are not here are wallets: they stand before the hosts.
std::size_t place_of(std::string_view kind) {
  constexpr std::array<std::string_view, 14> k_kinds = {"email", "jabber",    "tox",  "session", "telegram",
                                                        "onion", "victim_id", "",     "url",     "domain",
                                                        "ipv4",  "ipv6",      "hash", "other"};
  const auto at = std::find(k_kinds.begin(), k_kinds.end(), kind);
  return static_cast<std::size_t>((at == k_kinds.end() ? k_kinds.begin() + 7 : at) - k_kinds.begin());
}

class ShownValues final : public sightings::SightingSink {
 public:
  ShownValues(const IndicatorOptions& options, Context& context)
      : options_(options),
        context_(context),
        line_(context.err, context.progress_shown ? Terminal::yes : Terminal::no, 0) {}

  void take(sightings::SeenFile file) override {
    left_out_ += file.left_out;
    for (const sightings::SeenIndicator& seen : file.seen) {
      if (seen.apart != sightings::Apart::no) {
        ++apart_[std::string(name_of(seen.apart))];
        if (!options_.all) continue;
      }
      any_ = true;
      if (context_.output == Output::json) {
        context_.out << json_of_seen(file, seen).dump() << "\n";
      } else {
        add(file, seen);
      }
    }
  }
  void trouble(const std::string& path, const base::Error& error) override {
    line_.clear();
    context_.err << fmt::format("lastgood: error: cannot read '{}': {}\n", base::printable(path),
                                base::printable(error.what));
  }
  void progress(const sightings::CollectTally& tally) override {
    const double rate = tally.seconds > 0 ? static_cast<double>(tally.bytes) / tally.seconds : 0;
    line_.say(tally.seconds, fmt::format("{} files, {}, {}/s", human_count(tally.files), human_bytes(tally.bytes),
                                         human_bytes(static_cast<std::uint64_t>(rate))));
  }
  [[nodiscard]] bool cancelled() const override { return line_.cancelled(); }

  void print_text(const sightings::CollectOutcome& outcome) {
    line_.clear();
    std::string kind;
    std::size_t listed = 0;
    for (const auto& [key, total] : ordered()) {
      if (kind != key.first) {
        if (listed > k_values_listed_max)
          context_.out << fmt::format("  ... and {} more: --json has all\n", listed - k_values_listed_max);
        kind = key.first;
        listed = 0;
        context_.out << kind << "\n";
      }
      if (++listed > k_values_listed_max) continue;
      const std::string ports = total.ports.empty() ? "" : fmt::format(", port {}", fmt::join(total.ports, ", "));
      context_.out << fmt::format(
          "  {:<44} {:<8} {:>7} {}, first '{}'{}{}{}\n", base::printable(key.second), total.level,
          human_count(total.files), total.files == 1 ? "file" : "files", base::printable(total.first_path),
          total.first_place, ports,
          total.apart == sightings::Apart::no ? "" : fmt::format(" ({})", name_of(total.apart)));
    }
    if (listed > k_values_listed_max)
      context_.out << fmt::format("  ... and {} more: --json has all\n", listed - k_values_listed_max);
    context_.out << fmt::format("{} {}, {} read; {} different indicators\n", human_count(outcome.tally.files),
                                outcome.tally.files == 1 ? "file" : "files", human_bytes(outcome.tally.bytes),
                                human_count(totals_.size()));
    for (const auto& [what, count] : apart_) {
      if (!options_.all)
        context_.out << fmt::format("{} kept apart as {} ('--all' shows them)\n", human_count(count), what);
    }
    if (left_out_ > 0)
      context_.out << fmt::format("{} values were left out: their files hold more than {} different ones each\n",
                                  human_count(left_out_), human_count(sightings::k_values_per_file_max));
    if (!outcome.finished) context_.out << "interrupted: the rest was not looked at\n";
  }
  [[nodiscard]] bool any() const { return any_; }

 private:
  using Key = std::pair<std::string, std::string>;

  void add(const sightings::SeenFile& file, const sightings::SeenIndicator& seen) {
    Total& total = totals_[{std::string(seen.first.kind), seen.first.value}];
    if (total.files == 0 || file.path < total.first_path) {
      total.first_path = file.path;
      total.first_place = seen.place == sightings::SeenIndicator::Place::name
                              ? ", in its name"
                              : fmt::format(" at byte {}", seen.first.offset_bytes);
      if (seen.store_item != 0)
        total.first_place += fmt::format(" of item {}, {}", seen.store_item, base::printable(seen.store_part));
    }
    total.level = seen.first.level;
    if (seen.first.port && total.ports.size() < k_listed_ports_max) total.ports.insert(*seen.first.port);
    total.apart = seen.apart;
    ++total.files;
    total.times += seen.times;
  }

  /// What somebody can be reached, paid or asked by comes first; then those in most files.
  [[nodiscard]] std::vector<std::pair<Key, Total>> ordered() const {
    std::vector<std::pair<Key, Total>> rows(totals_.begin(), totals_.end());
    std::stable_sort(rows.begin(), rows.end(), [](const auto& a, const auto& b) {
      const auto place_a = place_of(a.first.first);
      const auto place_b = place_of(b.first.first);
      return place_a != place_b ? place_a < place_b : a.second.files > b.second.files;
    });
    return rows;
  }

  const IndicatorOptions& options_;
  Context& context_;
  ProgressLine line_;
  std::map<Key, Total> totals_;
  std::map<std::string, std::uint64_t> apart_;
  std::uint64_t left_out_ = 0;
  bool any_ = false;
};

void print_next(const std::string& folder, bool any, const Context& context) {
  context.out << "recorded in case: " << folder << "\n";
  if (any)
    context.out << fmt::format(
        "next: lastgood --case {0} dossier (whose addresses), or lastgood --case {0} questions\n", shell_word(folder));
}

Outcome run_indicators(const IndicatorOptions& options, Context& context) {
  LG_OUTCOME(sightings::OwnPlaces own, parse_own(options.own), ExitCode::wrong_use);
  walk::WalkRequest request;
  for (const std::string& path : options.paths) {
    LG_OUTCOME(std::string absolute, os::absolute_path(path), ExitCode::source_missing);
    request.roots.push_back(std::move(absolute));
  }
  request.excludes = options.excludes;
  if (options.other_file_systems) request.other_file_systems = walk::OtherFileSystems::enter;
  LG_OUTCOME(const auto case_folder, find_case(context), ExitCode::wrong_use);
  if (case_folder) request.skipped_folder = *case_folder;
  std::optional<Session> session;
  if (case_folder && !options.unrecorded) {
    auto opened = open_to_write(context, WhenNoCase::fail);
    if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
    session = std::move(std::get<Session>(opened));
    if (const auto added = add_own_of_case(*session->store, own); !added.ok())
      return Failure{added.error(), ExitCode::case_failed};
  }
  ShownValues shown(options, context);
  auto collected = session ? sightings::collect_into_case(request, own, *session->store, *session->ledger, shown)
                           : sightings::collect_sightings(request, own, shown);
  LG_OUTCOME(const sightings::CollectOutcome outcome, std::move(collected), ExitCode::source_missing);
  if (context.output == Output::json) {
    context.out << nlohmann::ordered_json{{"type", "collected"},
                                          {"files", outcome.tally.files},
                                          {"bytes", outcome.tally.bytes},
                                          {"unreadable", outcome.tally.unreadable},
                                          {"finished", outcome.finished}}
                       .dump()
                << "\n";
  } else {
    shown.print_text(outcome);
    if (session) print_next(session->folder, shown.any(), context);
    if (!session && !options.unrecorded) context.out << "kept nowhere: there is no case here ('lastgood case new')\n";
  }
  if (!outcome.finished) return ExitCode::interrupted;
  if (outcome.tally.unreadable > 0) return ExitCode::in_part;
  return shown.any() ? ExitCode::bad_found : ExitCode::done;
}

Run declare_indicators(CLI::App& app) {
  const auto options = std::make_shared<IndicatorOptions>();
  app.add_option("path", options->paths, "files, folders, disk images")->required()->type_name("PATH...");
  app.add_option("--own", options->own, "a domain or a block of addresses of the hospital itself; may be given often")
      ->type_name("DOMAIN|BLOCK")
      ->allow_extra_args(false);
  app.add_option("--exclude", options->excludes, "leave out paths or names that fit")
      ->type_name("GLOB")
      ->allow_extra_args(false);
  app.add_flag("--unrecorded", options->unrecorded, "show only: keep nothing of it in the case");
  app.add_flag("--all", options->all, "also those of the hospital, of private networks and of vendors");
  app.add_flag("--other-file-systems", options->other_file_systems, "enter what is mounted below the paths");
  return [options](Context& context) { return run_indicators(*options, context); };
}

}  // namespace

const Command k_indicators_command = {
    .name = "indicators",
    .summary = "Find what can be searched for or asked about: addresses, accounts, wallets, hosts, digests",
    .description =
        "Reads every byte of the files and of their names, in text of one and of two bytes a letter, as it stands and\n"
        "as people write it so that nobody clicks on it; whole disks and images of them, too. Parts of mails and "
        "items\n"
        "of Outlook stores are decoded; what is packed otherwise (.gz, .zip, .docx, most of a PDF) is not: unpack it\n"
        "first. 'checksum' means that the value's own checksum fits, 'shape' that it looks like one, 'context' that\n"
        "words around it say so. An address is a server's, never a person's. What is found is kept in the case when\n"
        "there is one; what 'case describe' called the organisation's own is set apart.",
    .examples =
        "  lastgood indicators /srv/lab\n  lastgood indicators --json --own hospital.example.in note.txt mail.eml",
    .declare = declare_indicators};

}  // namespace lastgood::cli
