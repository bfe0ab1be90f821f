// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "inspect/judged_file.h"

#include <utility>

#include "indicators/find_contacts.h"

namespace lastgood::inspect {

namespace {

/// Sentences of reasons are for people; intact files by the million do not need theirs kept.
bool keeps_reasons(const Inspection& inspection) {
  return inspection.verdict != model::Verdict::intact || inspection.certainty == model::Certainty::weak;
}

}  // namespace

bool is_suspicious(model::Verdict verdict) {
  return verdict != model::Verdict::intact && verdict != model::Verdict::protected_;
}

void keep_inspection(Inspection&& inspection, JudgedFile& judged) {
  model::FileRecord& record = judged.record;
  record.verdict = inspection.verdict;
  record.certainty = inspection.certainty;
  record.bytes_read += inspection.bytes_read;
  record.original_name = std::move(inspection.original_name);
  record.ranges = std::move(inspection.ranges);
  if (keeps_reasons(inspection)) record.reasons = std::move(inspection.reasons);
  record.format = std::move(inspection.format);
  record.head = std::move(inspection.head);
  record.tail = std::move(inspection.tail);
  record.sha256 = std::move(inspection.sha256);
  judged.sightings = std::move(inspection.sightings);
}

void add_name_contacts(std::string_view name, JudgedFile& judged) {
  constexpr std::size_t k_name_contacts_max = 8;
  for (indicators::Contact& contact : indicators::find_name_contacts(name, k_name_contacts_max)) {
    judged.sightings.push_back({.kind = std::move(contact.kind),
                                .value = std::move(contact.value),
                                .level = std::move(contact.level),
                                .path = {},
                                .offset_bytes = contact.offset_bytes});
  }
}

model::FileRecord unreadable_record(std::string path, const base::Error& error) {
  model::FileRecord record;
  record.path = std::move(path);
  record.verdict = model::Verdict::unreadable;
  record.certainty = model::Certainty::proven;
  record.reasons.push_back({.rule = "unreadable", .sentence = error.what});
  return record;
}

}  // namespace lastgood::inspect
