// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/access_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/human.h"
#include "timeline/encryption_facts.h"
#include "timeline/event_texts.h"
#include "timeline/summarise.h"

namespace lastgood::timeline {

namespace {

using model::EventKind;

constexpr std::size_t k_logins_max = 50'000;
constexpr std::size_t k_addresses_max = 200'000;

std::string login_key(std::string_view account, std::string_view address) {
  return std::string(account).append(1, '\0').append(address);
}

bool same_account(std::string_view a, std::string_view b) { return !a.empty() && a == b; }

/// Accounts that every machine has prove nothing by being the same one.
bool is_common(std::string_view account) {
  return account == "root" || account == "administrator" || account == "Administrator";
}

}  // namespace

bool AccessFacts::is_outside(std::string_view address) {
  if (address.empty()) return false;
  const std::string key(address);
  const auto known = outside_.find(key);
  if (known != outside_.end()) return known->second;
  const auto ip = model::parse_ip(address);
  bool is = ip && model::is_outside(*ip);
  for (const model::IpBlock& block : own_) is = is && !block.contains(*ip);
  if (outside_.size() < k_addresses_max) outside_.emplace(key, is);
  return is;
}

void AccessFacts::take(const events::EventView& event) {
  const EventKind kind = kind_of(event);
  if (kind == EventKind::login || kind == EventKind::login_failed) take_login(event);
  if (kind == EventKind::connection) take_flow(event);
}

void AccessFacts::note_first_login(const events::EventView& event) {
  if (first_logins_.size() == k_logins_max || account_of(event).empty() || address_of(event).empty()) return;
  std::string key = login_key(account_of(event), address_of(event));
  if (first_logins_.contains(key)) return;
  first_logins_.emplace(std::move(key), FirstLogin{.at_ns = event.at_ns, .proof = proof_of(event)});
}

void AccessFacts::take_login(const events::EventView& event) {
  if (kind_of(event) == EventKind::login && event.succeeded) note_first_login(event);
  if (!is_outside(address_of(event))) return;
  const std::string address(address_of(event));
  if (kind_of(event) == EventKind::login_failed || !event.succeeded) {
    if (failures_.size() >= k_addresses_max && !failures_.contains(address)) {
      ++beyond_failures_;
      return;
    }
    ++failures_[address].count;
    return;
  }
  const Who who(account_of(event), address, host_of(event));
  auto at = logins_.find(who);
  if (at == logins_.end()) {
    if (logins_.size() == k_logins_max) {
      ++beyond_logins_;
      return;
    }
    EntryCandidate candidate;
    std::tie(candidate.account, candidate.address, candidate.host) = who;
    candidate.first_ns = event.at_ns;
    candidate.proof = proof_of(event);
    const auto failed = failures_.find(address);
    candidate.failures_before = failed == failures_.end() ? 0 : failed->second.count;
    at = logins_.emplace(who, std::move(candidate)).first;
  }
  at->second.last_ns = event.at_ns;
  ++at->second.logins;
}

void AccessFacts::take_flow(const events::EventView& event) {
  if (event.bytes_out == 0 || !is_outside(to_address_of(event)) || is_outside(address_of(event))) return;
  const std::string to(to_address_of(event));
  auto at = outflows_.find(to);
  if (at == outflows_.end()) {
    if (outflows_.size() == k_addresses_max) {
      ++beyond_outflows_;
      beyond_outflow_bytes_ += event.bytes_out;
      return;
    }
    at = outflows_.emplace(to, Outflow{.to_address = to, .first_ns = event.at_ns}).first;
  }
  Outflow& flow = at->second;
  const bool overflows = flow.bytes > UINT64_MAX - event.bytes_out;  // a log may claim any number
  flow.bytes = overflows ? UINT64_MAX : flow.bytes + event.bytes_out;
  ++flow.flows;
  flow.last_ns = event.at_ns;
  if (event.bytes_out > flow.largest_bytes) {
    flow.largest_bytes = event.bytes_out;
    flow.largest_from = std::string(address_of(event));
    flow.largest = proof_of(event);
  }
}

void AccessFacts::add_entries(TimelineSummary& summary) const {
  const Moment* encryption = first_encryption(summary);
  for (const auto& [who, login] : logins_) {
    if (encryption != nullptr && login.first_ns >= encryption->at_ns) continue;
    EntryCandidate candidate = login;
    bool same_server = false;
    for (const Encryptor& encryptor : summary.encryptors) {
      same_server = same_server || (!encryptor.address.empty() && encryptor.address == login.address);
      candidate.also_encrypted =
          candidate.also_encrypted || (same_account(encryptor.account, login.account) && !is_common(login.account));
    }
    candidate.also_encrypted = candidate.also_encrypted || same_server;
    candidate.certainty = candidate.also_encrypted ? model::Certainty::strong : model::Certainty::weak;
    candidate.basis = same_server ? "a login from outside, by the address from which files were encrypted"
                      : candidate.also_encrypted ? "a login from outside, of the account that encrypted files"
                                                 : "a login from outside; nothing else ties it to the encryption";
    candidate.basis +=
        encryption == nullptr ? "; when the encryption began is unknown" : ", before the first encryption";
    summary.entries.push_back(std::move(candidate));
  }
  // What is tied to the encryption, then what came after many failures, then the earliest.
  std::stable_sort(summary.entries.begin(), summary.entries.end(),
                   [](const EntryCandidate& a, const EntryCandidate& b) {
                     if (a.also_encrypted != b.also_encrypted) return a.also_encrypted;
                     const bool a_guessed = a.failures_before >= k_guessed_failures_min;
                     const bool b_guessed = b.failures_before >= k_guessed_failures_min;
                     return a_guessed != b_guessed ? a_guessed : a.first_ns < b.first_ns;
                   });
}

void AccessFacts::finish(TimelineSummary& summary) {
  for (Encryptor& encryptor : summary.encryptors) {
    const auto login = first_logins_.find(login_key(encryptor.account, encryptor.address));
    if (login == first_logins_.end()) continue;
    encryptor.login_ns = login->second.at_ns;
    encryptor.login_proof = login->second.proof;
  }
  add_entries(summary);
  for (auto& [address, flow] : outflows_) summary.outflows.push_back(flow);
  std::sort(summary.outflows.begin(), summary.outflows.end(), [](const Outflow& a, const Outflow& b) {
    return a.bytes != b.bytes ? a.bytes > b.bytes : a.to_address < b.to_address;
  });
  if (beyond_logins_ > 0)
    summary.limits.push_back(
        fmt::format("logins from outside of more than {} accounts and addresses; {} others are not "
                    "counted",
                    k_logins_max, beyond_logins_));
  if (beyond_failures_ > 0)
    summary.limits.push_back(fmt::format("{} failed logins of further addresses are not counted", beyond_failures_));
  if (beyond_outflows_ > 0)
    summary.limits.push_back(fmt::format("{} flows to further addresses, {}, are not in the list", beyond_outflows_,
                                         base::human_bytes(beyond_outflow_bytes_)));
}

}  // namespace lastgood::timeline
