// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/testing/report_rules.h"

#include <fmt/format.h>

#include "base/utf8.h"

namespace lastgood::formats::testing {

std::string find_broken_report_rule(const WalkReport& report, std::uint64_t size_bytes) {
  if (report.end_bytes && *report.end_bytes > size_bytes)
    return fmt::format("end {} is behind the content's {} bytes", *report.end_bytes, size_bytes);
  if (report.findings.size() > WalkReport::k_findings_max) return "too many findings";
  if (report.regions.size() > WalkReport::k_regions_max) return "too many regions";
  bool contradicted = false;
  for (const model::Finding& finding : report.findings) {
    if (finding.rule.empty() || finding.sentence.empty()) return "a finding without rule or sentence";
    if (finding.range.from > finding.range.to)
      return fmt::format("finding {} has a range that ends before it begins", finding.rule);
    if (!base::is_utf8(finding.sentence))
      return fmt::format("finding {} holds bytes of the content that are not text: use base::printable", finding.rule);
    if (finding.sentence.size() > 2000) return fmt::format("finding {} is longer than a sentence", finding.rule);
    contradicted = contradicted || finding.weight == model::Weight::contradicts;
  }
  for (const model::ByteRange& fields : report.missing_fields) {
    if (fields.from >= fields.to || fields.to > size_bytes) return "missing fields outside the content";
    if (!contradicted && report.findings_left_out == 0) return "missing fields although nothing breaks";
  }
  std::uint64_t before = 0;
  for (const model::Region& region : report.regions) {
    if (region.range.from < before || region.range.to <= region.range.from)
      return fmt::format("region at {} is empty or not ascending", region.range.from);
    before = region.range.to;
  }
  if (before > size_bytes) return fmt::format("a region ends at {}, the content at {}", before, size_bytes);
  const bool holds = report.shape == Shape::whole || report.shape == Shape::sealed;
  if (holds && contradicted) return "whole in spite of a contradiction";
  if (report.shape == Shape::broken && !contradicted && report.findings_left_out == 0)
    return "broken without saying what breaks";
  return "";
}

}  // namespace lastgood::formats::testing
