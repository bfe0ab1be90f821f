// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/segment_store.h"

#include <algorithm>
#include <charconv>

#include "os/directory_list.h"

namespace lastgood::sources::borg {

using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;

namespace {

constexpr std::size_t k_segments_max = 50'000'000;

std::optional<std::uint32_t> parse_number(std::string_view text) {
  std::uint32_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const bool plain = !text.empty() && (text.size() == 1 || text[0] != '0');
  if (!plain || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

Result<SegmentStore> SegmentStore::open(const std::string& location) {
  Result<os::Descriptor> root = os::open_evidence_root(location);
  if (!root) {
    Error error = std::move(root).error();
    if (error.hint.empty()) error.hint = "name the folder in which borg made its repository";
    return error;
  }
  SegmentStore store(std::move(root).value(), location);
  LG_TRY(store.list_root());
  if (!store.has_folder("data")) {
    return Error{.code = ErrorCode::not_found,
                 .what = "no borg repository in '" + base::printable(location) + "': there is no folder 'data'",
                 .path = location,
                 .hint = "name the folder that holds 'config' and 'data'"};
  }
  LG_TRY(store.list_data());
  return store;
}

bool SegmentStore::has_folder(const std::string& name) const {
  return std::find(folders_.begin(), folders_.end(), name) != folders_.end();
}

Status SegmentStore::list_root() {
  return os::list_directory(root_, location_, [this](std::string_view name, std::optional<os::FileKind> kind) {
    if (name == "data" || name == "config") {
      if (!kind) {
        const Result<os::FileStatus> status = os::status_at(root_, std::string(name), location_);
        if (status) kind = status.value().kind;
      }
      if (kind == os::FileKind::directory) folders_.emplace_back(name);
    }
    if (name.starts_with("index.")) {
      const std::optional<std::uint32_t> number = parse_number(name.substr(6));
      if (number && (!index_number_ || *number > *index_number_)) index_number_ = number;
    }
    return true;
  });
}

Status SegmentStore::list_data() {
  LG_ASSIGN(const os::Descriptor data, os::open_evidence_directory(root_, "data"));
  std::vector<std::uint32_t> folders;
  LG_TRY(os::list_directory(data, location_ + "/data", [&](std::string_view name, std::optional<os::FileKind>) {
    if (const std::optional<std::uint32_t> number = parse_number(name)) {
      folders.push_back(*number);
    } else if (strangers_++ == 0) {
      first_stranger_ = "data/" + std::string(name);
    }
    return true;
  }));
  std::sort(folders.begin(), folders.end());
  for (const std::uint32_t folder : folders) {
    const Status listed = list_segments(folder);
    if (listed.ok()) continue;
    findings_.push_back(
        {.rule = "borg.segment.folder", .sentence = listed.error().what, .weight = model::Weight::contradicts});
  }
  std::stable_sort(segments_.begin(), segments_.end(),
                   [](const SegmentFile& a, const SegmentFile& b) { return a.number < b.number; });
  const auto twice = std::unique(segments_.begin(), segments_.end(),
                                 [](const SegmentFile& a, const SegmentFile& b) { return a.number == b.number; });
  if (twice != segments_.end()) {
    findings_.push_back({.rule = "borg.segment.twice",
                         .sentence = std::to_string(segments_.end() - twice) + " segments stand in two folders",
                         .weight = model::Weight::contradicts});
    segments_.erase(twice, segments_.end());
  }
  if (strangers_ > 0) {
    findings_.push_back({.rule = "borg.segment.name",
                         .sentence = std::to_string(strangers_) +
                                     " names below 'data' are no segments of borg, first '" +
                                     base::printable(first_stranger_) + "'",
                         .weight = model::Weight::contradicts});
  }
  return base::Done{};
}

Status SegmentStore::list_segments(std::uint32_t folder) {
  const std::string relative = "data/" + std::to_string(folder);
  LG_ASSIGN(const os::Descriptor directory, os::open_evidence_directory(root_, relative));
  bool too_many = false;
  LG_TRY(os::list_directory(
      directory, location_ + "/" + relative, [&](std::string_view name, std::optional<os::FileKind>) {
        const std::optional<std::uint32_t> number = parse_number(name);
        const Result<os::FileStatus> status = os::status_at(directory, std::string(name), relative);
        if (!number || !status || status.value().kind != os::FileKind::regular) {
          if (strangers_++ == 0) first_stranger_ = relative + "/" + std::string(name);
          return true;
        }
        too_many = segments_.size() == k_segments_max;
        if (status.value().size_bytes > 0 && !too_many) {
          segments_.push_back({.number = *number,
                               .folder = folder,
                               .size_bytes = status.value().size_bytes,
                               .mtime_ns = status.value().mtime_ns});
        }
        return !too_many;
      }));
  if (too_many) {
    return Error{.code = ErrorCode::limit_reached, .what = "more than " + std::to_string(k_segments_max) + " segments"};
  }
  return base::Done{};
}

const SegmentFile* SegmentStore::find(std::uint32_t number) const {
  const auto found = std::lower_bound(segments_.begin(), segments_.end(), number,
                                      [](const SegmentFile& segment, std::uint32_t n) { return segment.number < n; });
  return found != segments_.end() && found->number == number ? &*found : nullptr;
}

Result<os::EvidenceFile> SegmentStore::open_segment(std::uint32_t number) const {
  const SegmentFile* const segment = find(number);
  if (segment == nullptr) {
    return Error{.code = ErrorCode::damaged_source,
                 .what = "segment " + std::to_string(number) + " is missing in '" + base::printable(location_) + "'",
                 .path = location_};
  }
  const std::string relative = "data/" + std::to_string(segment->folder);
  LG_ASSIGN(const os::Descriptor directory, os::open_evidence_directory(root_, relative));
  const std::string name = std::to_string(number);
  return os::open_evidence_file(directory, name, location_ + "/" + relative + "/" + name);
}

Result<os::EvidenceFile> SegmentStore::open_file(const std::string& name) const {
  return os::open_evidence_file(root_, name, location_ + "/" + name);
}

Result<std::string> SegmentStore::read_file(const std::string& name, std::size_t bytes_max) const {
  LG_ASSIGN(os::EvidenceFile file, open_file(name));
  if (file.size_bytes() > bytes_max) {
    return Error{.code = ErrorCode::limit_reached,
                 .what = "'" + base::printable(name) + "' has " + std::to_string(file.size_bytes()) +
                         " bytes, at most " + std::to_string(bytes_max) + " are read",
                 .path = location_};
  }
  std::vector<std::uint8_t> bytes(static_cast<std::size_t>(file.size_bytes()));
  LG_ASSIGN(const std::size_t got, file.read(0, bytes));
  return std::string(base::ByteView(bytes).part(0, got).text());
}

}  // namespace lastgood::sources::borg
