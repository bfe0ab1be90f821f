// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is switched off in a scratch server of MariaDB before anybody else may ask it, and the account that asks.
// Private to engines/mariadb/.
#pragma once

#include <string>

#include "engines/mariadb/maria_session.h"

namespace lastgood::engines::mariadb {

/// Notes what of the copy's system tables could run: plugins, functions in libraries, events, triggers, servers.
void list_left_out(MariaSession& session, ScratchStart& start);

enum class Fence : std::uint8_t {
  account,    // the asking account may only read
  statement,  // the table of accounts is broken: only statements that read are let through
};
/// Removes all accounts, plugins, functions in libraries and events of the copy, and makes `reader`.
[[nodiscard]] Fence quiet_data(MariaSession& session, const std::string& reader, const std::string& password);

/// Whether a statement begins as one that reads does.
[[nodiscard]] bool begins_as_question(std::string_view sql);

}  // namespace lastgood::engines::mariadb
