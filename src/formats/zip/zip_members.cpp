// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.9 and 4.4.
#include "formats/zip/zip_members.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/checksum.h"
#include "formats/codec/decode_stream.h"
#include "formats/codec/inflate_in_memory.h"
#include "formats/payload_nature.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

enum Method : std::uint16_t { k_stored = 0, k_deflated = 8, k_bzip2 = 12, k_zstd = 93, k_xz = 95 };

constexpr std::uint64_t k_small_bytes_max = 4 * 1024 * 1024;         // one payload at `small`
constexpr std::uint64_t k_small_total_bytes_max = 16 * 1024 * 1024;  // all payloads at `small`
constexpr std::uint64_t k_expansion_max = 1040;                      // DEFLATE makes at most 1032 bytes of one
constexpr std::uint64_t k_many_members = 1000;                       // beyond it headers are not regions of their own
constexpr std::uint16_t k_masked_headers_flag = 1U << 13U;
constexpr std::size_t k_piece_bytes = 256 * 1024;

ZipPayload compare(const ZipEntry& entry, std::uint64_t produced_bytes, std::uint32_t crc) {
  return produced_bytes == entry.unpacked_bytes && crc == entry.crc32 ? ZipPayload::fits : ZipPayload::fails;
}

ZipPayload check_stored(WalkInput& input, const ZipEntry& entry, std::uint64_t from) {
  std::uint64_t at = from;
  const std::uint64_t to = from + entry.packed_bytes;
  std::uint32_t crc = 0;
  while (at < to) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(to - at, k_piece_bytes)));
    if (piece.empty() || !input.may_continue(1 + piece.size() / 16384)) return ZipPayload::unknown;
    crc = base::crc32(piece, crc);
    at += piece.size();
  }
  return compare(entry, entry.packed_bytes, crc);
}

ZipPayload check_deflated(WalkInput& input, const ZipEntry& entry, std::uint64_t from) {
  if (!input.whole().empty() && entry.unpacked_bytes <= k_small_bytes_max) {
    const ByteView packed = input.whole().part(from, entry.packed_bytes);
    const Inflated inflated =
        inflate_in_memory(packed, DeflateFrame::raw, std::max<std::uint64_t>(1, entry.unpacked_bytes));
    return inflated.end == DecodeEnd::complete ? compare(entry, inflated.made.size(), base::crc32(inflated.made))
                                               : ZipPayload::fails;
  }
  const Decoded decoded =
      decode_deflate(input, from, from + entry.packed_bytes, DeflateFrame::raw, entry.unpacked_bytes);
  if (decoded.end == DecodeEnd::stopped && decoded.produced_bytes <= entry.unpacked_bytes) return ZipPayload::unknown;
  return decoded.end == DecodeEnd::complete ? compare(entry, decoded.produced_bytes, decoded.crc32) : ZipPayload::fails;
}

ZipPayload check_by_codec(WalkInput& input, const ZipEntry& entry, std::uint64_t from, Codec codec) {
  std::uint32_t crc = 0;
  const Decoded decoded =
      decode_stream(input, from, from + entry.packed_bytes, codec, entry.unpacked_bytes, [&crc](ByteView piece) {
        crc = base::crc32(piece, crc);
        return true;
      });
  if (decoded.end == DecodeEnd::stopped) return ZipPayload::unknown;
  return decoded.end == DecodeEnd::complete ? compare(entry, decoded.produced_bytes, crc) : ZipPayload::fails;
}

/// Why the local header does not agree with the directory; empty when it does.
std::string compare_headers(const ZipLocalHeader& local, const ZipEntry& entry, std::uint64_t limit) {
  const std::uint64_t at = entry.header_from;
  if ((entry.flags & k_masked_headers_flag) == 0) {
    if (local.name_bytes != entry.name_bytes || local.name_crc32 != entry.name_crc32) {
      return fmt::format("the name in the local header at byte {} is not the one in the directory", at);
    }
    if ((local.flags & 8U) == 0) {
      if (local.packed_bytes != entry.packed_bytes || local.unpacked_bytes != entry.unpacked_bytes ||
          local.crc32 != entry.crc32) {
        return fmt::format("sizes or checksum in the local header at byte {} are not those in the directory", at);
      }
    }
  }
  if (local.method != entry.method || ((local.flags ^ entry.flags) & 1U) != 0) {
    return fmt::format("method or flags in the local header at byte {} are not those in the directory", at);
  }
  if (local.data_from > limit || entry.packed_bytes > limit - local.data_from) {
    return fmt::format("the member at byte {} ends behind byte {}, where the next one begins", at, limit);
  }
  return {};
}

