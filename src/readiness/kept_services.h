// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The services file of a case: a copy in `CASE/services/services.toml`, its digest in the ledger. Commands are only
// ever taken from there, and only while the digest is the one that a person set.
#pragma once

#include <string>

#include "base/result.h"
#include "casefile/case_store.h"
#include "ledger/ledger.h"
#include "services/services_file.h"

namespace lastgood::readiness {

/// CASE/services/services.toml
[[nodiscard]] std::string kept_services_path(const std::string& case_folder);

/// ErrorCode::misuse when `path` lies below a source of the case, below what was restored, or below data that the file
/// itself names: whoever struck may have written it, and its commands would be run.
[[nodiscard]] base::Status check_place(const std::string& path, const services::ServicesFile& file,
                                       casefile::CaseStore& store, const std::string& case_folder);

/// ErrorCode::misuse when a command's program lies below data of the file, below a source, or below what was restored:
/// nothing that came out of a backup is ever executed.
[[nodiscard]] base::Status check_programs(const services::ServicesFile& file, casefile::CaseStore& store,
                                          const std::string& case_folder);

/// Reads, checks and keeps a copy, also of a file whose mistakes leave some service; the ledger first.
[[nodiscard]] base::Result<services::ReadServices> set_services(const std::string& path, casefile::CaseStore& store,
                                                                ledger::Ledger& ledger, const std::string& case_folder);

/// `given`, or where that is empty the case's own. ErrorCode::not_found with a hint when the case has none.
[[nodiscard]] base::Result<services::ServicesFile> read_case_services(const std::string& given,
                                                                      const std::string& case_folder);

/// The case's own, to be acted upon: ErrorCode::damaged_container when it is not what the ledger says was set.
[[nodiscard]] base::Result<services::ServicesFile> read_set_services(const std::string& case_folder);

}  // namespace lastgood::readiness
