// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/read_log.h"

#include <fmt/format.h>

#include "logs/line_splitter.h"
#include "timeline/log_bytes.h"

namespace lastgood::timeline {

namespace {

constexpr std::size_t k_first_lines = 60;
constexpr std::size_t k_first_bytes = 512 * 1024;

/// The first lines, copied: they are looked at when all are there.
struct FirstLines {
  std::vector<std::pair<std::string, std::uint64_t>> lines;
  std::size_t bytes = 0;
  [[nodiscard]] bool is_full() const { return lines.size() == k_first_lines || bytes >= k_first_bytes; }
  void take(const logs::LogLine& line) {
    if (is_full()) return;
    bytes += line.text.size();
    lines.emplace_back(line.text, line.offset_bytes);
  }
  [[nodiscard]] std::vector<logs::LogLine> views() const {
    std::vector<logs::LogLine> out;
    for (const auto& [text, offset] : lines) out.push_back({.text = text, .offset_bytes = offset, .is_cut = false});
    return out;
  }
};

/// Logs that their own system packs: by their first bytes, and what makes lines of them.
std::string_view find_way_to_read(const FirstLines& first) {
  if (first.lines.empty()) return {};
  const std::string_view opening = first.lines.front().first;
  if (opening.starts_with(std::string_view("ElfFile\0", 8)))
    return "an event log of Windows (EVTX): import what 'hayabusa json-timeline -L', 'chainsaw hunt --jsonl', "
           "'evtx_dump -o "
           "jsonl' or plaso makes of it";
  if (opening.starts_with("LPKSHHRH"))
    return "a journal of systemd: import what 'journalctl --file FILE -o json' makes of it";
  return {};
}

void count(logs::LineReading reading, const logs::LogLine& line, ImportedLog& log) {
  if (reading == logs::LineReading::not_understood) {
    ++log.not_understood;
    if (log.first_not_understood.size() < k_offsets_max) log.first_not_understood.push_back(line.offset_bytes);
  } else if (reading == logs::LineReading::bad_time) {
    ++log.bad_times;
    if (log.first_bad_times.size() < k_offsets_max) log.first_bad_times.push_back(line.offset_bytes);
  }
}

}  // namespace

base::Result<FirstLook> look_at_log(os::EvidenceFile& file, const ImportRequest& request, ImportedLog& log) {
  FirstLook look{.format = request.format, .context = {}};
  look.context.zone = request.zone;
  look.context.host = request.host;
  look.context.samba_prefix = request.samba_prefix;
  FirstLines first;
  logs::LineSplitter splitter;
  logs::YearTurns turns;
  bool is_decided = false;
  const auto decide = [&] {
    is_decided = true;
    if (look.format == nullptr) look.format = logs::recognise_log(first.views(), look.context);
  };
  const logs::LineSplitter::LineSink take_line = [&](const logs::LogLine& line) {
    first.take(line);
    if (!is_decided && first.is_full()) decide();
    turns.take(line.text);
    return !is_decided || look.format != nullptr;
  };
  LG_ASSIGN(const LogBytesRead read,
            read_log_bytes(file, [&](base::ByteView bytes) { return splitter.feed(bytes, take_line); }));
  splitter.finish(take_line);
  if (!is_decided) decide();
  log.sha256 = read.sha256;
  log.bytes = read.file_bytes;
  if (!read.broken.empty()) log.why = fmt::format("cannot be unpacked to its end: {}", read.broken);
  if (look.format == nullptr && log.why.empty()) log.why = find_way_to_read(first);
  const int guessed = logs::decide_first_year(turns, file.status().mtime_ns);
  look.context.first_year = request.first_year.value_or(guessed);
  if (turns.last_month() != 0) log.assumed_year = look.context.first_year;
  if (look.format != nullptr) log.format = look.format->name;
  return look;
}

base::Status parse_log(os::EvidenceFile& file, const FirstLook& look, ImportedLog& log,
                       const std::function<base::Status(model::Event&&)>& keep,
                       const std::function<bool()>& cancelled) {
  const auto parser = look.format->open(look.context);
  logs::LineSplitter splitter;
  std::optional<base::Error> failed;
  const logs::EventSink sink = [&](model::Event&& event) {
    if (failed) return;
    event.evidence = log.path;
    ++log.events;
    const base::Status kept = keep(std::move(event));
    if (!kept.ok()) failed = kept.error();
  };
  const logs::LineSplitter::LineSink take_line = [&](const logs::LogLine& line) {
    count(parser->take(line, sink), line, log);
    return !failed;
  };
  LG_ASSIGN(const LogBytesRead read, read_log_bytes(file, [&](base::ByteView bytes) {
              return splitter.feed(bytes, take_line) && !(cancelled && cancelled());
            }));
  splitter.finish(take_line);
  parser->finish(sink);
  if (failed) return std::move(*failed);
  log.lines = splitter.lines();
  log.cut_lines = splitter.cut_lines();
  if (read.sha256 != log.sha256) {
    log.sha256 = read.sha256;
    log.bytes = read.file_bytes;
    log.why = "it changed while it was read: the digest is that of the second reading, from which the events are";
  }
  return base::Done{};
}

}  // namespace lastgood::timeline
