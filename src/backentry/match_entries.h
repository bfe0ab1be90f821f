// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Who of the restored database may be whom an entry is about. Suggestions with reasons, for a person to decide; nothing
// is ever merged by us.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "backentry/entry_book.h"
#include "engines/scratch_server.h"

namespace lastgood::backentry {

struct Suggestion {
  std::string number;  // in the database
  std::string name;
  std::vector<std::string> other_names;  // as the database writes it otherwise: in letters of the country
  std::string sex;
  std::string birth_date;
  std::string phone;
  std::vector<std::string> reasons;  // "same telephone", "same name"
  unsigned weight = 0;               // more is likelier
};

/// Takes rows of patients in, as a query with the columns number, name, sex, birth_date, phone gives them (and any
/// whose name begins with "name_": the same person written otherwise), and keeps the ten likeliest for each standing
/// entry without a decision. Memory does not grow with the rows. One thread.
class PatientMatcher final : public engines::RowSink {
 public:
  explicit PatientMatcher(const Book& book);
  void on_columns(std::span<const std::string> names) override;
  bool on_row(std::span<const std::optional<std::string_view>> values) override;

  /// What the query lacks: "no column 'phone'".
  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Of an entry, the likeliest first.
  [[nodiscard]] const std::vector<Suggestion>& suggestions(std::uint64_t entry) const;
  /// How many there were of an entry, of which suggestions() are the likeliest.
  [[nodiscard]] std::uint64_t found(std::uint64_t entry) const;
  /// Open entries with the same telephone under another downtime number: one person twice, or a family.
  [[nodiscard]] std::vector<const Entry*> same_phone(const Entry& entry) const;

 private:
  void consider(const Entry& entry, const Suggestion& row);

  std::map<std::uint64_t, const Entry*> entries_;
  std::multimap<std::string, std::uint64_t, std::less<>> by_number_;
  std::multimap<std::string, std::uint64_t, std::less<>> by_phone_;
  std::multimap<std::string, std::uint64_t, std::less<>> by_name_;
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<std::size_t> other_names_;  // columns
  std::vector<std::string> missing_;
  std::uint64_t rows_ = 0;
  std::map<std::uint64_t, std::vector<Suggestion>> kept_;
  std::map<std::uint64_t, std::uint64_t> found_;
};

}  // namespace lastgood::backentry