RegionKind find_unproven_kind(WalkInput& input, const ZipEntry& entry, std::uint64_t data_from) {
  if (entry.method != k_stored || entry.encrypted()) return RegionKind::compressed;
  const ByteView head = input.at(data_from, static_cast<std::size_t>(std::min<std::uint64_t>(entry.packed_bytes, 300)));
  return find_payload_nature(head) == PayloadNature::compressed ? RegionKind::compressed : RegionKind::random;
}

/// Some bytes are not what they were, and the payload still is what it was packed as: it decodes exactly to its end, or
/// begins as what its archiver did not pack again. A long run of other bytes ends a deflate stream somewhere else.
bool keeps_its_nature(WalkInput& input, const ZipEntry& entry, std::uint64_t data_from) {
  if (entry.method == k_stored) return find_unproven_kind(input, entry, data_from) == RegionKind::compressed;
  if (entry.method != k_deflated) return false;
  const std::uint64_t made_max = 2 * std::min<std::uint64_t>(entry.unpacked_bytes, UINT64_MAX / 4) + k_piece_bytes;
  const Decoded decoded = decode_deflate(input, data_from, data_from + entry.packed_bytes, DeflateFrame::raw, made_max);
  return decoded.end == DecodeEnd::complete && decoded.consumed_bytes == entry.packed_bytes;
}

/// APK signing block (Android source documentation, APK Signature Scheme v2): length at both ends, magic last.
std::uint64_t find_signing_block_bytes(WalkInput& input, std::uint64_t from, std::uint64_t to) {
  if (to - from < 32) return 0;
  const ByteView footer = input.at(to - 24, 24);
  const std::uint64_t length = footer.le64(0);
  if (!footer.matches(8, "APK Sig Block 42"sv) || length < 24 || length > to - from - 8) return 0;
  return input.at(to - 8 - length, 8).le64(0) == length ? length + 8 : 0;
}

/// Walks the members in file order. One object per walk.
class MemberWalk {
 public:
  MemberWalk(WalkInput& input, const ZipEnd& end, const ZipDirectory& directory, const ZipMemberOptions& options,
             BrokenUnits& broken, WalkReport& report)
      : input_(input), end_(end), directory_(directory), options_(options), broken_(broken), report_(report) {}

  ZipMemberCounts run() {
    const std::vector<ZipEntry>& entries = directory_.entries;
    for (std::size_t i = 0; i < entries.size() && input_.may_continue(); ++i) {
      const ZipEntry& entry = entries[i];
      if (entry.encrypted()) ++counts_.encrypted;
      if (i > 0 && entry.header_from == entries[i - 1].header_from) {
        ++counts_.shared;
        continue;
      }
      const std::uint64_t next = find_next(i);
      if (i % options_.stride == 0 || i + 1 == entries.size()) {
        check(entry, next);
      } else {
        report_.region(entry.header_from, next, RegionKind::compressed);
      }
    }
    return counts_;
  }

 private:
  [[nodiscard]] std::uint64_t find_next(std::size_t i) const {
    const std::vector<ZipEntry>& entries = directory_.entries;
    for (std::size_t next = i + 1; next < entries.size(); ++next) {
      if (entries[next].header_from != entries[i].header_from) return entries[next].header_from;
    }
    return end_.directory_from;
  }

  void check(const ZipEntry& entry, std::uint64_t next) {
    const std::uint64_t from = entry.header_from;
    const std::optional<ZipLocalHeader> local = read_zip_local_header(input_, from);
    if (!local) {
      if (input_.stopped()) return;
      broken_.add({.from = from, .to = next},
                  fmt::format("the directory names a member at byte {}, no local header stands there", from));
      miss_header(entry, next);
      return;
    }
    std::string why = compare_headers(*local, entry, next);
    if (!why.empty()) {
      miss_header(entry, next);
      broken_.add({.from = from, .to = next}, std::move(why));
      return;
    }
    ++counts_.headers;
    const std::uint64_t data_to = local->data_from + entry.packed_bytes;
    const ZipPayload payload = check_payload(entry, local->data_from);
    if (payload == ZipPayload::fails) {
      report_.region(from, local->data_from, RegionKind::structured);
      if (keeps_its_nature(input_, entry, local->data_from))
        report_.region(local->data_from, data_to, RegionKind::compressed);
      broken_.add({.from = local->data_from, .to = data_to},
                  fmt::format("payload of the member at byte {}: {} bytes do not decode to what its checksum says",
                              from, entry.packed_bytes));
      return;
    }
    const std::uint64_t member_to = data_to + check_descriptor(entry, *local, data_to, next);
    name_regions(entry, *local, payload, member_to);
    note_gap(member_to, next);
  }

