// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What tools append behind an ELF file: kernel module signatures (Linux, scripts/sign-file), AppImage and other file
// systems, zip archives, PyInstaller and Deno bundles. Each says so by a magic at its own beginning or end.
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "formats/elf/elf_file.h"

namespace lastgood::formats::elf {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

struct Mark {
  std::string_view bytes;
  std::string_view name;
};
constexpr std::array k_openings = {Mark{"hsqs"sv, "a squashfs image"},
                                   Mark{"PK\x03\x04"sv, "a zip archive"},
                                   Mark{"\x1f\x8b\x08"sv, "a gzip stream"},
                                   Mark{"\xfd"
                                        "7zXZ\0"sv,
                                        "an xz stream"},
                                   Mark{"\x28\xb5\x2f\xfd"sv, "a zstd frame"},
                                   Mark{"7z\xbc\xaf\x27\x1c"sv, "a 7z archive"},
                                   Mark{"\x7f"
                                        "ELF"sv,
                                        "another ELF file"}};
constexpr std::array k_closings = {Mark{"PK\x05\x06"sv, "a zip archive"},
                                   Mark{"MEI\014\013\012\013\016"sv, "a PyInstaller bundle"},
                                   Mark{"d3n0l4nd"sv, "a Deno bundle"}, Mark{"\n---- Bun! ----\n"sv, "a Bun bundle"}};
constexpr std::string_view k_signature_mark = "~Module signature appended~\n";
constexpr std::uint64_t k_signature_record_bytes = 12;

/// Length of an appended module signature, mark included; 0 when there is none.
std::uint64_t signature_bytes(ByteView tail) {
  if (tail.size() < k_signature_mark.size() + k_signature_record_bytes) return 0;
  const std::uint64_t mark_at = tail.size() - k_signature_mark.size();
  if (!tail.matches(mark_at, k_signature_mark)) return 0;
  const ByteView record = tail.part(mark_at - k_signature_record_bytes, k_signature_record_bytes);
  return std::uint64_t{record.be32(8)} + record.u8(3) + record.u8(4) + k_signature_record_bytes +
         k_signature_mark.size();
}

const Mark* find_payload(WalkInput& input, std::uint64_t from) {
  const ByteView opening = input.at(from, 16);
  for (const Mark& mark : k_openings) {
    if (opening.matches(0, mark.bytes)) return &mark;
  }
  const ByteView tail = input.tail();
  const std::uint64_t trailing_bytes = input.size_bytes() - from;
  const ByteView closing = trailing_bytes < tail.size() ? tail.part(tail.size() - trailing_bytes) : tail;
  for (const Mark& mark : k_closings) {
    if (closing.find_last(mark.bytes) != ByteView::npos) return &mark;
  }
  return nullptr;
}

}  // namespace

void explain_payload(WalkInput& input, const ElfFile& file, WalkReport& report) {
  const std::uint64_t size = input.size_bytes();
  if (file.end >= size) return;
  const std::uint64_t trailing_bytes = size - file.end;
  if (signature_bytes(input.tail()) == trailing_bytes) {
    report.allowed_trailing_bytes = trailing_bytes;
    report.region(file.end, size, RegionKind::compressed);
    report.remarks("elf.signature",
                   fmt::format("a kernel module signature of {} bytes stands behind the module", trailing_bytes));
    return;
  }
  const Mark* mark = find_payload(input, file.end);
  if (mark == nullptr) return;
  report.allowed_trailing_bytes = trailing_bytes;
  report.region(file.end, size, RegionKind::compressed);
  report.remarks("elf.payload", fmt::format("{} of {} bytes stands behind the program; it was not checked here",
                                            mark->name, trailing_bytes));
}

}  // namespace lastgood::formats::elf
