// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sources of the case that lie on this machine and are not there now: a disk that is unplugged, a folder without its
// mount. What is in them helps nobody tonight before they are back.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "recovery/unit_copies.h"

namespace lastgood::readiness {

/// By name, each with what is to be said of it: "'/mnt/nas' is an empty folder". Looks at names only, opens none; of
/// sources behind a network nothing is known.
using AbsentSources = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] base::Result<AbsentSources> find_absent_sources(casefile::CaseStore& store);

/// "its copies in 'nas' cannot be read now: '/mnt/nas' is an empty folder; when it is there again, ..."; of each source
/// of `copies` that is absent. Empty: none is.
[[nodiscard]] std::string describe_absent(const std::vector<recovery::UnitCopy>& copies, const AbsentSources& absent);
[[nodiscard]] std::string describe_absent(const std::string& source, const AbsentSources& absent);

}  // namespace lastgood::readiness
