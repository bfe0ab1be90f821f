// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Is a service well? Asked as its health check says: a program, a TCP connection, an HTTP answer, a
// question in SQL.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "services/services_file.h"

namespace lastgood::readiness {

enum class Health : std::uint8_t { well, not_well, unknown };
std::string_view name_of(Health health);

struct HealthAnswer {
  Health health = Health::unknown;
  std::string sentence;  // "127.0.0.1:5432 accepts connections", "no health check is written down"
  unsigned tries = 0;
};

/// Once. Takes at most the check's timeout and two seconds; a question in SQL twice that. Any thread.
[[nodiscard]] HealthAnswer ask_once(const services::Service& service);

/// Until it is well, or `retries` answers in a row were not (those within `start_period` of the call do not count),
/// with `interval` between. `cancelled` is asked between tries, some times a second. Any thread.
[[nodiscard]] HealthAnswer ask_until_well(const services::Service& service, const std::function<bool()>& cancelled);

/// The other way round, after a stop: until it is not well any more, or `retries` answers in a row were, because a
/// server takes a moment to go down. Any thread.
[[nodiscard]] HealthAnswer ask_until_down(const services::Service& service, const std::function<bool()>& cancelled);

/// All of them at once, 16 at a time; answers in the order of `asked`.
[[nodiscard]] std::vector<HealthAnswer> ask_all(const std::vector<const services::Service*>& asked,
                                                bool (*cancelled)());

}  // namespace lastgood::readiness
