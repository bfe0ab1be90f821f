// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "judge_contents.h"

#include <time.h>

#include <algorithm>
#include <fstream>

#include "drill/compare_ranges.h"

namespace lastgood::bench {

using base::ByteView;

std::optional<Bytes> read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary | std::ios::ate);
  if (!file) return std::nullopt;
  std::string text(static_cast<std::size_t>(std::max<std::streamoff>(file.tellg(), 0)), '\0');
  file.seekg(0);
  if (!file.read(text.data(), static_cast<std::streamsize>(text.size()))) return std::nullopt;
  const ByteView view{std::string_view(text)};
  return Bytes(view.begin(), view.end());
}

namespace {

std::uint64_t thread_time_ns() {
  timespec now{};
  ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<std::uint64_t>(now.tv_sec) * 1'000'000'000U + static_cast<std::uint64_t>(now.tv_nsec);
}

}  // namespace

Judged judge(const Bytes& bytes, std::string_view name, const inspect::InspectOptions& options) {
  base::MemorySource source{ByteView(bytes)};
  const std::uint64_t begun_ns = thread_time_ns();
  Judged out{.inspection = inspect::inspect_content(source, name, options)};
  out.nanoseconds = thread_time_ns() - begun_ns;
  return out;
}

Agreement agreement_of(const drill::DamagedContent& damaged, std::uint64_t size_bytes,
                       std::vector<model::ByteRange> named) {
  if (named.empty()) named.push_back({.from = 0, .to = size_bytes});
  constexpr std::uint64_t k_long_bytes = 4096;
  const bool is_long = std::all_of(damaged.replaced.begin(), damaged.replaced.end(),
                                   [](const model::ByteRange& run) { return run.length() >= k_long_bytes; });
  return {.share = drill::range_agreement(damaged.replaced, damaged.added, named, size_bytes),
          .has_long_runs = is_long};
}

std::string reason_of(const std::vector<model::Reason>& reasons) {
  return reasons.empty() ? std::string() : reasons.front().rule + ": " + reasons.front().sentence;
}

}  // namespace lastgood::bench
