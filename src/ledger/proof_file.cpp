// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/proof_file.h"

#include <fmt/format.h>

#include "ledger/entry.h"
#include "ledger/text_lines.h"

namespace lastgood::ledger {

namespace {

constexpr std::size_t k_nodes_max = 64;
constexpr std::size_t k_proof_bytes_max = k_line_bytes_max + 8192;

}  // namespace

std::string write_proof(const InclusionProof& proof) {
  std::string out = fmt::format("lastgood-inclusion-proof 1\ncase {}\nentry {}\nentries {}\nroot {}\n", proof.case_id,
                                proof.entry, proof.entries, text_of(proof.root));
  for (const base::Sha256Digest& node : proof.nodes) out += "node " + text_of(node) + "\n";
  return out + "line " + proof.line + "\n";
}

std::optional<InclusionProof> parse_proof(std::string_view text) {
  if (text.size() > k_proof_bytes_max) return std::nullopt;
  if (take_line(text, "lastgood-inclusion-proof") != "1") return std::nullopt;
  InclusionProof out;
  const auto case_id = take_line(text, "case");
  const auto entry = case_id ? take_number(text, "entry") : std::nullopt;
  const auto entries = entry ? take_number(text, "entries") : std::nullopt;
  const auto root = entries ? take_digest(text, "root") : std::nullopt;
  if (!root || !is_case_id(*case_id)) return std::nullopt;
  out = {
      .case_id = std::string(*case_id), .entry = *entry, .entries = *entries, .root = *root, .nodes = {}, .line = {}};
  while (text.starts_with("node ")) {
    const auto node = take_digest(text, "node");
    if (!node || out.nodes.size() == k_nodes_max) return std::nullopt;
    out.nodes.push_back(*node);
  }
  const auto line = take_line(text, "line");
  if (!line || !text.empty()) return std::nullopt;
  out.line = *line;
  return out;
}

bool holds(const InclusionProof& proof) {
  const std::optional<Entry> entry = parse_entry(proof.line);
  return entry && has_right_digest(proof.line) && entry->sequence == proof.entry && proof.entry > 0 &&
         holds_inclusion(hash_leaf(base::ByteView(std::string_view(proof.line))), proof.entry - 1, proof.entries,
                         proof.nodes, proof.root);
}

}  // namespace lastgood::ledger
