// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A note must say four things: that files were encrypted, whose they are, whom to contact, what is wanted. Ordinary texts
// about encryption (manuals, licences, source code) say one or two of them. An anonymous contact (onion service, messenger
// ID, mail host without names) is what no ordinary text has beside the other three.
#include "indicators/ransom_note.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>

#include "indicators/find_contacts.h"

namespace lastgood::indicators {

namespace {

constexpr std::size_t k_note_bytes_max = 64 * 1024;
constexpr std::size_t k_note_bytes_min = 40;
// Longer texts need an anonymous contact: a page about ransomware says the same words, but has no such address.
constexpr std::size_t k_long_bytes = 12 * 1024;

using Words = std::span<const std::string_view>;

constexpr std::array<std::string_view, 24> k_claims = {
    "been encrypted", "are encrypted", "were encrypted", "was encrypted", "is encrypted", "encrypted your", "encrypted all", "encrypted and", "files encrypted", "encrypted with",
    "been locked", "are locked", "encrypted by", "decrypt your", "decrypt files", "decrypt all", "sind verschlüsselt", "wurden verschlüsselt",
    "ont été chiffré", "ont été crypt", "han sido cifrad", "sido encriptad", "foram criptografad", "зашифрован"};
constexpr std::array<std::string_view, 22> k_owner = {
    "your files", "your data", "your network", "your company", "your documents", "your server", "your personal", "your system", "your databases", "your important", "your business", "your computer", "your backups",
    "all files", "ihre dateien", "ihre daten", "vos fichiers", "vos données", "sus archivos", "seus arquivos", "ваши файлы", "ваших файл"};
constexpr std::array<std::string_view, 34> k_demands = {
    "bitcoin", "monero", "ransom", "payment", "to pay", "pay us", "you pay", "price", "decryptor", "decryption tool", "decryption key", "decrypt key", "private key", "unique key", "recover your", "restore your", "to recover", "to restore",
    "leak", "publish", "be sold", "guarantee", "free decryption", "for free", "test file", "do not rename", "don't rename", "do not try", "third party", "third-party", "contact us", "write to", "email us", "tor browser"};
constexpr std::array<std::string_view, 25> k_anonymous_hosts = {
    "proton.me", "protonmail.", "pm.me", "tutanota.", "tuta.io", "tutamail.", "onionmail.", "cock.li", "airmail.cc", "mailfence.", "keemail.me", "msgsafe.io", "dnmx.", "firemail.", "elude.in",
    "ctemplar.", "disroot.", "riseup.", "mail2tor", "secmail.", "cyberfear.", "jabb", "xmpp.", "aol.com", "criptext."};

bool has_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

std::size_t count_of(std::string_view text, Words words) {
  return static_cast<std::size_t>(std::count_if(words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; }));
}

/// Lower case, UTF-16 of Latin letters to bytes, markup taken out, white space and line breaks as one blank.
std::string fold(base::ByteView text) {
  std::string out;
  out.reserve(text.size());
  bool in_tag = false;
  for (const std::uint8_t byte : text) {
    if (byte == 0) continue;
    if (byte == '<') in_tag = true;
    if (byte == '<' || byte == '>') {
      if (byte == '>') in_tag = false;
      if (!out.empty() && out.back() != ' ') out += ' ';
      continue;
    }
    if (in_tag) continue;
    const bool blank = byte <= ' ';
    if (blank && (out.empty() || out.back() == ' ')) continue;
    out += blank ? ' ' : byte >= 'A' && byte <= 'Z' ? static_cast<char>(byte + 32) : static_cast<char>(byte);
  }
  return out;
}

bool is_anonymous(const Contact& contact) {
  if (contact.kind == "onion") return true;
  if (contact.kind == "tox" || contact.kind == "session") return true;
  if (contact.kind != "email") return false;
  const std::string_view host = std::string_view(contact.value).substr(contact.value.find('@') + 1);
  return std::any_of(k_anonymous_hosts.begin(), k_anonymous_hosts.end(), [&](std::string_view known) { return host.starts_with(known); });
}

bool is_note_name(std::string_view name) {
  std::string folded(name);
  std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::array<std::string_view, 8> k_names = {"decrypt", "recover", "restore", "ransom", "how_to", "how to", "unlock", "your_files"};
  return has_any(folded, k_names);
}

/// Sixteen places at once: "ryp" (encrypt, decrypt, crypted) or "nio" (onion) in any case.
bool has_sign_letters(base::ByteView text) {
  const std::string_view bytes = text.text();
  const __m128i lower = _mm_set1_epi8(0x20);
  const auto load = [&](std::size_t at) { return _mm_or_si128(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(bytes.data() + at))), lower); };
  const auto is = [](__m128i block, char letter) { return _mm_cmpeq_epi8(block, _mm_set1_epi8(letter)); };
  std::size_t at = 0;
  for (; at + 18 <= bytes.size(); at += 16) {
    const __m128i first = load(at);
    const __m128i second = load(at + 1);
    const __m128i third = load(at + 2);
    const __m128i crypt = _mm_and_si128(_mm_and_si128(is(first, 'r'), is(second, 'y')), is(third, 'p'));
    const __m128i onion = _mm_and_si128(_mm_and_si128(is(first, 'n'), is(second, 'i')), is(third, 'o'));
    const int hits = _mm_movemask_epi8(_mm_or_si128(crypt, onion));
    if (hits == 0) continue;
    if (_mm_movemask_epi8(crypt) != 0) return true;
    if (bytes.substr(at < 2 ? 0 : at - 2, 24).find("onion") != std::string_view::npos) return true;
  }
  return text.part(at > 2 ? at - 2 : 0).find("ryp") != base::ByteView::npos;
}

