// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Programs of Windows, EFI and DOS, and Linux kernel images. Specifications: Microsoft "PE Format"; Linux
// "The Linux/x86 Boot Protocol"; the DOS header is the one of MS-DOS 2.0.
//
//   file    = "MZ" dos header(64, at 60: offset of the next header) dos program, "PE\0\0" coff header(20)
//             optional header section[count] ... section bytes ... [symbols] [installer's payload] [certificates]
//   section = name(8) size in memory(4) address(4) size in file(4) offset(4) ... flags(4)
//   older   = "NE", "LE", "LX" in place of "PE", or nothing but the DOS program
//   kernel  = boot sector and setup code, at 514 "HdrS"; the 32-bit part holds a packed payload
#include "formats/pe/pe_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/pe/pe_file.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {
    NameClaim{"exe", Promise::firm},  NameClaim{"dll", Promise::firm},  NameClaim{"efi", Promise::firm},
    NameClaim{"sys", Promise::loose}, NameClaim{"scr", Promise::loose}, NameClaim{"ocx", Promise::firm},
    NameClaim{"cpl", Promise::loose}, NameClaim{"mui", Promise::loose}, NameClaim{"drv", Promise::loose}};
constexpr std::uint64_t k_dos_header_bytes = 64;

/// Where the newer header should stand; 0 when there is none.
std::uint64_t next_header_at(ByteView head) {
  const std::uint64_t at = head.le32(60);
  return head.size() >= k_dos_header_bytes && at >= 4 ? at : 0;
}

bool begins_as_dos(ByteView head) {
  const std::uint16_t last_page_bytes = head.le16(2);
  const std::uint16_t pages = head.le16(4);
  const std::uint16_t header_paragraphs = head.le16(8);
  return head.matches(0, "MZ") && last_page_bytes <= 512 && pages > 0 && header_paragraphs >= 2;
}

Likeness recognise(const Edges& edges) {
  const ByteView head = edges.head;
  if (pe::is_kernel(head)) return Likeness::strong;
  if (!head.matches(0, "MZ")) return Likeness::none;
  const std::uint64_t next = next_header_at(head);
  if (next != 0 && (head.matches(next, "PE\0\0"sv) || head.matches(next, "NE") || head.matches(next, "LE") ||
                    head.matches(next, "LX")))
    return Likeness::strong;
  // Long DOS stubs push the header out of sight; otherwise two letters are little to go by.
  return begins_as_dos(head) || next >= head.size() ? Likeness::weak : Likeness::none;
}

void walk_dos(WalkInput& input, WalkReport& report) {
  report.format = "dos-program";
  const ByteView head = input.head();
  const std::uint64_t header_bytes = std::uint64_t{head.le16(8)} * 16;
  const std::uint64_t last_page_bytes = head.le16(2);
  const std::uint64_t image_bytes =
      std::uint64_t{head.le16(4)} * 512 - (last_page_bytes == 0 ? 0 : 512 - last_page_bytes);
  const std::uint64_t relocations_end = std::uint64_t{head.le16(24)} + std::uint64_t{head.le16(6)} * 4;
  const bool relocations_fit = head.le16(6) == 0 || relocations_end <= header_bytes;
  if (header_bytes > input.size_bytes() || header_bytes > image_bytes || image_bytes > input.size_bytes() ||
      !relocations_fit) {
    report.breaks("pe.dos",
                  fmt::format("a DOS program of {} bytes with a header of {} does not fit the file's {} bytes",
                              image_bytes, header_bytes, input.size_bytes()),
                  {.from = 0, .to = std::min(k_dos_header_bytes, input.size_bytes())});
    return;
  }
  // DOS programs keep data behind their image as they like: where the file ends cannot be told.
  report.reach = Reach::opening;
  report.region(0, header_bytes, RegionKind::structured);
  report.holds("pe.dos", fmt::format("a DOS program of {} bytes with {} relocations inside its header", image_bytes,
                                     head.le16(6)));
}

