// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The words of `lastgood ledger` that only read.
#include "cli/commands/ledger_actions.h"

#include <algorithm>
#include <charconv>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/misuse.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "ledger/kept_heads.h"
#include "ledger/proof_file.h"
#include "os/append_file.h"
#include "os/atomic_file.h"

namespace lastgood::cli::ledger_actions {

namespace {

constexpr std::size_t k_proof_bytes_max = 2U * 1024U * 1024U;

std::optional<std::uint64_t> parse_count(std::string_view text) {
  std::uint64_t out = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), out);
  if (error != std::errc() || end != text.data() + text.size() || text.empty() || text.size() > 16) return std::nullopt;
  return out;
}

/// "12:5f0c..." or, where the root may be left out, "12".
struct SizeAndRoot {
  std::uint64_t size = 0;
  std::optional<base::Sha256Digest> root;
};
std::optional<SizeAndRoot> parse_head_option(const std::string& text) {
  const std::size_t colon = text.find(':');
  const auto size = parse_count(text.substr(0, colon));
  if (!size || *size == 0) return std::nullopt;
  if (colon == std::string::npos) return SizeAndRoot{.size = *size, .root = {}};
  auto root = ledger::parse_digest(text.substr(colon + 1));
  if (!root) return std::nullopt;
  return SizeAndRoot{.size = *size, .root = root};
}

base::Result<std::vector<ledger::Anchor>> parse_anchors(const std::vector<std::string>& texts) {
  std::vector<ledger::Anchor> anchors;
  for (const std::string& text : texts) {
    const std::size_t colon = text.find(':');
    const auto number = colon == std::string::npos ? std::nullopt : parse_count(text.substr(0, colon));
    if (!number || text.size() - colon - 1 != 64) {
      return base::misuse("'" + base::printable(text) + "' is no anchor",
                          "an anchor is NUMBER:HASH, as 'ledger verify' prints it");
    }
    anchors.push_back({.sequence = *number, .sha256 = text.substr(colon + 1)});
  }
  return anchors;
}

/// What `verify` found, and what it comes to.
struct Verified {
  ledger::LedgerReading reading;
  std::vector<model::Finding> findings;
  [[nodiscard]] bool is_whole() const {
    return reading.read.is_whole() && std::none_of(findings.begin(), findings.end(), [](const model::Finding& found) {
             return found.weight == model::Weight::contradicts;
           });
  }
};

nlohmann::ordered_json extent_json(const ledger::BreakExtent& extent) {
  nlohmann::ordered_json out = {{"begin", extent.begin_bytes}, {"end", extent.end_bytes}};
  if (extent.changed)
    out["bit"] = {{"offset", extent.changed->offset_bytes}, {"is", extent.changed->is}, {"was", extent.changed->was}};
  return out;
}

nlohmann::ordered_json json_of(const Verified& verified) {
  const ledger::ReadLedger& read = verified.reading.read;
  const ledger::ChainState& state = read.state;
  nlohmann::ordered_json line = {{"type", "ledger"},
                                 {"whole", verified.is_whole()},
                                 {"entries", state.entries},
                                 {"head_sha256", state.head_sha256},
                                 {"head_time", state.head_time},
                                 {"case_id", state.case_id},
                                 {"root", ledger::text_of(read.tree.root(read.tree.size()))},
                                 {"repairs", state.repairs},
                                 {"times_backwards", state.times_backwards},
                                 {"heads", verified.reading.noted.heads.size()},
                                 {"stamps", verified.reading.noted.stamps.size()}};
  if (state.torn_end)
    line["torn_end"] = {{"offset", state.torn_end->offset_bytes},
                        {"bytes", state.torn_end->size_bytes},
                        {"sha256", state.torn_end->sha256}};
  if (state.broken)
    line["broken"] = {{"entry", state.broken->entry},
                      {"offset", state.broken->offset_bytes},
                      {"reason", ledger::name_of(state.broken->reason)}};
  if (read.extent) line["changed"] = extent_json(*read.extent);
  line["findings"] = nlohmann::ordered_json::array();
  for (const model::Finding& found : verified.findings) line["findings"].push_back(found.rule + ": " + found.sentence);
  return line;
}

void print_extent(std::ostream& out, const ledger::BreakExtent& extent) {
  if (extent.changed) {
    out << fmt::format("one bit explains it: byte {} is 0x{:02x} and was 0x{:02x}\n", extent.changed->offset_bytes,
                       extent.changed->is, extent.changed->was);
  } else {
    out << fmt::format("what was changed lies in the bytes from {} up to {}; more than one bit\n", extent.begin_bytes,
                       extent.end_bytes);
  }
}

