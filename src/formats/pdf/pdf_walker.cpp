// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PDF. Specification: ISO 32000-1 (PDF 1.7), ISO 32000-2.
//
//   file     = header object* section "startxref" offset "%%EOF", then the same again for each update   (7.5)
//   object   = number generation "obj" value ["stream" bytes "endstream"] "endobj"                       (7.3.10)
//   section  = "xref" table "trailer" dictionary | an object that is a cross-reference stream            (7.5.4, 7.5.8)
//   Sections lead to earlier ones by /Prev and /XRefStm; a linearised file has its last one at the front. /Encrypt in a
//   trailer: streams and strings are encrypted, everything else stays readable.
// Every offset in every section must lead to an object, every object must end before the next one begins, every FLATE
// stream must decode. Where sections do not fit, objects are found by reading: readers repair such files, so they are
// whole when everything between header and end is object or text.
#include "formats/pdf/pdf_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>

#include "formats/pdf/pdf_objects.h"
#include "formats/pdf/pdf_syntax.h"
#include "formats/pdf/pdf_text.h"
#include "formats/pdf/pdf_xref.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"pdf"}, NameClaim{"ai", Promise::loose}};
constexpr std::size_t k_header_search_bytes = 1024;  // Annex H.3.4.1: what readers accept
constexpr std::uint64_t k_end_search_bytes = 64;
constexpr std::uint64_t k_quick_objects = 32;
constexpr std::uint64_t k_scan_bytes_max = 256 * 1024 * 1024;  // beyond it only `full` reads for objects
constexpr std::uint64_t k_quick_scan_bytes_max = 4 * 1024 * 1024;

std::size_t find_header(ByteView head) { return head.part(0, k_header_search_bytes).find("%PDF-"); }

Likeness recognise(const Edges& edges) {
  if (edges.head.matches(0, "%PDF-") || find_header(edges.head) != ByteView::npos) return Likeness::strong;
  const std::size_t last = std::min<std::size_t>(edges.tail.size(), k_end_search_bytes);
  const ByteView tail = edges.tail.part(edges.tail.size() - last);
  return tail.find("%%EOF") != ByteView::npos && tail.find("startxref") != ByteView::npos ? Likeness::strong
                                                                                          : Likeness::none;
}

struct PdfEnd {
  std::uint64_t start_word = 0;  // where "startxref" stands
  std::uint64_t start = 0;       // what it says
  std::uint64_t to = 0;          // behind the last %%EOF and its end of line
};

/// The last "startxref N %%EOF" in the tail.
/// The length that a linearized document gives in its first object; 0: it is none.
std::uint64_t linearized_bytes(ByteView head) {
  constexpr std::size_t k_first_object_bytes = 2048;
  const ByteView opening = head.part(0, k_first_object_bytes);
  const std::size_t word = opening.find("/Linearized");
  if (word == ByteView::npos) return 0;
  const std::size_t open = opening.part(0, word).find_last("<<");
  if (open == ByteView::npos) return 0;
  return PdfDictionary(opening.part(open)).number("/L").value_or(0);
}

std::optional<PdfEnd> find_end(const WalkInput& input) {
  const ByteView tail = input.tail();
  const std::uint64_t tail_from = input.size_bytes() - std::min<std::uint64_t>(input.size_bytes(), tail.size());
  const std::size_t mark = tail.find_last("%%EOF");
  if (mark == ByteView::npos) return std::nullopt;
  std::size_t to = mark + 5;
  if (tail.u8(to) == '\r') ++to;
  if (to < tail.size() && tail.u8(to) == '\n') ++to;
  const std::size_t word = tail.part(0, mark).find_last("startxref");
  if (word == ByteView::npos) return std::nullopt;
  const auto start = parse_pdf_number(tail, skip_pdf_space(tail, word + 9));
  if (!start) return std::nullopt;
  const PdfEnd end{.start_word = tail_from + word, .start = start->value, .to = tail_from + std::min(to, tail.size())};
  // The table of a linearized document's first page stands at its beginning and ends in this mark too, with a zero
  // (ISO 32000-1, F.3.4).
  if (end.start == 0 && linearized_bytes(input.head()) > end.to) return std::nullopt;
  return end;
}

std::uint64_t count_padding(WalkInput& input, std::uint64_t from) {
  const std::uint64_t left = input.size_bytes() - from;
  if (left > k_edge_bytes) return 0;
  for (const std::uint8_t byte : input.at(from, static_cast<std::size_t>(left))) {
    if (!is_pdf_space(byte) && byte != 0x1A) return 0;
  }
  return left;
}

PdfObjectOptions choose_options(const WalkInput& input, const PdfXref& xref) {
  PdfObjectOptions options{.secrecy = xref.secrecy};
  if (input.depth() == model::Depth::full) options.streams = PdfStreams::all;
  if (input.depth() == model::Depth::standard && !input.whole().empty()) options.streams = PdfStreams::small;
  const std::uint64_t objects = xref.places.size();
  if (input.depth() == model::Depth::quick && input.whole().empty() && objects > k_quick_objects) {
    options.stride = objects / k_quick_objects;
  }
  return options;
}

