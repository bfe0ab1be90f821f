// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A database whose files the attacker deleted, emptied or cut: no scan has anything against a file that is not there,
// nor against one of no bytes. Only its own lists know what is missing.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "recovery/plan.h"

namespace lastgood::recovery {

struct FaultInPlace {
  std::string sentence;  // "base/5/16384: is not there, and 'patient' has its rows in it"; empty: there is none
  std::int64_t stood_until_ns = 0;  // last commit or checkpoint of it that can be read; 0: not known
  enum class Is : std::uint8_t { damaged, struck } is = Is::damaged;  // struck: files of it look encrypted
};

/// What the quick check of its kind says against the database or other set in the folder `path` as it stands on this
/// machine. Nothing: or it was not looked at, because it is a file, nothing stands there, somebody works in it, or it
/// cannot be read. What links of it lead to is looked for on this machine and below those of `roots` that hold it,
/// which may be other machines' disks; each way must find fault. Encrypted files of a server's database are a fault,
/// too: they may have been struck since the scan. What lies beside them and only looks random is none: the scan looks
/// at that. `goes_on` is asked again and again, and once it says no nothing is found.
[[nodiscard]] FaultInPlace find_fault_in_place(const std::string& kind, const std::string& path,
                                               const std::vector<std::string>& roots,
                                               const std::function<bool()>& goes_on);
[[nodiscard]] FaultInPlace find_fault_in_place(const std::string& kind, const std::string& path,
                                               const std::vector<std::string>& roots);

/// "needs_recovery": what the standard check of its kind, which reads all of it, calls it where it may be used as it
/// stands on this machine. Empty: it may not, or was not looked at, as above.
[[nodiscard]] std::string find_whole_in_place(const std::string& kind, const std::string& path,
                                              const std::vector<std::string>& roots);

/// Files of the copy `items` in `snapshot` of the unit at `path` that held something, and of which this machine has one
/// of no bytes, or, of a PostgreSQL's tables, a shorter one or one that begins with a page of zeros, and tables of a
/// MariaDB that are not there any more: a sentence. Empty: none, or it was not looked at, as above. Whether rows were
/// deleted in good order, or their file was emptied, no byte says.
[[nodiscard]] std::string find_shrunk(const std::string& kind, const std::string& path,
                                      const std::vector<PlanItem>& items, const std::string& snapshot,
                                      const std::vector<std::string>& roots);

}  // namespace lastgood::recovery
