// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Single settings out of the configuration of others, read as text: no includes, no variables.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engines/unit.h"

namespace lastgood::readiness {

/// The last value of `name = value` in a file of postgresql.conf's or my.cnf's kind; empty when it is not there, is no
/// number, or the file has more than 1 MiB.
[[nodiscard]] std::string find_setting(const engines::UnitView& view, const std::string& file, std::string_view name);

/// The last value of `name = value` there, without its quotes; '-' and '_' are the same in names.
[[nodiscard]] std::string find_text_setting(const engines::UnitView& view, const std::string& file,
                                            std::string_view name);
[[nodiscard]] std::string parse_text_setting(std::string_view text, std::string_view name);

/// The same where an empty value counts: "listen_addresses = ''"; nothing: it is not there.
[[nodiscard]] std::optional<std::string> find_given_setting(const engines::UnitView& view, const std::string& file,
                                                            std::string_view name);

/// An absolute path that a person could have written down, without variables.
[[nodiscard]] bool is_plain_path(std::string_view path);

/// "cp %p /srv/wal/%f": the folder to which an archive_command copies; empty when it names none of this machine
/// plainly.
[[nodiscard]] std::string parse_archive_folder(std::string_view command);

struct Share {
  std::string name;
  std::string path;  // absolute
};

/// Where a dovecot.conf's `mail_location = maildir:PATH` keeps mail: the folder above the first part with a variable;
/// empty when it says no such thing.
[[nodiscard]] std::string parse_mail_folder(std::string_view text);
[[nodiscard]] std::string find_mail_folder(const engines::UnitView& view, const std::string& file);

/// What an orthanc.json says, comments and all; empty and 0 where it does not.
struct OrthancSettings {
  std::string index_folder;  // absolute
  unsigned http_port = 0;
};
[[nodiscard]] OrthancSettings parse_orthanc_settings(std::string_view text);
[[nodiscard]] OrthancSettings find_orthanc_settings(const engines::UnitView& view, const std::string& file);

/// Sections of an smb.conf with a `path`; those with variables and the usual special ones are left out. At most 1,000.
[[nodiscard]] std::vector<Share> parse_shares(std::string_view text);
[[nodiscard]] std::vector<Share> find_shares(const engines::UnitView& view, const std::string& file);

}  // namespace lastgood::readiness
