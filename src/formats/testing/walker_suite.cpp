// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/testing/walker_suite.h"

#include <algorithm>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <fmt/format.h>
#include <gtest/gtest.h>

#include "formats/testing/report_rules.h"

namespace lastgood::formats::testing {

namespace fs = std::filesystem;
using model::Depth;

namespace {

std::string folder_path(const std::string& folder) {
  return std::string(LASTGOOD_FORMATS_DIR) + "/" + folder + "/testdata";
}

std::vector<Sample> read_folder(const std::string& folder, std::string_view prefix) {
  std::vector<Sample> samples;
  const std::string path = folder_path(folder);
  if (!fs::exists(path)) return samples;
  for (const auto& entry : fs::directory_iterator(path)) {
    const std::string name = entry.path().filename().string();
    if (entry.path().extension() != ".in" || !name.starts_with(prefix)) continue;
    samples.push_back({.name = name, .bytes = read_sample(entry.path().string())});
  }
  std::sort(samples.begin(), samples.end(), [](const Sample& a, const Sample& b) { return a.name < b.name; });
  return samples;
}

std::vector<Sample> good_samples(const std::string& folder, const SuiteOptions& options) {
  std::vector<Sample> samples = read_folder(folder, "whole_");
  for (Sample& sample : read_folder(folder, "sealed_")) samples.push_back(std::move(sample));
  if (options.made_whole) {
    for (Sample& sample : options.made_whole()) samples.push_back(std::move(sample));
  }
  return samples;
}

bool holds_together(const WalkReport& report) { return report.shape == Shape::whole || report.shape == Shape::sealed; }

void replace(std::vector<std::uint8_t>& bytes, std::size_t from, std::size_t count, std::uint64_t seed) {
  const std::vector<std::uint8_t> noise = random_bytes(count, seed);
  for (std::size_t i = 0; i < count && from + i < bytes.size(); ++i) bytes[from + i] = noise[i];
}

/// The sample first, then zeros up to a size no reader may walk byte by byte.
class HugeSource final : public base::ByteSource {
 public:
  HugeSource(const std::vector<std::uint8_t>& head, std::uint64_t size_bytes) : head_(head), size_bytes_(size_bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return size_bytes_; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset, std::span<std::uint8_t> into) override {
    const auto count =
        static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), offset < size_bytes_ ? size_bytes_ - offset : 0));
    for (std::size_t i = 0; i < count; ++i) into[i] = offset + i < head_.size() ? head_[offset + i] : std::uint8_t{0};
    return count;
  }

 private:
  const std::vector<std::uint8_t>& head_;
  std::uint64_t size_bytes_;
};

}  // namespace

std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint64_t seed) {
  std::vector<std::uint8_t> bytes(count);
  std::uint64_t state = seed * 0x9E3779B97F4A7C15ULL + 1;
  for (std::size_t i = 0; i < count; ++i) {
    state += 0x9E3779B97F4A7C15ULL;  // splitmix64
    std::uint64_t mixed = state;
    mixed = (mixed ^ (mixed >> 30)) * 0xBF58476D1CE4E5B9ULL;
    mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EBULL;
    bytes[i] = static_cast<std::uint8_t>(mixed >> 56);
  }
  return bytes;
}

std::vector<std::uint8_t> read_sample(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  const std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  return {text.begin(), text.end()};
}

WalkReport walk_bytes(const Format& format, const std::vector<std::uint8_t>& bytes, Depth depth,
                      std::string_view name) {
  base::MemorySource source{base::ByteView(std::span<const std::uint8_t>(bytes))};
  WalkBuffers buffers;
  WalkInput input(source, buffers, name, depth, {.read_bytes_max = UINT64_MAX, .steps_max = 5'000'000});
  WalkReport report = format.walk(input);
  const std::string broken_rule = find_broken_report_rule(report, input.size_bytes());
  EXPECT_EQ(broken_rule, "");
  return report;
}

std::string describe(const Format& format, const WalkReport& report) {
  std::string text = fmt::format("format {}\nshape {}\nreach {}\n",
                                 report.format.empty() ? format.id : std::string_view(report.format),
                                 name_of(report.shape), name_of(report.reach));
  text += report.end_bytes ? fmt::format("end {}\n", *report.end_bytes) : "end unknown\n";
  if (report.allowed_trailing_bytes != 0) text += fmt::format("allowed trailing {}\n", report.allowed_trailing_bytes);
  for (const model::Finding& finding : report.findings) {
    const char* sign = finding.weight == model::Weight::supports      ? "+"
                       : finding.weight == model::Weight::contradicts ? "-"
                                                                      : " ";
    text +=
        fmt::format("{} {}: {} [{}, {})\n", sign, finding.rule, finding.sentence, finding.range.from, finding.range.to);
  }
  for (const model::Region& region : report.regions) {
    text += fmt::format("region [{}, {}) {}\n", region.range.from, region.range.to, model::name_of(region.kind));
  }
  return text;
}

