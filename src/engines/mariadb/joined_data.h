// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A data directory as its server sees it: what of it lies elsewhere is shown where it would lie in the folder. Links
// that a database's folder, a table's file or a system file is ("lis", "lis/orders.MYD", "ib_logfile0"), tables with a
// DATA DIRECTORY (".isl" files of InnoDB hold their path), and system files that the server's settings put elsewhere:
// MariaDB documentation, "InnoDB System Variables", innodb_data_home_dir, innodb_log_group_home_dir,
// innodb_undo_directory. Private to engines/mariadb/.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "engines/unit.h"

namespace lastgood::engines::mariadb {

struct PartElsewhere {
  std::string inside;                                                         // "lis", "lis/orders.ibd", "ib_logfile0"
  std::string target;                                                         // folder of it on the victim
  std::string setting;                                                        // that leads there; empty: a link does
  enum class Is : std::uint8_t { database, table_link, file } is = Is::file;  // table_link: by an ".isl" file
  /// gone: the folder is there, and the file is not in it.
  enum class State : std::uint8_t { joined, gone, unseen } state = State::joined;
};

class JoinedData final : public UnitView {
 public:
  /// `view` outlives it. What cannot be listed is left as it is. At most 4,096 parts are looked for.
  JoinedData(const UnitView& view, std::string folder);

  [[nodiscard]] const std::vector<PartElsewhere>& parts() const { return parts_; }

  [[nodiscard]] base::Result<std::vector<UnitEntry>> list(std::string_view folder) const override;
  [[nodiscard]] base::Result<std::unique_ptr<base::ByteSource>> open(std::string_view file) const override;
  [[nodiscard]] std::unique_ptr<UnitView> open_outside(std::string_view path) const override;
  /// Nothing for a folder that something was joined to: an overlay of it would lack that.
  [[nodiscard]] std::optional<std::string> find_on_this_machine(std::string_view folder) const override;

 private:
  struct File {
    const UnitView* view = nullptr;
    UnitEntry entry;  // as listed where it lies
  };

  [[nodiscard]] std::optional<std::string_view> inside_of(std::string_view path) const;
  [[nodiscard]] const UnitView* outside(const std::string& target);
  void join_links_of_top();
  void join_links_of(const std::string& database);
  void join_settings();
  void join_database(const std::string& name, const std::string& target);
  void join_file(PartElsewhere part, const std::string& name);
  [[nodiscard]] std::map<std::string, std::string> read_settings() const;

  const UnitView& view_;
  std::string folder_;
  std::vector<PartElsewhere> parts_;
  std::map<std::string, std::unique_ptr<UnitView>> views_;         // by target; null: cannot be seen
  std::map<std::string, const UnitView*, std::less<>> databases_;  // by name in the folder
  std::map<std::string, File, std::less<>> files_;                 // by path in the folder
};

/// What an ".isl" file holds, without what follows the path.
[[nodiscard]] std::string path_in_link(std::string text);
/// "/srv/data" of "/srv/data/orders.ibd"; empty: not absolute, or at the top.
[[nodiscard]] std::string folder_of_target(std::string_view target);

}  // namespace lastgood::engines::mariadb
