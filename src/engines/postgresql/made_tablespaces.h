// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Tablespaces that saved logs make (CREATE TABLESPACE): PostgreSQL replays that only where the folder is there that it
// was made in. In the room of a scratch server it is a link to a folder of the copy. Pure. Private to
// engines/postgresql/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace lastgood::engines::postgresql {

struct MadeTablespace {
  std::string number;
  std::string place;  // an absolute path of the victim
};

/// Of which tablespace the server said that its folder is not there; nothing: it said none, or one that no room can
/// have (a path that is not plain, or one that meets what the room shows of this machine, `shown`).
[[nodiscard]] std::optional<MadeTablespace> find_made_tablespace(std::string_view words,
                                                                 const std::vector<std::string>& shown);

}  // namespace lastgood::engines::postgresql