void check_golden(const Format& format, const std::string& folder) {
  const bool update = std::getenv("LASTGOOD_UPDATE_GOLDEN") != nullptr;  // NOLINT(concurrency-mt-unsafe): one thread
  for (const Sample& sample : read_folder(folder, "")) {
    SCOPED_TRACE(sample.name);
    const WalkReport report = walk_bytes(format, sample.bytes, Depth::full, sample.name);
    if (sample.name.starts_with("whole_")) {
      EXPECT_EQ(name_of(report.shape), "whole") << describe(format, report);
    }
    if (sample.name.starts_with("sealed_")) {
      EXPECT_EQ(name_of(report.shape), "sealed") << describe(format, report);
    }
    if (sample.name.starts_with("broken_")) {
      EXPECT_FALSE(holds_together(report)) << describe(format, report);
    }
    const std::string path = folder_path(folder) + "/" + sample.name.substr(0, sample.name.size() - 3) + ".out";
    if (update) {
      std::ofstream(path, std::ios::binary) << describe(format, report);
      continue;
    }
    const std::vector<std::uint8_t> expected = read_sample(path);
    EXPECT_EQ(std::string(expected.begin(), expected.end()), describe(format, report)) << "golden file " << path;
  }
}

void check_made_whole(const Format& format, const SuiteOptions& options) {
  if (!options.made_whole) return;
  for (const Sample& sample : options.made_whole()) {
    SCOPED_TRACE(sample.name);
    for (const Depth depth : {Depth::quick, Depth::standard, Depth::full}) {
      const WalkReport report = walk_bytes(format, sample.bytes, depth, sample.name);
      EXPECT_TRUE(holds_together(report)) << describe(format, report);
    }
  }
}

void check_hostile_input(const Format& format, const std::string& folder, const SuiteOptions& options) {
  EXPECT_FALSE(holds_together(walk_bytes(format, {}, Depth::full))) << "an empty file is no " << format.id;
  const std::vector<Sample> samples = good_samples(folder, options);
  EXPECT_FALSE(samples.empty()) << "no sample of " << format.id;
  for (const Sample& sample : samples) {
    SCOPED_TRACE(sample.name);
    for (std::size_t i = 0; i < 64; ++i) {
      std::vector<std::uint8_t> cut(sample.bytes.begin(),
                                    sample.bytes.begin() + static_cast<std::ptrdiff_t>(sample.bytes.size() * i / 64));
      (void)walk_bytes(format, cut, Depth::full, sample.name);
    }
    std::vector<std::uint8_t> flipped = sample.bytes;
    const std::size_t step = std::max<std::size_t>(1, flipped.size() / 512);
    for (std::size_t at = 0; at < flipped.size(); at += step) {
      const std::uint8_t before = flipped[at];
      flipped[at] = static_cast<std::uint8_t>(before ^ (1U << (at % 8)));
      (void)walk_bytes(format, flipped, at % 2 == 0 ? Depth::full : Depth::quick, sample.name);
      flipped[at] = 0xFF;
      (void)walk_bytes(format, flipped, Depth::standard, sample.name);
      flipped[at] = before;
    }
  }
}

void check_huge_content(const Format& format, const std::string& folder, const SuiteOptions& options) {
  for (const Sample& sample : good_samples(folder, options)) {
    SCOPED_TRACE(sample.name);
    for (const Depth depth : {Depth::quick, Depth::full}) {
      HugeSource source(sample.bytes, std::uint64_t{1} << 40);
      WalkBuffers buffers;
      WalkInput input(source, buffers, sample.name, depth, {.read_bytes_max = 8 * 1024 * 1024, .steps_max = 100'000});
      const WalkReport report = format.walk(input);
      EXPECT_EQ(find_broken_report_rule(report, input.size_bytes()), "");
      EXPECT_LT(input.bytes_read(), std::uint64_t{24} * 1024 * 1024) << "reads on although a limit said stop";
    }
  }
}

void check_attacks(const Format& format, const std::string& folder, const SuiteOptions& options) {
  for (const Sample& sample : good_samples(folder, options)) {
    if (sample.bytes.size() < options.attack_size_bytes_min) continue;
    SCOPED_TRACE(sample.name);
    const auto expect_noticed = [&](const std::vector<std::uint8_t>& bytes, const char* attack) {
      const WalkReport report = walk_bytes(format, bytes, Depth::standard, sample.name);
      const bool tail_seen = report.end_bytes && *report.end_bytes + report.allowed_trailing_bytes < bytes.size();
      EXPECT_TRUE(!holds_together(report) || tail_seen) << attack << " was not noticed:\n" << describe(format, report);
    };
    std::vector<std::uint8_t> bytes = sample.bytes;
    if (options.notices_head == "yes") {
      replace(bytes, 0, 64, 1);
      expect_noticed(bytes, "replacing the first 64 bytes");
    }
    if (options.notices_interleaved == "yes") {
      bytes = sample.bytes;
      for (std::size_t at = 0; at < bytes.size(); at += 192) replace(bytes, at, 64, at + 2);
      expect_noticed(bytes, "replacing 64 bytes of every 192");
    }
    if (options.notices_full == "yes") {
      bytes = sample.bytes;
      replace(bytes, 0, bytes.size(), 3);
      expect_noticed(bytes, "replacing everything");
    }
    if (options.notices_footer == "yes") {
      bytes = sample.bytes;
      const std::vector<std::uint8_t> footer = random_bytes(534, 4);
      bytes.insert(bytes.end(), footer.begin(), footer.end());
      expect_noticed(bytes, "appending a footer of 534 bytes");
    }
  }
}

void check_name_claims(const Format& format) {
  EXPECT_FALSE(format.id.empty());
  EXPECT_FALSE(format.title.empty());
  for (const NameClaim& claim : format.claims) {
    for (const char letter : claim.extension) {
      EXPECT_TRUE((letter >= 'a' && letter <= 'z') || (letter >= '0' && letter <= '9') || letter == '-' ||
                  letter == '_' || letter == '+')
          << claim.extension;
    }
  }
}

}  // namespace lastgood::formats::testing
