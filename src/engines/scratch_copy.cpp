// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/scratch_copy.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <filesystem>
#include <set>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "engines/unit_check.h"
#include "os/folder_user.h"
#include "os/random.h"

namespace lastgood::engines {

namespace {

constexpr std::size_t k_unusable_max = 1000;
constexpr std::string_view k_unread = "file ";  // how a sentence of one that cannot be read begins
/// So many files in a row that cannot be read are no damage: what they lie on went away.
constexpr std::size_t k_unread_in_a_row_max = 64;
/// Below this, a copy is made sooner than an overlay pays.
constexpr std::uint64_t k_overlay_pays_bytes = std::uint64_t{64} << 20U;

void note_unusable(ScratchStart& start, std::string sentence) {
  if (start.unusable.size() < k_unusable_max) start.unusable.push_back(std::move(sentence));
}

std::vector<Member> list_members(const UnitView& view, const std::string& folder) {
  UnitCheck listing(view, folder, model::Depth::quick);
  return listing.take_members(listing.home());
}

/// Pipes, sockets and devices in a unit. An overlay would show them to the engine, which waits for a pipe without end.
std::vector<std::string> list_strange(const UnitView& view, const std::string& folder) {
  constexpr std::size_t k_folders_max = 100'000;
  const Place place{.view = &view, .folder = folder, .shown = folder};
  std::vector<std::string> strange;
  std::vector<std::string> folders = {""};
  for (std::size_t at = 0; at < folders.size() && folders.size() < k_folders_max; ++at) {
    const auto entries = view.list(place.in_view(folders[at]));
    for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) {
      std::string path = folders[at].empty() ? entry.name : folders[at] + "/" + entry.name;
      if (entry.kind == model::EntryKind::folder)
        folders.push_back(std::move(path));
      else if (entry.kind != model::EntryKind::regular && entry.kind != model::EntryKind::link)
        strange.push_back(std::move(path));
    }
  }
  return strange;
}

/// To `data` in the copy's tree.
base::Status copy_members(const UnitView& view, const std::string& folder, const std::vector<Member>& members,
                          ScratchCopy& copy, ScratchStart& start) {
  LG_TRY(copy.tree.make_folder("data"));
  std::size_t in_a_row = 0;
  const auto leave_out = [&](const Member& member, const base::Error& error) -> base::Status {
    if (was_changed_meanwhile(error)) return written_meanwhile(error);
    if (++in_a_row >= k_unread_in_a_row_max)
      return base::Error{
          .code = base::ErrorCode::io,
          .what = fmt::format("went away while it was copied: {} files in a row cannot be read", in_a_row),
          .path = folder,
          .hint = fmt::format("{}: {}", base::printable(member.path), error.what)};
    note_unusable(start, fmt::format("{}{}: {}", k_unread, base::printable(member.path), error.what));
    copy.unread.emplace(member.path, error.what);
    return base::Done{};
  };
  std::set<std::string, std::less<>> made;
  const Place place{.view = &view, .folder = folder, .shown = folder};
  for (const Member& member : members) {
    if (member.kind != model::EntryKind::regular || !copy.rules.is_wanted(member.path)) continue;
    const std::size_t slash = member.path.rfind('/');
    if (slash != std::string::npos && made.insert(member.path.substr(0, slash)).second)
      LG_TRY(copy.tree.make_folder("data/" + member.path.substr(0, slash)));
    const base::Result<std::unique_ptr<base::ByteSource>> source = view.open(place.in_view(member.path));
    if (!source.ok()) {
      LG_TRY(leave_out(member, source.error()));
      continue;
    }
    const base::Status written = copy.tree.write_file("data/" + member.path, *source.value());
    if (!written.ok() && written.error().code == base::ErrorCode::no_space) return written.error();
    if (!written.ok()) LG_TRY(leave_out(member, written.error()));
    if (written.ok()) in_a_row = 0;
  }
  return base::Done{};
}

/// Shows `lower` at `data` once, hides there what is not wanted, and gives the rest to the account that works on it:
/// all of that stays in the tree. An Error: the system makes no such overlay, or does not let us change what it shows
/// (of an old kernel, of vfat, of files that nobody may change).
base::Status prepare_overlay(const UnitView& view, const std::string& folder, const std::vector<Member>& members,
                             const std::string& lower, ScratchCopy& copy) {
  for (const char* made : {"data", "upper", "work"}) LG_TRY(copy.tree.make_folder(made));
  std::set<std::string, std::less<>> tops;  // entries of the folder of which something is wanted
  std::vector<std::string> unwanted = list_strange(view, folder);
  for (const Member& member : members) {
    if (member.kind == model::EntryKind::regular && copy.rules.is_wanted(member.path))
      tops.insert(member.path.substr(0, member.path.find('/')));
    else
      unwanted.push_back(member.path);
  }
  os::RoomPlan plan;
  plan.tree = copy.tree.path();
  plan.lower = lower;
  plan.command = {"/nothing"};  // is never started
  LG_ASSIGN(const os::LockedRoom room, os::LockedRoom::make(plan));
  LG_ASSIGN(os::ScratchTree data, os::ScratchTree::inside(room.path_of("/room/data")));
  std::vector<std::string> names;
  std::error_code trouble;
  for (const auto& entry : std::filesystem::directory_iterator(data.path(), trouble))
    names.push_back(entry.path().filename().string());
  if (trouble) return base::system_error("list", data.path(), trouble.value());
  // Folders of which nothing is wanted go whole, then single files.
  for (const std::string& name : names) {
    if (!tops.contains(name)) LG_TRY(data.remove(name));
  }
  for (const std::string& path : unwanted) LG_TRY(data.remove(path));
  return data.give_all_away();
}

/// Letters that mean something to overlayfs.
bool is_plain_path(const std::string& path) { return path.find_first_of(",:\\\n") == std::string::npos; }

}  // namespace

