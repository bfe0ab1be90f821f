// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "model/event.h"

#include <array>

namespace lastgood::model {

std::string_view name_of(EventKind kind) {
  constexpr std::array<std::string_view, k_event_kind_count> k_names = {
      "other",        "file_created",          "file_written",    "file_read",      "file_renamed",
      "file_deleted", "file_metadata_changed", "login",           "login_failed",   "logout",
      "command_run",  "service_changed",       "account_changed", "connection",     "request",
      "mail_relayed", "snapshot_made",         "note_placed",     "file_encrypted", "log_cleared"};
  return k_names.at(static_cast<std::size_t>(kind));
}

std::string_view name_of(TimeBasis basis) {
  constexpr std::array<std::string_view, k_time_basis_count> k_names = {"recorded", "zone_assumed", "year_assumed",
                                                                        "file_time", "claimed"};
  return k_names.at(static_cast<std::size_t>(basis));
}

}  // namespace lastgood::model
