// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What events of Windows' own logs mean, whichever tool has unpacked them. Private to logs/.
#pragma once

#include <cstdint>
#include <string_view>

#include "logs/flat_record.h"
#include "model/event.h"

namespace lastgood::logs {

/// Of Windows: what an event of this number in this channel is.
[[nodiscard]] model::EventKind kind_of_windows_event(std::string_view channel, std::uint64_t number);

/// plaso gives an event's values as a list without names ("strings", and within its message): the ones that say who and
/// from where get the names that Windows has for them ("TargetUserName", "IpAddress", ...).
void name_windows_values(std::string_view source, std::uint64_t number, FlatRecord& record);

}  // namespace lastgood::logs
