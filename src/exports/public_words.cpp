// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exports/public_words.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/error.h"
#include "base/letters.h"

namespace lastgood::exports {

namespace {

using base::lower;

constexpr std::string_view k_withheld = "(withheld)";
constexpr std::size_t k_own_word_bytes_min = 3;

bool is_word_byte(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("._-@\\/:%+$").find(c) != std::string_view::npos || static_cast<unsigned char>(c) >= 0x80;
}

/// A path of Unix or Windows, or a share.
bool is_path(std::string_view word) {
  if (word.starts_with("\\\\") || (word.size() > 2 && word[1] == ':' && (word[2] == '\\' || word[2] == '/')))
    return true;
  return word.starts_with('/') && word.size() > 1;
}

std::string_view host_of(std::string_view word) {
  if (const std::size_t at = word.rfind('@'); at != std::string_view::npos) word.remove_prefix(at + 1);
  if (const std::size_t scheme = word.find("://"); scheme != std::string_view::npos) {
    word.remove_prefix(scheme + 3);
    word = word.substr(0, word.find('/'));
  }
  while (word.ends_with('.') || word.ends_with(':')) word.remove_suffix(1);
  const std::size_t port = word.find(':');  // one colon alone: behind more of them it is an IPv6 address
  return port != std::string_view::npos && word.find(':', port + 1) == std::string_view::npos ? word.substr(0, port)
                                                                                              : word;
}

}  // namespace

PublicWords::PublicWords(const facts::CaseFacts& facts, Scope scope) : scope_(scope) {
  if (scope == Scope::all) return;
  const auto keep = [&](std::string_view word) {
    if (!word.empty()) own_.insert(lower(word));
  };
  for (const facts::HostFacts& host : facts.hosts) keep(host.name);
  for (const facts::CampaignFacts& found : facts.campaigns) keep(found.host);
  for (const facts::DoerFacts& doer : facts.doers) {
    keep(doer.account);
    keep(doer.host);
  }
  for (const facts::MomentFacts& moment : facts.moments) {
    keep(moment.account);
    keep(moment.host);
  }
  for (const facts::AddressFacts& address : facts.addresses) {
    for (const facts::Observation& seen : address.observations) {
      keep(seen.own_host);
      keep(seen.own_address);
      keep(seen.account);
    }
  }
  for (const std::string& relay : facts.about.own_relays) keep(relay);
  for (const std::string& domain : facts.about.own_domains)
    domains_.push_back(lower(domain.starts_with('.') ? domain.substr(1) : domain));
  for (const std::string& block : facts.about.own_blocks)
    if (const auto parsed = model::parse_ip_block(block)) blocks_.push_back(*parsed);
}

bool PublicWords::is_own(std::string_view word, Quoted quoted) const {
  if (is_path(word)) return true;
  const std::string small = lower(word);
  const std::string_view host = host_of(small);
  for (const std::string_view name : {std::string_view(small), host}) {
    if ((quoted == Quoted::yes || name.size() >= k_own_word_bytes_min) && own_.contains(name)) return true;
  }
  for (const std::string& domain : domains_) {
    if (domain.empty() || !host.ends_with(domain)) continue;
    if (host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.') return true;
  }
  const auto ip = model::parse_ip(host);
  if (!ip) return false;
  const model::IpScope where = model::scope_of(*ip);
  if (where == model::IpScope::private_ || where == model::IpScope::loopback || where == model::IpScope::link_local)
    return true;  // inside the organisation's network
  return std::any_of(blocks_.begin(), blocks_.end(), [&](const model::IpBlock& b) { return b.contains(*ip); });
}

std::string PublicWords::sentence(std::string_view sentence, const facts::Place& place) const {
  std::string text = base::printable(sentence);
  return scope_ == Scope::all ? text : replaced(std::move(text), base::printable(place.path), k_withheld);
}

std::string PublicWords::sentence(const facts::Link& link) const {
  if (scope_ == Scope::all || link.rule != "link.note") return sentence(link.sentence, link.place);
  return replaced(base::printable(link.sentence), base::printable(link.place.path), file_name(link.place.path));
}

std::string PublicWords::replaced(std::string text, std::string_view path, std::string_view by) const {
  // The path first: it may hold blanks and quotes.
  if (!path.empty()) {
    for (std::size_t at = text.find(path); at != std::string::npos; at = text.find(path, at + by.size()))
      text.replace(at, path.size(), by);
  }
  std::string out;
  for (std::size_t at = 0; at < text.size();) {
    if (text[at] == '\'') {  // what is quoted is one name, blanks and all
      const std::size_t end = text.find('\'', at + 1);
      const std::string_view inside =
          end == std::string::npos ? std::string_view() : std::string_view(text).substr(at + 1, end - at - 1);
      if (!inside.empty() && is_own(inside, Quoted::yes)) {
        out += k_withheld;
        at = end + 1;
        continue;
      }
    }
    std::size_t end = at;
    while (end < text.size() && is_word_byte(text[end])) ++end;
    if (end == at) {
      out += text[at++];
      continue;
    }
    const std::string_view word = std::string_view(text).substr(at, end - at);
    if (is_own(word, Quoted::no)) {
      out += k_withheld;
    } else {
      out += word;
    }
    at = end;
  }
  return out;
}

std::string PublicWords::place(const facts::Place& place) const {
  std::string out = place.evidence_id.empty() ? "a file not taken as evidence" : "evidence " + place.evidence_id;
  if (place.path.empty()) out = "the case";
  if (scope_ == Scope::all && !place.path.empty()) out += fmt::format(", '{}'", base::printable(place.path));
  if (!place.path.empty()) out += ", " + facts::offset_words(place);
  return out + facts::digest_words(place);
}

std::string PublicWords::file_name(std::string_view path) { return base::printable(path.substr(path.rfind('/') + 1)); }

bool PublicWords::is_withheld(const facts::ContactFacts& contact) const {
  return scope_ == Scope::tied && is_own(contact.value, Quoted::no);
}

bool PublicWords::is_withheld(const facts::AddressFacts& address) const {
  return scope_ == Scope::tied && is_own(address.address, Quoted::no);
}

std::vector<const facts::ContactFacts*> chosen_contacts(const ExportInput& input, const PublicWords& words) {
  std::vector<const facts::ContactFacts*> out;
  for (const facts::ContactFacts& contact : input.facts.contacts) {
    const bool goes = input.scope == Scope::all || (!contact.links.empty() && !words.is_withheld(contact));
    if (goes && !contact.value.empty()) out.push_back(&contact);
  }
  return out;
}

std::vector<const facts::AddressFacts*> chosen_addresses(const ExportInput& input, const PublicWords& words) {
  std::vector<const facts::AddressFacts*> out;
  for (const facts::AddressFacts& address : input.facts.addresses) {
    const bool goes = input.scope == Scope::all || (!address.links.empty() && !words.is_withheld(address));
    if (goes && model::parse_ip(address.address)) out.push_back(&address);
  }
  return out;
}

}  // namespace lastgood::exports
