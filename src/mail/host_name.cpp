// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/host_name.h"

#include <algorithm>
#include <array>

#include "mail/letters.h"
#include "model/ip_address.h"

namespace lastgood::mail {

namespace {

/// Second-level words under which countries register names.
bool is_shared_second_level(std::string_view label) {
  constexpr std::array<std::string_view, 19> k_words = {"co",  "com", "net", "org", "ac",  "edu",  "gov",
                                                        "nic", "res", "gen", "ind", "mil", "firm", "or",
                                                        "ne",  "go",  "gob", "ltd", "govt"};
  return std::any_of(k_words.begin(), k_words.end(), [label](auto word) { return label == word; });
}

bool is_under(std::string_view host, std::string_view domain) {
  return ends_with_word(host, domain) && (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.');
}

struct ProviderDomain {
  std::string_view domain;
  Provider provider;
};

constexpr ProviderDomain k_providers[] = {
    {"google.com", Provider::google},
    {"gmail.com", Provider::google},
    {"googlemail.com", Provider::google},
    {"outlook.com", Provider::microsoft},
    {"office365.com", Provider::microsoft},
    {"exchangelabs.com", Provider::microsoft},
    {"hotmail.com", Provider::microsoft},
    {"microsoft.com", Provider::microsoft},
    {"yahoo.com", Provider::yahoo},
    {"yahoo.co.jp", Provider::other},
    {"amazonses.com", Provider::other},
    {"protonmail.ch", Provider::other},
    {"proton.me", Provider::other},
    {"icloud.com", Provider::other},
    {"apple.com", Provider::other},
    {"zoho.com", Provider::other},
    {"zoho.in", Provider::other},
    {"messagingengine.com", Provider::other},
    {"mimecast.com", Provider::other},
    {"pphosted.com", Provider::other},
    {"sendgrid.net", Provider::other},
    {"mailgun.net", Provider::other},
    {"mcsv.net", Provider::other},
    {"rediffmail.com", Provider::other},
    {"nic.in", Provider::other},
    {"gmx.net", Provider::other},
    {"yandex.net", Provider::other},
    {"mail.ru", Provider::other},
    {"tutanota.de", Provider::other},
    {"messagelabs.com", Provider::other},
};

}  // namespace

std::string organisation_of(std::string_view host) {
  while (!host.empty() && host.back() == '.') host.remove_suffix(1);
  if (host.empty() || host.size() > 253 || host.front() == '[' || model::parse_ip(host)) return {};
  const std::size_t last = host.rfind('.');
  if (last == std::string_view::npos || last == 0) return {};
  const std::size_t second = host.rfind('.', last - 1);
  if (second == std::string_view::npos) return lower(host);
  const std::string middle = lower(host.substr(second + 1, last - second - 1));
  const bool country = host.size() - last - 1 == 2;
  if (!country || !is_shared_second_level(middle)) return lower(host.substr(second + 1));
  const std::size_t third = second == 0 ? std::string_view::npos : host.rfind('.', second - 1);
  return lower(third == std::string_view::npos ? host : host.substr(third + 1));
}

Provider provider_of(std::string_view host) {
  for (const auto& [domain, provider] : k_providers) {
    if (is_under(host, domain)) return provider;
  }
  return Provider::none;
}

bool same_house(std::string_view host, std::string_view other) {
  const std::string organisation = organisation_of(host);
  if (!organisation.empty() && organisation == organisation_of(other)) return true;
  const Provider provider = provider_of(host);
  return provider != Provider::none && provider != Provider::other && provider == provider_of(other);
}

}  // namespace lastgood::mail
