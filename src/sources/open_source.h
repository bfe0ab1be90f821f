// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The door to sources/: from an address such as "restic:/backup/repo" to an open Source.
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"
#include "sources/source.h"

namespace lastgood::sources {

enum class SourceKind : std::uint8_t { folder, restic, borg, tar };

std::string_view name_of(SourceKind kind);

/// "folder:PATH", "restic:PATH", "restic:rest:http://host:port/path", "borg:PATH", "tar:PATH".
struct SourceAddress {
  SourceKind kind = SourceKind::folder;
  std::string location;  // absolute path, or "rest:http://..."
  bool operator==(const SourceAddress&) const = default;
};

/// ErrorCode::misuse, with the near miss as a hint, for anything else. Relative paths are made absolute.
[[nodiscard]] base::Result<SourceAddress> parse_source_address(std::string_view url);
[[nodiscard]] std::string format_source_address(const SourceAddress& address);

/// What opens a locked source. Never kept in the case, never printed.
struct SourceSecrets {
  std::optional<std::string> password;  // without the newline at its end
  std::optional<std::string> key_file;  // content of a borg key file or paper key, or of restic's `cat masterkey`
};

struct OpenOptions {
  /// The source as it was then (nanoseconds since 1970, UTC): what was written later is not there, what was deleted
  /// later is. Nothing: as it is now.
  std::optional<std::int64_t> as_of_ns;
  /// Also what was deleted or never finished and can still be read, as snapshots with Presence::erased.
  enum class Erased : std::uint8_t { leave_out, include } erased = Erased::leave_out;
  /// The zone of times in names of snapshots that say none: "+05:30". Empty: nobody has said it, and UTC is assumed.
  std::string names_in;
};

/// Wrong password: ErrorCode::denied. No password given where one is needed: ErrorCode::misuse. Unknown version:
/// ErrorCode::unsupported. Nothing there: ErrorCode::not_found. Each with a hint.
[[nodiscard]] base::Result<std::unique_ptr<Source>> open_source(const SourceAddress& address,
                                                                const SourceSecrets& secrets,
                                                                const OpenOptions& options);

/// The local path that the source lies in; empty for one behind a network. Restores refuse targets inside it.
[[nodiscard]] std::string local_folder_of(const SourceAddress& address);

}  // namespace lastgood::sources
