// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Addresses are found by a character that must be in them ('@', ".onion"), the rest by cutting the text into runs of
// letters and digits and asking for each run what it could be.
#include "indicators/find_contacts.h"

#include <algorithm>
#include <array>
#include <string_view>

#include "base/letters.h"
#include "indicators/text_places.h"
#include "indicators/value_checks.h"
#include "indicators/victim_id.h"

namespace lastgood::indicators {

namespace {

using base::is_digit;
using base::is_letter;
using base::lower;

constexpr std::size_t k_local_bytes_max = 64;
constexpr std::size_t k_domain_bytes_max = 190;
constexpr std::size_t k_onion_label_bytes = 56;
constexpr std::size_t k_context_bytes = 48;

bool is_alnum(char c) { return is_word_byte(c); }
bool is_local(char c) { return is_alnum(c) || c == '.' || c == '_' || c == '-' || c == '+'; }
bool is_domain(char c) { return is_alnum(c) || c == '.' || c == '-'; }
bool is_hex(char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F'); }

bool is_host(std::string_view domain) {
  const std::size_t dot = domain.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || domain.size() - dot < 3 || domain.size() - dot > 16) return false;
  if (domain.find("..") != std::string_view::npos) return false;
  return std::all_of(domain.begin() + static_cast<std::ptrdiff_t>(dot) + 1, domain.end(), is_letter);
}

/// Collects each value once.
class Found {
 public:
  Found(std::uint64_t offset_bytes, std::size_t stride, std::size_t count_max)
      : offset_bytes_(offset_bytes), stride_(stride), count_max_(count_max) {}
  void add(std::string_view kind, std::string value, std::string_view level, std::size_t at) {
    const bool known = std::any_of(contacts_.begin(), contacts_.end(),
                                   [&](const Contact& other) { return other.kind == kind && other.value == value; });
    if (known || contacts_.size() >= count_max_) return;
    contacts_.push_back({.kind = std::string(kind),
                         .value = std::move(value),
                         .level = std::string(level),
                         .offset_bytes = offset_bytes_ + at * stride_});
  }
  std::vector<Contact>& contacts() { return contacts_; }
  /// True when something was found by which somebody can be reached or paid.
  [[nodiscard]] bool has_address() const {
    return std::any_of(contacts_.begin(), contacts_.end(), [](const Contact& c) { return c.kind != "victim_id"; });
  }

 private:
  std::uint64_t offset_bytes_;
  std::size_t stride_;
  std::size_t count_max_;
  std::vector<Contact> contacts_;
};

bool is_announced(std::string_view text, std::size_t at, std::initializer_list<std::string_view> words);

/// Accounts of Jabber look the same; the words before tell.
void find_mails(std::string_view text, Found& found) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t from = at;
    while (from > 0 && at - from < k_local_bytes_max && is_local(text[from - 1])) --from;
    std::size_t to = at + 1;
    while (to < text.size() && to - at < k_domain_bytes_max && is_domain(text[to])) ++to;
    while (to > at + 1 && !is_alnum(text[to - 1])) --to;
    while (from < at && !is_alnum(text[from])) ++from;
    const std::string_view domain = text.substr(at + 1, to - at - 1);
    if (at - from < 2 || domain.size() < 5 || !is_host(domain)) continue;
    const bool is_jabber = is_announced(text, from, {"jabber", "xmpp"});
    found.add("email", lower(text.substr(from, to - from)), is_jabber ? "context" : "shape", from);
  }
}

void find_onions(std::string_view text, Found& found) {
  for (std::size_t at = text.find(".onion"); at != std::string_view::npos; at = text.find(".onion", at + 1)) {
    std::size_t from = at;
    while (from > 0 && at - from < k_onion_label_bytes && is_alnum(text[from - 1])) --from;
    if (at - from != k_onion_label_bytes) continue;
    const std::string label = lower(text.substr(from, at - from));
    found.add("onion", label + ".onion", is_onion_v3(label) ? "checksum" : "shape", from);
  }
}

