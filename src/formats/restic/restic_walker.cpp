// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Files of restic repositories and caches. Specification: restic, "Repository Format" (doc/design.rst).
//
//   Every file but `config` bears the SHA-256 of its own bytes as its name, 64 lower-case hexadecimal digits.
//   pack  = blob* header length(4, little endian); a blob and the header are encrypted, 32 bytes more than their
//   content header, decrypted = (type(1) length(4) [unpacked length(4)] id(32))*: entries of 37 or 41 bytes index,
//   snapshot, lock = one encrypted blob; key = JSON Other stores name files so as well (OCI images, Git LFS): where the
//   digest fits, the content is what was stored there, whoever stored it. Where it does not, only a pack's closing
//   length says that this was restic's.
#include "formats/restic/restic_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::size_t k_name_digits = 64;
constexpr std::uint64_t k_seal_bytes = 32;  // what encryption adds: nonce and message code
constexpr std::uint64_t k_header_bytes_max = 16ULL * 1024 * 1024;
constexpr std::uint64_t k_pack_bytes_min = 256ULL * 1024;  // smaller files are digested at every depth

bool is_digest_name(std::string_view name) {
  return name.size() == k_name_digits &&
         std::all_of(name.begin(), name.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

Likeness recognise(const Edges& edges) {
  return is_digest_name(edges.name) && edges.size_bytes > k_seal_bytes ? Likeness::weak : Likeness::none;
}

/// Bytes of the pack's encrypted header; 0 when the last four bytes name no possible one.
std::uint64_t header_length(const WalkInput& input) {
  const ByteView tail = input.tail();
  const std::uint64_t length = tail.le32(tail.size() - 4);
  if (length < k_seal_bytes + 37 || length > k_header_bytes_max || length + 4 + k_seal_bytes > input.size_bytes())
    return 0;
  const std::uint64_t entries = length - k_seal_bytes;
  // A sum of 37s and 41s: with q entries it lies between 37 q and 41 q and is 37 q plus a multiple of 4.
  for (std::uint64_t q = (entries + 40) / 41; q * 37 <= entries; ++q) {
    if ((entries - q * 37) % 4 == 0) return length;
  }
  return 0;
}

enum class Digest : std::uint8_t { fits, differs, unknown };

Digest compare_digest(WalkInput& input) {
  base::Sha256 state;
  std::uint64_t at = 0;
  while (at < input.size_bytes()) {
    if (!input.may_continue(64)) return Digest::unknown;
    const ByteView piece = input.at(at, 256 * 1024);
    if (piece.empty()) return Digest::unknown;
    state.update(piece);
    at += piece.size();
  }
  const base::Sha256Digest digest = state.finish();
  return base::hex(ByteView(std::span<const std::uint8_t>(digest))) == input.name() ? Digest::fits : Digest::differs;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  if (!is_digest_name(input.name()) || size <= k_seal_bytes) return report;
  const std::uint64_t header_bytes = header_length(input);
  const bool is_pack = header_bytes != 0 && size >= k_pack_bytes_min;
  // A long pack that closes as one is taken at its word below `full`: its digest costs reading all of it.
  const Digest digest = is_pack && input.depth() != model::Depth::full ? Digest::unknown : compare_digest(input);
  if (digest == Digest::unknown && header_bytes == 0) return report;
  if (digest == Digest::differs && header_bytes == 0) {
    report.remarks("restic.digest", "the name looks like a SHA-256 digest, it is not this content's");
    return report;
  }
  if (digest == Digest::differs) {
    report.breaks(
        "restic.digest",
        fmt::format("closes like a pack, with a header of {} bytes, but its digest is not its name", header_bytes),
        {.from = 0, .to = size});
    return report;
  }
  const std::uint8_t first = input.head().u8(0);
  const bool is_text = digest == Digest::fits && first == '{' && input.tail().u8(input.tail().size() - 1) == '}';
  report.shape = is_text ? Shape::whole : Shape::sealed;
  report.format = is_text ? "digest-named" : "restic";
  report.reach = digest == Digest::fits ? Reach::content : Reach::frame;
  report.end_bytes = size;
  report.region(0, size, digest == Digest::fits ? RegionKind::verified : RegionKind::compressed);
  if (digest == Digest::fits)
    report.holds("restic.digest", "the name is the SHA-256 of the content", {.from = 0, .to = size});
  if (digest == Digest::unknown) {
    report.holds(
        "restic.pack",
        fmt::format("closes like a pack, with a header of {} bytes; the digest was not computed", header_bytes),
        {.from = size - 4 - header_bytes, .to = size});
  }
  return report;
}

}  // namespace

const Format k_restic_format = {.id = "restic",
                                .title = "restic repository file",
                                .family = Family::backup,
                                .claims = {},
                                .recognise = recognise,
                                .walk = walk};

}  // namespace lastgood::formats
