// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/tied_doers.h"

#include <algorithm>
#include <optional>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"

namespace lastgood::facts {

namespace {

constexpr std::int64_t k_day_ns = std::int64_t{86'400} * 1'000'000'000;
constexpr std::size_t k_weak_max = 5;

/// Accounts that every machine has: without an address they are nobody's.
bool is_common(std::string_view account) {
  return account == "root" || account == "administrator" || account == "Administrator" || account == "SYSTEM";
}

bool is_sure(const timeline::Encryptor& found) {
  return found.certainty != model::Certainty::weak && !(found.address.empty() && is_common(found.account)) &&
         !(found.address.empty() && found.account.empty());
}

}  // namespace

TiedDoers::TiedDoers(const timeline::TimelineSummary& summary) {
  const timeline::Moment* const encryption = timeline::first_encryption(summary);
  for (const timeline::Encryptor& found : summary.encryptors) {
    if (!is_sure(found)) {
      if (weak_.size() < k_weak_max)
        weak_.push_back(fmt::format("what account '{}' at '{}' did: the timeline ties it to the encryption weakly only",
                                    base::printable(found.account), base::printable(found.address)));
      continue;
    }
    const std::int64_t first = encryption == nullptr ? found.first_ns : std::min(found.first_ns, encryption->at_ns);
    std::optional<std::int64_t> entered;
    for (const timeline::EntryCandidate& entry : summary.entries) {
      const bool is_its = entry.also_encrypted && (entry.account == found.account || entry.address == found.address);
      if (is_its) entered = std::min(entered.value_or(entry.first_ns), entry.first_ns);
    }
    add(found.account, found.address,
        fmt::format("it {} {} files that are encrypted now", found.by_rename ? "renamed or wrote" : "wrote",
                    base::human_count(found.files_matched)),
        entered ? std::min(*entered, first) : first - k_day_ns);
  }
  if (summary.encryptors_left_out > 0)
    weak_.push_back(fmt::format("what {} more accounts and addresses did that renamed or wrote fewer encrypted files",
                                base::human_count(summary.encryptors_left_out)));
  if (doers_.empty()) return;
  for (const timeline::EntryCandidate& entry : summary.entries) {
    if (entry.also_encrypted && entry.certainty != model::Certainty::weak)
      add(entry.account, entry.address, entry.basis, entry.first_ns);
  }
}

void TiedDoers::add(const std::string& account, const std::string& address, std::string why, std::int64_t since_ns) {
  for (TiedDoer& known : doers_) {
    if (known.account != account || known.address != address) continue;
    known.since_ns = std::min(known.since_ns, since_ns);
    return;
  }
  doers_.push_back({.account = account, .address = address, .why = std::move(why), .since_ns = since_ns});
}

const TiedDoer* TiedDoers::find(std::string_view account, std::string_view address) const {
  for (const TiedDoer& doer : doers_)
    if (doer.account == account && doer.address == address) return &doer;
  return nullptr;
}

bool TiedDoers::half_fits(std::string_view account, std::string_view address) const {
  return std::any_of(doers_.begin(), doers_.end(), [&](const TiedDoer& doer) {
    return (!account.empty() && doer.account == account) || (!address.empty() && doer.address == address);
  });
}

bool TiedDoers::is_address(std::string_view address) const {
  return !address.empty() &&
         std::any_of(doers_.begin(), doers_.end(), [&](const TiedDoer& doer) { return doer.address == address; });
}

std::int64_t TiedDoers::since_ns() const {
  std::int64_t since = INT64_MAX;
  for (const TiedDoer& doer : doers_) since = std::min(since, doer.since_ns);
  return since;
}

}  // namespace lastgood::facts
