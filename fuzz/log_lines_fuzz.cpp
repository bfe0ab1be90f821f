// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes a log: the first byte chooses the format or the recognition, the second the size of the pieces.
#include <cstdint>
#include <vector>

#include "base/assert.h"
#include "logs/line_splitter.h"
#include "logs/log_table.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  if (size < 2) return 0;
  const auto formats = logs::log_formats();
  const std::size_t choice = data[0] % (formats.size() + 1);
  const std::size_t piece_bytes = std::size_t{data[1]} + 1;
  const base::ByteView bytes(std::span<const std::uint8_t>(data + 2, size - 2));
  logs::LogContext context;
  context.zone = logs::Zone(19'800);
  context.first_year = 2022;
  if (data[1] % 3 == 0) context.samba_prefix = "%u|%I|%m|%S";
  const logs::LogFormat* format = choice < formats.size() ? &formats[choice] : nullptr;
  if (format == nullptr) {
    std::vector<logs::LogLine> lines;
    std::uint64_t at = 0;
    while (at < bytes.size() && lines.size() < 60) {
      const std::size_t end = std::min(bytes.find("\n", at), bytes.size());
      lines.push_back({.text = bytes.part(at, end - at).text(), .offset_bytes = at, .is_cut = false});
      at = end + 1;
    }
    format = logs::recognise_log(lines, context);
    if (format == nullptr) return 0;
  }
  const auto parser = format->open(context);
  const logs::EventSink sink = [&](model::Event&& event) {
    LG_ASSERT(event.at_ns >= 0 && event.at_ns < 9'214'646'400'000'000'000);
    LG_ASSERT(event.what.size() <= model::k_event_words_bytes_max);
    LG_ASSERT(event.offset_bytes < bytes.size());
    LG_ASSERT(!event.parser.empty());
  };
  logs::LineSplitter splitter;
  logs::YearTurns turns;
  const logs::LineSplitter::LineSink take = [&](const logs::LogLine& line) {
    turns.take(line.text);
    (void)parser->take(line, sink);
    return true;
  };
  for (std::uint64_t at = 0; at < bytes.size(); at += piece_bytes) splitter.feed(bytes.part(at, piece_bytes), take);
  splitter.finish(take);
  parser->finish(sink);
  (void)logs::decide_first_year(turns, 1'669'167'420'000'000'000);
  (void)logs::parse_zone_file(bytes);
  return 0;
}