bool was_changed_meanwhile(const base::Error& error) { return error.system_errno == ESTALE; }

base::Error written_meanwhile(const base::Error& first) {
  return {.code = base::ErrorCode::busy_retry,
          .what =
              "files of this copy, or of its saved logs, were written or exchanged while they were read, and what is "
              "read then is of no one moment: " +
              first.what,
          .path = first.path,
          .offset_bytes = {},
          .system_errno = 0,
          .hint = std::string(k_written_hint)};
}

base::Error with_unread(base::Error error, const ScratchStart& start) {
  const auto is_file = [](const std::string& sentence) { return sentence.starts_with(k_unread); };
  const auto first = std::find_if(start.unusable.begin(), start.unusable.end(), is_file);
  if (first == start.unusable.end() || error.code != base::ErrorCode::damaged_source) return error;
  const auto count = std::count_if(start.unusable.begin(), start.unusable.end(), is_file);
  // Its last line is what is read first.
  error.hint += fmt::format("\n{} of the copy could not be read, first: {}",
                            base::counted(static_cast<std::uint64_t>(count), "file"), *first);
  return error;
}

base::Result<ScratchCopy> make_scratch_copy(const UnitView& view, const std::string& folder,
                                            const ScratchServerOptions& options, CopyRules rules, ScratchStart& start) {
  LG_ASSIGN(os::ScratchTree tree, os::ScratchTree::make(options.parent));
  LG_ASSIGN(os::TreeGuard guard, os::TreeGuard::watch(tree.path()));
  ScratchCopy copy{.tree = std::move(tree), .guard = std::move(guard), .lower = {}, .rules = {}, .unread = {}};
  copy.rules = std::move(rules);
  const std::vector<Member> members = list_members(view, folder);
  std::uint64_t wanted_bytes = 0;
  for (const Member& member : members) wanted_bytes += copy.rules.is_wanted(member.path) ? member.size_bytes : 0;
  const std::optional<std::string> local = view.find_on_this_machine(folder);
  bool use_overlay = options.copy_way == CopyWay::overlay;
  // Where a server works in it, it would change under ours.
  if (options.copy_way == CopyWay::cheapest && local && wanted_bytes >= k_overlay_pays_bytes &&
      !os::find_folder_user(*local)) {
    // The largest file tells whether blocks can be shared here; if they can, that is cheaper still.
    const auto largest = std::max_element(members.begin(), members.end(),
                                          [](const Member& a, const Member& b) { return a.size_bytes < b.size_bytes; });
    const Place place{.view = &view, .folder = folder, .shown = {}};
    const auto source = view.open(place.in_view(largest->path));
    if (source.ok()) use_overlay = !copy.tree.can_share(*source.value());
  }
  // What is written must not lie in what is looked at.
  const bool is_apart = local && (copy.tree.path() + "/").find(local->ends_with('/') ? *local : *local + "/") != 0;
  if (use_overlay && is_apart && is_plain_path(copy.tree.path())) {
    if (prepare_overlay(view, folder, members, *local, copy).ok()) {
      copy.way = CopyWay::overlay;
      copy.lower = local;
      return copy;
    }
    for (const char* made : {"data", "upper", "work"}) LG_TRY(copy.tree.remove(made));
  }
  LG_TRY(copy_members(view, folder, members, copy, start));
  start.bytes_copied = copy.tree.written_bytes();
  copy.way = copy.tree.shared_bytes() > 0 ? CopyWay::cheapest : CopyWay::copy;
  return copy;
}

base::Result<os::LockedRoom> make_room(const ScratchCopy& copy, os::RoomPlan plan,
                                       const std::function<base::Status(os::ScratchTree& data)>& settle) {
  plan.tree = copy.tree.path();
  plan.lower = copy.lower;
  LG_ASSIGN(os::LockedRoom room, os::LockedRoom::make(plan));
  LG_ASSIGN(os::ScratchTree data, os::ScratchTree::inside(room.path_of("/room/data")));
  for (const std::string& folder : copy.rules.empty_folders) LG_TRY(data.make_folder(folder));
  LG_TRY(settle(data));
  return room;
}

std::vector<std::string> shared_libraries() {
  std::vector<std::string> paths{
      "/lib",           "/lib64",           "/usr/lib64",      "/usr/share/zoneinfo",
      "/etc/localtime", "/etc/ld.so.cache", "/usr/lib/locale", "/usr/lib/ld-linux-aarch64.so.1"};
  std::error_code trouble;
  for (const auto& entry : std::filesystem::directory_iterator("/usr/lib", trouble)) {
    const std::string name = entry.path().filename().string();
    if (name.ends_with("-linux-gnu")) paths.push_back(entry.path().string());
  }
  return paths;
}

std::string read_text(const UnitView& view, const std::string& path, std::size_t bytes_max) {
  const auto source = view.open(path);
  if (!source.ok()) return {};
  std::vector<std::uint8_t> bytes(
      static_cast<std::size_t>(std::min<std::uint64_t>(source.value()->size_bytes(), bytes_max)));
  const auto got = source.value()->read(0, bytes);
  bytes.resize(got.ok() ? got.value() : 0);
  return {bytes.begin(), bytes.end()};
}

std::string random_name(std::string_view prefix) {
  std::array<std::uint8_t, 8> bytes{};
  os::fill_random(bytes);
  std::string name(prefix);
  for (const std::uint8_t byte : bytes) name += fmt::format("{:02x}", byte);
  return name;
}

}  // namespace lastgood::engines
