// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "logs/line_splitter.h"

#include <algorithm>

namespace lastgood::logs {

bool LineSplitter::show(std::string_view line, const LineSink& sink) {
  LogLine shown{.text = line.substr(0, k_line_bytes_max), .offset_bytes = line_offset_, .is_cut = false};
  shown.is_cut = pending_skipped_ > 0 || line.size() > k_line_bytes_max;
  if (shown.text.ends_with('\r')) shown.text.remove_suffix(1);
  if (line_offset_ == 0 && shown.text.starts_with("\xEF\xBB\xBF")) shown.text.remove_prefix(3);  // byte order mark
  line_offset_ += line.size() + pending_skipped_ + 1;
  pending_skipped_ = 0;
  ++lines_;
  cut_lines_ += shown.is_cut ? 1U : 0U;
  return sink(shown);
}

void LineSplitter::keep(std::string_view part) {
  const std::size_t room = k_line_bytes_max - std::min(pending_.size(), k_line_bytes_max);
  pending_.append(part.substr(0, room));
  pending_skipped_ += part.size() - std::min(room, part.size());
}

bool LineSplitter::feed(base::ByteView bytes, const LineSink& sink) {
  std::string_view rest = bytes.text();
  while (true) {
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos) break;
    const std::string_view part = rest.substr(0, end);
    rest.remove_prefix(end + 1);
    bool goes_on = true;
    if (pending_.empty() && pending_skipped_ == 0) {
      goes_on = show(part, sink);
    } else {
      keep(part);
      goes_on = show(pending_, sink);
      pending_.clear();
    }
    if (!goes_on) return false;
  }
  keep(rest);
  return true;
}

void LineSplitter::finish(const LineSink& sink) {
  if (pending_.empty()) return;
  (void)show(pending_, sink);
  pending_.clear();
}

}  // namespace lastgood::logs
