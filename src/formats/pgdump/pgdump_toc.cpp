// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/pgdump/pgdump_toc.h"

#include <fmt/format.h>

#include "base/error.h"

namespace lastgood::formats::pgdump {

namespace {

constexpr std::uint8_t k_minor_min = 11;
constexpr std::uint8_t k_minor_max = 16;
constexpr std::size_t k_entry_bytes_min = 40;  // twelve fields and more, each of two bytes at least
constexpr std::size_t k_kept_name_bytes = 63;  // PostgreSQL's own limit for names

/// pg_compress_algorithm of PostgreSQL 16: 0 none, 1 gzip, 2 lz4, 3 zstd.
bool parse_algorithm(std::uint8_t algorithm, std::optional<SplitCodec>& codec) {
  switch (algorithm) {
    case 0: codec.reset(); return true;
    case 1: codec = SplitCodec::zlib; return true;
    case 2: codec = SplitCodec::lz4; return true;
    case 3: codec = SplitCodec::zstd; return true;
    default: return false;
  }
}

bool is_in(std::int64_t value, std::int64_t from, std::int64_t to) { return value >= from && value <= to; }

/// Second, minute, hour, day, month, year since 1900 and summer time, as struct tm has them.
bool read_time(FieldReader& fields) {
  constexpr std::int64_t k_limits[7][2] = {{0, 61}, {0, 59}, {0, 23}, {1, 31}, {0, 11}, {70, 8000}, {-1, 1}};
  for (const auto& [from, to] : k_limits) {
    if (!is_in(fields.read_integer(), from, to)) return false;
  }
  return true;
}

class TocReader {
 public:
  explicit TocReader(WalkInput& input) : input_(input) {}

  TocReading read() {
    FieldReader fixed(input_, k_magic.size(), 4);
    if (!read_fixed(fixed)) return std::move(reading_);
    FieldReader fields(input_, fixed.at(), header().integer_bytes);
    if (!read_rest_of_header(fields)) return std::move(reading_);
    const std::uint64_t count_at = fields.at();
    const std::int64_t count = fields.read_integer();
    if (has_trouble(fields, "the number of entries")) return std::move(reading_);
    if (count < 0) return misfit(count_at, "the number of entries");
    const std::uint64_t left = input_.size_bytes() - fields.at();
    const bool fits = static_cast<std::uint64_t>(count) <= left / k_entry_bytes_min;
    for (std::int64_t i = 0; i < count; ++i) {
      if (!input_.may_continue()) {
        reading_.end = TocEnd::stopped;
        return std::move(reading_);
      }
      if (!read_entry(fields)) return std::move(reading_);
      ++reading_.toc.entries;
    }
    if (!fits) return misfit(count_at, "the number of entries");
    reading_.toc.end_bytes = fields.at();
    return std::move(reading_);
  }

 private:
  Header& header() { return reading_.toc.header; }

  TocReading misfit(std::uint64_t at, std::string_view field) {
    reading_.end = TocEnd::misfit;
    reading_.trouble_at = at;
    reading_.trouble_field = field;
    return std::move(reading_);
  }

  bool has_trouble(const FieldReader& fields, std::string_view field) {
    if (fields.trouble() == Trouble::none) return false;
    reading_.end = input_.stopped() ? TocEnd::stopped : fields.trouble() == Trouble::cut ? TocEnd::cut : TocEnd::misfit;
    reading_.trouble_at = fields.trouble_at();
    reading_.trouble_field = field;
    return true;
  }

  bool read_fixed(FieldReader& fields) {
    const std::uint64_t from = fields.at();
    const std::uint8_t major = fields.read_byte();
    header().minor = fields.read_byte();
    fields.read_byte();  // revision: never looked at
    header().integer_bytes = fields.read_byte();
    header().offset_bytes = fields.read_byte();
    const std::uint8_t layout = fields.read_byte();
    if (has_trouble(fields, "the header")) return false;
    if (major != 1 || header().minor < k_minor_min || header().minor > k_minor_max) {
      // Anything but a neighbour of the known versions is no version at all.
      const bool is_near = is_in(major, 1, 2) && header().minor < 2 * k_minor_max;
      misfit(from, "the version");
      if (is_near) reading_.end = TocEnd::foreign_version;
      return false;
    }
    const bool sizes_fit = is_in(static_cast<std::int64_t>(header().integer_bytes), 4, 8) &&
                           is_in(static_cast<std::int64_t>(header().offset_bytes), 4, 8);
    const bool layout_fits = layout == 1 || layout == 3 || layout == 5;
    if (!sizes_fit || !layout_fits) {
      misfit(from, "the sizes of the header");
      return false;
    }
    header().layout = static_cast<Layout>(layout);
    return true;
  }

