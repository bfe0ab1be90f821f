// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/paths.h"

#include <sys/stat.h>

#include <algorithm>
#include <cerrno>

#include "os/directory_list.h"
#include "os/evidence_entry.h"
#include "os/folder.h"

namespace lastgood::os {

namespace {

// As many as the system follows (MAXSYMLINKS).
constexpr int k_links_max = 40;

/// What the link `folder`/`name` says; empty: it is none, or cannot be read without a trace.
std::string read_link(const std::string& folder, const std::string& name) {
  struct stat status {};
  const std::string path = folder + "/" + name;
  if (::lstat(path.c_str(), &status) != 0 || !S_ISLNK(status.st_mode)) return {};
  base::Result<Descriptor> opened = open_evidence_root(folder.empty() ? "/" : folder);
  if (!opened.ok()) return {};
  const base::Result<std::string> target = read_link_at(hold_access_times(std::move(opened).value()), name, path);
  return target.ok() ? target.value() : std::string();
}

/// The parts of `path` go before what is left, the first of them last.
void push_parts(std::string_view path, std::vector<std::string>& left) {
  std::vector<std::string> parts;
  while (!path.empty()) {
    const std::size_t end = std::min(path.find('/'), path.size());
    if (const std::string_view part = path.substr(0, end); !part.empty() && part != ".") parts.emplace_back(part);
    path.remove_prefix(std::min(end + 1, path.size()));
  }
  left.insert(left.end(), parts.rbegin(), parts.rend());
}

}  // namespace

base::Result<std::string> absolute_path(const std::string& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0) return base::system_error("open", path, errno);
  std::string trimmed = path;
  while (trimmed.size() > 1 && trimmed.back() == '/') trimmed.pop_back();
  const std::size_t slash = trimmed.rfind('/');
  const std::string name = slash == std::string::npos ? trimmed : trimmed.substr(slash + 1);
  if (name.empty() || name == "." || name == "..") return resolve_folder(trimmed);
  const std::string parent = slash == std::string::npos ? "." : slash == 0 ? "/" : trimmed.substr(0, slash);
  LG_ASSIGN(const std::string resolved, resolve_folder(parent));
  return resolved == "/" ? "/" + name : resolved + "/" + name;
}

std::string follow_links(const std::string& path) {
  std::vector<std::string> left;
  push_parts(path, left);
  std::string out;
  int links = 0;
  while (!left.empty()) {
    const std::string part = std::move(left.back());
    left.pop_back();
    if (part == "..") {
      out.resize(std::min(out.rfind('/'), out.size()));
      continue;
    }
    const std::string target = read_link(out, part);
    if (target.empty()) {
      out += "/" + part;
      continue;
    }
    if (++links > k_links_max) return path;
    if (target.starts_with('/')) out.clear();
    push_parts(target, left);
  }
  return out.empty() ? "/" : out;
}

base::Result<std::vector<std::string>> folders_here(std::string_view suffix) {
  LG_ASSIGN(const Descriptor here, open_evidence_root("."));
  std::vector<std::string> found;
  LG_TRY(list_directory(here, ".", [&](std::string_view name, std::optional<FileKind> kind) {
    if (name.ends_with(suffix) && kind.value_or(FileKind::directory) == FileKind::directory) found.emplace_back(name);
    return true;
  }));
  std::sort(found.begin(), found.end());
  return found;
}

}  // namespace lastgood::os
