// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "network/rdap.h"

#include <algorithm>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace lastgood::network {

using nlohmann::json;

namespace {

constexpr std::size_t k_answer_text_bytes_max = 512;
constexpr std::size_t k_url_bytes_max = 1024;

base::Error broken_answer(std::string what) {
  base::Error error;
  error.code = base::ErrorCode::damaged_container;
  error.what = "the answer of the registry is not as RFC 9083 has it: " + std::move(what);
  return error;
}

/// Deeper nesting than anybody needs is refused before the library sees it.
bool is_too_deep(std::string_view text) {
  unsigned depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\')
        ++i;
      else if (c == '"')
        in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > k_rdap_depth_max) return true;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
  }
  return false;
}

base::Result<json> parse_bounded(std::string_view text) {
  if (text.size() > k_rdap_bytes_max) return broken_answer(fmt::format("more than {} bytes", k_rdap_bytes_max));
  if (is_too_deep(text)) return broken_answer(fmt::format("nested more than {} deep", k_rdap_depth_max));
  json document = json::parse(text, nullptr, false);
  if (document.is_discarded()) return broken_answer("it is no JSON");
  if (!document.is_object()) return broken_answer("it is no object");
  return document;
}

/// Empty where it is no text; cut where it is too long; without control characters.
std::string text_of(const json& value) {
  if (!value.is_string()) return {};
  std::string text = value.get_ref<const std::string&>().substr(0, k_answer_text_bytes_max);
  std::erase_if(text, [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; });
  return text;
}
std::string text_in(const json& object, const char* key) {
  const auto at = object.find(key);
  return at == object.end() ? std::string() : text_of(*at);
}

/// Nothing where there is no such list.
const json* list_in(const json& object, const char* key) {
  const auto at = object.find(key);
  return at == object.end() || !at->is_array() ? nullptr : &*at;
}

template <typename List, typename Value>
void put(List& list, Value value) {
  if (list.size() < k_rdap_texts_max) list.push_back(std::move(value));
}

/// jCard (RFC 7095): ["vcard", [[name, parameters, type, value...], ...]].
void take_vcard(const json& entity, RdapEntity& out) {
  const json* card = list_in(entity, "vcardArray");
  if (card == nullptr || card->size() < 2 || !(*card)[1].is_array()) return;
  std::string name;
  std::string organisation;
  for (const json& property : (*card)[1]) {
    if (!property.is_array() || property.size() < 4) continue;
    const std::string which = text_of(property[0]);
    const json& first = property[3].is_array() && !property[3].empty() ? property[3][0] : property[3];
    const std::string value = text_of(first);
    if (which == "kind") out.is_individual = value == "individual";
    if (which == "fn") name = value;
    if (which == "org") organisation = value;
    if (value.empty()) continue;
    if (which == "email") put(out.mails, value);
    if (which == "tel") put(out.phones, value.starts_with("tel:") ? value.substr(4) : value);
  }
  if (!organisation.empty())
    out.name = organisation;
  else if (!out.is_individual)
    out.name = name;
  // Of a person neither mailbox nor number is taken over, but the desk's that a registry names for abuse.
  const bool is_desk = std::find(out.roles.begin(), out.roles.end(), "abuse") != out.roles.end();
  if (!out.is_individual || is_desk) return;
  out.mails.clear();
  out.phones.clear();
}

/// Depth is that of the document, which is limited.
void take_entities(const json& object, std::vector<RdapEntity>& out) {
  const json* entities = list_in(object, "entities");
  if (entities == nullptr) return;
  for (const json& entity : *entities) {
    if (out.size() == k_rdap_entities_max) return;
    if (!entity.is_object()) continue;
    RdapEntity taken;
    taken.handle = text_in(entity, "handle");
    if (const json* roles = list_in(entity, "roles"))
      for (const json& role : *roles) put(taken.roles, text_of(role));
    take_vcard(entity, taken);
    out.push_back(std::move(taken));
    take_entities(entity, out);
  }
}

void take_events(const json& document, RdapNetwork& out) {
  const json* events = list_in(document, "events");
  if (events == nullptr) return;
  for (const json& event : *events)
    if (event.is_object())
      put(out.events, RdapEvent{.action = text_in(event, "eventAction"), .date = text_in(event, "eventDate")});
}

void take_links(const json& document, RdapNetwork& out) {
  const json* links = list_in(document, "links");
  if (links == nullptr) return;
  for (const json& link : *links) {
    if (!link.is_object()) continue;
    const auto url = parse_rdap_url(text_in(link, "href"));
    if (url && url->is_https) put(out.links, url->text);
  }
}

bool is_country(std::string_view text) {
  return text.size() == 2 && std::all_of(text.begin(), text.end(), [](char c) { return c >= 'A' && c <= 'Z'; });
}

