// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One connection to a scratch server of PostgreSQL, or to a live one (ask_server.h), by libpq. It takes nothing from
// the environment and no password file. What a server that works on hostile data sends is limited by the caller.
// Private to engines/postgresql/.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engines/scratch_server.h"

struct pg_conn;

namespace lastgood::engines::postgresql {

struct PgTarget {
  std::string socket_folder;
  std::string database;
  std::string user;
  std::string options;  // "-c name=value ..."
  std::string address;  // a numeric one, asked by TCP instead of `socket_folder`; empty: the socket
  std::string port = "5432";
  std::string password;
  int connect_limit_s = 10;
};

using PgRow = std::vector<std::optional<std::string>>;

/// One thread.
class PgSession {
 public:
  /// ErrorCode::busy_retry: the server does not answer yet. ErrorCode::denied: it does not let this user in.
  [[nodiscard]] static base::Result<PgSession> open(const PgTarget& target);
  PgSession(PgSession&&) noexcept = default;
  PgSession& operator=(PgSession&&) noexcept = default;
  ~PgSession() = default;

  /// A statement of ours; all rows, at most 1,000,000 and 256 MiB.
  [[nodiscard]] base::Result<std::vector<PgRow>> rows(const std::string& sql);
  /// One statement, whoever wrote it: the protocol takes no second one. `*given` counts rows given to the sink.
  /// After ErrorCode::limit_reached, and when the sink had enough, the session is of no more use (is_over).
  [[nodiscard]] base::Status stream(const std::string& sql, const RowLimits& limits, RowSink& sink,
                                    std::uint64_t* given);
  [[nodiscard]] bool is_over() const { return is_over_; }
  /// By closing it another thread ends what is waited for.
  [[nodiscard]] int socket() const;
  [[nodiscard]] int server_version() const;

 private:
  struct Close {
    void operator()(pg_conn* connection) const;
  };
  PgSession() = default;
  std::unique_ptr<pg_conn, Close> connection_;
  bool is_over_ = false;
};

/// `name` as SQL writes it: "\"my \"\"table\"\"\"".
[[nodiscard]] std::string quote_name(std::string_view name);
[[nodiscard]] std::string quote_text(std::string_view text);

}  // namespace lastgood::engines::postgresql
