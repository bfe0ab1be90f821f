// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>

#include "base/human.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "inspect/inspect_content.h"
#include "os/evidence.h"
#include "os/paths.h"

namespace lastgood::cli {

namespace {

constexpr std::size_t k_hex_bytes = 64;
constexpr std::size_t k_hex_ranges_max = 4;
constexpr std::size_t k_shown_max = 12;

struct ExplainOptions {
  std::string path;
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

void print_ranges(std::ostream& out, os::EvidenceFile& file, const inspect::Inspection& inspection) {
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
      if (shown++ == k_shown_max) {
        out << fmt::format("    ... and {} more findings\n", trial.findings.size() - k_shown_max);
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
    if (shown++ == k_shown_max) {
      out << fmt::format("  ... and {} more regions\n", explanation.regions.size() - k_shown_max);
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

nlohmann::ordered_json json_of(const inspect::Explanation& explanation, const model::FileRecord& record) {
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

/// What the case's last scan said, when there is a case: context that the bytes alone do not hold.
std::optional<model::FileRecord> find_recorded(const Context& context, const std::string& path) {
  std::optional<model::FileRecord> found;
  auto opened = open_to_read(context);
  auto* session = std::get_if<Session>(&opened);
  if (session == nullptr) return found;
  const auto visited =
      session->store->visit_files({.scan_id = {}, .verdicts = {}, .path = path, .path_below = {}, .details = true},
                                  [&](const model::FileRecord& file) {
                                    found = file;
                                    return true;
                                  });
  base::ignore_error(visited, "the explanation from the bytes stands without the case");
  return found;
}

void print_recorded(std::ostream& out, const model::FileRecord& recorded) {
  out << fmt::format("\nin the case: {} ({})\n", model::name_of(recorded.verdict), model::name_of(recorded.certainty));
  for (const model::Reason& reason : recorded.reasons)
    out << fmt::format("  {}: {}\n", reason.rule, base::printable(reason.sentence));
}

Outcome run_explain(const ExplainOptions& options, Context& context) {
  LG_OUTCOME(const std::string path, os::absolute_path(options.path), ExitCode::source_missing);
  const std::size_t slash = path.rfind('/');
  const std::string name = path.substr(slash + 1);
  LG_OUTCOME(const os::Descriptor folder, os::open_evidence_root(slash == 0 ? "/" : path.substr(0, slash)),
             ExitCode::source_missing);
  LG_OUTCOME(os::EvidenceFile file, os::open_evidence_file(folder, name, path), ExitCode::source_unreadable);

  const auto depth = model::find_depth(options.depth).value_or(model::Depth::full);
  const inspect::Explanation explanation = inspect::explain_content(file, name, {.depth = depth, .seed = 0});
  const inspect::Inspection& inspection = explanation.inspection;
  const auto recorded = find_recorded(context, path);
  if (context.output == Output::json) {
    model::FileRecord record;
    record.path = path;
    record.size_bytes = file.size_bytes();
    record.mtime_ns = file.status().mtime_ns;
    record.verdict = inspection.verdict;
    record.certainty = inspection.certainty;
    record.format = inspection.format;
    record.original_name = inspection.original_name;
    record.ranges = inspection.ranges;
    record.reasons = inspection.reasons;
    record.sha256 = inspection.sha256;
    context.out << json_of(explanation, record).dump() << "\n";
  } else {
    std::ostream& out = context.out;
    out << fmt::format("{}\n{} ({}){}, {}\n", base::printable(path), model::name_of(inspection.verdict),
                       model::name_of(inspection.certainty), inspection.format.empty() ? "" : ", " + inspection.format,
                       human_bytes(file.size_bytes()));
    if (!inspection.original_name.empty())
      out << "original name: " << base::printable(inspection.original_name) << "\n";
    out << "\nwhy:\n";
    for (const model::Reason& reason : inspection.reasons)
      out << fmt::format("  {}: {}\n", reason.rule, base::printable(reason.sentence));
    out << fmt::format("rule '{}': {}\n", explanation.rule, explanation.rule_meaning);
    out << "what would change it: " << what_would_change_it(inspection.verdict) << "\n";
    print_trials(out, explanation);
    print_regions(out, explanation);
    print_ranges(out, file, inspection);
    if (recorded) print_recorded(out, *recorded);
  }
  const bool bad = inspection.verdict == model::Verdict::encrypted ||
                   inspection.verdict == model::Verdict::partly_encrypted ||
                   inspection.verdict == model::Verdict::damaged || inspection.verdict == model::Verdict::note;
  return inspection.verdict == model::Verdict::unreadable ? ExitCode::in_part
         : bad                                            ? ExitCode::bad_found
                                                          : ExitCode::done;
}

Run declare(CLI::App& app) {
  const auto options = std::make_shared<ExplainOptions>();
  app.add_option("path", options->path, "the file")->required()->type_name("PATH");
  app.add_option("--depth", options->depth, "how much of it is looked at")
      ->check(CLI::IsMember({"quick", "standard", "full"}))
      ->capture_default_str();
  return [options](Context& context) { return run_explain(*options, context); };
}

}  // namespace

const Command k_explain_command = {
    .name = "explain",
    .summary = "Say why a file has its verdict: findings, rules, bytes",
    .description =
        "Looks at one file anew and shows every format that was tried, what held and what did not, which rule\n"
        "decided, the bytes concerned, and what would change the verdict. Works with and without a case.",
    .examples = "  lastgood explain /srv/reports/7.pdf.bak9\n  lastgood explain --json scan.dcm | jq .trials",
    .declare = declare};

}  // namespace lastgood::cli