bool is_in(const RdapNetwork& network, const model::IpAddress& asked) {
  return network.first.is_v6 == asked.is_v6 && network.last.is_v6 == asked.is_v6 &&
         network.first.bytes <= asked.bytes && asked.bytes <= network.last.bytes;
}

}  // namespace

base::Result<RdapNetwork> parse_rdap_network(std::string_view text, const model::IpAddress& asked) {
  LG_ASSIGN(const json document, parse_bounded(text));
  if (document.contains("errorCode")) return broken_answer("it says that there is nothing, or that it will not say");
  if (text_in(document, "objectClassName") != "ip network")
    return broken_answer("it is not about a network of addresses");
  RdapNetwork out;
  const auto first = model::parse_ip(text_in(document, "startAddress"));
  const auto last = model::parse_ip(text_in(document, "endAddress"));
  if (!first || !last) return broken_answer("it does not say where the block begins and ends");
  out.first = *first;
  out.last = *last;
  if (!is_in(out, asked)) return broken_answer("its block does not hold the address that was asked about");
  out.handle = text_in(document, "handle");
  out.name = text_in(document, "name");
  out.type = text_in(document, "type");
  out.country = text_in(document, "country");
  for (char& c : out.country) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
  if (!is_country(out.country)) out.country.clear();
  take_entities(document, out.entities);
  take_events(document, out);
  take_links(document, out);
  return out;
}

const RdapEntity* find_role(const RdapNetwork& network, std::string_view role) {
  for (const RdapEntity& entity : network.entities)
    if (std::find(entity.roles.begin(), entity.roles.end(), role) != entity.roles.end()) return &entity;
  return nullptr;
}

base::Result<RdapBootstrap> parse_rdap_bootstrap(std::string_view text) {
  LG_ASSIGN(const json document, parse_bounded(text));
  const json* services = list_in(document, "services");
  if (services == nullptr) return broken_answer("the bootstrap file names no services (RFC 9224)");
  RdapBootstrap out;
  out.published = text_in(document, "publication");
  for (const json& service : *services) {
    if (!service.is_array() || service.size() < 2 || !service[0].is_array() || !service[1].is_array()) continue;
    std::string url;
    for (const json& one : service[1]) {
      const auto parsed = parse_rdap_url(text_of(one));
      if (!parsed || !parsed->is_https) continue;
      url = parsed->text.ends_with('/') ? parsed->text : parsed->text + "/";
      break;
    }
    if (url.empty()) continue;
    for (const json& block : service[0]) {
      const auto parsed = model::parse_ip_block(text_of(block));
      if (!parsed || out.servers.size() == k_rdap_servers_max) continue;
      out.servers.push_back({.block = *parsed, .url = url});
    }
  }
  return out;
}

std::string find_rdap_server(const RdapBootstrap& bootstrap, const model::IpAddress& address) {
  const RdapServer* best = nullptr;
  for (const RdapServer& server : bootstrap.servers) {
    if (server.block.first.is_v6 != address.is_v6 || !server.block.contains(address)) continue;
    if (best == nullptr || server.block.prefix_bits > best->block.prefix_bits) best = &server;
  }
  return best == nullptr ? std::string() : best->url;
}

std::optional<RdapUrl> parse_rdap_url(std::string_view text) {
  if (text.size() > k_url_bytes_max) return std::nullopt;
  for (const char c : text)
    if (c <= ' ' || c > '~' || std::string_view("\"'`\\<>{}|^#@").find(c) != std::string_view::npos)
      return std::nullopt;
  RdapUrl url;
  url.text = text;
  url.is_https = text.starts_with("https://");
  if (!url.is_https && !text.starts_with("http://")) return std::nullopt;
  text.remove_prefix(url.is_https ? 8 : 7);
  std::string_view host = text.substr(0, text.find_first_of("/?"));
  if (host.starts_with('[')) {
    const std::size_t end = host.find(']');
    if (end == std::string_view::npos || !model::parse_ip(host.substr(1, end - 1))) return std::nullopt;
    url.host = host.substr(1, end - 1);
    host.remove_prefix(end + 1);
  } else {
    url.host = host.substr(0, host.find(':'));
    host.remove_prefix(url.host.size());
  }
  const std::string_view port = host.empty() ? host : host.substr(1);
  const bool port_ok = host.empty() || (host[0] == ':' && !port.empty() && port.size() <= 5 &&
                                        port.find_first_not_of("0123456789") == std::string_view::npos);
  if (url.host.empty() || !port_ok) return std::nullopt;
  for (char& c : url.host) {
    c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    const bool plain = (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '-' || c == ':';
    if (!plain) return std::nullopt;
  }
  return url;
}

}  // namespace lastgood::network
