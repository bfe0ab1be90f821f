// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What is printed of back-entries by more than one command.
#pragma once

#include "backentry/persons_of_numbers.h"
#include "cli/command.h"

namespace lastgood::cli {

/// One downtime number, and two persons: lines for people, or "back_entry_conflict".
void print_clash(const backentry::Book& book, const backentry::Clash& clash, Context& context);

}  // namespace lastgood::cli
