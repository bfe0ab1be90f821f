// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Metadata of Rust crates (.rmeta). Written by rustc for itself; facts from its public sources (rustc_metadata).
//
//   file = "rust" 0 0 0 version(1) root at(8, little endian; 4, big endian, up to version 8) length(1) "rustc ..." ...
//          "rust-end-file" from version 9 on
//   The tables in between hold hashes; they look random in places.
#include "formats/rust_metadata/rust_metadata_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"rmeta", Promise::firm}};
constexpr std::string_view k_magic = "rust\0\0\0"sv;
constexpr std::string_view k_closing = "rust-end-file";
constexpr std::uint8_t k_version_64 = 9;
constexpr std::uint64_t k_header_bytes = 16;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView head = input.head();
  if (!head.matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  const bool is_64 = head.u8(7) >= k_version_64;
  const std::uint64_t root = is_64 ? head.le64(8) : head.be32(8);
  const bool names_compiler = head.part(0, 64).find("rustc ") != ByteView::npos;
  if (root < k_header_bytes || root >= size || !names_compiler) {
    report.breaks("rust_metadata.header",
                  fmt::format("the root at byte {} lies outside the file, or no compiler is named", root),
                  {.from = 0, .to = std::min<std::uint64_t>(64, size)});
    return report;
  }
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(k_header_bytes, size - k_closing.size(), RegionKind::compressed);
  if (!is_64) {
    report.remarks("rust_metadata.old", "this version has no mark at its end");
    return report;
  }
  const ByteView tail = input.tail();
  const std::size_t closing = tail.find_last(k_closing);
  if (closing == ByteView::npos) {
    report.breaks("rust_metadata.end", "the closing mark is missing",
                  {.from = size - std::min<std::uint64_t>(size, k_closing.size()), .to = size});
    return report;
  }
  report.end_bytes = size - tail.size() + closing + k_closing.size();
  report.reach = Reach::frame;
  report.holds("rust_metadata.frame", fmt::format("the root at byte {} lies inside, the closing mark ends at byte {}",
                                                  root, *report.end_bytes));
  return report;
}

}  // namespace

const Format k_rust_metadata_format = {.id = "rust-metadata",
                                       .title = "Rust crate metadata",
                                       .family = Family::program,
                                       .claims = k_claims,
                                       .recognise = recognise,
                                       .walk = walk};

}  // namespace lastgood::formats
