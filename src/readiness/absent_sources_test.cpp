// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what lies in a source that is not there now brings nothing back, and that another source's copy does.
#include "readiness/absent_sources.h"

#include "readiness/service_state.h"
#include "readiness/testing/services_story.h"

namespace lastgood::readiness {
namespace {

class Unplugged : public testing::Services {
 protected:
  void SetUp() override {
    Services::SetUp();
    for (const char* name : {"nas", "usb"}) add(name);
  }
  void add(const std::string& name) {
    testing::write(scratch_.path() + "/" + name + "/2022-11-22/pg/PG_VERSION", "15\n");
    model::BackupSource source{
        .name = name, .address = "folder:" + scratch_.path() + "/" + name, .format = "folder", .live_prefix = "/srv"};
    ASSERT_TRUE(store_.backups().put_source(source).ok());
    const std::int64_t day_ns = name == "nas" ? 200 : 100;
    const std::vector<model::JudgedSnapshot> snapshots{{.snapshot = {.id = "s1", .time_ns = day_ns}}};
    const std::vector<model::JudgedUnit> units{{.snapshot = "s1",
                                                .kind = "postgresql",
                                                .path = "/pg",
                                                .state = "consistent",
                                                .data_as_of_ns = day_ns,
                                                .bytes = 10}};
    ASSERT_TRUE(store_.backups().record_snapshots(name, snapshots, units).ok());
  }
  DataState state() {
    const auto file =
        services::parse_services("[service.db]\n[[service.db.data]]\nkind=\"postgresql\"\npath=\"/srv/pg\"\n", "s");
    const auto input = gather_standings(file.file, {}, scratch_.path(), store_, AskHealth::no);
    EXPECT_TRUE(input.ok());
    return input.value().data.at("db").at(0);
  }
};

TEST_F(Unplugged, TheNewestCopyOfASourceThatIsThereCounts) {
  EXPECT_EQ(state().source, "nas");
  std::filesystem::remove_all(scratch_.path() + "/nas");
  const DataState without = state();
  EXPECT_EQ(without.known, DataState::Known::judged);
  EXPECT_EQ(without.source, "usb");
  EXPECT_NE(without.sentence.find("its copies in 'nas' cannot be read now: '" + scratch_.path() + "/nas' is not there"),
            std::string::npos)
      << without.sentence;
}

TEST_F(Unplugged, WithoutAnyThereIsNoCopy) {
  for (const char* name : {"nas", "usb"}) std::filesystem::remove_all(scratch_.path() + "/" + name + "/2022-11-22");
  const DataState none = state();
  EXPECT_EQ(none.known, DataState::Known::none);
  EXPECT_TRUE(none.sentence.starts_with("its copies in 'nas' cannot be read now: '" + scratch_.path() +
                                        "/nas' is an empty folder (is it mounted?); its copies in 'usb'"))
      << none.sentence;
}

TEST_F(Unplugged, ADiskWithNothingButLostAndFoundIsEmpty) {
  const std::string nas = scratch_.path() + "/nas";
  std::filesystem::remove_all(nas + "/2022-11-22");
  std::filesystem::create_directory(nas + "/lost+found");
  EXPECT_EQ(state().source, "usb");
  EXPECT_NE(state().sentence.find("'" + nas + "' is an empty folder"), std::string::npos) << state().sentence;
}

TEST_F(Unplugged, OfSourcesBehindANetworkNothingIsKnown) {
  ASSERT_TRUE(store_.backups().put_source({.name = "far", .address = "restic:rest:http://10.1.2.3/r"}).ok());
  const auto absent = find_absent_sources(store_);
  ASSERT_TRUE(absent.ok());
  EXPECT_TRUE(absent.value().empty());
}

}  // namespace
}  // namespace lastgood::readiness
