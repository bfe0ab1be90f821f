// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What an export is made from, and how much of it may go out. Plain values.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "facts/case_facts.h"
#include "model/investigation_record.h"

namespace lastgood::exports {

/// The Traffic Light Protocol 2.0: who may be told.
enum class Tlp : std::uint8_t { clear, green, amber, amber_strict, red };
/// "CLEAR", "AMBER+STRICT", ...
std::string_view name_of(Tlp tlp);
/// "amber+strict", as taxonomies write it.
std::string_view small_name_of(Tlp tlp);
[[nodiscard]] std::optional<Tlp> find_tlp(std::string_view name);

/// tied: what is tied to the attack, without the organisation's own names, paths, accounts and addresses.
/// all: everything that was found, as it was found.
enum class Scope : std::uint8_t { tied, all };

/// By the ledger's clock, so that an export does not depend on when it is made.
struct CaseTimes {
  std::int64_t created_ns = 0;
  std::int64_t changed_ns = 0;  // the newest entry that says something new of the case; not earlier than created_ns
  bool operator==(const CaseTimes&) const = default;
};

struct ExportInput {
  facts::CaseFacts facts;
  CaseTimes times;
  std::vector<model::MailRecord> mails;  // that say to come from an account of the attack
  Tlp tlp = Tlp::amber_strict;
  Scope scope = Scope::tied;
};

/// The bytes of an export. Same input, same bytes.
struct Exported {
  std::string bytes;
  std::uint64_t objects = 0;   // of the form's own: STIX objects, MISP attributes and objects, rows
  std::uint64_t left_out = 0;  // values that the form cannot carry as such; a note says each where it can
};

}  // namespace lastgood::exports
