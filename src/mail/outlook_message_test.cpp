// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the header inside an Outlook message is found, short and long, and that no broken container leads astray:
// the containers are written here by [MS-CFB].
#include "mail/outlook_message.h"

#include <gtest/gtest.h>

#include <array>

namespace lastgood::mail {
namespace {

void put(std::string& bytes, std::size_t at, std::uint64_t value, int count) {
  for (int i = 0; i < count; ++i) bytes[at + static_cast<std::size_t>(i)] = static_cast<char>(value >> (8 * i));
}

void put_entry(std::string& bytes, std::size_t at, std::string_view name, int kind, std::uint32_t right,
               std::uint32_t child, std::uint32_t first, std::size_t size) {
  for (std::size_t i = 0; i < name.size(); ++i) bytes[at + 2 * i] = name[i];
  put(bytes, at + 64, 2 * name.size() + 2, 2);
  put(bytes, at + 66, static_cast<std::uint64_t>(kind), 1);
  put(bytes, at + 68, 0xFFFFFFFF, 4);
  put(bytes, at + 72, right, 4);
  put(bytes, at + 76, child, 4);
  put(bytes, at + 116, first, 4);
  put(bytes, at + 120, size, 8);
}

/// Sector 0: table; 1: directory; 2: table of small streams; 3 on: the stream, or the root's stream with it inside.
std::string message(std::string_view stream_name, const std::string& stream) {
  const bool small = stream.size() < 4096;
  const std::size_t sectors = (stream.size() + 511) / 512;
  std::string bytes(512 * (4 + sectors), '\0');
  constexpr std::array<unsigned char, 8> k_magic = {0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1};
  for (std::size_t i = 0; i < 8; ++i) bytes[i] = static_cast<char>(k_magic.at(i));
  put(bytes, 26, 3, 2);
  put(bytes, 30, 9, 2);
  put(bytes, 32, 6, 2);
  put(bytes, 44, 1, 4);
  put(bytes, 48, 1, 4);
  put(bytes, 56, 4096, 4);
  put(bytes, 60, small ? 2 : 0xFFFFFFFE, 4);
  put(bytes, 68, 0xFFFFFFFE, 4);
  put(bytes, 76, 0, 4);
  for (std::size_t i = 1; i < 109; ++i) put(bytes, 76 + 4 * i, 0xFFFFFFFF, 4);
  for (std::size_t i = 0; i < 128; ++i) put(bytes, 512 + 4 * i, 0xFFFFFFFF, 4);
  for (std::size_t i = 0; i < 3; ++i) put(bytes, 512 + 4 * i, 0xFFFFFFFE, 4);
  for (std::size_t i = 0; i < sectors; ++i) put(bytes, 512 + 4 * (3 + i), i + 1 < sectors ? 4 + i : 0xFFFFFFFE, 4);
  put_entry(bytes, 1024, "Root Entry", 5, 0xFFFFFFFF, 1, small ? 3 : 0xFFFFFFFE, small ? sectors * 512 : 0);
  put_entry(bytes, 1024 + 128, "__nameid_version1.0", 1, 2, 0xFFFFFFFF, 0, 0);
  put_entry(bytes, 1024 + 256, stream_name, 2, 0xFFFFFFFF, 0xFFFFFFFF, small ? 0 : 3, stream.size());
  const std::size_t pieces = (stream.size() + 63) / 64;
  for (std::size_t i = 0; small && i < pieces; ++i) put(bytes, 1536 + 4 * i, i + 1 < pieces ? i + 1 : 0xFFFFFFFE, 4);
  return bytes.replace(2048, stream.size(), stream);
}

std::string wide(std::string_view text) {
  std::string bytes;
  for (const char c : text) bytes += {c, '\0'};
  return bytes;
}

constexpr std::string_view k_wide = "__substg1.0_007D001F";
constexpr std::string_view k_narrow = "__substg1.0_007D001E";

TEST(OutlookMessage, gives_its_header_short_and_long) {
  const std::string short_header = "Received: from a by b\r\nSubject: x\r\n\r\n";
  const std::string long_header = "Received: from a by b\r\nX: " + std::string(9000, 'y') + "\r\n\r\n";
  for (const std::string& header : {short_header, long_header}) {
    EXPECT_EQ(find_transport_headers(base::ByteView(message(k_narrow, header))), header);
    EXPECT_EQ(find_transport_headers(base::ByteView(message(k_wide, wide(header)))), header);
  }
  EXPECT_FALSE(find_transport_headers(base::ByteView(message("__substg1.0_1000001F", "body"))));
  EXPECT_FALSE(find_transport_headers(base::ByteView(std::string_view("Received: from a by b\n\n"))));
}

TEST(OutlookMessage, survives_every_cut_and_chains_in_circles) {
  const std::string whole = message(k_narrow, std::string(5000, 'h'));
  for (std::size_t cut = 0; cut < whole.size(); cut += 13)
    (void)find_transport_headers(base::ByteView(std::string_view(whole).substr(0, cut)));
  for (std::size_t at = 0; at < 1600; ++at) {
    for (const char byte : {'\0', '\x01', '\x03', '\x7F', '\xFF'}) {
      std::string changed = whole;
      changed[at] = byte;
      (void)find_transport_headers(base::ByteView(changed));
    }
  }
  std::string circle = whole;
  put(circle, 512 + 4 * 3, 3, 4);      // the stream's first sector leads to itself
  put(circle, 1024 + 256 + 68, 1, 4);  // and the tree back up
  put(circle, 1024 + 128 + 68, 2, 4);
  EXPECT_EQ(find_transport_headers(base::ByteView(circle)).value_or("").size(), 5000U);
}

}  // namespace
}  // namespace lastgood::mail
