// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/openpgp/openpgp_packets.h"

#include <algorithm>

namespace lastgood::formats {

namespace {

using base::ByteView;

enum Tag : std::uint8_t {
  k_public_key_session = 1,
  k_signature = 2,
  k_symmetric_session = 3,
  k_one_pass = 4,
  k_secret_key = 5,
  k_public_key = 6,
  k_secret_subkey = 7,
  k_compressed = 8,
  k_encrypted = 9,
  k_marker = 10,
  k_literal = 11,
  k_trust = 12,
  k_user_id = 13,
  k_public_subkey = 14,
  k_user_attribute = 17,
  k_encrypted_integrity = 18,
  k_digest = 19,
  k_aead = 20,
  k_padding = 21,
};

struct Header {
  std::uint8_t tag = 0;
  std::uint64_t header_bytes = 0;  // 0: no packet header
  std::uint64_t length = 0;        // of the body, or of its first part
  bool is_partial = false;
  bool is_indefinite = false;  // old format: up to the end of the content
};

bool is_known(std::uint8_t tag) {
  // 60 to 63 are for private use: GnuPG keeps its own marks in a keyring at 61.
  return (tag >= k_public_key_session && tag <= k_public_subkey) || (tag >= k_user_attribute && tag <= k_padding) ||
         tag >= 60;
}

/// A length in the new format, RFC 9580 section 4.2.1, at `at`.
void read_new_length(ByteView bytes, std::uint64_t at, Header& header) {
  const std::uint8_t first = bytes.u8(at);
  if (!bytes.has(at, 1)) return;
  if (first < 192) {
    header.length = first;
    header.header_bytes = at + 1;
  } else if (first < 224) {
    header.length = ((std::uint64_t{first} - 192) << 8) + bytes.u8(at + 1) + 192;
    header.header_bytes = bytes.has(at, 2) ? at + 2 : 0;
  } else if (first == 255) {
    header.length = bytes.be32(at + 1);
    header.header_bytes = bytes.has(at, 5) ? at + 5 : 0;
  } else {
    header.length = std::uint64_t{1} << (first & 0x1F);
    header.is_partial = true;
    header.header_bytes = at + 1;
  }
}

Header read_header(ByteView bytes) {
  Header header;
  const std::uint8_t first = bytes.u8(0);
  if ((first & 0x80) == 0) return header;
  if ((first & 0x40) != 0) {
    header.tag = first & 0x3F;
    read_new_length(bytes, 1, header);
    return header;
  }
  header.tag = (first >> 2) & 0x0F;
  const unsigned kind = first & 3U;
  if (kind == 3) {
    header.is_indefinite = true;
    header.header_bytes = 1;
    return header;
  }
  const std::uint64_t count = std::uint64_t{1} << kind;
  if (!bytes.has(1, count)) return header;
  header.length = kind == 0 ? bytes.u8(1) : kind == 1 ? bytes.be16(1) : bytes.be32(1);
  header.header_bytes = 1 + count;
  return header;
}

bool is_key_algorithm(std::uint8_t id) { return (id >= 1 && id <= 3) || (id >= 16 && id <= 31); }

/// RFC 9580, 5.5.2: the time of its making stands between version and algorithm, before version 4 also how long it
/// holds.
bool key_fits(ByteView body) {
  const std::uint8_t version = body.u8(0);
  return version >= 2 && version <= 6 && is_key_algorithm(body.u8(version < 4 ? 7 : 5));
}

/// RFC 9580, 5.2: the old form says that five bytes are hashed; the new one names algorithms at once.
bool signature_fits(ByteView body) {
  constexpr std::uint8_t k_hash_max = 14;
  const std::uint8_t version = body.u8(0);
  if (version == 2 || version == 3) return body.u8(1) == 5;
  return version >= 4 && version <= 6 && is_key_algorithm(body.u8(2)) && body.u8(3) >= 1 && body.u8(3) <= k_hash_max;
}

/// First fields of a body: versions and algorithms are few, RFC 9580 sections 5 and 9.
bool body_fits(std::uint8_t tag, ByteView body) {
  const std::uint8_t version = body.u8(0);
  switch (tag) {
    case k_public_key_session: return version == 2 || version == 3 || version == 6;
    case k_signature: return signature_fits(body);
    case k_symmetric_session: return version >= 4 && version <= 6 && body.u8(1) < 32;
    case k_one_pass: return version == 3 || version == 6;
    case k_secret_key:
    case k_public_key:
    case k_secret_subkey:
    case k_public_subkey: return key_fits(body);
    case k_compressed: return version <= 3;
    case k_marker: return body.matches(0, "PGP");
    case k_literal:
      return version == 'b' || version == 't' || version == 'u' || version == 'l' || version == '1' || version == 'm';
    case k_encrypted_integrity: return version == 1 || version == 2;
    case k_aead: return version == 1;
    default: return true;
  }
}

bool may_come_first(std::uint8_t tag) {
  return (tag >= k_public_key_session && tag <= k_public_key) || (tag >= k_compressed && tag <= k_literal) ||
         tag == k_encrypted_integrity || tag == k_aead;
}

/// Session keys and one-pass signatures announce what follows; of a compressed packet this length says too little.
bool may_stand_alone(std::uint8_t tag) {
  return tag != k_public_key_session && tag != k_symmetric_session && tag != k_one_pass && tag != k_compressed;
}

void note_first(const Header& first, ByteView opening, Packets& packets) {
  if (first.tag != k_compressed || !first.is_indefinite) return;
  packets.open_compression = opening.u8(first.header_bytes);
  packets.open_data_from = first.header_bytes + 1;
}

}  // namespace

bool opens_packets(ByteView head, std::uint64_t size_bytes) {
  const Header first = read_header(head.part(0, 16));
  if (first.header_bytes == 0 || !may_come_first(first.tag) || head.size() < 8) return false;
  const ByteView body = head.part(first.header_bytes);
  if (!body_fits(first.tag, body)) return false;
  // One packet header alone is few bits: a session key says for which cipher, and then the next packet must begin.
  const bool ends_inside = !first.is_indefinite && !first.is_partial && first.length <= size_bytes - first.header_bytes;
  if (first.tag == k_compressed && first.is_indefinite) return body.u8(0) != 0;
  if (first.tag == k_encrypted || first.tag == k_literal || !ends_inside)
    return first.is_partial && first.tag != k_encrypted && first.length >= 512;
  if (first.length == 0) return false;
  const std::uint64_t next = first.header_bytes + first.length;
  if (next == size_bytes) return may_stand_alone(first.tag);
  const Header second = read_header(head.part(next, 16));
  return !head.has(next, 2) || (second.header_bytes != 0 && is_known(second.tag) &&
                                body_fits(second.tag, head.part(next + second.header_bytes, 8)));
}

Packets walk_packets(WalkInput& input) {
  Packets packets;
  const std::uint64_t size = input.size_bytes();
  std::uint64_t at = 0;
  while (at < size) {
    if (!input.may_continue()) {
      packets.was_stopped = true;
      return packets;
    }
    packets.fault_offset = at;
    const ByteView opening = input.at(at, 32);
    Header header = read_header(opening);
    if (header.header_bytes == 0 || !is_known(header.tag) || !body_fits(header.tag, opening.part(header.header_bytes)))
      return packets;
    packets.is_encrypted = packets.is_encrypted || header.tag == k_encrypted || header.tag == k_encrypted_integrity ||
                           header.tag == k_aead;
    if (packets.count == 0) note_first(header, opening, packets);
    ++packets.count;
    packets.is_open = packets.is_open || header.is_indefinite || header.is_partial;
    at += header.header_bytes;
    if (header.is_indefinite) at = size;
    // Parts of a body, each with a length of its own; the last one is not partial.
    while (header.is_partial) {
      if (header.length > size - at || !input.may_continue()) return packets;
      at += header.length;
      header = Header();
      read_new_length(input.at(at, 8), 0, header);
      if (header.header_bytes == 0) return packets;
      at += header.header_bytes;
    }
    if (header.length > size - std::min(at, size)) return packets;
    at += header.length;
    packets.end_bytes = at;
  }
  packets.fits = true;
  return packets;
}

}  // namespace lastgood::formats
