// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/open_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <numeric>
#include <utility>

#include "base/letters.h"
#include "os/paths.h"
#include "sources/borg/open_borg.h"
#include "sources/folder/open_folder.h"
#include "sources/restic/open_restic.h"
#include "sources/tar/open_tar.h"

namespace lastgood::sources {

namespace {

using base::lower;

constexpr std::string_view k_rest_prefix = "rest:";
constexpr std::string_view k_examples =
    "folder:PATH, restic:PATH, restic:rest:http://HOST:PORT/PATH, borg:PATH, tar:PATH";

using Opener = base::Result<std::unique_ptr<Source>> (*)(const std::string& location, const SourceSecrets& secrets,
                                                         const OpenOptions& options);

base::Error refused(base::ErrorCode code, std::string what, std::string_view object, std::string hint) {
  return base::Error{.code = code,
                     .what = std::move(what),
                     .path = std::string(object),
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = std::move(hint)};
}

/// One line per kind of source.
struct KindRow {
  SourceKind kind;
  std::string_view name;
  Opener open;
};
constexpr std::array<KindRow, 4> k_kinds = {{
    {SourceKind::folder, "folder", folder::open_folder},
    {SourceKind::restic, "restic", restic::open_restic},
    {SourceKind::borg, "borg", borg::open_borg},
    {SourceKind::tar, "tar", tar::open_tar},
}};

const KindRow& row_of(SourceKind kind) {
  return *std::find_if(k_kinds.begin(), k_kinds.end(), [kind](const KindRow& row) { return row.kind == kind; });
}

/// Letters to change, add or drop to get from one word to the other (Levenshtein).
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> row(b.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 0; i < a.size(); ++i) {
    std::size_t diagonal = std::exchange(row[0], i + 1);
    for (std::size_t j = 0; j < b.size(); ++j) {
      const std::size_t replaced = diagonal + (a[i] == b[j] ? 0 : 1);
      diagonal = std::exchange(row[j + 1], std::min({row[j] + 1, row[j + 1] + 1, replaced}));
    }
  }
  return row.back();
}

/// What the person may have meant.
std::string hint_for(std::string_view url) {
  const std::size_t colon = url.find(':');
  const std::string_view prefix = url.substr(0, colon);
  if (url.starts_with("http://") || url.starts_with("https://")) return fmt::format("did you mean restic:rest:{}", url);
  if (url.starts_with(k_rest_prefix)) return fmt::format("did you mean restic:{}", url);
  if (url.starts_with("ssh://") || url.starts_with("sftp:")) {
    return "mount the backup server's folder here, or run lastgood there";
  }
  if (colon != std::string_view::npos && prefix.find('/') == std::string_view::npos && prefix.size() <= 12) {
    for (const KindRow& row : k_kinds) {
      if (distance(lower(prefix), row.name) <= 2)
        return fmt::format("did you mean {}:{}", row.name, url.substr(colon + 1));
    }
  }
  if (url.starts_with('/') || url.starts_with('.') || colon == std::string_view::npos) {
    const bool is_tar = url.find(".tar") != std::string_view::npos || url.ends_with(".tgz");
    return fmt::format("did you mean {}:{}", is_tar ? "tar" : "folder", url.empty() ? "PATH" : url);
  }
  return fmt::format("give one of {}", k_examples);
}

/// An absolute path. Of a thing that is not there yet, its parts are kept as they are: opening will say so.
base::Result<std::string> absolute(const std::string& path) {
  auto found = os::absolute_path(path);
  if (found.ok()) return std::move(found).value();
  std::error_code failed;
  const std::string made = std::filesystem::absolute(path, failed).string();
  if (failed) return std::move(found).error();
  return made;
}

/// A link may lead elsewhere tomorrow: what is read is named as it is.
base::Status check_is_no_link(const SourceAddress& address) {
  const std::string path = local_folder_of(address);
  std::error_code failed;
  if (path.empty() || !std::filesystem::is_symlink(path, failed)) return base::Done{};
  const std::string real = std::filesystem::canonical(path, failed).string();
  if (failed) return base::Done{};  // opening it says why
  return refused(base::ErrorCode::misuse, fmt::format("'{}' is a link", base::printable(path)), path,
                 fmt::format("give what it leads to: {}:{}", name_of(address.kind), base::printable(real)));
}

}  // namespace

std::string_view name_of(SourceKind kind) { return row_of(kind).name; }

base::Result<SourceAddress> parse_source_address(std::string_view url) {
  const std::size_t colon = url.find(':');
  const std::string_view prefix = url.substr(0, colon);
  const auto* row =
      std::find_if(k_kinds.begin(), k_kinds.end(), [prefix](const KindRow& kind) { return kind.name == prefix; });
  if (colon == std::string_view::npos || row == k_kinds.end()) {
    return refused(base::ErrorCode::misuse, fmt::format("'{}' is no address of a source", base::printable(url)), url,
                   hint_for(url));
  }
  const std::string location(url.substr(colon + 1));
  if (location.empty() || location.find('\0') != std::string::npos) {
    return refused(base::ErrorCode::misuse, fmt::format("'{}' names no place", base::printable(url)), url,
                   fmt::format("give the path behind '{}:'", row->name));
  }
  if (row->kind == SourceKind::restic && location.starts_with(k_rest_prefix)) {
    const std::string_view server = std::string_view(location).substr(k_rest_prefix.size());
    if (server.starts_with("http://") || server.starts_with("https://")) return SourceAddress{row->kind, location};
    return refused(base::ErrorCode::misuse, fmt::format("'{}' names no server", base::printable(url)), url,
                   "give restic:rest:http://HOST:PORT/PATH");
  }
  for (const std::string_view remote : {"sftp:", "s3:", "b2:", "azure:", "gs:", "swift:", "rclone:", "ssh:"}) {
    if (!location.starts_with(remote)) continue;
    return refused(base::ErrorCode::misuse,
                   fmt::format("'{}' is behind a service that lastgood does not speak to", base::printable(url)), url,
                   "mount it here, or show it as a restic REST server with: rclone serve restic");
  }
  LG_ASSIGN(std::string path, absolute(location));
  return SourceAddress{row->kind, std::move(path)};
}

std::string format_source_address(const SourceAddress& address) {
  return std::string(name_of(address.kind)) + ":" + address.location;
}

base::Result<std::unique_ptr<Source>> open_source(const SourceAddress& address, const SourceSecrets& secrets,
                                                  const OpenOptions& options) {
  LG_TRY(check_is_no_link(address));
  return row_of(address.kind).open(address.location, secrets, options);
}

std::string local_folder_of(const SourceAddress& address) {
  return address.location.starts_with(k_rest_prefix) ? std::string() : address.location;
}

}  // namespace lastgood::sources
