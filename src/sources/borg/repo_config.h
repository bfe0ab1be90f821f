// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The `config` file of a borg 1.x repository: an INI file with one section "[repository]" (borg documentation,
// "Data structures and file formats", section "Repository"). Values go on in lines that begin with a blank.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace lastgood::sources::borg {

struct RepoConfig {
  std::string version;      // as it stands there
  std::string id;           // 64 hex digits, lower case; empty when it is not that
  std::string key;          // base64 of the key blob, without white space; empty: none
  std::string append_only;  // as it stands there
};

/// Nothing when there is no section "[repository]". Unknown names are passed over; never fails otherwise.
[[nodiscard]] std::optional<RepoConfig> parse_repo_config(std::string_view text);

}  // namespace lastgood::sources::borg
