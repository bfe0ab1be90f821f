// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// EDI interchanges: UN/EDIFACT (ISO 9735-1) and ANSI X12 (ISA envelope, X12.5), as insurers and laboratories send them.
//
//   EDIFACT = ["UNA" six marks] "UNB" segment* "UNZ" ...;  a segment ends with "'" or the sixth mark of UNA
//   X12     = "ISA" (106 characters in all, the last one ends segments) segment* "IEA" ...
#include "formats/edifact_x12/edifact_x12_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"edi", Promise::loose}, NameClaim{"x12", Promise::firm},
                                 NameClaim{"edifact", Promise::firm}};
constexpr std::size_t k_isa_letters = 106;
constexpr std::size_t k_opening_letters = 128;

struct Envelope {
  char terminator = 0;  // 0: none of the two
  char release = 0;     // EDIFACT: makes the next character ordinary
  std::string_view last_name;
};

Envelope find_envelope(std::string_view opening) {
  if (opening.starts_with("ISA") && opening.size() >= k_isa_letters) {
    const char separator = opening[3];
    const auto separators = std::count(opening.begin(), opening.begin() + k_isa_letters, separator);
    const bool fits = separators == 16 && opening[103] == separator;
    return fits ? Envelope{.terminator = opening[k_isa_letters - 1], .last_name = "IEA"} : Envelope{};
  }
  if (opening.starts_with("UNA") && opening.size() > 12 && opening.find("UNB") != std::string_view::npos) {
    return {.terminator = opening[8], .release = opening[6], .last_name = "UNZ"};
  }
  if (opening.starts_with("UNB+UNO")) return {.terminator = '\'', .release = '?', .last_name = "UNZ"};
  return {};
}

class Segments final : public TextReader {
 public:
  explicit Segments(const Envelope& envelope) : envelope_(envelope) {}
  void read(base::ByteView piece, std::uint64_t /*offset*/, std::size_t /*unit*/) override {
    for (const char letter : piece.text()) take(letter);
  }
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] bool is_closed() const { return name_.empty() && last_name_ == envelope_.last_name; }

 private:
  void take(char letter) {
    if (released_) {
      released_ = false;
      return;
    }
    if (envelope_.release != 0 && letter == envelope_.release && count_ > 0) {
      released_ = true;
      return;
    }
    if (letter == envelope_.terminator && !name_.empty()) {
      ++count_;
      last_name_ = name_;
      name_.clear();
      return;
    }
    if ((letter == '\r' || letter == '\n') && name_.empty()) return;
    if (name_.size() < 3) name_.push_back(letter);
  }
  Envelope envelope_;
  std::string name_;       // first letters of the segment that is being read
  std::string last_name_;  // of the one before
  bool released_ = false;
  std::uint64_t count_ = 0;
};

Likeness recognise(const Edges& edges) {
  return find_envelope(narrow_opening(edges.head, k_opening_letters)).terminator != 0 ? Likeness::strong
                                                                                      : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const Envelope envelope = find_envelope(narrow_opening(input.head(), k_opening_letters));
  if (envelope.terminator == 0) return report;
  Segments segments(envelope);
  const TextScan scan = scan_text(input, &segments);
  tell_text(scan, input, Opening::seen, report);
  report.format = envelope.last_name == "IEA" ? "x12" : "edifact";
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  if (!segments.is_closed()) {
    const std::uint64_t size = input.size_bytes();
    report.breaks("edi.cut",
                  fmt::format("{} segments, and the last one is not {}", segments.count(), envelope.last_name),
                  {.from = size - std::min<std::uint64_t>(size, 64), .to = size});
    return report;
  }
  report.holds("edi.segments",
               fmt::format("{} segments from the first envelope to {}", segments.count(), envelope.last_name));
  return report;
}

}  // namespace

const Format k_edifact_x12_format = {.id = "edi",
                                     .title = "EDI interchange",
                                     .family = Family::text,
                                     .claims = k_claims,
                                     .recognise = recognise,
                                     .walk = walk};

}  // namespace lastgood::formats
