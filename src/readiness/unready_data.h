// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What speaks against starting a server on the data that stand in place: a server may start on a database of which
// files are encrypted or gone, and people write into it.
#pragma once

#include <functional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/restore_plan.h"
#include "services/services_file.h"

namespace lastgood::readiness {

/// Of a database that is not regenerable: which of its files stand there encrypted as a scan saw them, and the way on.
/// Empty: none. Of other data what cannot be brought back stays there, and regenerable data are made again by the start
/// itself: a standby's folder is struck until then.
[[nodiscard]] std::string describe_struck(const services::Service& service, const services::DataUnit& data,
                                          const recovery::SeenFiles& seen);

/// Paths of data of `file` that are not regenerable and of which nothing is left where they belong on this machine,
/// though the newest scan saw something there; of databases, also where a backup has it, and of a server's, also where
/// no scan has looked and an empty folder stands there.
[[nodiscard]] base::Result<std::set<std::string>> find_data_gone(const services::ServicesFile& file,
                                                                 casefile::CaseStore& store);
/// That nothing but at most an empty file or folder stands there, and the way on. REQUIRES: `data` is one of these.
/// Only databases hold a start back: of files no program makes an empty one.
[[nodiscard]] std::string describe_nothing_there(const services::Service& service, const services::DataUnit& data);

/// Of a server's database that is not regenerable: what its own lists miss of what stands there now, whatever scans
/// saw, by recovery::find_fault_in_place with `roots` and `goes_on`, and the way on. Empty: nothing, or not known.
[[nodiscard]] std::string describe_fault(const services::Service& service, const services::DataUnit& data,
                                         const std::vector<std::string>& roots, const std::function<bool()>& goes_on);

/// The way on where a PostgreSQL runs and ends each session, as `answer` says: a setting that stands in the database
/// itself loads a library that is not there. Begins with "; "; empty: it says nothing of that.
[[nodiscard]] std::string describe_ended_sessions(std::string_view answer);

/// Why a server may not start that cannot say so itself: a folder of its data belongs to root. Begins with "; ".
[[nodiscard]] std::string describe_root_owned(const services::Service& service);

}  // namespace lastgood::readiness
