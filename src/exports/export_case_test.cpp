// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that an export is written whole with its digest in the ledger before and after, that exporting again gives the
// same bytes, and that nothing is overwritten unasked.
#include "exports/export_case.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <sstream>

#include "casefile/testing/memory_case_store.h"
#include "exports/case_times.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::exports {

namespace {

class ExportCase : public ::testing::Test {
 protected:
  ExportCase() : case_folder_(folder_ / "night.case") {
    std::filesystem::create_directory(case_folder_);
    auto made = ledger::create_ledger(case_folder_);
    EXPECT_TRUE(made.ok());
    ledger_ = std::move(made).value();
  }
  base::Result<ExportOutcome> run(Form form, const std::string& name, os::Overwrite overwrite = os::Overwrite::no) {
    return export_case(
        case_folder_, store_, *ledger_,
        {.form = form, .tlp = Tlp::green, .scope = Scope::tied, .out = folder_ / name, .overwrite = overwrite});
  }
  [[nodiscard]] static std::string read(const std::string& path) {
    std::ostringstream out;
    out << std::ifstream(path, std::ios::binary).rdbuf();
    return out.str();
  }

  os::testing::ScratchFolder folder_;
  std::string case_folder_;
  std::unique_ptr<ledger::Ledger> ledger_;
  casefile::testing::MemoryCaseStore store_;
};

TEST_F(ExportCase, twice_the_same_bytes_though_the_ledger_grew) {
  for (const Form form : {Form::stix, Form::misp, Form::csv}) {
    const std::string name(name_of(form));
    const auto outcome = run(form, name + "1");
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
    EXPECT_TRUE(outcome.value().faults.empty());
    ASSERT_TRUE(run(form, name + "2").ok());
    EXPECT_EQ(read(folder_ / (name + "1")), read(folder_ / (name + "2")));
    EXPECT_EQ(read(folder_ / (name + "1")).size(), outcome.value().bytes);
    const std::string ledger = read(case_folder_ + "/ledger");
    EXPECT_NE(ledger.find(R"("kind":"export-begun")"), std::string::npos);
    EXPECT_NE(ledger.find(R"("kind":"export-written")"), std::string::npos);
    EXPECT_NE(ledger.find(outcome.value().sha256), std::string::npos);
  }
}

TEST_F(ExportCase, overwrites_only_when_asked) {
  ASSERT_TRUE(run(Form::csv, "out").ok());
  const auto again = run(Form::csv, "out");
  ASSERT_FALSE(again.ok());
  EXPECT_EQ(again.error().code, base::ErrorCode::misuse);
  EXPECT_TRUE(run(Form::csv, "out", os::Overwrite::yes).ok());
}

TEST_F(ExportCase, the_timeline_is_written_with_its_digest) {
  const auto outcome = run(Form::timesketch, "out.jsonl");
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(read(folder_ / "out.jsonl").size(), outcome.value().bytes);
  EXPECT_NE(read(case_folder_ + "/ledger").find(outcome.value().sha256), std::string::npos);
}

TEST_F(ExportCase, what_tells_something_new_moves_the_time_and_what_only_writes_out_does_not) {
  const CaseTimes before = read_case_times(case_folder_).value();
  EXPECT_EQ(before.created_ns, before.changed_ns);
  ASSERT_TRUE(ledger_->append("report-written", {}).ok());
  EXPECT_EQ(read_case_times(case_folder_).value(), before);
  ASSERT_TRUE(ledger_->append("scan-finished", {}).ok());
  EXPECT_GT(read_case_times(case_folder_).value().changed_ns, before.changed_ns);
  for (const std::string_view kind :
       {"trace-finished", "search-finished", "case-described", "became-aware", "evidence-added"})
    EXPECT_TRUE(tells_news(kind)) << kind;
}

TEST(Names, of_forms_and_levels_are_found_again) {
  for (const Form form : {Form::stix, Form::misp, Form::csv, Form::timesketch})
    EXPECT_EQ(find_form(name_of(form)), form);
  EXPECT_FALSE(find_form("xml"));
  for (const Tlp tlp : {Tlp::clear, Tlp::green, Tlp::amber, Tlp::amber_strict, Tlp::red}) {
    EXPECT_EQ(find_tlp(name_of(tlp)), tlp);
    EXPECT_EQ(find_tlp(small_name_of(tlp)), tlp);
  }
  EXPECT_FALSE(find_tlp("WHITE")) << "a level of TLP 1.0";
}

}  // namespace

}  // namespace lastgood::exports
