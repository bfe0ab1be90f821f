// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A dossier as parts of a document. Pure.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "documents/document.h"
#include "dossier/dossier.h"

namespace lastgood::dossier {

/// A table of the statements, one a row: level, what is said, by which data, days between, strength; then the closing
/// sentence and what licences ask to be said. Times as in `zone`, the case's, and in UTC.
[[nodiscard]] std::vector<documents::Block> dossier_blocks(const Dossier& dossier, std::string_view zone);

/// "203.0.113.7", or "203.0.113.7 port 4444", "[2001:db8::1] port 25".
[[nodiscard]] std::string address_and_port(const model::IpAddress& address, std::uint16_t port);

}  // namespace lastgood::dossier
