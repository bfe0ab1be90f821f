// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// OpenPGP messages, keys and signatures, binary and armored. Specification: RFC 9580, sections 4 to 6 and 10.
//
//   content = packet*;  packet = tag and length, body;  an encrypted message ends with an encrypted data packet
//   armored = "-----BEGIN PGP " label "-----" headers, empty line, Base64 lines, ["=" CRC-24] "-----END PGP " label
//   "-----"
// Messages are sealed by their owner; keyrings, signatures and signed messages are whole.
#include "formats/openpgp/openpgp_walker.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/openpgp/openpgp_packets.h"
#include "formats/text/text_lines.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"gpg", Promise::firm}, NameClaim{"pgp", Promise::firm},
                                 NameClaim{"asc", Promise::loose}, NameClaim{"sig", Promise::loose}};
constexpr std::string_view k_begin = "-----BEGIN PGP ";
constexpr std::string_view k_end = "-----END PGP ";

Likeness recognise(const Edges& edges) {
  if (edges.head.matches(0, k_begin)) return Likeness::strong;
  if (!opens_packets(edges.head, edges.size_bytes)) return Likeness::none;
  const bool named = edges.name.ends_with(".gpg") || edges.name.ends_with(".pgp");
  return named ? Likeness::strong : Likeness::weak;
}

int base64_value(char letter) {
  if (letter >= 'A' && letter <= 'Z') return letter - 'A';
  if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
  if (letter >= '0' && letter <= '9') return letter - '0' + 52;
  if (letter == '+') return 62;
  return letter == '/' ? 63 : -1;
}

/// CRC-24 of what the Base64 decodes to, RFC 4880 section 6.1.
class Armor final : public LineReader {
 public:
  [[nodiscard]] std::uint64_t blocks() const { return blocks_; }
  [[nodiscard]] bool is_open() const { return place_ != Place::outside; }
  [[nodiscard]] bool is_message() const { return is_message_; }
  [[nodiscard]] bool has_fault() const { return fault_ != nullptr; }
  [[nodiscard]] const char* fault() const { return fault_; }
  [[nodiscard]] std::uint64_t fault_offset() const { return fault_offset_; }

 private:
  enum class Place : std::uint8_t { outside, headers, body, signed_text };
  void line(std::string_view text, std::uint64_t offset) override {
    while (!text.empty() && (text.back() == ' ' || text.back() == '\t')) text.remove_suffix(1);
    if (text.starts_with(k_begin)) {
      const std::string_view label = text.substr(k_begin.size());
      is_message_ = is_message_ || label.starts_with("MESSAGE");
      place_ = label.starts_with("SIGNED MESSAGE") ? Place::signed_text : Place::headers;
      crc_ = 0xB704CE;
      held_bits_ = 0;
      return;
    }
    if (text.starts_with(k_end)) {
      ++blocks_;
      place_ = Place::outside;
      return;
    }
    if (place_ == Place::headers && text.find(": ") == std::string_view::npos) {
      place_ = Place::body;
      if (text.empty()) return;
    }
    if (place_ == Place::body) take_body(text, offset);
  }
  void take_body(std::string_view text, std::uint64_t offset) {
    if (text.size() == 5 && text[0] == '=') {
      std::uint32_t stored = 0;
      for (const char letter : text.substr(1))
        stored = stored << 6 | static_cast<std::uint32_t>(base64_value(letter) & 63);
      if (stored != crc_) fail("the checksum does not fit the armor before it", offset);
      return;
    }
    for (const char letter : text) {
      const int value = base64_value(letter);
      if (value < 0) {
        if (letter != '=') fail("a letter is no Base64", offset);
        continue;
      }
      bits_ = (bits_ << 6 | static_cast<std::uint32_t>(value)) & 0xFFFF;
      held_bits_ += 6;
      if (held_bits_ < 8) continue;
      held_bits_ -= 8;
      add_byte(bits_ >> held_bits_ & 0xFF);
    }
  }
  void add_byte(std::uint32_t byte) {
    crc_ ^= byte << 16;
    for (unsigned i = 0; i < 8; ++i) crc_ = (crc_ & 0x800000) != 0 ? (crc_ << 1 ^ 0x1864CFB) & 0xFFFFFF : crc_ << 1;
  }
  void fail(const char* what, std::uint64_t offset) {
    if (fault_ != nullptr) return;
    fault_ = what;
    fault_offset_ = offset;
  }
  Place place_ = Place::outside;
  bool is_message_ = false;
  std::uint64_t blocks_ = 0;
  std::uint32_t crc_ = 0, bits_ = 0;
  unsigned held_bits_ = 0;
  const char* fault_ = nullptr;
  std::uint64_t fault_offset_ = 0;
};

