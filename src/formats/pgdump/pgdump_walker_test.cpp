// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that archives written by pg_dump are whole at every depth and a cut one never is, that all versions and
// compressors are read, and that the bytes which break an archive are named.
//
// testdata/whole_*.in were written by pg_dump 15.20: z6, z6_stream (through a pipe: no offsets) and directory_toc (-Fd)
// of a database with three tables, one of them empty, a view, a function and three large objects; schema with -s,
// empty_table with -a -t; z0 and z9 of a database with one table of forty rows.
#include "formats/pgdump/pgdump_walker.h"

#include <algorithm>
#include <functional>

#include <gtest/gtest.h>
#include <lz4frame.h>
#include <zlib.h>
#include <zstd.h>

#include "formats/testing/walker_suite.h"

namespace lastgood::formats {

namespace {

using model::Depth;
using testing::walk_bytes;
using Bytes = std::vector<std::uint8_t>;

enum class Packing : std::uint8_t { none, gzip, lz4, zstd };

Bytes pack(const Bytes& raw, Packing packing) {
  Bytes out(raw.size() * 2 + 4096);
  std::size_t size = raw.size();
  if (packing == Packing::none) return raw;
  if (packing == Packing::gzip) {
    uLongf written = out.size();
    compress(out.data(), &written, raw.data(), raw.size());
    size = written;
  }
  if (packing == Packing::lz4) size = LZ4F_compressFrame(out.data(), out.size(), raw.data(), raw.size(), nullptr);
  if (packing == Packing::zstd) size = ZSTD_compress(out.data(), out.size(), raw.data(), raw.size(), 3);
  out.resize(size);
  return out;
}

/// Writes archives as pg_backup_archiver.c does.
class ArchiveWriter {
 public:
  ArchiveWriter(std::uint8_t minor, Packing packing) : minor_(minor), packing_(packing) {
    bytes_ = {'P', 'G', 'D', 'M', 'P', 1, minor, 0, 4, 8, 1};
    if (minor >= 15)
      bytes_.push_back(static_cast<std::uint8_t>(packing));
    else
      integer(packing == Packing::none ? 0 : -1);
    for (const int field : {1, 2, 3, 4, 5, 126, 0}) integer(field);
    for (const char* text : {"his", "16.4", "16.4"}) string(text);
  }

  void integer(std::int64_t value) {
    bytes_.push_back(value < 0 ? 1 : 0);
    const auto size = static_cast<std::uint64_t>(value < 0 ? -value : value);
    for (int i = 0; i < 4; ++i) bytes_.push_back(static_cast<std::uint8_t>(size >> (8 * i)));
  }
  void string(std::string_view text) {
    integer(static_cast<std::int64_t>(text.size()));
    bytes_.insert(bytes_.end(), text.begin(), text.end());
  }

  /// Returns where its offset is to be written.
  std::size_t entry(std::int64_t id, std::string_view tag) {
    integer(id);
    integer(1);
    for (const std::string_view text : {std::string_view("0"), std::string_view("0"), tag}) string(text);
    string("TABLE DATA");
    integer(3);
    string("");
    string("");
    string("COPY public.t (a) FROM stdin;\n");
    string("public");
    string("");
    if (minor_ >= 14) string("");
    if (minor_ >= 16) integer('r');
    string("postgres");
    string("false");
    string("17");
    integer(-1);
    bytes_.push_back(1);
    const std::size_t at = bytes_.size();
    bytes_.insert(bytes_.end(), 8, 0);
    return at;
  }

  void set_offset(std::size_t at) {
    bytes_[at - 1] = 2;
    for (std::size_t i = 0; i < 8; ++i) bytes_[at + i] = static_cast<std::uint8_t>(bytes_.size() >> (8 * i));
  }

  void block(std::int64_t id, const Bytes& rows, std::size_t chunk_bytes) {
    bytes_.push_back(1);
    integer(id);
    const Bytes packed = pack(rows, packing_);
    for (std::size_t at = 0; at < packed.size(); at += chunk_bytes) {
      const std::size_t length = std::min(chunk_bytes, packed.size() - at);
      integer(static_cast<std::int64_t>(length));
      bytes_.insert(bytes_.end(), packed.begin() + static_cast<std::ptrdiff_t>(at),
                    packed.begin() + static_cast<std::ptrdiff_t>(at + length));
    }
    integer(0);
  }

  [[nodiscard]] const Bytes& bytes() const { return bytes_; }

