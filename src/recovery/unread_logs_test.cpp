// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the last saved logs are missed where they are gone, and nothing that a server removes on its way.
#include "recovery/unread_logs.h"

#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using sources::testing::FakeSource;

class UnreadLogs : public Incident {
 protected:
  static std::unique_ptr<FakeSource> source_with(const std::vector<std::pair<std::string, std::string>>& logs) {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    source->put_file("s1", "/srv/note.txt", letter(1));
    for (const auto& [name, content] : logs) source->put_file("s1", "/srv/wal/" + name, content);
    return source;
  }
  std::string missed_in(std::unique_ptr<FakeSource> source) {
    OpenedSources sources;
    sources.opened.emplace_back();
    sources.opened[0].record = record_;
    sources.opened[0].snapshots = source->snapshots().value();
    sources.opened[0].source = std::move(source);
    const auto missed = describe_unread_logs(store_, sources, "/srv/wal", find_log_places(sources, "/srv/wal", 0), 0);
    EXPECT_TRUE(missed.ok()) << (missed.ok() ? "" : missed.error().what);
    return missed.ok() ? missed.value() : "failed";
  }
};

const std::string k_first = "000000010000000000000001";
const std::string k_second = "000000010000000000000002";

TEST_F(UnreadLogs, AreTheLastOnesThatAnotherDiskDoesNotHave) {
  judge(*source_with({{k_first, letter(1)}, {k_second, letter(2)}}));
  EXPECT_EQ(missed_in(source_with({{k_first, letter(1)}, {k_second, letter(2)}})), "");
  EXPECT_EQ(
      missed_in(source_with({{k_first, letter(1)}})),
      "source 'nas' (folder:/nas) no longer has '000000010000000000000002' in '/srv/wal', the last of its logs that "
      "judging saw: it was deleted or cannot be read, or another disk is mounted there");
  EXPECT_NE(missed_in(source_with({})), "");
}

TEST_F(UnreadLogs, AreNoneThatAServerRemovedOrPackedOnItsWay) {
  judge(*source_with({{k_first, letter(1)}, {k_second, letter(2)}}));
  EXPECT_EQ(missed_in(source_with({{"000000010000000000000003", letter(3)}})), "");
  EXPECT_EQ(missed_in(source_with({{k_second + ".gz", "packed"}})), "");
  EXPECT_EQ(missed_in(source_with({{"000000020000000000000002", letter(3)}})), "") << "a newer timeline";
}

TEST_F(UnreadLogs, AreThoseOfWhichOnlyAShorterOneIsLeft) {
  judge(*source_with({{"bin.000001", letter(1)}, {"bin.000002", letter(2)}, {"relay.000001", letter(3)}}));
  const std::string missed = missed_in(
      source_with({{"bin.000001", letter(1)}, {"bin.000002", letter(2).substr(0, 50)}, {"relay.000001", letter(3)}}));
  EXPECT_EQ(
      missed,
      "source 'nas' (folder:/nas) has a shorter 'bin.000002' in '/srv/wal' than judging saw: it was cut, or another "
      "disk is mounted there");
  EXPECT_NE(missed_in(source_with({{"bin.000002", letter(2)}})).find("'relay.000001'"), std::string::npos)
      << "each series ends somewhere";
  EXPECT_EQ(missed_in(source_with({{"bin.000002", letter(2) + "more"}, {"relay.000002", letter(3)}})), "");
}

TEST_F(UnreadLogs, AreThoseThatPgReceivewalHadBegun) {
  judge(*source_with({{k_first, letter(1)}, {k_second + ".partial", letter(2)}}));
  EXPECT_EQ(missed_in(source_with({{k_first, letter(1)}, {k_second + ".partial", letter(2)}})), "");
  EXPECT_EQ(missed_in(source_with({{k_second, letter(2)}})), "") << "it was finished since";
  EXPECT_NE(missed_in(source_with({{k_first, letter(1)}})).find("no longer has '" + k_second + ".partial'"),
            std::string::npos);
  EXPECT_NE(missed_in(source_with({{k_second + ".partial", letter(2).substr(0, 9)}})).find("has a shorter"),
            std::string::npos);
}

TEST_F(UnreadLogs, AreThoseThatTheAttackHasStruckBehindTheLastGoodOne) {
  auto whole =
      source_with({{k_first, letter(1)}, {k_second + ".bak9", struck(2)}, {k_second + ".00000028.backup", "label"}});
  const std::string missed = missed_in(std::move(whole));
  EXPECT_EQ(missed,
            "source 'nas' (folder:/nas) has 1 later log in '/srv/wal' only under other names, as an encryption leaves "
            "them, or as no file: '000000010000000000000002.bak9'");
  // What good ones go on behind is said by whoever replays them.
  EXPECT_EQ(missed_in(source_with({{k_first + ".bak9", struck(1)}, {k_second, letter(2)}})), "");
  EXPECT_NE(missed_in(source_with({{"bin.000001.bak9", struck(1)}, {"bin.000002.bak9", struck(2)}}))
                .find("2 later logs in '/srv/wal' only under other names"),
            std::string::npos)
      << "also where none is left";
  auto linked = source_with({{k_first, letter(1)}});
  linked->put_link("s1", "/srv/wal/" + k_second, "/nowhere");
  EXPECT_NE(missed_in(std::move(linked)), "");
}

