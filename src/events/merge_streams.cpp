// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include "events/event_stream.h"

namespace lastgood::events {

namespace {

class MergedStream final : public EventStream {
 public:
  explicit MergedStream(std::vector<std::unique_ptr<EventStream>> streams) : streams_(std::move(streams)) {}

  base::Result<bool> next() override {
    if (!is_begun_) {
      is_begun_ = true;
      for (std::size_t i = 0; i < streams_.size(); ++i) LG_TRY(advance(i));
    } else if (!heap_.empty()) {
      std::pop_heap(heap_.begin(), heap_.end(), later);
      const std::size_t number = heap_.back().second;
      heap_.pop_back();
      LG_TRY(advance(number));
    }
    return !heap_.empty();
  }
  [[nodiscard]] const EventView& current() const override { return streams_[heap_.front().second]->current(); }

 private:
  using Entry = std::pair<std::int64_t, std::size_t>;
  static bool later(const Entry& a, const Entry& b) { return b < a; }

  base::Status advance(std::size_t number) {
    LG_ASSIGN(const bool any, streams_[number]->next());
    if (any) {
      heap_.emplace_back(streams_[number]->current().at_ns, number);
      std::push_heap(heap_.begin(), heap_.end(), later);
    }
    return base::Done{};
  }

  std::vector<std::unique_ptr<EventStream>> streams_;
  std::vector<Entry> heap_;
  bool is_begun_ = false;
};

}  // namespace

std::unique_ptr<EventStream> merge_streams(std::vector<std::unique_ptr<EventStream>> streams) {
  return std::make_unique<MergedStream>(std::move(streams));
}

}  // namespace lastgood::events
