// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/joined_logs.h"

#include <algorithm>
#include <array>
#include <map>
#include <mutex>
#include <string>
#include <utility>

#include <fmt/format.h>

#include "base/byte_view.h"
#include "base/error.h"
#include "engines/mariadb/binlog_events.h"
#include "engines/packed_log.h"
#include "engines/postgresql/segment_reach.h"
#include "engines/postgresql/wal_archive.h"

namespace lastgood::engines {

namespace {

constexpr std::string_view k_archive_status = "archive_status";
constexpr std::size_t k_segment_letters = 24;
constexpr std::size_t k_segment_folder_letters = 16;

bool is_hexadecimal(std::string_view text) {
  return text.find_first_not_of("0123456789ABCDEF") == std::string_view::npos;
}

/// "binlog.000123"
bool is_binary_log_name(std::string_view name) {
  constexpr std::size_t k_digits_min = 6;
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos) return false;
  const std::string_view number = name.substr(dot + 1);
  return number.size() >= k_digits_min && number.find_first_not_of("0123456789") == std::string_view::npos;
}

/// As MariaDB and MySQL write them, plain or encrypted by the server itself.
bool begins_as_binary_log(base::ByteSource& source) {
  std::array<std::uint8_t, 4> head{};
  const auto got = source.read(0, head);
  const base::ByteView bytes{std::span<const std::uint8_t>(head)};
  return got.ok() && got.value() == head.size() &&
         (bytes.matches(0,
                        "\xfe"
                        "bin") ||
          bytes.matches(0,
                        "\xfd"
                        "bin"));
}

struct JoinedFile {
  const UnitView* view = nullptr;
  UnitEntry entry;
};
/// One name: the form that looks best, and what others there are.
struct JoinedName {
  JoinedFile file;
  std::vector<JoinedFile> others;  // until somebody opens it
};
using JoinedFolder = std::map<std::string, JoinedName, std::less<>>;

bool begins_well(const JoinedFile& file, const std::string& path) {
  const auto source = file.view->open(path);
  if (!source.ok()) return false;
  if (postgresql::is_segment_name(file.entry.name)) return postgresql::is_segment(*source.value(), file.entry.name);
  return !is_binary_log_name(file.entry.name) || begins_as_binary_log(*source.value());
}

bool is_better(const JoinedFile& file, const JoinedFile& than, const std::string& path) {
  const bool is_well = begins_well(file, path);
  const bool was_well = begins_well(than, path);
  if (is_well != was_well) return is_well;
  return is_well && file.entry.size_bytes > than.entry.size_bytes;
}

bool are_same(const JoinedFile& one, const JoinedFile& other, const std::string& path) {
  if (one.entry.size_bytes != other.entry.size_bytes) return false;
  constexpr std::size_t k_read_bytes = std::size_t{1} << 20;
  const auto left = one.view->open(path);
  const auto right = other.view->open(path);
  if (!left.ok() || !right.ok()) return false;
  std::vector<std::uint8_t> of_left(k_read_bytes);
  std::vector<std::uint8_t> of_right(k_read_bytes);
  for (std::uint64_t at = 0; at < one.entry.size_bytes; at += k_read_bytes) {
    const auto got_left = left.value()->read(at, of_left);
    const auto got_right = right.value()->read(at, of_right);
    if (!got_left.ok() || !got_right.ok() || got_left.value() != got_right.value()) return false;
    if (!std::equal(of_left.begin(), of_left.begin() + static_cast<std::ptrdiff_t>(got_left.value()), of_right.begin()))
      return false;
  }
  return true;
}

/// How far what is in it can be followed.
std::uint64_t measure_reach(const JoinedFile& file, const std::string& path) {
  if (postgresql::is_segment_name(file.entry.name))
    return postgresql::measure_segment_reach(*file.view, path, file.entry.name);
  const auto source = file.view->open(path);
  const auto walk = source.ok() && is_binary_log_name(file.entry.name)
                        ? mariadb::walk_binlog(*source.value(), [](const mariadb::BinlogEvent& /*event*/) {})
                        : base::Result<mariadb::BinlogWalk>(mariadb::BinlogWalk());
  return walk.ok() ? walk.value().whole_bytes : 0;
}

base::Error nothing_there(std::string_view path) {
  return {
      .code = base::ErrorCode::not_found, .what = "it is in none of these folders of logs", .path = std::string(path)};
}

class JoinedLogFolders final : public UnitView {
 public:
  base::Status add(const UnitView& view) {
    LG_ASSIGN(const std::vector<UnitEntry> entries, view.list({}));
    const bool is_servers_own = std::any_of(entries.begin(), entries.end(), [](const UnitEntry& entry) {
      return entry.kind == model::EntryKind::folder && entry.name == k_archive_status;
    });
    for (const UnitEntry& entry : entries) {
      const bool is_folder = entry.kind == model::EntryKind::folder;
      if (is_servers_own && (is_folder || is_unused(view, entry))) continue;
      add_entry(view, {}, entry);
      const bool is_of_segments =
          is_folder && entry.name.size() == k_segment_folder_letters && is_hexadecimal(entry.name);
      const auto inside =
          is_of_segments ? view.list(entry.name) : base::Result<std::vector<UnitEntry>>(std::vector<UnitEntry>());
      for (const UnitEntry& one : inside.ok() ? inside.value() : std::vector<UnitEntry>())
        add_entry(view, entry.name, one);
    }
    return base::Done{};
  }

  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override {
    const std::unique_lock turn(mutex_);
    const auto at = folders_.find(folder);
    if (at == folders_.end() && !folder.empty()) return nothing_there(folder);
    std::vector<UnitEntry> out;
    if (at == folders_.end()) return out;
    for (const auto& [name, joined] : at->second) out.push_back(joined.file.entry);
    return out;
  }

  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view path) const override {
    const std::size_t slash = path.find('/');
    const auto folder = folders_.find(slash == std::string_view::npos ? std::string_view() : path.substr(0, slash));
    if (folder == folders_.end()) return nothing_there(path);
    const auto file = folder->second.find(slash == std::string_view::npos ? path : path.substr(slash + 1));
    if (file == folder->second.end()) return nothing_there(path);
    const std::unique_lock turn(mutex_);
    settle(file->second, std::string(path));
    return file->second.file.view->open(path);
  }

