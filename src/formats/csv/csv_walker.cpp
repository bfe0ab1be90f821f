// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Comma, semicolon or tab separated values, by name only. Specification: RFC 4180, as loosely as it is followed.
//
//   record = field (separator field)*;  field = anything without separator or line end, or a quoted text, '"' doubled
#include "formats/csv/csv_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/text/text_encoded.h"
#include "formats/text/text_names.h"
#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

constexpr std::array k_claims = {NameClaim{"csv", Promise::firm}, NameClaim{"tsv", Promise::firm},
                                 NameClaim{"tab", Promise::loose}};
constexpr std::string_view k_separators = ",;\t|";

// What a byte outside quotes is: the place of its separator in k_separators, or one of these.
constexpr std::uint8_t k_letter = 4, k_quote = 5, k_line_feed = 6, k_return = 7;
constexpr std::array<std::uint8_t, 256> k_kinds = [] {
  std::array<std::uint8_t, 256> kinds{};
  kinds.fill(k_letter);
  for (std::size_t i = 0; i < k_separators.size(); ++i)
    kinds[static_cast<std::uint8_t>(k_separators[i])] = static_cast<std::uint8_t>(i);
  kinds['"'] = k_quote;
  kinds['\n'] = k_line_feed;
  kinds['\r'] = k_return;
  return kinds;
}();

/// Counts fields per record, for each separator at once; the first record decides which one it is.
class Records final : public TextReader {
 public:
  void read(base::ByteView piece, std::uint64_t /*offset*/, std::size_t /*unit*/) override {
    std::size_t at = 0;
    while (at < piece.size()) at = quoted_ ? skip_quoted(piece, at) : read_plain(piece, at);
  }
  void finish() {
    if (!quoted_) end_record();
  }
  [[nodiscard]] bool is_open() const { return quoted_; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t fields() const { return fields_; }
  [[nodiscard]] std::uint64_t odd_records() const { return odd_; }

 private:
  /// To the quote that ends the text, or to the end of the piece.
  std::size_t skip_quoted(base::ByteView piece, std::size_t from) {
    const std::size_t quote = piece.find("\"", from);
    if (quote == base::ByteView::npos) return piece.size();
    quoted_ = false;
    return quote + 1;
  }
  /// Through the first quote, or to the end of the piece.
  std::size_t read_plain(base::ByteView piece, std::size_t from) {
    const base::ByteView rest = piece.part(from);
    for (const std::uint8_t* at = rest.begin(); at != rest.end(); ++at) {
      const std::uint8_t* word = at;
      at = std::find_if(at, rest.end(), [](std::uint8_t byte) { return k_kinds[byte] != k_letter; });
      is_empty_ = is_empty_ && at == word;
      if (at == rest.end()) break;
      take(k_kinds[*at]);
      if (quoted_) return from + static_cast<std::size_t>(at - rest.begin()) + 1;
    }
    return piece.size();
  }
  /// Anything but a letter.
  void take(std::uint8_t kind) {
    if (kind == k_return) return;
    if (kind == k_line_feed) return end_record();
    is_empty_ = false;
    if (kind == k_quote)
      quoted_ = true;
    else
      ++seen_[kind];
  }
  void end_record() {
    if (is_empty_) return;
    if (records_ == 0) {
      for (std::size_t i = 0; i < seen_.size(); ++i) separator_ = seen_[i] > seen_[separator_] ? i : separator_;
      fields_ = seen_[separator_] + 1;
    }
    if (seen_[separator_] + 1 != fields_) ++odd_;
    ++records_;
    seen_.fill(0);
    is_empty_ = true;
  }
  bool quoted_ = false;
  bool is_empty_ = true;  // nothing but line ends since the last record
  std::uint64_t records_ = 0, fields_ = 0, odd_ = 0;
  std::size_t separator_ = 0;
  std::array<std::uint64_t, 4> seen_{};
};

Likeness recognise(const Edges& edges) {
  const std::string extension = lower_extension(edges.name);
  return edges.size_bytes > 0 && (extension == "csv" || extension == "tsv") ? Likeness::weak : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  Records records;
  const TextScan scan = scan_text(input, &records);
  records.finish();
  tell_text(scan, input, Opening::unseen, report);
  if (report.shape != Shape::whole || !scan.was_read_whole) return report;
  remark_encoded_body(input, report);
  if (records.is_open()) {
    report.remarks("csv.quotes", fmt::format("a quote is open at the end, behind {} records", records.records()));
  } else if (records.odd_records() > 0) {
    report.remarks("csv.fields", fmt::format("{} of {} records do not have the first one's {} fields",
                                             records.odd_records(), records.records(), records.fields()));
  } else {
    report.holds("csv.fields", fmt::format("{} records of {} fields", records.records(), records.fields()));
  }
  return report;
}

}  // namespace

const Format k_csv_format = {.id = "csv",
                             .title = "separated values",
                             .family = Family::text,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
