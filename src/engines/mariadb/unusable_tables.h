// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which tables of a scratch server of MariaDB must not answer, or do not. Private to engines/mariadb/.
#pragma once

#include "engines/mariadb/data_room.h"

namespace lastgood::engines::mariadb {

/// What CHECK TABLE says against a table.
class TableCheck final : public RowSink {
 public:
  void on_columns(std::span<const std::string> /*names*/) override {}
  bool on_row(std::span<const std::optional<std::string_view>> values) override;
  /// One line each; none: the table is in order. That its server was not shut down is not said against it.
  [[nodiscard]] const std::vector<std::string>& complaints() const { return complaints_; }

 private:
  std::vector<std::string> complaints_;
};

/// Names them in `start.unusable`. Tables of engines that keep no checksums are checked by their engine and, unless
/// they hold binary columns, looked at block by block; one that is broken is fenced. The server may be started again.
[[nodiscard]] base::Status find_unusable(DataRoom& data, const ScratchServerOptions& options, ScratchStart& start);

}  // namespace lastgood::engines::mariadb
