// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// How long the PDF of a census takes: bench_sheet_pdf [IN-PATIENTS] [FILE]. Names in four scripts, thirty wards, a code
// in each row; once as one file of all, once as a file per ward.
#include <chrono>
#include <fstream>
#include <iostream>

#include <fmt/format.h>

#include "sheets/prepare_sheet.h"
#include "sheets/write_sheet_html.h"
#include "sheets/write_sheet_pdf.h"

namespace {

using namespace lastgood;

sheets::SheetRows made_rows(std::size_t count) {
  static const char* const first[] = {"Ramesh", "सुनीता", "முருகன்", "অনিতা", "Priya", "వెంకట", "Mohammed", "Gurpreet"};
  static const char* const last[] = {"Kumar Sharma", "देवी", "செல்வம்", "দাস", "Iyer", "రావు", "Ansari", "Singh"};
  static const char* const allergy[] = {"none known", "penicillin", "sulfa drugs, ibuprofen", "not recorded"};
  sheets::SheetRows rows;
  rows.columns = {"ward", "bed", "uhid", "patient_name", "age_sex", "admitted", "consultant", "diagnosis", "allergies"};
  for (std::size_t i = 0; i < count; ++i) {
    rows.rows.push_back(
        {fmt::format("W-{:02}", i % 30), fmt::format("B-{:02}", i / 30), fmt::format("UH{:08}", 104'000 + i * 7),
         fmt::format("{} {}", first[i % 8], last[(i / 8 + i) % 8]), fmt::format("{} {}", i % 90, i % 2 ? "F" : "M"),
         fmt::format("2022-11-{:02} {:02}:{:02}", 1 + i % 22, i % 24, i % 60),
         fmt::format("Dr {} {}", first[i % 5], last[i % 4]),
         i % 3 ? "community-acquired pneumonia, type 2 diabetes" : "fracture of femur", allergy[i % 4]});
  }
  return rows;
}

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

}  // namespace

int main(int argc, char** argv) {
  const std::size_t count = argc > 1 ? std::stoul(argv[1]) : 2000;
  services::Sheet sheet;
  sheet.id = "ward-census";
  sheet.title = "Ward census";
  sheet.group_by = "ward";
  sheet.stale_after_s = 86'400;
  sheets::Stamp stamp{1'669'167'418'000'000'000, "last commit", 1'669'300'000'000'000'000, "+05:30",
                      "restic:b2 snapshot ab12cd34"};
  const auto begin = std::chrono::steady_clock::now();
  sheets::PreparedSheet prepared = sheets::prepare_sheet(sheet, "Wards", made_rows(count), stamp);
  unsigned number = 0;
  for (sheets::Packet& packet : prepared.packets) {
    std::vector<std::string> numbers;
    for (int i = 0; i < 10; ++i) numbers.push_back(fmt::format("W-{:04}", ++number));
    sheets::add_blank_rows(prepared, packet, numbers);
  }
  std::vector<sheets::Section> all;
  for (std::size_t i = 0; i < prepared.packets.size(); ++i) all.push_back({&prepared, i});
  const double ready = seconds_since(begin);
  sheets::SheetPrinter printer;
  const auto whole = printer.print(all);
  if (!whole.ok()) return std::cerr << whole.error().what << "\n", 1;
  const double one_file = seconds_since(begin);
  std::size_t bytes = 0;
  for (const sheets::Section& section : all) {
    const auto part = printer.print({section});
    if (part.ok()) bytes += part.value().size();
  }
  const double packets = seconds_since(begin);
  const std::size_t html = sheets::write_sheet_html(all).size();
  std::cout << fmt::format(
      "{} rows: prepared {:.3f} s; one PDF of all {:.2f} s, {} bytes; a PDF per ward {:.2f} s more, {} bytes; HTML "
      "{:.2f} s more, {} bytes\n",
      count, ready, one_file, whole.value().size(), packets - one_file, bytes, seconds_since(begin) - packets, html);
  if (argc > 2) std::ofstream(argv[2], std::ios::binary) << whole.value();
  return 0;
}
