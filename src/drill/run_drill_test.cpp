// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Runs a small drill with scans that know nothing, know the truth or fail: the drill must say so, leave the first tree
// as it was, and touch nothing outside its folder.
#include "drill/run_drill.h"

#include <gtest/gtest.h>
#include <stdlib.h>  // NOLINT: mkdtemp is POSIX

#include <filesystem>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>
#include <sstream>

namespace lastgood::drill {
namespace {

namespace fs = std::filesystem;
using model::FileRecord;
using model::Verdict;
using Json = nlohmann::json;

std::string text_of(const fs::path& path) {
  std::ostringstream out;
  out << std::ifstream(path, std::ios::binary).rdbuf();
  return out.str();
}

class Steps final : public DrillProgress {
 public:
  void step(std::string_view sentence) override { seen.emplace_back(sentence); }
  std::vector<std::string> seen;
};

class RunDrillTest : public ::testing::Test {
 protected:
  void SetUp() override {
    std::string pattern = (fs::temp_directory_path() / "lastgood-drill-XXXXXX").string();
    ASSERT_NE(::mkdtemp(pattern.data()), nullptr);
    scratch_ = pattern;
  }
  void TearDown() override {
    if (HasFailure()) {
      std::cout << "left for inspection: " << scratch_ << "\n";
    } else {
      fs::remove_all(scratch_);
    }
  }
  [[nodiscard]] DrillOptions options() const {
    return {.folder = (scratch_ / "drill").string(),
            .maker = LASTGOOD_SOURCE_DIR "/src/drill/make_hospital.py",
            .seed = 5,
            .files = 60};
  }
  [[nodiscard]] fs::path in_drill(std::string_view name) const { return scratch_ / "drill" / name; }

  fs::path scratch_;
  Steps steps_;
};

/// Says of every file what the truth says is right: reads truth.json, as no real scan may.
base::Result<std::vector<FileRecord>> scan_that_knows(const std::string& path) {
  const Json truth = Json::parse(text_of(fs::path(path).parent_path() / "truth.json"));
  std::vector<FileRecord> records;
  for (const Json& file : truth["files"]) {
    FileRecord record;
    record.path = path + "/" + file["path"].get<std::string>();
    record.verdict = model::find_verdict(file["right"][0].get<std::string>()).value_or(Verdict::undecided);
    if (file.contains("replaced")) {
      for (const Json& range : file["replaced"]) record.ranges.push_back({range[0], range[1]});
    }
    records.push_back(std::move(record));
  }
  return records;
}

base::Result<std::vector<FileRecord>> scan_that_believes_everything(const std::string& path) {
  std::vector<FileRecord> records;
  for (const fs::directory_entry& entry : fs::recursive_directory_iterator(path)) {
    if (!entry.is_regular_file()) continue;
    FileRecord record;
    record.path = entry.path().string();
    record.verdict = Verdict::intact;
    records.push_back(std::move(record));
  }
  return records;
}

base::Result<std::vector<FileRecord>> scan_that_fails(const std::string& path) {
  return base::system_error("scan", path, EIO);
}

}  // namespace

TEST_F(RunDrillTest, passes_a_scan_that_is_always_right_and_keeps_what_it_compared) {
  const auto outcome = run_drill(options(), scan_that_knows, steps_);
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_TRUE(outcome.value().score.passed()) << write_score_summary(outcome.value().score);
  EXPECT_EQ(steps_.seen.size(), 4U);
  EXPECT_EQ(Json::parse(text_of(in_drill("score.json")))["passed"], true);

  const Json truth = Json::parse(text_of(in_drill("truth.json")));
  std::set<std::string> fates;
  for (const Json& file : truth["files"]) {
    fates.insert(file["fate"].get<std::string>());
    const fs::path attacked = in_drill("attacked") / file["path"].get<std::string>();
    ASSERT_TRUE(fs::is_regular_file(attacked)) << attacked;
    EXPECT_EQ(fs::file_size(attacked), file["size"].get<std::uint64_t>());
    if (file["fate"] == "attacked") {
      EXPECT_EQ(file["key"].get<std::string>().size(), 64U);
    }
    if (file["fate"] == "untouched") {
      EXPECT_EQ(text_of(attacked), text_of(in_drill("before") / file["original"].get<std::string>()));
    }
  }
  EXPECT_TRUE(fates.contains("attacked") && fates.contains("untouched") && fates.contains("note"));
}

TEST_F(RunDrillTest, leaves_the_first_tree_as_it_was_made) {
  ASSERT_TRUE(run_drill(options(), scan_that_knows, steps_).ok());
  const auto made = parse_made_list(text_of(in_drill("made.json")));
  ASSERT_TRUE(made.ok());
  EXPECT_GE(made.value().files.size(), 49U);
  for (const HospitalFile& file : made.value().files) {
    const std::string bytes = text_of(in_drill("before") / file.path);
    EXPECT_EQ(base::sha256(base::ByteView(std::string_view(bytes))), file.sha256) << file.path;
  }
}

TEST_F(RunDrillTest, fails_the_goals_of_a_scan_that_believes_everything) {
  const auto outcome = run_drill(options(), scan_that_believes_everything, steps_);
  ASSERT_TRUE(outcome.ok());
  EXPECT_FALSE(outcome.value().score.passed());
  EXPECT_EQ(outcome.value().score.documented.recalled, 0U);
  EXPECT_NE(write_score_summary(outcome.value().score).find("MISSED  recall"), std::string::npos);
}

TEST_F(RunDrillTest, names_the_folder_it_leaves_when_a_step_fails) {
  const auto outcome = run_drill(options(), scan_that_fails, steps_);
  ASSERT_FALSE(outcome.ok());
  EXPECT_NE(outcome.error().hint.find((scratch_ / "drill").string()), std::string::npos);
}

TEST_F(RunDrillTest, refuses_a_folder_that_exists_and_leaves_it_alone) {
  fs::create_directory(in_drill(""));
  std::ofstream(in_drill("precious.txt")) << "precious";
  const auto outcome = run_drill(options(), scan_that_knows, steps_);
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, base::ErrorCode::misuse);
  EXPECT_EQ(text_of(in_drill("precious.txt")), "precious");
  EXPECT_EQ(std::distance(fs::directory_iterator(in_drill("")), fs::directory_iterator()), 1);
  EXPECT_TRUE(steps_.seen.empty());
}