 private:
  /// Of forms that differ the one that can be followed furthest: an attack may have struck any of them within.
  static void settle(JoinedName& name, const std::string& path) {
    std::erase_if(name.others, [&](const JoinedFile& other) { return are_same(name.file, other, path); });
    if (name.others.empty()) return;
    std::uint64_t best = measure_reach(name.file, path);
    for (JoinedFile& other : name.others) {
      const std::uint64_t reach = measure_reach(other, path);
      if (reach <= best) continue;
      best = reach;
      name.file = std::move(other);
    }
    name.others.clear();
  }

  static bool is_unused(const UnitView& view, const UnitEntry& entry) {
    if (entry.kind != model::EntryKind::regular || !postgresql::is_segment_name(entry.name)) return false;
    const auto source = view.open(entry.name);
    return source.ok() && postgresql::look_at_segment(*source.value(), entry.name) == postgresql::SegmentStart::unused;
  }

  void add_entry(const UnitView& view, const std::string& folder, const UnitEntry& entry) {
    JoinedFile file{.view = &view, .entry = entry};
    const auto [at, is_new] = folders_[folder].try_emplace(entry.name, JoinedName{.file = file, .others = {}});
    JoinedName& joined = at->second;
    if (is_new || entry.kind != model::EntryKind::regular || joined.file.entry.kind != model::EntryKind::regular)
      return;
    const std::string path = folder.empty() ? entry.name : fmt::format("{}/{}", folder, entry.name);
    if (is_better(file, joined.file, path)) std::swap(file, joined.file);
    joined.others.push_back(std::move(file));
  }

  mutable std::mutex mutex_;
  mutable std::map<std::string, JoinedFolder, std::less<>> folders_;  // "" and the folders of segments in it
};

}  // namespace

base::Result<std::unique_ptr<UnitView>> join_log_folders(const std::vector<const UnitView*>& folders) {
  auto joined = std::make_unique<JoinedLogFolders>();
  for (const UnitView* const folder : folders) LG_TRY(joined->add(*folder));
  return std::unique_ptr<UnitView>(std::move(joined));
}

std::string find_last_log(const UnitView& folder) {
  const auto entries = folder.list({});
  std::vector<UnitEntry> logs;
  for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>()) {
    const std::string_view name = without_packing(entry.name);
    const bool is_log = postgresql::is_segment_name(name) || is_binary_log_name(name);
    if (entry.kind == model::EntryKind::regular && is_log) logs.push_back(entry);
  }
  std::sort(logs.begin(), logs.end(), [](const UnitEntry& a, const UnitEntry& b) { return a.name > b.name; });
  for (const UnitEntry& log : logs) {
    const std::string_view name = without_packing(log.name);
    if (name != log.name || begins_well({.view = &folder, .entry = log}, log.name)) return std::string(name);
  }
  return {};
}

bool has_log_names(const UnitView& folder) {
  const auto entries = folder.list({});
  return entries.ok() && std::any_of(entries.value().begin(), entries.value().end(), [](const UnitEntry& entry) {
           if (entry.kind == model::EntryKind::folder)
             return entry.name.size() == k_segment_folder_letters && is_hexadecimal(entry.name);
           const std::string_view name = without_packing(entry.name);
           return is_binary_log_name(name) || postgresql::is_segment_name(name.substr(0, k_segment_letters));
         });
}

std::uint64_t count_log_bytes(const UnitView& folder) {
  constexpr std::uint64_t k_log_bytes_max = std::uint64_t{1} << 30U;  // max_binlog_size, --wal-segsize
  std::uint64_t bytes = 0;
  const auto count = [&](const std::vector<UnitEntry>& entries) {
    for (const UnitEntry& entry : entries) {
      if (entry.kind != model::EntryKind::regular) continue;
      const bool is_packed = without_packing(entry.name) != entry.name;
      const std::uint64_t most = is_packed ? std::max(entry.size_bytes, k_log_bytes_max) : entry.size_bytes;
      bytes += std::min(most, UINT64_MAX - bytes);
    }
  };
  const auto entries = folder.list({});
  if (!entries.ok()) return 0;
  count(entries.value());
  for (const UnitEntry& entry : entries.value()) {
    if (entry.kind != model::EntryKind::folder) continue;
    const auto inside = folder.list(entry.name);
    if (inside.ok()) count(inside.value());
  }
  return bytes;
}

}  // namespace lastgood::engines
