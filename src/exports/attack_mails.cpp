// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/attack_mails.h"

#include <algorithm>
#include <set>
#include <string>

namespace lastgood::exports {

const facts::ContactFacts* sender_of(const model::MailRecord& mail, const facts::CaseFacts& facts) {
  const std::string sender = facts::sender_address(mail.from);
  const auto found =
      std::find_if(facts.contacts.begin(), facts.contacts.end(), [&](const facts::ContactFacts& contact) {
        return contact.kind == "email" && contact.value == sender && !contact.links.empty();
      });
  return sender.empty() || found == facts.contacts.end() ? nullptr : &*found;
}

base::Result<std::vector<model::MailRecord>> read_attack_mails(casefile::InvestigationStore& store,
                                                               const facts::CaseFacts& facts) {
  std::vector<model::MailRecord> mails;
  std::set<std::string, std::less<>> senders;
  for (const facts::ContactFacts& contact : facts.contacts)
    if (contact.kind == "email" && !contact.links.empty()) senders.insert(contact.value);
  if (senders.empty()) return mails;
  LG_TRY(store.visit_mails([&](const model::MailRecord& mail) {
    if (senders.contains(facts::sender_address(mail.from))) mails.push_back(mail);
    return mails.size() < k_attack_mails_max;
  }));
  return mails;
}

}  // namespace lastgood::exports
