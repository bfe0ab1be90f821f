// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PostScript Type 1 fonts. Specification: Adobe Type 1 Font Format, chapters 2 and 7; Adobe Technical Note 5040 (PFB).
//
//   pfa  = "%!" text "eexec" cipher text (hexadecimal or binary), 512 zeros as text and "cleartomark"
//   pfb  = (80 kind(1: text, 2: binary) length(4, little endian) bytes)* 80 03
//   The cipher is no secret: its key is 55665 for every font, and each byte of cipher text changes the key for all that
//   follow. So when the last bytes come out as "closefile", every byte before them is the one the font was made with.
#include "formats/type1/type1_walker.h"

#include <algorithm>
#include <array>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"pfb", Promise::firm}, NameClaim{"pfa", Promise::firm},
                                 NameClaim{"t1", Promise::loose}};
constexpr std::uint8_t k_mark = 0x80;
constexpr std::uint8_t k_text_segment = 1;
constexpr std::uint8_t k_binary_segment = 2;
constexpr std::uint8_t k_end_segment = 3;
constexpr std::array k_openings = {"%!PS-AdobeFont"sv, "%!FontType1"sv, "%!PS-Adobe-3.0 Resource-Font"sv};
constexpr std::uint64_t k_font_bytes_max = 32ULL * 1024 * 1024;
constexpr std::size_t k_closing_bytes = 2048;  // of the decrypted part, kept to look for its end

bool begins_as_font_text(ByteView head, std::uint64_t at) {
  return std::any_of(k_openings.begin(), k_openings.end(),
                     [&](std::string_view opening) { return head.matches(at, opening); });
}

bool is_pfb(ByteView head) { return head.u8(0) == k_mark && head.u8(1) == k_text_segment && head.matches(6, "%!"); }

Likeness recognise(const Edges& edges) {
  return is_pfb(edges.head) || begins_as_font_text(edges.head, 0) ? Likeness::strong : Likeness::none;
}

