// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The tables of a letter. Private to questions/; pure.
#pragma once

#include <string>
#include <vector>

#include "documents/document.h"
#include "questions/pack.h"

namespace lastgood::questions {

/// The statement, its source and day; "check before use" where nobody has checked it.
[[nodiscard]] documents::Runs runs_of(const Said& said);
/// "CH (Switzerland)"; empty for none.
[[nodiscard]] std::string country_words(const std::string& code);

[[nodiscard]] documents::Table window_table(const std::vector<Window>& windows, const CaseFrame& frame);
[[nodiscard]] documents::Table contact_table(const std::vector<facts::ContactFacts>& contacts);
/// One row an observation: address and port, both times, by what, where it stands.
[[nodiscard]] documents::Table address_table(const std::vector<AskedAddress>& addresses, const CaseFrame& frame);
/// Evidence in custody that the letter refers to.
[[nodiscard]] documents::Table evidence_table(const Pack& pack, const CaseFrame& frame);
[[nodiscard]] documents::Table pack_list(const Packs& all);

}  // namespace lastgood::questions