void print_text(std::ostream& out, const Verified& verified) {
  const ledger::ReadLedger& read = verified.reading.read;
  const ledger::ChainState& state = read.state;
  if (!read.is_whole()) {
    if (state.broken) {
      out << fmt::format("broken at entry {}, byte {}: {}\n", state.broken->entry, state.broken->offset_bytes,
                         sentence_for(state.broken->reason));
    } else {
      out << fmt::format("broken at entry {}, byte {}: its line was changed, this is no crash\n", state.entries + 1,
                         read.extent->begin_bytes);
    }
    if (read.extent) print_extent(out, *read.extent);
    out << fmt::format("{} entries before it hold; nothing after it is proved\n", state.entries);
  }
  for (const model::Finding& found : verified.findings) out << fmt::format("{}: {}\n", found.rule, found.sentence);
  if (!read.is_whole()) return;
  out << fmt::format("{} entries hold, case {}\n", state.entries, state.case_id);
  if (state.repairs > 0) out << fmt::format("{} torn ends (crash, full disk) were named afterwards\n", state.repairs);
  if (state.torn_end)
    out << fmt::format("the last write was cut short at byte {}; the next entry will name it\n",
                       state.torn_end->offset_bytes);
  if (state.times_backwards > 0)
    out << fmt::format("the clock went backwards {} times, first at entry {}: not a break, worth knowing\n",
                       state.times_backwards, state.first_backwards);
  if (!verified.reading.noted.heads.empty())
    out << fmt::format("{} heads and {} time stamps are noted{}\n", verified.reading.noted.heads.size(),
                       verified.reading.noted.stamps.size(), verified.is_whole() ? " and hold" : "");
  out << fmt::format("note this anchor on paper: {}:{}\n", state.entries, state.head_sha256);
}

base::Result<ledger::ReadLedger> read_whole(const std::string& path) {
  LG_ASSIGN(ledger::ReadLedger read, ledger::read_ledger(path));
  if (read.is_whole() && read.state.entries > 0) return read;
  return base::Error{.code = base::ErrorCode::damaged_container,
                     .what = fmt::format("ledger '{}' is broken or empty", base::printable(path)),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "'lastgood ledger verify' says where"};
}

ExitCode code_of(const base::Error& error) {
  return error.code == base::ErrorCode::damaged_container ? ExitCode::ledger_broken : ExitCode::ledger_failed;
}

base::Error no_such_size(std::uint64_t size, std::uint64_t entries) {
  return base::misuse(fmt::format("the ledger has {} entries and never had {}", entries, size),
                      "give a size from 1 to that number");
}

/// A proof somebody gave: it needs no ledger and no case.
Outcome check_proof(const LedgerOptions& options, Context& context) {
  LG_OUTCOME(const std::string text, os::read_own_file(options.entry, k_proof_bytes_max), ExitCode::ledger_failed);
  const auto proof = ledger::parse_proof(text);
  const auto wanted = options.head.empty() ? std::nullopt : parse_head_option(options.head);
  if (!options.head.empty() && (!wanted || !wanted->root))
    return Failure{base::misuse("'" + base::printable(options.head) + "' is no head", "a head is SIZE:ROOT"),
                   ExitCode::wrong_use};
  const bool fits = !wanted || (proof && wanted->size == proof->entries && *wanted->root == proof->root);
  const bool proved = proof && ledger::holds(*proof);
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "proof"}, {"holds", proved && fits}};
    if (proof) {
      line["entry"] = proof->entry;
      line["entries"] = proof->entries;
      line["root"] = ledger::text_of(proof->root);
    }
    context.out << line.dump() << "\n";
  } else if (proved && fits) {
    context.out << fmt::format("entry {} is in the ledger of case {} that had the root {} at {} entries\n{}",
                               proof->entry, proof->case_id, ledger::text_of(proof->root), proof->entries,
                               wanted ? "" : "compare size and root with a head that was signed, stamped or printed\n");
  } else {
    context.out << (!proof    ? "this is no proof\n"
                    : !proved ? "the proof does not hold: its entry does not lead to its root\n"
                              : "the proof is for another head than the one that was given\n");
  }
  return proved && fits ? ExitCode::done : ExitCode::ledger_broken;
}

}  // namespace

base::Result<LedgerPlace> find_ledger(const LedgerOptions& options, const Context& context) {
  if (!options.ledger.empty()) return LedgerPlace{.path = options.ledger, .case_folder = {}};
  LG_ASSIGN(const std::optional<std::string> folder, find_case(context));
  if (folder) return LedgerPlace{.path = *folder + "/ledger", .case_folder = *folder};
  base::Error error =
      base::misuse("no case was given and none is in the current folder", "use --case DIR, or name the ledger file");
  error.code = base::ErrorCode::not_found;
  return error;
}

Outcome run_verify(const LedgerOptions& options, Context& context) {
  LG_OUTCOME(const LedgerPlace place, find_ledger(options, context), ExitCode::case_missing);
  LG_OUTCOME(const std::vector<ledger::Anchor> anchors, parse_anchors(options.anchors), ExitCode::wrong_use);
  std::string outside_key;
  if (!options.public_key.empty()) {
    LG_OUTCOME(outside_key, os::read_own_file(options.public_key, ledger::k_pem_bytes_max), ExitCode::wrong_use);
    if (!ledger::key_fingerprint(outside_key))
      return Failure{
          base::misuse("'" + base::printable(options.public_key) + "' is no Ed25519 public key in PEM form", {}),
          ExitCode::wrong_use};
  }
  Verified verified;
  LG_OUTCOME(verified.reading, ledger::read_with_heads(place.path, anchors), ExitCode::ledger_failed);
  verified.findings = ledger::check_heads(verified.reading, place.case_folder, outside_key);
  if (context.output == Output::json)
    context.out << json_of(verified).dump() << "\n";
  else
    print_text(context.out, verified);
  return verified.is_whole() ? ExitCode::done : ExitCode::ledger_broken;
}

