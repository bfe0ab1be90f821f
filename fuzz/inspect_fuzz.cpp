// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The whole judgement of one content: every recogniser, the walkers that answer, statistics and rules together. The
// first byte chooses depth and name, the rest is the content.
#include <array>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string_view>

#include "base/byte_source.h"
#include "inspect/inspect_content.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace lastgood;

constexpr std::array<std::string_view, 16> k_names = {
    "",         "scan",  "a.docx",    "a.pdf",      "a.jpg.bak9", "a.dcm.id[1A2B3C4D-1].[fox@example.org].eight",
    "a.csv",    "a.db",  "a.zip.enc", "README.txt", "a.xml",      "a.mp4",
    "a.tar.gz", "a.pst", "a.vmdk",    "ibdata1"};

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::uint8_t choice = data[0];
  const std::span<const std::uint8_t> content(data + 1, size - 1);
  base::MemorySource source{base::ByteView(content)};
  const auto depth = static_cast<model::Depth>((choice >> 4U) % 3U);
  const inspect::Inspection got =
      inspect::inspect_content(source, k_names[choice % k_names.size()], {.depth = depth, .seed = choice});
  demand(got.verdict != model::Verdict::unreadable, "memory can be read");
  demand(!got.reasons.empty(), "a verdict has a reason");
  for (const model::ByteRange& range : got.ranges) {
    demand(range.from <= range.to && range.to <= content.size(), "ranges are inside the content");
  }
  return 0;
}
