// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "events/event_sorter.h"

#include <algorithm>
#include <optional>

#include "events/compressed.h"
#include "os/spill_file.h"

namespace lastgood::events {

namespace {

constexpr std::size_t k_spill_block_bytes = 128 * 1024;
constexpr int k_spill_level = 1;

/// Where an event lies among the packed ones.
struct Place {
  std::int64_t at_ns = 0;
  std::uint64_t from = 0;
};

bool earlier(const Place& a, const Place& b) { return a.at_ns != b.at_ns ? a.at_ns < b.at_ns : a.from < b.from; }

struct SpilledBlock {
  std::uint64_t offset = 0;
  std::uint32_t packed_bytes = 0;
  std::uint32_t plain_bytes = 0;
};
using Run = std::vector<SpilledBlock>;

base::Error broken_spill() {
  base::Error error;
  error.code = base::ErrorCode::io;
  error.what = "a temporary file of sorted events did not give back what was written to it";
  error.hint = "check the disk; nothing of the case was changed";
  return error;
}

/// Events that are in memory, in the order of `places`.
class MemoryStream final : public EventStream {
 public:
  MemoryStream(std::string packed, std::vector<Place> places)
      : packed_(std::move(packed)), places_(std::move(places)) {}

  base::Result<bool> next() override {
    if (at_ == places_.size()) return false;
    auto from = static_cast<std::size_t>(places_[at_++].from);
    if (!take_packed(packed_, from, current_)) return broken_spill();
    return true;
  }
  [[nodiscard]] const EventView& current() const override { return current_; }

 private:
  std::string packed_;
  std::vector<Place> places_;
  std::size_t at_ = 0;
  EventView current_;
};

class RunStream final : public EventStream {
 public:
  RunStream(std::shared_ptr<os::SpillFile> file, Run run) : file_(std::move(file)), run_(std::move(run)) {}

  base::Result<bool> next() override {
    if (at_ == plain_.size()) {
      if (block_ == run_.size()) return false;
      LG_TRY(read_block(run_[block_++]));
    }
    if (!take_packed(plain_, at_, current_)) return broken_spill();
    return true;
  }
  [[nodiscard]] const EventView& current() const override { return current_; }

 private:
  base::Status read_block(const SpilledBlock& block) {
    packed_.resize(block.packed_bytes);
    LG_ASSIGN(const std::size_t got, file_->read(block.offset, packed_));
    const std::string_view packed = base::ByteView(std::span<const std::uint8_t>(packed_)).text();
    if (got != packed_.size() || !unpacker_.unpack(packed, block.plain_bytes, plain_)) return broken_spill();
    at_ = 0;
    return base::Done{};
  }

  std::shared_ptr<os::SpillFile> file_;
  Run run_;
  std::size_t block_ = 0;
  std::vector<std::uint8_t> packed_;
  std::string plain_;
  std::size_t at_ = 0;
  Unpacker unpacker_;
  EventView current_;
};

}  // namespace

struct EventSorter::State {
  /// Places are counted in: 16 bytes an event.
  [[nodiscard]] bool is_full() const { return packed.size() + places.size() * sizeof(Place) >= memory_bytes; }

  void sort() {
    if (!is_sorted) std::sort(places.begin(), places.end(), earlier);
  }

  base::Status spill() {
    if (!file) {
      LG_ASSIGN(os::SpillFile opened, os::open_spill_file(folder));
      file = std::make_shared<os::SpillFile>(std::move(opened));
    }
    sort();
    Run run;
    std::string plain;
    const auto write_block = [&]() -> base::Status {
      if (plain.empty()) return base::Done{};
      const std::string_view bytes = packer.pack(plain);
      run.push_back({.offset = file->size_bytes(),
                     .packed_bytes = static_cast<std::uint32_t>(bytes.size()),
                     .plain_bytes = static_cast<std::uint32_t>(plain.size())});
      plain.clear();
      return file->append(base::ByteView(bytes));
    };
    for (const Place& place : places) {
      auto to = static_cast<std::size_t>(place.from);
      EventView event;
      if (!take_packed(packed, to, event)) return broken_spill();
      plain.append(packed, static_cast<std::size_t>(place.from), to - static_cast<std::size_t>(place.from));
      if (plain.size() >= k_spill_block_bytes) LG_TRY(write_block());
    }
    LG_TRY(write_block());
    runs.push_back(std::move(run));
    clear();
    return base::Done{};
  }

  void clear() {
    packed.clear();
    places.clear();
    is_sorted = true;
  }

  std::string folder;
  std::size_t memory_bytes = 0;
  std::string packed;
  std::vector<Place> places;
  bool is_sorted = true;
  std::uint64_t events = 0;
  std::shared_ptr<os::SpillFile> file;
  std::vector<Run> runs;
  Packer packer{k_spill_level};
};

EventSorter::EventSorter(std::string spill_folder, std::size_t memory_bytes) : state_(std::make_unique<State>()) {
  state_->folder = std::move(spill_folder);
  state_->memory_bytes = memory_bytes;
}

EventSorter::~EventSorter() = default;

std::uint64_t EventSorter::events() const { return state_->events; }

base::Status EventSorter::add(const model::Event& event) {
  State& state = *state_;
  state.is_sorted = state.is_sorted && (state.places.empty() || event.at_ns >= state.places.back().at_ns);
  // Room for all at once: growing would copy it, and hold both for a while. Pages that are not written cost nothing.
  if (state.packed.capacity() < state.memory_bytes) state.packed.reserve(state.memory_bytes + 9 * k_text_bytes_max);
  state.places.push_back({event.at_ns, state.packed.size()});
  put_packed(state.packed, view_of(event));
  ++state.events;
  return state.is_full() ? state.spill() : base::Status(base::Done{});
}

base::Result<std::unique_ptr<EventStream>> EventSorter::finish() {
  State& state = *state_;
  state.sort();
  std::vector<std::unique_ptr<EventStream>> streams;
  for (Run& run : state.runs) streams.push_back(std::make_unique<RunStream>(state.file, std::move(run)));
  streams.push_back(std::make_unique<MemoryStream>(std::move(state.packed), std::move(state.places)));
  state.runs.clear();
  state.file.reset();
  state.packed = {};
  state.places = {};
  state.is_sorted = true;
  state.events = 0;
  return streams.size() == 1 ? std::move(streams.front()) : merge_streams(std::move(streams));
}

}  // namespace lastgood::events
