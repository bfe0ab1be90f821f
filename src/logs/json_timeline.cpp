// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Timelines of one JSON object a line; which tool's is told from each line.
#include "logs/log_formats.h"
#include "logs/timeline_record.h"

namespace lastgood::logs {

namespace {

class JsonTimelineParser final : public LogParser {
 public:
  explicit JsonTimelineParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty()) return LineReading::nothing_to_say;
    if (!json_.read(line.text, record_)) return LineReading::not_understood;
    const TimelineTool tool = find_tool(record_);
    if (tool == TimelineTool::none) return LineReading::not_understood;
    return read_timeline_record(tool, record_, context_, line.offset_bytes, sink);
  }

 private:
  LogContext context_;
  JsonReader json_;
  FlatRecord record_;
};

}  // namespace

OpenedParser open_json_timeline(const LogContext& context) { return std::make_unique<JsonTimelineParser>(context); }

}  // namespace lastgood::logs
