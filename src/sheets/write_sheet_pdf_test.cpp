// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what a sheet holds stands on paper, to the last word, on pages that say what they are, and acts nowhere.
#include "sheets/write_sheet_pdf.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <iterator>
#include <sstream>

#include "os/testing/scratch_folder.h"
#include "sheets/testing/small_sheets.h"
#include "sheets/write_sheet_tables.h"

namespace lastgood::sheets {
namespace {

using namespace std::string_literals;
using namespace testing;
using os::testing::ScratchFolder;

/// What a person reads in the PDF, by poppler.
std::string text_of_pdf(const std::string& pdf) {
  const ScratchFolder folder;
  os::testing::write_file(folder / "a.pdf", pdf);
  const std::string command = fmt::format("pdftotext -layout '{0}' '{1}'", folder / "a.pdf", folder / "a.txt");
  EXPECT_EQ(std::system(command.c_str()), 0) << "pdftotext of the package poppler-utils is needed";  // NOLINT
  return os::testing::read_file(folder / "a.txt");
}

TEST(Pdf, VowelSignsOfTamilAreDrawnByTheFontOfItsLetters) {
  const ScratchFolder folder;
  const PreparedSheet sheet =
      prepare_sheet(sheet_of("names"), "Wards", rows_of({"patient_name"}, {{"செல்வி பிள்ளை"}}), stamp_of(1));
  SheetPrinter printer;
  const auto pdf = printer.print(all_of(sheet));
  ASSERT_TRUE(pdf.ok()) << pdf.error().what;
  os::testing::write_file(folder / "a.pdf", pdf.value());
  const std::string command = fmt::format("pdffonts '{0}' >'{1}'", folder / "a.pdf", folder / "a.txt");
  ASSERT_EQ(std::system(command.c_str()), 0);  // NOLINT
  const std::string fonts = os::testing::read_file(folder / "a.txt");
  EXPECT_NE(fonts.find("Tamil"), std::string::npos) << fonts;
  EXPECT_EQ(fonts.find("Grantha"), std::string::npos) << fonts;
}

TEST(Pdf, SaysOnEachPageThatLettersOfItAreInNoFont) {
  std::vector<std::vector<std::string>> rows;
  for (int i = 0; i < 60; ++i) rows.push_back({"Asha Devi"});
  rows[0][0] = "\U000F1234\U000F1235";  // of nobody's script
  const PreparedSheet sheet = prepare_sheet(sheet_of("names"), "Wards", rows_of({"patient_name"}, rows), stamp_of(1));
  SheetPrinter printer;
  const auto pdf = printer.print(all_of(sheet));
  ASSERT_TRUE(pdf.ok()) << pdf.error().what;
  const std::string text = text_of_pdf(pdf.value());
  EXPECT_GE(count_in(text, "\f"), 2U);
  EXPECT_EQ(count_in(text, "Letters that show as boxes are in no font"), 1U) << "on the page that has them";
  EXPECT_LT(text.find("Letters that show as boxes"), text.find('\f'));
}

TEST(Pdf, StampsEachPageAndCountsThemPerPacket) {
  PreparedSheet sheet = census(200, 30);
  add_blank_rows(sheet, sheet.packets[0], {"W-0001", "W-0002"});
  SheetPrinter printer;
  const auto pdf = printer.print(all_of(sheet));
  ASSERT_TRUE(pdf.ok()) << pdf.error().what;
  const std::string text = text_of_pdf(pdf.value());
  const std::size_t pages = count_in(text, "\f");
  ASSERT_GT(pages, 6U);
  EXPECT_EQ(count_in(text, "READ ONLY"), pages);
  EXPECT_EQ(count_in(text, "OLDER THAN 24 h"), pages);
  EXPECT_EQ(count_in(text, "2022-11-23 07:06:58 +05:30"), pages);
  EXPECT_EQ(count_in(text, "restic:b2 snapshot ab12cd34"), pages);
  EXPECT_EQ(count_in(text, "page 1 of"), 3U);
  EXPECT_EQ(count_in(text, "allergies"), pages) << "the head of the table is on each page";
  EXPECT_EQ(count_in(text, "penicillin"), 200U) << "no row is lost between pages";
  EXPECT_NE(text.find("W-0002"), std::string::npos);
}

/// The words of the pages as they are seen: what a page has no room for is in the file as well.
std::string seen_in_pdf(const std::string& pdf) {
  const ScratchFolder folder;
  os::testing::write_file(folder / "a.pdf", pdf);
  const std::string command = fmt::format("pdftotext -bbox '{0}' '{1}'", folder / "a.pdf", folder / "a.txt");
  EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT
  std::string seen;
  std::istringstream lines(os::testing::read_file(folder / "a.txt"));
  double high = 0;
  for (std::string line; std::getline(lines, line);) {
    const auto number_of = [&](const std::string& name) {
      const std::size_t at = line.find(name + "=\"");
      return at == std::string::npos ? -1 : std::stod(line.substr(at + name.size() + 2));
    };
    if (line.find("<page") != std::string::npos) high = number_of("height");
    const std::size_t word = line.find("\">");
    if (line.find("<word") == std::string::npos || number_of("yMax") > high - 30) continue;
    seen += line.substr(word + 2, line.find("</word>") - word - 2) + " ";
  }
  return seen;
}

TEST(Pdf, ALongTextStandsOnThePageToItsLastWordAndGoesOnOnTheNextOne) {
  std::string allergies = "penicillin";
  while (allergies.size() < 1'980) allergies += fmt::format(" w{}", allergies.size());
  std::vector<std::string> columns{"uhid", "name", "age", "sex", "bed", "consultant", "admitted", "allergies", "note"};
  std::vector<std::vector<std::string>> given;
  for (int i = 0; i < 5; ++i)
    given.push_back({fmt::format("UH{:06}", i), "Ram", "4", "M", "B", "Dr", "today", "none", "x"});
  given[2][7] = allergies + " LAST";
  const PreparedSheet sheet = prepare_sheet(sheet_of("census"), "Wards", rows_of(columns, given), stamp_of(1));
  SheetPrinter printer;
  const auto pdf = printer.print(all_of(sheet));
  ASSERT_TRUE(pdf.ok()) << pdf.error().what;
  const std::string seen = seen_in_pdf(pdf.value());
  std::istringstream words(given[2][7]);
  for (std::string word; words >> word;) EXPECT_EQ(count_in(seen, word + " "), 1U) << word;
  const std::size_t parts = count_in(seen, "goes on on the next page");
  EXPECT_GE(parts, 1U);
  EXPECT_EQ(count_in(seen, "(continued from the page before)"), parts) << "at the head of each page that goes on";
  EXPECT_EQ(count_in(seen, "UH000002 "), parts + 1) << "each part says of whom it is";
  for (int i : {0, 1, 3, 4}) EXPECT_EQ(count_in(seen, fmt::format("UH{:06} ", i)), 1U);
}

/// Each dot of the first page, 0 to 255, row by row.
struct Picture {
  int wide = 0;
  int high = 0;
  std::string dots;
  [[nodiscard]] bool is_dark(int across, int down) const {
    return static_cast<unsigned char>(dots[static_cast<std::size_t>(down * wide + across)]) < 160;
  }
};

Picture picture_of(const std::string& pdf) {
  const ScratchFolder folder;
  os::testing::write_file(folder / "a.pdf", pdf);
  const std::string command =
      fmt::format("pdftoppm -gray -r 110 -f 1 -l 1 '{0}' >'{1}'", folder / "a.pdf", folder / "a.pgm");
  EXPECT_EQ(std::system(command.c_str()), 0);  // NOLINT
  std::istringstream text(os::testing::read_file(folder / "a.pgm"));
  std::string kind;
  Picture out;
  int most = 0;
  text >> kind >> out.wide >> out.high >> most;
  text.get();
  out.dots.assign(std::istreambuf_iterator<char>(text), {});
  EXPECT_EQ(out.dots.size(), static_cast<std::size_t>(out.wide) * static_cast<std::size_t>(out.high));
  return out;
}

TEST(Pdf, TheLinesBetweenRowsAreWholeBesideTheCodes) {
  std::vector<std::vector<std::string>> given;
  for (int i = 0; i < 12; ++i) given.push_back({fmt::format("UH{:06}", i), "Ram"});
  const PreparedSheet sheet = prepare_sheet(sheet_of("x"), "s", rows_of({"uhid", "name"}, given), stamp_of(1));
  ASSERT_FALSE(sheet.packets[0].rows[0].code.empty());
  SheetPrinter printer;
  const auto pdf = printer.print(all_of(sheet));
  ASSERT_TRUE(pdf.ok());
  const Picture page = picture_of(pdf.value());
  // The column of codes is the last 34 points before the margin of 34.
  const auto dots = [](double points) { return static_cast<int>(points * 110 / 72); };
  const int right = page.wide - dots(34 + 2);
  const int left = page.wide - dots(34 + 34 - 2);
  std::size_t whole = 0;
  for (int down = 0; down < page.high; ++down) {
    bool is_dark = true;
    for (int across = left; across < right && is_dark; ++across) is_dark = page.is_dark(across, down);
    if (is_dark && !page.is_dark(left, down - 2)) ++whole;
  }
  EXPECT_GE(whole, 14U) << "two of the head, and one below each row";
}

TEST(Pdf, HoldsNothingThatActs) {
  const PreparedSheet sheet = prepare_sheet(
      sheet_of("x"), "s",
      rows_of({"name", "n"}, {{"</script><script>alert(1)</script>", "(/JS) /OpenAction <</S/JavaScript>>"},
                              {"https://evil.example/x", "<b>&amp;"}}),
      stamp_of(1));
  SheetPrinter printer;
  const auto pdf = printer.print(all_of(sheet));
  ASSERT_TRUE(pdf.ok());
  for (const char* what : {"/JavaScript", "/JS", "/OpenAction", "/URI", "/Launch", "/AA", "/Annot", "/EmbeddedFile"})
    EXPECT_EQ(pdf.value().find(what), std::string::npos) << what;
  EXPECT_NE(text_of_pdf(pdf.value()).find("<b>&amp;"), std::string::npos) << "markup stays text";
}

TEST(Pdf, AnyTextIsLaidOut) {
  std::vector<std::vector<std::string>> rows;
  std::vector<std::string> columns;
  for (int i = 0; i < 64; ++i) columns.push_back("column " + std::to_string(i) + std::string(200, 'y'));
  rows.emplace_back(64, std::string(1'000'000, 'W'));
  rows.emplace_back(64, "\xff\x00\xe2\x80\xae"s);
  rows.emplace_back(64, "اسم");
  rows.emplace_back(64, std::string(900, '\n'));
  const PreparedSheet sheet = prepare_sheet(sheet_of("x"), "s", rows_of(columns, rows), stamp_of(1));
  SheetPrinter printer;
  const auto pdf = printer.print(all_of(sheet));
  ASSERT_TRUE(pdf.ok());
  EXPECT_NE(text_of_pdf(pdf.value()).find("page 1 of"), std::string::npos);
}

TEST(Pdf, ASheetThatCouldNotBeMadeIsAPageThatSaysSo) {
  const PreparedSheet sheet =
      sheet_that_could_not(sheet_of("lab"), "Lab", "table public.results: invalid page in block 0", stamp_of(1));
  SheetPrinter printer;
  const std::string text = text_of_pdf(printer.print(all_of(sheet)).value());
  EXPECT_NE(text.find("could not be made"), std::string::npos);
  EXPECT_NE(text.find("invalid page in block 0"), std::string::npos);
  EXPECT_NE(write_sheet_csv(sheet).find("could not be made"), std::string::npos);
}

TEST(Pdf, TheSameSheetGivesTheSameBytes) {
  const PreparedSheet sheet = census(50, 1);
  SheetPrinter first;
  SheetPrinter second;
  EXPECT_EQ(first.print(all_of(sheet)).value(), second.print(all_of(sheet)).value());
}

}  // namespace
}  // namespace lastgood::sheets
