// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/note_texts.h"

#include <array>

#include <fmt/format.h>
#include <openssl/evp.h>

#include "base/assert.h"
#include "base/byte_view.h"
#include "drill/damage/seeded_bytes.h"

namespace lastgood::drill {
namespace {

std::string base32_lower(std::string_view bytes) {
  constexpr std::string_view letters = "abcdefghijklmnopqrstuvwxyz234567";  // RFC 4648, section 6
  std::string out;
  unsigned kept = 0;
  unsigned kept_bits = 0;
  for (const char byte : bytes) {
    kept = (kept << 8) | static_cast<unsigned char>(byte);
    kept_bits += 8;
    while (kept_bits >= 5) {
      kept_bits -= 5;
      out += letters[(kept >> kept_bits) & 31U];
    }
    kept &= (1U << kept_bits) - 1;
  }
  return out;
}

std::string paragraphs(const NoteContacts& contacts, std::string_view extension, std::string_view line_break) {
  return fmt::format(
      "Hello.{0}{0}All files on your servers were encrypted and now end in {1}. Your database, your backups and your "
      "mail "
      "are among them.{0}Nobody but us has the key. Do not rename the files and do not try other programs: that would "
      "destroy your data for good.{0}{0}To get your files back, write to {2} or, when no answer comes within a day, to "
      "{3}.{0}Or open http://{4}/ in Tor Browser.{0}Send two small files and we decrypt them free of charge as a proof."
      "{0}{0}The price in bitcoin depends on how soon you write. If you do not pay, the patient records we copied will "
      "be "
      "published.{0}{0}Your ID: {5}{0}",
      line_break, extension, contacts.first_mail, contacts.second_mail, contacts.onion, contacts.victim_id);
}

}  // namespace

std::string onion_name_of(std::string_view key_bytes) {
  LG_ASSERT(key_bytes.size() == 32);
  constexpr char version = 3;
  const std::string hashed = std::string(".onion checksum").append(key_bytes) + version;
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  const base::ByteView view{std::string_view(hashed)};
  LG_ASSERT(EVP_Digest(view.span().data(), view.size(), digest.data(), nullptr, EVP_sha3_256(), nullptr) == 1);
  std::string all(key_bytes);
  all += static_cast<char>(digest[0]);
  all += static_cast<char>(digest[1]);
  all += version;
  return base32_lower(all) + ".onion";
}

NoteContacts make_note_contacts(std::uint64_t seed) {
  SeededBytes random(seed, "note");
  const std::vector<std::uint8_t> key = random.take(32);
  return {.first_mail = "fox1204@mailbox.example.org",
          .second_mail = "heron77310@mailbox.example.org",
          .onion = onion_name_of(base::ByteView(key).text()),
          .victim_id = random.text("0123456789ABCDEF", 16)};
}

std::vector<NoteText> make_note_texts(const NoteContacts& contacts, std::string_view extension) {
  const std::string text = paragraphs(contacts, extension, "\r\n");
  const std::string html = fmt::format(
      "<!DOCTYPE html>\n<html><head><title>Your files</title></head><body bgcolor=\"#202020\" "
      "text=\"#ffffff\"><h1>READ THIS</h1><p>{}</p></body></html>\n",
      paragraphs(contacts, extension, "<br>\n"));
  return {{"HOW_TO_GET_FILES_BACK.txt", text}, {"HOW_TO_GET_FILES_BACK.html", html}};
}

}  // namespace lastgood::drill
