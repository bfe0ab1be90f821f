// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Makes archives byte by byte, also such as no tool would write.
#pragma once

#include <cstdint>
#include <cstdio>
#include <string>
#include <string_view>

namespace lastgood::sources::tar::testing {

struct HeaderFields {
  std::string name;
  char type = '0';
  std::string size = "";  // the field's text; "" : octal of the content's length
  std::string link_name = "";
  std::string mode = "0000644";
  std::string mtime = "14337001000";
  std::string magic = std::string("ustar\0", 6) + "00";
};

inline std::string octal(std::uint64_t number, int digits) {
  char text[32];
  std::snprintf(text, sizeof text, "%0*llo", digits, static_cast<unsigned long long>(number));
  return text;
}

/// `block` with the checksum that fits.
inline std::string with_checksum(std::string block) {
  block.replace(148, 8, "        ");
  std::uint64_t sum = 0;
  for (const char c : block) sum += static_cast<unsigned char>(c);
  block.replace(148, 8, octal(sum, 6) + std::string("\0 ", 2));
  return block;
}

inline std::string header_block(const HeaderFields& fields, std::uint64_t content_bytes) {
  std::string block(512, '\0');
  const auto put = [&](std::size_t offset, std::string_view text) { block.replace(offset, text.size(), text); };
  put(0, std::string_view(fields.name).substr(0, 100));
  put(100, fields.mode);
  put(108, "0001750");
  put(116, "0001750");
  put(124, fields.size.empty() ? octal(content_bytes, 11) : fields.size);
  put(136, fields.mtime);
  block[156] = fields.type;
  put(157, std::string_view(fields.link_name).substr(0, 100));
  put(257, fields.magic);
  return with_checksum(block);
}

inline std::string member(const HeaderFields& fields, std::string_view content = {}) {
  std::string bytes = header_block(fields, content.size()) + std::string(content);
  bytes.resize((bytes.size() + 511) / 512 * 512, '\0');
  return bytes;
}

inline std::string file(const std::string& name, std::string_view content) { return member({.name = name}, content); }
inline std::string folder(const std::string& name) { return member({.name = name, .type = '5', .mode = "0000755"}); }
inline std::string link(const std::string& name, const std::string& target) {
  return member({.name = name, .type = '2', .link_name = target});
}
inline std::string hard_link(const std::string& name, const std::string& target) {
  return member({.name = name, .type = '1', .link_name = target});
}
inline std::string end_mark() { return std::string(1024, '\0'); }

inline std::string pax_record(std::string_view key, std::string_view value) {
  const std::string body = " " + std::string(key) + "=" + std::string(value) + "\n";
  std::size_t length = body.size() + 1;
  while (std::to_string(length).size() + body.size() != length) length = std::to_string(length).size() + body.size();
  return std::to_string(length) + body;
}
/// Records for the member that follows.
inline std::string pax(const std::string& records) { return member({.name = "PaxHeaders/x", .type = 'x'}, records); }

}  // namespace lastgood::sources::tar::testing
