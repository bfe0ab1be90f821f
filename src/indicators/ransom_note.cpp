// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A note must say four things: that files were encrypted, whose they are, whom to contact, what is wanted. Ordinary
// texts about encryption (manuals, licences, source code) say one or two of them. An anonymous contact (onion service,
// messenger ID, mail host without names) is what no ordinary text has beside the other three.
#include "indicators/ransom_note.h"

#include <emmintrin.h>

#include <algorithm>
#include <array>
#include <span>
#include <string>

#include "indicators/find_contacts.h"
#include "indicators/plain_text.h"

namespace lastgood::indicators {

namespace {

constexpr std::size_t k_note_bytes_max = 64 * 1024;
constexpr std::size_t k_note_bytes_min = 40;
// Longer texts need an anonymous contact: a page about ransomware says the same words, but has no such address.
constexpr std::size_t k_long_bytes = 12 * 1024;

using Words = std::span<const std::string_view>;

// Stems, so that one entry serves many forms. ASCII letters stand in lower case; others in both cases where both occur.
constexpr std::array k_claims = std::to_array<std::string_view>({"been encrypted",
                                                                 "are encrypted",
                                                                 "were encrypted",
                                                                 "was encrypted",
                                                                 "is encrypted",
                                                                 "encrypted your",
                                                                 "encrypted all",
                                                                 "encrypted and",
                                                                 "files encrypted",
                                                                 "encrypted with",
                                                                 "been locked",
                                                                 "are locked",
                                                                 "encrypted by",
                                                                 "decrypt your",
                                                                 "decrypt files",
                                                                 "decrypt all",
                                                                 "encrypted.",
                                                                 "we encrypted",
                                                                 "verschlüsselt",
                                                                 "chiffré",
                                                                 "crypté",
                                                                 "encriptad",
                                                                 "cifrad",
                                                                 "criptografad",
                                                                 "criptat",
                                                                 "cifrat",
                                                                 "зашифрован",
                                                                 "şifrelen",
                                                                 "已被加密",
                                                                 "被加密",
                                                                 "已加密",
                                                                 "entered and every",
                                                                 "every important file",
                                                                 "is locked",
                                                                 "एन्क्रिप्ट"});
constexpr std::array k_owner = std::to_array<std::string_view>(
    {"your files",    "your data",     "your network",    "your company",   "your documents",
     "your server",   "your personal", "your system",     "your databases", "your important",
     "your business", "your computer", "your backups",    "all files",      "ihre dateien",
     "ihre daten",    "ihre server",   "ihr netz",        "vos fichiers",   "vos données",
     "vos serveurs",  "votre réseau",  "sus archivos",    "su red",         "sus servidores",
     "seus arquivos", "sua rede",      "seus servidores", "vostri file",    "vostra rete",
     "vostri server", "ваши ",         "ваша ",           "Ваши ",          "Ваша ",
     "dosyalarınız",  "ağınız",        "sunucularınız",   "您的",           "你的",
     "आपके",           "आपकी"});
constexpr std::array k_demands = std::to_array<std::string_view>({"bitcoin",
                                                                  "monero",
                                                                  "ransom",
                                                                  "payment",
                                                                  "to pay",
                                                                  "pay us",
                                                                  "you pay",
                                                                  "price",
                                                                  "decryptor",
                                                                  "decryption tool",
                                                                  "decryption key",
                                                                  "decrypt key",
                                                                  "private key",
                                                                  "unique key",
                                                                  "recover your",
                                                                  "restore your",
                                                                  "to recover",
                                                                  "to restore",
                                                                  "we restore",
                                                                  "leak",
                                                                  "publish",
                                                                  "be sold",
                                                                  "on sale",
                                                                  "guarantee",
                                                                  "free decryption",
                                                                  "for free",
                                                                  "at no cost",
                                                                  "test file",
                                                                  "do not rename",
                                                                  "don't rename",
                                                                  "do not try",
                                                                  "do not use",
                                                                  "third party",
                                                                  "third-party",
                                                                  "contact us",
                                                                  "write to",
                                                                  "write here",
                                                                  "email us",
                                                                  "tor browser",
                                                                  "personal id",
                                                                  "bezahl",
                                                                  "zahlen",
                                                                  "veröffentlich",
                                                                  "kostenlos",
                                                                  "schlüssel zu",
                                                                  "kontaktier",
                                                                  "entschlüssel",
                                                                  "ihre kennung",
                                                                  "benennen sie",
                                                                  "le prix",
                                                                  "payer",
                                                                  "publier",
                                                                  "gratuit",
                                                                  "la clé",
                                                                  "contactez",
                                                                  "déchiffr",
                                                                  "votre identifiant",
                                                                  "pagar",
                                                                  "publicar",
                                                                  "gratis",
                                                                  "la clave",
                                                                  "el precio",
                                                                  "escríb",
                                                                  "descifr",
                                                                  "su identificador",
                                                                  "publicaremos",
                                                                  "de graça",
                                                                  "a chave",
                                                                  "o preço",
                                                                  "decifr",
                                                                  "abra no tor",
                                                                  "seu identificador",
                                                                  "pagare",
                                                                  "pubblicher",
                                                                  "la chiave",
                                                                  "il prezzo",
                                                                  "contattate",
                                                                  "identificativo",
                                                                  "заплат",
                                                                  "опублик",
                                                                  "бесплатно",
                                                                  "ключ",
                                                                  "цена",
                                                                  "Цена",
                                                                  "расшифр",
                                                                  "напиш",
                                                                  "идентификатор",
                                                                  "ücretsiz",
                                                                  "yayınla",
                                                                  "fiyat",
                                                                  "ödeme",
                                                                  "anahtar",
                                                                  "yazın",
                                                                  "kimliğiniz",
                                                                  "免费",
                                                                  "解密",
                                                                  "公开",
                                                                  "支付",
                                                                  "比特币",
                                                                  "联系",
                                                                  "价格",
                                                                  "मुफ़्त",
                                                                  "डिक्रिप्ट",
                                                                  "कीमत",
                                                                  "भुगतान",
                                                                  "प्रकाशित",
                                                                  "संपर्क",
                                                                  "उपयोग न",
                                                                  "आपकी आईडी"});
constexpr std::array<std::string_view, 25> k_anonymous_hosts = {
    "proton.me", "protonmail.", "pm.me",      "tutanota.",  "tuta.io",    "tutamail.", "onionmail.",
    "cock.li",   "airmail.cc",  "mailfence.", "keemail.me", "msgsafe.io", "dnmx.",     "firemail.",
    "elude.in",  "ctemplar.",   "disroot.",   "riseup.",    "mail2tor",   "secmail.",  "cyberfear.",
    "jabb",      "xmpp.",       "aol.com",    "criptext."};

bool has_any(std::string_view text, Words words) {
  return std::any_of(words.begin(), words.end(),
                     [&](std::string_view word) { return text.find(word) != std::string_view::npos; });
}

std::size_t count_of(std::string_view text, Words words) {
  return static_cast<std::size_t>(std::count_if(
      words.begin(), words.end(), [&](std::string_view word) { return text.find(word) != std::string_view::npos; }));
}

bool is_anonymous(const Contact& contact) {
  if (contact.kind == "onion") return true;
  if (contact.kind == "tox" || contact.kind == "session") return true;
  if (contact.kind != "email") return false;
  const std::string_view host = std::string_view(contact.value).substr(contact.value.find('@') + 1);
  return std::any_of(k_anonymous_hosts.begin(), k_anonymous_hosts.end(),
                     [&](std::string_view known) { return host.starts_with(known); });
}

/// A text in a language or encoding whose words are not known here: it is short, and its contacts are those of a note.
std::vector<std::string> find_signs_without_words(std::string_view folded, const std::vector<Contact>& contacts) {
  constexpr std::size_t k_few_words_bytes = 3 * 1024;
  const auto onion = std::find_if(contacts.begin(), contacts.end(), [](const Contact& contact) {
    return contact.kind == "onion" && contact.level == "checksum";
  });
  const bool foreign =
      std::any_of(folded.begin(), folded.end(), [](char c) { return static_cast<unsigned char>(c) >= 0x80; });
  if (folded.size() > k_few_words_bytes || onion == contacts.end() || !foreign) return {};
  const bool more = contacts.size() >= 2 || folded.find("tor browser") != std::string_view::npos;
  if (!more) return {};
  return {"is short and names an onion service, " + onion->value,
          "names " + std::to_string(contacts.size()) + " contacts or payment addresses",
          "is in a language or encoding whose words were not compared"};
}

bool is_note_name(std::string_view name) {
  std::string folded(name);
  std::transform(folded.begin(), folded.end(), folded.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  constexpr std::array<std::string_view, 8> k_names = {"decrypt", "recover", "restore", "ransom",
                                                       "how_to",  "how to",  "unlock",  "your_files"};
  return has_any(folded, k_names);
}

/// Sixteen places at once: "ryp" (encrypt, decrypt, crypted) or "nio" (onion) in any case.
bool has_sign_letters(base::ByteView text) {
  const std::string_view bytes = text.text();
  const __m128i lower = _mm_set1_epi8(0x20);
  const auto load = [&](std::size_t at) {
    return _mm_or_si128(_mm_loadu_si128(static_cast<const __m128i*>(static_cast<const void*>(bytes.data() + at))),
                        lower);
  };
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

/// Notes in other languages than English say it in other letters; such texts are few and short enough to be read whole.
bool is_short_and_foreign(base::ByteView text) {
  constexpr std::size_t k_looked_bytes = 400;
  const base::ByteView looked = text.part(0, k_looked_bytes);
  return text.size() <= k_long_bytes &&
         std::any_of(looked.begin(), looked.end(), [](std::uint8_t byte) { return byte >= 0x80; });
}

bool is_wide(base::ByteView text) {
  return text.matches(0, "\xFF\xFE") || text.matches(0, "\xFE\xFF") || (text.u8(1) == 0 && text.u8(3) == 0);
}

/// A note says how to answer. Searching for one character or word costs little, comparing a hundred phrases does not.
bool has_contact_sign(base::ByteView text) {
  constexpr std::array<std::string_view, 6> k_signs = {"@", "onion", "ONION", "t.me/", "ession", "ox id"};
  if (has_any(text.text(), k_signs)) return true;
  return text.find("TOX") != base::ByteView::npos || text.find("Tox") != base::ByteView::npos || is_wide(text);
}

}  // namespace

bool may_be_note(base::ByteView text, std::string_view name) {
  if (text.size() < k_note_bytes_min || text.size() > k_note_bytes_max) return false;
  if (!is_wide(text) && !has_sign_letters(text) && !is_note_name(name) && !is_short_and_foreign(text)) return false;
  return has_contact_sign(text);
}

std::vector<std::string> find_note_signs(base::ByteView text, std::string_view name) {
  const std::string folded = plain_text(text);
  const bool claims = has_any(folded, k_claims);
  const bool onion = folded.find(".onion") != std::string::npos;
  if (!claims && !onion) return {};
  const bool addresses = has_any(folded, k_owner);
  const std::size_t demands = count_of(folded, k_demands);
  const std::vector<Contact> contacts = find_contacts(base::ByteView(std::string_view(folded)), 0, 16);
  if (!claims || demands < 2) return find_signs_without_words(folded, contacts);
  const auto anonymous = std::find_if(contacts.begin(), contacts.end(), is_anonymous);

  std::vector<std::string> signs = {"says that files were encrypted"};
  if (addresses) signs.emplace_back("addresses the owner of the files");
  signs.push_back("demands, offers or threatens in " + std::to_string(demands) + " phrases of known notes");
  if (anonymous != contacts.end())
    signs.push_back("names an anonymous contact, " + anonymous->kind + " " + anonymous->value);
  else if (!contacts.empty())
    signs.push_back("names a contact, " + contacts.front().kind + " " + contacts.front().value);
  if (is_note_name(name)) signs.emplace_back("is named as notes are");

  const bool short_text = folded.size() <= k_long_bytes;
  const bool sure = anonymous != contacts.end() && (addresses || demands >= 4);
  const bool likely = short_text && addresses && !contacts.empty() && demands >= 4;
  const bool named = short_text && addresses && !contacts.empty() && demands >= 3 && is_note_name(name);
  if (!sure && !likely && !named) signs.clear();
  return signs;
}

}  // namespace lastgood::indicators
