// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What every walker must survive and what it must notice. Used by each formats/<format>/<format>_walker_test.cpp:
//
//   LASTGOOD_WALKER_SUITE(Png, k_png_format, "png", {});
//
// The folder formats/<format>/testdata holds small real files and what the walker says of them:
//   whole_*.in   intact files made by the format's own tools   -> shape whole
//   sealed_*.in  encrypted by their owner's tool               -> shape sealed
//   broken_*.in  cut, overwritten, lying                       -> shape broken or foreign
//   X.out        the report as text; LASTGOOD_UPDATE_GOLDEN=1 rewrites it, read the diff before you commit it
// Inputs that are better made than stored can be handed in by `made_whole`.
#pragma once

#include <functional>
#include <string>
#include <vector>

#include "formats/format.h"

namespace lastgood::formats::testing {

struct Sample {
  std::string name;
  std::vector<std::uint8_t> bytes;
};

/// Which attacks an intact sample must not survive as `whole`. Turn one off only where the format has nothing to check
/// there, and say why beside it.
struct SuiteOptions {
  std::uint64_t attack_size_bytes_min = 256;  // smaller samples have nothing to interleave
  std::string notices_head = "yes";           // first 64 bytes replaced: "yes", or the reason why not
  std::string notices_interleaved = "yes";    // 64 bytes of every 192 replaced, from byte 0
  std::string notices_full = "yes";           // everything replaced
  std::string notices_footer = "yes";         // 534 foreign bytes appended: not whole, or end_bytes says so
  std::function<std::vector<Sample>()> made_whole = {};
};

/// One walk over bytes in memory, with the checks every report must pass (ranges inside, ascending, limits kept).
WalkReport walk_bytes(const Format& format, const std::vector<std::uint8_t>& bytes, model::Depth depth,
                      std::string_view name = {});

/// The report as the golden files hold it.
std::string describe(const Format& format, const WalkReport& report);

/// Bytes that look like ciphertext, the same for the same seed.
std::vector<std::uint8_t> random_bytes(std::size_t count, std::uint64_t seed);

std::vector<std::uint8_t> read_sample(const std::string& path);

void check_golden(const Format& format, const std::string& folder);
void check_made_whole(const Format& format, const SuiteOptions& options);
void check_hostile_input(const Format& format, const std::string& folder, const SuiteOptions& options);
void check_huge_content(const Format& format, const std::string& folder, const SuiteOptions& options);
void check_attacks(const Format& format, const std::string& folder, const SuiteOptions& options);
void check_name_claims(const Format& format);

}  // namespace lastgood::formats::testing

#define LASTGOOD_WALKER_SUITE(SuiteName, format, folder, ...)                           \
  namespace {                                                                           \
  const ::lastgood::formats::testing::SuiteOptions k_suite_options = __VA_ARGS__;       \
  }                                                                                     \
  TEST(SuiteName##Walker, says_of_golden_files_what_was_recorded) {                     \
    ::lastgood::formats::testing::check_golden(format, folder);                         \
  }                                                                                     \
  TEST(SuiteName##Walker, finds_made_files_whole) {                                     \
    ::lastgood::formats::testing::check_made_whole(format, k_suite_options);            \
  }                                                                                     \
  TEST(SuiteName##Walker, survives_empty_cut_and_flipped_files) {                       \
    ::lastgood::formats::testing::check_hostile_input(format, folder, k_suite_options); \
  }                                                                                     \
  TEST(SuiteName##Walker, stays_in_its_limits_on_a_terabyte) {                          \
    ::lastgood::formats::testing::check_huge_content(format, folder, k_suite_options);  \
  }                                                                                     \
  TEST(SuiteName##Walker, never_calls_an_attacked_file_whole) {                         \
    ::lastgood::formats::testing::check_attacks(format, folder, k_suite_options);       \
  }                                                                                     \
  TEST(SuiteName##Walker, claims_lower_case_extensions_without_dot) {                   \
    ::lastgood::formats::testing::check_name_claims(format);                            \
  }
