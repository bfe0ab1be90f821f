// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How soon a scratch server answers, and how fast rows come: bench_scratch FOLDER DATABASE SQL copy|overlay|cheapest.
#include <chrono>
#include <cstdio>
#include <string>

#include "engines/evidence_view.h"
#include "engines/scratch_server.h"

namespace {

using std::chrono::duration;
using std::chrono::steady_clock;

class Counter final : public lastgood::engines::RowSink {
 public:
  std::uint64_t rows = 0;
  std::uint64_t bytes = 0;
  void on_columns(std::span<const std::string> /*names*/) override {}
  bool on_row(std::span<const std::optional<std::string_view>> values) override {
    ++rows;
    for (const auto& value : values) bytes += value ? value->size() : 0;
    return true;
  }
};

}  // namespace

int main(int argc, char** argv) {
  using namespace lastgood::engines;
  if (argc != 5) {
    std::fputs("bench_scratch FOLDER DATABASE SQL copy|overlay|cheapest\n", stderr);
    return 2;
  }
  const auto began = steady_clock::now();
  const auto seconds = [&] { return duration<double>(steady_clock::now() - began).count(); };
  const auto view = open_evidence_view(argv[1], std::string());
  if (!view.ok()) return 1;
  const std::string way = argv[4];
  const char* const parent = std::getenv("TMPDIR");
  ScratchServerOptions options{.parent = parent == nullptr ? "/tmp" : parent};
  options.copy_way = way == "overlay" ? CopyWay::overlay : way == "copy" ? CopyWay::copy : CopyWay::cheapest;
  for (const FoundUnit& unit : find_units(*view.value())) {
    const auto server = open_scratch_server(*view.value(), unit, options);
    if (!server.ok()) {
      std::fprintf(stderr, "%s\n%s\n", server.error().what.c_str(), server.error().hint.c_str());
      return 1;
    }
    std::printf("%s: started in %.2f s, %llu bytes copied\n", server.value()->start().engine.c_str(), seconds(),
                static_cast<unsigned long long>(server.value()->start().bytes_copied));
    for (int again = 0; again < 2; ++again) {
      Counter sink;
      const double from = seconds();
      const auto asked = server.value()->ask(
          argv[2], argv[3], {.rows = UINT64_MAX, .bytes = UINT64_MAX, .statement_time = std::chrono::minutes(30)},
          sink);
      std::printf("%s: %llu rows, %llu bytes in %.3f s (%.0f rows/s), at %.2f s\n",
                  asked.ok() ? "answer" : asked.error().what.c_str(), static_cast<unsigned long long>(sink.rows),
                  static_cast<unsigned long long>(sink.bytes), seconds() - from,
                  static_cast<double>(sink.rows) / (seconds() - from), seconds());
    }
  }
  return 0;
}
