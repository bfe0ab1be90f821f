// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The PE image itself. Specification: Microsoft "PE Format", sections "COFF File Header" to "Section Table" and
// "The Attribute Certificate Table".
#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "formats/pe/pe_file.h"

namespace lastgood::formats::pe {

namespace {

using base::ByteView;
using model::ByteRange;
using model::RegionKind;

constexpr std::uint64_t k_coff_bytes = 24;  // with "PE\0\0"
constexpr std::uint64_t k_section_bytes = 40;
constexpr std::uint64_t k_symbol_bytes = 18;
constexpr std::uint32_t k_flag_code = 0x20000000;  // may be executed
constexpr std::uint32_t k_flag_uninitialised = 0x80;
constexpr std::uint64_t k_sections_max = 4096;
constexpr std::array k_packer_names = {std::string_view("UPX"), std::string_view(".aspack"),
                                       std::string_view(".MPRESS"), std::string_view(".petite")};

bool is_packer_name(ByteView name) {
  return std::any_of(k_packer_names.begin(), k_packer_names.end(),
                     [&](std::string_view packer) { return name.matches(0, packer); });
}

Directory read_directory(ByteView optional, std::uint64_t directories_at, std::uint64_t count, std::uint64_t number) {
  if (number >= count) return {};
  return {.at = optional.le32(directories_at + number * 8), .bytes = optional.le32(directories_at + number * 8 + 4)};
}

/// Headers before the section table; false when they break a rule.
bool read_headers(WalkInput& input, PeFile& file, std::uint64_t& section_count, WalkReport& report) {
  const ByteView coff = input.at(file.header_at, k_coff_bytes);
  const std::uint64_t optional_bytes = coff.le16(20);
  const std::uint64_t optional_at = file.header_at + k_coff_bytes;
  const ByteView optional = input.at(optional_at, static_cast<std::size_t>(optional_bytes));
  const std::uint16_t magic = optional.le16(0);
  const bool is_64 = magic == 0x20B;
  const std::uint64_t count_at = is_64 ? 108 : 92;
  section_count = coff.le16(6);
  if (optional.size() < optional_bytes || optional_bytes < count_at + 4 || (magic != 0x10B && !is_64) ||
      section_count > k_sections_max) {
    report.breaks("pe.header",
                  fmt::format("an optional header of {} bytes with magic {:#x} for {} sections is none that exists",
                              optional_bytes, magic, section_count),
                  {.from = file.header_at, .to = std::min(optional_at + optional_bytes, input.size_bytes())});
    return false;
  }
  const std::uint64_t count = std::min<std::uint64_t>(optional.le32(count_at), 16);
  file.certificates = read_directory(optional, count_at + 4, count, 4);
  file.relocations = read_directory(optional, count_at + 4, count, 5);
  file.clr = read_directory(optional, count_at + 4, count, 14);
  file.checksum_at = optional_at + 64;
  file.headers_end = optional_at + optional_bytes + section_count * k_section_bytes;
  file.image_end =
      std::max<std::uint64_t>(file.headers_end, std::min<std::uint64_t>(optional.le32(60), input.size_bytes()));
  const std::uint64_t symbols_at = coff.le32(12);
  const std::uint64_t symbols_end = symbols_at + std::uint64_t{coff.le32(16)} * k_symbol_bytes;
  if (symbols_at != 0 && symbols_end + 4 <= input.size_bytes()) {
    const std::uint64_t strings_end = symbols_end + input.at(symbols_end, 4).le32(0);
    if (strings_end <= input.size_bytes()) file.image_end = std::max(file.image_end, strings_end);
  }
  return true;
}

bool read_sections(WalkInput& input, PeFile& file, std::uint64_t count, WalkReport& report) {
  const std::uint64_t table_at = file.headers_end - count * k_section_bytes;
  const ByteView table = input.at(table_at, static_cast<std::size_t>(count * k_section_bytes));
  if (table.size() < count * k_section_bytes) {
    report.breaks("pe.sections",
                  fmt::format("the table of {} sections at byte {} ends behind the file", count, table_at),
                  {.from = std::min(table_at, input.size_bytes()), .to = input.size_bytes()});
    return false;
  }
  std::uint64_t faults = 0;
  for (std::uint64_t i = 0; i < count; ++i) {
    const ByteView entry = table.part(i * k_section_bytes, k_section_bytes);
    const std::uint32_t flags = entry.le32(36);
    Section section{.memory_from = entry.le32(12),
                    .memory_bytes = entry.le32(8),
                    .from = entry.le32(20),
                    .file_bytes = entry.le32(16),
                    .is_code = (flags & k_flag_code) != 0,
                    .is_packed = is_packer_name(entry)};
    if (section.from == 0 || (flags & k_flag_uninitialised) != 0) section.file_bytes = 0;
    const std::uint64_t needed = std::min(section.file_bytes, std::max<std::uint64_t>(section.memory_bytes, 1));
    if (section.file_bytes != 0 && (section.from > input.size_bytes() || needed > input.size_bytes() - section.from)) {
      report.breaks("pe.section",
                    fmt::format("section {} of {}, {} bytes at byte {}, leaves the file's {} bytes", i, count,
                                section.file_bytes, section.from, input.size_bytes()),
                    {.from = table_at + i * k_section_bytes, .to = table_at + (i + 1) * k_section_bytes});
      if (++faults == 4) return false;
      continue;
    }
    // The last section need not be padded to the alignment its size counts.
    section.file_bytes = std::min(section.file_bytes, input.size_bytes() - std::min(section.from, input.size_bytes()));
    // A section without bytes in the file may name any offset.
    if (section.file_bytes != 0) file.image_end = std::max(file.image_end, section.from + section.file_bytes);
    file.sections.push_back(section);
  }
  return faults == 0;
}

/// certificate = length(4) revision(2) type(2) bytes, padded to 8. Gives the end of the table; 0 when it breaks a rule.
std::uint64_t read_certificates(WalkInput& input, const PeFile& file, WalkReport& report) {
  const std::uint64_t from = file.certificates.at;
  const std::uint64_t end = from + file.certificates.bytes;
  if (from == 0 || file.certificates.bytes == 0) return file.image_end;
  std::uint64_t at = from;
  while (at < end && end <= input.size_bytes()) {
    if (!input.may_continue()) return file.image_end;
    const ByteView header = input.at(at, 8);
    const std::uint64_t length = header.le32(0);
    const bool revision_fits = header.le16(4) == 0x100 || header.le16(4) == 0x200;
    if (length < 8 || length > end - at || !revision_fits) break;
    at += std::min((length + 7) / 8 * 8, end - at);
  }
  if (at == end) return end;
  report.breaks("pe.certificates", fmt::format("no certificate stands at byte {} of the table [{}, {})", at, from, end),
                {.from = std::min(at, input.size_bytes()), .to = std::min(std::max(at, end), input.size_bytes())});
  return 0;
}

void name_regions(WalkInput& input, const PeFile& file, WalkReport& report) {
  std::vector<model::Region> regions;
  regions.push_back({.range = {.from = 0, .to = file.headers_end}, .kind = RegionKind::structured});
  for (const Section& section : file.sections) {
    // Data sections stay unnamed: programs embed pictures and archives in them.
    if (!section.is_code && !section.is_packed) continue;
    regions.push_back({.range = {.from = section.from, .to = section.from + section.file_bytes},
                       .kind = section.is_packed ? RegionKind::compressed : RegionKind::plain});
  }
  if (is_kernel(input.head())) {
    // The payload lies inside the code section, which then says nothing of its own.
    regions.resize(1);
    regions.push_back({.range = kernel_payload(input.head()), .kind = RegionKind::compressed});
  }
  std::sort(regions.begin(), regions.end(),
            [](const model::Region& a, const model::Region& b) { return a.range.from < b.range.from; });
  for (const model::Region& region : regions)
    report.region(region.range.from, std::min(region.range.to, input.size_bytes()), region.kind);
}

/// What stands between the image and its certificates, or behind both.
void explain_overlay(WalkInput& input, const PeFile& file, std::uint64_t certificates_end, WalkReport& report) {
  const bool is_signed = certificates_end > file.image_end && file.certificates.bytes != 0;
  const std::uint64_t to = is_signed ? std::max(file.certificates.at, file.image_end) : input.size_bytes();
  report.end_bytes = is_signed ? certificates_end : file.image_end;
  if (to > file.image_end && to - file.image_end > 16) {
    const char* overlay = find_overlay(input, file.image_end, to);
    if (overlay != nullptr) {
      report.region(file.image_end, to, RegionKind::compressed);
      report.remarks("pe.overlay", fmt::format("{} of {} bytes stands behind the image; it was not checked here",
                                               overlay, to - file.image_end));
      if (!is_signed) report.allowed_trailing_bytes = to - file.image_end;
    } else if (is_signed) {
      report.remarks("pe.overlay", fmt::format("{} bytes of unknown kind stand between the image and its signature",
                                               to - file.image_end));
    }
  }
  if (is_signed) report.region(file.certificates.at, certificates_end, RegionKind::compressed);
}

}  // namespace

void walk_image(WalkInput& input, std::uint64_t header_at, WalkReport& report) {
  PeFile file;
  file.header_at = header_at;
  std::uint64_t section_count = 0;
  if (!read_headers(input, file, section_count, report) || !read_sections(input, file, section_count, report)) return;
  const std::uint64_t certificates_end = read_certificates(input, file, report);
  if (report.shape == Shape::broken) return;
  report.reach = Reach::frame;
  const bool deep = input.depth() == model::Depth::full || !input.whole().empty();
  if (deep) check_tables(input, file, report);
  if (report.shape == Shape::broken) return;
  const bool proven = deep && checksum_fits(input, file);
  if (proven) report.reach = Reach::content;
  name_regions(input, file, report);
  explain_overlay(input, file, certificates_end, report);
  report.holds("pe.frame", fmt::format("{} sections lie inside the {} bytes of the image{}", file.sections.size(),
                                       file.image_end, proven ? ", its checksum fits" : ""));
}

}  // namespace lastgood::formats::pe