Outcome run_proof(const LedgerOptions& options, Context& context) {
  if (options.check) return check_proof(options, context);
  LG_OUTCOME(const LedgerPlace place, find_ledger(options, context), ExitCode::case_missing);
  auto got = read_whole(place.path);
  if (!got.ok()) return Failure{got.error(), code_of(got.error())};
  const ledger::ReadLedger read = std::move(got).value();
  const auto entry = parse_count(options.entry);
  const std::uint64_t size = options.entries == 0 ? read.state.entries : options.entries;
  if (size > read.state.entries) return Failure{no_such_size(size, read.state.entries), ExitCode::wrong_use};
  if (!entry || *entry == 0 || *entry > size)
    return Failure{
        base::misuse(fmt::format("'{}' is none of the entries 1 to {}", base::printable(options.entry), size),
                     "give the number that the entry's line begins with"),
        ExitCode::wrong_use};
  ledger::InclusionProof proof{.case_id = read.state.case_id,
                               .entry = *entry,
                               .entries = size,
                               .root = read.tree.root(size),
                               .nodes = read.tree.inclusion_proof(*entry - 1, size),
                               .line = {}};
  LG_OUTCOME(proof.line, ledger::read_line(place.path, read.lines[*entry - 1]), ExitCode::ledger_failed);
  const std::string text = ledger::write_proof(proof);
  if (!options.out.empty()) {
    const base::Status written = os::write_atomic_file(options.out, base::ByteView(text), os::Overwrite::no);
    if (!written.ok()) return Failure{written.error(), ExitCode::wrong_use};
  }
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "proof"},
                                   {"entry", proof.entry},
                                   {"entries", proof.entries},
                                   {"root", ledger::text_of(proof.root)},
                                   {"nodes", nlohmann::ordered_json::array()},
                                   {"line", proof.line}};
    for (const auto& node : proof.nodes) line["nodes"].push_back(ledger::text_of(node));
    context.out << line.dump() << "\n";
  } else if (options.out.empty()) {
    context.out << text;
  } else {
    context.out << "proof: " << base::printable(options.out) << "\n";
  }
  return ExitCode::done;
}

Outcome run_consistency(const LedgerOptions& options, Context& context) {
  const auto old_head = parse_head_option(options.old_head);
  if (!old_head)
    return Failure{base::misuse("'" + base::printable(options.old_head) + "' is no head",
                                "give OLD_SIZE or OLD_SIZE:ROOT, as 'ledger head' prints it"),
                   ExitCode::wrong_use};
  LG_OUTCOME(const LedgerPlace place, find_ledger(options, context), ExitCode::case_missing);
  auto got = read_whole(place.path);
  if (!got.ok()) return Failure{got.error(), code_of(got.error())};
  const ledger::ReadLedger read = std::move(got).value();
  const std::uint64_t size = read.state.entries;
  const bool too_large = old_head->size > size;
  if (too_large && !old_head->root) return Failure{no_such_size(old_head->size, size), ExitCode::wrong_use};
  const auto old_root = too_large ? *old_head->root : read.tree.root(old_head->size);
  const auto nodes = too_large ? ledger::ProofNodes{} : read.tree.consistency_proof(old_head->size, size);
  const bool holds = !too_large && (!old_head->root || *old_head->root == old_root) &&
                     ledger::holds_consistency(old_head->size, old_root, size, nodes, read.tree.root(size));
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "consistency"},
                                   {"holds", holds},
                                   {"old_entries", old_head->size},
                                   {"old_root", ledger::text_of(old_head->root.value_or(old_root))},
                                   {"entries", size},
                                   {"root", ledger::text_of(read.tree.root(size))},
                                   {"nodes", nlohmann::ordered_json::array()}};
    for (const auto& node : nodes) line["nodes"].push_back(ledger::text_of(node));
    context.out << line.dump() << "\n";
    return holds ? ExitCode::done : ExitCode::ledger_broken;
  }
  if (!holds) {
    context.out << fmt::format(
        "the ledger does not begin with those {} entries: {}\n", old_head->size,
        too_large ? fmt::format("it has only {}", size) : "their root is now " + ledger::text_of(old_root));
    return ExitCode::ledger_broken;
  }
  context.out << fmt::format("the first {} of {} entries {}\n", old_head->size, size,
                             old_head->root ? "are those of that root" : "have this root");
  context.out << fmt::format("old-entries {}\nold-root {}\nentries {}\nroot {}\n", old_head->size,
                             ledger::text_of(old_root), size, ledger::text_of(read.tree.root(size)));
  for (const auto& node : nodes) context.out << "node " << ledger::text_of(node) << "\n";
  return ExitCode::done;
}

}  // namespace lastgood::cli::ledger_actions
