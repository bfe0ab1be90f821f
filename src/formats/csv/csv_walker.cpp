// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Comma, semicolon or tab separated values, by name only. Specification: RFC 4180, as loosely as it is followed.
//
//   record = field (separator field)*;  field = anything without separator or line end, or a quoted text, '"' doubled
#include "formats/csv/csv_walker.h"

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

/// Counts fields per record, for each separator at once; the first record decides which one it is.
class Records final : public TextReader {
 public:
  void read(base::ByteView piece, std::uint64_t /*offset*/, std::size_t /*unit*/) override {
    for (const std::uint8_t byte : piece) take(byte);
  }
  void finish() {
    if (letters_ > 0 && !quoted_) end_record();
  }
  [[nodiscard]] bool is_open() const { return quoted_; }
  [[nodiscard]] std::uint64_t records() const { return records_; }
  [[nodiscard]] std::uint64_t fields() const { return fields_; }
  [[nodiscard]] std::uint64_t odd_records() const { return odd_; }

 private:
  void take(std::uint8_t byte) {
    if (byte == '"') quoted_ = !quoted_;
    if (quoted_) {
      ++letters_;
      return;
    }
    if (byte == '\n') {
      end_record();
      return;
    }
    if (byte == '\r') return;
    ++letters_;
    const std::size_t separator = k_separators.find(static_cast<char>(byte));
    if (separator != std::string_view::npos) ++seen_[separator];
  }
  void end_record() {
    if (letters_ == 0) return;  // an empty line
    if (records_ == 0) {
      for (std::size_t i = 0; i < seen_.size(); ++i) separator_ = seen_[i] > seen_[separator_] ? i : separator_;
      fields_ = seen_[separator_] + 1;
    }
    if (seen_[separator_] + 1 != fields_) ++odd_;
    ++records_;
    seen_.fill(0);
    letters_ = 0;
  }
  bool quoted_ = false;
  std::uint64_t letters_ = 0, records_ = 0, fields_ = 0, odd_ = 0;
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
