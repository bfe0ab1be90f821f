// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/walk_report.h"

#include <utility>

#include "formats/format.h"

namespace lastgood::formats {

void WalkReport::add(std::string_view rule, std::string sentence, model::Weight weight, model::ByteRange range) {
  if (findings.size() >= k_findings_max) {
    ++findings_left_out;
    return;
  }
  findings.push_back({.rule = std::string(rule), .sentence = std::move(sentence), .weight = weight, .range = range});
}

void WalkReport::holds(std::string_view rule, std::string sentence, model::ByteRange range) {
  add(rule, std::move(sentence), model::Weight::supports, range);
}

void WalkReport::remarks(std::string_view rule, std::string sentence, model::ByteRange range) {
  add(rule, std::move(sentence), model::Weight::remarks, range);
}

void WalkReport::breaks(std::string_view rule, std::string sentence, model::ByteRange range) {
  shape = Shape::broken;
  add(rule, std::move(sentence), model::Weight::contradicts, range);
}

void WalkReport::misses_fields(model::ByteRange range) {
  if (range.from < range.to && missing_fields.size() < k_missing_fields_max) missing_fields.push_back(range);
}

void WalkReport::region(std::uint64_t from, std::uint64_t to, model::RegionKind kind) {
  if (!regions.empty() && from < regions.back().range.to) from = regions.back().range.to;
  if (from >= to) return;
  if (!regions.empty() && regions.back().kind == kind && regions.back().range.to == from) {
    regions.back().range.to = to;
    return;
  }
  if (regions.size() >= k_regions_max) {
    ++regions_left_out;
    return;
  }
  regions.push_back({.range = {.from = from, .to = to}, .kind = kind});
}

std::string_view name_of(Family family) {
  switch (family) {
    case Family::text: return "text";
    case Family::document: return "document";
    case Family::image: return "image";
    case Family::audio_video: return "audio and video";
    case Family::archive: return "archive";
    case Family::database: return "database";
    case Family::mail: return "mail";
    case Family::disk: return "disk image";
    case Family::program: return "program";
    case Family::font: return "font";
    case Family::owner_encrypted: return "encrypted by its owner";
    case Family::backup: return "backup";
    case Family::other: return "other";
  }
  return "other";
}

}  // namespace lastgood::formats
