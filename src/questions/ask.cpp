// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "questions/ask.h"

#include <algorithm>

#include "documents/document.h"
#include "dossier/write_dossier.h"
#include "model/ip_address.h"

namespace lastgood::questions {

using documents::Runs;
using documents::RunStyle;

namespace {

constexpr std::size_t k_named_max = 20;  // in one sentence; the tables have all

void plain(Runs& runs, std::string text) { runs.push_back({std::move(text), RunStyle::plain}); }
void quoted(Runs& runs, std::string text) { runs.push_back({std::move(text), RunStyle::quoted}); }

template <typename Items, typename TextOf>
void name_all(Runs& runs, const Items& items, const TextOf& text_of) {
  for (std::size_t i = 0; i < items.size() && i < k_named_max; ++i) {
    if (i > 0) plain(runs, i + 1 == items.size() ? " and " : ", ");
    quoted(runs, text_of(items[i]));
  }
  if (items.size() > k_named_max)
    plain(runs, " and " + std::to_string(items.size() - k_named_max) + " more (see the table)");
}

void name_accounts(Runs& runs, const std::vector<facts::ContactFacts>& accounts) {
  plain(runs, accounts.size() == 1 ? "the account " : "the accounts ");
  name_all(runs, accounts, [](const facts::ContactFacts& contact) { return contact.value; });
}

/// With the ports that were seen: behind a translation of addresses nothing can be told without them.
std::string with_ports(const AskedAddress& asked) {
  std::string text = asked.facts.address;
  std::vector<std::uint16_t> ports;
  for (const facts::Observation& seen : asked.facts.observations) {
    if (seen.port == 0 || std::find(ports.begin(), ports.end(), seen.port) != ports.end()) continue;
    if (ports.size() == 4) return text + ", ...";
    text += (ports.empty() ? " port " : ", ") + std::to_string(seen.port);
    ports.push_back(seen.port);
  }
  return text;
}

void name_addresses(Runs& runs, const std::vector<AskedAddress>& addresses) {
  plain(runs, addresses.size() == 1 ? "the address " : "the addresses ");
  name_all(runs, addresses, with_ports);
}

Question ask(std::string id) { return {.id = std::move(id), .text = {}}; }

}  // namespace

std::vector<Question> account_questions(const std::vector<facts::ContactFacts>& accounts) {
  if (accounts.empty()) return {};
  const bool is_one = accounts.size() == 1;
  Question since = ask("account.since");
  plain(since.text, is_one ? "Since when has " : "Since when have ");
  name_accounts(since.text, accounts);
  plain(since.text, is_one ? " been used: when was it registered, " : " been used: when were they registered, ");
  plain(since.text, "from which address and port, with which recovery address, telephone number and payment?");
  Question what_else = ask("account.used_for");
  plain(what_else.text, is_one ? "What else was " : "What else were ");
  name_accounts(what_else.text, accounts);
  plain(what_else.text,
        is_one ? " used for: with which other accounts did it exchange mails, and which others share its "
               : " used for: with which other accounts did they exchange mails, and which others share their ");
  plain(what_else.text, "recovery address, telephone number, payment or log-in addresses?");
  return {std::move(since), std::move(what_else)};
}

std::vector<Question> address_questions(const std::vector<AskedAddress>& addresses) {
  if (addresses.empty()) return {};
  const std::string was = addresses.size() == 1 ? "was " : "were ";
  Question holder = ask("address.holder");
  plain(holder.text, "To whom, person or company, " + was);
  name_addresses(holder.text, addresses);
  plain(holder.text, " allotted at the times in the table, since when, and who paid for it?");
  Question internet = ask("address.internet");
  plain(internet.text, "Which company gives internet there: who connects ");
  name_addresses(internet.text, addresses);
  plain(internet.text, " to the internet, as owner of the network, as reseller and as operator of the machine?");
  Question others = ask("address.other_use");
  plain(others.text, "Which other addresses and machines did the same customer have, and what were they used for?");
  return {std::move(holder), std::move(internet), std::move(others)};
}

std::vector<Question> registry_questions(const std::vector<AskedAddress>& addresses) {
  if (addresses.empty()) return {};
  Question holder = ask("registry.holder");
  plain(holder.text, "To whom, person or company, " +
                         std::string(addresses.size() == 1 ? "was the block of " : "were the blocks of "));
  name_addresses(holder.text, addresses);
  plain(holder.text, " allotted on the days in the table, and since when? Who held it before and after?");
  Question internet = ask("registry.internet");
  plain(internet.text,
        "Which company gives internet there: which networks announced these blocks on those days, and who is to be "
        "asked about "
        "abuse?");
  return {std::move(holder), std::move(internet)};
}

std::vector<Question> attack_questions(const std::vector<facts::ContactFacts>& accounts,
                                       const std::vector<AskedAddress>& addresses) {
  if (accounts.empty() && addresses.empty()) return {};
  Runs what;
  if (!accounts.empty()) name_accounts(what, accounts);
  if (!accounts.empty() && !addresses.empty()) plain(what, ", and ");
  if (!addresses.empty()) name_addresses(what, addresses);
  Question timing = ask("attack.timing");
  plain(timing.text, "Timing of the attack: which log-ins and connections, to the second in UTC, were made with ");
  timing.text.insert(timing.text.end(), what.begin(), what.end());
  plain(timing.text, " in the spans of time in the table?");
  Question where = ask("attack.from_where");
  plain(where.text, "From where was the encryption done: from which addresses and source ports ");
  plain(where.text, accounts.size() + addresses.size() == 1 ? "was " : "were ");
  where.text.insert(where.text.end(), what.begin(), what.end());
  plain(where.text, " operated in those spans, and is anything known of relays, VPN or remote desktops in between?");
  return {std::move(timing), std::move(where)};
}

std::vector<Question> other_incident_questions(const Pack& pack) {
  Question seen = ask("indicators.elsewhere");
  Runs what;
  name_all(what, pack.contacts, [](const facts::ContactFacts& contact) { return contact.kind + " " + contact.value; });
  if (!pack.contacts.empty() && !pack.addresses.empty()) plain(what, ", ");
  if (!pack.addresses.empty()) name_addresses(what, pack.addresses);
  plain(seen.text, "In which other incidents were seen: ");
  seen.text.insert(seen.text.end(), what.begin(), what.end());
  plain(seen.text, "; when, and with which result?");
  Question help = ask("indicators.keys");
  plain(help.text, "Is a decryptor, a key, or a description of this ransomware known? Its marks are in the table.");
  return {std::move(seen), std::move(help)};
}

std::vector<std::string> account_records() {
  return {
      "subscriber: name, addresses, telephone numbers, recovery address, language, date, time and address of the "
      "registration",
      "log-ins and log-outs with time in UTC, address, source port, device and client",
      "list of mails in and out (sender, recipients, time, size, Message-ID); drafts and contents as far as the law of "
      "the "
      "country allows",
      "payments: means, time, amount, transaction",
      "accounts linked by recovery address, telephone number, device, cookie or payment",
      "changes of password, recovery address and second factor; closing and deletion"};
}

std::vector<std::string> address_records() {
  return {
      "customer: name, address, documents of identity, telephone numbers, mail, date of the contract, reseller in "
      "between",
      "payments: means, time, amount, transaction",
      "assignment of the address, with the source port and the second where addresses are shared (translation tables)",
      "log-ins to the customer's panel, console and machine with time in UTC, address and source port",
      "records of flows of the machine for the spans of time, before they are overwritten",
      "an image of the machine's disks and memory, or the latest snapshot of it",
      "other addresses and machines of the same customer; complaints of abuse"};
}

}  // namespace lastgood::questions
