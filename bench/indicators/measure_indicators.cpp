// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// bench_indicators FILE...: how fast indicators are found in files that lie in memory, and how many of each kind.
#include <chrono>
#include <cstdio>
#include <fstream>
#include <iterator>
#include <map>
#include <string>
#include <vector>

#include <fmt/format.h>

#include "indicators/find_indicators.h"

int main(int count, char** arguments) {
  using namespace lastgood;
  for (int i = 1; i < count; ++i) {
    std::ifstream file(arguments[i], std::ios::binary);
    const std::string bytes{std::istreambuf_iterator<char>(file), {}};
    std::map<std::string, std::size_t> found;
    const auto begin = std::chrono::steady_clock::now();
    indicators::find_indicators(
        base::ByteView(std::string_view(bytes)), 0, bytes.size(), 0,
        [&](const indicators::FoundIndicator& one) { ++found[std::string(one.kind) + "/" + std::string(one.level)]; });
    const std::chrono::duration<double> took = std::chrono::steady_clock::now() - begin;
    fmt::print("{}: {:.0f} MB/s over {:.1f} MB;", arguments[i], static_cast<double>(bytes.size()) / took.count() / 1e6,
               static_cast<double>(bytes.size()) / 1e6);
    for (const auto& [kind, number] : found) fmt::print(" {} {}", number, kind);
    fmt::print("\n");
  }
  return 0;
}
