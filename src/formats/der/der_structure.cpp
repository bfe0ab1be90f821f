// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/der/der_structure.h"

#include <algorithm>
#include <array>
#include <vector>

namespace lastgood::formats {

namespace {

using base::ByteView;
using namespace std::string_view_literals;

constexpr std::size_t k_depth_max = 64;
constexpr std::size_t k_header_bytes_max = 16;
constexpr std::uint64_t k_trailing_bytes_max = 4096;
constexpr std::uint8_t k_constructed = 0x20;
constexpr std::uint8_t k_sequence = 0x30;
constexpr std::uint8_t k_octets = 0x04;
constexpr std::uint64_t k_piece_bytes_max = 64 * 1024;
constexpr std::uint64_t k_indefinite = UINT64_MAX;

struct Header {
  std::uint8_t tag = 0;
  std::uint64_t header_bytes = 0;  // 0: no header
  std::uint64_t length = 0;        // k_indefinite: up to the end-of-contents mark
};

Header read_header(ByteView at) {
  Header header;
  header.tag = at.u8(0);
  std::uint64_t next = 1;
  if ((header.tag & 0x1F) == 0x1F) {
    // High tag numbers: seven bits a byte, the last one without the high bit.
    while (next < 6 && (at.u8(next) & 0x80) != 0) ++next;
    ++next;
  }
  const std::uint8_t first = at.u8(next++);
  if (!at.has(0, next)) return header;
  if (first < 0x80) {
    header.length = first;
  } else if (first == 0x80) {
    if ((header.tag & k_constructed) == 0) return header;
    header.length = k_indefinite;
  } else {
    const unsigned count = first & 0x7F;
    if (count > 6 || !at.has(next, count)) return header;
    for (unsigned i = 0; i < count; ++i) header.length = header.length << 8 | at.u8(next + i);
    next += count;
  }
  header.header_bytes = next;
  return header;
}

/// Writers of streams cut the octets of a value into pieces of some KiB.
bool is_piece(const Header& header) { return header.tag == k_octets && header.length <= k_piece_bytes_max; }

/// What the first members of the outermost SEQUENCE say it is.
DerKind find_kind(ByteView head) {
  const Header outer = read_header(head);
  const ByteView inner = head.part(outer.header_bytes);
  constexpr std::array k_content_types = {
      std::pair{"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x02"sv, DerKind::signed_data},
      std::pair{"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x03"sv, DerKind::enveloped},
      std::pair{"\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07\x06"sv, DerKind::enveloped},
      std::pair{"\x06\x0B\x2A\x86\x48\x86\xF7\x0D\x01\x09\x10\x01\x17"sv, DerKind::enveloped}};
  for (const auto& [identifier, kind] : k_content_types) {
    if (inner.matches(0, identifier)) return kind;
  }
  if (inner.matches(0, "\x02\x01\x03\x30"sv)) {
    const Header content = read_header(inner.part(3));
    if (inner.part(3 + content.header_bytes).matches(0, "\x06\x09\x2A\x86\x48\x86\xF7\x0D\x01\x07"sv))
      return DerKind::pkcs12;
  }
  // AlgorithmIdentifier with a PKCS#5 (1.2.840.113549.1.5) or PKCS#12 (...1.12.1) scheme.
  const Header algorithm = read_header(inner);
  const ByteView identifier = inner.part(algorithm.header_bytes);
  const bool by_password = identifier.matches(2, "\x2A\x86\x48\x86\xF7\x0D\x01\x05"sv) ||
                           identifier.matches(2, "\x2A\x86\x48\x86\xF7\x0D\x01\x0C\x01"sv);
  return algorithm.tag == k_sequence && identifier.u8(0) == 0x06 && by_password ? DerKind::encrypted_key
                                                                                : DerKind::other;
}

}  // namespace

DerOpening find_der_opening(ByteView head, std::uint64_t size_bytes) {
  if (head.u8(0) != k_sequence || head.size() < 8) return DerOpening::none;
  const Header outer = read_header(head.part(0, k_header_bytes_max));
  const Header first = read_header(head.part(outer.header_bytes, k_header_bytes_max));
  const bool is_member = first.tag == 0x02 || first.tag == 0x06 || first.tag == k_sequence;
  if (outer.header_bytes == 0 || !is_member || first.header_bytes == 0) return DerOpening::none;
  if (outer.length == k_indefinite) return first.tag == 0x06 ? DerOpening::exact : DerOpening::loose;
  if (first.length != k_indefinite && first.length > outer.length) return DerOpening::none;
  const bool fits = outer.length <= size_bytes - outer.header_bytes;
  const std::uint64_t behind = fits ? size_bytes - outer.header_bytes - outer.length : 0;
  // "0" is a letter too: texts of digits begin with what could be a short SEQUENCE.
  if (outer.header_bytes < 3) return fits && behind == 0 ? DerOpening::loose : DerOpening::none;
  return fits && behind <= k_trailing_bytes_max ? DerOpening::exact : DerOpening::loose;
}

DerStructure walk_der(WalkInput& input) {
  DerStructure result;
  result.kind = find_kind(input.head());
  struct Level {
    std::uint64_t end;  // k_indefinite: an end-of-contents mark ends it
  };
  std::vector<Level> levels;
  std::uint64_t at = 0;
  do {
    if (!input.may_continue()) {
      result.was_stopped = true;
      return result;
    }
    result.fault_offset = at;
    const Header header = read_header(input.at(at, k_header_bytes_max));
    const std::uint64_t limit =
        std::min(levels.empty() || levels.back().end == k_indefinite ? input.size_bytes() : levels.back().end,
                 input.size_bytes());
    const bool is_limit_content = limit == input.size_bytes();
    if (header.header_bytes == 0 || header.header_bytes > limit - at) {
      result.is_cut = is_limit_content && limit - at < k_header_bytes_max;
      return result;
    }
    at += header.header_bytes;
    ++result.values;
    const bool mark = header.tag == 0 && header.length == 0;
    if (mark) {
      if (levels.empty() || levels.back().end != k_indefinite) return result;
      levels.pop_back();
    } else if (header.length == k_indefinite) {
      if (levels.size() >= k_depth_max) return result;
      levels.push_back({.end = k_indefinite});
    } else {
      if (header.length > limit - at) {
        // The outermost length is the size of all; those of pieces in a value of no known length are small.
        result.is_cut = is_limit_content && (levels.empty() || is_piece(header));
        return result;
      }
      if ((header.tag & k_constructed) != 0 && levels.size() < k_depth_max) {
        levels.push_back({.end = at + header.length});
      } else {
        at += header.length;
      }
    }
    while (!levels.empty() && levels.back().end == at) levels.pop_back();
  } while (!levels.empty());
  result.fits = true;
  result.end_bytes = at;
  return result;
}

}  // namespace lastgood::formats
