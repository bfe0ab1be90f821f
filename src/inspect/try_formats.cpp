// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "inspect/try_formats.h"

#include <algorithm>

#include "formats/format_table.h"
#include "formats/payload_nature.h"

namespace lastgood::inspect {

namespace {

using base::ByteView;
using formats::Family;
using formats::Format;
using formats::Likeness;
using model::Reach;
using model::Shape;
using verdict::Cause;
using verdict::Nature;

constexpr std::size_t k_walks_max = 8;
constexpr std::size_t k_replaced_probe_bytes = 64 * 1024;
constexpr std::size_t k_replaced_probe_bytes_min = 256;
constexpr std::uint64_t k_header_bytes_max = 512;
// Of what compressors other than LZMA write, one piece of this length in twenty passes as ciphertext.
constexpr std::uint64_t k_telling_bytes_min = 64 * 1024;
constexpr std::uint64_t k_own_bytes = 4096;
constexpr std::uint64_t k_spot_run_bytes = 4096;
constexpr std::size_t k_zero_run_bytes = 512;

Nature nature_of(Family family) {
  switch (family) {
    case Family::text:
    case Family::mail:
    case Family::database:
    case Family::disk: return Nature::plain;
    case Family::image:
    case Family::audio_video:
    case Family::archive:
    case Family::document:
    case Family::font:
    case Family::owner_encrypted:
    case Family::backup: return Nature::compressed;
    case Family::program:
    case Family::other: return Nature::mixed;
  }
  return Nature::mixed;
}

struct Candidate {
  const Format* format;
  Cause cause;
};

std::vector<Candidate> list_candidates(const formats::WalkInput& input, const ClaimedName& claims) {
  const formats::Edges edges{
      .head = input.head(), .tail = input.tail(), .size_bytes = input.size_bytes(), .name = input.name()};
  std::vector<Candidate> strong;
  std::vector<Candidate> rest;
  const auto add_once = [&](const Format* format, Cause cause) {
    const auto same = [&](const Candidate& candidate) { return candidate.format == format; };
    if (std::none_of(strong.begin(), strong.end(), same) && std::none_of(rest.begin(), rest.end(), same))
      rest.push_back({format, cause});
  };
  std::vector<const Format*> weak;
  for (const Format* format : formats::all_formats()) {
    const Likeness likeness = format->recognise(edges);
    if (likeness == Likeness::strong) strong.push_back({format, Cause::content_strong});
    if (likeness == Likeness::weak) weak.push_back(format);
  }
  for (const Format* format : claims.firm) add_once(format, Cause::name_firm);
  for (const Format* format : weak) add_once(format, Cause::content_weak);
  for (const Format* format : claims.loose) add_once(format, Cause::name_loose);
  strong.insert(strong.end(), rest.begin(), rest.end());
  return strong;
}

std::optional<model::RegionKind> kind_at(const formats::WalkReport& report, std::uint64_t offset) {
  for (const model::Region& region : report.regions) {
    if (offset >= region.range.from && offset < region.range.to) return region.kind;
  }
  return std::nullopt;
}

std::vector<model::ByteRange> merged(std::vector<model::ByteRange> ranges) {
  std::sort(ranges.begin(), ranges.end(), [](const auto& a, const auto& b) { return a.from < b.from; });
  std::vector<model::ByteRange> out;
  for (const model::ByteRange& range : ranges) {
    if (!out.empty() && range.from <= out.back().to)
      out.back().to = std::max(out.back().to, range.to);
    else
      out.push_back(range);
  }
  return out;
}

/// Any 64 bytes at all that pass as random, looked for at every 16th byte: ciphertext may cover a part of the fields
/// only.
bool holds_random_cell(formats::WalkInput& input, const model::ByteRange& fields) {
  const auto length = static_cast<std::size_t>(
      std::clamp<std::uint64_t>(fields.length(), verdict::k_cell_bytes, k_replaced_probe_bytes));
  const ByteView there = input.at(fields.from, length);
  // Text of many-byte encodings passes in single cells here and there.
  constexpr std::size_t k_text_block_bytes = 512;
  if (length > 8 * k_text_block_bytes) {
    for (std::size_t at = 0; at + k_text_block_bytes <= there.size(); at += k_text_block_bytes) {
      if (verdict::texture_of(there.part(at, k_text_block_bytes)) == verdict::Texture::random) return true;
    }
    return false;
  }
  constexpr std::size_t k_step_bytes = 16;
  for (std::size_t at = 0; at + verdict::k_cell_bytes <= there.size(); at += k_step_bytes) {
    if (verdict::is_random_cell(there.part(at, verdict::k_cell_bytes))) return true;
  }
  return false;
}

bool names_compressed(const formats::WalkReport& report) {
  return std::any_of(report.regions.begin(), report.regions.end(),
                     [](const model::Region& region) { return region.kind == model::RegionKind::compressed; });
}

/// Runs of random cells among plain ones: four in a row are none that records or text hold by chance. Nothing where
/// zeros are nearly all that stands beside them: those may lie over payload that its owner encrypted.
std::vector<model::ByteRange> random_cell_runs(ByteView bytes, std::uint64_t from) {
  constexpr std::uint64_t k_run_bytes_min = 4 * verdict::k_cell_bytes;
  std::vector<model::ByteRange> runs;
  std::size_t zero_cells = 0;
  std::size_t plain_cells = 0;
  for (std::size_t at = 0; at + verdict::k_cell_bytes <= bytes.size(); at += verdict::k_cell_bytes) {
    const ByteView bytes_here = bytes.part(at, verdict::k_cell_bytes);
    if (!verdict::is_random_cell(bytes_here)) {
      ++(verdict::texture_of(bytes_here) == verdict::Texture::zero ? zero_cells : plain_cells);
      continue;
    }
    const model::ByteRange cell{.from = from + at, .to = from + at + verdict::k_cell_bytes};
    if (!runs.empty() && runs.back().to == cell.from) {
      runs.back().to = cell.to;
      continue;
    }
    if (!runs.empty() && runs.back().length() < k_run_bytes_min) runs.pop_back();
    runs.push_back(cell);
  }
  if (!runs.empty() && runs.back().length() < k_run_bytes_min) runs.pop_back();
  if (zero_cells > 0 && plain_cells * 8 < bytes.size() / verdict::k_cell_bytes - zero_cells) runs.clear();
  return runs;
}

bool is_text_family(const Format& format) { return format.family == Family::text || format.family == Family::mail; }

/// What one trial has to go by.
struct Doubt {
  formats::WalkInput& input;
  const Format& format;
  const formats::WalkReport& report;
  bool is_own_name = false;  // nothing was appended to it, as attacks do
};

bool passes_as_ciphertext(formats::WalkInput& input, const std::vector<model::ByteRange>& ranges) {
  verdict::ByteCounts counts{};
  for (const model::ByteRange& range : ranges) {
    const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(range.length(), k_replaced_probe_bytes));
    verdict::count_bytes(input.at(range.from, length), counts);
  }
  return verdict::passes_as_ciphertext(counts);
}

/// Payload that looks random when nobody touched it. A document written as text is none, whatever its family.
bool is_random_by_nature(const Doubt& doubt) {
  return nature_of(doubt.format.family) == Nature::compressed &&
         std::none_of(doubt.report.findings.begin(), doubt.report.findings.end(),
                      [](const model::Finding& finding) { return finding.rule.starts_with("text."); });
}

struct RandomPlace {
  model::ByteRange range;
  bool is_throughout = false;  // not only its first bytes
  bool is_of_fields = false;   // the format's own next fields must stand there
};

/// Of the places where an invariant failed, those whose bytes pass as random.
std::vector<RandomPlace> find_random_places(const Doubt& doubt) {
  std::vector<RandomPlace> places;
  const bool compressed = is_random_by_nature(doubt);
  for (const model::Finding& finding : doubt.report.findings) {
    if (finding.weight != model::Weight::contradicts || finding.range.length() == 0) continue;
    if (model::says_cut(finding.rule) || kind_at(doubt.report, finding.range.from) == model::RegionKind::compressed)
      continue;
    const std::size_t length = static_cast<std::size_t>(
        std::clamp<std::uint64_t>(finding.range.length(), k_replaced_probe_bytes_min, k_replaced_probe_bytes));
    const ByteView there = doubt.input.at(finding.range.from, length);
    const bool opening = verdict::is_random_cell(there.part(0, verdict::k_cell_bytes));
    const bool throughout = verdict::texture_of(there) == verdict::Texture::random;
    // Encrypted table spaces and volumes keep random payload between plain fields.
    if (nature_of(doubt.format.family) == Nature::plain && !names_compressed(doubt.report)) {
      const std::vector<model::ByteRange> runs = random_cell_runs(there, finding.range.from);
      for (const model::ByteRange& run : runs) places.push_back({.range = run, .is_throughout = true});
      if (!runs.empty()) continue;
    }
    // Compressed payload looks random by nature: a unit of it was replaced only when its own header is gone too.
    const bool random =
        compressed ? opening && (throughout || finding.range.length() <= k_header_bytes_max) : opening || throughout;
    if (random) places.push_back({.range = finding.range, .is_throughout = throughout});
  }
  for (const model::ByteRange& fields : doubt.report.missing_fields) {
    if (holds_random_cell(doubt.input, fields)) places.push_back({.range = fields, .is_of_fields = true});
  }
  return places;
}

/// `length` bytes from `from` on are there and pass as ciphertext.
bool is_ciphertext_run(const Doubt& doubt, std::uint64_t from, std::uint64_t length) {
  if (from > doubt.input.size_bytes() || length > doubt.input.size_bytes() - from) return false;
  return passes_as_ciphertext(doubt.input, {{.from = from, .to = from + length}});
}

/// Zeros that no compressor writes stand in the place or right before it: they are what it fails by.
bool has_zero_run(formats::WalkInput& input, model::ByteRange range) {
  static const std::string zeros(k_zero_run_bytes, '\0');
  const std::uint64_t from = range.from - std::min(range.from, k_own_bytes);
  const auto length = static_cast<std::size_t>(std::min<std::uint64_t>(range.to - from, k_replaced_probe_bytes));
  return input.at(from, length).find(zeros) != ByteView::npos;
}

/// One short place behind the head, and neither before nor behind it more of the same: no attack leaves that.
bool is_spot(const Doubt& doubt, const RandomPlace& place) {
  const std::uint64_t from = place.range.from;
  if (place.is_of_fields || from < k_header_bytes_max || place.range.length() > k_header_bytes_max) return false;
  const bool goes_on = is_ciphertext_run(doubt, from, k_spot_run_bytes);
  const bool was_before =
      from >= k_spot_run_bytes && is_ciphertext_run(doubt, from - k_spot_run_bytes, k_spot_run_bytes);
  return !goes_on && !was_before;
}

/// Where the random bytes begin that reach up to `at`; a header or a table between them does not end them.
std::uint64_t begin_of_run(formats::WalkInput& input, std::uint64_t at) {
  constexpr std::uint64_t k_back_bytes_max = 256 * 1024;
  constexpr int k_misses_max = 4;
  // Read once and then walked backwards: the input's window goes forward only.
  const std::uint64_t from = at - std::min(at, k_back_bytes_max);
  const ByteView before = input.at(from, static_cast<std::size_t>(at - from));
  if (before.size() < at - from) return at;
  std::uint64_t begin = at;
  int misses = 0;
  for (std::uint64_t cell = at; cell >= from + verdict::k_cell_bytes && misses < k_misses_max;) {
    cell -= verdict::k_cell_bytes;
    const bool is_random = verdict::is_random_cell(before.part(cell - from, verdict::k_cell_bytes));
    misses = is_random ? 0 : misses + 1;
    if (is_random) begin = cell;
  }
  return begin;
}

/// The first bytes of another format stand about where the random bytes of the place begin.
bool begins_as_another_file(formats::WalkInput& input, std::uint64_t place) {
  constexpr std::uint64_t k_before_bytes = 1024;  // tables and comments of the other file are not random yet
  constexpr std::uint64_t k_behind_bytes = 96;
  const std::uint64_t begin = begin_of_run(input, place);
  const std::uint64_t from = begin - std::min(begin, k_before_bytes);
  const ByteView around = input.at(from, k_before_bytes + k_behind_bytes + 300);
  // The content's own first bytes say nothing of another.
  for (std::uint64_t at = from == 0 ? 1 : 0; at < begin - from + k_behind_bytes; ++at) {
    if (formats::find_payload_nature(around.part(at)) == formats::PayloadNature::compressed) return true;
  }
  return false;
}

/// Drops what speaks for another file's bytes rather than for ciphertext. Attacks that leave a file its name replace
/// all of it or long runs; crossed clusters, bad sectors and a lost piece leave other bytes in short ones, and the
/// format's own end.
void drop_unproven(const Doubt& doubt, std::vector<RandomPlace>& places) {
  if (places.size() == 1 && !is_text_family(doubt.format) && is_spot(doubt, places.front())) return places.clear();
  if (!is_random_by_nature(doubt)) {
    const auto first = std::min_element(places.begin(), places.end(), [](const RandomPlace& a, const RandomPlace& b) {
      return a.range.from < b.range.from;
    });
    if (first->range.from > 0 && begins_as_another_file(doubt.input, first->range.from)) return places.clear();
    // A document written as text may hold pictures as they are: what fails beside zeros fails by them.
    if (nature_of(doubt.format.family) == Nature::compressed)
      std::erase_if(places, [&](const RandomPlace& place) { return has_zero_run(doubt.input, place.range); });
    std::vector<model::ByteRange> throughout;
    std::vector<model::ByteRange> behind;  // a range may begin with what is still the file's own
    for (const RandomPlace& place : places) {
      if (!place.is_throughout) continue;
      throughout.push_back(place.range);
      behind.push_back(
          {.from = place.range.from + std::min(place.range.length() / 2, k_own_bytes), .to = place.range.to});
    }
    if (!passes_as_ciphertext(doubt.input, throughout) && !passes_as_ciphertext(doubt.input, behind))
      std::erase_if(places, [&](const RandomPlace& place) {
        return !place.is_of_fields && (place.is_throughout || is_text_family(doubt.format));
      });
    return;
  }
  const bool ends_well = doubt.format.find_rest != nullptr && doubt.format.find_rest(doubt.input);
  std::erase_if(places, [&](const RandomPlace& place) {
    const std::uint64_t size = doubt.input.size_bytes();
    if (has_zero_run(doubt.input, place.range)) return true;
    // What follows is proven to be whole: then only the place itself may tell.
    const std::optional<model::RegionKind> next = kind_at(doubt.report, place.range.to);
    if ((next == model::RegionKind::verified || next == model::RegionKind::structured) &&
        place.range.length() < k_telling_bytes_min)
      return true;
    // A decoder's finding begins this much before the place where it broke.
    for (const std::uint64_t from : {place.range.from, place.range.from + k_own_bytes}) {
      const std::uint64_t left = size - std::min(size, from);
      if (!ends_well && 4 * left >= size && is_ciphertext_run(doubt, from, left)) return false;
      const std::uint64_t to = std::min(size, std::max(place.range.to, from + k_telling_bytes_min));
      if (to >= from + k_telling_bytes_min && is_ciphertext_run(doubt, from, to - from)) return false;
      if (place.range.length() <= 2 * k_own_bytes) break;
    }
    return true;
  });
}

void find_replaced(const Doubt& doubt, verdict::StructureFact& fact) {
  std::vector<RandomPlace> places = find_random_places(doubt);
  const bool opening =
      std::any_of(places.begin(), places.end(), [](const RandomPlace& place) { return place.range.from == 0; });
  if (!places.empty() && doubt.is_own_name) drop_unproven(doubt, places);
  for (const RandomPlace& place : places) fact.replaced.push_back(place.range);
  fact.replaced = merged(std::move(fact.replaced));
  fact.opening_in_doubt = opening && places.empty();
}

/// A text with binary bytes in it may be what is left of something else.
bool is_clean_text(const formats::WalkReport& report) {
  return std::none_of(report.findings.begin(), report.findings.end(), [](const model::Finding& finding) {
    return finding.rule == "text.binary-bytes" || finding.rule == "text.nul-hole" || finding.rule == "text.controls";
  });
}

bool is_named_otherwise(const ClaimedName& claims) {
  return !claims.firm.empty() && !is_text_family(*claims.firm.front());
}

/// A sign of two bytes and a header that happens to fit prove nothing on random bytes.
bool is_convincing(const Candidate& candidate, const formats::WalkReport& report, const ClaimedName& claims) {
  if (report.shape != Shape::whole && report.shape != Shape::sealed) return false;
  if (is_named_otherwise(claims) && is_text_family(*candidate.format) && candidate.cause == Cause::content_weak &&
      !is_clean_text(report))
    return false;
  return candidate.cause == Cause::content_strong || candidate.cause == Cause::name_firm ||
         report.reach != Reach::opening;
}

/// Name and beginning agree on a format, and the content ends before it does.
bool is_cut_as_named(const Candidate& candidate, const formats::WalkReport& report, const ClaimedName& claims) {
  return report.shape == Shape::broken && candidate.cause == Cause::content_strong &&
         std::find(claims.firm.begin(), claims.firm.end(), candidate.format) != claims.firm.end() &&
         std::any_of(report.findings.begin(), report.findings.end(),
                     [](const model::Finding& finding) { return model::says_cut(finding.rule); });
}

verdict::StructureFact fact_of(const Candidate& candidate, const formats::WalkReport& report) {
  verdict::StructureFact fact;
  fact.format = report.format.empty() ? std::string(candidate.format->id) : report.format;
  fact.title = candidate.format->title;
  fact.shape = report.shape;
  fact.reach = report.reach;
  fact.cause = candidate.cause;
  fact.nature = nature_of(candidate.format->family);
  if (report.end_bytes) fact.end_bytes = *report.end_bytes + report.allowed_trailing_bytes;
  fact.findings = report.findings;
  return fact;
}

}  // namespace

