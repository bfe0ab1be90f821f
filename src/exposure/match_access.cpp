// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/match_access.h"

#include <algorithm>

namespace lastgood::exposure {

namespace {

constexpr std::size_t k_seen_max = 1'000'000;
constexpr std::size_t k_of_one_tail_max = 64;  // more paths that end alike tell nothing apart

/// The last two names; empty: there are not two.
std::string_view tail_of(std::string_view path) {
  const std::size_t name_at = path.rfind('/');
  if (name_at == std::string_view::npos || name_at == 0 || name_at + 1 == path.size()) return {};
  const std::size_t folder_at = path.rfind('/', name_at - 1);
  const std::string_view tail = folder_at == std::string_view::npos ? path : path.substr(folder_at + 1);
  return tail.starts_with('/') ? std::string_view() : tail;
}

/// How many whole names agree, from the end.
std::size_t names_in_common(std::string_view a, std::string_view b) {
  std::size_t names = 0;
  while (!a.empty() && !b.empty()) {
    const std::size_t a_at = a.rfind('/');
    const std::size_t b_at = b.rfind('/');
    const std::string_view a_name = a.substr(a_at == std::string_view::npos ? 0 : a_at + 1);
    if (a_name.empty() || a_name != b.substr(b_at == std::string_view::npos ? 0 : b_at + 1)) break;
    ++names;
    a = a_at == std::string_view::npos ? std::string_view() : a.substr(0, a_at);
    b = b_at == std::string_view::npos ? std::string_view() : b.substr(0, b_at);
  }
  return names;
}

}  // namespace

AccessMatcher::AccessMatcher(const std::vector<AccessedFile>& accessed) : accessed_(accessed) {
  for (std::uint32_t i = 0; i < accessed.size(); ++i) {
    const std::string_view tail = tail_of(accessed[i].path);
    if (tail.empty()) continue;
    std::vector<std::uint32_t>& same = by_tail_[tail];
    if (same.size() <= k_of_one_tail_max) same.push_back(i);
  }
}

void AccessMatcher::see(const std::string& path) {
  const std::string_view tail = tail_of(path);
  if (tail.empty() || !by_tail_.contains(tail)) return;
  const std::lock_guard lock(mutex_);
  if (seen_.size() < k_seen_max)
    seen_.push_back(path);
  else
    ++doubtful_;
}

AccessMatcher::Best AccessMatcher::best_of(std::string_view path, const std::vector<std::uint32_t>& of_tail) const {
  Best best;
  for (const std::uint32_t i : of_tail) {
    const std::size_t names = names_in_common(path, accessed_[i].path);
    if (names > best.names) best = {.accessed = i, .names = names};
  }
  return best;
}

void AccessMatcher::decide() {
  struct Claim {
    std::size_t names = 0;
    std::uint64_t files = 0;  // that agree so far
    std::size_t seen = 0;
  };
  std::unordered_map<std::uint32_t, Claim> claims;
  std::sort(seen_.begin(), seen_.end());
  seen_.erase(std::unique(seen_.begin(), seen_.end()), seen_.end());
  std::uint64_t candidates = 0;
  for (std::size_t i = 0; i < seen_.size(); ++i) {
    const std::vector<std::uint32_t>& of_tail = by_tail_.find(tail_of(seen_[i]))->second;
    ++candidates;
    if (of_tail.size() > k_of_one_tail_max) continue;
    const Best best = best_of(seen_[i], of_tail);
    Claim& claim = claims[best.accessed];
    if (best.names > claim.names)
      claim = {.names = best.names, .files = 1, .seen = i};
    else if (best.names == claim.names)
      ++claim.files;
  }
  for (const auto& [accessed, claim] : claims)
    if (claim.files == 1) found_.emplace(seen_[claim.seen], accessed);
  doubtful_ += candidates - found_.size();
}

const AccessedFile* AccessMatcher::find(const std::string& path) const {
  const auto at = found_.find(path);
  return at == found_.end() ? nullptr : &accessed_[at->second];
}

bool AccessMatcher::is_any_below(const std::string& folder) const {
  const std::string start = folder + "/";
  return std::any_of(found_.begin(), found_.end(), [&](const auto& found) { return found.first.starts_with(start); });
}

}  // namespace lastgood::exposure
