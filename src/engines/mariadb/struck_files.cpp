// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/struck_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "engines/mariadb/data_copy.h"
#include "engines/mariadb/data_folder.h"

namespace lastgood::engines::mariadb {

namespace {

using base::ByteView;

/// The first sentence that speaks against what was checked; empty: none does.
std::string first_complaint(UnitCheck& check) {
  for (const UnitFinding& finding : check.finish().findings) {
    if (finding.finding.weight == model::Weight::contradicts) return finding.finding.sentence;
  }
  return "could not be read";
}

base::Error broken_for_all(std::string_view path, const std::string& why) {
  return {.code = base::ErrorCode::damaged_source,
          .what = fmt::format("no table can be trusted: {}: {}", base::printable(path), why),
          .path = std::string(path),
          .hint = "every table needs this file: ask an older copy"};
}

/// The tablespace with this number; empty: none says that it is.
std::string find_tablespace(const UnitView& view, const std::string& folder, std::uint32_t space) {
  UnitCheck listing(view, folder, model::Depth::quick);
  for (const Member& member : listing.take_members(listing.home())) {
    if (!is_tablespace(member.path) || member.path.find('/') == std::string::npos) continue;
    const auto source = view.open(join(folder, member.path));
    std::array<std::uint8_t, 64> head{};
    if (!source.ok()) continue;
    const auto got = source.value()->read(0, head);
    if (got.ok() && got.value() == head.size() && ByteView(std::span<const std::uint8_t>(head)).be32(34) == space)
      return member.path;
  }
  return {};
}

/// "lis/p.ibd" of "... in file ./lis/p.ibd" and of "... tablespace file for lis/p."; empty: no table's file is named.
std::string named_path(std::string_view line) {
  constexpr std::string_view k_ending = ".ibd";
  constexpr std::string_view k_not_found = "valid tablespace file for ";
  const std::size_t begin = line.find("./");
  const std::size_t end = begin == std::string_view::npos ? begin : line.find(k_ending, begin);
  if (end != std::string_view::npos) return std::string(line.substr(begin + 2, end + k_ending.size() - begin - 2));
  const std::size_t key = line.find(k_not_found);
  if (key == std::string_view::npos) return {};
  std::string_view name = line.substr(key + k_not_found.size());
  if (name.starts_with('`')) name.remove_prefix(1);
  name = name.substr(0, name.find_first_of(". `"));
  return name.find('/') == std::string_view::npos ? std::string() : std::string(name) + std::string(k_ending);
}

/// That a file is not there, without saying which: the line behind it does.
bool is_about_absence(std::string_view line) {
  using namespace std::string_view_literals;
  constexpr std::array k_words = {"error number 2 in a file operation"sv, "Error number 2 means"sv,
                                  "cannot find the path specified"sv};
  return std::any_of(k_words.begin(), k_words.end(),
                     [&](std::string_view words) { return line.find(words) != std::string_view::npos; });
}

std::optional<std::uint32_t> named_space(std::string_view line) {
  constexpr std::string_view k_key = "should be [page id: space=";
  constexpr std::string_view k_other = "[page id: space=";
  std::size_t at = line.find(k_key);
  at = at == std::string_view::npos ? line.find(k_other) : at + k_key.size() - k_other.size();
  if (at == std::string_view::npos) return std::nullopt;
  at += k_other.size();
  std::uint32_t space = 0;
  const auto read = std::from_chars(line.data() + at, line.data() + line.size(), space);
  return read.ec == std::errc{} && space != 0 ? std::optional(space) : std::nullopt;
}

/// What the server complained about, one line each.
std::vector<std::string_view> error_lines(std::string_view words) {
  std::vector<std::string_view> lines;
  while (!words.empty()) {
    const std::size_t end = std::min(words.find('\n'), words.size());
    const std::string_view line = words.substr(0, end);
    if (line.find("[ERROR]") != std::string_view::npos) lines.push_back(line);
    words.remove_prefix(std::min(end + 1, words.size()));
  }
  return lines;
}

std::string after_mark(std::string_view line) {
  constexpr std::string_view k_mark = "[ERROR] ";
  const std::size_t at = line.find(k_mark);
  return base::printable(at == std::string_view::npos ? line : line.substr(at + k_mark.size()));
}

/// The file that a line is about; empty: it names none.
std::string file_of_line(const UnitView& view, const std::string& folder, std::string_view line) {
  const std::optional<std::uint32_t> space = named_space(line);
  std::string path = named_path(line);
  return path.empty() && space ? find_tablespace(view, folder, *space) : path;
}

}  // namespace

base::Result<FencedFiles> find_struck_tablespaces(const UnitView& view, const std::string& folder) {
  UnitCheck whole(view, folder, model::Depth::full);
  DataFolder data;
  read_data_folder(whole, data);
  if (!whole.is_good()) {
    for (const UnitFinding& finding : whole.finish().findings) {
      if (finding.finding.weight == model::Weight::contradicts)
        return broken_for_all(finding.path, finding.finding.sentence);
    }
  }
  if (const auto log = view.open(join(folder, "ib_logfile0")); log.ok()) {
    LG_ASSIGN(const std::string lost, find_lost_end(*log.value(), data.log));
    if (!lost.empty()) return broken_for_all(join(folder, "ib_logfile0"), lost);
  }
  if (data.backup.state == BackupMark::State::incremental)
    return broken_for_all(join(folder, "xtrabackup_checkpoints"), "this is an incremental backup");
  FencedFiles struck;
  for (const Member& member : data.members) {
    if (member.kind != model::EntryKind::regular || !is_tablespace(member.path) || !is_data(member.path)) continue;
    UnitCheck one(view, folder, model::Depth::full);
    check_tablespace_file(one, data, member);
    if (one.is_good()) continue;
    const std::string why = first_complaint(one);
    if (member.path.find('/') == std::string::npos) return broken_for_all(join(folder, member.path), why);
    struck.emplace(member.path, why);
  }
  return struck;
}

FencedFiles find_named_files(const UnitView& view, const std::string& folder, std::string_view words) {
  FencedFiles named;
  for (const std::string_view line : error_lines(words)) {
    const std::string path = file_of_line(view, folder, line);
    if (!path.empty()) named.emplace(path, after_mark(line));
  }
  return named;
}

std::string find_other_error(const UnitView& view, const std::string& folder, std::string_view words,
                             const FencedFiles& fenced) {
  for (const std::string_view line : error_lines(words)) {
    if (!is_about_absence(line) && !fenced.contains(file_of_line(view, folder, line))) return after_mark(line);
  }
  return {};
}

std::string find_foreign_block(const UnitView& view, const std::string& path) {
  constexpr std::uint64_t k_read_bytes = 1U << 20U;
  constexpr std::uint64_t k_block_bytes = 4096;
  constexpr std::uint64_t k_piece_bytes = 1024;
  const auto source = view.open(path);
  if (!source.ok()) return source.error().what;
  std::vector<std::uint8_t> buffer(static_cast<std::size_t>(k_read_bytes));
  for (std::uint64_t at = 0; at < source.value()->size_bytes();) {
    const auto got = source.value()->read(at, buffer);
    if (!got.ok()) return got.error().what;
    if (got.value() == 0) return fmt::format("ends at byte {}", at);
    const ByteView bytes(std::span<const std::uint8_t>(buffer.data(), got.value()));
    for (std::uint64_t block = 0; block < bytes.size(); block += k_block_bytes) {
      if (bytes.has(block, k_block_bytes) && is_zero(bytes.part(block, k_block_bytes)))
        return fmt::format("zeros at byte {}", at + block);
    }
    for (std::uint64_t piece = 0; piece < bytes.size(); piece += k_piece_bytes) {
      const ByteView part = bytes.part(piece, std::min(k_piece_bytes, bytes.size() - piece));
      if (looks_random(part)) return fmt::format("random bytes at byte {}", at + piece);
    }
    at += got.value();
  }
  return {};
}

std::string shown_table(std::string_view path) {
  std::string name = base::printable(table_of(path));
  const std::size_t slash = name.find('/');
  if (slash != std::string::npos) name[slash] = '.';
  return name;
}

}  // namespace lastgood::engines::mariadb
