// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "os/append_file.h"
#include "os/paths.h"
#include "services/services_file.h"

namespace lastgood::services {

namespace {

constexpr std::size_t k_file_bytes_max = std::size_t{1} << 20U;
constexpr std::size_t k_mistakes_said = 10;

}  // namespace

std::string_view name_of(DataKind kind) {
  switch (kind) {
    case DataKind::postgresql: return "postgresql";
    case DataKind::mariadb: return "mariadb";
    case DataKind::sqlite: return "sqlite";
    case DataKind::orthanc: return "orthanc";
    case DataKind::maildir: return "maildir";
    case DataKind::files: return "files";
  }
  return "files";
}

void follow_links_of_data(ServicesFile& file) {
  for (std::vector<Service>* const services : {&file.services, &file.left_out}) {
    for (Service& service : *services) {
      for (DataUnit& data : service.data) {
        std::string end = data.path.empty() ? std::string() : os::follow_links(data.path);
        if (end == data.path || end == "/") continue;
        data.link = std::exchange(data.path, std::move(end));
      }
    }
  }
}

std::vector<std::string> describe_links_of_data(const ServicesFile& file) {
  std::vector<std::string> out;
  for (const Service& service : file.services) {
    for (const DataUnit& data : service.data) {
      if (data.link.empty()) continue;
      std::string sentence =
          fmt::format("'{}' is a link, or lies behind one: its data are at '{}'", data.link, data.path);
      if (!os::absolute_path(data.path).ok()) sentence += ", where nothing is now";
      if (std::find(out.begin(), out.end(), sentence) == out.end()) out.push_back(std::move(sentence));
    }
  }
  return out;
}

base::Result<ServicesFile> read_services(const std::string& path) {
  LG_ASSIGN(const std::string text, os::read_own_file(path, k_file_bytes_max));
  ReadServices read = parse_services(text, path);
  follow_links_of_data(read.file);
  if (read.mistakes.empty() || !read.file.services.empty()) return std::move(read.file);
  std::string hint;
  for (std::size_t i = 0; i < std::min(read.mistakes.size(), k_mistakes_said); ++i) {
    if (i > 0) hint += "\n  ";
    hint += read.mistakes[i].sentence;
  }
  if (read.mistakes.size() > k_mistakes_said)
    hint +=
        fmt::format("\n  ... and {} more: lastgood services check shows all", read.mistakes.size() - k_mistakes_said);
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = fmt::format("the services file '{}' has {} mistake{}", path, read.mistakes.size(),
                                         read.mistakes.size() == 1 ? "" : "s"),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = std::move(hint)};
}

}  // namespace lastgood::services
