// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Lists one directory of evidence with getdents64(2), entry by entry, in the order the file system has them.
#pragma once

#include <functional>
#include <string_view>

#include "os/evidence.h"

namespace lastgood::os {

/// Called for each entry but "." and "..". `kind` is empty when the file system does not say. False ends the listing.
using EntryVisitor = std::function<bool(std::string_view name, std::optional<FileKind> kind)>;

/// An error after some entries were shown means that the rest of this directory is unknown.
[[nodiscard]] base::Status list_directory(const Descriptor& directory, std::string_view path_for_messages,
                                          const EntryVisitor& visitor);

}  // namespace lastgood::os
