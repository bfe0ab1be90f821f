// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/cluster_files.h"

#include <array>
#include <charconv>
#include <set>

#include <fmt/format.h>

#include "engines/postgresql/backup_files.h"

namespace lastgood::engines::postgresql {

namespace {

constexpr std::size_t k_segment_name_length = 24;

std::optional<std::uint32_t> parse_hex8(std::string_view text) {
  std::uint32_t value = 0;
  const char* const end = text.data() + text.size();
  if (text.size() != 8 || std::from_chars(text.data(), end, value, 16).ptr != end) return std::nullopt;
  return value;
}

bool is_known_name(std::string_view name) {
  return name == "PG_VERSION" || name == "pg_filenode.map" || name == "pg_internal.init" || name == "pg_control" ||
         name.starts_with("pg_internal.init.") || name.starts_with("pgsql_tmp");
}

/// Relations of a session ("t3_16390"): nobody's after a restart.
bool is_temporary(std::string_view name) {
  return name.size() > 1 && name[0] == 't' && name.find('_') != std::string_view::npos && name[1] >= '0' &&
         name[1] <= '9';
}

class Lister {
 public:
  Lister(UnitCheck& check, ClusterFiles& files, std::uint32_t wal_segment_bytes)
      : check_(check), files_(files), wal_segment_bytes_(wal_segment_bytes) {}

  /// `below`: where the place stands in the cluster.
  void take(const Place* place, const std::string& below) {
    for (Member& member : check_.take_members(*place)) {
      std::string path = below.empty() ? member.path : below + "/" + member.path;
      if (member.kind == model::EntryKind::link) {
        take_link(path, member.link_target);
        continue;
      }
      take_file(path, {.place = place, .place_path = member.path, .size_bytes = member.size_bytes});
    }
  }

  /// What only the tablespace_map of a backup names. Where the server made links of it, or a restore folders, it is
  /// over.
  void take_map() {
    const auto map = files_.others.find("tablespace_map");
    if (map == files_.others.end()) return;
    const auto bytes = check_.read_small(check_.home(), map->first, k_tablespace_map_bytes_max);
    if (!bytes) {
      check_.unread(check_.home().show(map->first), "postgresql.outside",
                    "says where tablespaces are, and is not read");
      return;
    }
    const auto entries = check_.home().view->list(check_.home().in_view("pg_tblspc"));
    std::set<std::string> known;
    for (const UnitEntry& entry : entries.ok() ? entries.value() : std::vector<UnitEntry>{}) known.insert(entry.name);
    const base::ByteView text{std::span<const std::uint8_t>(*bytes)};
    for (const MappedTablespace& mapped : parse_tablespace_map(text.text())) {
      if (known.insert(mapped.number).second) take_link("pg_tblspc/" + mapped.number, mapped.target);
    }
  }

 private:
  void take_link(const std::string& path, const std::string& target) {
    const bool is_tablespace = path.starts_with("pg_tblspc/") && path.find('/', 10) == std::string::npos;
    if (!is_tablespace && path != "pg_wal" && path != "pg_log" && path != "log") {
      check_.remarks(check_.home().show(path), "postgresql.link", fmt::format("a link to '{}'", target));
      return;
    }
    if (links_taken_++ >= 4096) return;
    std::optional<Place> place = check_.take_outside(
        target, is_tablespace ? fmt::format("tablespace {}", path.substr(10)) : path, check_.home().show(path));
    if (place) {
      files_.places.push_back(std::move(*place));
      take(&files_.places.back(), path);
    } else if (is_tablespace) {
      std::uint32_t number = 0;
      std::from_chars(path.data() + 10, path.data() + path.size(), number);
      files_.missing_tablespaces.push_back({number, path, target});
    } else if (path == "pg_wal") {
      files_.is_log_out_of_sight = true;
      const std::string sentence = fmt::format("leads to '{}', which cannot be seen from here", target);
      const bool is_base_backup = check_.home().view->open(check_.home().in_view("backup_label")).ok();
      if (is_base_backup)
        check_.needs_log(check_.home().show(path), "postgresql.outside", sentence);
      else
        check_.unread(check_.home().show(path), "postgresql.outside", sentence);
    }
  }

  void take_file(const std::string& path, ClusterFile file) {
    const std::size_t slash = path.rfind('/');
    const std::string_view folder =
        slash == std::string::npos ? std::string_view{} : std::string_view(path).substr(0, slash);
    const std::string_view name = slash == std::string::npos ? path : std::string_view(path).substr(slash + 1);
    if (folder == "pg_wal") take_segment(name, file);
    const std::optional<RelationFolder> relations = parse_relation_folder(folder);
    if (!relations) {
      files_.others.emplace(path, std::move(file));
      return;
    }
    if (const std::optional<RelationName> relation = parse_relation_name(name)) {
      files_.relations.push_back({.folder = *relations,
                                  .name = *relation,
                                  .place = file.place,
                                  .path = std::move(file.place_path),
                                  .size_bytes = file.size_bytes});
      return;
    }
    if (!is_known_name(name) && !is_temporary(name)) look_at_foreign(file, name);
    files_.others.emplace(path, std::move(file));
  }

  void look_at_foreign(const ClusterFile& file, std::string_view name) {
    const std::string shown = file.place->show(file.place_path);
    const std::unique_ptr<base::ByteSource> source = check_.open(*file.place, file.place_path);
    if (source && looks_random(check_, *source, shown)) {
      check_.encrypted(
          shown, "postgresql.relation.name",
          fmt::format("'{}' is no name of a relation's file, and its bytes look random", base::printable(name)),
          {.from = 0, .to = source->size_bytes()});
    } else {
      check_.remarks(shown, "postgresql.relation.name", "is no name of a relation's file");
    }
  }

  void take_segment(std::string_view name, const ClusterFile& file) {
    const bool is_partial = name.size() > k_segment_name_length && name.substr(k_segment_name_length) == ".partial";
    if (name.size() != k_segment_name_length && !is_partial) return;
    const auto timeline = parse_hex8(name.substr(0, 8));
    const auto high = parse_hex8(name.substr(8, 8));
    const auto low = parse_hex8(name.substr(16, 8));
    if (!timeline || !high || !low) return;
    const std::uint64_t per_high = (std::uint64_t{1} << 32) / wal_segment_bytes_;
    if (*low >= per_high) return;
    files_.segments[*high * per_high + *low].emplace(*timeline, file);
  }

  UnitCheck& check_;
  ClusterFiles& files_;
  std::uint32_t wal_segment_bytes_;
  std::size_t links_taken_ = 0;
};

}  // namespace

std::unique_ptr<base::ByteSource> ClusterFiles::open_segment(UnitCheck& check, std::uint64_t number,
                                                             std::uint32_t timeline) const {
  const auto found = segments.find(number);
  if (found == segments.end()) return nullptr;
  auto chosen = found->second.lower_bound(timeline);
  if (chosen == found->second.end()) --chosen;
  return check.open(*chosen->second.place, chosen->second.place_path);
}

ClusterFiles list_cluster(UnitCheck& check, std::uint32_t wal_segment_bytes) {
  ClusterFiles files;
  files.places.push_back(check.home());
  Lister lister(check, files, wal_segment_bytes);
  lister.take(&files.places.front(), {});
  lister.take_map();
  return files;
}

}  // namespace lastgood::engines::postgresql