/// The eexec cipher (Type 1, section 7.1), fed in pieces; keeps the last bytes it made.
class Decryption {
 public:
  void feed(std::uint8_t cipher) {
    const auto plain = static_cast<std::uint8_t>(cipher ^ (key_ >> 8U));
    key_ = static_cast<std::uint16_t>((cipher + key_) * 52845U + 22719U);
    last_[count_++ % k_closing_bytes] = static_cast<char>(plain);
  }
  void feed(ByteView cipher) {
    for (const std::uint8_t byte : cipher) feed(byte);
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  /// The font's own closing words, with at most some zeros or line ends of a careless tool behind them.
  [[nodiscard]] bool closed() const {
    const std::size_t length = static_cast<std::size_t>(std::min<std::uint64_t>(count_, k_closing_bytes));
    std::string tail;
    tail.reserve(length);
    for (std::uint64_t i = count_ - length; i < count_; ++i) tail += last_[i % k_closing_bytes];
    return tail.find("closefile") != std::string::npos;
  }

 private:
  std::uint16_t key_ = 55665;
  std::uint64_t count_ = 0;
  std::array<char, k_closing_bytes> last_{};
};

struct Segment {
  ByteRange range;  // without the segment's header
  std::uint8_t kind = 0;
};

enum class Proof : std::uint8_t { closed, open, unknown };

Proof decrypt_binary(WalkInput& input, const std::vector<ByteRange>& parts) {
  Decryption decryption;
  for (const ByteRange& part : parts) {
    for (std::uint64_t at = part.from; at < part.to; at += k_edge_bytes) {
      const std::uint64_t count = std::min<std::uint64_t>(k_edge_bytes, part.to - at);
      if (!input.may_continue(1 + count / 1024)) return Proof::unknown;
      decryption.feed(input.at(at, static_cast<std::size_t>(count)));
    }
  }
  return decryption.closed() ? Proof::closed : Proof::open;
}

bool wants_decryption(const WalkInput& input) {
  return input.size_bytes() <= k_font_bytes_max && (input.depth() == model::Depth::full || !input.whole().empty());
}

void conclude(Proof proof, ByteRange range, WalkReport& report) {
  if (proof == Proof::open) {
    report.breaks("type1.eexec",
                  fmt::format("the {} bytes behind 'eexec' do not decrypt to a font that is closed", range.length()),
                  range);
    return;
  }
  if (proof == Proof::closed) report.reach = Reach::content;
}

void name_segments(const std::vector<Segment>& segments, bool proven, WalkReport& report) {
  std::uint64_t named = 0;
  for (const Segment& segment : segments) {
    report.region(named, segment.range.from, RegionKind::structured);
    const RegionKind cipher = proven ? RegionKind::verified : RegionKind::compressed;
    report.region(segment.range.from, segment.range.to, segment.kind == k_binary_segment ? cipher : RegionKind::plain);
    named = segment.range.to;
  }
  report.region(named, report.end_bytes.value_or(named), RegionKind::structured);
}

/// Gives the segments; the report says what breaks or stops them.
std::vector<Segment> read_segments(WalkInput& input, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  std::vector<Segment> segments;
  std::uint64_t at = 0;
  while (at < size) {  // some tools leave the end mark out
    if (!input.may_continue()) {
      report.remarks("type1.limit", fmt::format("stopped by a limit at byte {}", at));
      return {};
    }
    const ByteView header = input.at(at, 6);
    const std::uint8_t kind = header.u8(1);
    const std::uint64_t header_bytes = kind == k_end_segment ? 2 : 6;
    const std::uint64_t length = kind == k_end_segment ? 0 : header.le32(2);
    const bool is_header = header.u8(0) == k_mark && kind >= k_text_segment && kind <= k_end_segment;
    if (!is_header || header.size() < header_bytes || length > size - at - header_bytes) {
      report.breaks(is_header ? "type1.cut" : "type1.segment",
                    fmt::format("no segment that fits the file stands at byte {}", at), {.from = at, .to = size});
      return {};
    }
    at += header_bytes + length;
    if (kind == k_end_segment) break;
    segments.push_back({.range = {.from = at - length, .to = at}, .kind = kind});
  }
  report.end_bytes = at;
  return segments;
}

void walk_pfb(WalkInput& input, WalkReport& report) {
  report.format = "pfb";
  const std::vector<Segment> segments = read_segments(input, report);
  if (!report.end_bytes) return;
  report.reach = Reach::frame;
  std::vector<ByteRange> binary;
  for (const Segment& segment : segments) {
    if (segment.kind == k_binary_segment) binary.push_back(segment.range);
  }
  if (!binary.empty() && wants_decryption(input)) {
    conclude(decrypt_binary(input, binary), {.from = binary.front().from, .to = binary.back().to}, report);
  }
  name_segments(segments, report.reach == Reach::content, report);
  if (report.shape == Shape::broken) return;
  report.holds("type1.segments",
               fmt::format("{} segments tile the file to byte {}{}", segments.size(), *report.end_bytes,
                           report.reach == Reach::content ? ", the eexec part decrypts to its end" : ""));
}

bool is_hex(std::uint8_t byte) {
  return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}
std::uint8_t hex_value(std::uint8_t byte) {
  return static_cast<std::uint8_t>(byte <= '9' ? byte - '0' : (byte | 0x20) - 'a' + 10);
}
bool is_space(std::uint8_t byte) { return byte == ' ' || byte == '\t' || byte == '\r' || byte == '\n'; }

/// Hexadecimal cipher text up to the zeros; `broken_at` names a byte that is none.
Proof decrypt_hex(WalkInput& input, std::uint64_t from, std::uint64_t to, std::uint64_t& broken_at) {
  Decryption decryption;
  int high = -1;
  for (std::uint64_t at = from; at < to; at += k_edge_bytes) {
    const std::uint64_t count = std::min<std::uint64_t>(k_edge_bytes, to - at);
    if (!input.may_continue(1 + count / 1024)) return Proof::unknown;
    const ByteView piece = input.at(at, static_cast<std::size_t>(count));
    for (std::size_t i = 0; i < piece.size(); ++i) {
      const std::uint8_t byte = piece.u8(i);
      if (is_space(byte)) continue;
      if (!is_hex(byte)) {
        broken_at = at + i;
        return Proof::open;
      }
      if (high < 0) {
        high = hex_value(byte);
        continue;
      }
      decryption.feed(static_cast<std::uint8_t>(high * 16 + hex_value(byte)));
      high = -1;
    }
  }
  return decryption.closed() ? Proof::closed : Proof::open;
}

struct Closing {
  std::uint64_t cipher_end = 0;      // the cipher text ends before the zeros and "cleartomark", or with the file
  std::optional<std::uint64_t> end;  // of the font, where "cleartomark" tells it
};

Closing find_closing(const WalkInput& input) {
  constexpr std::string_view k_word = "cleartomark";
  constexpr std::size_t k_text_after_max = 64;  // "{restore}if" and line ends
  const ByteView tail = input.tail();
  const std::uint64_t tail_from = input.size_bytes() - tail.size();
  const std::size_t word = tail.find_last(k_word);
  if (word == ByteView::npos) return {.cipher_end = input.size_bytes()};
  std::size_t end = word + k_word.size();
  const auto is_text = [](std::uint8_t byte) { return is_space(byte) || (byte >= 0x20 && byte < 0x7F); };
  for (std::size_t i = 0; i < k_text_after_max && end < tail.size() && is_text(tail.u8(end)); ++i) ++end;
  std::size_t from = word;
  while (from > 0 && (tail.u8(from - 1) == '0' || is_space(tail.u8(from - 1)))) --from;
  return {.cipher_end = tail_from + from, .end = tail_from + end};
}

void walk_pfa(WalkInput& input, WalkReport& report) {
  report.format = "pfa";
  const std::uint64_t size = input.size_bytes();
  const std::size_t word = input.head().find("eexec");
  if (word == ByteView::npos) {
    // A font may be written without the cipher; then it is a PostScript text to its end.
    tell_text(scan_text(input, nullptr), input, Opening::seen, report);
    report.remarks("type1.plain", "no 'eexec' in the first bytes: a font without a cipher part");
    return;
  }
  std::uint64_t from = word + 5;
  while (is_space(input.at(from, 1).u8(0)) && from < word + 9) ++from;
  const Closing closing = find_closing(input);
  const std::uint64_t to = closing.cipher_end;
  report.end_bytes = closing.end;
  const ByteRange cipher{.from = from, .to = std::max(from, to)};
  const ByteView opening = input.at(from, 4);
  const bool hex = std::all_of(opening.begin(), opening.end(), is_hex);
  report.reach = Reach::frame;
  report.region(0, from, RegionKind::plain);
  if (wants_decryption(input)) {
    std::uint64_t broken_at = size;
    const Proof proof = hex ? decrypt_hex(input, from, to, broken_at) : decrypt_binary(input, {cipher});
    conclude(proof, {.from = std::min(broken_at, cipher.from), .to = cipher.to}, report);
  }
  const RegionKind unproven = hex ? RegionKind::plain : RegionKind::compressed;
  report.region(cipher.from, cipher.to, report.reach == Reach::content ? RegionKind::verified : unproven);
  report.region(cipher.to, closing.end.value_or(size), RegionKind::plain);
  if (report.shape == Shape::broken) return;
  report.holds("type1.font", fmt::format("a font text with a cipher part of {} bytes{}", cipher.length(),
                                         report.reach == Reach::content ? " that decrypts to its end" : ""));
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (recognise({.head = head}) == Likeness::none) return report;
  report.shape = Shape::whole;
  if (is_pfb(head)) {
    walk_pfb(input, report);
  } else {
    walk_pfa(input, report);
  }
  return report;
}

/// What stands behind the cipher part is text: nothing of it looks random.
std::optional<SurvivingRest> find_rest(WalkInput& input) {
  constexpr std::size_t k_zeros_min = 64;
  const Closing closing = find_closing(input);
  if (!closing.end || *closing.end < closing.cipher_end + k_zeros_min) return std::nullopt;
  return SurvivingRest{.sentence = "the content ends with the zeros and the word that close a font's cipher part"};
}

}  // namespace

const Format k_type1_format = {.id = "type1",
                               .title = "PostScript Type 1 font",
                               .family = Family::font,
                               .claims = k_claims,
                               .recognise = recognise,
                               .walk = walk,
                               .find_rest = find_rest};

}  // namespace lastgood::formats
