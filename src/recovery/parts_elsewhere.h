// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PartsElsewhere: what belongs to a database and lies outside of its folder, where links of that folder lead: of
// PostgreSQL tablespaces and a log on another disk, of MariaDB folders of databases and files, tables with a DATA
// DIRECTORY, whose ".isl" file is the link, and what its settings put elsewhere. Such a file is good only together with
// the database, never by itself.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "engines/unit.h"
#include "model/backup_record.h"
#include "model/snapshot.h"

namespace lastgood::recovery {

/// Does the server (of PostgreSQL `version`, "15"; empty: any) keep something called `name` in the folder that its link
/// `inside` leads to? Whatever else lies there is not the database's: no link can claim it.
[[nodiscard]] bool is_name_of_part(std::string_view inside, std::string_view version, std::string_view name);

struct PartElsewhere {
  std::string unit;     // folder of the database, as on the victim
  std::string inside;   // its name there, see PartKind
  std::string folder;   // where that leads, as on the victim
  std::string version;  // of the PostgreSQL; empty: not known
  /// left: a copy had it there, and the live database has it in its own folder or elsewhere by now.
  enum class Use : std::uint8_t { used, left } use = Use::used;
  enum class SaidBy : std::uint8_t { live, copy } said_by = SaidBy::copy;
};

/// What a part is, by its name in the folder of its database.
enum class PartKind : std::uint8_t {
  tablespace,  // of a PostgreSQL: "pg_tblspc/16384"
  log,         // "pg_wal"
  table_link,  // of a MariaDB: "lis/orders.isl"
  database,    // "lis"
  file,        // "lis/orders.MYD", "ib_logfile0"
};
[[nodiscard]] PartKind kind_of_part(std::string_view inside);
/// "unit.part: belongs to the mariadb at '/srv/mysql', and comes back with that alone". For people.
[[nodiscard]] std::string describe_part(const PartElsewhere& part);

/// A link of a copy that leads to a part of it (of a file to the folder of that), or a line of its tablespace_map or of
/// its server's settings, which stands for one.
struct PartLink {
  std::string inside;
  std::string target;
  std::string setting = {};  // "innodb_log_group_home_dir"; empty: none
};
/// As judging said it. Pure.
[[nodiscard]] std::vector<PartLink> find_part_links(const model::JudgedUnit& judged);

class PartsElsewhere {
 public:
  /// Reads the links of the live database; before copies of it are added, as it goes before what they say. `roots` is
  /// what was scanned: links of a disk that is mounted below one of them do not know of that. One that cannot be looked
  /// at says nothing.
  void look_at_live(const std::string& unit, const std::vector<std::string>& roots);
  /// What judging said of a copy.
  void add_copy(const std::string& unit, const model::BackupSource& source, const model::Snapshot& snapshot,
                const model::JudgedUnit& judged);

  /// What `path` is a part of; null: of nothing. One that is used goes first, before it what a live link
  /// says.
  [[nodiscard]] const PartElsewhere* find(std::string_view path) const;
  /// Folders of `unit` that are used.
  [[nodiscard]] std::vector<const PartElsewhere*> used_by(std::string_view unit) const;

 private:
  void add(PartElsewhere part);
  void look_at_live_mariadb(PartElsewhere part, const engines::UnitView& live, const std::vector<std::string>& roots);
  void look_at_live_tables(PartElsewhere part, const std::string& database, const engines::UnitView& live,
                           const std::vector<std::string>& roots);
  void take_live_link(PartElsewhere part, const std::string& target, const std::vector<std::string>& roots);

  std::map<std::string, std::vector<PartElsewhere>, std::less<>> parts_;  // by folder
  /// Unit and name in it of what a live database has as a link, or as a folder where others have a link.
  std::set<std::pair<std::string, std::string>> live_;
};

}  // namespace lastgood::recovery
