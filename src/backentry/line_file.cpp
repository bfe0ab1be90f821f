// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/line_file.h"

#include <fmt/format.h>

namespace lastgood::backentry {

namespace {

constexpr int k_depth_max = 8;

base::Error broken(const std::string& path, std::size_t line) {
  return {.code = base::ErrorCode::damaged_container,
          .what = fmt::format("line {} of '{}' is not one that this program wrote", line, base::printable(path)),
          .path = path,
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "keep the file as it is, and take a copy of the case in which it is whole"};
}

/// Discarded when it is no object or nests too deep.
nlohmann::json parse_object(std::string_view line) {
  if (line.size() > k_line_bytes_max) return nlohmann::json(nlohmann::json::value_t::discarded);
  bool too_deep = false;
  const auto watch = [&](int depth, nlohmann::json::parse_event_t, nlohmann::json&) {
    too_deep = too_deep || depth > k_depth_max;
    return !too_deep;
  };
  nlohmann::json value = nlohmann::json::parse(line, watch, false);
  if (too_deep || !value.is_object()) return nlohmann::json(nlohmann::json::value_t::discarded);
  return value;
}

/// To where it ends now: another process may have added to it since it was opened.
base::Result<std::string> read_all(base::ByteSource& file, const std::string& path) {
  std::string text;
  std::vector<std::uint8_t> piece(std::size_t{1} << 20U);
  while (true) {
    LG_ASSIGN(const std::size_t got, file.read(text.size(), piece));
    if (got == 0) return text;
    text.append(base::ByteView(std::span<const std::uint8_t>(piece)).part(0, got).text());
    if (text.size() <= k_line_file_bytes_max) continue;
    return base::Error{.code = base::ErrorCode::limit_reached,
                       .what = fmt::format("'{}' is larger than this program reads", base::printable(path)),
                       .path = path,
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  }
}

}  // namespace

base::Result<std::vector<nlohmann::json>> parse_lines(std::string_view text, const std::string& path) {
  std::vector<nlohmann::json> out;
  std::size_t number = 0;
  std::size_t torn = 0;  // the number of a line that is no object, until the next one says that it was cut off
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == std::string_view::npos) break;
    ++number;
    nlohmann::json value = parse_object(text.substr(0, end));
    text.remove_prefix(end + 1);
    if (value.is_discarded()) {
      if (torn != 0) return broken(path, torn);
      torn = number;
      continue;
    }
    const bool closes = value.contains("torn");
    if (torn != 0 && !closes) return broken(path, torn);
    torn = 0;
    if (!closes) out.push_back(std::move(value));
  }
  if (torn != 0) return broken(path, torn);
  return out;
}

LineFile::~LineFile() {
  if (file_) file_->unlock();
}

base::Result<LineFile> LineFile::open(const std::string& path) {
  auto opened = os::open_append_file(path, os::OpenAs::existing);
  if (!opened.ok() && opened.error().code == base::ErrorCode::not_found)
    opened = os::open_append_file(path, os::OpenAs::made_new);
  if (!opened.ok()) return std::move(opened).error();
  LineFile file(std::move(opened).value());
  const base::Status locked = file.file_->lock();
  if (!locked.ok()) {
    file.file_.reset();
    return locked.error();
  }
  LG_ASSIGN(const std::string text, read_all(*file.file_, path));
  file.torn_ = !text.empty() && text.back() != '\n';
  LG_ASSIGN(file.lines_, parse_lines(text, path));
  return file;
}

base::Status LineFile::append(const std::vector<nlohmann::ordered_json>& lines) {
  std::string bytes = torn_ ? "\n{\"torn\":true}\n" : "";
  for (const nlohmann::ordered_json& line : lines) {
    const std::string text = line.dump(-1, ' ', false, nlohmann::ordered_json::error_handler_t::replace);
    if (text.size() > k_line_bytes_max) {
      return base::Error{.code = base::ErrorCode::limit_reached,
                         .what = fmt::format("an entry of {} bytes is longer than {}", text.size(), k_line_bytes_max),
                         .path = {},
                         .offset_bytes = {},
                         .system_errno = 0,
                         .hint = "shorten its text"};
    }
    bytes += text + "\n";
    lines_.push_back(nlohmann::json::parse(text, nullptr, false));
  }
  LG_TRY(file_->append(base::ByteView(std::string_view(bytes))));
  LG_TRY(file_->sync());
  torn_ = false;
  return base::Done{};
}

base::Result<std::vector<nlohmann::json>> read_lines(const std::string& path) {
  auto opened = os::open_own_file(path);
  if (!opened.ok()) {
    if (opened.error().code == base::ErrorCode::not_found) return std::vector<nlohmann::json>();
    return std::move(opened).error();
  }
  LG_ASSIGN(const std::string text, read_all(*opened.value(), path));
  return parse_lines(text, path);
}

}  // namespace lastgood::backentry
