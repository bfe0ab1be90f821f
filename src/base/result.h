// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Result<T>: a value or an Error. A dropped Result does not compile.
// GCC 12 has no std::expected in C++20 and clang 14 cannot see it at all, hence these sixty lines.
#pragma once

#include <utility>
#include <variant>

#include "base/assert.h"
#include "base/error.h"

namespace lastgood::base {

template <typename T>
class [[nodiscard]] Result {
 public:
  Result(T value) : state_(std::in_place_index<0>, std::move(value)) {}      // NOLINT(google-explicit-constructor)
  Result(Error error) : state_(std::in_place_index<1>, std::move(error)) {}  // NOLINT(google-explicit-constructor)

  [[nodiscard]] bool ok() const { return state_.index() == 0; }
  explicit operator bool() const { return ok(); }

  /// REQUIRES: ok().
  T& value() & {
    LG_ASSERT(ok());
    return *std::get_if<0>(&state_);
  }
  const T& value() const& {
    LG_ASSERT(ok());
    return *std::get_if<0>(&state_);
  }
  T&& value() && {
    LG_ASSERT(ok());
    return std::move(*std::get_if<0>(&state_));
  }

  /// REQUIRES: !ok().
  const Error& error() const& {
    LG_ASSERT(!ok());
    return *std::get_if<1>(&state_);
  }
  Error&& error() && {
    LG_ASSERT(!ok());
    return std::move(*std::get_if<1>(&state_));
  }

 private:
  std::variant<T, Error> state_;
};

struct Done {};
/// For work that gives nothing back but can fail. Return `Done{}` at the end.
using Status = Result<Done>;

/// Drops an error on purpose; the reason is for the reader.
template <typename T>
void ignore_error(const Result<T>& /*result*/, const char* /*reason*/) {}

}  // namespace lastgood::base

/// Returns the error of `expression` from the enclosing function, if it has one.
#define LG_TRY(expression)                                \
  do {                                                    \
    if (auto lg_result = (expression); !lg_result.ok()) { \
      return std::move(lg_result).error();                \
    }                                                     \
  } while (false)

#define LG_JOIN_INNER(a, b) a##b
#define LG_JOIN(a, b) LG_JOIN_INNER(a, b)

/// `LG_ASSIGN(auto x, f());`: the value of `f()`, or return its error.
#define LG_ASSIGN(declaration, expression)                   \
  auto LG_JOIN(lg_result_, __LINE__) = (expression);         \
  if (!LG_JOIN(lg_result_, __LINE__).ok()) {                 \
    return std::move(LG_JOIN(lg_result_, __LINE__)).error(); \
  }                                                          \
  declaration = std::move(LG_JOIN(lg_result_, __LINE__)).value()
