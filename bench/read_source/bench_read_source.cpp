// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// bench_read_source URL --password-file FILE [--threads N]: reads every content of the newest snapshot once, in the
// order they lie in the store, and says what that cost. Compare with `restic check --read-data` on the same repository:
// that reads and hashes the same bytes.
#include <algorithm>
#include <atomic>
#include <chrono>
#include <ctime>
#include <fstream>
#include <iterator>
#include <thread>
#include <unordered_set>

#include <fmt/format.h>
#include <sys/resource.h>
#include <CLI/CLI.hpp>

#include "sources/restic/open_restic.h"

namespace lastgood::bench {
namespace {

struct Options {
  std::string url;
  std::string password_file;
  unsigned threads = 2;
  bool with_erased = false;
};

using sources::Source;

base::Result<std::unique_ptr<Source>> open(const Options& options) {
  std::ifstream file(options.password_file);
  std::string password;
  std::getline(file, password);
  constexpr std::string_view k_restic = "restic:";
  const std::string location = options.url.starts_with(k_restic) ? options.url.substr(k_restic.size()) : options.url;
  return sources::restic::open_restic(location, {.password = password, .key_file = {}},
                                      {.as_of_ns = {},
                                       .erased = options.with_erased ? sources::OpenOptions::Erased::include
                                                                     : sources::OpenOptions::Erased::leave_out});
}

struct Costs {
  double wall_s = 0;
  double user_s = 0;
  double system_s = 0;
};

Costs costs_now() {
  rusage usage{};
  (void)::getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  const auto wall = std::chrono::steady_clock::now().time_since_epoch();
  return {std::chrono::duration<double>(wall).count(), seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

long peak_kib() {
  rusage usage{};
  (void)::getrusage(RUSAGE_SELF, &usage);
  return usage.ru_maxrss;
}

void print_costs(std::string_view what, const Costs& from) {
  const Costs now = costs_now();
  fmt::print("{:<10} {:7.2f} s wall, {:7.2f} s user, {:6.2f} s system; peak {} MiB\n", what, now.wall_s - from.wall_s,
             now.user_s - from.user_s, now.system_s - from.system_s, peak_kib() / 1024);
}

std::vector<model::ContentRef> contents_of(Source& source, std::string root) {
  std::vector<model::ContentRef> contents;
  std::unordered_set<std::string> seen_folders;
  std::unordered_set<std::string> seen_contents;
  std::vector<std::string> waiting{std::move(root)};
  while (!waiting.empty()) {
    const std::string subtree = std::move(waiting.back());
    waiting.pop_back();
    if (!seen_folders.insert(subtree).second) continue;
    auto folder = source.read_folder(subtree);
    if (!folder.ok()) {
      fmt::print(stderr, "{}\n", folder.error().what);
      continue;
    }
    for (model::TreeEntry& entry : folder.value().entries) {
      if (entry.kind == model::EntryKind::folder) waiting.push_back(std::move(entry.subtree));
      if (entry.kind != model::EntryKind::regular || entry.content.size_bytes == 0) continue;
      if (seen_contents.insert(entry.content.key).second) contents.push_back(std::move(entry.content));
    }
  }
  return contents;
}

struct Work {
  Source& source;
  std::vector<std::pair<std::uint64_t, model::ContentRef>> contents;
  std::atomic<std::size_t> next{0};
  std::atomic<std::uint64_t> bytes{0};
  std::atomic<std::uint64_t> lost{0};
};

void read_some(Work& work) {
  // Neighbours in a pack go to one thread, so that it reads ahead for itself.
  constexpr std::size_t k_batch = 64;
  std::vector<std::uint8_t> piece;
  while (true) {
    const std::size_t from = work.next.fetch_add(k_batch);
    if (from >= work.contents.size()) return;
    for (std::size_t i = from; i < std::min(from + k_batch, work.contents.size()); ++i) {
      const auto content = work.source.open_content(work.contents[i].second);
      if (!content.ok()) continue;
      for (std::size_t at = 0; at < content.value()->piece_count(); ++at) {
        if (content.value()->read_piece(at, piece).ok()) {
          work.bytes += piece.size();
        } else {
          ++work.lost;
        }
      }
    }
  }
}

int run(const Options& options) {
  const Costs start = costs_now();
  auto source = open(options);
  if (!source.ok()) {
    fmt::print(stderr, "{}\n{}\n", source.error().what, source.error().hint);
    return 2;
  }
  print_costs("open", start);
  const Costs before_snapshots = costs_now();
  const auto snapshots = source.value()->snapshots();
  if (!snapshots.ok() || snapshots.value().empty()) return 2;
  print_costs("snapshots", before_snapshots);
  const Costs before_trees = costs_now();
  Work work{.source = *source.value(), .contents = {}};
  for (model::ContentRef& content : contents_of(*source.value(), snapshots.value().back().root)) {
    work.contents.emplace_back(source.value()->position_of(content), std::move(content));
  }
  std::sort(work.contents.begin(), work.contents.end(), [](const auto& a, const auto& b) { return a.first < b.first; });
  print_costs("trees", before_trees);
  const Costs before_contents = costs_now();
  std::vector<std::thread> threads;
  for (unsigned i = 0; i < options.threads; ++i) threads.emplace_back([&work] { read_some(work); });
  for (std::thread& thread : threads) thread.join();
  print_costs("contents", before_contents);
  const Costs now = costs_now();
  const double wall_s = now.wall_s - before_contents.wall_s;
  const double cpu_s = now.user_s - before_contents.user_s + now.system_s - before_contents.system_s;
  const double gib = static_cast<double>(work.bytes) / (1 << 30);
  fmt::print(
      "{} contents, {:.3f} GiB, {} pieces lost: {:.2f} GiB/s, {:.0f} contents/s, {:.2f} CPU-s/GiB, {:.1f} us CPU "
      "each\n",
      work.contents.size(), gib, work.lost.load(), gib / wall_s, static_cast<double>(work.contents.size()) / wall_s,
      cpu_s / gib, cpu_s * 1e6 / static_cast<double>(work.contents.size()));
  for (const model::Finding& finding : source.value()->findings())
    fmt::print("{}: {}\n", finding.rule, finding.sentence);
  return 0;
}

}  // namespace
}  // namespace lastgood::bench

int main(int argc, char** argv) {
  lastgood::bench::Options options;
  CLI::App app{"reads every content of the newest snapshot of a source"};
  app.add_option("URL", options.url, "restic:PATH or restic:rest:http://...")->required();
  app.add_option("--password-file", options.password_file, "its first line")->required();
  app.add_option("--threads", options.threads, "readers")->check(CLI::Range(1, 256));
  app.add_flag("--erased", options.with_erased, "also find what was deleted");
  CLI11_PARSE(app, argc, argv);
  return lastgood::bench::run(options);
}
