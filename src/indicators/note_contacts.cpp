// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "indicators/note_contacts.h"

#include <algorithm>
#include <array>
#include <string>

#include "base/letters.h"
#include "indicators/contact_signs.h"

namespace lastgood::indicators {

namespace {

using base::is_digit;
using base::is_letter;
using base::lower;

constexpr std::size_t k_host_bytes_max = 24;
constexpr std::size_t k_near_bytes = 48;
constexpr std::array<std::string_view, 3> k_messengers = {"telegram", "jabber", "xmpp"};

// Hosts known from notes; few honest letters come from there.
constexpr auto k_dark_hosts = std::to_array<std::string_view>(
    {"onionmail.",  "cock.li",    "airmail.cc", "keemail.me", "msgsafe.io", "dnmx.",        "firemail.",   "elude.in",
     "secmail.",    "mail2tor",   "cyberfear.", "criptext.",  "morke.",     "thesecure.",   "420blaze.it", "exploit.im",
     "swismail.",   "bitmessage", "mailum.",    "torbox",     "nerdmail.",  "danwin1210.",  "waifu.club",  "goat.si",
     "tfwno.gf",    "redchan.it", "memeware.",  "cumallover", "techmail.",  "privatemail.", "countermail", "sigaint.",
     "safe-mail.",  "aaathats3",  "rape.lol",   "horsefuck",  "nigge.rs",   "shitposting.", "national.sh", "mail.tor",
     "dread.",      "xmpp.jp",    "jabb.im",    "anonmail.",  "scryptmail", "hitler.rocks", "airmail.xyz", "mailtor.",
     "thesecure.b", "rambler.ua"});
// Hosts that ask for no name.
constexpr auto k_private_hosts = std::to_array<std::string_view>(
    {"proton.me", "protonmail.", "pm.me",        "tutanota.", "tuta.",      "tutamail.", "mailfence.",
     "ctemplar.", "disroot.",    "riseup.",      "jabb",      "xmpp",       "skiff.com", "startmail.",
     "hushmail.", "inbox.lv",    "mailbox.cock", "systemli.", "autistici.", "vfemail.",  "cryptmail.",
     "lavabit.",  "runbox.",     "openmailbox",  "posteo.ne"});

std::string lower_part(std::string_view text, std::size_t from, std::size_t length) {
  return lower(text.substr(from, length));
}

Hiding hiding_of_host(std::string_view host) {
  const auto begins = [&](std::string_view name) { return name.front() == host.front() && host.starts_with(name); };
  if (host.empty()) return Hiding::none;
  if (std::any_of(k_dark_hosts.begin(), k_dark_hosts.end(), begins)) return Hiding::more;
  return std::any_of(k_private_hosts.begin(), k_private_hosts.end(), begins) ? Hiding::some : Hiding::none;
}

/// An onion name of version 3 ends so whatever its checksum says: somebody mistyped one that was real.
bool is_onion_like(std::string_view value) {
  constexpr std::size_t k_label_bytes = 56;
  const std::string_view label = value.substr(0, k_label_bytes);
  return label.size() == k_label_bytes && label.back() == 'd' && std::all_of(label.begin(), label.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= '2' && c <= '7');
         });
}

/// "@" at `at` begins or joins an account of a messenger that the words before it name.
bool is_messenger_account(std::string_view text, std::size_t at) {
  const std::size_t from = at > k_near_bytes ? at - k_near_bytes : 0;
  const std::string before = lower_part(text, from, at - from);
  return std::any_of(k_messengers.begin(), k_messengers.end(),
                     [&](std::string_view name) { return before.find(name) != std::string::npos; });
}

bool names_messenger(std::string_view text) {
  const std::string all = lower_part(text, 0, text.size());
  return std::any_of(k_messengers.begin(), k_messengers.end(),
                     [&](std::string_view name) { return all.find(name) != std::string::npos; });
}

