// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// git's own files. Specification: gitformat-pack(5), gitformat-index(5), gitformat-commit-graph(5), git 2.39.
//
//   pack   = "PACK" version(4: 2, 3) count(4) object*  digest                    object: size varint, zlib stream
//   idx    = FF "tOc" version(4: 2) fanout(256 * 4, ascending) names crc32s offsets [64-bit offsets] pack-digest digest
//   index  = "DIRC" version(4: 2-4) count(4) entries extensions  digest
//   others = "MIDX" | "CGPH" | "RIDX" | "BITM" ...  digest
//   object = zlib("TYPE SIZE" NUL data), named by its digest
//
// The digest at the end is SHA-1, or SHA-256 in repositories that chose so: which one, the content does not say.
#include "formats/git/git_walker.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/decoded_unit.h"
#include "formats/git/git_checksum.h"
#include "formats/git/git_object.h"
#include "formats/git/git_pack.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"pack", Promise::loose}, NameClaim{"idx", Promise::loose},
                                 NameClaim{"rev", Promise::loose}, NameClaim{"bitmap", Promise::loose}};
constexpr std::uint64_t k_sha1_bytes = 20;
constexpr std::uint64_t k_sha256_bytes = 32;
constexpr std::uint64_t k_fanout_bytes = 256 * 4;

struct Kind {
  std::string_view magic;
  std::string_view id;
  std::uint32_t version_min;
  std::uint32_t version_max;  // the four bytes behind the magic, big endian; 0: they are something else
};
constexpr std::array k_kinds = {Kind{"PACK"sv, "git-pack", 2, 3},
                                Kind{"\xfftOc"sv, "git-pack-index", 1, 2},
                                Kind{"DIRC"sv, "git-index", 1, 4},
                                Kind{"MIDX\x01"sv, "git-multi-index", 0, 0},
                                Kind{"CGPH\x01"sv, "git-commit-graph", 0, 0},
                                Kind{"RIDX"sv, "git-reverse-index", 1, 1},
                                Kind{"BITM\0\x01"sv, "git-bitmap", 0, 0}};

const Kind* find_kind(ByteView head) {
  for (const Kind& kind : k_kinds) {
    const bool version =
        kind.version_max == 0 || (head.be32(4) >= kind.version_min && head.be32(4) <= kind.version_max);
    if (head.matches(0, kind.magic) && version && head.size() >= 12 + k_sha1_bytes) return &kind;
  }
  return nullptr;
}

Likeness recognise(const Edges& edges) {
  if (find_kind(edges.head) != nullptr) return Likeness::strong;
  return is_named_git_object(edges.head, edges.name) ? Likeness::weak : Likeness::none;
}

/// The digest at the end, by whichever length fits.
void check_trailer(WalkInput& input, WalkReport& report, std::string_view kind, std::uint64_t from) {
  const DigestState sha1 = check_git_trailer(input, input.size_bytes(), k_sha1_bytes);
  if (sha1 != DigestState::wrong) return report_git_trailer(input, report, sha1, kind, from, k_sha1_bytes);
  const DigestState sha256 = check_git_trailer(input, input.size_bytes(), k_sha256_bytes);
  report_git_trailer(input, report, sha256, kind, from, sha256 == DigestState::fits ? k_sha256_bytes : k_sha1_bytes);
}

/// The digest says it all; where it does not fit or is too far away, the objects say where.
void check_pack(WalkInput& input, WalkReport& report) {
  report.region(0, 12, RegionKind::structured);
  for (const std::uint64_t digest_bytes : {k_sha1_bytes, k_sha256_bytes}) {
    if (check_git_trailer(input, input.size_bytes(), digest_bytes) != DigestState::fits) continue;
    return report_git_trailer(input, report, DigestState::fits, "pack", 12, digest_bytes);
  }
  walk_pack_objects(input, report, decode_budget_bytes(input, DecodeSpeed::fast));
}

/// Version 2: the fan-out table ascends, and its last entry, the number of objects, gives the size.
void check_pack_index(WalkInput& input, WalkReport& report) {
  const ByteView fanout = input.at(8, k_fanout_bytes);
  std::uint32_t before = 0;
  for (std::uint64_t i = 0; i < 256; ++i) {
    const std::uint32_t value = fanout.be32(4 * i);
    if (value < before || fanout.size() < k_fanout_bytes) {
      report.breaks("git.fanout", fmt::format("entry {} of the fan-out table is smaller than the one before", i),
                    {.from = 8, .to = 8 + k_fanout_bytes});
      return;
    }
    before = value;
  }
  const std::uint64_t count = before;
  const std::uint64_t size = input.size_bytes();
  const auto smallest = [&](std::uint64_t digest_bytes) {
    return 8 + k_fanout_bytes + count * (digest_bytes + 8) + 2 * digest_bytes;
  };
  // Offsets beyond 2 GiB take eight bytes more each.
  const auto fits = [&](std::uint64_t digest_bytes) {
    const std::uint64_t least = smallest(digest_bytes);
    return size >= least && size - least <= 8 * count && (size - least) % 8 == 0;
  };
  if (!fits(k_sha1_bytes) && !fits(k_sha256_bytes)) {
    report.breaks(
        "git.index-size",
        fmt::format("{} objects need at least {} bytes, the content has {}", count, smallest(k_sha1_bytes), size),
        {.from = 8, .to = std::min(size, 8 + k_fanout_bytes)});
    return;
  }
  report.region(0, 8 + k_fanout_bytes, RegionKind::structured);
  report.end_bytes = size;
  check_trailer(input, report, "pack index", 8 + k_fanout_bytes);
}

WalkReport walk(WalkInput& input) {
  const Kind* kind = find_kind(input.head());
  if (kind == nullptr) {
    return is_named_git_object(input.head(), input.name()) ? walk_git_object(input) : WalkReport();
  }
  WalkReport report;
  report.shape = Shape::whole;
  report.format = kind->id;
  if (kind->id == "git-pack") {
    check_pack(input, report);
  } else if (kind->id == "git-pack-index") {
    check_pack_index(input, report);
  } else {
    report.region(0, 8, RegionKind::structured);
    check_trailer(input, report, kind->id, 8);
  }
  if (report.shape == Shape::whole && report.findings.empty()) {
    report.holds("git.header",
                 fmt::format("{}: the header holds; the digest over all bytes was not computed", kind->id));
  }
  return report;
}

}  // namespace

const Format k_git_format = {.id = "git",
                             .title = "git repository file",
                             .family = Family::archive,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk};

}  // namespace lastgood::formats
