// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/write_timesketch.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/rfc3339.h"
#include "base/utf8.h"
#include "timeline/event_texts.h"

namespace lastgood::timeline {

namespace {

// Timesketch's index takes no longer ones as keywords (32,766 bytes in all encodings).
constexpr std::size_t k_value_bytes_max = 8000;

std::string readable(std::string_view text) {
  if (text.size() > k_value_bytes_max) text = text.substr(0, k_value_bytes_max);
  return base::is_utf8(text) ? std::string(text) : base::printable(text);
}

/// "2022-11-23T01:37:00.123456+00:00": the 30 bytes of RFC 3339, cut behind the microseconds.
std::string iso_micros(std::int64_t at_ns) { return base::format_rfc3339(at_ns).substr(0, 26) + "+00:00"; }

std::string_view description_of(const events::EventView& event) {
  const model::EventKind kind = kind_of(event);
  if (kind == model::EventKind::file_created) return "Creation Time";
  if (kind == model::EventKind::file_written) return "Content Modification Time";
  if (kind == model::EventKind::file_read) return "Last Access Time";
  return kind == model::EventKind::file_metadata_changed ? "Metadata Modification Time" : "Event Logged";
}

}  // namespace

std::string timesketch_line(const events::EventView& event) {
  // Rounded down also before 1970, as the cut text is.
  const std::int64_t micros = event.at_ns / 1000 - (event.at_ns % 1000 < 0 ? 1 : 0);
  std::string message = readable(words_of(event));
  if (message.empty()) message = std::string(model::name_of(kind_of(event)));
  nlohmann::ordered_json line = {{"message", message},
                                 {"datetime", iso_micros(micros * 1000)},
                                 {"timestamp", micros},
                                 {"timestamp_desc", description_of(event)},
                                 {"data_type", fmt::format("lastgood:{}", model::name_of(kind_of(event)))},
                                 {"kind", model::name_of(kind_of(event))},
                                 {"time_basis", model::name_of(static_cast<model::TimeBasis>(event.basis))},
                                 {"succeeded", event.succeeded}};
  const auto put = [&](const char* name, std::string_view text) {
    if (!text.empty()) line[name] = readable(text);
  };
  put("hostname", host_of(event));
  put("username", account_of(event));
  put("source_ip", address_of(event));
  if (event.port != 0) line["source_port"] = event.port;
  put("destination_ip", to_address_of(event));
  if (event.to_port != 0) line["destination_port"] = event.to_port;
  if (event.bytes_out != 0) line["bytes_out"] = event.bytes_out;
  put("path", path_of(event));
  put("path_to", path_to_of(event));
  put("parser", parser_of(event));
  put("evidence", evidence_of(event));
  line["evidence_offset"] = event.offset_bytes;
  return line.dump() + "\n";
}

base::Result<std::uint64_t> write_timesketch(events::EventStream& stream,
                                             const std::function<base::Status(base::ByteView)>& write) {
  std::uint64_t lines = 0;
  while (true) {
    LG_ASSIGN(const bool any, stream.next());
    if (!any) return lines;
    const std::string line = timesketch_line(stream.current());
    LG_TRY(write(base::ByteView(line)));
    ++lines;
  }
}

}  // namespace lastgood::timeline
