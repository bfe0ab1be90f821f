// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Keys as people keep them: key files and paper keys. Grammar of the paper key (borg documentation, "borg key export"):
// "id: LINES / 18 hex of the repository / 12 hex of SHA-256(all) - 2 hex", then "N: up to 36 hex - 2 hex" per line, the
// last two digits being the first of SHA-256 over the line's number (16 bit, big endian) and bytes. Blanks do not
// count.
#include <algorithm>
#include <charconv>

#include "base/checksum.h"
#include "base/misuse.h"
#include "sources/borg/repo_key.h"

namespace lastgood::sources::borg {

namespace {

constexpr std::size_t k_key_text_bytes_max = 1U << 20;

base::Error no_key_text(std::string what) {
  return base::misuse(std::move(what), "give the file that 'borg key export' wrote, or the paper key line by line");
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  return c >= 'A' && c <= 'F' ? c - 'A' + 10 : -1;
}

int base64_digit(char c) {
  if (c >= 'A' && c <= 'Z') return c - 'A';
  if (c >= 'a' && c <= 'z') return c - 'a' + 26;
  if (c >= '0' && c <= '9') return c - '0' + 52;
  return c == '+' ? 62 : c == '/' ? 63 : -1;
}

bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\f' || c == '\v'; }

std::optional<std::string> parse_base64(std::string_view text) {
  std::string out;
  std::uint32_t bits = 0;
  unsigned held = 0;
  for (const char c : text) {
    if (is_blank(c) || c == '=') continue;
    const int digit = base64_digit(c);
    if (digit < 0) return std::nullopt;
    bits = (bits << 6) | static_cast<std::uint32_t>(digit);
    held += 6;
    if (held >= 8) {
      held -= 8;
      out += static_cast<char>((bits >> held) & 0xFF);
    }
  }
  return out;
}

std::string without_blanks(std::string_view line) {
  std::string out;
  for (const char c : line) {
    if (!is_blank(c)) out += c >= 'A' && c <= 'F' ? static_cast<char>(c - 'A' + 'a') : c;
  }
  return out;
}

std::string short_digest(std::string_view bytes, std::size_t digits) {
  return base::hex(base::ByteView(base::sha256(base::ByteView(bytes)))).substr(0, digits);
}

base::Result<std::string> parse_paper_line(std::string_view line, unsigned number) {
  const std::size_t dash = line.find('-');
  const std::optional<std::string> bytes =
      dash == std::string_view::npos ? std::nullopt : parse_hex(line.substr(0, dash));
  if (!bytes || bytes->size() > 18)
    return no_key_text("line " + std::to_string(number) + " of the paper key is no such line");
  std::string checked;
  checked += static_cast<char>(number >> 8);
  checked += static_cast<char>(number & 0xFF);
  checked += *bytes;
  if (short_digest(checked, 2) != line.substr(dash + 1)) {
    return no_key_text("line " + std::to_string(number) + " of the paper key does not fit its checksum");
  }
  return *bytes;
}

/// "LINES/REPOSITORY/CHECKSUM-XX"
struct PaperHead {
  unsigned lines = 0;
  std::string checksum;
};

base::Result<PaperHead> parse_paper_head(std::string_view line) {
  const std::size_t dash = line.find('-');
  const std::size_t first = line.find('/');
  const std::size_t second = first == std::string_view::npos ? first : line.find('/', first + 1);
  PaperHead head;
  if (dash == std::string_view::npos || second == std::string_view::npos || second > dash ||
      std::from_chars(line.data(), line.data() + first, head.lines).ptr != line.data() + first || head.lines == 0 ||
      head.lines > 1000) {
    return no_key_text("the line 'id:' of the paper key is no such line");
  }
  if (short_digest(line.substr(0, dash), 2) != line.substr(dash + 1)) {
    return no_key_text("the line 'id:' of the paper key does not fit its checksum");
  }
  head.checksum = line.substr(second + 1, dash - second - 1);
  return head;
}

base::Result<std::string> parse_paper_key(std::string_view text) {
  std::optional<PaperHead> head;
  std::string blob;
  unsigned number = 0;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    const std::string line = without_blanks(text.substr(0, end));
    text.remove_prefix(std::min(end + 1, text.size()));
    const std::size_t colon = line.find(':');
    if (colon == std::string::npos) continue;
    const std::string_view rest = std::string_view(line).substr(colon + 1);
    if (!head) {
      if (!std::string_view(line).starts_with("id:")) continue;
      LG_ASSIGN(head, parse_paper_head(rest));
      continue;
    }
    if (number == head->lines) break;
    LG_ASSIGN(const std::string bytes, parse_paper_line(rest, ++number));
    blob += bytes;
  }
  if (!head) return no_key_text("the paper key has no line 'id:'");
  if (number != head->lines) {
    return no_key_text("the paper key has " + std::to_string(number) + " lines of " + std::to_string(head->lines));
  }
  if (short_digest(blob, 12) != head->checksum)
    return no_key_text("the paper key as a whole does not fit its checksum");
  return blob;
}

}  // namespace

std::optional<std::string> parse_hex(std::string_view digits) {
  if (digits.size() % 2 != 0) return std::nullopt;
  std::string out;
  for (std::size_t i = 0; i < digits.size(); i += 2) {
    const int high = hex_digit(digits[i]);
    const int low = hex_digit(digits[i + 1]);
    if (high < 0 || low < 0) return std::nullopt;
    out += static_cast<char>(high * 16 + low);
  }
  return out;
}

base::Result<std::string> parse_key_text(std::string_view text) {
  if (text.size() > k_key_text_bytes_max) return no_key_text("the key has " + std::to_string(text.size()) + " bytes");
  if (text.find("BORG PAPER KEY") != std::string_view::npos || text.starts_with("id:")) return parse_paper_key(text);
  if (text.starts_with("BORG_KEY")) text.remove_prefix(std::min(text.find('\n'), text.size()));
  std::optional<std::string> blob = parse_base64(text);
  if (!blob || blob->empty()) return no_key_text("the key is neither a key file of borg nor a paper key");
  return *std::move(blob);
}

}  // namespace lastgood::sources::borg
