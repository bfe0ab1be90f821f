// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A base backup's files against its backup_manifest.
#pragma once

#include "engines/postgresql/cluster_files.h"
#include "engines/unit_check.h"

namespace lastgood::engines::postgresql {

enum class BackupUse : std::uint8_t {
  untouched,  // its backup_label is there
  started,
};

/// A backup that was started since it was taken has changed: its manifest is then only remarked on.
/// Sizes are compared always, contents from standard depth on.
void check_manifest(UnitCheck& check, const ClusterFiles& files, BackupUse use);

}  // namespace lastgood::engines::postgresql
