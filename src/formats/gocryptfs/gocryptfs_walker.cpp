// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// gocryptfs: encrypted file and directory IV. Source: the project's "Forward mode crypto" page.
//
//   file  = version(2, big endian, 2) file id(16) block*
//   block = nonce(16) ciphertext(4096; the last one 1 to 4096) tag(16)
//   gocryptfs.diriv = 16 random bytes
// Sixteen bits of magic are few: the file name must be of the kind gocryptfs makes as well, Base64 of whole AES blocks.
#include "formats/gocryptfs/gocryptfs_walker.h"

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::string_view k_version = "\0\2"sv;
constexpr std::string_view k_directory_name = "gocryptfs.diriv";
constexpr std::uint64_t k_header_bytes = 18;
constexpr std::uint64_t k_overhead_bytes = 32;
constexpr std::uint64_t k_block_bytes = 4096 + k_overhead_bytes;

/// 16, 32, ... bytes in Base64 for URLs without padding: 22, 43, 64, 86 ... letters; long names have a file of their
/// own.
bool is_encrypted_name(std::string_view name) {
  if (name.starts_with("gocryptfs.longname.")) return !name.ends_with(".name");
  const bool padded = name.ends_with("=");
  while (name.ends_with("=")) name.remove_suffix(1);
  const std::size_t bytes = name.size() * 3 / 4;
  if (bytes == 0 || bytes % 16 != 0 || (bytes * 4 + 2) / 3 != name.size()) return false;
  std::size_t upper = 0;
  for (const char letter : name) {
    const bool fits = (letter >= 'A' && letter <= 'Z') || (letter >= 'a' && letter <= 'z') ||
                      (letter >= '0' && letter <= '9') || letter == '-' || letter == '_';
    if (!fits) return false;
    upper += letter >= 'A' && letter <= 'Z' ? 1U : 0U;
  }
  return upper != 0 || padded;
}

bool is_directory_iv(std::string_view name, std::uint64_t size_bytes) {
  return name == k_directory_name && size_bytes == 16;
}

bool blocks_fit(std::uint64_t size_bytes) {
  if (size_bytes < k_header_bytes) return false;
  const std::uint64_t last = (size_bytes - k_header_bytes) % k_block_bytes;
  return last == 0 || last > k_overhead_bytes;
}

Likeness recognise(const Edges& edges) {
  if (is_directory_iv(edges.name, edges.size_bytes)) return Likeness::weak;
  const bool fits = edges.head.matches(0, k_version) && is_encrypted_name(edges.name);
  return fits && blocks_fit(edges.size_bytes) ? Likeness::weak : Likeness::none;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  if (is_directory_iv(input.name(), size)) {
    report.shape = Shape::sealed;
    report.region(0, size, RegionKind::compressed);
    report.holds("gocryptfs.directory-iv", "16 random bytes, as the name says");
    return report;
  }
  if (!input.head().matches(0, k_version) || !is_encrypted_name(input.name()) || size < k_header_bytes) return report;
  report.region(0, k_header_bytes, RegionKind::structured);
  report.region(k_header_bytes, size, RegionKind::compressed);
  if (!blocks_fit(size)) {
    report.breaks("gocryptfs.blocks", fmt::format("{} bytes are no header and whole blocks", size),
                  {.from = k_header_bytes, .to = size});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.holds("gocryptfs.blocks", fmt::format("version 2, an encrypted name and {} blocks",
                                               (size - k_header_bytes + k_block_bytes - 1) / k_block_bytes));
  return report;
}

}  // namespace

const Format k_gocryptfs_format = {.id = "gocryptfs",
                                   .title = "gocryptfs encrypted file",
                                   .family = Family::owner_encrypted,
                                   .claims = {},
                                   .recognise = recognise,
                                   .walk = walk};

}  // namespace lastgood::formats
