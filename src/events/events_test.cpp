// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that events come back from a file as they went in, sorted however they came and however little memory there
// was, that windows read what lies in them alone, and that a file which was cut or changed anywhere is refused, never
// believed.
#include <gtest/gtest.h>

#include <algorithm>
#include <random>

#include <fmt/format.h>

#include "events/event_blocks.h"
#include "events/event_file.h"
#include "events/event_sorter.h"
#include "os/append_file.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::events {
namespace {

using os::testing::ScratchFolder;

model::Event make_event(std::uint64_t number, std::int64_t at_ns) {
  model::Event event;
  event.at_ns = at_ns;
  event.basis = static_cast<model::TimeBasis>(number % model::k_time_basis_count);
  event.kind = static_cast<model::EventKind>(number % model::k_event_kind_count);
  event.succeeded = number % 3 != 0;
  event.host = "files1";
  event.account = number % 2 == 0 ? "desk" : "";
  event.address = fmt::format("10.0.0.{}", number % 250);
  event.port = static_cast<std::uint16_t>(number);
  event.to_address = number % 5 == 0 ? "203.0.113.66" : "";
  event.to_port = static_cast<std::uint16_t>(number * 3);
  event.bytes_out = number % 7 == 0 ? UINT64_MAX - number : number;
  event.path = fmt::format("/srv/{}/\xff\n|", number);
  event.path_to = number % 4 == 0 ? event.path + ".bak9" : "";
  event.what = fmt::format("event {}", number);
  event.parser = "test";
  event.evidence = "/mnt/log";
  event.offset_bytes = number * 1000;
  return event;
}

std::vector<model::Event> shuffled_events(std::size_t count) {
  std::mt19937_64 random(5);
  std::vector<model::Event> events;
  for (std::size_t i = 0; i < count; ++i)
    events.push_back(make_event(i, static_cast<std::int64_t>(random() % 1000) * 1'000'000'000 - 5));
  return events;
}

std::vector<model::Event> drain(EventStream& stream) {
  std::vector<model::Event> events;
  while (true) {
    auto any = stream.next();
    if (!any.ok()) {
      ADD_FAILURE() << any.error().what;
      return events;
    }
    if (!any.value()) return events;
    copy_into(stream.current(), events.emplace_back());
  }
}

std::vector<model::Event> in_order(std::vector<model::Event> events) {
  std::stable_sort(events.begin(), events.end(),
                   [](const model::Event& a, const model::Event& b) { return a.at_ns < b.at_ns; });
  return events;
}

std::string write_file(const ScratchFolder& folder, const std::vector<model::Event>& sorted) {
  auto writer = begin_event_file(folder / "a.events");
  EXPECT_TRUE(writer.ok());
  for (const model::Event& event : sorted) EXPECT_TRUE(writer.value().add(view_of(event)).ok());
  const auto counts = writer.value().commit();
  EXPECT_TRUE(counts.ok());
  EXPECT_EQ(counts.value().events, sorted.size());
  EXPECT_EQ(counts.value().sha256.size(), 64U);
  return os::testing::read_file(folder / "a.events");
}

base::Result<std::vector<model::Event>> read_bytes(const std::string& bytes, std::int64_t from_ns = INT64_MIN,
                                                   std::int64_t to_ns = INT64_MAX) {
  LG_ASSIGN(const auto stream,
            open_event_file(std::make_unique<base::MemorySource>(base::ByteView(std::string_view(bytes))), "a.events",
                            from_ns, to_ns));
  std::vector<model::Event> events;
  while (true) {
    LG_ASSIGN(const bool any, stream->next());
    if (!any) return events;
    copy_into(stream->current(), events.emplace_back());
  }
}

TEST(EventSorter, sorts_in_memory_and_from_disk_alike_and_keeps_the_order_of_equal_times) {
  const ScratchFolder folder;
  const std::vector<model::Event> events = shuffled_events(20'000);
  for (const std::size_t memory_bytes : {std::size_t{64} << 20, std::size_t{200'000}}) {
    EventSorter sorter(folder.path(), memory_bytes);
    for (const model::Event& event : events) ASSERT_TRUE(sorter.add(event).ok());
    EXPECT_EQ(sorter.events(), events.size());
    const auto stream = sorter.finish();
    ASSERT_TRUE(stream.ok());
    EXPECT_EQ(drain(*stream.value()), in_order(events)) << memory_bytes;
  }
}

TEST(EventSorter, leaves_nothing_on_disk) {
  const ScratchFolder folder;
  EventSorter sorter(folder.path(), 10'000);
  for (const model::Event& event : shuffled_events(1000)) ASSERT_TRUE(sorter.add(event).ok());
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(EventSorter, of_nothing_is_nothing) {
  const ScratchFolder folder;
  EventSorter sorter(folder.path());
  const auto stream = sorter.finish();
  ASSERT_TRUE(stream.ok());
  EXPECT_TRUE(drain(*stream.value()).empty());
}

TEST(EventFile, gives_back_what_was_put_in) {
  const ScratchFolder folder;
  const std::vector<model::Event> sorted = in_order(shuffled_events(10'000));
  const std::string bytes = write_file(folder, sorted);
  const auto read = read_bytes(bytes);
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_EQ(read.value(), sorted);
  EXPECT_LT(bytes.size(), sorted.size() * 40);
}

TEST(EventFile, a_window_shows_its_events_and_no_others) {
  const ScratchFolder folder;
  const std::vector<model::Event> sorted = in_order(shuffled_events(10'000));
  const std::string bytes = write_file(folder, sorted);
  const std::int64_t from_ns = 300'000'000'000 - 5;
  const std::int64_t to_ns = 310'000'000'000 - 5;
  std::vector<model::Event> expected;
  for (const model::Event& event : sorted) {
    if (event.at_ns >= from_ns && event.at_ns < to_ns) expected.push_back(event);
  }
  const auto read = read_bytes(bytes, from_ns, to_ns);
  ASSERT_TRUE(read.ok());
  EXPECT_FALSE(expected.empty());
  EXPECT_EQ(read.value(), expected);
}

TEST(EventFile, an_empty_one_is_whole) {
  const ScratchFolder folder;
  const auto read = read_bytes(write_file(folder, {}));
  ASSERT_TRUE(read.ok());
  EXPECT_TRUE(read.value().empty());
}

TEST(EventFile, texts_longer_than_the_limit_are_cut_and_not_lost) {
  const ScratchFolder folder;
  model::Event event = make_event(1, 5);
  event.path = std::string(300'000, 'x');
  const auto read = read_bytes(write_file(folder, {event}));
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().at(0).path, std::string(k_text_bytes_max, 'x'));
}

TEST(EventFile, one_that_was_cut_anywhere_is_refused) {
  const ScratchFolder folder;
  const std::string bytes = write_file(folder, in_order(shuffled_events(300)));
  for (std::size_t length = 0; length < bytes.size(); length += 7) {
    const auto read = read_bytes(bytes.substr(0, length));
    ASSERT_FALSE(read.ok()) << length;
    EXPECT_EQ(read.error().code, base::ErrorCode::damaged_container);
  }
}

TEST(EventFile, a_changed_bit_is_found_or_changes_nothing) {
  const ScratchFolder folder;
  const std::vector<model::Event> sorted = in_order(shuffled_events(300));
  const std::string bytes = write_file(folder, sorted);
  std::size_t found = 0;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    std::string bad = bytes;
    bad[at] = static_cast<char>(bad[at] ^ (1 << (at % 8)));
    const auto read = read_bytes(bad);
    found += read.ok() ? 0U : 1U;
    if (!read.ok()) continue;
    EXPECT_EQ(read.value(), sorted) << at;  // the spare bytes and the times in the footer
  }
  EXPECT_GT(found, bytes.size() * 8 / 10);
}

TEST(EventBlocks, wrong_ones_are_refused) {
  BlockBuilder builder;
  for (std::uint64_t i = 0; i < 50; ++i) {
    const model::Event event = make_event(i, static_cast<std::int64_t>(i));
    builder.add(view_of(event));
  }
  const std::string block = builder.finish();
  std::mt19937 random(9);
  for (int round = 0; round < 20'000; ++round) {
    std::string bad = block.substr(0, 1 + random() % block.size());
    for (int flip = 0; flip < 3; ++flip) bad[random() % bad.size()] = static_cast<char>(random());
    BlockReader reader;
    EventView event;
    if (!reader.open(bad)) continue;
    while (reader.next(event)) {
      ASSERT_LT(event.kind, model::k_event_kind_count);
      ASSERT_LT(event.basis, model::k_time_basis_count);
    }
  }
}

TEST(MergeStreams, joins_by_time_and_by_the_order_given) {
  const ScratchFolder folder;
  std::vector<std::unique_ptr<EventStream>> streams;
  std::vector<model::Event> all;
  for (std::uint64_t source = 0; source < 3; ++source) {
    EventSorter sorter(folder.path());
    for (std::uint64_t i = 0; i < 100; ++i) {
      model::Event event = make_event(source * 100 + i, static_cast<std::int64_t>(i / 2));
      ASSERT_TRUE(sorter.add(event).ok());
      all.push_back(std::move(event));
    }
    auto stream = sorter.finish();
    ASSERT_TRUE(stream.ok());
    streams.push_back(std::move(stream).value());
  }
  const auto merged = merge_streams(std::move(streams));
  EXPECT_EQ(drain(*merged), in_order(all));
}

}  // namespace
}  // namespace lastgood::events
