// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sorts many events in bounded memory and reads them back: bench_timeline_sort FOLDER EVENTS [ordered|shuffled]
// Events look like those of a file server; "shuffled" gives each a random time of a month, the worst that can come.
#include <fmt/format.h>
#include <sys/resource.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "events/event_file.h"
#include "events/event_sorter.h"
#include "os/append_file.h"

namespace {

using namespace lastgood;

double seconds_since(std::chrono::steady_clock::time_point start) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
}

long peak_megabytes() {
  rusage usage{};
  (void)getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss / 1024;
}

std::uint64_t next_random(std::uint64_t& state) {  // splitmix64
  std::uint64_t z = (state += 0x9e3779b97f4a7c15U);
  z = (z ^ (z >> 30U)) * 0xbf58476d1ce4e5b9U;
  z = (z ^ (z >> 27U)) * 0x94d049bb133111ebU;
  return z ^ (z >> 31U);
}

void make_event(std::uint64_t number, bool is_shuffled, std::uint64_t& state, model::Event& event) {
  constexpr std::int64_t k_month_ns = 2'592'000'000'000'000;
  const std::uint64_t random = next_random(state);
  event.at_ns = 1'669'000'000'000'000'000 +
                (is_shuffled ? static_cast<std::int64_t>(random % static_cast<std::uint64_t>(k_month_ns))
                             : static_cast<std::int64_t>(number * 20'000));
  event.kind = number % 3 == 0 ? model::EventKind::file_renamed : model::EventKind::file_written;
  event.basis = model::TimeBasis::zone_assumed;
  event.host = "files1";
  event.account = number % 7 == 0 ? "radiology" : "desk";
  event.address = fmt::format("10.0.{}.{}", random % 4, random / 4 % 250);
  event.path =
      fmt::format("/srv/records/{:04}/{:06}/image{:03}.dcm", random % 1000, random / 1000 % 100'000, number % 200);
  event.path_to = event.kind == model::EventKind::file_renamed ? event.path + ".bak9" : std::string();
  event.what = event.kind == model::EventKind::file_renamed ? "renameat, ws7 records" : "pwrite_send, ws7 records";
  event.parser = "samba.full_audit";
  event.evidence = "/mnt/files1/var/log/samba/audit.log";
  event.offset_bytes = number * 142;
}

base::Status measure(const std::string& folder, std::uint64_t events, bool is_shuffled) {
  const auto start = std::chrono::steady_clock::now();
  events::EventSorter sorter(folder);
  model::Event event;
  std::uint64_t state = 1;
  for (std::uint64_t i = 0; i < events; ++i) {
    make_event(i, is_shuffled, state, event);
    LG_TRY(sorter.add(event));
  }
  const double added = seconds_since(start);
  LG_ASSIGN(const auto stream, sorter.finish());
  LG_ASSIGN(events::EventFileWriter writer, events::begin_event_file(folder + "/bench.events"));
  while (true) {
    LG_ASSIGN(const bool any, stream->next());
    if (!any) break;
    LG_TRY(writer.add(stream->current()));
  }
  LG_ASSIGN(const events::EventCounts counts, writer.commit());
  const double written = seconds_since(start);
  LG_ASSIGN(auto bytes, os::open_own_file(folder + "/bench.events"));
  LG_ASSIGN(const auto read, events::open_event_file(std::move(bytes), "bench.events"));
  std::uint64_t seen = 0;
  std::int64_t before = INT64_MIN;
  bool is_sorted = true;
  while (true) {
    LG_ASSIGN(const bool any, read->next());
    if (!any) break;
    ++seen;
    is_sorted = is_sorted && read->current().at_ns >= before;
    before = read->current().at_ns;
  }
  const double all = seconds_since(start);
  fmt::print(
      "events={} {} added_s={:.1f} sorted_and_written_s={:.1f} read_back_s={:.1f} events_per_s={:.0f} "
      "bytes_per_event={:.1f} "
      "peak_rss_mb={} read_back={} in_order={}\n",
      events, is_shuffled ? "shuffled" : "ordered", added, written, all - written,
      static_cast<double>(events) / written, static_cast<double>(counts.bytes) / static_cast<double>(events),
      peak_megabytes(), seen, is_sorted && seen == events);
  return base::Done{};
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) {
    fmt::print(stderr, "bench_timeline_sort FOLDER EVENTS [ordered|shuffled]\n");
    return 2;
  }
  const bool is_shuffled = argc < 4 || std::string(argv[3]) == "shuffled";
  const auto measured = measure(argv[1], std::strtoull(argv[2], nullptr, 10), is_shuffled);
  if (!measured.ok()) fmt::print(stderr, "{}\n", measured.error().what);
  return measured.ok() ? 0 : 1;
}
