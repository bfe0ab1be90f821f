// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// SQLCipher database. Source: the project's "SQLCipher Design" page.
//
//   file = page*           page = ciphertext initialisation-vector(16) authenticator       the first begins with
//   salt(16)
// Pages have 4096 bytes (1024 before version 4) and no byte of them can be told from noise, so there is nothing to
// check but the name, the size and that every page looks at random: never more than a weak opinion.
#include "formats/sqlcipher/sqlcipher_walker.h"

#include <algorithm>
#include <array>
#include <bitset>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"sqlcipher", Promise::firm}};
constexpr std::uint64_t k_page_bytes = 4096;
constexpr std::uint64_t k_old_page_bytes = 1024;
constexpr std::uint64_t k_pages_looked_at = 64;
// Of 1,024 random bytes 251 values are expected; text, tables and zeros have far fewer.
constexpr std::size_t k_values_min = 225;

Likeness recognise(const Edges&) { return Likeness::none; }

bool looks_random(ByteView page) {
  std::bitset<256> values;
  for (const std::uint8_t byte : page.part(0, k_old_page_bytes)) values.set(byte);
  return values.count() >= k_values_min;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const std::uint64_t size = input.size_bytes();
  // Whoever appended a suffix may have done more.
  if (input.name().find(".sqlcipher.") != std::string_view::npos) return report;
  if (size < k_old_page_bytes || !looks_random(input.head())) return report;
  const std::uint64_t page_bytes = size % k_page_bytes == 0 ? k_page_bytes : k_old_page_bytes;
  report.region(0, size, RegionKind::compressed);
  if (size % page_bytes != 0) {
    report.breaks("sqlcipher.length", fmt::format("{} bytes are no whole pages of {} bytes", size, page_bytes),
                  {.from = size - size % page_bytes, .to = size});
    return report;
  }
  const std::uint64_t pages = size / page_bytes;
  const std::uint64_t stride = std::max<std::uint64_t>(1, pages / k_pages_looked_at);
  for (std::uint64_t page = 0; page < pages && input.may_continue(); page += stride) {
    const std::uint64_t from = page * page_bytes;
    const ByteView bytes = input.at(from, k_old_page_bytes);
    if (bytes.size() < k_old_page_bytes) break;
    if (looks_random(bytes)) continue;
    report.breaks("sqlcipher.page", fmt::format("the page at byte {} does not look encrypted", from),
                  {.from = from, .to = from + page_bytes});
    return report;
  }
  report.shape = Shape::sealed;
  report.holds("sqlcipher.pages",
               fmt::format("the name says so and {} pages of {} bytes look random; the bytes alone prove nothing",
                           pages, page_bytes));
  return report;
}

}  // namespace

const Format k_sqlcipher_format = {.id = "sqlcipher",
                                   .title = "SQLCipher database",
                                   .family = Family::owner_encrypted,
                                   .claims = k_claims,
                                   .recognise = recognise,
                                   .walk = walk};

}  // namespace lastgood::formats
