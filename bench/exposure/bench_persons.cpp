// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How long exact counting takes and what it needs: rows of made-up persons, made as they are counted.
//   bench_persons ROWS PERSONS KEYS_PER_ROW [MEMORY_MB [SPILL_FOLDER]]
// With one key the right answer is computed independently by a bitmap and compared.
#include <sys/resource.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <vector>

#include <fmt/format.h>

#include "persons/person_counter.h"

namespace {

std::uint64_t mixed(std::uint64_t x) {
  x += 0x9E3779B97F4A7C15U;
  x = (x ^ (x >> 30U)) * 0xBF58476D1CE4E5B9U;
  x = (x ^ (x >> 27U)) * 0x94D049BB133111EBU;
  return x ^ (x >> 31U);
}

std::string_view digits_of(std::uint64_t number, std::array<char, 12>& into) {
  for (std::size_t i = 12; i-- > 0; number /= 10) into[i] = static_cast<char>('0' + number % 10);
  return {into.data(), into.size()};
}

}  // namespace

int main(int argc, char** argv) {
  using namespace lastgood;
  if (argc < 4) return 2;
  const std::uint64_t rows = std::strtoull(argv[1], nullptr, 10);
  const std::uint64_t persons = std::strtoull(argv[2], nullptr, 10);
  const std::uint64_t keys_per_row = std::strtoull(argv[3], nullptr, 10);
  persons::CountOptions options;
  if (argc > 4) options.memory_bytes_max = std::strtoull(argv[4], nullptr, 10) << 20U;
  if (argc > 5) options.spill_folder = argv[5];
  const auto began = std::chrono::steady_clock::now();
  const persons::KeyMaker keys(persons::PersonSecret{1, 2, 3});
  persons::PersonCounter counter(options);
  std::vector<bool> seen(persons);
  std::uint64_t expected = 0;
  std::array<char, 12> text{};
  std::vector<persons::PersonKey> others;
  for (std::uint64_t row = 0; row < rows; ++row) {
    const std::uint64_t person = mixed(row) % persons;
    if (!seen[person]) {
      seen[person] = true;
      ++expected;
    }
    const std::string_view id = digits_of(person + 200000000000U, text);
    others.clear();
    for (std::uint64_t i = 1; i < keys_per_row; ++i) others.push_back(keys.make(static_cast<char>('A' + i), "", id));
    if (!counter.add(keys.make('A', "", id), others).ok()) return 1;
  }
  const double added = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  rusage before{};
  getrusage(RUSAGE_SELF, &before);
  const auto counted = counter.finish();
  if (!counted.ok()) {
    fmt::print("{}\n", counted.error().what);
    return 1;
  }
  const double seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count();
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const persons::PersonCount& count = counted.value();
  fmt::print(
      "{} rows, {} persons expected, {} to {} counted: {}; {:.1f} s (adding {:.1f}), {} MB resident (adding {}), {} MB "
      "spilled\n",
      rows, expected, count.lower, count.upper, count.lower == expected && count.upper == expected ? "right" : "WRONG",
      seconds, added, usage.ru_maxrss / 1024, before.ru_maxrss / 1024, count.spilled_bytes >> 20U);
  return 0;
}
