// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Who of the restored database may be whom an entry is about. Suggestions with reasons, for a person to decide; nothing
// is ever merged by us.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
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
  std::string place;  // "W-5 / Cardiology ward / Cardiology": where the person is, if the question has it
  std::vector<std::string> reasons;   // "same telephone", "same name", "BUT another sex"
  unsigned weight = 0;                // more is likelier
  std::optional<double> years_apart;  // between its age and the entry's; among equals the nearest is first
  bool is_alike = false;              // the number, the telephone or the name is the same
};

/// What speaks against it that the entry is about the person of the row: "name", "sex", "age", "telephone",
/// "patient number", each where both say one.
[[nodiscard]] std::vector<std::string> contradictions(const Entry& entry, const Suggestion& row);

/// What speaks for and against it that the entry is about the person of the row.
[[nodiscard]] Suggestion weighed(const Entry& entry, const Suggestion& row);

/// Which column of a question about patients is what: number, name, sex, birth_date, phone; place, where there is one;
/// and any whose name begins with "name_": the same person written otherwise.
class PatientColumns {
 public:
  void take(std::span<const std::string> names);
  /// What the question lacks: "no column 'phone'".
  [[nodiscard]] const std::vector<std::string>& missing() const { return missing_; }
  [[nodiscard]] bool has(std::string_view name) const { return columns_.find(name) != columns_.end(); }

  using Values = std::span<const std::optional<std::string_view>>;
  /// At most 300 bytes of it, as the database gave it.
  [[nodiscard]] std::string_view value(Values values, std::string_view name) const;
  [[nodiscard]] std::vector<std::string_view> other_names(Values values) const;
  /// Without weight and reasons; clean.
  [[nodiscard]] Suggestion row(Values values) const;

 private:
  std::map<std::string, std::size_t, std::less<>> columns_;
  std::vector<std::size_t> other_names_;
  std::vector<std::string> missing_;
};

/// Takes rows of patients in, as a question with PatientColumns gives them, and keeps the ten likeliest for each
/// standing entry without a decision: by what is the same, and among equals by the nearest age. Memory does not grow
/// with the rows. One thread.
class PatientMatcher final : public engines::RowSink {
 public:
  explicit PatientMatcher(const Book& book);
  /// A new answer: what an earlier one gave, that broke off, is forgotten.
  void on_columns(std::span<const std::string> names) override;
  bool on_row(std::span<const std::optional<std::string_view>> values) override;

  /// What the query lacks: "no column 'phone'".
  [[nodiscard]] const std::vector<std::string>& missing() const { return columns_.missing(); }
  [[nodiscard]] std::uint64_t rows() const { return rows_; }
  /// Of an entry, the likeliest first.
  [[nodiscard]] const std::vector<Suggestion>& suggestions(std::uint64_t entry) const;
  /// How many there were of an entry, of which suggestions() are the likeliest.
  [[nodiscard]] std::uint64_t found(std::uint64_t entry) const;
  /// By what the suggestions of an entry are ordered: what was typed of it and the question has, "telephone", "age".
  [[nodiscard]] std::vector<std::string> ordered_by(const Entry& entry) const;
  /// Open entries with the same telephone under another downtime number: one person twice, or a family.
  [[nodiscard]] std::vector<const Entry*> same_phone(const Entry& entry) const;

 private:
  void consider(const Entry& entry, const Suggestion& row);

  std::map<std::uint64_t, const Entry*> entries_;
  std::multimap<std::string, std::uint64_t, std::less<>> by_number_;
  std::multimap<std::string, std::uint64_t, std::less<>> by_phone_;
  std::multimap<std::string, std::uint64_t, std::less<>> by_name_;
  PatientColumns columns_;
  std::uint64_t rows_ = 0;
  std::map<std::uint64_t, std::vector<Suggestion>> kept_;
  std::map<std::uint64_t, std::uint64_t> found_;
};

/// Looks through the same rows for one patient number: as it stands, else written with other capitals or blanks by one
/// patient alone.
class PatientLookUp final : public engines::RowSink {
 public:
  explicit PatientLookUp(std::string number) : number_(std::move(number)) {}
  /// As PatientMatcher.
  void on_columns(std::span<const std::string> names) override;
  bool on_row(std::span<const std::optional<std::string_view>> values) override;
  [[nodiscard]] const std::optional<Suggestion>& found() const { return found_; }
  /// Several are written so but for capitals and blanks, and none as it stands.
  [[nodiscard]] bool is_ambiguous() const { return is_ambiguous_; }

 private:
  std::string number_;
  bool is_ambiguous_ = false;
  PatientColumns columns_;
  std::optional<Suggestion> found_;
};

}  // namespace lastgood::backentry
