// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/open_timeline.h"

#include "events/event_file.h"
#include "os/append_file.h"
#include "timeline/event_place.h"

namespace lastgood::timeline {

namespace {

/// The part of a stream that lies in a window.
class WindowStream final : public events::EventStream {
 public:
  WindowStream(std::unique_ptr<EventStream> stream, const TimeWindow& window)
      : stream_(std::move(stream)), window_(window) {}

  base::Result<bool> next() override {
    while (true) {
      LG_ASSIGN(const bool any, stream_->next());
      if (!any || current().at_ns >= window_.to_ns) return false;
      if (current().at_ns >= window_.from_ns) return true;
    }
  }
  [[nodiscard]] const events::EventView& current() const override { return stream_->current(); }

 private:
  std::unique_ptr<EventStream> stream_;
  TimeWindow window_;
};

/// What the case knows itself, sorted, and the logs.
base::Result<std::unique_ptr<events::EventStream>> merge_with_logs(const std::string& case_folder,
                                                                   events::EventSorter& own, const TimeWindow& window) {
  std::vector<std::unique_ptr<events::EventStream>> streams;
  LG_ASSIGN(auto sorted, own.finish());
  streams.push_back(std::make_unique<WindowStream>(std::move(sorted), window));
  LG_ASSIGN(const std::vector<std::string> files, find_event_files(case_folder));
  for (const std::string& path : files) {
    LG_ASSIGN(auto bytes, os::open_own_file(path));
    LG_ASSIGN(auto stream, events::open_event_file(std::move(bytes), path, window.from_ns, window.to_ns));
    streams.push_back(std::move(stream));
  }
  return events::merge_streams(std::move(streams));
}

}  // namespace

base::Result<std::unique_ptr<events::EventStream>> open_timeline(const std::string& case_folder,
                                                                 casefile::CaseStore& store, const TimeWindow& window) {
  events::EventSorter own(case_folder);
  LG_TRY(add_case_events(store, own, {}));
  return merge_with_logs(case_folder, own, window);
}

base::Result<std::unique_ptr<events::EventStream>> open_whole_timeline(const std::string& case_folder,
                                                                       casefile::CaseStore& store,
                                                                       const CaseFileVisitor& see_file) {
  events::EventSorter own(case_folder);
  LG_TRY(add_case_events(store, own, see_file));
  return merge_with_logs(case_folder, own, {});
}

base::Result<std::unique_ptr<events::EventStream>> open_timeline_without_files(const std::string& case_folder,
                                                                               casefile::CaseStore& store) {
  events::EventSorter own(case_folder);
  LG_TRY(add_case_events_without_files(store, own));
  return merge_with_logs(case_folder, own, {});
}

}  // namespace lastgood::timeline
