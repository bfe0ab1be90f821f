// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// HL7 version 2 messages, in files and batches, with or without the frame of the wire. Specification: HL7 v2.5, chapter
// 2 (2.5 message construction, 2.10.3 batches); MLLP for the frame.
//
//   message = MSH segment*;  segment = name(a letter, two letters or digits) separator fields CR
//   batch   = [FHS] [BHS] message* [BTS] [FTS];  frame = VT message FS CR
#include "formats/hl7/hl7_walker.h"

#include <array>

#include <fmt/format.h>

#include "formats/text/text_lines.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"hl7", Promise::firm}};
constexpr char k_frame_begin = 0x0B;
constexpr char k_frame_end = 0x1C;

/// "MSH|^~\&": the name, the field separator, and four or five encoding characters that are no letters.
bool opens_message(std::string_view line) {
  if (!line.empty() && line[0] == k_frame_begin) line.remove_prefix(1);
  const bool named = line.starts_with("MSH") || line.starts_with("FHS") || line.starts_with("BHS");
  if (!named || line.size() < 8) return false;
  for (const char mark : line.substr(3, 4)) {
    const bool letter = (mark >= 'a' && mark <= 'z') || (mark >= 'A' && mark <= 'Z') || (mark >= '0' && mark <= '9');
    if (letter || mark < '!' || mark > '~') return false;
  }
  return true;
}

class Segments final : public LineReader {
 public:
  [[nodiscard]] std::uint64_t messages() const { return messages_; }
  [[nodiscard]] std::uint64_t segments() const { return segments_; }
  [[nodiscard]] std::uint64_t other_lines() const { return other_lines_; }
  [[nodiscard]] std::uint64_t open_frames() const { return open_frames_; }

 private:
  void line(std::string_view text, std::uint64_t /*offset*/) override {
    if (!text.empty() && text.back() == k_frame_end) {
      text.remove_suffix(1);
      open_frames_ -= open_frames_ > 0 ? 1U : 0U;
    }
    if (!text.empty() && text[0] == k_frame_begin) {
      text.remove_prefix(1);
      ++open_frames_;
    }
    if (text.empty()) return;
    if (opens_message(text)) {
      separator_ = text[3];
      messages_ += text.starts_with("MSH") ? 1U : 0U;
    }
    if (is_segment(text))
      ++segments_;
    else
      ++other_lines_;
  }
  [[nodiscard]] bool is_segment(std::string_view text) const {
    const auto is_upper = [](char letter) { return letter >= 'A' && letter <= 'Z'; };
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    if (text.size() < 3 || !is_upper(text[0]) || !(is_upper(text[1]) || is_digit(text[1])) ||
        !(is_upper(text[2]) || is_digit(text[2])))
      return false;
    return text.size() == 3 || text[3] == separator_;
  }
  char separator_ = '|';
  std::uint64_t messages_ = 0, segments_ = 0, other_lines_ = 0, open_frames_ = 0;
};

Likeness recognise(const Edges& edges) {
  return opens_message(narrow_opening(edges.head, 16)) ? Likeness::strong : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!opens_message(narrow_opening(input.head(), 16))) return report;
  Segments segments;
  const TextScan scan = scan_text(input, &segments);
  segments.finish();
  tell_text(scan, input, Opening::seen, report);
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  report.holds("hl7.segments", fmt::format("{} messages in {} segments", segments.messages(), segments.segments()));
  if (segments.other_lines() > 0)
    report.remarks("hl7.lines", fmt::format("{} lines are no segments", segments.other_lines()));
  if (segments.open_frames() > 0)
    report.remarks("hl7.frame", fmt::format("{} frames are not closed", segments.open_frames()));
  return report;
}

}  // namespace

const Format k_hl7_format = {.id = "hl7",
                             .title = "HL7 version 2 messages",
                             .family = Family::text,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
