// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PersonCounter: how many persons rows speak of, exactly, in bounded memory: keys are sorted in 256 parts, equal ones
// dropped, and what does not fit goes to nameless files that hold keys only.
//
// Upper bound: different primary identifiers, without those that a row shows to be another identifier of somebody who
// is counted already, and each row without any identifier. Lower bound: what is left when all that share any identifier
// are one person (union-find). An identifier that more than k_placeholder_persons primary ones carry ("9999999999")
// joins nobody: it says nothing of a person.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/result.h"
#include "persons/person_key.h"

namespace lastgood::persons {

inline constexpr std::uint64_t k_placeholder_persons = 100;

struct CountOptions {
  std::string spill_folder;  // where nameless files may be made; empty: never
  std::uint64_t memory_bytes_max = std::uint64_t{1200} << 20;
};

struct PersonCount {
  std::uint64_t rows = 0;             // that speak of a person
  std::uint64_t rows_without_id = 0;  // counted one each above, none below
  std::uint64_t identifiers = 0;      // different primary ones
  std::uint64_t absorbed = 0;         // of them: shown by a row to be somebody's who has another one
  std::uint64_t contacts = 0;         // different telephone numbers or mail addresses in rows that hold nothing else
  std::uint64_t placeholders = 0;     // identifiers that too many carry
  std::uint64_t lower = 0;
  std::uint64_t upper = 0;
  std::uint64_t spilled_bytes = 0;
};

/// One thread at a time.
class PersonCounter {
 public:
  explicit PersonCounter(CountOptions options);
  PersonCounter(PersonCounter&&) noexcept;
  PersonCounter& operator=(PersonCounter&&) = delete;
  ~PersonCounter();

  /// One row: the identifier it is counted by, and others of the same person.
  [[nodiscard]] base::Status add(const PersonKey& primary, std::span<const PersonKey> others);
  /// A row that holds a telephone number or mail address and nothing else.
  [[nodiscard]] base::Status add_contact(const PersonKey& contact);
  void add_without_id();

  /// Ends the counting. REQUIRES: called once, nothing failed before.
  [[nodiscard]] base::Result<PersonCount> finish();

 private:
  struct State;
  std::unique_ptr<State> state_;
};

}  // namespace lastgood::persons
