// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One connection to a scratch server of MariaDB, or to a live one (ask_server.h), by libmariadb: no option files, no
// files of ours sent, one statement at a time. Private to engines/mariadb/.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engines/scratch_server.h"
#include "engines/start_watch.h"

struct st_mysql;

namespace lastgood::engines::mariadb {

struct MariaTarget {
  std::string socket;
  std::string user;
  std::string password;
  std::string database;  // empty: none
  std::string address;   // a numeric one, asked by TCP instead of `socket`; empty: the socket
  std::uint16_t port = 0;
  unsigned connect_limit_s = 10;
  unsigned silence_limit_s = 600;
  StartWatch* watch = nullptr;  // looks while an answer's first row is waited for; lives longer than the session
};

using MariaRow = std::vector<std::optional<std::string>>;

/// One thread.
class MariaSession {
 public:
  /// ErrorCode::busy_retry: the server does not answer yet. ErrorCode::denied: the account is not let in.
  /// ErrorCode::misuse: no such database.
  [[nodiscard]] static base::Result<MariaSession> open(const MariaTarget& target);
  MariaSession(MariaSession&&) noexcept = default;
  MariaSession& operator=(MariaSession&&) noexcept = default;
  ~MariaSession() = default;

  /// A statement of ours; all rows, at most 1,000,000.
  [[nodiscard]] base::Result<std::vector<MariaRow>> rows(const std::string& sql);
  /// One statement, whoever wrote it: the protocol takes no second one. `*given` counts rows given to the sink.
  /// After ErrorCode::limit_reached, what the target's watch says, and when the sink had enough, the session is of no
  /// more use (is_over).
  [[nodiscard]] base::Status stream(const std::string& sql, const RowLimits& limits, RowSink& sink,
                                    std::uint64_t* given);
  [[nodiscard]] bool is_over() const { return is_over_; }
  /// By closing it another thread ends what is waited for.
  [[nodiscard]] int socket() const;
  /// "10.11.14"
  [[nodiscard]] std::string server_version() const;

 private:
  struct Close {
    void operator()(st_mysql* connection) const;
  };
  MariaSession() = default;
  std::unique_ptr<st_mysql, Close> connection_;
  StartWatch* watch_ = nullptr;
  bool is_over_ = false;
};

/// `name` as SQL writes it: "`my table`".
[[nodiscard]] std::string quote_name(std::string_view name);
[[nodiscard]] std::string quote_text(std::string_view text);

}  // namespace lastgood::engines::mariadb
