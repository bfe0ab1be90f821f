// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Puts on a file or folder what it carries, in the order in which one step does not undo another: owner (clears setuid
// and capabilities), attributes, mode (rewrites the mask of an ACL), ACLs, capabilities, time. Flags come last of all,
// when nothing else is to be done (put_flags).
#pragma once

#include <string>
#include <vector>

#include "recovery/restore/content_hash.h"
#include "recovery/restore/journal_record.h"
#include "recovery/restore/restore_item.h"

namespace lastgood::recovery::restore {

enum class InheritedAcl : std::uint8_t {
  none_possible,  // the folder is ours and has no default ACL yet
  remove,         // the folder stood there before
};

/// What does not depend on one file.
struct MetadataRules {
  const os::RestoreTarget* target = nullptr;
  const std::vector<ItemExtras>* extras = nullptr;
  RestorePolicy policy;
  InheritedAcl inherited_acl = InheritedAcl::none_possible;
};

/// Sets owner, mode, attributes and time of an open file or folder; fills in what verify compares. What this machine
/// refuses is a remark. An Error stops the restore.
[[nodiscard]] base::Status put_metadata(const MetadataRules& rules, const os::Descriptor& file, const Carried& carried,
                                        model::EntryKind kind, const std::string& path, TroubleList& troubles,
                                        DoneState& done);

/// Of a link, fifo, socket or device that stands under `name`: owner, mode, time.
[[nodiscard]] base::Status put_node_metadata(const MetadataRules& rules, const os::Descriptor& folder,
                                             const std::string& name, const Carried& carried, model::EntryKind kind,
                                             const std::string& path, TroubleList& troubles);

[[nodiscard]] base::Status put_flags(const MetadataRules& rules, const os::Descriptor& file, const Carried& carried,
                                     const std::string& path, TroubleList& troubles);

/// One number for names and values together, sorted by name; zero for none.
[[nodiscard]] Hash128 hash_attributes(const std::vector<std::pair<std::string, std::string>>& sorted);

}  // namespace lastgood::recovery::restore
