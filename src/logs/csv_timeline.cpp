// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Timelines as CSV with the names of the columns in the first row; which tool's is told from those.
#include "logs/delimited_row.h"
#include "logs/log_formats.h"
#include "logs/timeline_record.h"

namespace lastgood::logs {

namespace {

class CsvTimelineParser final : public LogParser {
 public:
  explicit CsvTimelineParser(const LogContext& context) : context_(context) {}

  LineReading take(const LogLine& line, const EventSink& sink) override {
    if (line.text.empty() && !is_waiting_) return LineReading::nothing_to_say;
    const RowJoiner::State state = rows_.take(line);
    is_waiting_ = state == RowJoiner::State::waiting;
    if (is_waiting_) return tool_ == TimelineTool::none ? LineReading::not_understood : LineReading::nothing_to_say;
    if (state == RowJoiner::State::broken) return LineReading::not_understood;
    if (tool_ == TimelineTool::none) return take_names();
    const std::vector<std::string>& fields = rows_.row().fields;
    if (fields.size() != names_.size()) return LineReading::not_understood;
    FlatRecord record;
    for (std::size_t i = 0; i < fields.size(); ++i) record.add(names_[i], fields[i]);
    return read_timeline_record(tool_, record, context_, rows_.row().offset_bytes, sink);
  }

 private:
  LineReading take_names() {
    FlatRecord shape;
    for (const std::string& name : rows_.row().fields) shape.add(name, "x");
    std::vector<std::string> names = rows_.row().fields;
    tool_ = find_tool(shape);
    if (names.size() < 4 || tool_ == TimelineTool::velociraptor || tool_ == TimelineTool::other)
      tool_ = TimelineTool::none;
    if (tool_ == TimelineTool::none) return LineReading::not_understood;
    names_ = std::move(names);
    return LineReading::nothing_to_say;
  }

  LogContext context_;
  RowJoiner rows_{','};
  bool is_waiting_ = false;
  TimelineTool tool_ = TimelineTool::none;
  std::vector<std::string> names_;
};

}  // namespace

OpenedParser open_csv_timeline(const LogContext& context) { return std::make_unique<CsvTimelineParser>(context); }

}  // namespace lastgood::logs
