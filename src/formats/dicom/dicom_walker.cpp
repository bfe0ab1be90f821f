// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// DICOM files and data sets without the file header. Specifications: DICOM PS3.10 section 7.1, PS3.5 sections 6 to 8
// and annexes A, D and G.
//
//   file    = preamble(128) "DICM" meta data-set | data-set
//   meta    = elements of group 0002, explicit little endian; (0002,0010) names the encoding of what follows
//   element = tag(2+2) [ VR(2) ] length(2 or 4) value | sequence | fragments
//   sequence, fragments = items FFFE,E000 that fill the length, or up to FFFE,E0DD when the length is undefined
//   The elements tile the file; with the deflated syntax the data set is one raw DEFLATE stream.
#include "formats/dicom/dicom_walker.h"

#include <algorithm>
#include <array>
#include <string>

#include <fmt/format.h>

#include "base/error.h"
#include "formats/codec/deflate.h"
#include "formats/dicom/dicom_dataset.h"
#include "formats/zero_run.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"dcm", Promise::firm}, NameClaim{"dicom", Promise::firm},
                                 NameClaim{"dcm30", Promise::firm}, NameClaim{"ima", Promise::loose}};
constexpr std::uint64_t k_preamble_bytes = 128;
constexpr std::uint64_t k_meta_elements_max = 256;
constexpr std::uint64_t k_bad_bytes = 64 * 1024;      // as far as statistics shall look behind a failing element
constexpr std::uint64_t k_appended_bytes_max = 4096;  // what follows the last element may be something foreign appended

constexpr std::uint64_t k_filling_bytes_max = 16U << 20U;

/// What the transfer syntax says (PS3.5, annex A; PS3.6, table A-1).
struct Syntax {
  std::string uid;
  DicomEncoding encoding = DicomEncoding::explicit_little;
  DicomFrameCodec codec = DicomFrameCodec::other;
  bool is_deflated = false;
};

Syntax find_syntax(std::string uid) {
  Syntax syntax{.uid = std::move(uid)};
  const std::string_view name = syntax.uid;
  if (name == "1.2.840.10008.1.2" || name == "1.2.840.113619.5.2") syntax.encoding = DicomEncoding::implicit_little;
  if (name == "1.2.840.10008.1.2.2") syntax.encoding = DicomEncoding::explicit_big;
  syntax.is_deflated = name == "1.2.840.10008.1.2.1.99";
  if (name == "1.2.840.10008.1.2.5") syntax.codec = DicomFrameCodec::run_length;
  const bool is_jpeg_2000 = name.starts_with("1.2.840.10008.1.2.4.9") || name.starts_with("1.2.840.10008.1.2.4.2");
  const bool is_video = name.starts_with("1.2.840.10008.1.2.4.10");
  if (is_jpeg_2000) syntax.codec = DicomFrameCodec::jpeg_2000;
  if (name.starts_with("1.2.840.10008.1.2.4.") && !is_jpeg_2000 && !is_video) syntax.codec = DicomFrameCodec::jpeg;
  return syntax;
}

/// How a data set without file header is encoded, when `bytes` begin one: group 0002 or 0008, a small element.
std::optional<DicomEncoding> find_bare_encoding(ByteView bytes) {
  const bool little = (bytes.u8(0) == 0x08 || bytes.u8(0) == 0x02) && bytes.u8(1) == 0;
  const bool big = (bytes.u8(1) == 0x08 || bytes.u8(1) == 0x02) && bytes.u8(0) == 0;
  if (!little && !big) return std::nullopt;
  if (has_known_dicom_vr(bytes)) return little ? DicomEncoding::explicit_little : DicomEncoding::explicit_big;
  if (!little || bytes.le16(2) > 0x0100 || bytes.le32(4) > 1024 || bytes.size() < 16) return std::nullopt;
  const ByteView second = bytes.part(8 + std::uint64_t{bytes.le32(4)});
  const bool goes_on = second.le16(0) >= bytes.le16(0) && second.le16(0) <= 0x0020 && second.le32(4) <= 1024;
  return goes_on && second.size() >= 8 ? std::optional(DicomEncoding::implicit_little) : std::nullopt;
}

bool has_file_header(ByteView head) { return head.matches(k_preamble_bytes, "DICM"sv); }

Likeness recognise(const Edges& edges) {
  if (has_file_header(edges.head)) return Likeness::strong;
  const std::optional<DicomEncoding> bare = find_bare_encoding(edges.head);
  return bare ? Likeness::weak : Likeness::none;
}