void say_counts(const WalkInput& input, const PdfXref& xref, const PdfObjectOptions& options,
                const PdfObjectCounts& counts, WalkReport& report) {
  if (counts.other_number != 0) {
    report.remarks("pdf.number",
                   fmt::format("{} objects have another number than the cross-reference says", counts.other_number));
  }
  if (counts.wrong_length != 0) {
    report.remarks("pdf.length", fmt::format("{} streams end elsewhere than their length says", counts.wrong_length));
  }
  if (counts.short_streams != 0) {
    report.remarks("pdf.short-stream", fmt::format("{} streams stop before their own end mark", counts.short_streams));
  }
  if (input.stopped()) {
    report.remarks("pdf.limit",
                   fmt::format("stopped by a limit after {} of {} objects", counts.objects, xref.places.size()));
    return;
  }
  const bool all_inflated = counts.inflated == counts.streams && options.stride == 1;
  report.reach = all_inflated ? Reach::content : counts.inflated > 0 ? Reach::sampled : Reach::frame;
  if (report.shape == Shape::broken) {
    report.reach = Reach::sampled;
    report.remarks("pdf.objects", fmt::format("{} objects are whole, {} of {} streams decode", counts.objects,
                                              counts.inflated, counts.streams));
    return;
  }
  if (xref.secrecy == PdfSecrecy::encrypted) report.shape = Shape::sealed;
  report.holds(
      "pdf.objects",
      fmt::format("{} objects stand where they should, {} of {} streams decode{}", counts.objects, counts.inflated,
                  counts.streams, report.shape == Shape::sealed ? "; the document is encrypted by its owner" : ""));
}

/// Where the objects are, and whether a header stands before them.
struct Body {
  std::uint64_t from = 0;
  std::uint64_t to = 0;
  bool has_header = false;
};

struct Attempt {
  WalkReport report;
  BrokenUnits broken = BrokenUnits("pdf.object", "object", "objects");
  PdfObjectOptions options;
  PdfObjectCounts counts;
};

Attempt check_objects(WalkInput& input, const Body& body, const PdfXref& xref, const PdfObjectOptions& options) {
  Attempt attempt;
  attempt.options = options;
  const std::uint64_t first = xref.places.empty() ? body.to : std::min(body.to, xref.places.front().offset);
  // The header line and the comment behind it that tells transfer programs "binary".
  const std::uint64_t from = body.has_header ? std::min(first, body.from + k_header_search_bytes) : body.from;
  attempt.report.region(body.from, from, RegionKind::structured);
  attempt.counts = check_pdf_objects(input, {.from = from, .to = body.to}, xref.places, xref.sections, options,
                                     attempt.broken, attempt.report);
  return attempt;
}

std::vector<std::uint32_t> numbers_of(const std::vector<PdfPlace>& places) {
  std::vector<std::uint32_t> numbers;
  numbers.reserve(places.size());
  for (const PdfPlace& place : places) numbers.push_back(place.number);
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  return numbers;
}

/// Finds the objects by reading the content from header to end. Those that the sections name and that are not found are
/// counted in `missing`.
Attempt check_by_reading(WalkInput& input, const Body& body, PdfLastObject last, PdfXref& xref,
                         std::uint64_t& missing) {
  const std::vector<std::uint32_t> named = numbers_of(xref.places);
  xref.places.clear();
  xref.sections.clear();
  scan_pdf_objects(input, body.from, body.to, xref.places);
  const std::vector<std::uint32_t> found = numbers_of(xref.places);
  missing = 0;
  for (const std::uint32_t number : named) {
    if (!std::binary_search(found.begin(), found.end(), number)) ++missing;
  }
  if (input.tail().find("/Encrypt") != ByteView::npos) xref.secrecy = PdfSecrecy::encrypted;
  PdfObjectOptions options = choose_options(input, xref);
  options.gaps = PdfGaps::text;
  options.last = last;
  options.stride = 1;
  if (options.streams == PdfStreams::skip) options.streams = PdfStreams::small;
  return check_objects(input, body, xref, options);
}

/// Only the lost end would say whether its owner encrypted the document: then every object is framed and no stream
/// decodes.
void try_as_sealed(WalkInput& input, const Body& body, PdfXref& xref, Attempt& attempt) {
  if (xref.secrecy == PdfSecrecy::encrypted || attempt.broken.empty() || attempt.counts.inflated > 0) return;
  PdfObjectOptions options = attempt.options;
  options.secrecy = PdfSecrecy::encrypted;
  Attempt sealed = check_objects(input, body, xref, options);
  if (!sealed.broken.empty()) return;
  xref.secrecy = PdfSecrecy::encrypted;
  attempt = std::move(sealed);
}

bool may_scan(const WalkInput& input) {
  if (!input.whole().empty() || input.depth() == model::Depth::full) return true;
  const bool quick = input.depth() == model::Depth::quick;
  return input.size_bytes() <= (quick ? k_quick_scan_bytes_max : k_scan_bytes_max);
}