 private:
  std::uint8_t minor_;
  Packing packing_;
  Bytes bytes_;
};

/// Letters in no order: a compressor makes three quarters of them.
Bytes rows_of(std::size_t size_bytes) {
  Bytes rows = testing::random_bytes(size_bytes, 9);
  for (std::uint8_t& letter : rows) letter = static_cast<std::uint8_t>('a' + letter % 23);
  return rows;
}

enum class Offsets : std::uint8_t { written, left_out };

Bytes archive(std::uint8_t minor, Packing packing, std::size_t rows_bytes, Offsets offsets = Offsets::written) {
  ArchiveWriter writer(minor, packing);
  writer.integer(2);
  const std::size_t first = writer.entry(201, "patient");
  const std::size_t second = writer.entry(202, "visit");
  if (offsets == Offsets::written) writer.set_offset(first);
  writer.block(201, rows_of(rows_bytes), 4096);
  if (offsets == Offsets::written) writer.set_offset(second);
  writer.block(202, rows_of(1000), 4096);
  return writer.bytes();
}

std::vector<testing::Sample> made_archives() {
  std::vector<testing::Sample> samples;
  for (std::uint8_t minor = 11; minor <= 16; ++minor) {
    for (const Packing packing : {Packing::none, Packing::gzip, Packing::lz4, Packing::zstd}) {
      if (minor < 15 && packing > Packing::gzip) continue;
      samples.push_back({.name = "made_1_" + std::to_string(minor) + "_" + std::to_string(static_cast<int>(packing)),
                         .bytes = archive(minor, packing, 20'000)});
    }
  }
  return samples;
}

/// What no pg_dump at hand writes. Few: the suite does much with each.
std::vector<testing::Sample> newest_archives() {
  return {{.name = "made_lz4", .bytes = archive(16, Packing::lz4, 3000)},
          {.name = "made_zstd", .bytes = archive(16, Packing::zstd, 3000)}};
}

Bytes sample(const char* name) {
  return testing::read_sample(std::string(LASTGOOD_FORMATS_DIR "/pgdump/testdata/") + name);
}

const model::Finding* find_rule(const WalkReport& report, std::string_view rule) {
  for (const model::Finding& finding : report.findings) {
    if (finding.rule == rule) return &finding;
  }
  return nullptr;
}

void encrypt(Bytes& bytes, std::size_t from, std::size_t count) {
  const Bytes noise = testing::random_bytes(count, from + 17);
  std::copy(noise.begin(), noise.end(), bytes.begin() + static_cast<std::ptrdiff_t>(from));
}

}  // namespace

LASTGOOD_WALKER_SUITE(Pgdump, k_pgdump_format, "pgdump", {.made_whole = newest_archives});

TEST(PgdumpWalker, reads_every_version_with_every_compressor_it_has) {
  for (const testing::Sample& made : made_archives()) {
    for (const Depth depth : {Depth::quick, Depth::standard, Depth::full}) {
      const WalkReport report = walk_bytes(k_pgdump_format, made.bytes, depth);
      EXPECT_EQ(report.shape, Shape::whole) << made.name;
      EXPECT_EQ(report.end_bytes, made.bytes.size()) << made.name;
    }
  }
}

TEST(PgdumpWalker, never_calls_a_cut_archive_whole) {
  for (const char* name : {"whole_z0.in", "whole_z6.in", "whole_z6_stream.in", "whole_schema.in",
                           "whole_empty_table.in", "whole_directory_toc.in"}) {
    const Bytes whole = sample(name);
    for (std::size_t size = 5; size < whole.size(); size += size + 100 < whole.size() ? 97U : 1U) {
      const Bytes cut(whole.begin(), whole.begin() + static_cast<std::ptrdiff_t>(size));
      for (const Depth depth : {Depth::quick, Depth::full})
        EXPECT_EQ(walk_bytes(k_pgdump_format, cut, depth).shape, Shape::broken) << name << " cut at " << size;
    }
  }
}

TEST(PgdumpWalker, sees_a_long_archive_that_is_cut_without_following_all_of_it) {
  for (const Offsets offsets : {Offsets::written, Offsets::left_out}) {
    for (const Packing packing : {Packing::none, Packing::gzip, Packing::zstd}) {
      const Bytes whole = archive(15, packing, 1'000'000, offsets);
      for (const Depth depth : {Depth::quick, Depth::standard, Depth::full}) {
        EXPECT_EQ(walk_bytes(k_pgdump_format, whole, depth).shape, Shape::whole);
        for (const std::size_t part : {2U, 3U, 7U}) {
          const Bytes cut(whole.begin(), whole.end() - static_cast<std::ptrdiff_t>(whole.size() / part));
          EXPECT_EQ(walk_bytes(k_pgdump_format, cut, depth).shape, Shape::broken);
        }
      }
    }
  }
}

TEST(PgdumpWalker, names_the_tables_whose_data_is_missing) {
  // The content ends where the second table's block would begin: every byte that is there fits.
  for (const Offsets offsets : {Offsets::written, Offsets::left_out}) {
    Bytes bytes = archive(14, Packing::gzip, 5000, offsets);
    const Bytes second = {1, 0, 202, 0, 0, 0};
    const auto block = std::find_end(bytes.begin(), bytes.end(), second.begin(), second.end());
    ASSERT_NE(block, bytes.end());
    bytes.erase(block, bytes.end());
    const WalkReport report = walk_bytes(k_pgdump_format, bytes, Depth::full);
    const model::Finding* missing = find_rule(report, "pgdump.missing");
    ASSERT_NE(missing, nullptr);
    EXPECT_NE(missing->sentence.find("1 of 2 entries"), std::string::npos) << missing->sentence;
    EXPECT_NE(missing->sentence.find("'visit' (entry 202)"), std::string::npos) << missing->sentence;
    EXPECT_EQ(missing->sentence.find("patient"), std::string::npos) << missing->sentence;
  }
}

TEST(PgdumpWalker, names_foreign_bytes_from_the_chunk_they_begin_in_to_the_chunk_behind_them) {
  Bytes bytes = archive(14, Packing::gzip, 600'000);
  constexpr std::size_t k_from = 100'000, k_count = 50'000;
  encrypt(bytes, k_from, k_count);
  const WalkReport report = walk_bytes(k_pgdump_format, bytes, Depth::full);
  EXPECT_EQ(report.shape, Shape::broken);
  const model::Finding* gap = find_rule(report, "pgdump.chunk");
  ASSERT_NE(gap, nullptr);
  EXPECT_LE(gap->range.from, k_from + 4101);
  EXPECT_GE(gap->range.to, k_from + k_count);
  EXPECT_LE(gap->range.to, k_from + k_count + 4101);
  EXPECT_EQ(find_rule(report, "pgdump.missing"), nullptr) << "the rest was followed to the end";
}

TEST(PgdumpWalker, sees_every_inverted_byte_of_compressed_rows_at_depth_full) {
  const Bytes whole = sample("whole_z6.in");
  // The last bytes are large objects, whose numbers stand nowhere else.
  for (std::size_t at = 4471; at < whole.size() - 250; at += 41) {
    Bytes bytes = whole;
    bytes[at] ^= 0xFF;
    EXPECT_EQ(walk_bytes(k_pgdump_format, bytes, Depth::full).shape, Shape::broken) << at;
  }
}

TEST(PgdumpWalker, finds_ciphertext_inside_the_strings_of_the_table_of_contents) {
  Bytes bytes = sample("whole_schema.in");
  encrypt(bytes, 1000, 300);
  const WalkReport report = walk_bytes(k_pgdump_format, bytes, Depth::standard);
  EXPECT_EQ(report.shape, Shape::broken);
  ASSERT_FALSE(report.missing_fields.empty());
  EXPECT_GE(report.missing_fields.front().from + 128, 1000U);
  EXPECT_LE(report.missing_fields.front().from, 1300U);
}

TEST(PgdumpWalker, ends_behind_the_last_block_and_allows_zeros_there_and_nothing_else) {
  Bytes bytes = sample("whole_z6.in");
  const std::size_t end = bytes.size();
  bytes.insert(bytes.end(), 1000, 0);
  WalkReport report = walk_bytes(k_pgdump_format, bytes, Depth::full);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, 1000U);
  bytes.push_back(1);
  report = walk_bytes(k_pgdump_format, bytes, Depth::full);
  EXPECT_EQ(report.end_bytes, end);
  EXPECT_EQ(report.allowed_trailing_bytes, 0U);
}

TEST(PgdumpWalker, says_of_a_version_from_the_future_that_it_is_not_known) {
  Bytes bytes = sample("whole_z6.in");
  bytes[6] = 17;
  const WalkReport report = walk_bytes(k_pgdump_format, bytes, Depth::full);
  EXPECT_EQ(report.shape, Shape::whole);
  EXPECT_EQ(report.reach, Reach::opening);
  EXPECT_NE(find_rule(report, "pgdump.version"), nullptr);
}

}  // namespace lastgood::formats