/// By the part of "t.me/" and "telegram.me/" whose first letter is rare.
void find_telegram(std::string_view text, Found& found) {
  constexpr std::string_view k_end = ".me/";
  for (std::size_t at = text.find(k_end); at != std::string_view::npos; at = text.find(k_end, at + 1)) {
    std::size_t from = at;
    while (from > 0 && at - from <= 8 && is_alnum(text[from - 1])) --from;
    const std::string_view host = text.substr(from, at - from);
    if (host != "t" && host != "telegram") continue;
    const auto link = find_telegram_name(text, at + k_end.size());
    if (link) found.add("telegram", link->name, "shape", link->from);
  }
}

/// "@name" is a Telegram account only where the text says so.
void find_telegram_names(std::string_view text, Found& found) {
  for (std::size_t at = text.find('@'); at != std::string_view::npos; at = text.find('@', at + 1)) {
    std::size_t to = at + 1;
    while (to < text.size() && to - at <= 32 && (is_alnum(text[to]) || text[to] == '_')) ++to;
    const bool inside_word = at > 0 && is_local(text[at - 1]);
    const bool is_mail =
        to < text.size() && (text[to] == '.' || text[to] == '-') && to + 1 < text.size() && is_alnum(text[to + 1]);
    if (to - at > 5 && to - at <= 33 && !inside_word && !is_mail && is_letter(text[at + 1]) &&
        is_announced(text, at,
                     {"telegram", "елеграм", "电报", "電報", "テレグラム", "텔레그램", "تلغرام", "تيليجرام", "تلگرام",
                      "טלגרם", "टेलीग्राम"}))
      found.add("telegram", lower(text.substr(at + 1, to - at - 1)), "context", at);
  }
}

/// True when one of the words stands shortly before `at`.
bool is_announced(std::string_view text, std::size_t at, std::initializer_list<std::string_view> words) {
  const std::size_t from = at > k_context_bytes ? at - k_context_bytes : 0;
  const std::string before = lower(text.substr(from, at - from));
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return before.find(word) != std::string::npos; });
}

bool is_id_like(std::string_view run) {
  return run.size() >= 8 && run.size() <= 64 && std::any_of(run.begin(), run.end(), is_digit);
}

/// The name of the messenger stands on either side.
bool is_near(std::string_view text, std::size_t at, std::string_view word) {
  constexpr std::size_t k_before_bytes = 200;
  constexpr std::size_t k_near_bytes = 300;
  const std::string near = lower(text.substr(at < k_before_bytes ? 0 : at - k_before_bytes, k_near_bytes));
  return near.find(word) != std::string::npos;
}

void judge_run(std::string_view text, std::size_t from, std::string_view run, Found& found) {
  const bool all_hex = std::all_of(run.begin(), run.end(), is_hex);
  if (run.size() == 76 && all_hex && is_tox_id(run)) return found.add("tox", lower(run), "checksum", from);
  // Mistyped or changed on purpose: the words around say what it was.
  if (run.size() == 76 && all_hex && is_near(text, from, "tox")) return found.add("tox", lower(run), "context", from);
  // A public key of 32 bytes behind the number of its kind; others that are written so begin with 02, 03 or 04.
  if (run.size() == 66 && all_hex && run.starts_with("05"))
    return found.add("session", lower(run), is_near(text, from, "session") ? "context" : "shape", from);
  if (run.size() == 42 && run.starts_with("0x") && std::all_of(run.begin() + 2, run.end(), is_hex) &&
      is_announced(text, from, {"eth", "usdt", "wallet", "pay"}))
    return found.add("eth", lower(run), "context", from);
  if ((run[0] == '1' || run[0] == '3') && run.size() >= 26 && run.size() <= 35 && is_base58check(run))
    return found.add("btc", std::string(run), "checksum", from);
  if (lower(run.substr(0, 3)) == "bc1" && run.size() >= 42 && run.size() <= 62 && is_bech32(run))
    return found.add("btc", lower(run), "checksum", from);
  if (lower(run.substr(0, 3)) == "bc1" && run.size() >= 42 && run.size() <= 62 &&
      is_announced(text, from, {"btc", "bitcoin", "wallet"}))
    return found.add("btc", lower(run), "context", from);
  if ((run[0] == '4' || run[0] == '8') && run.size() == 95 && is_announced(text, from, {"xmr", "monero", "wallet"}))
    return found.add("xmr", std::string(run), "context", from);
  const RunOfLetters id = with_joined_groups(text, {.from = from, .to = from + run.size()});
  const std::string_view written = text.substr(id.from, id.to - id.from);
  // A bare "id:" is in every second header; beside an address it is the victim's.
  if (is_victim_id(text, id) || (is_id_like(written) && found.has_address() && follows_bare_id(text, id.from)))
    found.add("victim_id", std::string(written), "context", id.from);
}