  bool read_rest_of_header(FieldReader& fields) {
    const std::uint64_t from = fields.at();
    bool fits = true;
    if (header().minor >= 15) {
      fits = parse_algorithm(fields.read_byte(), header().codec);
    } else {
      const std::int64_t level = fields.read_integer();
      fits = is_in(level, -1, 9);
      if (level != 0) header().codec = SplitCodec::zlib;
    }
    fits = fits && read_time(fields);
    if (has_trouble(fields, "the header")) return false;
    if (!fits) {
      misfit(from, "compression and time of the header");
      return false;
    }
    fields.skip_string();  // the database
    fields.skip_string();  // the server's version
    header().pg_dump_version = fields.read_string(k_kept_name_bytes);
    return !has_trouble(fields, "the header");
  }

  bool read_entry(FieldReader& fields) {
    DataEntry entry{.at = fields.at()};
    entry.id = fields.read_integer();
    const std::int64_t has_data = fields.read_integer();
    if (has_trouble(fields, "an entry")) return false;
    if (entry.id <= 0 || !is_in(has_data, 0, 1)) {
      misfit(entry.at, "an entry");
      return false;
    }
    for (int i = 0; i < 4; ++i) fields.skip_string();  // both numbers, tag, kind
    const std::uint64_t section_at = fields.at();
    const std::int64_t section = fields.read_integer();
    if (has_trouble(fields, "an entry")) return false;
    if (!is_in(section, 1, 4)) {
      misfit(section_at, "the section of an entry");
      return false;
    }
    const int strings = header().minor >= 14 ? 6 : 5;  // definition, drop, copy, schema, tablespace, access method
    for (int i = 0; i < strings; ++i) fields.skip_string();
    if (header().minor >= 16) fields.read_integer();
    fields.skip_string();  // the owner
    fields.skip_string();  // "false"
    if (!read_dependencies(fields)) return false;
    return read_extra(fields, entry, has_data == 1);
  }

  /// Numbers of other entries as text, ended by null.
  bool read_dependencies(FieldReader& fields) {
    constexpr std::size_t k_digits_max = 11;
    while (true) {
      const std::uint64_t from = fields.at();
      const bool is_null = !fields.skip_string();
      if (has_trouble(fields, "an entry")) return false;
      if (is_null) return true;
      const std::uint64_t digits = fields.at() - from - 1 - header().integer_bytes;
      if (!is_in(static_cast<std::int64_t>(digits), 1, k_digits_max)) {
        misfit(from, "a dependency of an entry");
        return false;
      }
      if (input_.may_continue()) continue;
      reading_.end = TocEnd::stopped;
      return false;
    }
  }

  bool read_extra(FieldReader& fields, DataEntry& entry, bool has_data) {
    if (header().layout != Layout::custom) {
      fields.skip_string();
      return !has_trouble(fields, "the file name of an entry");
    }
    enum State : std::uint8_t { not_set = 1, set = 2, no_data = 3 };
    const std::uint64_t from = fields.at();
    const std::uint8_t state = fields.read_byte();
    const std::uint64_t offset = fields.read_little(header().offset_bytes);
    if (has_trouble(fields, "the offset of an entry")) return false;
    if (!is_in(state, State::not_set, State::no_data)) {
      misfit(from, "the offset of an entry");
      return false;
    }
    if (state == State::set) entry.offset = offset;
    if (state == State::set || (state == State::not_set && has_data)) reading_.toc.data.push_back(entry);
    return true;
  }

  WalkInput& input_;
  TocReading reading_;
};

}  // namespace

TocReading read_toc(WalkInput& input) { return TocReader(input).read(); }

std::string name_entry(WalkInput& input, const Toc& toc, const DataEntry& entry) {
  FieldReader fields(input, entry.at, toc.header.integer_bytes);
  fields.read_integer();
  fields.read_integer();
  fields.skip_string();
  fields.skip_string();
  return fmt::format("data of '{}' (entry {})", base::printable(fields.read_string(k_kept_name_bytes)), entry.id);
}

}  // namespace lastgood::formats::pgdump
