// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Rich Text Format. Specification: Microsoft RTF 1.9.1, "RTF syntax".
//
//   file = "{\rtf" ... "}";  braces nest, "\\", "\{" and "\}" are letters, "\binN " is followed by N bytes of anything
#include "formats/rtf/rtf_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

using base::ByteView;

constexpr std::array k_claims = {NameClaim{"rtf", Promise::firm}};
constexpr std::string_view k_magic = "{\\rtf";

/// Follows braces to the one that ends the document.
class Braces final : public TextReader {
 public:
  void read(ByteView piece, std::uint64_t offset, std::size_t unit) override {
    for (std::size_t i = 0; i < piece.size() && end_ == 0; ++i) {
      if (binary_left_ > 0) {
        const auto skipped = std::min<std::uint64_t>(binary_left_, piece.size() - i);
        binary_left_ -= skipped;
        i += static_cast<std::size_t>(skipped) - 1;
        continue;
      }
      take(static_cast<char>(piece.u8(i)), offset + i * unit);
    }
  }
  [[nodiscard]] std::uint64_t end() const { return end_; }
  [[nodiscard]] std::uint64_t depth() const { return depth_; }
  [[nodiscard]] std::uint64_t groups() const { return groups_; }
  [[nodiscard]] std::uint64_t binary_bytes() const { return binary_bytes_; }
  /// What was read ends inside a binary object.
  [[nodiscard]] bool is_in_binary() const { return binary_left_ > 0; }

 private:
  void take(char letter, std::uint64_t offset) {
    if (in_word_) {
      const bool of_word = (letter >= 'a' && letter <= 'z') || (letter >= 'A' && letter <= 'Z') ||
                           (letter >= '0' && letter <= '9') || letter == '-';
      if (word_.empty() && !of_word) {
        in_word_ = false;  // an escaped letter
        return;
      }
      if (of_word) {
        if (word_.size() < 16) word_.push_back(letter);
        return;
      }
      in_word_ = false;
      end_word();
      if (letter == ' ') return;
      if (binary_left_ > 0) {
        --binary_left_;
        return;
      }
    }
    if (letter == '\\') {
      in_word_ = true;
      word_.clear();
    } else if (letter == '{') {
      ++depth_;
      ++groups_;
    } else if (letter == '}') {
      if (--depth_ == 0) end_ = offset + 1;
    }
  }
  void end_word() {
    if (!word_.starts_with("bin") || word_.size() < 4) return;
    std::uint64_t count = 0;
    for (const char digit : word_.substr(3)) {
      if (digit < '0' || digit > '9') return;
      count = count * 10 + static_cast<std::uint64_t>(digit - '0');
    }
    binary_left_ = std::min<std::uint64_t>(count, UINT32_MAX);
    binary_bytes_ += binary_left_;
  }
  bool in_word_ = false;
  std::string word_;
  std::uint64_t binary_left_ = 0, binary_bytes_ = 0;
  std::uint64_t depth_ = 0, groups_ = 0, end_ = 0;
};

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

/// Line ends, blanks and NULs that editors leave behind the document.
std::uint64_t count_padding(WalkInput& input, std::uint64_t end) {
  std::uint64_t at = end;
  while (at < input.size_bytes() && input.may_continue()) {
    const ByteView piece = input.at(at, 4096);
    if (piece.empty()) break;
    for (const std::uint8_t byte : piece) {
      if (byte != 0 && byte != ' ' && byte != '\r' && byte != '\n' && byte != 0x1A) return at - end;
      ++at;
    }
  }
  return at - end;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  Braces braces;
  const TextScan scan = scan_text(input, &braces);
  tell_text(scan, input, Opening::seen, report);
  if (!scan.was_read_whole) return report;
  const std::uint64_t size = input.size_bytes();
  if (scan.state == TextState::foreign && braces.binary_bytes() >= scan.foreign_bytes / 2 &&
      (braces.end() != 0 || braces.is_in_binary())) {
    // Pictures may stand as they are behind \bin; their length is what makes the braces fit.
    const std::uint64_t end = braces.end() != 0 ? braces.end() : size;
    report = WalkReport();
    report.shape = Shape::whole;
    report.reach = Reach::frame;
    report.region(0, end, model::RegionKind::compressed);
    report.remarks("rtf.binary", fmt::format("{} bytes of binary objects", braces.binary_bytes()));
  }
  if (report.shape != Shape::whole) return report;
  if (braces.end() == 0) {
    report.breaks("rtf.cut",
                  fmt::format("the content ends {} braces deep, behind {} groups", braces.depth(), braces.groups()),
                  {.from = size - std::min<std::uint64_t>(size, 64), .to = size});
    return report;
  }
  report.end_bytes = braces.end();
  report.allowed_trailing_bytes = count_padding(input, braces.end());
  report.holds("rtf.braces", fmt::format("{} groups close at byte {}", braces.groups(), braces.end()));
  return report;
}

}  // namespace

const Format k_rtf_format = {.id = "rtf",
                             .title = "RTF document",
                             .family = Family::document,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
