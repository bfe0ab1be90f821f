// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Private to readiness: one question in SQL to the live server of a service's data.
#pragma once

#include "readiness/ask_health.h"

namespace lastgood::readiness {

/// Well when it answers, with rows or without. Unknown when it cannot be asked: no such data, or its password cannot be
/// read, or others may read it. Any thread.
[[nodiscard]] HealthAnswer ask_sql(const services::Service& service);

}  // namespace lastgood::readiness
