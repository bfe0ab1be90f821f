// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Calendars and address cards. Specification: RFC 5545 (iCalendar), section 3.4 and 3.6; RFC 6350 (vCard).
//
//   component = "BEGIN:" name line* component* "END:" name;  a content holds one or more of them
#include "formats/ics_vcf/ics_vcf_walker.h"

#include <algorithm>
#include <array>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "formats/text/text_lines.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"ics", Promise::firm}, NameClaim{"ical", Promise::firm},
                                 NameClaim{"vcs", Promise::firm}, NameClaim{"vcf", Promise::loose},
                                 NameClaim{"vcard", Promise::firm}};
constexpr std::size_t k_depth_max = 64;

std::string upper(std::string_view text) {
  std::string result(text.substr(0, 64));
  while (!result.empty() && (result.back() == ' ' || result.back() == '\t')) result.pop_back();
  for (char& letter : result) {
    if (letter >= 'a' && letter <= 'z') letter = static_cast<char>(letter - 'a' + 'A');
  }
  return result;
}

class Components final : public LineReader {
 public:
  [[nodiscard]] std::uint64_t count() const { return count_; }
  [[nodiscard]] std::size_t depth() const { return open_.size(); }
  [[nodiscard]] bool has_fault() const { return has_fault_; }
  [[nodiscard]] std::uint64_t fault_offset() const { return fault_offset_; }

 private:
  void line(std::string_view text, std::uint64_t offset) override {
    if (has_fault_) return;
    if (text.starts_with("\xEF\xBB\xBF")) text.remove_prefix(3);
    const std::string start = upper(text.substr(0, 6));
    if (start.starts_with("BEGIN:")) {
      open_.push_back(upper(text.substr(6)));
      if (open_.size() > k_depth_max) fail(offset);
    } else if (start.starts_with("END:")) {
      if (open_.empty() || open_.back() != upper(text.substr(4))) {
        fail(offset);
        return;
      }
      open_.pop_back();
      ++count_;
    }
  }
  void fail(std::uint64_t offset) {
    if (!has_fault_) fault_offset_ = offset;
    has_fault_ = true;
    open_.clear();
  }
  std::vector<std::string> open_;
  std::uint64_t count_ = 0;
  bool has_fault_ = false;
  std::uint64_t fault_offset_ = 0;
};

std::string_view find_kind(base::ByteView head) {
  const std::string opening = upper(narrow_opening(head, 16));
  if (opening.starts_with("BEGIN:VCALENDAR")) return "ics";
  return opening.starts_with("BEGIN:VCARD") ? "vcf" : "";
}

Likeness recognise(const Edges& edges) { return find_kind(edges.head).empty() ? Likeness::none : Likeness::strong; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::string_view kind = find_kind(input.head());
  if (kind.empty()) return report;
  Components components;
  const TextScan scan = scan_text(input, &components);
  components.finish();
  tell_text(scan, input, Opening::seen, report);
  report.format = kind;
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  const std::uint64_t size = input.size_bytes();
  if (components.has_fault()) {
    report.remarks("ics.nesting",
                   fmt::format("the end of a component at byte {} fits none that is open", components.fault_offset()));
  } else if (components.depth() > 0) {
    report.breaks("ics.cut", fmt::format("the content ends with {} components open", components.depth()),
                  {.from = size - std::min<std::uint64_t>(size, 64), .to = size});
  } else {
    report.holds("ics.components", fmt::format("{} components begin and end", components.count()));
  }
  return report;
}

}  // namespace

const Format k_ics_vcf_format = {.id = "ics",
                                 .title = "calendar or address cards",
                                 .family = Family::text,
                                 .claims = k_claims,
                                 .recognise = recognise,
                                 .walk = walk};

}  // namespace lastgood::formats