Trials try_formats(formats::WalkInput& input, const ClaimedName& claims, verdict::Facts& facts) {
  Trials trials;
  if (!claims.firm.empty()) {
    facts.name.firm_format = claims.firm.front()->id;
    facts.name.firm_title = claims.firm.front()->title;
    facts.name.firm_nature = nature_of(claims.firm.front()->family);
  }
  facts.name.original_name = claims.original_name;
  facts.name.appended = claims.appended;
  facts.name.owner_suffix = claims.owner_suffix;

  bool begins_as_binary_format = false;
  for (const Candidate& candidate : list_candidates(input, claims)) {
    if (trials.formats.size() >= k_walks_max || input.read_error()) break;
    // Weak signs do not overrule a magic number; a text that a grammar rejects is still a text.
    if (begins_as_binary_format && candidate.cause > Cause::name_firm) break;
    formats::WalkReport report = candidate.format->walk(input);
    verdict::StructureFact fact = fact_of(candidate, report);
    if (report.shape == Shape::broken) {
      find_replaced({input, *candidate.format, report, claims.appended.empty()}, fact);
      if (candidate.cause == Cause::content_strong && !is_text_family(*candidate.format))
        begins_as_binary_format = true;
    }
    // Text in front of something else says nothing about that.
    if (report.shape == Shape::broken && is_text_family(*candidate.format) && is_named_otherwise(claims) &&
        facts.name.firm_nature == Nature::compressed && claims.appended.empty())
      fact.shape = Shape::foreign;
    // An archive whose members are text reads as a text with control bytes once it is cut.
    const bool is_text_in_binary =
        begins_as_binary_format && is_text_family(*candidate.format) && !is_clean_text(report);
    const bool convincing = !is_text_in_binary && is_convincing(candidate, report, claims);
    const bool cut = is_cut_as_named(candidate, report, claims);
    if (!convincing && (report.shape == Shape::whole || report.shape == Shape::sealed)) fact.shape = Shape::foreign;
    facts.structures.push_back(std::move(fact));
    trials.formats.push_back(candidate.format);
    trials.reports.push_back(std::move(report));
    if (convincing) {
      trials.whole = trials.formats.size() - 1;
      break;
    }
    // Half a key in letters is no text of random letters.
    if (cut) break;
  }
  return trials;
}

}  // namespace lastgood::inspect
