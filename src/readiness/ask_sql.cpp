// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/ask_sql.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engines/ask_server.h"
#include "os/append_file.h"

namespace lastgood::readiness {

namespace {

constexpr std::size_t k_password_bytes_max = 4096;
constexpr std::string_view k_postgresql_socket = "/.s.PGSQL.";

base::Result<std::string> read_password(const std::string& path) {
  if (path.empty()) return std::string();
  std::error_code trouble;
  const auto status = std::filesystem::status(path, trouble);
  const auto of_others = std::filesystem::perms::others_read | std::filesystem::perms::others_write;
  if (!trouble && (status.permissions() & of_others) != std::filesystem::perms::none)
    return base::Error{.code = base::ErrorCode::denied,
                       .what = fmt::format("everybody may read or write '{}': chmod 600", base::printable(path)),
                       .path = path};
  LG_ASSIGN(const std::string text, os::read_own_file(path, k_password_bytes_max));
  return text.substr(0, text.find_first_of("\r\n"));
}

/// PostgreSQL is asked in its folder of sockets; a person may have written the socket itself.
void set_place(engines::LiveServer& server, const services::HealthCheck& check) {
  server.socket = check.socket;
  server.address = check.host;
  server.port = check.port;
  const std::size_t at = check.socket.rfind(k_postgresql_socket);
  if (server.kind != engines::UnitKind::postgresql || at == std::string::npos) return;
  const std::string digits = check.socket.substr(at + k_postgresql_socket.size());
  if (digits.empty() || digits.size() > 5 || digits.find_first_not_of("0123456789") != std::string::npos) return;
  server.socket.resize(at);
  server.port = static_cast<std::uint16_t>(std::stoul(digits));
}

}  // namespace

HealthAnswer ask_sql(const services::Service& service) {
  const services::HealthCheck& check = *service.healthcheck;
  const auto data = std::find_if(service.data.begin(), service.data.end(),
                                 [&](const services::DataUnit& one) { return one.name == check.data; });
  if (data == service.data.end()) return {Health::unknown, fmt::format("there is no data '{}'", check.data), 0};
  const bool is_postgresql = data->kind == services::DataKind::postgresql;
  if (!is_postgresql && data->kind != services::DataKind::mariadb)
    return {Health::unknown, fmt::format("{} has no server to be asked with SQL", services::name_of(data->kind)), 0};
  const auto password = read_password(check.password_file);
  if (!password.ok()) return {Health::unknown, "its password: " + password.error().what, 0};
  engines::LiveServer server{.kind = is_postgresql ? engines::UnitKind::postgresql : engines::UnitKind::mariadb,
                             .socket = {},
                             .address = {},
                             .user = check.user,
                             .password = password.value(),
                             .database = data->database};
  set_place(server, check);
  const std::string place =
      server.socket.empty() ? server.address : fmt::format("socket {}", base::printable(check.socket));
  const auto limit = std::chrono::milliseconds(static_cast<std::int64_t>(check.timeout_s * 1000));
  const auto answer = engines::ask_server(server, check.sql, limit);
  if (answer.ok())
    return {Health::well,
            fmt::format("{} at {} answered {} in {:.2f} s", answer.value().engine, place,
                        answer.value().has_rows ? "with rows" : "without rows", answer.value().seconds),
            1};
  return {Health::not_well,
          fmt::format("{} at {}: {}", services::name_of(data->kind), place, base::printable(answer.error().what)), 1};
}

}  // namespace lastgood::readiness