TEST_F(UnreadLogs, MayBeEncryptedFilesWhoseNamesSayNothing) {
  const std::vector<std::pair<std::string, std::string>> files = {{k_first, letter(1)}, {"aGf3kk2", struck(2)}};
  judge(*source_with(files));
  EXPECT_EQ(missed_in(source_with(files)),
            "source 'nas' (folder:/nas) has 1 file that is encrypted or of no known kind in '/srv/wal', which may have "
            "been its later logs: "
            "'aGf3kk2'");
}

TEST_F(UnreadLogs, AreThoseThatTheServersOwnListNames) {
  const auto missed = [&](const std::string& list) {
    return missed_in(source_with({{"bin.000001", letter(1)}, {"bin.index", list}}));
  };
  EXPECT_EQ(missed("/var/log/mysql/bin.000001\n/var/log/mysql/bin.000002\n/var/log/mysql/bin.000003\n"),
            "source 'nas' (folder:/nas) has the server's own list of its logs in '/srv/wal', which goes on to "
            "'bin.000003', and not all of them");
  EXPECT_EQ(missed("./bin.000001\n./bin.000002\n"), "") << "the last one was being written";
  for (const char* list : {"", "\n\n", "bin", "other.000009\n", "bin.index\n"}) EXPECT_EQ(missed(list), "") << list;
}

TEST_F(UnreadLogs, AreThoseInAFolderBelowTheOneThatWasNamedWhereNobodyLooks) {
  const std::string third = "000000010000000000000003";
  judge(*source_with({{k_first, letter(1)}, {"new/" + k_second, letter(2)}, {"new/" + third, letter(3)}}));
  EXPECT_EQ(missed_in(source_with({{k_first, letter(1)}, {"new/" + k_second, letter(2)}, {"new/" + third, letter(3)}})),
            "2 later logs lie in the folder 'new' below '/srv/wal', where they are not looked for: put them into one "
            "folder");
  EXPECT_EQ(missed_in(source_with({{third, letter(3)}, {"old/a/" + k_first, letter(1)}})), "") << "earlier ones";
  EXPECT_EQ(missed_in(source_with({{third, letter(3)}, {"old/pg_wal/" + third.substr(0, 23) + "4", letter(1)}})), "");
  EXPECT_NE(missed_in(source_with({{k_first, letter(1)}})).find("no longer has '" + third + "'"), std::string::npos);
  // Of another series than what is replayed.
  judge(*source_with({{"bin.000001", letter(1)}, {"relays/relay.000009", letter(2)}}));
  EXPECT_EQ(missed_in(source_with({{third, letter(3)}, {"bin.000001", letter(1)}, {"relays/relay.000009", letter(2)}})),
            "");
}

TEST_F(UnreadLogs, AreNoneWhereAllWereMovedIntoOneFolder) {
  judge(*source_with({{"bin.000001", letter(1)}, {"bin.000002", letter(2)}}));
  EXPECT_EQ(missed_in(source_with({{"x/bin.000001", letter(1)}, {"x/bin.000002", letter(2)}})), "");
  EXPECT_NE(missed_in(source_with({{"x/bin.000001", letter(1)}})).find("no longer has 'bin.000002'"),
            std::string::npos);
  EXPECT_NE(missed_in(source_with({{"x/bin.000001", letter(1)}, {"x/bin.000002.bak9", struck(2)}}))
                .find("1 later log in '/srv/wal/x' only under other names"),
            std::string::npos);
}

TEST_F(UnreadLogs, AreThoseOfSeveralFoldersOfWhichOneHasToBeNamed) {
  const std::string packed = k_first + "-0123456789abcdef0123456789abcdef01234567.gz";
  judge(*source_with({{"15-1/0000000100000000/" + packed, "a"}, {"16-2/0000000100000000/" + packed, "b"}}));
  EXPECT_EQ(
      missed_in(source_with({{"15-1/0000000100000000/" + packed, "a"}, {"16-2/0000000100000000/" + packed, "b"}})),
      "'/srv/wal' itself has no log files, several folders below it have ('15-1', '16-2'), and none of them is used, "
      "because whose they are is not known: 'logs' has to name the one that is this database's");
  EXPECT_EQ(missed_in(source_with({{"15-1/0000000100000000/" + packed, "a"}})), "");
  EXPECT_NE(missed_in(source_with({{"15-1/0000000100000000/readme", "a"}})).find("no longer has '" + packed + "'"),
            std::string::npos)
      << "those of pgBackRest are known by their names, too";
}

}  // namespace

}  // namespace lastgood::recovery::testing
