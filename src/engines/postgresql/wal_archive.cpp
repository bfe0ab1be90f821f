// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Names and page headers: access/xlog_internal.h.
#include "engines/postgresql/wal_archive.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/byte_view.h"
#include "base/counted.h"
#include "base/error.h"
#include "engines/packed_log.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_archived_name_letters = 24;
constexpr std::size_t k_history_bytes_max = std::size_t{1} << 20U;
constexpr std::uint64_t k_archived_bytes_max = std::uint64_t{1} << 30U;

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
}

/// The segment or history that a name stands for; empty for others. Archives add the ending of a compressor, pgBackRest
/// a digest before it.
std::string archived_name(std::string_view name) {
  constexpr std::size_t k_digest_letters = 40;
  name = without_packing(name);
  if (name.size() == k_archived_name_letters + 1 + k_digest_letters && name[k_archived_name_letters] == '-')
    name = name.substr(0, k_archived_name_letters);
  if (name.ends_with(".partial")) name = without_packing(name.substr(0, name.size() - 8));
  if (is_segment_name(name)) return std::string(name);
  if (name.size() == 16 && name.ends_with(".history") && is_hexadecimal(name.substr(0, 8))) return std::string(name);
  return {};
}

}  // namespace

base::Result<std::vector<ArchivedFile>> list_archive(const UnitView& archive, std::size_t& others) {
  constexpr std::size_t k_folder_letters = 16;
  std::vector<ArchivedFile> files;
  const auto add = [&](const std::vector<UnitEntry>& entries, const std::string& folder) {
    for (const UnitEntry& entry : entries) {
      std::string name = archived_name(entry.name);
      if (!name.empty() && entry.kind == model::EntryKind::regular)
        files.push_back({.path = folder + entry.name, .name = std::move(name)});
      else if (entry.kind != model::EntryKind::folder && !without_packing(entry.name).ends_with(".backup"))
        ++others;
    }
  };
  LG_ASSIGN(const std::vector<UnitEntry> entries, archive.list({}));
  add(entries, {});
  for (const UnitEntry& entry : entries) {
    if (entry.kind != model::EntryKind::folder) continue;
    const bool is_of_log = entry.name.size() == k_folder_letters && is_hexadecimal(entry.name);
    const auto inside =
        is_of_log ? archive.list(entry.name) : base::Result<std::vector<UnitEntry>>(std::vector<UnitEntry>());
    if (inside.ok()) add(inside.value(), entry.name + "/");
    if (!is_of_log || !inside.ok()) ++others;
  }
  std::sort(files.begin(), files.end(), [](const ArchivedFile& a, const ArchivedFile& b) {
    const bool a_partial = a.path.find(".partial") != std::string::npos;
    const bool b_partial = b.path.find(".partial") != std::string::npos;
    return a_partial != b_partial ? a_partial : a.path < b.path;
  });
  return files;
}

bool is_segment_name(std::string_view name) { return name.size() == k_archived_name_letters && is_hexadecimal(name); }

SegmentStart look_at_segment(base::ByteSource& source, std::string_view name) {
  std::array<std::uint8_t, 40> head{};
  const auto got = source.read(0, head);
  if (!got.ok() || got.value() < head.size()) return SegmentStart::other;
  if (std::all_of(head.begin(), head.end(), [](std::uint8_t byte) { return byte == 0; })) return SegmentStart::unused;
  const base::ByteView bytes{std::span<const std::uint8_t>(head)};
  const bool has_magic = bytes.u8(1) == 0xD0 || bytes.u8(1) == 0xD1;
  const std::uint32_t segment_bytes = bytes.le32(32);
  if (!has_magic || segment_bytes < (1U << 20U) || segment_bytes > k_archived_bytes_max) return SegmentStart::other;
  const std::uint64_t high = std::stoull(std::string(name.substr(8, 8)), nullptr, 16);
  const std::uint64_t low = std::stoull(std::string(name.substr(16, 8)), nullptr, 16);
  const std::uint64_t place = (high << 32U) + low * segment_bytes;
  if (bytes.le64(8) == place) return SegmentStart::segment;
  return bytes.le64(8) < place ? SegmentStart::unused : SegmentStart::other;
}

bool is_segment(base::ByteSource& source, std::string_view name) {
  return look_at_segment(source, name) == SegmentStart::segment;
}

