// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The bytes of one member, holes filled with zeros.
#pragma once

#include <memory>

#include "sources/source.h"
#include "sources/tar/tar_archive.h"

namespace lastgood::sources::tar {

/// `archive` and `member`, one of its files, outlive it.
[[nodiscard]] std::unique_ptr<Content> open_member(TarArchive& archive, const Member& member);

}  // namespace lastgood::sources::tar
