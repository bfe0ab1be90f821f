// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One question to a live database server of this machine: does it answer? Over its socket or the loopback address, as
// the account that is given, in a transaction that may only read. Nothing is taken from the environment, from password
// or option files; the server is sent one statement and no file.
#pragma once

#include <chrono>
#include <cstdint>
#include <string>

#include "base/result.h"
#include "engines/unit.h"

namespace lastgood::engines {

struct LiveServer {
  UnitKind kind = UnitKind::postgresql;  // or mariadb
  std::string socket;                    // PostgreSQL: its folder; MariaDB: the socket. Empty: `address`
  std::string address;                   // "127.0.0.1" or "::1"
  std::uint16_t port = 0;                // 0: the usual one
  std::string user;
  std::string password;
  std::string database;  // empty: "postgres"; of MariaDB none
};

struct LiveAnswer {
  std::string engine;     // "PostgreSQL 15.14", "MariaDB 10.11.14"
  bool has_rows = false;  // at least one row came; no more is read
  double seconds = 0;     // connecting included
};

/// Takes `limit` for connecting and as much for the statement, and two seconds each. ErrorCode::busy_retry: nobody
/// answers there. ErrorCode::denied: the account is not let in. ErrorCode::misuse: the statement is no question, is
/// more than one, or is wrong; the address is not of this machine. ErrorCode::limit_reached: too slow. Any thread.
[[nodiscard]] base::Result<LiveAnswer> ask_server(const LiveServer& server, const std::string& sql,
                                                  std::chrono::milliseconds limit);

}  // namespace lastgood::engines
