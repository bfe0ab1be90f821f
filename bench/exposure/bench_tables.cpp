// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How fast one core reads tables: parsing alone, with the statistics of all columns (the first reading), and with the
// keys of all rows (the second). The dump is made in memory; processor time is measured, so other work does not matter
// much.
//   bench_tables ROWS
#include <cstdlib>
#include <ctime>
#include <optional>
#include <vector>

#include <fmt/format.h>

#include "persons/column_recognition.h"
#include "persons/row_identity.h"
#include "persons/verhoeff.h"
#include "tables/read_tables.h"

namespace {

using namespace lastgood;

enum class Work : std::uint8_t { parse, statistics, keys };

class BenchSink final : public tables::TableSink {
 public:
  explicit BenchSink(Work work) : work_(work) {}
  void begin_table(const tables::TableHead& head) override { statistics_.resize(head.columns.size()); }
  [[nodiscard]] bool row(std::span<const std::string_view> values) override {
    ++rows;
    if (work_ == Work::statistics)
      for (std::size_t i = 0; i < values.size(); ++i) statistics_[i].see(values[i]);
    if (work_ == Work::keys) sum += reader_.read(values).primary.low;
    return true;
  }
  void finding(model::Finding /*finding*/) override {}
  std::uint64_t rows = 0;
  std::uint64_t sum = 0;

 private:
  Work work_;
  std::vector<persons::ColumnStatistics> statistics_;
  persons::RowReader reader_{{{.kind = persons::ColumnKind::other},
                              {.kind = persons::ColumnKind::hospital_number},
                              {.kind = persons::ColumnKind::aadhaar},
                              {.kind = persons::ColumnKind::person_name},
                              {.kind = persons::ColumnKind::date_of_birth},
                              {.kind = persons::ColumnKind::phone}},
                             persons::PersonSecret{1}};
};

std::string made(std::uint64_t rows, char separator, std::string head) {
  std::string text = std::move(head);
  for (std::uint64_t i = 0; i < rows; ++i) {
    std::string aadhaar = std::to_string(20000000000 + (i * 7919) % 70000000000);
    aadhaar += persons::verhoeff_digit(aadhaar);
    text += fmt::format(
        "{}#UH-{:08}#{}#Asha Kumari Devi#19{:02}-{:02}-{:02}#9{:09}#ward {} bed {}, admitted and discharged#{}\n", i,
        i * 31 % 100000000, aadhaar, 30 + i % 70, 1 + i % 12, 1 + i % 28, i * 104729 % 1000000000, i % 40, i % 99,
        "2022-11-23 07:07:00");
  }
  for (char& c : text)
    if (c == '#') c = separator;
  return text;
}

void measure(std::string_view what, const std::string& text, std::string_view name) {
  const tables::FoundContent found =
      tables::find_content(std::string_view(text).substr(0, tables::k_content_head_bytes), tables::HeadEnd::cut, name);
  for (const auto& [title, work] :
       {std::pair("parsed", Work::parse), std::pair("statistics", Work::statistics), std::pair("keys", Work::keys)}) {
    BenchSink sink(work);
    base::MemorySource source{base::ByteView(std::string_view(text))};
    const std::clock_t began = std::clock();
    if (!tables::read_tables(source, found, sink).ok()) std::exit(1);
    const double seconds = static_cast<double>(std::clock() - began) / CLOCKS_PER_SEC;
    fmt::print("{} {}: {:.0f} MB per processor second, {:.2f} million rows ({} rows)\n", what, title,
               static_cast<double>(text.size()) / seconds / 1e6, static_cast<double>(sink.rows) / seconds / 1e6,
               sink.rows);
  }
}

}  // namespace

int main(int argc, char** argv) {
  const std::uint64_t rows = argc > 1 ? std::strtoull(argv[1], nullptr, 10) : 2'000'000;
  measure("pg_dump",
          made(rows, '\t',
               "--\n-- PostgreSQL database dump\n--\nCOPY public.patients (id, uhid, aadhaar, patient_name, dob, "
               "mobile, note, created) FROM stdin;\n"),
          "his.sql");
  measure("csv", made(rows, ';', "id;uhid;aadhaar;patient_name;dob;mobile;note;created\n"), "his.csv");
  return 0;
}
