// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What the parts of the PE walker share.
#pragma once

#include <cstdint>
#include <vector>

#include "formats/walk_input.h"
#include "formats/walk_report.h"

namespace lastgood::formats::pe {

struct Section {
  std::uint64_t memory_from = 0;
  std::uint64_t memory_bytes = 0;
  std::uint64_t from = 0;
  std::uint64_t file_bytes = 0;
  bool is_code = false;
  bool is_packed = false;  // named by a program packer (UPX, ASPack, MPRESS)
};

struct Directory {
  std::uint64_t at = 0;  // address in memory; for certificates an offset in the file
  std::uint64_t bytes = 0;
};

struct PeFile {
  std::uint64_t header_at = 0;    // of "PE\0\0"
  std::uint64_t headers_end = 0;  // behind the section table
  std::uint64_t checksum_at = 0;
  Directory certificates;
  Directory relocations;
  Directory clr;
  std::vector<Section> sections;
  std::uint64_t image_end = 0;  // behind sections and symbols
};

/// pe_image.cpp: the "PE\0\0" header, sections, certificates and what follows them.
void walk_image(WalkInput& input, std::uint64_t header_at, WalkReport& report);
/// pe_tables.cpp: base relocations and the .NET header; every address they hold leads into a section.
void check_tables(WalkInput& input, const PeFile& file, WalkReport& report);
/// pe_tables.cpp: true when the optional header's checksum is that of the file.
bool checksum_fits(WalkInput& input, const PeFile& file);
/// pe_overlay.cpp: what installers and bundlers put behind the image; null when it is not known.
const char* find_overlay(WalkInput& input, std::uint64_t from, std::uint64_t to);
/// pe_kernel.cpp: the packed payload of a Linux kernel image (bzImage), whether or not it has a PE header as well.
bool is_kernel(base::ByteView head);
void check_kernel(WalkInput& input, WalkReport& report);
/// The payload's place in a kernel image.
model::ByteRange kernel_payload(base::ByteView head);

}  // namespace lastgood::formats::pe
