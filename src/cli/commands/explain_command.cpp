// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>

#include "base/human.h"
#include "cli/commands/commands.h"
#include "cli/open_explained.h"
#include "cli/output/json_lines.h"
#include "inspect/inspect_content.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_hex_bytes = 64;
constexpr std::size_t k_hex_ranges_max = 4;
constexpr std::size_t k_explained_max = 12;

struct ExplainOptions {
  std::string path;
  std::string source;
  std::string snapshot;
  std::string depth = "full";
};

void print_hex(std::ostream& out, base::ByteView bytes, std::uint64_t offset) {
  for (std::size_t at = 0; at < bytes.size(); at += 16) {
    const base::ByteView line = bytes.part(at, 16);
    std::string text;
    for (const std::uint8_t byte : line) text += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
    std::string digits;
    for (std::size_t i = 0; i < 16; ++i) digits += i < line.size() ? fmt::format("{:02x} ", line.u8(i)) : "   ";
    out << fmt::format("    {:010x}  {} {}\n", offset + at, digits, text);
  }
}

void print_ranges(std::ostream& out, base::ByteSource& file, const inspect::Inspection& inspection) {
  if (inspection.ranges.empty()) return;
  out << "\nbytes concerned:\n";
  std::size_t shown = 0;
  for (const model::ByteRange& range : inspection.ranges) {
    if (shown++ == k_hex_ranges_max) {
      out << fmt::format("  ... and {} more ranges\n", inspection.ranges.size() - k_hex_ranges_max);
      break;
    }
    out << fmt::format("  {} to {} ({})\n", range.from, range.to, human_bytes(range.length()));
    std::vector<std::uint8_t> bytes(std::min<std::uint64_t>(k_hex_bytes, range.length()));
    const auto got = file.read(range.from, bytes);
    if (got.ok()) print_hex(out, base::ByteView(std::span<const std::uint8_t>(bytes)).part(0, got.value()), range.from);
  }
}

void print_trials(std::ostream& out, const inspect::Explanation& explanation) {
  if (explanation.trials.empty())
    out << "\nno format is recognised in it, and its name promises none\n";
  else
    out << "\nformats tried:\n";
  for (const auto& trial : explanation.trials) {
    out << fmt::format("  {}: {}, checked as far as '{}'\n", trial.format, trial.shape, trial.reach);
    std::size_t shown = 0;
    for (const model::Finding& finding : trial.findings) {
      if (shown++ == k_explained_max) {
        out << fmt::format("    ... and {} more findings\n", trial.findings.size() - k_explained_max);
        break;
      }
      const char* sign = finding.weight == model::Weight::supports      ? "+"
                         : finding.weight == model::Weight::contradicts ? "-"
                                                                        : " ";
      out << fmt::format("    {} {}: {}\n", sign, finding.rule, finding.sentence);
    }
  }
}

void print_regions(std::ostream& out, const inspect::Explanation& explanation) {
  if (explanation.regions.empty()) return;
  out << "\nmap:\n";
  std::size_t shown = 0;
  for (const model::Region& region : explanation.regions) {
    if (shown++ == k_explained_max) {
      out << fmt::format("  ... and {} more regions\n", explanation.regions.size() - k_explained_max);
      break;
    }
    out << fmt::format("  {:>14} to {:<14} {}\n", region.range.from, region.range.to, model::name_of(region.kind));
  }
}

std::string_view what_would_change_it(model::Verdict verdict) {
  using model::Verdict;
  switch (verdict) {
    case Verdict::intact:
      return "a checksum or digest from before the attack that does not fit; a scan at '--depth full' that finds a "
             "broken part";
    case Verdict::encrypted:
    case Verdict::partly_encrypted:
      return "an equal copy in a backup from before the attack, or proof that its owner's own tool wrote it like this";
    case Verdict::damaged:
      return "a mark it shares with encrypted files of the same campaign; a program of its format that opens it "
             "without complaint";
    case Verdict::protected_: return "opening it with its owner's key: only that proves the content";
    case Verdict::note: return "knowing who wrote it";
    case Verdict::undecided:
      return "a mark it shares with other files (scan the whole tree), an older version in a backup, or knowing which "
             "program wrote it";
    case Verdict::unreadable: return "reading it: another disk reader, root, or a copy";
  }
  return "";
}

nlohmann::ordered_json json_of_explained(const inspect::Explanation& explanation, const model::FileRecord& record) {
  nlohmann::ordered_json line = cli::json_of(record);
  line["type"] = "explanation";
  line["rule"] = explanation.rule;
  line["rule_meaning"] = explanation.rule_meaning;
  line["would_change"] = what_would_change_it(record.verdict);
  auto& trials = line["trials"] = nlohmann::ordered_json::array();
  for (const auto& trial : explanation.trials) {
    auto findings = nlohmann::ordered_json::array();
    for (const model::Finding& finding : trial.findings)
      findings.push_back({{"rule", finding.rule},
                          {"sentence", finding.sentence},
                          {"from", finding.range.from},
                          {"to", finding.range.to}});
    trials.push_back(
        {{"format", trial.format}, {"shape", trial.shape}, {"reach", trial.reach}, {"findings", findings}});
  }
  auto& regions = line["regions"] = nlohmann::ordered_json::array();
  for (const model::Region& region : explanation.regions)
    regions.push_back({region.range.from, region.range.to, model::name_of(region.kind)});
  return line;
}

