// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/testing/fuzz_one.h"

#include <cstdio>
#include <cstdlib>
#include <vector>

#include "formats/testing/report_rules.h"

namespace lastgood::formats::testing {

void fuzz_one(const Format& format, std::span<const std::uint8_t> input_bytes) {
  if (input_bytes.empty()) return;
  const std::uint8_t choice = input_bytes[0];
  std::vector<std::uint8_t> bytes(input_bytes.begin() + 1, input_bytes.end());
  if ((choice & 4U) != 0)
    bytes.insert(bytes.begin() + static_cast<std::ptrdiff_t>(bytes.size() / 2), 300U * 1024U, std::uint8_t{0});
  const auto depth = static_cast<model::Depth>((choice & 3U) % 3U);
  base::MemorySource source{base::ByteView(std::span<const std::uint8_t>(bytes))};
  WalkBuffers buffers;
  WalkInput input(source, buffers, "sample.bin", depth, {.read_bytes_max = 4U << 20U, .steps_max = 20'000});
  (void)format.recognise(
      {.head = input.head(), .tail = input.tail(), .size_bytes = input.size_bytes(), .name = input.name()});
  const WalkReport report = format.walk(input);
  if (format.read_text != nullptr) (void)format.read_text(input);
  const std::string broken = find_broken_report_rule(report, bytes.size());
  if (broken.empty()) return;
  std::fprintf(stderr, "report rule broken by %s: %s\n", std::string(format.id).c_str(), broken.c_str());
  std::abort();
}

}  // namespace lastgood::formats::testing
