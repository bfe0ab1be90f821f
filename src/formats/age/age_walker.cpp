// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// age encrypted file, binary and armored. Source: C2SP "The age file encryption format", version 1.
//
//   file    = "age-encryption.org/v1" LF stanza+ "--- " mac(43 letters) LF nonce(16) chunk+
//   stanza  = "-> " arguments LF body: Base64 without padding in lines of 64 letters, the last one shorter
//   chunk   = ciphertext(65536; the last one 0 to 65536) tag(16)
//   armored = the same in Base64 lines of 64 letters between "-----BEGIN/END AGE ENCRYPTED FILE-----"
#include "formats/age/age_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"age", Promise::firm}};
constexpr std::string_view k_magic = "age-encryption.org/v1\n";
constexpr std::string_view k_armor_begin = "-----BEGIN AGE ENCRYPTED FILE-----";
constexpr std::string_view k_armor_end = "-----END AGE ENCRYPTED FILE-----";
constexpr std::uint64_t k_nonce_bytes = 16;
constexpr std::uint64_t k_tag_bytes = 16;
constexpr std::uint64_t k_chunk_bytes = 65536 + k_tag_bytes;
constexpr std::size_t k_mac_letters = 43;
constexpr std::size_t k_line_letters = 64;

Likeness recognise(const Edges& edges) {
  return edges.head.matches(0, k_magic) || edges.head.matches(0, k_armor_begin) ? Likeness::strong : Likeness::none;
}

bool is_base64_letter(char letter) {
  return (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') ||
         letter == '+' || letter == '/';
}

bool is_base64(std::string_view line) {
  for (const char letter : line) {
    if (!is_base64_letter(letter)) return false;
  }
  return true;
}

struct Header {
  std::uint64_t end = 0;  // 0: malformed at `fault`
  std::uint64_t fault = 0;
  std::uint64_t stanzas = 0;
};

/// The header stands in the edge that was read: it has a few hundred bytes per recipient.
Header read_header(ByteView head) {
  Header header;
  const std::string_view text = head.text();
  std::size_t at = k_magic.size();
  bool in_body = false;
  while (at < text.size()) {
    const std::size_t line_end = text.find('\n', at);
    header.fault = at;
    if (line_end == std::string_view::npos) return header;
    const std::string_view line = text.substr(at, line_end - at);
    at = line_end + 1;
    if (in_body) {
      if (line.size() > k_line_letters || !is_base64(line)) return header;
      in_body = line.size() == k_line_letters;
      continue;
    }
    if (line.starts_with("-> ") && line.size() > 3) {
      ++header.stanzas;
      in_body = true;
      continue;
    }
    const bool is_mac = line.starts_with("--- ") && line.size() == 4 + k_mac_letters && is_base64(line.substr(4));
    if (is_mac && header.stanzas > 0) header.end = at;
    return header;
  }
  return header;
}

WalkReport walk_armored(WalkInput& input) {
  WalkReport report;
  const std::string_view tail = input.tail().text();
  const std::size_t ending = tail.rfind(k_armor_end);
  report.region(0, input.size_bytes(), RegionKind::compressed);
  if (ending == std::string_view::npos) {
    report.breaks("age.cut", "the armor has no end line",
                  {.from = input.size_bytes() - tail.size(), .to = input.size_bytes()});
    return report;
  }
  const std::uint64_t end = input.size_bytes() - tail.size() + ending + k_armor_end.size();
  std::uint64_t at = k_armor_begin.size();
  const std::uint64_t body_end = end - k_armor_end.size();
  while (at < body_end && input.may_continue(64)) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(body_end - at, 64 * 1024)));
    if (piece.empty()) break;
    for (const std::uint8_t byte : piece) {
      if (!is_base64_letter(static_cast<char>(byte)) && byte != '\n' && byte != '\r' && byte != '=') {
        report.breaks("age.armor", fmt::format("byte {} of the armor is no Base64", at), {.from = at, .to = at + 1});
        return report;
      }
      ++at;
    }
    if (input.depth() == model::Depth::quick) break;
  }
  report.shape = Shape::sealed;
  report.reach = at >= body_end ? Reach::content : Reach::frame;
  report.end_bytes = end;
  while (end + report.allowed_trailing_bytes < input.size_bytes()) {
    const std::uint8_t byte = input.at(end + report.allowed_trailing_bytes, 1).u8(0);
    if (byte != '\n' && byte != '\r' && byte != ' ') break;
    ++report.allowed_trailing_bytes;
  }
  report.holds("age.armor", fmt::format("armor from begin to end line, {} bytes", end));
  return report;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (input.head().matches(0, k_armor_begin)) return walk_armored(input);
  if (!input.head().matches(0, k_magic)) return report;
  const Header header = read_header(input.head());
  if (header.end == 0) {
    report.breaks("age.header", fmt::format("{} stanzas, then no header line at byte {}", header.stanzas, header.fault),
                  {.from = header.fault, .to = std::min<std::uint64_t>(input.size_bytes(), header.fault + 64)});
    return report;
  }
  const std::uint64_t size = input.size_bytes();
  report.region(0, header.end, RegionKind::structured);
  report.region(header.end, size, RegionKind::compressed);
  const std::uint64_t payload = size - header.end;
  const std::uint64_t last = payload < k_nonce_bytes ? 0 : (payload - k_nonce_bytes) % k_chunk_bytes;
  if (payload < k_nonce_bytes + k_tag_bytes || (last != 0 && last < k_tag_bytes)) {
    report.breaks("age.chunks", fmt::format("{} bytes behind the header are no nonce and whole chunks", payload),
                  {.from = header.end, .to = size});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.holds("age.header", fmt::format("{} recipient stanzas, {} bytes of payload", header.stanzas, payload),
               {.from = 0, .to = header.end});
  return report;
}

}  // namespace

const Format k_age_format = {.id = "age",
                             .title = "age encrypted file",
                             .family = Family::owner_encrypted,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
