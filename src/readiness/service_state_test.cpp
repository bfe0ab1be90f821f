// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what a service says of itself and what is known of its data and of what it waits for come to the right
// word, time and sentence.
#include "readiness/service_state.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gtest/gtest.h>

#include "services/history.h"

namespace lastgood::readiness {
namespace {

services::ServicesFile parse_file(const std::string& text) {
  auto read = services::parse_services(text, "s");
  EXPECT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
  return std::move(read.file);
}

/// Standings of db <- opd, as "up degraded".
std::string states(const services::ServicesFile& file, const std::map<std::string, Health>& health,
                   const std::map<std::string, DataState>& data, std::vector<ServiceStanding>* kept = nullptr) {
  StandingInput input;
  input.order = services::order_of(file, {});
  for (const auto& [name, answer] : health) input.health[name] = {answer, "as the test says", 1};
  for (const auto& [name, state] : data) input.data[name] = {state};
  input.rate = {.bytes_per_s = 1000, .basis = "1 kB/s"};
  std::string out;
  auto standings = decide_standings(input);
  for (const ServiceStanding& standing : standings) out += std::string(name_of(standing.state)) + " ";
  if (kept != nullptr) *kept = std::move(standings);
  return out;
}

DataState copy(DataState::Known known, std::uint64_t bytes = 0, std::int64_t as_of_ns = 0) {
  DataState out;
  out.known = known;
  out.bytes = bytes;
  out.data_as_of_ns = as_of_ns;
  return out;
}

TEST(Standing, IsWhatIsAskedAndWhatIsKnownOfTheData) {
  using Known = DataState::Known;
  const auto file = parse_file("[service.db]\n[service.opd]\ndepends_on=[\"db\"]\n");
  EXPECT_EQ(states(file, {{"db", Health::well}, {"opd", Health::well}}, {}), "up up ");
  EXPECT_EQ(states(file, {{"db", Health::not_well}, {"opd", Health::well}}, {{"db", copy(Known::tested)}}),
            "restorable degraded ");
  EXPECT_EQ(states(file, {{"db", Health::not_well}, {"opd", Health::not_well}},
                   {{"db", copy(Known::none)}, {"opd", copy(Known::tested)}}),
            "down down ");
  EXPECT_EQ(states(file, {{"db", Health::not_well}, {"opd", Health::not_well}},
                   {{"db", copy(Known::judged)}, {"opd", copy(Known::not_known)}}),
            "restorable down ");
  EXPECT_EQ(states(file, {}, {}), "unknown unknown ");
  EXPECT_EQ(states(file, {}, {{"db", copy(Known::tested)}, {"opd", copy(Known::regenerated)}}),
            "restorable restorable ");
  DataState hit = copy(Known::tested);
  hit.hit = 3;
  EXPECT_EQ(states(file, {{"db", Health::well}, {"opd", Health::well}}, {{"db", hit}}), "degraded up ");
}

TEST(Standing, SaysBeforeAFirstStartWhatTheDatabaseStillLacks) {
  const auto file = parse_file("[service.db]\n");
  DataState in_place = copy(DataState::Known::tested, 5000, 70);
  in_place.in_place_ns = 90;
  in_place.path = "/srv/pg";
  in_place.server_logs = "/srv/wal";
  in_place.server_logs_ns = 100;
  std::vector<ServiceStanding> standings;
  const auto says = [&](std::string_view text) {
    const auto& sentences = standings.at(0).sentences;
    return std::any_of(sentences.begin(), sentences.end(),
                       [&](const std::string& one) { return one.find(text) != std::string::npos; });
  };
  EXPECT_EQ(states(file, {{"db", Health::not_well}}, {{"db", in_place}}, &standings), "stopped ");
  EXPECT_TRUE(says("'lastgood replay /srv/pg --logs /srv/wal' brings them in"));
  EXPECT_EQ(states(file, {{"db", Health::well}}, {{"db", in_place}}, &standings), "up ");
  EXPECT_FALSE(says("lastgood replay")) << "it was started by then";
  in_place.replay = DataState::Replay::not_known;
  in_place.saved_logs = "/srv/wal";
  EXPECT_EQ(states(file, {{"db", Health::not_well}}, {{"db", in_place}}, &standings), "stopped ");
  EXPECT_TRUE(says("no replay of its saved logs is known")) << "a copy whose place in them is not known, say";
  EXPECT_TRUE(says("'lastgood replay /srv/pg --logs-in-backups /srv/wal' tries to bring it in"));
  EXPECT_EQ(states(file, {{"db", Health::well}}, {{"db", in_place}}, &standings), "up ");
  EXPECT_FALSE(says("no replay")) << "it was started by then";
  in_place.in_place_ns = 0;
  in_place.replay = DataState::Replay::awaited;
  EXPECT_EQ(states(file, {{"db", Health::not_well}}, {{"db", in_place}}, &standings), "restorable ");
  EXPECT_TRUE(says("has not replayed its saved logs"));
}

TEST(Standing, OfAServiceWhoseDataAreInPlaceProposesNoRestore) {
  using Known = DataState::Known;
  const auto file = parse_file("[service.db]\n[service.opd]\ndepends_on=[\"db\"]\n");
  DataState in_place = copy(Known::tested, 5000, 70);
  in_place.in_place_ns = 90;
  std::vector<ServiceStanding> standings;
  EXPECT_EQ(states(file, {{"db", Health::not_well}, {"opd", Health::not_well}},
                   {{"db", in_place}, {"opd", copy(Known::tested, 1000, 90)}}, &standings),
            "stopped restorable ");
  EXPECT_EQ(states(file, {}, {{"db", in_place}, {"opd", copy(Known::tested, 1000, 90)}}), "stopped restorable ")
      << "without a health check it would be proposed for a restore for ever";
  EXPECT_EQ(standings[0].ready_s, 0);
  EXPECT_EQ(standings[1].ready_s, 1) << "there is nothing to copy for what it waits for";
  StandingInput without_data;
  without_data.order = services::order_of(file, {});
  without_data.rate = {.bytes_per_s = 1000, .basis = "1 kB/s"};
  without_data.health = {{"db", {Health::not_well, "", 1}}, {"opd", {Health::not_well, "", 1}}};
  without_data.data["db"] = {in_place};
  EXPECT_EQ(decide_standings(without_data).at(1).state, ServiceState::stopped);
}

TEST(Standing, OfWhatIsRegenerableSaysNeverThatARestoreBroughtIt) {
  const auto file = parse_file("[service.db]\n[service.standby]\ndepends_on=[\"db\"]\n");
  DataState standby = copy(DataState::Known::regenerated);
  standby.name = "postgresql";
  standby.in_place_ns = 90;
  std::vector<ServiceStanding> standings;
  const auto said = [&] {
    std::string out;
    for (const std::string& sentence : standings.at(1).sentences) out += sentence + "\n";
    return out;
  };
  EXPECT_EQ(states(file, {}, {{"db", copy(DataState::Known::tested)}, {"standby", standby}}, &standings),
            "restorable stopped ");
  EXPECT_EQ(said().find("in place since"), std::string::npos) << said();
  standby.in_place_ns = 0;
  standby.doubtful = 2;
  EXPECT_EQ(states(file, {}, {{"db", copy(DataState::Known::tested)}, {"standby", standby}}, &standings),
            "restorable restorable ");
  EXPECT_NE(said().find("postgresql: 2 files of it are struck or could not be judged, and stand there as the newest "
                        "scan saw them: no restore has to bring it, its start makes it again, or people do before "
                        "that, once db is back"),
            std::string::npos)
      << said();
  states(file, {{"standby", Health::well}}, {{"db", copy(DataState::Known::tested)}, {"standby", standby}}, &standings);
  EXPECT_EQ(said().find("could not be judged"), std::string::npos) << "it is up, and was made again";
}

TEST(Standing, OfAServiceWithoutDataIsStoppedUnlessWhatItWaitsForHasToComeBack) {
  using Known = DataState::Known;
  const auto alone = parse_file("[service.web]\n");
  EXPECT_EQ(states(alone, {{"web", Health::not_well}}, {}), "stopped ") << "nothing of it can be restored";
  const auto file =
      parse_file("[service.db]\n[service.web]\ndepends_on=[\"db\"]\n[service.app]\ndepends_on=[\"web\"]\n");
  const auto with_db = [&](Health db, const DataState& data, std::vector<ServiceStanding>* kept = nullptr) {
    return states(file, {{"db", db}, {"web", Health::not_well}, {"app", Health::not_well}}, {{"db", data}}, kept);
  };
  EXPECT_EQ(with_db(Health::well, copy(Known::tested)), "up stopped stopped ");
  EXPECT_EQ(with_db(Health::not_well, copy(Known::tested)), "restorable restorable restorable ");
  std::vector<ServiceStanding> standings;
  EXPECT_EQ(with_db(Health::not_well, copy(Known::none), &standings), "down down down ");
  EXPECT_EQ(standings[1].sentences.front(), "it has no data of its own, but something it waits for cannot come back");
  EXPECT_EQ(standings[2].waits_for, std::vector<std::string>{"web"});
}

TEST(Standing, SaysWhenEachIsBackAndAsOfWhen) {
  using Known = DataState::Known;
  std::vector<ServiceStanding> standings;
  states(parse_file("[service.db]\n[service.opd]\ndepends_on=[\"db\"]\n"), {},
         {{"db", copy(Known::tested, 5000, 70)}, {"opd", copy(Known::tested, 1000, 90)}}, &standings);
  ASSERT_EQ(standings.size(), 2U);
  EXPECT_EQ(standings[0].ready_s, 5);
  EXPECT_EQ(standings[1].ready_s, 6);
  EXPECT_EQ(standings[1].data_as_of_ns, 70);  // no newer than what it waits for
  EXPECT_EQ(standings[1].waits_for, std::vector<std::string>{"db"});
}

TEST(Standing, SaysOfAFolderWithWhichItsServerDoesNotStartWhatToDo) {
  const auto file = parse_file("[service.db]\n");
  DataState open = copy(DataState::Known::tested, 10, 60);
  open.in_place_ns = 90;
  open.name = "main";
  open.path = "/srv/pg";
  open.refused_mode = 0755;
  for (const Health health : {Health::not_well, Health::well}) {
    std::vector<ServiceStanding> standings;
    states(file, {{"db", health}}, {{"db", open}}, &standings);
    const std::string said = fmt::format("{}", fmt::join(standings.at(0).sentences, "\n"));
    EXPECT_EQ(said.find("mode 0755") != std::string::npos && said.find("chmod 700 /srv/pg") != std::string::npos,
              health == Health::not_well)
        << said;
  }
}

TEST(Standing, IsAsOfItsDatabasesAndNamesOlderFilesApart) {
  using Known = DataState::Known;
  const auto file = parse_file("[service.lab]\n");
  StandingInput input;
  input.order = services::order_of(file, {});
  input.rate.bytes_per_s = 1000;
  DataState settings = copy(Known::tested, 10, 60);
  settings.kind = "files";
  input.data["lab"] = {settings, copy(Known::tested, 10, 90)};
  const auto standings = decide_standings(input);
  ASSERT_EQ(standings.size(), 1U);
  EXPECT_EQ(standings[0].data_as_of_ns, 90);
  EXPECT_EQ(standings[0].files_as_of_ns, 60);
}

}  // namespace
}  // namespace lastgood::readiness