Hiding hiding_behind(std::string_view text, std::size_t at_sign) {
  std::array<char, k_host_bytes_max> host = {};
  const std::string_view written = text.substr(at_sign + 1, host.size());
  std::transform(written.begin(), written.end(), host.begin(), [](char c) { return lower(c); });
  return hiding_of_host(std::string_view(host.data(), written.size()));
}

bool has_hidden_account(std::string_view text) {
  bool has_messenger = false;
  bool asked = false;
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    if (at + 1 >= text.size() || !(is_letter(text[at + 1]) || is_digit(text[at + 1]))) continue;
    if (hiding_behind(text, at) != Hiding::none) return true;
    if (!asked) has_messenger = names_messenger(text);
    asked = true;
    if (has_messenger && is_messenger_account(text, at)) return true;
  }
  return text.find("t.me/") != std::string_view::npos;
}

/// 76 digits are a Tox ID, 66 that begin with 05 a Session ID.
bool is_messenger_number(std::string_view run) {
  constexpr std::size_t k_tox_digits = 76;
  constexpr std::size_t k_session_digits = 66;
  return run.size() == k_tox_digits || (run.size() == k_session_digits && run.starts_with("05"));
}

/// Anybody can have a box there.
bool is_free_host(std::string_view host) {
  constexpr auto k_free = std::to_array<std::string_view>(
      {"gmail",         "googlemail", "yahoo",   "outlook", "hotmail", "live",       "yandex", "ya",
       "mail",          "bk",         "list",    "inbox",   "aol",     "gmx",        "web",    "icloud",
       "zoho",          "zohomail",   "rambler", "foxmail", "qq",      "163",        "126",    "india",
       "rediffmail",    "mailbox",    "posteo",  "email",   "usa",     "consultant", "techie", "engineer",
       "cyberservices", "dr",         "post",    "hmamail", "seznam",  "wp",         "o2",     "interia",
       "libero",        "laposte",    "orange",  "naver",   "daum",    "ukr",        "i",      "abv"});
  return std::find(k_free.begin(), k_free.end(), host.substr(0, host.find('.'))) != k_free.end();
}

/// Parts of names of hosts that say nothing of a house.
bool is_common_name(std::string_view word) {
  constexpr auto k_common = std::to_array<std::string_view>(
      {"gmail",   "googlemail", "yahoo",   "outlook",  "hotmail",    "yandex",   "example",  "mailbox",
       "email",   "online",     "posteo",  "rambler",  "rediffmail", "foxmail",  "zohomail", "hospital",
       "server",  "secure",     "support", "service",  "contact",    "files",    "recovery", "restore",
       "decrypt", "crypt",      "backup",  "security", "private",    "network",  "office",   "company",
       "money",   "crypto",     "bitcoin", "unlock",   "locked",     "encrypted"});
  constexpr std::size_t k_word_bytes_min = 5;
  return word.size() < k_word_bytes_min || std::find(k_common.begin(), k_common.end(), word) != k_common.end();
}

/// `word` stands outside of mail addresses. An address longer than that is none.
bool has_outside_addresses(std::string_view text, std::string_view word) {
  constexpr std::string_view k_blanks = " \n<>()\"";
  constexpr std::size_t k_address_bytes_max = 80;
  for (std::size_t at = text.find(word); at != std::string_view::npos; at = text.find(word, at + 1)) {
    const std::string_view before = text.substr(0, at).substr(at - std::min(at, k_address_bytes_max));
    const std::string_view behind = text.substr(at, k_address_bytes_max);
    const std::size_t blank = before.find_last_of(k_blanks);
    const std::string_view left = before.substr(blank == std::string_view::npos ? 0 : blank + 1);
    const std::string_view right = behind.substr(0, behind.find_first_of(k_blanks));
    if (left.find('@') == std::string_view::npos && right.find('@') == std::string_view::npos) return true;
  }
  return false;
}

}  // namespace

