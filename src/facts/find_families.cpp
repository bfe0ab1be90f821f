// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/find_families.h"

#include <algorithm>

#include "families/family_table.h"
#include "os/append_file.h"
#include "os/program_files.h"

namespace lastgood::facts {

namespace {

families::Marks marks_of(const CaseFacts& facts) {
  families::Marks marks;
  for (const CampaignFacts& found : facts.campaigns) {
    if (!found.campaign.extension.empty()) marks.extensions.push_back(found.campaign.extension);
    for (const std::string& note : found.campaign.notes) {
      std::string name = note.substr(note.find_last_of('/') + 1);
      if (std::find(marks.note_names.begin(), marks.note_names.end(), name) == marks.note_names.end())
        marks.note_names.push_back(std::move(name));
    }
  }
  for (const ContactFacts& contact : facts.contacts) {
    if (!contact.links.empty()) marks.contacts.push_back(contact.value);
  }
  return marks;
}

base::Status add_from(const std::string& path, const families::Marks& marks, std::vector<FamilyFacts>& out) {
  LG_ASSIGN(const std::string text, os::read_own_file(path, families::k_table_bytes_max));
  LG_ASSIGN(const families::FamilyTable table, families::parse_family_table(text, path));
  for (families::NamedFamily& named : families::name_families(table, marks)) {
    const bool strong = named.strength == families::Strength::strong;
    out.push_back({.name = std::move(named.name),
                   .certainty = strong ? model::Certainty::strong : model::Certainty::weak,
                   .basis = std::move(named.basis),
                   .table = std::move(named.table)});
  }
  return base::Done{};
}

}  // namespace

base::Result<std::vector<FamilyFacts>> find_families(const CaseFacts& facts) {
  std::vector<FamilyFacts> out;
  const families::Marks marks = marks_of(facts);
  const auto own = os::find_program_file("families/known.json");
  if (own.ok()) LG_TRY(add_from(own.value(), marks, out));
  for (const std::string& path : facts.about.family_tables) LG_TRY(add_from(path, marks, out));
  std::stable_sort(out.begin(), out.end(),
                   [](const FamilyFacts& a, const FamilyFacts& b) { return a.certainty > b.certainty; });
  return out;
}

}  // namespace lastgood::facts