bool is_wide(base::ByteView text) { return text.matches(0, "\xFF\xFE") || text.matches(0, "\xFE\xFF") || (text.u8(1) == 0 && text.u8(3) == 0); }

}  // namespace

bool may_be_note(base::ByteView text, std::string_view name) {
  if (text.size() < k_note_bytes_min || text.size() > k_note_bytes_max) return false;
  return is_wide(text) || has_sign_letters(text) || is_note_name(name) || text.find("\xD1\x84\xD1\x80") != base::ByteView::npos;
}

std::vector<std::string> find_note_signs(base::ByteView text, std::string_view name) {
  const std::string folded = fold(text);
  const bool claims = has_any(folded, k_claims);
  const bool addresses = has_any(folded, k_owner);
  const std::size_t demands = count_of(folded, k_demands);
  if (!claims || demands < 2) return {};
  const std::vector<Contact> contacts = find_contacts(base::ByteView(std::string_view(folded)), 0, 16);
  const auto anonymous = std::find_if(contacts.begin(), contacts.end(), is_anonymous);

  std::vector<std::string> signs = {"says that files were encrypted"};
  if (addresses) signs.emplace_back("addresses the owner of the files");
  signs.push_back("demands, offers or threatens in " + std::to_string(demands) + " phrases of known notes");
  if (anonymous != contacts.end()) signs.push_back("names an anonymous contact, " + anonymous->kind + " " + anonymous->value);
  else if (!contacts.empty()) signs.push_back("names a contact, " + contacts.front().kind + " " + contacts.front().value);
  if (is_note_name(name)) signs.emplace_back("is named as notes are");

  const bool short_text = folded.size() <= k_long_bytes;
  const bool sure = anonymous != contacts.end() && (addresses || demands >= 4);
  const bool likely = short_text && addresses && !contacts.empty() && demands >= 4;
  const bool named = short_text && addresses && !contacts.empty() && demands >= 3 && is_note_name(name);
  if (!sure && !likely && !named) signs.clear();
  return signs;
}

}  // namespace lastgood::indicators