  void miss_header(const ZipEntry& entry, std::uint64_t next) {
    report_.misses_fields({.from = entry.header_from,
                           .to = std::min(next, entry.header_from + k_zip_local_header_bytes + entry.name_bytes)});
  }

  ZipPayload check_payload(const ZipEntry& entry, std::uint64_t data_from) {
    if (entry.encrypted() || options_.secrecy == ZipSecrecy::inside_the_package) return ZipPayload::unknown;
    if (!is_wanted(entry, data_from)) return ZipPayload::unknown;
    const ZipPayload payload = check_zip_payload(input_, entry, data_from);
    if (payload == ZipPayload::fits) ++counts_.verified;
    return payload;
  }

  bool is_wanted(const ZipEntry& entry, std::uint64_t data_from) {
    if (options_.payloads == ZipPayloads::all) return true;
    if (options_.payloads == ZipPayloads::none) return false;
    // Archivers store what does not get smaller. Unless its beginning explains that, only its checksum can.
    const bool doubtful =
        entry.method == k_stored && find_unproven_kind(input_, entry, data_from) == RegionKind::random;
    if (options_.payloads == ZipPayloads::doubtful && !doubtful) return false;
    small_bytes_ += std::min(entry.unpacked_bytes, k_small_total_bytes_max);
    return entry.unpacked_bytes <= k_small_bytes_max && small_bytes_ <= k_small_total_bytes_max;
  }

  std::uint64_t check_descriptor(const ZipEntry& entry, const ZipLocalHeader& local, std::uint64_t from,
                                 std::uint64_t next) {
    // Some writers set the flag and fill the local header all the same, without a descriptor.
    if ((local.flags & 8U) == 0 || from == next) return 0;
    const std::uint64_t length = find_zip_descriptor_bytes(input_, entry, from);
    if (length == 0 || length > next - from) {
      broken_.add({.from = from, .to = std::min(next, from + 24)},
                  fmt::format("no data descriptor that fits stands behind the member at byte {}", entry.header_from));
      return 0;
    }
    return length;
  }

  void name_regions(const ZipEntry& entry, const ZipLocalHeader& local, ZipPayload payload, std::uint64_t member_to) {
    const RegionKind kind = find_kind(entry, local, payload);
    const bool many = directory_.entries.size() > k_many_members;
    const bool named = kind != RegionKind::random;  // what nothing explains is left to statistics
    report_.region(entry.header_from, local.data_from, many && named ? kind : RegionKind::structured);
    if (named) report_.region(local.data_from, local.data_from + entry.packed_bytes, kind);
    report_.region(local.data_from + entry.packed_bytes, member_to, many && named ? kind : RegionKind::structured);
  }

  RegionKind find_kind(const ZipEntry& entry, const ZipLocalHeader& local, ZipPayload payload) {
    if (payload == ZipPayload::fits) return RegionKind::verified;
    if (options_.secrecy == ZipSecrecy::inside_the_package) return RegionKind::compressed;
    return find_unproven_kind(input_, entry, local.data_from);
  }

  void note_gap(std::uint64_t from, std::uint64_t next) {
    if (from >= next) return;
    if (next == end_.directory_from) {
      const std::uint64_t block_bytes = find_signing_block_bytes(input_, from, next);
      report_.region(next - block_bytes, next, RegionKind::structured);
      next -= block_bytes;
    }
    counts_.gap_bytes += next - from;
  }

  WalkInput& input_;
  const ZipEnd& end_;
  const ZipDirectory& directory_;
  const ZipMemberOptions& options_;
  BrokenUnits& broken_;
  WalkReport& report_;
  ZipMemberCounts counts_;
  std::uint64_t small_bytes_ = 0;
};

}  // namespace

