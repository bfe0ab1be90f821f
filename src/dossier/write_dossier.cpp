// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "dossier/write_dossier.h"

#include <fmt/format.h>

#include "base/human.h"
#include "base/local_time.h"

namespace lastgood::dossier {

using documents::Block;
using documents::Paragraph;
using documents::RunStyle;

namespace {

std::string join(const std::vector<std::string>& parts) {
  std::string text;
  for (const std::string& part : parts) text += (text.empty() ? "" : "; ") + part;
  return text;
}

std::string gap_of(const Statement& statement) {
  if (statement.strength == Strength::unknown) return "-";
  return statement.gap_days ? fmt::format("{} days", *statement.gap_days) : "unknown";
}

std::string upper(std::string_view text) {
  std::string out(text);
  for (char& letter : out) letter = letter >= 'a' && letter <= 'z' ? static_cast<char>(letter - 32) : letter;
  return out;
}

/// Of an address that is not a public one.
std::string_view sentence_of(model::IpScope scope) {
  switch (scope) {
    case model::IpScope::private_:
      return "This address is a private one: it is used inside networks, and no provider can be asked about it.";
    case model::IpScope::shared:
      return "This address is one that providers use between themselves and their customers: which customer had it, "
             "only the provider of the network in which it was seen can say.";
    case model::IpScope::loopback: return "This address means the machine itself: nobody can be asked about it.";
    case model::IpScope::link_local:
      return "This address holds within one local network: no provider can be asked about it.";
    case model::IpScope::documentation:
      return "This address is kept for examples in documents: in a real trace it is made up or a mistake.";
    case model::IpScope::reserved:
    case model::IpScope::global: break;
  }
  return "This address is reserved and belongs to no machine: in a real trace it is made up or a mistake.";
}

documents::Table table_of(const Dossier& dossier) {
  documents::Table table;
  table.header = {"level", "what is said", "by", "gap", "strength"};
  table.widths = {16, 38, 25, 9, 12};
  for (const Statement& statement : dossier.statements) {
    documents::Runs says = {{statement.says, RunStyle::plain}};
    if (!statement.quoted.empty()) {
      says.push_back({statement.level == Level::confirmed ? ": " : ", named ", RunStyle::plain});
      says.push_back({statement.quoted, RunStyle::quoted});
    }
    const bool lowered = statement.strength == Strength::lowered;
    if (lowered) says.push_back({" (a lead: the data is not of that time)", RunStyle::plain});
    table.rows.push_back({{{upper(name_of(statement.level)), RunStyle::plain}},
                          std::move(says),
                          {{join(statement.sources), RunStyle::plain}},
                          {{gap_of(statement), RunStyle::plain}},
                          {{std::string(name_of(statement.strength)), RunStyle::plain}}});
  }
  return table;
}

}  // namespace

std::string address_and_port(const model::IpAddress& address, std::uint16_t port) {
  const std::string text = model::text_of(address);
  return port == 0 ? text : fmt::format("{} port {}", text, port);
}

std::vector<Block> dossier_blocks(const Dossier& dossier, std::string_view zone) {
  std::vector<Block> blocks;
  if (dossier.scope != model::IpScope::global) {
    blocks.emplace_back(Paragraph{{{std::string(sentence_of(dossier.scope)), RunStyle::plain}}});
    return blocks;
  }
  const std::string seen =
      dossier.seen_ns
          ? fmt::format("Observed at {}.", base::time_in_zone_and_utc(*dossier.seen_ns, zone))
          : std::string("The time of the observation is unknown, so it is unknown whether the data fits it.");
  blocks.emplace_back(Paragraph{{{seen, RunStyle::plain}}});
  blocks.emplace_back(table_of(dossier));
  blocks.emplace_back(Paragraph{{{std::string(closing_sentence()), RunStyle::plain}}});
  if (!dossier.attributions.empty()) {
    blocks.emplace_back(Paragraph{{{"Data: " + join(dossier.attributions) + ".", RunStyle::plain}}});
  }
  return blocks;
}

}  // namespace lastgood::dossier
