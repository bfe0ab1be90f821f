// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that nothing of a backup comes between the logs of a server at work.
#include "recovery/logs_at_work.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>

#include "os/folder_user.h"
#include "recovery/testing/incident.h"

namespace lastgood::recovery::testing {

namespace {

using model::Verdict;
using sources::testing::FakeSource;

class LogsOfAServer : public Incident {
 protected:
  void scan(const std::vector<std::pair<std::string, Verdict>>& seen, const std::string& root = "/srv") {
    std::vector<model::FileRecord> files;
    for (const auto& [path, verdict] : seen) files.push_back({.path = path, .size_bytes = 8192, .verdict = verdict});
    const std::int64_t id = store_.begin_scan({.host = "srv", .roots = {root}}).value();
    ASSERT_TRUE(store_.record_files(id, files, {}).ok());
    ASSERT_TRUE(store_.finish_scan(id, 1, {}).ok());
  }
  void set(const std::string& text) {
    auto read = services::parse_services(text, "s");
    ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence;
    file_ = std::move(read.file);
    services_ = &file_;
  }
  std::unique_ptr<FakeSource> backup(const std::vector<std::string>& paths) const {
    auto source = std::make_unique<FakeSource>();
    source->add_snapshot("s1", day(1));
    for (std::size_t i = 0; i < paths.size(); ++i) source->put_file("s1", paths[i], letter(static_cast<int>(i)));
    return source;
  }
  services::ServicesFile file_;
};

TEST_F(LogsOfAServer, AreNotMissedWhereItRemovesThemItselfWhenItStarts) {
  const std::vector<std::string> paths{"/srv/log/bin.index", "/srv/log/bin.state", "/srv/log/bin.000001",
                                       "/srv/other.state"};
  scan({{"/srv/log/bin.index", Verdict::intact}});
  judge(*backup(paths));
  const Plan made = plan(backup(paths));
  EXPECT_EQ(find(made, "/srv/log/bin.state"), nullptr);
  EXPECT_NE(find(made, "/srv/log/bin.000001"), nullptr);
  EXPECT_NE(find(made, "/srv/other.state"), nullptr) << "nothing says that this is one";
}

/// A program that works in `folder` until it is gone.
class Worker {
 public:
  explicit Worker(const std::string& folder) : child_(::fork()) {
    if (child_ == 0) {
      if (::chdir(folder.c_str()) == 0) ::execl("/bin/sleep", "sleep", "60", nullptr);
      ::_exit(1);
    }
    for (int i = 0; i < 500 && !os::find_folder_user(folder); ++i) ::usleep(10'000);
  }
  Worker(const Worker&) = delete;
  Worker& operator=(const Worker&) = delete;
  ~Worker() {
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }

 private:
  pid_t child_;
};

TEST_F(LogsOfAServer, AreItsOwnWhileItIsAtWork) {
  const std::string data = scratch_.path() + "/data";
  const std::string logs = scratch_.path() + "/logs";
  std::filesystem::create_directory(data);
  set("[service.lis]\n[[service.lis.data]]\nkind=\"mariadb\"\npath=\"" + data + "\"\nlogs=\"" + logs + "\"\n");
  LiveState live;
  live.roots = {scratch_.path()};
  live.hit[logs + "/bin.000002"] = {.current_path = logs + "/bin.000002.bak9", .verdict = Verdict::encrypted};
  LogsAtWork at_rest;
  at_rest.look(file_, live);
  EXPECT_FALSE(at_rest.holds(logs + "/bin.000001")) << "nobody works in it";

  const Worker worker(data);
  LogsAtWork at_work;
  at_work.look(file_, live);
  EXPECT_TRUE(at_work.holds(logs + "/bin.000001"));
  EXPECT_TRUE(at_work.holds(logs));
  EXPECT_FALSE(at_work.holds(logs + "-of-others/bin.000001"));
  const OpenedSources sources;
  const PlanLayers layers;
  PlanBuilder builder(sources, layers);
  at_work.leave_struck(live, builder);
  EXPECT_EQ(live.hit.begin()->second.planned, HitFile::Planned::yes) << "it is not lost";
  const Plan made = builder.finish();
  ASSERT_EQ(made.unjudged.size(), 1U);
  EXPECT_TRUE(made.unjudged[0].why.starts_with("logs.in-use: 1 file of these saved logs is struck ('" + logs +
                                               "/bin.000002.bak9'), and the server that writes them is at work (sleep"))
      << made.unjudged[0].why;

  live.hit[data + "/ibdata1"] = {.current_path = data + "/ibdata1.bak9", .verdict = Verdict::encrypted};
  LogsAtWork struck;
  struck.look(file_, live);
  EXPECT_FALSE(struck.holds(logs)) << "that database is restored as a whole, and its logs with it";
}

}  // namespace

}  // namespace lastgood::recovery::testing
