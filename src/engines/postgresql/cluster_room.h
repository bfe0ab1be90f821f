// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A copy of a cluster and PostgreSQL running on it, locked in, its log replayed. Nobody has asked it anything yet.
// Private to engines/postgresql/.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "engines/postgresql/control_file.h"
#include "engines/postgresql/made_tablespaces.h"
#include "engines/postgresql/pg_session.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::postgresql {

/// Who may connect at first.
enum class FirstGuest : std::uint8_t { anybody, nobody };

/// One thread. Owns copy and server.
struct ClusterRoom {
  ScratchCopy copy;
  os::LockedRoom room;
  std::string socket_folder;
  std::string user;                  // with FirstGuest::anybody: the first superuser
  Lsn last_record = 0;               // of the log that was replayed; 0: none was
  std::vector<MadeTablespace> made;  // by the logs; they lie in the tree as `tablespaces/NUMBER`
};

/// Fills `start` with what was copied, left out and replayed.
[[nodiscard]] base::Result<std::unique_ptr<ClusterRoom>> start_cluster(const UnitView& view, const std::string& folder,
                                                                       const ScratchServerOptions& options,
                                                                       FirstGuest guest, ScratchStart& start);

}  // namespace lastgood::engines::postgresql