std::optional<ZipLocalHeader> read_zip_local_header(WalkInput& input, std::uint64_t from) {
  const ByteView fixed = input.at(from, k_zip_local_header_bytes);
  if (!fixed.matches(0, "PK\x03\x04"sv) || fixed.size() < k_zip_local_header_bytes) return std::nullopt;
  ZipLocalHeader local{.packed_bytes = fixed.le32(18),
                       .unpacked_bytes = fixed.le32(22),
                       .crc32 = fixed.le32(14),
                       .name_bytes = fixed.le16(26),
                       .flags = fixed.le16(6),
                       .method = fixed.le16(8)};
  const std::uint16_t extra_bytes = fixed.le16(28);
  local.data_from = from + k_zip_local_header_bytes + local.name_bytes + extra_bytes;
  const ByteView rest = input.at(from + k_zip_local_header_bytes, std::size_t{local.name_bytes} + extra_bytes);
  local.name_crc32 = base::crc32(rest.part(0, local.name_bytes));
  Zip64Sizes sizes{.unpacked_bytes = local.unpacked_bytes, .packed_bytes = local.packed_bytes};
  apply_zip64_extra(rest.part(local.name_bytes), sizes);
  local.packed_bytes = sizes.packed_bytes;
  local.unpacked_bytes = sizes.unpacked_bytes;
  return local;
}

ZipPayload check_zip_payload(WalkInput& input, const ZipEntry& entry, std::uint64_t data_from) {
  switch (entry.method) {
    case k_stored:
      return entry.packed_bytes == entry.unpacked_bytes ? check_stored(input, entry, data_from) : ZipPayload::fails;
    case k_deflated:
      return entry.unpacked_bytes / k_expansion_max > entry.packed_bytes ? ZipPayload::fails
                                                                         : check_deflated(input, entry, data_from);
    case k_bzip2: return check_by_codec(input, entry, data_from, Codec::bzip2);
    case k_zstd: return check_by_codec(input, entry, data_from, Codec::zstd);
    case k_xz: return check_by_codec(input, entry, data_from, Codec::xz);
    default: return ZipPayload::unknown;
  }
}

std::string read_zip_member(WalkInput& input, const ZipEntry& entry, std::uint64_t bytes_max) {
  if (entry.encrypted() || entry.unpacked_bytes > bytes_max || entry.packed_bytes > bytes_max) return {};
  const std::optional<ZipLocalHeader> local = read_zip_local_header(input, entry.header_from);
  if (!local) return {};
  std::string text;
  if (entry.method == k_stored) {
    const ByteView bytes = input.at(local->data_from, static_cast<std::size_t>(entry.packed_bytes));
    return std::string(bytes.text());
  }
  if (entry.method != k_deflated) return {};
  (void)decode_deflate(input, local->data_from, local->data_from + entry.packed_bytes, DeflateFrame::raw, bytes_max,
                       [&text](ByteView piece) {
                         text += piece.text();
                         return true;
                       });
  return text;
}

std::uint64_t find_zip_descriptor_bytes(WalkInput& input, const ZipEntry& entry, std::uint64_t from) {
  const ByteView record = input.at(from, 24);
  for (const std::uint64_t magic_bytes : {std::uint64_t{4}, std::uint64_t{0}}) {
    if (magic_bytes != 0 && !record.matches(0, "PK\x07\x08"sv)) continue;
    if (record.le32(magic_bytes) != entry.crc32) continue;
    const std::uint64_t sizes = magic_bytes + 4;
    if (record.has(sizes, 16) && record.le64(sizes) == entry.packed_bytes &&
        record.le64(sizes + 8) == entry.unpacked_bytes) {
      return sizes + 16;
    }
    if (record.has(sizes, 8) && record.le32(sizes) == (entry.packed_bytes & 0xFFFFFFFF) &&
        record.le32(sizes + 4) == (entry.unpacked_bytes & 0xFFFFFFFF)) {
      return sizes + 8;
    }
  }
  return 0;
}

ZipMemberCounts check_zip_members(WalkInput& input, const ZipEnd& end, const ZipDirectory& directory,
                                  const ZipMemberOptions& options, BrokenUnits& broken, WalkReport& report) {
  return MemberWalk(input, end, directory, options, broken, report).run();
}

}  // namespace lastgood::formats
