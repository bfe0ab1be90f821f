// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Cross-reference tables and streams of a PDF, with everything earlier that they lead to (ISO 32000-1, 7.5.4 to 7.5.8).
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "formats/walk_input.h"
#include "model/finding.h"

namespace lastgood::formats {

struct PdfPlace {
  static constexpr std::uint32_t k_any_number = UINT32_MAX;

  std::uint64_t offset = 0;
  std::uint32_t number = k_any_number;  // of the object that must stand there
};

enum class PdfSecrecy : std::uint8_t { open, encrypted };

struct PdfXref {
  static constexpr std::size_t k_places_max = 2'000'000;

  std::vector<PdfPlace> places;            // ascending, each offset once
  std::vector<model::ByteRange> sections;  // tables with their trailers, ascending
  std::uint64_t compressed_objects = 0;    // inside object streams
  PdfSecrecy secrecy = PdfSecrecy::open;
  std::string why;  // what did not fit; empty when all did
  model::ByteRange why_range;
};

/// `origin`: where the header stands; offsets may count from there. `start`: what startxref says.
void read_pdf_xref(WalkInput& input, std::uint64_t origin, std::uint64_t start, PdfXref& xref);

/// Without cross-references: every "n g obj" at the beginning of a line in [from, to).
void scan_pdf_objects(WalkInput& input, std::uint64_t from, std::uint64_t to, std::vector<PdfPlace>& places);

}  // namespace lastgood::formats