void print_recorded(std::ostream& out, const model::FileRecord& recorded) {
  out << fmt::format("\nin the case: {} ({})\n", model::name_of(recorded.verdict), model::name_of(recorded.certainty));
  for (const model::Reason& reason : recorded.reasons)
    out << fmt::format("  {}: {}\n", reason.rule, base::printable(reason.sentence));
}

nlohmann::ordered_json json_of_explained(const inspect::Explanation& explanation, const ExplainedFile& file) {
  const inspect::Inspection& inspection = explanation.inspection;
  model::FileRecord record;
  record.path = file.path;
  record.size_bytes = file.bytes->size_bytes();
  record.mtime_ns = file.mtime_ns;
  record.verdict = inspection.verdict;
  record.certainty = inspection.certainty;
  record.format = inspection.format;
  record.original_name = inspection.original_name;
  record.ranges = inspection.ranges;
  record.reasons = inspection.reasons;
  record.sha256 = inspection.sha256;
  nlohmann::ordered_json line = json_of_explained(explanation, record);
  if (!file.where.empty()) line["where"] = file.where;
  return line;
}

void print_explained(std::ostream& out, const inspect::Explanation& explanation, const ExplainedFile& file) {
  const inspect::Inspection& inspection = explanation.inspection;
  out << base::printable(file.path) << "\n";
  if (!file.where.empty()) out << file.where << "\n";
  out << fmt::format("{} ({}){}, {}\n", model::name_of(inspection.verdict), model::name_of(inspection.certainty),
                     inspection.format.empty() ? "" : ", " + inspection.format, human_bytes(file.bytes->size_bytes()));
  if (!inspection.original_name.empty()) out << "original name: " << base::printable(inspection.original_name) << "\n";
  out << "\nwhy:\n";
  for (const model::Reason& reason : inspection.reasons)
    out << fmt::format("  {}: {}\n", reason.rule, base::printable(reason.sentence));
  out << fmt::format("rule '{}': {}\n", explanation.rule, explanation.rule_meaning);
  out << "what would change it: " << what_would_change_it(inspection.verdict) << "\n";
  print_trials(out, explanation);
  print_regions(out, explanation);
  print_ranges(out, *file.bytes, inspection);
  if (file.recorded) print_recorded(out, *file.recorded);
}

Outcome run_explain(const ExplainOptions& options, Context& context) {
  auto opened = options.source.empty() ? open_live_file(options.path, context)
                                       : open_backup_file(options.path, options.source, options.snapshot, context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  const ExplainedFile& file = std::get<ExplainedFile>(opened);
  const auto depth = model::find_depth(options.depth).value_or(model::Depth::full);
  const inspect::Explanation explanation =
      inspect::explain_content(*file.bytes, file.name, {.depth = depth, .seed = 0});
  if (context.output == Output::json) {
    context.out << json_of_explained(explanation, file).dump() << "\n";
  } else {
    print_explained(context.out, explanation, file);
  }
  switch (explanation.inspection.verdict) {
    case model::Verdict::unreadable: return ExitCode::in_part;
    case model::Verdict::encrypted:
    case model::Verdict::partly_encrypted:
    case model::Verdict::damaged:
    case model::Verdict::note: return ExitCode::bad_found;
    case model::Verdict::intact:
    case model::Verdict::protected_:
    case model::Verdict::undecided: break;
  }
  return ExitCode::done;
}

Run declare_explain(CLI::App& app) {
  const auto options = std::make_shared<ExplainOptions>();
  app.add_option("path", options->path, "the file")->required()->type_name("PATH");
  app.add_option("--depth", options->depth, "how much of it is looked at")
      ->check(CLI::IsMember({"quick", "standard", "full"}))
      ->capture_default_str();
  auto* const source =
      app.add_option("--source", options->source, "look at the file in this backup of the case")->type_name("NAME");
  app.add_option("--snapshot", options->snapshot, "in the snapshot whose id begins so, not in the newest that has it")
      ->type_name("ID")
      ->needs(source);
  return [options](Context& context) { return run_explain(*options, context); };
}

}  // namespace

const Command k_explain_command = {
    .name = "explain",
    .summary = "Say why a file has its verdict: findings, rules, bytes",
    .description =
        "Looks at one file anew and shows every format that was tried, what held and what did not, which rule\n"
        "decided, the bytes concerned, and what would change the verdict. Works with and without a case.\n"
        "With --source it looks at a version in a backup; the path is then the one it had on the server.",
    .examples =
        "  lastgood explain /srv/reports/7.pdf.bak9\n  lastgood explain --json scan.dcm | jq .trials\n"
        "  lastgood explain --source nas --snapshot 3fa1c2d0 /srv/reports/7.pdf",
    .declare = declare_explain};

}  // namespace lastgood::cli
