// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// JSON Web Encryption. Specification: RFC 7516, sections 3.1 and 7 (serialisations), 4.1 (header).
//
//   compact = header "." [encrypted key] "." [iv] "." [ciphertext] "." tag      each Base64 for URLs, no padding
//   json    = object with "ciphertext", usually "protected" (the header), "iv", "tag", "recipients"
// The header is a JSON object that names the cipher of the content: "enc". A signed token has three parts and no "enc".
#include "formats/jwe/jwe_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/jwe/base64url.h"
#include "formats/jwe/jwe_members.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"jwe", Promise::firm}, NameClaim{"jose", Promise::loose}};
constexpr std::size_t k_header_letters_max = 8192;
constexpr std::size_t k_opening_bytes = 256;
constexpr std::size_t k_tag_letters_min = 16;  // RFC 7518, 5.1: tags have 16 bytes and more
constexpr unsigned k_dots = 4;

bool names_cipher(std::string_view header) {
  return header.starts_with('{') && header.find("\"enc\"") != std::string_view::npos;
}

/// The first part, still as letters; empty when no JSON header stands there. "{" followed by a quote, a blank or an end
/// of line begins with one of these in Base64.
std::string_view find_compact_header(ByteView head) {
  const std::string_view text = head.part(0, k_header_letters_max).text();
  if (!text.starts_with("ey") && !text.starts_with("ew")) return {};
  const std::size_t dot = text.find('.');
  if (dot == std::string_view::npos) return {};
  const std::string_view header = text.substr(0, dot);
  return std::all_of(header.begin(), header.end(), is_base64url_letter) ? header : std::string_view();
}

bool begins_compact(ByteView head) {
  const auto header = parse_base64url(find_compact_header(head));
  return header && names_cipher(*header);
}

/// An object that begins with one of the members a JWE has, and has a ciphertext.
bool begins_json(ByteView head, ByteView tail) {
  std::size_t at = 0;
  while (at < 16 && (head.u8(at) == ' ' || head.u8(at) == '\n' || head.u8(at) == '\r' || head.u8(at) == '\t')) ++at;
  if (head.u8(at) != '{') return false;
  const ByteView opening = head.part(at, k_opening_bytes);
  constexpr std::array<std::string_view, 6> k_names = {"\"protected\"",  "\"unprotected\"", "\"recipients\"",
                                                       "\"ciphertext\"", "\"header\"",      "\"encrypted_key\""};
  const bool named = std::any_of(k_names.begin(), k_names.end(),
                                 [&](std::string_view name) { return opening.find(name) != ByteView::npos; });
  return named && (head.find("\"ciphertext\"") != ByteView::npos || tail.find("\"ciphertext\"") != ByteView::npos);
}

Likeness recognise(const Edges& edges) {
  return begins_compact(edges.head) || begins_json(edges.head, edges.tail) ? Likeness::strong : Likeness::none;
}

struct CompactParts {
  std::array<std::uint64_t, k_dots + 1> letters = {};
  unsigned dots = 0;
  std::uint64_t end = 0;  // behind the last letter or dot
};

/// Stops at the first byte that is neither letter nor dot.
CompactParts read_parts(WalkInput& input) {
  CompactParts parts;
  while (parts.end < input.size_bytes() && input.may_continue(64)) {
    const ByteView piece = input.at(parts.end, 64 * 1024);
    if (piece.empty()) return parts;
    for (const char letter : piece.text()) {
      if (letter == '.' && parts.dots < k_dots)
        ++parts.dots;
      else if (is_base64url_letter(letter))
        ++parts.letters.at(parts.dots);
      else
        return parts;
      ++parts.end;
    }
  }
  return parts;
}

WalkReport walk_compact(WalkInput& input) {
  WalkReport report;
  const std::uint64_t header_bytes = find_compact_header(input.head()).size();
  const CompactParts parts = read_parts(input);
  const std::uint64_t size = input.size_bytes();
  report.region(0, header_bytes, RegionKind::structured);
  report.region(header_bytes, parts.end, RegionKind::compressed);
  report.shape = Shape::sealed;
  if (input.stopped()) {
    report.reach = Reach::opening;
    report.remarks("jwe.limit", fmt::format("stopped by a limit after {} bytes", parts.end));
    return report;
  }
  if (parts.dots != k_dots || parts.letters.at(k_dots) < k_tag_letters_min) {
    report.breaks(parts.end == size ? "jwe.cut" : "jwe.parts",
                  fmt::format("{} of five parts stand before byte {}, the last of {} letters", parts.dots + 1,
                              parts.end, parts.letters.at(parts.dots)),
                  {.from = parts.end, .to = size});
    return report;
  }
  report.reach = Reach::content;
  report.end_bytes = parts.end;
  while (report.allowed_trailing_bytes < 4 && parts.end + report.allowed_trailing_bytes < size) {
    const std::uint8_t byte = input.at(parts.end + report.allowed_trailing_bytes, 1).u8(0);
    if (byte != '\n' && byte != '\r' && byte != ' ') break;
    ++report.allowed_trailing_bytes;
  }
  report.holds("jwe.parts", fmt::format("a header that names the cipher, {} letters of ciphertext and a tag of {}",
                                        parts.letters[3], parts.letters[4]));
  return report;
}

/// The cipher is named in "protected", or in a header that is not protected.
bool names_cipher(const JweMembers& members) {
  if (members.member("unprotected").is_there || members.member("recipients").is_there) return true;
  const auto header = parse_base64url(members.protected_letters());
  return header && names_cipher(std::string_view(*header));
}

WalkReport walk_json(WalkInput& input) {
  WalkReport report;
  JweMembers members;
  const TextScan scan = scan_text(input, &members);
  tell_text(scan, input, Opening::seen, report);
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  const JweMembers::Member& ciphertext = members.member("ciphertext");
  const JweMembers::Member& tag = members.member("tag");
  const JweMembers::Member& iv = members.member("iv");
  const std::uint64_t size = input.size_bytes();
  if (members.grammar().is_open() && !members.grammar().has_fault() && ciphertext.letters > 0 && ciphertext.is_base64) {
    report.breaks("jwe.cut", "the content ends inside the object", {.from = size, .to = size});
    return report;
  }
  // Other documents have a member of this name too.
  if (!ciphertext.is_there || (!tag.is_there && !iv.is_there) || !names_cipher(members)) return WalkReport();
  if (members.grammar().has_fault()) {
    const std::uint64_t fault = members.grammar().fault_offset();
    report.breaks("jwe.json", fmt::format("byte {} fits no JSON", fault), {.from = std::min(fault, size), .to = size});
    return report;
  }
  if (!ciphertext.is_base64 || !tag.is_base64 || !iv.is_base64) {
    report.breaks("jwe.letters", "ciphertext, tag or initialisation vector are no Base64", {.from = 0, .to = size});
    return report;
  }
  report.shape = Shape::sealed;
  report.holds("jwe.members",
               fmt::format("an object with {} letters of ciphertext and a tag of {}", ciphertext.letters, tag.letters));
  return report;
}

WalkReport walk(WalkInput& input) {
  if (begins_compact(input.head())) return walk_compact(input);
  if (begins_json(input.head(), input.tail())) return walk_json(input);
  return {};
}

}  // namespace

const Format k_jwe_format = {.id = "jwe",
                             .title = "JSON Web Encryption",
                             .family = Family::owner_encrypted,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