void find_runs(std::string_view text, Found& found) {
  constexpr std::size_t k_run_bytes_max = 100;
  const auto see_run = [&](std::size_t from, std::size_t to) {
    const std::size_t length = to - from;
    // The first of several short groups begins an ID, too.
    const bool may_be = length >= k_id_bytes_min || (length >= k_id_group_bytes_min && text.substr(to, 1) == "-");
    if (may_be && length <= k_run_bytes_max) judge_run(text, from, text.substr(from, length), found);
  };
  visit_places(text, see_run, [](std::size_t at) { return at + 1; });
}

void find_all(std::string_view text, Found& found) {
  find_mails(text, found);
  find_onions(text, found);
  find_telegram(text, found);
  find_telegram_names(text, found);
  find_runs(text, found);
}

/// Runs of UTF-16LE text in ASCII range, folded to bytes; other bytes become spaces. `phase` 0 or 1 is where pairs
/// begin.
std::string fold_utf16(base::ByteView bytes, std::size_t phase) {
  const base::ByteView pairs = bytes.part(phase);
  std::string out(pairs.size() / 2, ' ');
  for (std::size_t i = 0; i < out.size(); ++i) {
    const std::uint16_t pair = pairs.le16(2 * i);
    if (pair >= 0x20 && pair < 0x7F) out[i] = static_cast<char>(pair);
  }
  return out;
}

/// Where the attacker's part of a name begins; npos: nothing tells.
std::size_t find_appended_part(std::string_view name) {
  const std::string low = lower(name);
  std::size_t from = low.find_first_of("[{");
  for (const std::string_view mark : {".id-", ".id[", "_id-"}) from = std::min(from, low.find(mark));
  return from;
}

}  // namespace

std::vector<Contact> find_name_contacts(std::string_view name, std::size_t count_max) {
  const std::size_t from = find_appended_part(name);
  if (from == std::string_view::npos) return {};
  const std::string_view part = name.substr(from);
  Found found(0, 0, count_max);
  find_mails(part, found);
  find_onions(part, found);
  const bool has_address = found.has_address();
  for (std::size_t at = 0; at < part.size();) {
    // Parts of one ID are joined by '-': "1A2B3C4D-2803".
    while (at < part.size() && !is_alnum(part[at])) ++at;
    const std::size_t begin = at;
    while (at < part.size() && (is_alnum(part[at]) || (part[at] == '-' && at > begin))) ++at;
    std::string_view run = part.substr(begin, at - begin);
    if (lower(run.substr(0, 3)) == "id-") run.remove_prefix(3);
    const std::size_t run_begin = at - run.size();
    if (has_address && is_id_like(run) && follows_bare_id(part, run_begin))
      found.add("victim_id", std::string(run), "context", 0);
  }
  return std::move(found.contacts());
}

std::vector<Contact> find_contacts(base::ByteView bytes, std::uint64_t offset_bytes, std::size_t count_max) {
  Found found(offset_bytes, 1, count_max);
  find_all(bytes.text(), found);
  for (const std::size_t phase : {std::size_t{0}, std::size_t{1}}) {
    const std::string_view at_sign("@\0", 2);
    const std::string_view onion("o\0n\0i\0o\0n\0", 10);
    if (bytes.find(at_sign) == base::ByteView::npos && bytes.find(onion) == base::ByteView::npos) break;
    Found wide(offset_bytes + phase, 2, count_max);
    find_all(fold_utf16(bytes, phase), wide);
    for (Contact& contact : wide.contacts()) {
      if (found.contacts().size() < count_max) found.contacts().push_back(std::move(contact));
    }
  }
  std::sort(found.contacts().begin(), found.contacts().end(),
            [](const Contact& a, const Contact& b) { return a.offset_bytes < b.offset_bytes; });
  return std::move(found.contacts());
}

}  // namespace lastgood::indicators
