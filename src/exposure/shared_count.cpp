// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "exposure/shared_count.h"

#include <algorithm>

namespace lastgood::exposure {

namespace {

// Together with what reading needs below 1.6 GB; more goes to nameless files.
constexpr std::uint64_t k_held_bytes_max = std::uint64_t{900} << 20;
constexpr std::uint64_t k_encrypted_bytes_max = std::uint64_t{200} << 20;
constexpr std::uint64_t k_accessed_bytes_max = std::uint64_t{100} << 20;

/// Files of one patient each would fill the list: those of one kind and shape are one line.
bool is_same(const TableResult& a, const TableResult& b) {
  const bool is_record = a.kind == "hl7" || a.kind == "fhir" || a.kind == "dicom";
  return is_record && a.kind == b.kind && a.name == b.name && a.in_encrypted == b.in_encrypted;
}

void join(TableResult& into, const TableResult& more) {
  ++into.files;
  into.rows += more.rows;
  into.person_rows += more.person_rows;
  into.path = std::min(into.path, more.path);
  for (const ColumnResult& column : more.recognised) {
    const auto at = std::find_if(into.recognised.begin(), into.recognised.end(),
                                 [&](const ColumnResult& known) { return known.name == column.name; });
    if (at == into.recognised.end()) {
      into.recognised.push_back(column);
      continue;
    }
    at->values += column.values;
    at->present += column.present;
    at->distinct_about = std::max(at->distinct_about, column.distinct_about);
  }
}

}  // namespace

void RowBatch::add(const persons::RowIdentity& row) {
  rows.push_back({.basis = row.basis, .primary = row.primary, .others = static_cast<std::uint32_t>(row.others.size())});
  others.insert(others.end(), row.others.begin(), row.others.end());
}

void RowBatch::clear() {
  rows.clear();
  others.clear();
}

SharedCount::SharedCount(const std::string& spill_folder)
    : held_({.spill_folder = spill_folder, .memory_bytes_max = k_held_bytes_max}),
      encrypted_({.spill_folder = spill_folder, .memory_bytes_max = k_encrypted_bytes_max}),
      accessed_({.spill_folder = spill_folder, .memory_bytes_max = k_accessed_bytes_max}) {}

base::Status SharedCount::add_to(persons::PersonCounter& counter, const RowBatch& batch) {
  std::size_t at = 0;
  for (const RowBatch::Row& row : batch.rows) {
    switch (row.basis) {
      case persons::RowIdentity::Basis::identifier:
        LG_TRY(counter.add(row.primary, std::span(batch.others).subspan(at, row.others)));
        break;
      case persons::RowIdentity::Basis::contact: LG_TRY(counter.add_contact(row.primary)); break;
      case persons::RowIdentity::Basis::unnamed: counter.add_without_id(); break;
      case persons::RowIdentity::Basis::none: break;
    }
    at += row.others;
  }
  return base::Done{};
}

void SharedCount::add(const RowBatch& batch, const FileBases& bases) {
  const std::lock_guard lock(mutex_);
  if (status_.ok()) status_ = add_to(held_, batch);
  if (status_.ok() && bases.copy_of == CopyOf::encrypted) status_ = add_to(encrypted_, batch);
  if (status_.ok() && bases.access == Access::shown) status_ = add_to(accessed_, batch);
}

bool SharedCount::failed() const {
  const std::lock_guard lock(mutex_);
  return !status_.ok();
}

void SharedCount::add_table(TableResult table) {
  const std::lock_guard lock(mutex_);
  for (TableResult& known : found_.tables) {
    if (!is_same(known, table)) continue;
    return join(known, table);
  }
  ++found_.table_count;
  if (found_.tables.size() < k_listed_max) found_.tables.push_back(std::move(table));
}

void SharedCount::add_unit(AskedUnit unit) {
  const std::lock_guard lock(mutex_);
  if (found_.units.size() < k_listed_max) found_.units.push_back(std::move(unit));
}

void SharedCount::add_unread(std::string path, std::string why) {
  const std::lock_guard lock(mutex_);
  ++found_.unread_count;
  if (found_.unread.size() < k_listed_max) found_.unread.push_back({.path = std::move(path), .why = std::move(why)});
}

void SharedCount::add_finding(std::string path, std::string finding) {
  const std::lock_guard lock(mutex_);
  ++found_.finding_count;
  if (found_.findings.size() < k_listed_max)
    found_.findings.push_back({.path = std::move(path), .finding = std::move(finding)});
}

void SharedCount::see_file(std::uint64_t bytes, HasTables has_tables) {
  const std::lock_guard lock(mutex_);
  ++found_.files;
  found_.bytes += bytes;
  ++(has_tables == HasTables::yes ? found_.table_files : found_.other_files);
}

void SharedCount::see_copy_of_encrypted() {
  const std::lock_guard lock(mutex_);
  ++found_.encrypted_with_copy;
}

base::Status SharedCount::finish(ExposureResults& results) {
  const std::lock_guard lock(mutex_);
  if (!status_.ok()) return status_.error();
  const auto by_path = [](const auto& a, const auto& b) { return a.path < b.path; };
  std::stable_sort(found_.tables.begin(), found_.tables.end(), by_path);
  std::stable_sort(found_.unread.begin(), found_.unread.end(), by_path);
  std::stable_sort(found_.findings.begin(), found_.findings.end(), by_path);
  results = std::move(found_);
  LG_ASSIGN(results.bases[static_cast<std::size_t>(Basis::held)].count, held_.finish());
  LG_ASSIGN(results.bases[static_cast<std::size_t>(Basis::encrypted)].count, encrypted_.finish());
  LG_ASSIGN(results.bases[static_cast<std::size_t>(Basis::readable)].count, accessed_.finish());
  return base::Done{};
}

}  // namespace lastgood::exposure