TEST_F(RunDrillTest, attacks_nothing_when_the_list_of_made_files_is_wrong) {
  // A maker that lists a file which it did not make so.
  const fs::path maker = scratch_ / "maker.py";
  std::ofstream(maker)
      << "import sys,os,json,hashlib\n"
         "out=sys.argv[sys.argv.index('--out')+1]; os.mkdir(out); open(out+'/a.txt','x').write('real')\n"
         "text=json.dumps({'format':'lastgood-hospital-1','files':[{'path':'a.txt','kind':'txt','size_bytes':4,'"
         "protected':False,"
         "'sha256':'00'*32}],'left_out':[]})\n"
         "open(sys.argv[sys.argv.index('--list')+1],'x').write(text)\n"
         "print('made 1'); print('list '+hashlib.sha256(text.encode()).hexdigest())\n";
  DrillOptions wrong = options();
  wrong.maker = maker.string();
  const auto outcome = run_drill(wrong, scan_that_knows, steps_);
  ASSERT_FALSE(outcome.ok());
  EXPECT_NE(outcome.error().what.find("SHA-256"), std::string::npos) << outcome.error().what;
  EXPECT_FALSE(fs::exists(in_drill("attacked")));
  EXPECT_EQ(text_of(in_drill("before/a.txt")), "real");
}

TEST_F(RunDrillTest, makes_the_same_hospital_and_the_same_attack_for_the_same_seed) {
  DrillOptions first = options();
  DrillOptions second = options();
  second.folder = (scratch_ / "again").string();
  ASSERT_TRUE(run_drill(first, scan_that_knows, steps_).ok());
  ASSERT_TRUE(run_drill(second, scan_that_knows, steps_).ok());
  const Json a = Json::parse(text_of(scratch_ / "drill" / "truth.json"));
  const Json b = Json::parse(text_of(scratch_ / "again" / "truth.json"));
  ASSERT_EQ(a["files"].size(), b["files"].size());
  for (std::size_t i = 0; i < a["files"].size(); ++i) {
    for (const char* field : {"path", "fate", "right"}) EXPECT_EQ(a["files"][i][field], b["files"][i][field]);
  }
}

}  // namespace lastgood::drill
