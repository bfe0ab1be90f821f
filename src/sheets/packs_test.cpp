// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the packs that came along can be read, that each sheet of theirs names a database its fingerprint knows,
// that a pack is found by tables and columns only, that what is nearly one is said, and that broken packs are refused.
#include "sheets/packs.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "backentry/number_block.h"
#include "sheets/choose_pack.h"
#include "sheets/wanted_sheets.h"

namespace lastgood::sheets {
namespace {

constexpr std::string_view k_services =
    "[service.a]\ntitle = \"a\"\n[[service.a.data]]\nname = \"d\"\nkind = \"sqlite\"\npath = \"/x\"\n"
    "[[service.a.sheet]]\nid = \"s\"\nsql = \"SELECT 1\"\n";

std::vector<Pack> packs_here() {
  const auto packs = read_packs(std::string(LASTGOOD_SOURCE_DIR) + "/share/sheets");
  EXPECT_TRUE(packs.ok()) << (packs.ok() ? "" : packs.error().what);
  return packs.ok() ? packs.value() : std::vector<Pack>();
}

std::vector<engines::TableName> tables_of(const Fingerprint& fingerprint) {
  std::vector<engines::TableName> out;
  for (const TableNeed& need : fingerprint.needs) out.push_back({"public", need.table, need.columns});
  return out;
}

TEST(Packs, ThatCameAlongAreWhole) {
  const auto packs = packs_here();
  ASSERT_GE(packs.size(), 2U);
  for (const Pack& pack : packs) {
    EXPECT_TRUE(wanted_sheets(pack.file, "").lost.empty()) << pack.id;
    std::size_t sheets = 0;
    for (const WantedUnit& unit : wanted_sheets(pack.file, "").units) {
      for (const WantedSheet& sheet : unit.sheets) {
        ++sheets;
        EXPECT_NE(sheet.sheet->title, "") << sheet.sheet->id;
        if (sheet.sheet->blank_rows > 0) {
          EXPECT_TRUE(backentry::parse_number_block(sheet.sheet->number_block).ok()) << sheet.sheet->id;
        }
      }
    }
    EXPECT_GE(sheets, 8U) << pack.id;
    EXPECT_NE(pack.patient_sql.find(" AS place "), std::string::npos) << pack.id;
  }
}

TEST(Packs, AreFoundByTablesAndColumnsWithoutRegardToCapitals) {
  for (const Pack& pack : packs_here()) {
    for (const Fingerprint& fingerprint : pack.fingerprints) {
      std::vector<engines::TableName> tables = tables_of(fingerprint);
      EXPECT_TRUE(compare(fingerprint, tables).fits());
      for (engines::TableName& table : tables) {
        for (char& c : table.table) c = c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
      }
      EXPECT_TRUE(compare(fingerprint, tables).fits());
      EXPECT_FALSE(compare(fingerprint, {}).fits());
      EXPECT_FALSE(compare(fingerprint, {}).is_near());
    }
  }
}

TEST(Packs, TakeTheLogsThatTheHospitalsOwnFileNamesForTheSameData) {
  services::ServicesFile pack;
  services::ServicesFile own;
  for (services::ServicesFile* file : {&pack, &own}) {
    services::Service service;
    service.id = "wards";
    for (const char* path : {"/srv/pg", "/srv/other"})
      service.data.push_back({.name = "db", .kind = services::DataKind::postgresql, .path = path});
    file->services.push_back(service);
  }
  own.services[0].data[0].logs = "/srv/wal";
  const std::string before = describe_without_logs(pack);
  EXPECT_NE(before.find("'/srv/pg'"), std::string::npos) << before;
  take_logs(pack, own);
  EXPECT_EQ(describe_without_logs(pack).find("'/srv/pg'"), std::string::npos);
  EXPECT_EQ(pack.services[0].data[0].logs, "/srv/wal");
  EXPECT_EQ(pack.services[0].data[1].logs, "");
  own.services[0].data[1].logs = "/srv/binlog";
  own.services[0].data[1].kind = services::DataKind::mariadb;
  take_logs(pack, own);
  EXPECT_EQ(pack.services[0].data[1].logs, "") << "of another engine";
}

TEST(Packs, NearlyOneIsSaidWithWhatIsMissing) {
  const auto packs = packs_here();
  const auto pack = std::find_if(packs.begin(), packs.end(), [](const Pack& one) { return one.id == "open-hospital"; });
  ASSERT_NE(pack, packs.end());
  std::vector<engines::TableName> tables = tables_of(pack->fingerprints[0]);
  std::erase_if(tables, [](const engines::TableName& table) { return table.table == "oh_exam"; });
  const Likeness likeness = compare(pack->fingerprints[0], tables);
  EXPECT_FALSE(likeness.fits());
  EXPECT_TRUE(likeness.is_near());
  EXPECT_EQ(likeness.missing, std::vector<std::string>{"table oh_exam"});
}

TEST(Packs, BrokenOnesAreRefusedWithASentence) {
  const std::string good = R"({"id":"x","fingerprints":[{"data":"d","kind":"sqlite","tables":{"t":["a"]}}]})";
  ASSERT_TRUE(parse_pack(good, k_services, "p").ok());
  for (const std::string& json :
       {std::string(), std::string("[]"), std::string("{}"), good.substr(0, 40), std::string(R"({"id":"x"})"),
        std::string(R"({"id":"x","fingerprints":[]})"), std::string(R"({"id":"x","fingerprints":[1]})"),
        std::string(R"({"id":"x","fingerprints":[{"data":"no","kind":"sqlite","tables":{"t":["a"]}}]})"),
        std::string(R"({"id":"x","fingerprints":[{"data":"d","kind":"oracle","tables":{"t":["a"]}}]})"),
        std::string(R"({"id":"x","fingerprints":[{"data":"d","kind":"sqlite","tables":{"t":[]}}]})"),
        std::string(R"({"id":"x","fingerprints":[{"data":"d","kind":"sqlite","tables":{"t":[1]}}]})"),
        std::string(50'000, '['), std::string(2'000'000, ' ')}) {
    const auto pack = parse_pack(json, k_services, "p");
    ASSERT_FALSE(pack.ok()) << json.substr(0, 60);
    EXPECT_EQ(pack.error().code, base::ErrorCode::misuse);
  }
  EXPECT_FALSE(parse_pack(good, "[service.a]\nteir = 1\n", "p").ok());
}

}  // namespace
}  // namespace lastgood::sheets
