// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/folder/find_snapshots.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <iterator>
#include <optional>
#include <tuple>
#include <utility>

#include "os/directory_list.h"
#include "os/evidence_entry.h"
#include "sources/folder/snapshot_rules.h"
#include "sources/name_time.h"

namespace lastgood::sources::folder {

namespace {

// More folders than this beside each other are not looked through for snapshots.
constexpr std::size_t k_siblings_max = 100'000;
// Names compared of each of two neighbours; a tree's top is small.
constexpr std::size_t k_likeness_names_max = 5'000;
constexpr std::size_t k_snapper_note_bytes_max = 65'536;
// At the top of what PostgreSQL and MariaDB work in, and of what pg_basebackup and mariadb-backup make of it.
constexpr std::array<std::string_view, 6> k_database_files = {"PG_VERSION",  "backup_label", "base.tar",
                                                              "base.tar.gz", "ibdata1",      "xtrabackup_checkpoints"};
constexpr std::string_view k_zfs_folder = ".zfs/snapshot";
constexpr std::string_view k_snapper_folder = ".snapshots";

struct Listing {
  std::vector<std::string> folders;  // sorted
  std::vector<std::string> others;   // sorted
};

base::Result<Listing> list(const os::Descriptor& directory, const std::string& path, std::size_t names_max) {
  Listing listing;
  LG_TRY(os::list_directory(directory, path, [&](std::string_view name, std::optional<os::FileKind> kind) {
    std::string entry(name);
    if (!kind) {
      const auto status = os::status_at(directory, entry, path);
      kind = status.ok() ? status.value().kind : os::FileKind::other;
    }
    (*kind == os::FileKind::directory ? listing.folders : listing.others).push_back(std::move(entry));
    return listing.folders.size() + listing.others.size() < names_max;
  }));
  std::sort(listing.folders.begin(), listing.folders.end());
  std::sort(listing.others.begin(), listing.others.end());
  return listing;
}

/// The names in the folder `relative`, as far as they can be read.
Listing list_below(const os::Descriptor& place, const std::string& relative, std::size_t names_max) {
  const auto directory = os::open_evidence_directory(place, relative);
  if (!directory) return {};
  auto listing = list(directory.value(), relative, names_max);
  return listing.ok() ? std::move(listing).value() : Listing{};
}

model::Finding remark(std::string rule, std::string sentence) {
  return model::Finding{.rule = std::move(rule), .sentence = std::move(sentence)};
}

/// The time that snapper wrote beside the snapshot: <date>2022-11-22 03:00:00</date>, in UTC (snapper(8)).
std::optional<std::int64_t> read_snapper_time(const os::Descriptor& place, const std::string& numbered) {
  const auto directory = os::open_evidence_directory(place, numbered);
  if (!directory) return std::nullopt;
  auto file = os::open_evidence_file(directory.value(), "info.xml", numbered + "/info.xml");
  if (!file) return std::nullopt;
  std::vector<std::uint8_t> bytes(k_snapper_note_bytes_max);
  const auto got = file.value().read(0, bytes);
  if (!got) return std::nullopt;
  const base::ByteView note(std::span<const std::uint8_t>(bytes).first(got.value()));
  const std::size_t from = note.find("<date>");
  const std::size_t to = from == base::ByteView::npos ? from : note.find("</date>", from);
  if (to == base::ByteView::npos) return std::nullopt;
  const auto time = find_time_in_name(note.part(from + 6, to - from - 6).text());
  return time ? std::optional(time->time_ns) : std::nullopt;
}

/// What may say of which time a snapshot is: its name, and before it what was noted beside it.
struct SaidTime {
  std::string name;
  std::string_view names_in;  // zone of a name that says none
  std::optional<std::int64_t> known_ns = std::nullopt;
};

/// A snapshot whose root is `relative`.
model::Snapshot snapshot_at(const os::Descriptor& place, const std::string& relative, const SaidTime& said) {
  model::Snapshot snapshot;
  snapshot.id = relative;
  snapshot.root = relative;
  // `paths` stays empty: what a folder of snapshots was made from nothing says, and all in it are one series.
  std::optional<os::EntryStatus> status;
  const auto directory = os::open_evidence_directory(place, relative == "." ? std::string() : relative);
  if (directory) {
    if (auto found = os::entry_status_at(directory.value(), "", relative)) status = found.value();
  } else {
    snapshot.findings.push_back(remark("folder.root", directory.error().what));
  }
  snapshot.stored_ns = status ? status->birth_ns : 0;
  if (said.known_ns) {
    snapshot.time_ns = *said.known_ns;
    snapshot.findings.push_back(remark("folder.time.note", "the time is the one in snapper's info.xml"));
  } else if (!date_by_name(snapshot, said.name, said.names_in, "folder.time.name") && status) {
    snapshot.time_ns = status->mtime_ns;
    snapshot.findings.push_back(
        remark("folder.time.modified", "the name says no time: this is when the folder was modified last"));
  }
  return snapshot;
}

void add_zfs_snapshots(const os::Descriptor& place, const std::string& prefix, std::string_view names_in,
                       FoundSnapshots& found) {
  for (const std::string& name : list_below(place, prefix.empty() ? "" : prefix, k_siblings_max).folders) {
    found.snapshots.push_back(snapshot_at(place, prefix.empty() ? name : prefix + "/" + name, {name, names_in}));
    found.snapshots.back().program = "zfs";
  }
}

void add_snapper_snapshots(const os::Descriptor& place, const std::string& prefix, FoundSnapshots& found) {
  for (const std::string& number : list_below(place, prefix, k_siblings_max).folders) {
    if (number.find_first_not_of("0123456789") != std::string::npos) continue;
    const std::string numbered = prefix.empty() ? number : prefix + "/" + number;
    const std::vector<std::string> inside = list_below(place, numbered, k_likeness_names_max).folders;
    if (!std::binary_search(inside.begin(), inside.end(), "snapshot")) continue;
    found.snapshots.push_back(snapshot_at(place, numbered + "/snapshot", {{}, {}, read_snapper_time(place, numbered)}));
    found.snapshots.back().program = "snapper";
  }
}

/// By day named folders are snapshots only when some neighbours hold the same names: images filed by day do not.
bool some_are_alike(const os::Descriptor& place, const std::vector<std::string>& names) {
  std::vector<std::string> before;
  for (const std::string& name : names) {
    Listing listing = list_below(place, name, k_likeness_names_max);
    std::vector<std::string> now = std::move(listing.folders);
    now.insert(now.end(), listing.others.begin(), listing.others.end());
    std::sort(now.begin(), now.end());
    if (are_alike(before, now)) return true;
    before = std::move(now);
  }
  return false;
}

/// A folder named by a day that is a database server's data folder, or a backup of one, is a copy, whatever is beside
/// it: "pg_basebackup -T" puts tablespaces into a folder of their own there.
std::vector<std::string> find_database_copies(const os::Descriptor& place, const std::vector<std::string>& names) {
  std::vector<std::string> copies;
  for (const std::string& name : names) {
    const Listing listing = list_below(place, name, k_likeness_names_max);
    const bool is_copy = std::any_of(k_database_files.begin(), k_database_files.end(), [&](std::string_view file) {
      return std::binary_search(listing.others.begin(), listing.others.end(), file);
    });
    if (is_copy) copies.push_back(name);
  }
  return copies;
}

/// A backup that came to nothing leaves an empty folder, which says nothing of the others; all of them, where none
/// holds anything.
std::vector<std::string> without_empty(const os::Descriptor& place, std::vector<std::string> names) {
  std::vector<std::string> held;
  for (const std::string& name : names) {
    const Listing listing = list_below(place, name, 1);
    if (!listing.folders.empty() || !listing.others.empty()) held.push_back(name);
  }
  return held.empty() ? names : held;
}

std::string some_of(const std::vector<std::string>& names) {
  std::string text;
  for (std::size_t i = 0; i < names.size() && i < 3; ++i) {
    text += (i == 0 ? "'" : ", '") + base::printable(names[i]) + "'";
  }
  return names.size() > 3 ? text + ", ..." : text;
}

/// The only folder of a place, named by a day, is a copy when it holds folders and no file is beside it: a folder of
/// live data has files beside, and images filed by day lie in it as files.
bool is_lone_copy(const os::Descriptor& place, const std::string& name, const Listing& listing) {
  return listing.others.empty() && !list_below(place, name, k_likeness_names_max).folders.empty();
}

constexpr std::string_view k_lone_copy =
    "read as a snapshot of that day; if it holds what is filed under that day, add the folder above";
constexpr std::string_view k_lone_tree =
    "but files are beside it or no folder is in it: read as one tree; if it is a copy, add it itself";

/// `names` are sorted; what else is in the place is named.
void add_snapshots(const os::Descriptor& place, const std::vector<std::string>& names, const Listing& listing,
                   const SnapshotRuleRow& row, std::string_view names_in, FoundSnapshots& found) {
  for (const std::string& name : names) {
    found.snapshots.push_back(snapshot_at(place, name, {name, names_in}));
    found.snapshots.back().program = row.program;
  }
  found.layout = std::string(row.reason);
  std::vector<std::string> beside = listing.others;
  std::set_difference(listing.folders.begin(), listing.folders.end(), names.begin(), names.end(),
                      std::back_inserter(beside));
  if (beside.empty()) return;
  found.findings.push_back(remark(
      "folder.beside", fmt::format("{} names beside the snapshots are not read: {}", beside.size(), some_of(beside))));
}

void add_named_snapshots(const os::Descriptor& place, const Listing& listing, std::string_view names_in,
                         FoundSnapshots& found) {
  const auto rule = decide_snapshot_rule(listing.folders);
  if (!rule) return;
  std::vector<std::string> names;
  for (const std::string& name : listing.folders) {
    if (find_snapshot_rule(name) == rule) names.push_back(name);
  }
  const SnapshotRuleRow& row = row_of(*rule);
  const bool is_by_day = row.proof == NameProof::needs_likeness;
  if (is_by_day) names = without_empty(place, std::move(names));
  if (is_by_day && names.size() == 1) {
    const bool is_copy = is_lone_copy(place, names.front(), listing);
    found.findings.push_back(
        remark("folder.date", fmt::format("'{}' is the only folder that holds anything, and its name is a day: {}",
                                          base::printable(names.front()), is_copy ? k_lone_copy : k_lone_tree)));
    if (!is_copy) return;
  } else if (is_by_day && !some_are_alike(place, names)) {
    const std::vector<std::string> copies = find_database_copies(place, names);
    if (!copies.empty()) return add_snapshots(place, copies, listing, row, names_in, found);
    found.findings.push_back(remark(
        "folder.dates", fmt::format("{} folders have dates for names, and no two neighbours hold the same names: read "
                                    "as one tree that is filed by day, not as snapshots",
                                    names.size())));
    return;
  }
  add_snapshots(place, names, listing, row, names_in, found);
}

/// An empty folder is no copy of anything: mostly a disk is to be mounted there. A fresh disk has a folder of its own,
/// which holds something only where a check of it found lost files.
bool holds_nothing(const os::Descriptor& place, const Listing& listing) {
  constexpr std::string_view k_own_of_disk = "lost+found";
  if (!listing.others.empty() || listing.folders.size() > 1) return false;
  if (listing.folders.empty()) return true;
  const Listing lost = list_below(place, std::string(k_own_of_disk), 1);
  return listing.folders.front() == k_own_of_disk && lost.folders.empty() && lost.others.empty();
}

void add_place_itself(const os::Descriptor& place, FoundSnapshots& found) {
  found.snapshots.push_back(snapshot_at(place, ".", {}));
}

}  // namespace

base::Result<FoundSnapshots> find_snapshots(const os::Descriptor& place, const std::string& path,
                                            std::string_view names_in) {
  FoundSnapshots found;
  LG_ASSIGN(const Listing listing, list(place, path, k_siblings_max));
  if (path.ends_with(std::string("/") + std::string(k_zfs_folder))) {
    add_zfs_snapshots(place, "", names_in, found);
    found.layout = "a folder .zfs/snapshot holds the snapshots of a ZFS file system";
  } else if (path.ends_with(std::string("/") + std::string(k_snapper_folder))) {
    add_snapper_snapshots(place, "", found);
    found.layout = "snapper keeps each snapshot as .snapshots/NUMBER/snapshot";
  }
  if (found.snapshots.empty()) add_named_snapshots(place, listing, names_in, found);
  if (found.snapshots.empty()) {
    // A live tree with its own snapshots below it: both are read. ".zfs" is in no listing, it must be asked for.
    add_zfs_snapshots(place, std::string(k_zfs_folder), names_in, found);
    if (!found.snapshots.empty()) found.hidden.emplace_back(".zfs");
    const std::size_t before = found.snapshots.size();
    add_snapper_snapshots(place, std::string(k_snapper_folder), found);
    if (found.snapshots.size() > before) found.hidden.emplace_back(k_snapper_folder);
    const bool is_empty = holds_nothing(place, listing) && found.snapshots.empty();
    if (!is_empty) add_place_itself(place, found);
    found.layout = is_empty ? "empty" : "one tree";
  }
  std::sort(found.snapshots.begin(), found.snapshots.end(), [](const model::Snapshot& a, const model::Snapshot& b) {
    return std::tie(a.time_ns, a.id) < std::tie(b.time_ns, b.id);
  });
  return found;
}

}  // namespace lastgood::sources::folder
