// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/find_contacts.h"

#include <algorithm>

namespace lastgood::indicators {

namespace {

constexpr std::size_t k_local_bytes_max = 64;
constexpr std::size_t k_domain_bytes_max = 190;
constexpr std::size_t k_onion_label_bytes = 56;

bool is_alnum(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }
bool is_local(char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+'; }
bool is_domain(char c) { return is_alnum(c) || c == '.' || c == '-'; }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

bool is_host(std::string_view domain) {
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || domain.size() - dot < 3 || domain.size() - dot > 16) return false;
  if (domain.find("..") != std::string_view::npos) return false;
  return std::all_of(domain.begin() + static_cast<std::ptrdiff_t>(dot) + 1, domain.end(), [](char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); });
}

void add(std::vector<Contact>& found, Contact contact, std::size_t count_max) {
  const bool known = std::any_of(found.begin(), found.end(), [&](const Contact& other) { return other.kind == contact.kind && other.value == contact.value; });
  if (!known && found.size() < count_max) found.push_back(std::move(contact));
}

void find_mails(std::string_view text, std::uint64_t offset, std::size_t count_max, std::vector<Contact>& found) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t from = at;
    while (from > 0 && at - from < k_local_bytes_max && is_local(text[from - 1])) --from;
    std::size_t to = at + 1;
    while (to < text.size() && to - at < k_domain_bytes_max && is_domain(text[to])) ++to;
    while (to > at + 1 && !is_alnum(text[to - 1])) --to;
    while (from < at && !is_alnum(text[from])) ++from;
    const std::string_view domain = text.substr(at + 1, to - at - 1);
    if (at - from < 2 || domain.size() < 5 || !is_host(domain)) continue;
    add(found, {.kind = "email", .value = lower(text.substr(from, to - from)), .level = "shape", .offset_bytes = offset + from}, count_max);
  }
}

void find_onions(std::string_view text, std::uint64_t offset, std::size_t count_max, std::vector<Contact>& found) {
  for (std::size_t at = text.find(".onion"); at != std::string_view::npos; at = text.find(".onion", at + 1)) {
    std::size_t from = at;
    while (from > 0 && at - from < k_onion_label_bytes && is_alnum(text[from - 1])) --from;
    if (at - from != k_onion_label_bytes) continue;
    add(found, {.kind = "onion", .value = lower(text.substr(from, at + 6 - from)), .level = "shape", .offset_bytes = offset + from}, count_max);
  }
}

}  // namespace

std::vector<Contact> find_contacts(base::ByteView bytes, std::uint64_t offset_bytes, std::size_t count_max) {
  std::vector<Contact> found;
  find_mails(bytes.text(), offset_bytes, count_max, found);
  find_onions(bytes.text(), offset_bytes, count_max, found);
  return found;
}

}  // namespace lastgood::indicators