Hiding hiding_of(const Contact& contact) {
  if (contact.kind == "tox") return Hiding::full;
  if (contact.kind == "session") return contact.level == "context" ? Hiding::full : Hiding::some;
  if (contact.kind == "onion")
    return contact.level == "checksum" || is_onion_like(contact.value) ? Hiding::full : Hiding::some;
  if (contact.kind == "telegram" || contact.kind == "btc" || contact.kind == "xmr") return Hiding::some;
  if (contact.kind != "email") return Hiding::none;
  const Hiding host = hiding_of_host(std::string_view(contact.value).substr(contact.value.find('@') + 1));
  return host == Hiding::none && contact.level == "context" ? Hiding::some : host;
}

const Contact* find_best_contact(const std::vector<Contact>& contacts) {
  const Contact* best = nullptr;
  for (const Contact& contact : contacts) {
    if (contact.kind == "victim_id" || contact.kind == "eth") continue;
    if (best == nullptr || hiding_of(contact) > hiding_of(*best)) best = &contact;
  }
  return best;
}

bool is_office(const Contact& contact) {
  constexpr auto k_offices = std::to_array<std::string_view>(
      {"support",     "help",         "helpdesk",    "info",        "privacy",    "security",    "contact",
       "office",      "sales",        "legal",       "abuse",       "admin",      "dev",         "list",
       "author",      "authors",      "editors",     "press",       "news",       "it",          "cert",
       "police",      "polizei",      "service",     "team",        "backup",     "accounts",    "bugs",
       "feedback",    "hello",        "course",      "tickets",     "webmaster",  "postmaster",  "git",
       "datenschutz", "incident",     "it-security", "backup-team", "incidentes", "researchers", "lecturer",
       "customer",    "customercare", "edv",         "billing",     "prevention", "praevention", "recovery",
       "servicedesk", "service-desk", "hotline",     "aide",        "soporte",    "ayuda",       "suporte",
       "assistenza",  "supporto",     "ict",         "dpo",         "noreply",    "no-reply",    "newsletter",
       "hr",          "accounting",   "archive",     "training"});
  if (contact.kind != "email" || hiding_of(contact) != Hiding::none) return false;
  const std::size_t at_sign = contact.value.find('@');
  std::string_view local = std::string_view(contact.value).substr(0, at_sign);
  const auto is_known = [&](std::string_view word) {
    return std::find(k_offices.begin(), k_offices.end(), word) != k_offices.end();
  };
  if (is_known(local)) return true;
  // Anybody may call his box at a large provider so.
  const std::string_view host = std::string_view(contact.value).substr(at_sign + 1);
  if (is_free_host(host)) return false;
  while (!local.empty()) {
    const std::size_t end = std::min(local.find_first_of(".-_"), local.size());
    if (is_known(local.substr(0, end))) return true;
    local.remove_prefix(std::min(end + 1, local.size()));
  }
  return false;
}

bool has_plain_name(const Contact& contact) {
  if (contact.kind != "email") return false;
  const std::size_t at_sign = contact.value.find('@');
  const std::string_view host = std::string_view(contact.value).substr(at_sign + 1);
  if (is_free_host(host)) return false;
  return std::none_of(contact.value.begin(), contact.value.begin() + static_cast<std::ptrdiff_t>(at_sign), is_digit);
}

bool names_its_house(std::string_view folded, const Contact& contact) {
  if (contact.kind != "email" || hiding_of(contact) != Hiding::none) return false;
  std::string_view host = std::string_view(contact.value).substr(contact.value.find('@') + 1);
  host = host.substr(0, host.rfind('.'));
  while (!host.empty()) {
    const std::size_t end = std::min(host.find_first_of(".-"), host.size());
    const std::string_view word = host.substr(0, end);
    if (!is_common_name(word) && has_outside_addresses(folded, word)) return true;
    host.remove_prefix(std::min(end + 1, host.size()));
  }
  return false;
}

bool has_hidden_contact(base::ByteView text) {
  return has_hidden_account(text.text()) || has_hex_run(text.text(), is_messenger_number);
}

}  // namespace lastgood::indicators
