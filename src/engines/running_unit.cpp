// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/running_unit.h"

#include <algorithm>

#include <fmt/format.h>

#include "engines/postgresql/cluster_copy.h"
#include "engines/scratch_copy.h"
#include "engines/scratch_run.h"
#include "engines/unit_check.h"

namespace lastgood::engines {

namespace {

constexpr int k_copies_max = 3;
constexpr std::size_t k_control_bytes = 8192;
constexpr std::string_view k_control = "global/pg_control";

using postgresql::join;

/// Of what the server itself keeps apart from its data nothing is needed, and much of it is gone the next moment.
bool is_of_the_server(std::string_view path) {
  return path == k_control || path.starts_with("pg_wal/") || path.starts_with("pg_stat") ||
         path.starts_with("postmaster.") || path.starts_with("log/") || path.starts_with("pg_replslot/") ||
         path.find("pgsql_tmp") != std::string_view::npos;
}

/// A table that is dropped meanwhile is gone: the log says so, too.
base::Status copy_file(const UnitView& view, const std::string& path, os::ScratchTree& tree, const std::string& into) {
  auto source = view.open(path);
  if (!source.ok() && source.error().code == base::ErrorCode::not_found) return base::Done{};
  if (!source.ok()) return std::move(source).error();
  const std::size_t slash = into.rfind('/');
  LG_TRY(tree.make_folder(into.substr(0, slash)));
  return tree.write_file(into, *source.value());
}

base::Status copy_folder(const UnitView& view, const std::string& folder, os::ScratchTree& tree,
                         const std::string& into, bool (*is_left_out)(std::string_view path)) {
  UnitCheck listing(view, folder, model::Depth::quick);
  LG_TRY(tree.make_folder(into));
  for (const Member& member : listing.take_members(listing.home())) {
    if (member.kind != model::EntryKind::regular || is_left_out(member.path)) continue;
    LG_TRY(copy_file(view, listing.home().in_view(member.path), tree, join(into, member.path)));
  }
  return base::Done{};
}

bool takes_all(std::string_view /*path*/) { return false; }
bool is_no_tablespace(std::string_view path) { return !path.starts_with("PG_"); }

base::Status copy_once(const UnitView& view, const std::string& folder, const std::string& control,
                       os::ScratchTree& tree) {
  LG_TRY(tree.make_folder("data/global"));
  LG_TRY(tree.write_file(fmt::format("data/{}", k_control), base::ByteView(std::string_view(control))));
  LG_TRY(copy_folder(view, folder, tree, "data", &is_of_the_server));
  for (const postgresql::ListedTablespace& one : postgresql::list_tablespaces(view, folder)) {
    if (one.lies == postgresql::ListedTablespace::Lies::inside) continue;
    const std::unique_ptr<UnitView> outside = view.open_outside(one.target);
    if (outside) LG_TRY(copy_folder(*outside, {}, tree, "data/pg_tblspc/" + one.number, &is_no_tablespace));
  }
  // What is on the pages copied so far is in the log by now: no page is written before its log is.
  LG_TRY(copy_folder(view, join(folder, "pg_wal"), tree, "data/pg_wal", &takes_all));
  return postgresql::copy_linked_log(view, folder, tree, "data/pg_wal");
}

}  // namespace

base::Result<os::ScratchTree> copy_running_cluster(const UnitView& view, const std::string& folder,
                                                   const std::string& parent) {
  LG_ASSIGN(os::ScratchTree tree, os::ScratchTree::make(parent));
  std::string why = "a checkpoint was made each time";
  for (int i = 0; i < k_copies_max; ++i) {
    const std::string control = read_text(view, join(folder, k_control), k_control_bytes);
    LG_TRY(tree.remove("data"));
    const base::Status copied = copy_once(view, folder, control, tree);
    if (!copied.ok() && copied.error().code == base::ErrorCode::no_space) return copied.error();
    const bool is_as_before = !control.empty() && read_text(view, join(folder, k_control), k_control_bytes) == control;
    if (copied.ok() && is_as_before) return tree;
    if (!copied.ok()) why = copied.error().what;
  }
  return base::Error{
      .code = base::ErrorCode::busy_retry,
      .what = fmt::format("no copy of one moment could be made while a server works in it, in {} tries: {}",
                          k_copies_max, why),
      .path = folder,
      .hint = "the same again may do; or stop the server for as long as the copy takes"};
}

std::vector<std::string> list_with_times(const UnitView& view, const FoundUnit& unit) {
  const bool is_file = unit.kind == UnitKind::sqlite;
  const std::size_t slash = unit.path.rfind('/');
  const std::string folder = !is_file ? unit.path : slash == std::string::npos ? "" : unit.path.substr(0, slash);
  const std::string beginning = is_file ? unit.path.substr(slash == std::string::npos ? 0 : slash + 1) : std::string();
  std::vector<std::string> out;
  if (is_file) {
    const auto entries = view.list(folder);
    for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
      // Its index of the log is made anew from the log.
      if (entry.name.starts_with(beginning) && !entry.name.ends_with("-shm"))
        out.push_back(fmt::format("{} {} {}", entry.name, entry.size_bytes, entry.mtime_ns));
    }
    std::sort(out.begin(), out.end());
    return out;
  }
  UnitCheck listing(view, folder, model::Depth::quick);
  for (const Member& member : listing.take_members(listing.home()))
    out.push_back(fmt::format("{} {} {}", member.path, member.size_bytes, member.mtime_ns));
  return out;
}

}  // namespace lastgood::engines
