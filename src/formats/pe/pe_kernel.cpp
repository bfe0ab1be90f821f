// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Linux kernel images for x86. Specification: Linux, "The Linux/x86 Boot Protocol", fields of protocol 2.08.
//   setup sectors - 1 at 497, size of the protected-mode part in 16 bytes at 500, 55 AA at 510, "HdrS" at 514,
//   protocol version at 518, payload offset at 584 and length at 588, both from the protected-mode part on.
#include <algorithm>
#include <array>
#include <string_view>

#include <fmt/format.h>

#include "formats/codec/decode_stream.h"
#include "formats/pe/pe_file.h"

namespace lastgood::formats::pe {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::uint16_t k_payload_protocol = 0x208;
constexpr std::uint64_t k_sector_bytes = 512;
constexpr std::uint64_t k_unpacked_bytes_max = 512ULL * 1024 * 1024;
/// lzma, lz4 (legacy frame) and lzo: packers decode_stream does not find by magic.
constexpr std::array k_other_packers = {"\x5d\0\0"sv, "\x02\x21\x4c\x18"sv, "\x89LZO"sv};

}  // namespace

bool is_kernel(ByteView head) { return head.matches(514, "HdrS") && head.le16(510) == 0xAA55; }

model::ByteRange kernel_payload(ByteView head) {
  const std::uint64_t setup_sectors = head.u8(497) == 0 ? 4 : head.u8(497);
  const std::uint64_t from = (setup_sectors + 1) * k_sector_bytes + head.le32(584);
  return {.from = from, .to = from + head.le32(588)};
}

void check_kernel(WalkInput& input, WalkReport& report) {
  report.format = "linux-kernel";
  const ByteView head = input.head();
  const std::uint64_t size = input.size_bytes();
  const std::uint64_t protected_end =
      (std::uint64_t{head.u8(497)} + 1) * k_sector_bytes + std::uint64_t{head.le32(500)} * 16;
  const model::ByteRange payload = kernel_payload(head);
  const bool has_payload = head.le16(518) >= k_payload_protocol && payload.length() > 4;
  if ((has_payload && payload.to > size) || protected_end > size + k_sector_bytes) {
    report.breaks("pe.kernel",
                  fmt::format("kernel parts end at bytes {} and {}, the file at {}", payload.to, protected_end, size),
                  {.from = 497, .to = 592});
    return;
  }
  if (!has_payload) return;
  const ByteView opening = input.at(payload.from, 8);
  const std::optional<Codec> codec = find_codec(opening);
  const bool other = std::any_of(k_other_packers.begin(), k_other_packers.end(),
                                 [&](std::string_view magic) { return opening.matches(0, magic); });
  if (!codec && !other &&
      !opening.matches(0,
                       "\x7f"
                       "ELF"sv)) {
    report.breaks("pe.kernel",
                  fmt::format("the kernel's payload at byte {} begins as no packer's stream", payload.from), payload);
    return;
  }
  if (!codec || input.depth() != model::Depth::full) return;
  const Decoded decoded = decode_stream(input, payload.from, payload.to, *codec, k_unpacked_bytes_max);
  if (decoded.end == DecodeEnd::malformed || decoded.end == DecodeEnd::cut) {
    report.breaks(
        "pe.kernel",
        fmt::format("the kernel's payload breaks off after {} of {} bytes", decoded.consumed_bytes, payload.length()),
        payload);
  } else if (decoded.end == DecodeEnd::complete) {
    report.holds("pe.kernel", fmt::format("the kernel's payload unpacks to {} bytes", decoded.produced_bytes), payload);
  }
}

}  // namespace lastgood::formats::pe
