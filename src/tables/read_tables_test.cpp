// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that patients come out of HL7, FHIR and DICOM, that forms which are not read are named and never called empty,
// and that no content, cut or changed, does harm.
#include "tables/read_tables.h"

#include <gtest/gtest.h>

#include "tables/testing/kept_tables.h"

namespace lastgood::tables {
namespace {

const std::string k_hl7 =
    "\x0BMSH|^~\\&|HIS|H|LIS|L|20221123||ADT^A01|1|P|2.5\r"
    "PID|1||UH-1^^^H^MR~234567890124^^^UIDAI^AADHAAR~asha@abdm^^^ABDM^ABHA||Devi^Asha^K||19801231|F|||||9876543210^PRN^"
    "PH^a@b.example.in\r"
    "PV1|1|I\r\x1C\r"
    "\x0BMSH|^~\\&|HIS|H|LIS|L|20221123||ADT^A01|2|P|2.5\rPID|1||V7^^^H^VN~UH\\T\\2^^^H^MR||Kumar^Ravi\r\x1C\r";

TEST(Hl7, a_row_for_each_patient_with_all_identifiers) {
  const KeptTables kept = tables_of(k_hl7, "adt.hl7");
  ASSERT_EQ(kept.row_count, 2U);
  const auto& row = kept.tables[0].rows[0];
  EXPECT_EQ(row[0], "UH-1");
  EXPECT_EQ(row[2], "234567890124");
  EXPECT_EQ(row[4], "asha@abdm");
  EXPECT_EQ(row[6], "Asha K Devi");
  EXPECT_EQ(row[7], "19801231");
  EXPECT_EQ(row[8], "9876543210");
  EXPECT_EQ(row[9], "a@b.example.in");
  EXPECT_EQ(kept.tables[0].rows[1][0], "UH&2");
  EXPECT_TRUE(kept.findings.empty());
}

const std::string k_patient =
    R"({"id":"p1","resourceType":"Patient","identifier":[{"system":"https://healthid.ndhm.gov.in","value":"91-1111-2222-3333"},)"
    R"({"type":{"coding":[{"code":"MR"}]},"value":"UH-1"}],"name":[{"family":"Devi","given":["Asha"]}],"birthDate":"1980-12-31",)"
    R"("telecom":[{"system":"phone","value":"9876543210"}]})";

TEST(Fhir, one_resource_a_bundle_and_one_a_line) {
  const std::string bundle =
      R"({"resourceType":"Bundle","entry":[{"resource":)" + k_patient +
      R"(},{"resource":{"resourceType":"Observation","subject":{"reference":"Patient/p1"}}},{"resource":)" + k_patient +
      "}]}";
  EXPECT_EQ(tables_of(k_patient, "p.json").row_count, 1U);
  EXPECT_EQ(tables_of(bundle, "b.json").row_count, 2U);
  EXPECT_EQ(tables_of(k_patient + "\n" + k_patient + "\n", "p.ndjson").row_count, 2U);
  const KeptTables kept = tables_of(k_patient, "p.json");
  EXPECT_EQ(kept.tables[0].rows[0][0], "UH-1");
  EXPECT_EQ(kept.tables[0].rows[0][3], "91-1111-2222-3333");
  EXPECT_EQ(kept.tables[0].rows[0][6], "Asha Devi");
}

TEST(Fhir, a_resource_that_ends_in_the_middle_is_told) {
  EXPECT_TRUE(tables_of(k_patient.substr(0, 200), "p.json").has("fhir.end"));
  EXPECT_TRUE(tables_of(R"({"resourceType":"Patient", broken})", "p.json").has("fhir.json"));
}

TEST(Fhir, brackets_nested_without_end_are_bounded) {
  const std::string deep = R"({"resourceType":"Patient","a":)" + std::string(1'000'000, '[');
  EXPECT_EQ(tables_of(deep, "p.json").row_count, 0U);
  const std::string closed =
      R"({"resourceType":"Patient","a":)" + std::string(100'000, '[') + std::string(100'000, ']') + "}";
  EXPECT_EQ(tables_of(closed, "p.json").row_count, 0U);
}

void add_element(std::string& to, std::uint16_t group, std::uint16_t number, std::string_view kind, std::string value) {
  if (value.size() % 2 == 1) value += ' ';
  const auto put16 = [&](std::size_t v) {
    to += static_cast<char>(v & 0xFF);
    to += static_cast<char>(v >> 8);
  };
  put16(group);
  put16(number);
  to += kind;
  put16(value.size());
  to += value;
}

std::string dicom() {
  std::string out(128, '\0');
  out += "DICM";
  add_element(out, 2, 0x10, "UI", std::string("1.2.840.10008.1.2.1\0", 20));
  // A sequence of undefined length with an item in it, before the patient.
  out += std::string("\x08\x00\x40\x11SQ\x00\x00\xFF\xFF\xFF\xFF", 12);
  out += std::string("\xFE\xFF\x00\xE0\xFF\xFF\xFF\xFF", 8);
  add_element(out, 0x10, 0x20, "LO", "NOT-THE-PATIENT");
  out += std::string("\xFE\xFF\x0D\xE0\x00\x00\x00\x00", 8);
  out += std::string("\xFE\xFF\xDD\xE0\x00\x00\x00\x00", 8);
  add_element(out, 0x10, 0x10, "PN", "Devi^Asha");
  add_element(out, 0x10, 0x20, "LO", "UH-1");
  add_element(out, 0x10, 0x30, "DA", "19801231");
  add_element(out, 0x28, 0x10, "US", "xx");
  return out;
}

TEST(Dicom, the_patient_is_found_behind_sequences) {
  const KeptTables kept = tables_of(dicom(), "image");
  ASSERT_EQ(kept.row_count, 1U);
  EXPECT_EQ(kept.tables[0].rows[0][0], "UH-1");
  EXPECT_EQ(kept.tables[0].rows[0][6], "Asha Devi");
  EXPECT_EQ(kept.tables[0].rows[0][7], "19801231");
}

TEST(Dicom, one_that_ends_before_the_patient_is_told) {
  EXPECT_TRUE(tables_of(dicom().substr(0, 200), "image").has("dicom.end"));
}

TEST(FindContent, what_holds_tables_in_a_form_that_is_not_read_is_named) {
  for (const std::string& head : {std::string("PGDMP\x01"), std::string("%PDF-1.7\n"), std::string("PK\x03\x04"),
                                  std::string("\xD0\xCF\x11\xE0"), std::string("TAPE\x00", 5)}) {
    const FoundContent found = find_content(head, HeadEnd::whole, "x");
    EXPECT_EQ(found.kind, ContentKind::unread);
    EXPECT_FALSE(found.why.empty());
  }
  EXPECT_EQ(find_content("15\n", HeadEnd::whole, "PG_VERSION").kind, ContentKind::unread);
  EXPECT_EQ(find_content("\x89PNG\r\n", HeadEnd::whole, "a.png").kind, ContentKind::none);
  const std::string noise("\x01\x02\x03\x04\x05\x06\x07\x0E\x8F", 9);
  EXPECT_EQ(find_content(noise, HeadEnd::whole, "patients.csv").kind, ContentKind::unread);
  EXPECT_EQ(find_content(noise, HeadEnd::whole, "his.sql.bak9").kind, ContentKind::unread);
  EXPECT_EQ(find_content(noise, HeadEnd::whole, "HIS.MDF").kind, ContentKind::unread);
  EXPECT_EQ(find_content(noise, HeadEnd::whole, "program").kind, ContentKind::none);
}

TEST(FindContent, records_of_json_are_told_and_never_taken_for_rows_with_names) {
  const std::string one = R"({"uhid":"UH-20220000","name":"Asha Devi","aadhaar":"234567890124","dob":"1980-12-31"})";
  std::string lines;
  for (int i = 0; i < 8; ++i) lines += one + "\n";
  for (const std::string& text : {lines, "[" + one + ",\n" + one + "]", "[\n  " + one + "\n]"}) {
    const FoundContent found = find_content(text, HeadEnd::whole, "patients.json");
    EXPECT_EQ(found.kind, ContentKind::unread) << text;
    EXPECT_NE(found.why.find("JSON"), std::string::npos);
  }
  EXPECT_EQ(find_content("{\n  \"port\": 80,\n  \"host\": \"x\"\n}\n", HeadEnd::whole, "settings.json").kind,
            ContentKind::none);
}

TEST(ReadTables, every_cut_and_every_flipped_byte_is_survived) {
  for (const std::string& whole : {k_hl7, k_patient, dicom()}) {
    for (std::size_t at = 0; at < whole.size(); ++at) {
      EXPECT_LE(tables_of(whole.substr(0, at), "x").row_count, 2U);
      std::string changed = whole;
      changed[at] = static_cast<char>(changed[at] ^ 0x81);
      EXPECT_LE(tables_of(changed, "x").row_count, 4U);
    }
  }
}

class FailingSource final : public base::ByteSource {
 public:
  [[nodiscard]] std::uint64_t size_bytes() const override { return 1 << 20; }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t, std::span<std::uint8_t>) override {
    return base::Error{.code = base::ErrorCode::io, .what = "cannot read 'x': bad sector"};
  }
};

TEST(ReadTables, a_read_that_fails_is_an_error_and_never_an_empty_table) {
  FailingSource source;
  KeptTables kept;
  FoundContent found;
  found.kind = ContentKind::sql;
  EXPECT_FALSE(read_tables(source, found, kept).ok());
}

}  // namespace
}  // namespace lastgood::tables
