// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tables whose rows lie in the system tablespace (innodb_file_per_table=0, as old servers made them): they have no file
// of their own. By InnoDB's own list of tables: storage/innobase/include/dict0boot.h, row format REDUNDANT. Private to
// engines/mariadb/.
//
//   record = name  transaction(6) undo(7) id(8) columns(4) type(4) mixed id(8) mixed length(4) tablespace(4)
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/mariadb/data_folder.h"

namespace lastgood::engines::mariadb {

/// One thread. Check and folder outlive it.
class SystemTables {
 public:
  SystemTables(UnitCheck& check, const DataFolder& folder) : check_(check), folder_(folder) {}
  enum class Listed : std::uint8_t {
    no,      // made so late that the list on disk does not have it yet, or never there
    system,  // in the system tablespace
    file,    // in a file of its own
  };
  /// Of "lis/orders". The list is read when it is asked for first.
  [[nodiscard]] Listed find(std::string_view table);

 private:
  void read();

  UnitCheck& check_;
  const DataFolder& folder_;
  std::optional<std::vector<std::string>> pages_;  // leaves of the list
};

}  // namespace lastgood::engines::mariadb
