// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The sheet that holds a ledger's head on paper: root in groups that can be read aloud, a QR code with the head's very
// text and its signature, and room for the two people who took it away. Paper is what nobody can change from afar.
// Pure.
#pragma once

#include <string>

#include "ledger/kept_heads.h"

namespace lastgood::evidence {

/// What the QR code holds: the head's text, then `key` and `signature` lines where it is signed.
std::string qr_payload(const ledger::NotedHead& head);

std::string write_head_sheet_html(const ledger::NotedHead& head, const std::string& case_name);
std::string write_head_sheet_text(const ledger::NotedHead& head, const std::string& case_name);

}  // namespace lastgood::evidence
