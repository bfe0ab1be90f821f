// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Lines of an evidence manifest. They are read only when their digest is the ledger's; a line must not need that.
#include <cstdio>
#include <cstdlib>

#include "base/byte_view.h"
#include "evidence/manifest.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const auto file = evidence::parse_manifest_line(base::ByteView(std::span<const std::uint8_t>(data, size)).text());
  if (!file) return 0;
  const auto again = evidence::parse_manifest_line(evidence::write_manifest_line(*file));
  if (!again || again->path != file->path || again->size_bytes != file->size_bytes) {
    std::fprintf(stderr, "does not hold: a line is read back as it was written\n");
    std::abort();
  }
  return 0;
}