namespace {

/// Which cluster wrote a segment: each first page says it.
std::uint64_t system_of(base::ByteSource& segment) {
  std::array<std::uint8_t, 32> head{};
  const auto got = segment.read(0, head);
  return got.ok() && got.value() == head.size() ? base::ByteView(std::span<const std::uint8_t>(head)).le64(24) : 0;
}

/// Segments of another server, which fit no copy of this one, whatever their names.
struct Strangers {
  std::size_t own = 0;
  std::size_t count = 0;
  std::uint64_t system_id = 0;
  std::string first;

  void add(const std::string& path, std::uint64_t id) {
    if (count++ > 0) return;
    first = path;
    system_id = id;
  }
  [[nodiscard]] std::string describe(std::uint64_t wanted) const {
    return fmt::format("{} of another server (system identifier {}, this copy's is {}), first '{}'",
                       base::counted(count, "log file"), system_id, wanted, base::printable(first));
  }
};

base::Status say_strangers(const Strangers& strangers, std::uint64_t system_id, ScratchStart& start) {
  if (strangers.count == 0) return base::Done{};
  if (strangers.own > 0) {
    start.left_out.push_back(strangers.describe(system_id));
    return base::Done{};
  }
  return base::Error{.code = base::ErrorCode::damaged_source,
                     .what = "these logs cannot bring this copy forward: " + strangers.describe(system_id),
                     .path = strangers.first,
                     .hint = "give the archive of the server that this copy is of"};
}

/// Of a log that is no good: an Error where it was there when its folder was listed, and is another one or gone now.
base::Status check_still_there(const base::Result<OpenedLog>& opened) {
  std::array<std::uint8_t, 1> first{};
  const auto begin = opened.ok() ? opened.value().bytes->read(0, first) : base::Result<std::size_t>(opened.error());
  const bool is_gone =
      !begin.ok() && (was_changed_meanwhile(begin.error()) || begin.error().code == base::ErrorCode::not_found);
  return is_gone ? base::Status(written_meanwhile(begin.error())) : base::Status(base::Done{});
}

/// As far as it can be read, but a history whole or not at all: why that is not all; empty: it is.
base::Result<std::string> put_log(OpenedLog log, const ArchivedFile& file, os::ScratchTree& data) {
  const std::string place = "pg_wal/" + file.name;
  LG_TRY(data.remove(place));
  const base::Status whole = data.write_file(place, *log.bytes);
  if (whole.ok()) return std::move(log.broken);
  if (whole.error().code == base::ErrorCode::no_space) return whole.error();
  if (was_changed_meanwhile(whole.error())) return written_meanwhile(whole.error());
  LG_ASSIGN(const OpenedLog front, readable_front(std::move(log)));
  if (file.name.ends_with(".history")) return front.broken;
  LG_TRY(data.write_file(place, *front.bytes));
  return front.broken;
}

}  // namespace

base::Status put_archive(const UnitView& archive, std::uint64_t system_id, const std::string& spill_folder,
                         os::ScratchTree& data, ScratchStart& start) {
  std::size_t others = 0;
  Strangers strangers;
  LG_ASSIGN(const std::vector<ArchivedFile> files, list_archive(archive, others));
  for (const ArchivedFile& file : files) {
    const auto leave_out = [&](std::string_view why) {
      start.left_out.push_back(fmt::format("log {}: {}", base::printable(file.path), why));
    };
    const bool is_history = file.name.ends_with(".history");
    auto source = archive.open(file.path);
    auto opened = source.ok() ? open_packed_log(std::move(source).value(), spill_folder,
                                                is_history ? k_history_bytes_max : k_archived_bytes_max)
                              : base::Result<OpenedLog>(source.error());
    if (!opened.ok() && opened.error().code == base::ErrorCode::no_space) return opened.error();
    base::ByteSource* const bytes = opened.ok() ? opened.value().bytes.get() : nullptr;
    const bool is_good =
        bytes != nullptr && (is_history ? bytes->size_bytes() <= k_history_bytes_max : is_segment(*bytes, file.name));
    if (!is_good) {
      LG_TRY(check_still_there(opened));
      leave_out(opened.ok() ? "not readable as a segment of the write-ahead log" : opened.error().what);
      continue;
    }
    if (!is_history && system_id != 0 && system_of(*bytes) != system_id) {
      strangers.add(file.path, system_of(*bytes));
      continue;
    }
    strangers.own += is_history ? 0U : 1U;
    LG_ASSIGN(const std::string broken, put_log(std::move(opened).value(), file, data));
    if (!broken.empty()) leave_out(broken + "; what stands before that is used");
  }
  if (others > 0)
    start.left_out.push_back(
        fmt::format("{} files among the logs that are none of PostgreSQL's by their names", others));
  return say_strangers(strangers, system_id, start);
}

}  // namespace lastgood::engines::postgresql
