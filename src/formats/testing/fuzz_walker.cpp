// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The one fuzz target for every walker; add_lastgood_format compiles it with LASTGOOD_FORMAT set to the row of the table.
// The first byte chooses depth and shape of the content, the rest is the content. With bit 2 a gap of zeros is put in the
// middle, so that the window is used and not only the whole-in-memory path.
#include <cstdio>
#include <cstdlib>
#include <vector>

#include "formats/format.h"
#include "formats/testing/report_rules.h"

namespace lastgood::formats {
extern const Format LASTGOOD_FORMAT;
}  // namespace lastgood::formats

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  if (size == 0) return 0;
  const std::uint8_t choice = data[0];
  const formats::Format& format = formats::LASTGOOD_FORMAT;
  std::vector<std::uint8_t> bytes(data + 1, data + size);
  if ((choice & 4U) != 0) bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), 300U * 1024U, std::uint8_t{0});
  const auto depth = static_cast<model::Depth>((choice & 3U) % 3U);
  base::MemorySource source{base::ByteView(std::span<const std::uint8_t>(bytes))};
  formats::WalkBuffers buffers;
  formats::WalkInput input(source, buffers, "sample.bin", depth, {.read_bytes_max = 4U << 20U, .steps_max = 20'000});
  (void)format.recognise({.head = input.head(), .tail = input.tail(), .size_bytes = input.size_bytes(), .name = input.name()});
  const formats::WalkReport report = format.walk(input);
  const std::string broken = formats::testing::find_broken_report_rule(report, bytes.size());
  if (!broken.empty()) {
    std::fprintf(stderr, "report rule broken: %s\n", broken.c_str());
    std::abort();
  }
  return 0;
}
