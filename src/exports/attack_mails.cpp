// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/attack_mails.h"

#include <set>
#include <tuple>

namespace lastgood::exports {

base::Result<std::vector<model::MailRecord>> read_attack_mails(casefile::InvestigationStore& store,
                                                               const facts::CaseFacts& facts) {
  std::set<std::tuple<std::string, std::uint64_t, std::string>> wanted;
  for (const facts::ContactFacts& contact : facts.contacts) {
    if (contact.links.empty() || contact.mails == 0) continue;
    for (const facts::Place& place : contact.places) wanted.emplace(place.path, place.offset_bytes, place.sha256);
  }
  std::vector<model::MailRecord> mails;
  if (wanted.empty()) return mails;
  LG_TRY(store.visit_mails([&](const model::MailRecord& mail) {
    if (wanted.contains({mail.path, mail.begin_bytes, mail.sha256})) mails.push_back(mail);
    return mails.size() < k_attack_mails_max;
  }));
  return mails;
}

}  // namespace lastgood::exports
