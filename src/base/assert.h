// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LG_ASSERT: a broken invariant of our own. Never for anything a file or a person can cause. On in every build.
#pragma once

namespace lastgood::base {

/// Says what broke on stderr and ends the program with exit code 70.
[[noreturn]] void fail_assertion(const char* condition, const char* file, int line) noexcept;

}  // namespace lastgood::base

#define LG_ASSERT(condition) \
  ((condition) ? static_cast<void>(0) : ::lastgood::base::fail_assertion(#condition, __FILE__, __LINE__))