void adopt(const WalkInput& input, const PdfXref& xref, const Attempt& attempt, WalkReport& report) {
  for (const model::Region& region : attempt.report.regions)
    report.region(region.range.from, region.range.to, region.kind);
  report.regions_left_out += attempt.report.regions_left_out;
  attempt.broken.say(report);
  // Where some offsets lead to whole objects all must: with the beginning missing, none does.
  if (attempt.counts.objects > 0) {
    for (const model::ByteRange& fields : attempt.report.missing_fields) report.misses_fields(fields);
  }
  say_counts(input, xref, attempt.options, attempt.counts, report);
}

/// Everything between header and end, by the sections if they fit, else by reading.
void check_body(WalkInput& input, const Body& body, const std::optional<PdfEnd>& end, WalkReport& report) {
  thread_local PdfXref xref;
  xref = {};
  if (end) {
    read_pdf_xref(input, body.from, end->start, xref);
    if (xref.why.empty() && xref.places.empty()) xref.why = "the cross-reference names no object";
  } else {
    xref.why = "no end mark with a cross-reference stands in the last 65536 bytes";
    xref.why_range = {.from = input.size_bytes(), .to = input.size_bytes()};
  }
  if (input.stopped()) {
    report.remarks("pdf.limit", "stopped by a limit before the cross-reference was read");
    return;
  }
  std::string why = xref.why;
  model::ByteRange why_range = xref.why_range;
  std::optional<Attempt> by_sections;
  if (why.empty()) {
    by_sections = check_objects(input, body, xref, choose_options(input, xref));
    if (by_sections->broken.empty() || input.stopped() || !may_scan(input))
      return adopt(input, xref, *by_sections, report);
    why = fmt::format("{} offsets lead to no whole object", by_sections->broken.count());
  }
  if (!may_scan(input)) return report.breaks("pdf.xref", why, why_range);
  std::uint64_t missing = 0;
  const PdfLastObject last = end ? PdfLastObject::whole : PdfLastObject::may_be_cut;
  Attempt by_reading = check_by_reading(input, body, last, xref, missing);
  if (!end) try_as_sealed(input, body, xref, by_reading);
  if (by_reading.broken.empty() && missing == 0 && by_reading.counts.objects > 0 && end && body.has_header) {
    report.remarks("pdf.xref", fmt::format("{}; read from header to end, every object is whole", why));
    return adopt(input, xref, by_reading, report);
  }
  if (by_sections) return adopt(input, xref, *by_sections, report);
  if (!end) why_range.from = std::min(by_reading.counts.covered_to, why_range.to);
  report.breaks(!end && by_reading.counts.is_cut ? "pdf.cut" : "pdf.xref", why, why_range);
  // What is cut short still has the objects before the cut; behind the header at least one begins.
  if (by_reading.counts.objects == 0 && !by_reading.counts.is_cut && body.has_header) {
    report.misses_fields({.from = std::min(input.size_bytes(), body.from + 64),
                          .to = std::min<std::uint64_t>(input.size_bytes(), body.from + k_header_search_bytes)});
  }
  // Nothing is missing of a linearized document that is as long as it says: then its end must be there.
  if (!end && linearized_bytes(input.head()) == input.size_bytes())
    report.misses_fields(
        {.from = input.size_bytes() - std::min<std::uint64_t>(input.size_bytes(), 192), .to = input.size_bytes()});
  adopt(input, xref, by_reading, report);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::size_t header = find_header(input.head());
  const std::optional<PdfEnd> end = find_end(input);
  const bool begins = header != ByteView::npos;
  if (!begins && !end) return report;
  if (!begins && end->start >= input.size_bytes()) return report;
  report.shape = Shape::whole;
  if (end) {
    report.end_bytes = end->to;
    report.allowed_trailing_bytes = count_padding(input, end->to);
  }
  if (begins && header > 0) report.remarks("pdf.prefix", fmt::format("{} bytes stand before the header", header));
  const Body body{.from = begins ? header : 0, .to = end ? end->start_word : input.size_bytes(), .has_header = begins};
  check_body(input, body, end, report);
  if (end && report.shape != Shape::broken) report.region(end->start_word, end->to, RegionKind::structured);
  if (!begins)
    report.breaks("pdf.header", "no header stands in the first 1024 bytes",
                  {.from = 0, .to = std::min<std::uint64_t>(input.size_bytes(), k_header_search_bytes)});
  return report;
}

std::optional<SurvivingRest> find_rest(WalkInput& input) {
  const std::optional<PdfEnd> end = find_end(input);
  if (!end || end->to + count_padding(input, end->to) != input.size_bytes()) return std::nullopt;
  return SurvivingRest{.sentence = "the content ends with a document's end mark"};
}

}  // namespace

const Format k_pdf_format = {.id = "pdf",
                             .title = "PDF document",
                             .family = Family::document,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk,
                             .read_text = read_pdf_text,
                             .find_rest = find_rest};

}  // namespace lastgood::formats
