// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <array>

#include "sightings/collect_sightings.h"

namespace lastgood::sightings {

namespace {

/// Registered parts that stand in documents, programs and certificates of every machine. Sorted.
constexpr std::array<std::string_view, 44> k_vendors = {
    "adobe.com",
    "apache.org",
    "apple.com",
    "cpan.org",
    "creativecommons.org",
    "debian.org",
    "dicom.nema.org",
    "digicert.com",
    "docbook.org",
    "dublincore.org",
    "eclipse.org",
    "entrust.net",
    "fedoraproject.org",
    "freedesktop.org",
    "gnome.org",
    "gnu.org",
    "globalsign.com",
    "hl7.org",
    "iana.org",
    "iec.ch",
    "ietf.org",
    "iso.org",
    "kde.org",
    "kernel.org",
    "letsencrypt.org",
    "mariadb.org",
    "microsoft.com",
    "mozilla.org",
    "mysql.com",
    "nema.org",
    "oasis-open.org",
    "openoffice.org",
    "openssl.org",
    "openxmlformats.org",
    "oracle.com",
    "postgresql.org",
    "purl.org",
    "python.org",
    "redhat.com",
    "rfc-editor.org",
    "sectigo.com",
    "ubuntu.com",
    "verisign.com",
    "w3.org",
};

bool is_below(std::string_view host, std::string_view domain) {
  return host == domain ||
         (host.size() > domain.size() && host.ends_with(domain) && host[host.size() - domain.size() - 1] == '.');
}

bool is_vendor(std::string_view host) {
  return std::any_of(k_vendors.begin(), k_vendors.end(),
                     [&](std::string_view vendor) { return is_below(host, vendor); });
}

/// The host in an address of mail or the web; empty where the value has none.
std::string_view host_in(std::string_view kind, std::string_view value) {
  if (kind == "domain") return value;
  if (kind == "email" || kind == "jabber") return value.substr(value.find('@') + 1);
  if (kind != "url") return {};
  const std::size_t from = value.find("://");
  std::string_view host = value.substr(from + 3);
  host = host.substr(0, host.find_first_of("/?#"));
  if (const std::size_t user = host.rfind('@'); user != std::string_view::npos) host.remove_prefix(user + 1);
  if (host.starts_with('[')) return host.substr(1, host.find(']') - 1);
  return host.substr(0, host.find(':'));
}

Apart decide_address(const model::IpAddress& address, const OwnPlaces& own) {
  const bool is_own = std::any_of(own.blocks.begin(), own.blocks.end(),
                                  [&](const model::IpBlock& block) { return block.contains(address); });
  if (is_own) return Apart::own;
  return model::is_global(address) ? Apart::no : Apart::internal;
}

}  // namespace

std::string_view name_of(Apart apart) {
  switch (apart) {
    case Apart::no: return "";
    case Apart::own: return "own";
    case Apart::internal: return "internal";
    case Apart::vendor: return "vendor";
  }
  return "";
}

Apart decide_apart(std::string_view kind, const std::string& value, const OwnPlaces& own) {
  if (kind == "ipv4" || kind == "ipv6") {
    const auto block = model::parse_ip_block(value);
    return block ? decide_address(block->first, own) : Apart::no;
  }
  const std::string_view host = host_in(kind, value);
  if (host.empty()) return Apart::no;
  if (const auto address = model::parse_ip(host)) return decide_address(*address, own);
  const bool is_own = std::any_of(own.domains.begin(), own.domains.end(),
                                  [&](const std::string& domain) { return is_below(host, domain); });
  if (is_own) return Apart::own;
  return is_vendor(host) ? Apart::vendor : Apart::no;
}

}  // namespace lastgood::sightings
