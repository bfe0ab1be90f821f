// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that whatever a database answers, a sheet stays paper: nothing in it becomes markup, script, formula or a
// changed reading direction; every bound holds and is said; every page carries the stamp; names are as short as asked.
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <sstream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/letters.h"
#include "documents/csv_cell.h"
#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"
#include "sheets/name_privacy.h"
#include "sheets/page_words.h"
#include "sheets/prepare_sheet.h"
#include "sheets/run_folder.h"
#include "sheets/testing/small_sheets.h"
#include "sheets/try_sheet.h"
#include "sheets/write_sheet_html.h"
#include "sheets/write_sheet_pdf.h"
#include "sheets/write_sheet_tables.h"

namespace lastgood::sheets {
namespace {

using namespace std::string_literals;
using namespace testing;
using os::testing::ScratchFolder;

TEST(Rows, AreBoundedAndWhatIsLeftOutIsSaid) {
  RowCollector collector(10);
  std::vector<std::string> names;
  for (int i = 0; i < 3000; ++i) names.push_back("c" + std::to_string(i));
  collector.on_columns(names);
  const std::string huge(1'000'000, 'x');
  const std::vector<std::optional<std::string_view>> values(3000, huge);
  std::size_t taken = 0;
  while (collector.on_row(values)) ++taken;
  EXPECT_EQ(taken, 10U);
  const SheetRows rows = collector.take();
  EXPECT_EQ(rows.columns.size(), k_columns_max);
  EXPECT_LE(rows.rows[0][0].size(), k_cell_bytes_max + 20);
  ASSERT_EQ(rows.missing.size(), 2U);
  EXPECT_EQ(rows.shortened, std::vector<std::string>{"640 long texts are cut, marked '... (cut)'"});
  EXPECT_NE(rows.missing[0].find("only the first 10 rows"), std::string::npos);
  EXPECT_NE(rows.missing[1].find("64 of 3000 columns"), std::string::npos);
}

TEST(Rows, AnAnswerLargerThanMemoryAllowsEnds) {
  RowCollector collector;
  collector.on_columns(std::vector<std::string>(64, "c"));
  const std::string text(1'999, 'x');
  const std::vector<std::optional<std::string_view>> values(64, text);
  std::size_t taken = 0;
  while (collector.on_row(values)) ++taken;
  EXPECT_LT(taken, 1'000U);
  EXPECT_NE(collector.take().missing.at(0).find("larger than"), std::string::npos);
}

TEST(Rows, BrokenTextIsShownAndNeverObeyed) {
  const SheetRows rows = rows_of({"a"}, {{"a\0b"s},
                                         {"\xff\xfe"},
                                         {"\xe2\x80\xae"
                                          "evil"},
                                         {"line\nbreak\r\tx"}});
  EXPECT_EQ(rows.rows[0][0], "a\\x00b");
  EXPECT_EQ(rows.rows[1][0], "\\xff\\xfe");
  EXPECT_EQ(rows.rows[2][0], "<U+202E>evil");
  EXPECT_EQ(rows.rows[3][0], "line break  x");
}

TEST(Rows, FewerValuesThanColumnsAreEmptyCells) {
  RowCollector collector;
  collector.on_columns(std::vector<std::string>{"a", "b"});
  EXPECT_TRUE(collector.on_row(std::vector<std::optional<std::string_view>>{std::nullopt}));
  EXPECT_EQ(collector.take().rows[0], (std::vector<std::string>{"", ""}));
}

TEST(Privacy, ShortensNamesInEveryScript) {
  EXPECT_EQ(short_name("Ramesh Kumar Sharma"), "Ramesh K. S.");
  EXPECT_EQ(short_name("सुनीता देवी"), "सुनीता दे.");
  EXPECT_EQ(short_name("  Priya  "), "Priya");
  EXPECT_EQ(short_name(""), "");
  EXPECT_TRUE(is_name_column("Patient_Name"));
  EXPECT_TRUE(is_name_column("name_local")) << "the same name in another script";
  EXPECT_FALSE(is_name_column("ward"));
  EXPECT_TRUE(is_number_column("UHID"));
}

TEST(Privacy, GoesByWhatTheSheetIsFor) {
  services::Sheet sheet = sheet_of("queue");
  sheet.privacy = services::Privacy::name_short;
  const SheetRows rows = rows_of({"uhid", "name"}, {{"1", "Ramesh Kumar Sharma"}});
  EXPECT_EQ(prepare_sheet(sheet, "OPD", rows, stamp_of(1)).packets[0].rows[0].cells[1], "Ramesh K. S.");
  sheet.privacy = services::Privacy::number_only;
  const PreparedSheet numbers = prepare_sheet(sheet, "OPD", rows, stamp_of(1));
  EXPECT_EQ(numbers.columns, std::vector<std::string>{"uhid"});
  for (const std::string& form :
       {write_sheet_html(all_of(numbers)), write_sheet_csv(numbers), write_sheet_json(numbers)})
    EXPECT_EQ(form.find("Ramesh"), std::string::npos);
}

TEST(Privacy, FallsBackToWhatLooksLikeANameWhereTheSheetNamesAColumnThatIsNotThere) {
  services::Sheet sheet = sheet_of("queue");
  const SheetRows rows = rows_of({"uhid", "name", "called"}, {{"1", "Ramesh Kumar Sharma", "Ramu Bhai"}});
  for (const auto& [named, shown] : {std::pair{std::vector<std::string>{"nmae"}, "Ramu Bhai"},
                                     std::pair{std::vector<std::string>{"called", "patient_name"}, ""}}) {
    sheet.name_columns = named;
    sheet.privacy = services::Privacy::number_only;
    const PreparedSheet numbers = prepare_sheet(sheet, "OPD", rows, stamp_of(1));
    EXPECT_EQ(write_sheet_csv(numbers).find("Ramesh"), std::string::npos);
    EXPECT_EQ(numbers.packets[0].rows[0].cells.back(), *shown == 0 ? "1" : shown);
    ASSERT_EQ(numbers.notes.size(), 1U);
    EXPECT_NE(numbers.notes[0].find("which is to hold names"), std::string::npos) << numbers.notes[0];
  }
  sheet.name_columns = {"nmae"};
  EXPECT_NE(prepare_sheet(sheet, "OPD", rows, stamp_of(1)).notes[0].find("(there is 'name')"), std::string::npos);
  const SheetRows other = rows_of({"uhid", "called"}, {{"1", "Ramu"}});
  EXPECT_EQ(prepare_sheet(sheet, "OPD", other, stamp_of(1)).notes.size(), 2U) << "that nothing was hidden must be said";
}

TEST(Packets, SayWhichColumnsPaperHasNoRoomFor) {
  std::vector<std::string> columns;
  for (int i = 0; i < 21; ++i) columns.push_back(fmt::format("c{}", i));
  const PreparedSheet sheet = prepare_sheet(sheet_of("a"), "s", rows_of(columns, {columns}), stamp_of(1));
  ASSERT_EQ(sheet.notes.size(), 1U);
  EXPECT_EQ(sheet.notes[0],
            "5 columns more have no room on a page and are in the CSV and JSON forms only: c16, c17, c18, c19, c20");
  EXPECT_NE(write_sheet_html(all_of(sheet)).find("c16, c17"), std::string::npos);
}

TEST(Packets, SayOfTheirOwnRowsOnlyWhatIsCut) {
  services::Sheet wanted = sheet_of("census");
  wanted.group_by = "ward";
  const std::string text(3'000, 'x');
  const PreparedSheet sheet = prepare_sheet(
      wanted, "s", rows_of({"ward", "note"}, {{"W-1", "short"}, {"W-2", text}, {"W-2", text}}), stamp_of(1));
  EXPECT_EQ(write_sheet_html({{&sheet, 0}}).find("cut"), std::string::npos) << "nothing is cut in W-1";
  EXPECT_NE(write_sheet_html({{&sheet, 1}}).find("Note: 2 long texts are cut"), std::string::npos);
  EXPECT_NE(write_sheet_csv(sheet).find("2 long texts are cut"), std::string::npos) << "of all packets";
  EXPECT_EQ(sheet.all_notes().size(), 1U);
}

TEST(Packets, HoldTheRowsOfTheirWardInTheOrderOfTheAnswer) {
  const PreparedSheet sheet = census(10, 1);
  ASSERT_EQ(sheet.packets.size(), 3U);
  EXPECT_EQ(sheet.packets[0].name, "W-0");
  EXPECT_EQ(sheet.packets[0].rows.size(), 4U);
  EXPECT_EQ(sheet.packets[0].rows[1].cells[0], "UH000003");
  EXPECT_EQ(sheet.packets[0].rows[1].code, "ward-census:UH000003");
  EXPECT_EQ(sheet.columns, (std::vector<std::string>{"uhid", "patient name", "allergies"}));
}

TEST(Packets, TooManyValuesOrAMissingColumnAreSaid) {
  services::Sheet sheet = sheet_of("a");
  sheet.group_by = "uhid";
  std::vector<std::vector<std::string>> given;
  for (int i = 0; i < 1200; ++i) given.push_back({std::to_string(i)});
  const PreparedSheet many = prepare_sheet(sheet, "s", rows_of({"uhid"}, given), stamp_of(1));
  ASSERT_EQ(many.packets.size(), 1U);
  EXPECT_EQ(many.packets[0].rows.size(), 1200U);
  EXPECT_EQ(many.notes.size(), 1U);
  sheet.group_by = "ward";
  sheet.columns = {"uhid", "bed"};
  const PreparedSheet missing = prepare_sheet(sheet, "s", rows_of({"uhid"}, given), stamp_of(1));
  EXPECT_EQ(missing.notes.size(), 2U);
}

TEST(Packets, AreNotCalledByNamesOfPersonsWherePrivacyForbidsIt) {
  services::Sheet sheet = sheet_of("census");
  sheet.privacy = services::Privacy::number_only;
  sheet.name_columns = {"patient"};
  const std::vector<std::vector<std::string>> given = {{"UH1", "Ramesh Kumar", "W-5"}, {"UH2", "Gita Rao", "W-6"}};
  const auto packets_by = [&](const char* column, services::Privacy privacy) {
    sheet.group_by = column;
    sheet.privacy = privacy;
    return prepare_sheet(sheet, "s", rows_of({"uhid", "patient", "ward_name"}, given), stamp_of(1)).packets.size();
  };
  EXPECT_EQ(packets_by("patient", services::Privacy::number_only), 1U);
  EXPECT_EQ(packets_by("patient", services::Privacy::name_short), 1U);
  EXPECT_EQ(packets_by("patient", services::Privacy::full), 2U);
  EXPECT_EQ(packets_by("ward_name", services::Privacy::name_short), 2U) << "a ward is no person";
}

TEST(Packets, OfAWardThatIsEmptyHaveNoRowAndAreThere) {
  services::Sheet sheet = sheet_of("census");
  sheet.group_by = "ward";
  const PreparedSheet made = prepare_sheet(
      sheet, "Wards", rows_of({"ward", "bed", "name"}, {{"W-1", "1", "Asha"}, {"W-2", "", ""}, {"", "", ""}}),
      stamp_of(1));
  ASSERT_EQ(made.packets.size(), 2U) << "a row that says nothing at all is nobody's";
  EXPECT_EQ(made.packets[0].rows.size(), 1U);
  EXPECT_EQ(made.packets[1].name, "W-2");
  EXPECT_TRUE(made.packets[1].rows.empty());
  const PreparedSheet list = prepare_sheet(sheet, "Wards", rows_of({"ward"}, {{"W-1"}, {"W-2"}}), stamp_of(1));
  EXPECT_EQ(list.packets.at(1).rows.size(), 1U) << "where the ward is all that was asked, it is the row";
}

TEST(Stamp, SaysSecondsWhereThereIsNoMinute) {
  Stamp stamp = stamp_of(0);
  stamp.made_ns += 45'000'000'000;
  stamp.stale_after_s = 30;
  EXPECT_EQ(age_of(stamp), "45 s old");
  EXPECT_EQ(stale_words(stamp), "OLDER THAN 30 s");
}

TEST(Stamp, SaysAgeAndWhenItIsTooOld) {
  Stamp stamp = stamp_of(25);
  stamp.stale_after_s = 86'400;
  EXPECT_EQ(age_of(stamp), "25 h old");
  EXPECT_EQ(stale_words(stamp), "OLDER THAN 24 h");
  stamp.data_as_of_ns = 0;
  EXPECT_EQ(stale_words(stamp), "AGE OF THE DATA UNKNOWN");
  EXPECT_EQ(age_of(stamp), "of unknown age");
  EXPECT_EQ(age_of(stamp_of(-5)), "later than the clock here says");
  stamp = stamp_of(1);
  stamp.stale_after_s = 86'400;
  EXPECT_EQ(stale_words(stamp), "");
}

TEST(Html, EscapesEverythingAndRunsNothing) {
  services::Sheet asked = sheet_of("<script>alert(1)</script>");
  asked.title = "<img src=x onerror=alert(1)>";
  asked.group_by = "ward";
  const PreparedSheet sheet = prepare_sheet(
      asked, "s", rows_of({"ward", "<svg onload=x>"}, {{"\"><script>x</script>", "<iframe src=javascript:x>"}}),
      stamp_of(30));
  const std::string html = write_sheet_html(all_of(sheet));
  EXPECT_NE(html.find("default-src 'none'"), std::string::npos);
  EXPECT_NE(html.find("OLDER THAN 24 h"), std::string::npos);
  for (const char* what : {"<script", "<img", "<iframe", "<svg onload", "<a ", "http://", "https://"})
    EXPECT_EQ(html.find(what), std::string::npos) << what;
  const std::string index = write_index_html("t", {"<script>"}, {{"<b>", "<i>", false, {{"x", "packets/a.pdf"}}}}, {});
  for (const char* what : {"<script", "<b>", "<i>"}) EXPECT_EQ(index.find(what), std::string::npos) << what;
}

TEST(Html, BreaksNoNumber) {
  PreparedSheet sheet = census(10, 1);
  add_blank_rows(sheet, sheet.packets[0], {"W-0097", "W-0098/2"});
  sheet.packets[0].rows[0].cells[0] = "98765 43210";
  sheet.packets[0].rows[0].cells[1] = "bed 7 near the door";
  const std::string html = write_sheet_html(all_of(sheet));
  EXPECT_NE(html.find("td.whole{white-space:nowrap}"), std::string::npos);
  for (const char* number : {"W-0097", "W-0098/2", "98765 43210"})
    EXPECT_NE(html.find("<td class=\"whole\">" + std::string(number)), std::string::npos) << number;
  EXPECT_NE(html.find("<td>bed 7 near the door"), std::string::npos) << "words go on in the next line";
}

TEST(Html, BreaksWordsThatWouldPushOtherColumnsOffThePage) {
  PreparedSheet sheet = census(2, 1);
  sheet.packets[0].rows[0].cells[1] = std::string(40, 'x');
  const std::string html = write_sheet_html(all_of(sheet));
  EXPECT_NE(html.find("<td class=\"long\">" + std::string(40, 'x')), std::string::npos);
  EXPECT_NE(html.find("td.long,th.long,section.dense td,section.dense th{overflow-wrap:anywhere}"), std::string::npos);
  EXPECT_EQ(html.find("class=\"wide dense\""), std::string::npos);
  EXPECT_NE(html.find("width:calc(100% - 1px)"), std::string::npos) << "or its last border is cut off on paper";
  std::vector<std::string> columns;
  for (int i = 0; i < 16; ++i) columns.push_back(fmt::format("c{}", i));
  const PreparedSheet wide = prepare_sheet(sheet_of("a"), "s", rows_of(columns, {columns}), stamp_of(1));
  EXPECT_NE(write_sheet_html(all_of(wide)).find("<section class=\"wide dense\">"), std::string::npos);
}

TEST(Html, GivesACellOfManyWordsNoMoreThanItsShareOfThePage) {
  PreparedSheet sheet = census(2, 1);
  std::string name;
  while (name.size() < 300) name += "Venkata ";
  sheet.packets[0].rows[0].cells[1] = name;
  const std::string html = write_sheet_html(all_of(sheet));
  EXPECT_NE(html.find("<td><div>Venkata Venkata"), std::string::npos);
  EXPECT_NE(html.find("td div{max-width:70mm}section.dense td div{max-width:32mm}"), std::string::npos);
}

TEST(Csv, NoCellIsAFormula) {
  for (const char* text : {"=1+1", "+cmd|' /C calc'!A0", "-2+3", "@SUM(1)", "  =1", "|x"})
    EXPECT_NE(documents::csv_cell(text).find('\''), std::string::npos) << text;
  EXPECT_EQ(documents::csv_cell("-3.5"), "-3.5");
  EXPECT_EQ(documents::csv_cell("a,b\"c"), "\"a,b\"\"c\"");
  EXPECT_EQ(documents::csv_cell("plain"), "plain");
}

TEST(Json, HoldsAllThatPaperHas) {
  const auto json = nlohmann::json::parse(write_sheet_json(census(10, 30)));
  EXPECT_EQ(json["packets"].size(), 3U);
  EXPECT_TRUE(json["stale"]);
  EXPECT_EQ(json["data_as_of"], "2022-11-23T01:36:58.000000000Z");
}

TEST(Pages, HoldSoManyLettersOfALongTextAndTablesAllOfIt) {
  std::string letters;
  for (int i = 0; i < 2'500; ++i) letters += "\u0915";  // three bytes each
  const PreparedSheet sheet =
      prepare_sheet(sheet_of("x"), "s", rows_of({"a", "b"}, {{"1", letters}, {"2", "short"}}), stamp_of(1));
  EXPECT_EQ(sheet.packets.front().cut_cells, 1U);
  EXPECT_EQ(sheet.shortened,
            std::vector<std::string>{"1 long text is cut, marked '... (cut)' on pages; CSV and JSON have all of it"});
  const std::string html = write_sheet_html(all_of(sheet));
  EXPECT_EQ(count_in(html, "\u0915"), k_page_letters_max);
  EXPECT_NE(html.find("1 long text is cut, marked &#39;... (cut)&#39;; CSV and JSON have more of it"),
            std::string::npos)
      << html.substr(0, 3000);
  EXPECT_EQ(count_in(write_sheet_json(sheet), "\u0915"), 2'500U);
}

TEST(Run, WritesPacketsPerWardAnIndexAndTheCurrentLink) {
  const ScratchFolder folder;
  const std::string to = folder / "usb";
  auto run = RunFolder::begin(to, "+05:30", k_as_of, {});
  ASSERT_TRUE(run.ok()) << run.error().what;
  const std::vector<PreparedSheet> sheets = {census(30, 1),
                                             sheet_that_could_not(sheet_of("lab"), "Lab", "why", stamp_of(1))};
  for (const PreparedSheet& sheet : sheets) ASSERT_TRUE(run.value().write_sheet(sheet).ok());
  ASSERT_TRUE(run.value().write_packets(sheets).ok());
  ASSERT_TRUE(run.value().finish(sheets, {"made for a test"}).ok());
  for (const char* name :
       {"index.html", "sheets/ward-census.pdf", "sheets/ward-census.csv", "sheets/lab.html", "sheets/lab.json"})
    EXPECT_TRUE(std::filesystem::exists(to + "/current/" + name)) << name;
  EXPECT_TRUE(std::filesystem::exists(to + "/current.html"));
  EXPECT_TRUE(std::filesystem::exists(to + "/2022-11-23_070658/packets/" + file_name_of("ward W-1") + ".pdf"));
}

TEST(Run, GivesPacketsThatDifferInCapitalsOnlyFilesOfTheirOwn) {
  const ScratchFolder folder;
  const std::string to = folder / "usb";
  auto run = RunFolder::begin(to, "+05:30", k_as_of, {});
  ASSERT_TRUE(run.ok()) << run.error().what;
  services::Sheet wanted = sheet_of("census");
  wanted.group_by = "ward";
  const std::vector<PreparedSheet> sheets = {
      prepare_sheet(wanted, "s", rows_of({"ward", "name"}, {{"Ward", "a"}, {"ward", "b"}}), stamp_of(1))};
  ASSERT_TRUE(run.value().write_packets(sheets).ok());
  ASSERT_TRUE(run.value().finish(sheets, {}).ok());
  std::set<std::string> names;
  for (const auto& entry : std::filesystem::directory_iterator(to + "/current/packets"))
    names.insert(base::lower(entry.path().filename().string()));
  EXPECT_EQ(names.size(), 4U) << "two PDF and two pages, on a stick (FAT), too";
}

TEST(Run, SaysOnceInItsIndexWhatSeveralSheetsCouldNotBeMadeFor) {
  const ScratchFolder folder;
  const std::string to = folder / "usb";
  auto run = RunFolder::begin(to, "+05:30", k_as_of, {});
  ASSERT_TRUE(run.ok()) << run.error().what;
  std::vector<PreparedSheet> sheets;
  for (const char* id : {"census", "drugs", "movements"})
    sheets.push_back(sheet_that_could_not(sheet_of(id), "Wards", "PostgreSQL lets nobody in", stamp_of(1)));
  ASSERT_TRUE(run.value().write_packets(sheets).ok());
  ASSERT_TRUE(run.value().finish(sheets, {}).ok());
  const std::string index = os::testing::read_file(run.value().path() + "/index.html");
  EXPECT_EQ(count_in(index, "lets nobody in"), 1U);
  EXPECT_EQ(count_in(index, "for the same reason as &#39;" + sheets[0].title), 2U) << index;
}

TEST(Run, IsForItsOwnerAloneUnlessReadersAreNamed) {
  namespace fs = std::filesystem;
  for (const char* word : {"", "everybody"}) {
    const ScratchFolder folder;
    const std::string to = folder / "usb";
    auto run = RunFolder::begin(to, "+05:30", k_as_of, {}, os::find_readers(word).value());
    ASSERT_TRUE(run.ok()) << run.error().what;
    const std::vector<PreparedSheet> sheets = {census(3, 1)};
    ASSERT_TRUE(run.value().write_sheet(sheets[0]).ok());
    ASSERT_TRUE(run.value().write_packets(sheets).ok());
    ASSERT_TRUE(run.value().finish(sheets, {}).ok());
    const auto is_open = [&](const fs::path& path) {
      return (fs::status(path).permissions() & fs::perms::others_read) != fs::perms::none;
    };
    EXPECT_EQ(is_open(to), *word != 0);
    for (const auto& entry : fs::recursive_directory_iterator(to)) {
      if (entry.path().filename().string()[0] == '.') continue;  // our own marks
      EXPECT_EQ(is_open(entry.path()), *word != 0) << entry.path();
      EXPECT_EQ(fs::status(entry.path()).permissions() & (fs::perms::others_write | fs::perms::group_write),
                fs::perms::none);
    }
  }
}

TEST(Run, CallsAPacketOnceByWhatItIs) {
  EXPECT_EQ(called_packet("ward", "W-5"), "ward W-5");
  EXPECT_EQ(called_packet("ward", "Cardiology Ward"), "Cardiology Ward");
  EXPECT_EQ(called_packet("ward", "Wardrobe 2"), "ward Wardrobe 2");
}

TEST(Run, OnAFullDiskLeavesWholeFilesOnly) {
  const ScratchFolder folder;
  const std::string to = folder / "usb";
  const int refused = os::testing::run_in_child([&] {
    auto run = RunFolder::begin(to, "+05:30", k_as_of, {});
    if (!run.ok()) return 2;
    os::testing::limit_file_size(4000);
    return run.value().write_sheet(census(30, 1)).ok() ? 0 : 1;
  });
  EXPECT_EQ(refused, 1);
  std::size_t files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(to))
    files += entry.is_regular_file() ? 1U : 0U;
  EXPECT_EQ(files, 1U) << "the mark of the run, and no half page";
}

TEST(Run, OldRunsGoAndStrangersStay) {
  const ScratchFolder folder;
  for (int i = 0; i < 5; ++i) {
    auto run = RunFolder::begin(folder.path(), "", k_as_of + i * k_hour_ns, {});
    ASSERT_TRUE(run.ok());
    ASSERT_TRUE(run.value().finish({}, {}).ok());
  }
  std::filesystem::create_directory(folder / "2021-01-01_000000");
  std::filesystem::create_directory(folder / "photos");
  ASSERT_TRUE(RunFolder::begin(folder.path(), "", k_as_of + 9 * k_hour_ns, {}).ok());  // never finished
  EXPECT_EQ(remove_old_runs(folder.path(), 2).value(), 4U);
  EXPECT_TRUE(std::filesystem::exists(folder / "2021-01-01_000000")) << "not made by us";
  EXPECT_TRUE(std::filesystem::exists(folder / "photos"));
  EXPECT_TRUE(std::filesystem::exists(folder / "current/index.html"));
}

TEST(Run, RoomIsMadeByTheOlderHalfAndNeverByTheNewest) {
  const ScratchFolder folder;
  for (int i = 0; i < 3; ++i) {
    auto run = RunFolder::begin(folder.path(), "", k_as_of + i * k_hour_ns, {});
    ASSERT_TRUE(run.ok());
    ASSERT_TRUE(run.value().finish({}, {}).ok());
  }
  ASSERT_TRUE(RunFolder::begin(folder.path(), "", k_as_of + 9 * k_hour_ns, {}).ok());  // what found no room
  EXPECT_EQ(make_room(folder.path(), {.lacking_bytes = std::uint64_t{1} << 40U}).value(), 0U) << "it would not do";
  EXPECT_EQ(make_room(folder.path(), {}).value(), 2U);
  EXPECT_EQ(make_room(folder.path(), {}).value(), 0U);
  EXPECT_TRUE(std::filesystem::exists(folder / "current/index.html"));
}

TEST(Run, WhatCanNoLongerBeMadeStaysAsItWasMadeLast) {
  const ScratchFolder folder;
  const PreparedSheet lost = sheet_that_could_not(sheet_of("ward-census"), "Wards", "the backup is gone", stamp_of(1));
  const auto make = [&](int hour, const PreparedSheet& sheet) {
    auto run = RunFolder::begin(folder.path(), "", k_as_of + hour * k_hour_ns, {});
    ASSERT_TRUE(run.ok());
    ASSERT_TRUE(run.value().write_sheet(sheet).ok());
    ASSERT_TRUE(run.value().finish({sheet}, {}).ok());
  };
  make(0, census(30, 1));
  make(1, census(30, 1));
  const std::string good = std::filesystem::read_symlink(folder / "current").string();
  for (int hour = 2; hour < 6; ++hour) make(hour, lost);
  EXPECT_EQ(std::filesystem::read_symlink(folder / "current").string(), good)
      << "what people print from is not taken away";
  EXPECT_EQ(remove_old_runs(folder.path(), 2).value(), 3U);
  EXPECT_TRUE(std::filesystem::exists(folder / "current/sheets/ward-census.pdf"));
  // Of several sheets the one that could not be made leads to the last that was.
  auto run = RunFolder::begin(folder.path(), "", k_as_of + 7 * k_hour_ns, {});
  ASSERT_TRUE(run.ok());
  PreparedSheet other = census(30, 1);
  other.id = "other";
  for (const PreparedSheet& sheet : {other, lost}) ASSERT_TRUE(run.value().write_sheet(sheet).ok());
  ASSERT_TRUE(run.value().finish({other, lost}, {}).ok());
  EXPECT_NE(std::filesystem::read_symlink(folder / "current").string(), good);
  std::ifstream file(folder / "current/index.html");
  const std::string index((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  EXPECT_NE(index.find("../" + good + "/sheets/ward-census.pdf"), std::string::npos) << index;
  EXPECT_TRUE(remove_old_runs(folder.path(), 1).ok());
  EXPECT_TRUE(std::filesystem::exists(folder / (good + "/sheets/ward-census.pdf")));
  // Once it can be made again, the old one goes.
  make(8, census(30, 1));
  EXPECT_TRUE(remove_old_runs(folder.path(), 1).ok());
  EXPECT_FALSE(std::filesystem::exists(folder / good));
}

TEST(Run, NamesOfFilesComeFromNobodysData) {
  EXPECT_EQ(file_name_of("ward-census"), "ward-census");
  EXPECT_EQ(file_name_of("../../etc/passwd").find('/'), std::string::npos);
  EXPECT_NE(file_name_of("../x"), file_name_of("-./x"));
  EXPECT_NE(file_name_of("वार्ड ५"), file_name_of("वार्ड ६"));
  EXPECT_LE(file_name_of(std::string(5000, 'a')).size(), 100U);
  EXPECT_NE(file_name_of("")[0], '.');
  EXPECT_NE(file_name_of(".hidden")[0], '.');
}

}  // namespace
}  // namespace lastgood::sheets