WalkReport walk_armor(WalkInput& input) {
  WalkReport report;
  Armor armor;
  const TextScan scan = scan_text(input, &armor);
  armor.finish();
  tell_text(scan, input, Opening::seen, report);
  if (report.shape != Shape::whole) return report;
  const std::uint64_t size = input.size_bytes();
  if (!scan.was_read_whole) {
    if (input.tail().find(k_end) == ByteView::npos)
      report.breaks("openpgp.armor", "no end line in the last part", {.from = size - input.tail().size(), .to = size});
    else if (input.head().matches(k_begin.size(), "MESSAGE"))
      report.shape = Shape::sealed;
    return report;
  }
  if (armor.is_open() || armor.blocks() == 0) {
    report.breaks("openpgp.armor", fmt::format("the armor has no end line, behind {} whole blocks", armor.blocks()),
                  {.from = size > 64 ? size - 64 : 0, .to = size});
    return report;
  }
  if (armor.has_fault()) {
    report.breaks("openpgp.armor", fmt::format("{}, at byte {}", armor.fault(), armor.fault_offset()),
                  {.from = armor.fault_offset(), .to = std::min(size, armor.fault_offset() + 64)});
    return report;
  }
  if (armor.is_message()) report.shape = Shape::sealed;
  report.holds("openpgp.armor", fmt::format("{} armored blocks, checksums fit", armor.blocks()));
  return report;
}

/// `stopped` where there is nothing to decode or a limit was reached. Algorithms: RFC 9580 section 9.4.
DecodeEnd decode_open_packet(WalkInput& input, const Packets& packets) {
  constexpr std::uint64_t k_produced_bytes_max = std::uint64_t{1} << 32;
  const std::uint64_t from = packets.open_data_from;
  const std::uint64_t to = input.size_bytes();
  const auto decode = [&] {
    switch (packets.open_compression) {
      case 1: return decode_deflate(input, from, to, DeflateFrame::raw, k_produced_bytes_max);
      case 2: return decode_deflate(input, from, to, DeflateFrame::zlib, k_produced_bytes_max);
      case 3: return decode_stream(input, from, to, Codec::bzip2, k_produced_bytes_max);
      default: return Decoded{.end = DecodeEnd::stopped};
    }
  };
  // A stream without a checksum ends somewhere in any noise; this one must end with the content.
  constexpr std::uint64_t k_leftover_bytes_max = 8;
  const Decoded decoded = decode();
  const bool is_short = decoded.end == DecodeEnd::complete && to - from > decoded.consumed_bytes + k_leftover_bytes_max;
  return is_short ? DecodeEnd::malformed : decoded.end;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (input.head().matches(0, k_begin)) return walk_armor(input);
  if (!opens_packets(input.head(), input.size_bytes())) return report;
  const Packets packets = walk_packets(input);
  if (packets.was_stopped) {
    report.shape = packets.is_encrypted ? Shape::sealed : Shape::whole;
    report.remarks("openpgp.limit", fmt::format("stopped by a limit after {} packets", packets.count));
    return report;
  }
  const std::uint64_t size = input.size_bytes();
  if (!packets.fits) {
    // A single packet before the first fault proves nothing: other formats begin so by chance.
    if (packets.count < 2 && !packets.is_encrypted) return report;
    report.region(0, packets.end_bytes, RegionKind::compressed);
    report.breaks("openpgp.packets",
                  fmt::format("no whole packet at byte {}, behind {} packets", packets.fault_offset, packets.count),
                  {.from = packets.fault_offset, .to = size});
    return report;
  }
  // An open packet fits any length: two bytes that happen to stand there are no structure. What it holds must decode,
  // or be encrypted data behind the packets that say for whom.
  const DecodeEnd decoded = decode_open_packet(input, packets);
  if (decoded == DecodeEnd::malformed || decoded == DecodeEnd::cut) return report;
  report.shape = packets.is_encrypted ? Shape::sealed : Shape::whole;
  report.reach = decoded == DecodeEnd::complete                                     ? Reach::content
                 : packets.is_open && (packets.count == 1 || !packets.is_encrypted) ? Reach::opening
                                                                                    : Reach::frame;
  report.end_bytes = packets.end_bytes;
  report.region(0, packets.end_bytes, RegionKind::compressed);
  report.holds("openpgp.packets", fmt::format("{} packets tile the content{}", packets.count,
                                              packets.is_encrypted ? ", one of them encrypted data" : ""));
  return report;
}

}  // namespace

const Format k_openpgp_format = {.id = "openpgp",
                                 .title = "OpenPGP message or keys",
                                 .family = Family::owner_encrypted,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