struct Meta {
  std::uint64_t end_bytes = 0;
  std::string syntax;
  bool is_sane = false;
};

/// Reads the elements of group 0002 (PS3.10, table 7.1-1). Some writers use the implicit encoding here too.
Meta read_meta(WalkInput& input, std::uint64_t from, WalkReport& report) {
  Meta meta{.end_bytes = from};
  std::uint64_t announced_end = 0;
  for (std::uint64_t i = 0; i < k_meta_elements_max && input.may_continue(); ++i) {
    const ByteView bytes = input.at(meta.end_bytes, k_dicom_header_bytes_max);
    if (bytes.le16(0) != 0x0002) {
      meta.is_sane = i > 0;
      break;
    }
    const DicomEncoding encoding =
        has_known_dicom_vr(bytes) ? DicomEncoding::explicit_little : DicomEncoding::implicit_little;
    const std::optional<DicomElement> element = parse_dicom_element(bytes, encoding);
    const std::uint64_t value_from = meta.end_bytes + (element ? element->header_bytes : 0);
    if (!element || value_from > input.size_bytes() || element->length_bytes > input.size_bytes() - value_from) break;
    if (element->tag == 0x0002'0000) announced_end = value_from + 4 + input.at(value_from, 4).le32(0);
    if (element->tag == 0x0002'0010) {
      std::string_view uid = input.at(value_from, std::min(element->length_bytes, 64U)).text();
      while (!uid.empty() && (uid.back() == 0 || uid.back() == ' ')) uid.remove_suffix(1);
      meta.syntax = base::printable(uid);
    }
    meta.end_bytes = value_from + element->length_bytes;
  }
  report.region(from, meta.end_bytes, RegionKind::structured);
  if (meta.is_sane && announced_end != 0 && announced_end != meta.end_bytes) {
    report.remarks("dicom.meta-length",
                   fmt::format("file meta information is announced to end at byte {}, it ends at byte {}",
                               announced_end, meta.end_bytes));
  }
  return meta;
}

void walk_deflated(WalkInput& input, std::uint64_t from, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  const bool all = input.depth() == model::Depth::full || !input.whole().empty();
  constexpr std::uint64_t k_opening_bytes = 64 * 1024;
  const Decoded decoded = decode_deflate(input, from, size, DeflateFrame::raw, all ? UINT64_MAX : k_opening_bytes);
  if (decoded.end == DecodeEnd::malformed || decoded.end == DecodeEnd::cut) {
    report.region(from, size, RegionKind::compressed);
    report.breaks("dicom.deflate",
                  fmt::format("the deflated data set from byte {} does not decode behind its first {} bytes", from,
                              decoded.consumed_bytes),
                  {.from = from + decoded.consumed_bytes, .to = size});
    return;
  }
  if (decoded.end == DecodeEnd::stopped) {
    report.reach = Reach::sampled;
    report.region(from, size, RegionKind::compressed);
    return;
  }
  report.reach = Reach::content;
  report.end_bytes = from + decoded.consumed_bytes;
  report.region(from, *report.end_bytes, RegionKind::verified);
  const ByteView after = input.at(*report.end_bytes, 9);
  // Some writers make a gzip member's end (RFC 1952): checksum and length.
  const bool has_gzip_end =
      after.size() == 8 && after.le32(0) == decoded.crc32 && after.le32(4) == (decoded.produced_bytes & 0xFFFF'FFFFU);
  if (has_gzip_end) *report.end_bytes += 8;
  // PS3.5, A.5: padded with a NUL to an even length.
  if (*report.end_bytes + 1 == size && input.at(size - 1, 1).u8(0) == 0) report.allowed_trailing_bytes = 1;
  report.holds("dicom.deflate", fmt::format("the deflated data set decodes to {} bytes", decoded.produced_bytes));
}

/// What stands behind the last element that fits: filling, something appended, or elements that were overwritten.
void judge_rest(WalkInput& input, const DicomDataset& dataset, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t rest = size - dataset.end_bytes;
  const bool is_near = rest <= k_filling_bytes_max && dataset.elements > 0 && !dataset.is_cut;
  if (is_near && zero_run_bytes(input, dataset.end_bytes, rest) == rest) {
    report.end_bytes = dataset.end_bytes;
    report.allowed_trailing_bytes = rest;
    return;
  }
  const bool is_appended =
      !dataset.is_cut && dataset.elements > 2 && (dataset.has_pixels || rest <= k_appended_bytes_max);
  if (is_appended) {
    report.end_bytes = dataset.end_bytes;
    return;
  }
  if (dataset.is_cut) {
    report.breaks(
        "dicom.cut",
        fmt::format("the data element at byte {} goes beyond the content's end at byte {}", dataset.end_bytes, size),
        {.from = size, .to = size});
    return;
  }
  report.breaks("dicom.element",
                fmt::format("no data element fits at byte {}, behind {} whole ones; the content has {} bytes",
                            dataset.end_bytes, dataset.elements, size),
                {.from = dataset.end_bytes, .to = std::min(size, dataset.end_bytes + k_bad_bytes)});
}

void walk_elements(WalkInput& input, std::uint64_t from, const Syntax& syntax, WalkReport& report) {
  const DicomDataset dataset = walk_dicom_dataset(input, from, syntax.encoding, syntax.codec, report);
  if (input.stopped() || input.read_error()) {
    report.remarks("dicom.limit", fmt::format("stopped by a limit after {} elements, at byte {}", dataset.elements,
                                              dataset.end_bytes));
    return;
  }
  report.reach = Reach::frame;
  if (dataset.fragments > 0 && dataset.is_verified) report.reach = Reach::sampled;  // values of elements stay unproven
  if (dataset.is_tiled) {
    report.end_bytes = dataset.end_bytes;
  } else {
    judge_rest(input, dataset, report);
  }
  if (report.shape == Shape::broken) return;
  const std::string fragments = dataset.fragments == 0
                                    ? ""
                                    : fmt::format(", {} fragments of pixel data{}", dataset.fragments,
                                                  dataset.is_verified ? " decoded to their end" : "");
  report.holds("dicom.elements", fmt::format("{} data elements tile the content to byte {}{}", dataset.elements,
                                             dataset.end_bytes, fragments));
}

/// The preamble is free for other uses (PS3.10, 7.1): zeros, a TIFF header, some text. Noise is none of them.
bool is_noise(ByteView bytes) {
  std::array<bool, 256> seen{};
  unsigned kinds = 0;
  unsigned high = 0;
  for (const std::uint8_t byte : bytes) {
    if (!seen[byte]) ++kinds;
    seen[byte] = true;
    if (byte >= 0x80) ++high;
  }
  return kinds * 10 >= bytes.size() * 7 && high * 5 >= bytes.size();
}

void check_preamble(ByteView head, WalkReport& report) {
  constexpr std::uint64_t k_part_bytes = 32;
  for (std::uint64_t at = 0; at < k_preamble_bytes; at += k_part_bytes) {
    if (!is_noise(head.part(at, k_part_bytes))) continue;
    report.breaks("dicom.preamble", fmt::format("the preamble holds noise from byte {}", at),
                  {.from = at, .to = at + k_part_bytes});
    return;
  }
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  Syntax syntax;
  std::uint64_t from = 0;
  if (has_file_header(input.head())) {
    report.shape = Shape::whole;
    from = k_preamble_bytes + 4;
    report.region(0, from, RegionKind::structured);
    check_preamble(input.head(), report);
  } else {
    const std::optional<DicomEncoding> bare = find_bare_encoding(input.head());
    if (!bare) return report;
    report.shape = Shape::whole;
    syntax.encoding = *bare;
  }
  if (input.at(from, 2).le16(0) == 0x0002) {
    const Meta meta = read_meta(input, from, report);
    if (!meta.is_sane && !input.stopped()) {
      report.breaks("dicom.meta", fmt::format("file meta information breaks off at byte {}", meta.end_bytes),
                    {.from = meta.end_bytes, .to = std::min(input.size_bytes(), meta.end_bytes + k_bad_bytes)});
      return report;
    }
    from = meta.end_bytes;
    syntax = find_syntax(meta.syntax);
  }
  if (syntax.is_deflated) {
    walk_deflated(input, from, report);
    return report;
  }
  walk_elements(input, from, syntax, report);
  // Without the magic a few small numbers look like an element or two.
  constexpr std::size_t k_first_findings = 1;
  const bool is_bare = !has_file_header(input.head());
  if (is_bare && report.shape == Shape::broken && report.findings.size() <= k_first_findings &&
      report.regions.size() < 8)
    return {};
  return report;
}

}  // namespace

const Format k_dicom_format = {.id = "dicom",
                               .title = "DICOM object",
                               .family = Family::image,
                               .claims = k_claims,
                               .recognise = recognise,
                               .walk = walk};

}  // namespace lastgood::formats
