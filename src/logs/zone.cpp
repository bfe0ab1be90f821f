// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// TZif, RFC 8536 section 3: header(44) data(version 1, 32 bits) header(44) data(64 bits) footer.
#include "logs/zone.h"

#include <algorithm>
#include <array>
#include <utility>

namespace lastgood::logs {

namespace {

constexpr std::size_t k_header_bytes = 44;
constexpr std::uint32_t k_changes_max = 10'000;
constexpr std::int32_t k_east_max_s = 26 * 3600;
constexpr std::int64_t k_year_2037_s = 2'114'380'800;

struct Counts {
  std::uint64_t isut = 0;
  std::uint64_t isstd = 0;
  std::uint64_t leap = 0;
  std::uint64_t times = 0;
  std::uint64_t types = 0;
  std::uint64_t letters = 0;
  [[nodiscard]] std::uint64_t size_bytes(std::uint64_t time_bytes) const {
    return times * (time_bytes + 1) + types * 6 + letters + leap * (time_bytes + 4) + isstd + isut;
  }
};

std::optional<Counts> read_counts(base::ByteView bytes, std::uint64_t at) {
  if (!bytes.has(at, k_header_bytes) || !bytes.matches(at, "TZif") || bytes.u8(at + 4) < '2') return std::nullopt;
  const Counts counts{.isut = bytes.be32(at + 20),
                      .isstd = bytes.be32(at + 24),
                      .leap = bytes.be32(at + 28),
                      .times = bytes.be32(at + 32),
                      .types = bytes.be32(at + 36),
                      .letters = bytes.be32(at + 40)};
  for (const std::uint64_t count :
       {counts.isut, counts.isstd, counts.leap, counts.times, counts.types, counts.letters}) {
    if (count > k_changes_max) return std::nullopt;
  }
  return counts;
}

bool all_digits(std::string_view text) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [](char c) { return c >= '0' && c <= '9'; });
}

}  // namespace

std::int32_t Zone::east_of_local_s(std::int64_t local_s) const {
  std::int32_t east_s = first_east_s_;
  for (const Change& change : changes_) {
    // Shown by the clocks before the change: still the old distance.
    if (local_s - east_s < change.at_s) break;
    east_s = change.east_s;
  }
  return east_s;
}

std::optional<std::int32_t> parse_zone_offset(std::string_view text) {
  if (text == "Z" || text == "z") return 0;
  if (text.size() < 3 || (text[0] != '+' && text[0] != '-')) return std::nullopt;
  const std::string_view hours = text.substr(1, 2);
  std::string_view minutes = text.substr(3);
  if (minutes.starts_with(':')) minutes.remove_prefix(1);
  if (!all_digits(hours) || (!minutes.empty() && (!all_digits(minutes) || minutes.size() != 2))) return std::nullopt;
  const auto number = [](std::string_view two) { return two.empty() ? 0 : (two[0] - '0') * 10 + (two[1] - '0'); };
  if (number(hours) > 18 || number(minutes) > 59) return std::nullopt;
  const std::int32_t east_s = number(hours) * 3600 + number(minutes) * 60;
  return text[0] == '-' ? -east_s : east_s;
}

std::optional<ZoneWord> find_zone_word(std::string_view word) {
  constexpr std::int32_t k_hour_s = 3600;
  constexpr std::array<std::pair<std::string_view, ZoneWord>, 18> k_words = {{
      {"UTC", {0, true}},
      {"GMT", {0, true}},
      {"IST", {5 * k_hour_s + 1800, false}},
      {"NPT", {5 * k_hour_s + 2700, false}},
      {"PKT", {5 * k_hour_s, false}},
      {"BST", {k_hour_s, false}},
      {"CET", {k_hour_s, false}},
      {"CEST", {2 * k_hour_s, false}},
      {"EET", {2 * k_hour_s, false}},
      {"EEST", {3 * k_hour_s, false}},
      {"MSK", {3 * k_hour_s, false}},
      {"HKT", {8 * k_hour_s, false}},
      {"SGT", {8 * k_hour_s, false}},
      {"JST", {9 * k_hour_s, false}},
      {"EST", {-5 * k_hour_s, false}},
      {"EDT", {-4 * k_hour_s, false}},
      {"PST", {-8 * k_hour_s, false}},
      {"PDT", {-7 * k_hour_s, false}},
  }};
  for (const auto& [name, zone] : k_words) {
    if (name == word) return zone;
  }
  return std::nullopt;
}

std::optional<Zone> parse_zone_file(base::ByteView bytes) {
  const auto first = read_counts(bytes, 0);
  if (!first) return std::nullopt;
  const std::uint64_t second_at = k_header_bytes + first->size_bytes(4);
  const auto counts = read_counts(bytes, second_at);
  if (!counts || counts->types == 0) return std::nullopt;
  const std::uint64_t times_at = second_at + k_header_bytes;
  const std::uint64_t indexes_at = times_at + counts->times * 8;
  const std::uint64_t types_at = indexes_at + counts->times;
  if (!bytes.has(times_at, counts->size_bytes(8))) return std::nullopt;
  const auto east_of = [&](std::uint64_t type) -> std::optional<std::int32_t> {
    if (type >= counts->types) return std::nullopt;
    const auto east_s = static_cast<std::int32_t>(bytes.be32(types_at + type * 6));
    if (east_s > k_east_max_s || east_s < -k_east_max_s) return std::nullopt;
    return east_s;
  };
  Zone zone;
  const auto before = east_of(0);
  if (!before) return std::nullopt;
  zone.first_east_s_ = *before;
  for (std::uint64_t i = 0; i < counts->times; ++i) {
    const auto at_s = static_cast<std::int64_t>(bytes.be64(times_at + i * 8));
    const auto east_s = east_of(bytes.u8(indexes_at + i));
    if (!east_s || (!zone.changes_.empty() && at_s <= zone.changes_.back().at_s)) return std::nullopt;
    zone.changes_.push_back({at_s, *east_s});
  }
  const std::string_view footer = bytes.part(times_at + counts->size_bytes(8)).text();
  const bool footer_rules = footer.find(',') != std::string_view::npos;
  if (footer_rules && (zone.changes_.empty() || zone.changes_.back().at_s < k_year_2037_s)) return std::nullopt;
  return zone;
}

}  // namespace lastgood::logs
