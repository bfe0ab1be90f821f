// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/other_versions.h"

#include <fmt/format.h>

#include "base/human.h"

namespace lastgood::recovery {

std::string_view name_of(FillProof proof) {
  switch (proof) {
    case FillProof::pieces: return "pieces";
    case FillProof::whole: return "whole";
    case FillProof::compared: return "compared";
  }
  return "compared";
}

std::uint64_t filled_bytes(const FilledFile& file) {
  std::uint64_t bytes = 0;
  for (const model::ByteRange& range : file.ranges) bytes += range.to - range.from;
  return bytes;
}

std::string sentence_of(const FilledFile& file) {
  std::string out =
      fmt::format("restore.filled: {} {}, {}, from {}; ", file.ranges.size(),
                  file.ranges.size() == 1 ? "range" : "ranges", base::human_bytes(filled_bytes(file)), file.from);
  switch (file.proof) {
    case FillProof::pieces: return out + "each piece has the digest it was stored under";
    case FillProof::whole: return out + "the whole has the SHA-256 that was seen when it was judged";
    case FillProof::compared: break;
  }
  return out + fmt::format("the {} that both hold are the same, no digest proves the rest",
                           base::human_bytes(file.compared_bytes));
}

}  // namespace lastgood::recovery