/// Windows 3 and OS/2: the resident tables lie behind each other inside the file.
void walk_new_executable(WalkInput& input, std::uint64_t at, WalkReport& report) {
  report.format = "ne-program";
  const ByteView header = input.at(at, 64);
  const std::uint64_t segments = header.le16(28);
  const std::uint64_t segments_at = at + header.le16(34);
  const std::uint64_t resources_at = at + header.le16(36);
  const std::uint64_t names_at = at + header.le16(38);
  const std::uint64_t entries_at = at + header.le16(4);
  const std::uint64_t entries_end = entries_at + header.le16(6);
  if (segments_at + segments * 8 > names_at || resources_at > names_at || names_at > entries_end ||
      entries_end > input.size_bytes()) {
    report.breaks("pe.ne",
                  fmt::format("the tables of {} segments do not fit the file's {} bytes", segments, input.size_bytes()),
                  {.from = at, .to = std::min(at + 64, input.size_bytes())});
    return;
  }
  const unsigned shift = std::min<unsigned>(header.le16(50) == 0 ? 9 : header.le16(50), 16);
  for (std::uint64_t i = 0; i < segments; ++i) {
    if (!input.may_continue()) return;
    const ByteView segment = input.at(segments_at + i * 8, 8);
    const std::uint64_t from = std::uint64_t{segment.le16(0)} << shift;
    const std::uint64_t length = segment.le16(2) == 0 ? 0x10000U : segment.le16(2);
    if (from != 0 && from + length > input.size_bytes()) {
      report.breaks("pe.ne",
                    fmt::format("segment {} of {}, {} bytes at byte {}, leaves the file", i, segments, length, from),
                    {.from = segments_at + i * 8, .to = segments_at + i * 8 + 8});
      return;
    }
  }
  report.reach = Reach::frame;
  report.holds("pe.ne", fmt::format("{} segments and their tables lie inside the file", segments));
}

/// Linkers write this stub only in front of a newer header: three pages of which 0x90 bytes, relocations at 0x40.
bool is_stub_of_newer_program(ByteView head) {
  return head.le16(2) == 0x90 && head.le16(4) == 3 && head.le16(8) == 4 && head.le16(24) == k_dos_header_bytes;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  const bool is_kernel = pe::is_kernel(head);
  if (!head.matches(0, "MZ") && !is_kernel) return report;
  report.shape = Shape::whole;
  const std::uint64_t next = next_header_at(head);
  const ByteView header = next == 0 ? ByteView() : input.at(next, 4);
  if (is_kernel) pe::check_kernel(input, report);
  if (report.shape == Shape::broken) return report;
  if (header.matches(0, "PE\0\0"sv)) {
    pe::walk_image(input, next, report);
  } else if (header.matches(0, "NE")) {
    walk_new_executable(input, next, report);
  } else if (header.matches(0, "LE") || header.matches(0, "LX")) {
    report.format = "le-program";
    report.remarks("pe.le", "a linear executable of OS/2 or VxD; its pages were not checked");
  } else if (!is_kernel && is_stub_of_newer_program(head)) {
    const std::uint64_t size = input.size_bytes();
    report.breaks("pe.next-header", fmt::format("the stub of a newer program, and no header of one at byte {}", next),
                  {.from = std::min<std::uint64_t>(size, 60), .to = std::min<std::uint64_t>(size, 64)});
    report.misses_fields({.from = std::min(size, k_dos_header_bytes), .to = std::min(size, 2 * k_dos_header_bytes)});
  } else if (!is_kernel && begins_as_dos(head)) {
    walk_dos(input, report);
  } else if (!is_kernel) {
    report.shape = Shape::foreign;
  }
  return report;
}

}  // namespace

const Format k_pe_format = {.id = "pe",
                            .title = "Windows, EFI or DOS program",
                            .family = Family::program,
                            .claims = k_claims,
                            .recognise = recognise,
                            .walk = walk};

}  // namespace lastgood::formats
