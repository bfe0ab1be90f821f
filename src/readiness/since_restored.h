// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a scan saw encrypted and a restore has exchanged since: until somebody scans again, the case alone would call
// it encrypted for ever.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "model/file_record.h"
#include "services/services_file.h"

namespace lastgood::readiness {

/// A restore in place that went to its end.
struct EndedRestore {
  std::string target;
  std::int64_t begun_ns = 0;
  std::int64_t ended_ns = 0;
  std::vector<std::string> services;   // whose data it brought back
  std::vector<std::string> databases;  // of theirs: places on the victim, "/var/lib/mysql"
  std::vector<std::string>
      with_sets;  // of the services: those of which another set came back, such as a file of SQLite
};
/// Of a case, from its ledger.
[[nodiscard]] base::Result<std::vector<EndedRestore>> read_ended_restores(const std::string& case_folder);

/// When the newest restore ended that reaches `path` and was begun after `scan` had ended; 0: there is none.
[[nodiscard]] std::int64_t restored_since(const std::vector<EndedRestore>& restores, const model::Scan& scan,
                                          std::string_view path);

/// When the newest restore ended that brought the data of `service` back; 0: there is none.
[[nodiscard]] std::int64_t service_restored(const std::vector<EndedRestore>& restores, std::string_view service);

/// As service_restored, of one of its data: also by a restore of another service of `file` that has the same.
[[nodiscard]] std::int64_t data_restored(const std::vector<EndedRestore>& restores, const services::ServicesFile& file,
                                         const services::Service& service, const services::DataUnit& data);

/// The databases that stand restored in their places, each with the newest restore that brought it back: those of
/// servers, and of SQLite those that a service of `file` says.
[[nodiscard]] std::map<std::string, EndedRestore> restored_in_place(const std::vector<EndedRestore>& restores,
                                                                    const services::ServicesFile& file);

/// The newest restore that brought the database of `path` back, a place on the victim; nothing: none did.
[[nodiscard]] std::optional<EndedRestore> database_restored(const std::vector<EndedRestore>& restores,
                                                            std::string_view path);

/// Whether anything lies at `path`, a file or a folder; no where that cannot be found out.
[[nodiscard]] bool is_there(const std::string& path);

/// Whether a file lies there as the scan saw it; also where that cannot be found out.
[[nodiscard]] bool is_as_scanned(const model::FileRecord& file);

}  // namespace lastgood::readiness
