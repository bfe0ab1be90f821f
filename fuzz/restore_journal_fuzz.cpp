// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The restore journal's reader on hostile bytes. Behind each mark "LGRJ" the input's length and checksum fields are
// made right for as many bytes as the length's first byte says, so that the fuzzer gets behind the checksums.
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <span>
#include <string>

#include "base/checksum.h"
#include "recovery/restore/journal.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace lastgood;
using namespace lastgood::recovery::restore;

void put32(std::string& bytes, std::size_t at, std::uint32_t value) {
  for (std::size_t i = 0; i < 4; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

std::string with_checksums(std::string bytes) {
  for (std::size_t at = bytes.find("LGRJ"); at != std::string::npos; at = bytes.find("LGRJ", at + 1)) {
    if (bytes.size() - at < k_frame_head_bytes) break;
    const std::size_t length = static_cast<std::uint8_t>(bytes[at + 4]);
    if (length == 0 || bytes.size() - at - k_frame_head_bytes < length || bytes[at + 7] == '!') continue;
    const std::string_view payload = std::string_view(bytes).substr(at + k_frame_head_bytes, length);
    const std::uint32_t checksum = base::crc32c(base::ByteView(payload));
    put32(bytes, at + 4, static_cast<std::uint32_t>(length));
    put32(bytes, at + 8, checksum);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes = with_checksums(std::string(data, data + size));
  base::MemorySource source{base::ByteView(std::string_view(bytes))};
  const auto read = read_journal(source, [](JournalRecord&& record) {
    // What was read must be written and read again as the same.
    const std::string again = format_record(record);
    const auto parsed = parse_frame(base::ByteView(std::string_view(again)));
    const auto* frame = std::get_if<ParsedFrame>(&parsed);
    if (frame == nullptr || format_record(frame->record) != again) {
      std::fprintf(stderr, "a record does not survive being written\n");
      std::abort();
    }
  });
  if (!read.ok()) std::abort();
  return 0;
}
