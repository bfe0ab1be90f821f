// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "services/history.h"

#include <algorithm>
#include <array>

#include <nlohmann/json.hpp>

#include "base/rfc3339.h"
#include "os/append_file.h"
#include "os/folder.h"
#include "services/check_record.h"

namespace lastgood::services {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_history_bytes_max = std::size_t{64} << 20U;
constexpr std::array<std::string_view, 6> k_moments = {"down",   "starting", "healthy",
                                                       "failed", "stopped",  "not_started"};

std::string path_in(const std::string& case_folder) { return services_folder(case_folder) + "/history.jsonl"; }

std::string line_of(const HistoryEntry& entry) {
  const Json line = {{"time", base::format_rfc3339(entry.time_ns)},
                     {"service", entry.service},
                     {"moment", name_of(entry.moment)},
                     {"sentence", base::printable(entry.sentence)}};
  return line.dump(-1, ' ', false, Json::error_handler_t::replace) + "\n";
}

bool read_line(const std::string& line, HistoryEntry& out) {
  const Json read = Json::parse(line, nullptr, false);
  if (!read.is_object()) return false;
  for (const char* name : {"time", "service", "moment"}) {
    if (!read.contains(name) || !read[name].is_string()) return false;
  }
  const auto time_ns = base::parse_rfc3339(read["time"].get<std::string>());
  const auto moment = std::find(k_moments.begin(), k_moments.end(), read["moment"].get<std::string>());
  if (!time_ns || moment == k_moments.end()) return false;
  out.time_ns = *time_ns;
  out.service = read["service"].get<std::string>();
  out.moment = static_cast<Moment>(moment - k_moments.begin());
  if (read.contains("sentence") && read["sentence"].is_string()) out.sentence = read["sentence"].get<std::string>();
  return true;
}

base::Result<std::unique_ptr<os::AppendFile>> open_history(const std::string& path) {
  auto opened = os::open_append_file(path, os::OpenAs::existing);
  if (opened.ok() || opened.error().code != base::ErrorCode::not_found) return opened;
  return os::open_append_file(path, os::OpenAs::made_new);
}

}  // namespace

std::string_view name_of(Moment moment) { return k_moments.at(static_cast<std::size_t>(moment)); }

base::Status append_history(const std::string& case_folder, const std::vector<HistoryEntry>& entries) {
  if (entries.empty()) return base::Done{};
  LG_TRY(os::make_private_folder(services_folder(case_folder), os::WhenThere::accept));
  LG_ASSIGN(const std::unique_ptr<os::AppendFile> file, open_history(path_in(case_folder)));
  std::string lines;
  for (const HistoryEntry& entry : entries) lines += line_of(entry);
  LG_TRY(file->lock());
  base::Status added = file->append(base::ByteView(lines));
  if (added.ok()) added = file->sync();
  file->unlock();
  return added;
}

const HistoryEntry* ReadHistory::newest(std::string_view service) const {
  for (auto at = entries.rbegin(); at != entries.rend(); ++at) {
    if (at->service == service) return &*at;
  }
  return nullptr;
}

base::Result<ReadHistory> read_history(const std::string& case_folder) {
  ReadHistory out;
  const auto text = os::read_own_file(path_in(case_folder), k_history_bytes_max);
  if (!text.ok() && text.error().code == base::ErrorCode::not_found) return out;
  if (!text.ok()) return text.error();
  for (std::size_t at = 0; at < text.value().size();) {
    const std::size_t end = std::min(text.value().find('\n', at), text.value().size());
    HistoryEntry entry;
    if (read_line(text.value().substr(at, end - at), entry))
      out.entries.push_back(std::move(entry));
    else
      ++out.unreadable;
    at = end + 1;
  }
  return out;
}

}  // namespace lastgood::services
