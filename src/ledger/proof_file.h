// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A proof that one entry is in a ledger, as a text of its own: it can be given away without the other entries, and
// checked with nothing but a hash program (format.md, "Proofs"). Pure.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "ledger/merkle_tree.h"

namespace lastgood::ledger {

struct InclusionProof {
  std::string case_id;
  std::uint64_t entry = 0;    // from 1, as in the ledger
  std::uint64_t entries = 0;  // of the tree
  base::Sha256Digest root{};
  ProofNodes nodes;
  std::string line;  // the entry itself, without its LF
};

std::string write_proof(const InclusionProof& proof);
/// nullopt when `text` is not the one spelling of a proof. Says nothing about whether it holds.
[[nodiscard]] std::optional<InclusionProof> parse_proof(std::string_view text);
/// The line leads to the root by the nodes; its own number is the one stated. Who made the root, and for how many
/// entries, a signed head says.
[[nodiscard]] bool holds(const InclusionProof& proof);

}  // namespace lastgood::ledger
