// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a restore in place exchanges damaged files only, loses no original whatever happens, and leaves alone
// what the scan did not see; and that units come back whole or not at all.
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <mutex>

#include "os/testing/faulty_target_gate.h"
#include "os/testing/in_child.h"
#include "recovery/kept.h"
#include "recovery/plan_file.h"
#include "recovery/testing/damaged_unit.h"

namespace lastgood::recovery {
namespace {

using os::testing::FaultyTargetGate;
using os::testing::read_file;
using os::testing::write_file;
using testing::DamagedUnit;
using testing::look_at;
using testing::RestoreStory;
using testing::rules_of;

/// A share of which some files were encrypted, with and without a new name, and one deleted.
class Damaged : public RestoreStory {
 public:
  Damaged() {
    root = scratch / "root";
    std::filesystem::create_directories(root + "/srv/lab");
    for (const char* name : {"a.docx", "b.docx", "c.docx", "d.docx", "e.docx", "gone.docx"}) {
      source.put_file("s1", std::string("/srv/lab/") + name, std::string("good ") + name, 0640).user_id = 1001;
    }
    write_file(root + "/srv/lab/a.docx", "ENCRYPTED a");
    write_file(root + "/srv/lab/b.docx.bak9", "ENCRYPTED b");
    write_file(root + "/srv/lab/c.docx", "intact c");
    write_file(root + "/srv/lab/d.docx", "ENCRYPTED d");
    write_file(root + "/srv/lab/e.docx.bak9", "ENCRYPTED e");
    plan_all();
    std::erase_if(plan.items, [](const PlanItem& item) { return item.path == "/srv/lab/c.docx"; });
    std::erase_if(plan.items, [](const PlanItem& item) { return item.kind == model::EntryKind::folder; });
    item("/srv/lab/a.docx").current_path = "/srv/lab/a.docx";
    item("/srv/lab/b.docx").current_path = "/srv/lab/b.docx.bak9";
    item("/srv/lab/d.docx").current_path = "/srv/lab/d.docx";
    item("/srv/lab/e.docx").current_path = "/srv/lab/e.docx.bak9";
    for (const PlanItem& one : plan.items) seen.see(root, one.current_path);
    request.mode = RestoreMode::in_place;
    request.target = root;
    request.seen = &seen;
  }
  [[nodiscard]] std::string lab(const std::string& name) const { return root + "/srv/lab/" + name; }
  [[nodiscard]] std::string kept(const std::string& name) const {
    return root + "/" + std::string(k_kept_folder) + "/" + std::string(16, 'a') + "/srv/lab/" + name;
  }

  std::string root;
  testing::SeenOnDisk seen;
};

TEST(RestoreInPlace, keeps_the_plan_in_the_case_so_that_another_may_take_its_name) {
  Damaged story;
  story.plan.whys = {"newest.intact"};
  story.request.plan_path = story.scratch / "plan.json";
  story.request.plan_sha256 = write_plan(story.plan, story.request.plan_path).value();
  const std::string digest = story.request.plan_sha256;
  ASSERT_TRUE(story.restore().ok());
  ASSERT_TRUE(write_plan(Plan{}, story.request.plan_path).ok());
  const auto read = read_plan(kept_plan_path(story.request.journal_folder, digest));
  ASSERT_TRUE(read.ok()) << read.error().what;
  EXPECT_EQ(read.value().digest, digest);
  const auto kept = list_kept(read.value().plan, {story.root, story.request.journal_folder, digest});
  ASSERT_TRUE(kept.ok()) << kept.error().what;
  EXPECT_EQ(kept.value().size(), 4U);
}

TEST(RestoreInPlace, begins_nothing_when_the_plan_became_another_since_it_was_read) {
  Damaged story;
  story.plan.whys = {"newest.intact"};
  story.request.plan_path = story.scratch / "plan.json";
  story.request.plan_sha256 = write_plan(story.plan, story.request.plan_path).value();
  ASSERT_TRUE(write_plan(Plan{}, story.request.plan_path).ok());
  const auto outcome = story.restore();
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, base::ErrorCode::damaged_container);
  EXPECT_EQ(read_file(story.lab("a.docx")), "ENCRYPTED a");
}

TEST(RestoreInPlace, exchanges_damaged_files_and_keeps_every_original) {
  Damaged story;
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  for (const char* name : {"a.docx", "b.docx", "d.docx", "e.docx", "gone.docx"}) {
    EXPECT_EQ(read_file(story.lab(name)), std::string("good ") + name);
  }
  EXPECT_EQ(read_file(story.lab("c.docx")), "intact c");
  EXPECT_EQ(read_file(story.kept("a.docx")), "ENCRYPTED a");
  EXPECT_EQ(read_file(story.kept("b.docx.bak9")), "ENCRYPTED b");
  EXPECT_EQ(read_file(story.kept("d.docx")), "ENCRYPTED d");
  EXPECT_FALSE(std::filesystem::exists(story.lab("b.docx.bak9")));
  EXPECT_EQ(outcome.value().tally.kept, 4U);
  EXPECT_NE(read_file(story.scratch / "case/ledger").find("originals-moved-aside"), std::string::npos);
  // 6 files and nothing hidden.
  EXPECT_EQ(look_at(story.root + "/srv").size(), 7U);
}

TEST(RestoreInPlace, restores_nothing_into_a_tree_that_it_reads_from) {
  Damaged story;
  story.request.source_folders = {story.root + "/srv"};
  const auto outcome = story.restore();
  ASSERT_FALSE(outcome.ok());
  EXPECT_EQ(outcome.error().code, base::ErrorCode::misuse);
  EXPECT_NE(outcome.error().what.find("lies inside the source"), std::string::npos) << outcome.error().what;
  EXPECT_EQ(read_file(story.lab("a.docx")), "ENCRYPTED a");
}

TEST(RestoreInPlace, leaves_alone_what_the_scan_did_not_see) {
  Damaged story;
  write_file(story.lab("a.docx"), "a new letter, saved after the scan");
  write_file(story.lab("gone.docx"), "somebody made it anew");
  write_file(story.lab("b.docx"), "somebody typed b again");
  story.seen.files.erase("/srv/lab/d.docx");
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused),
            "/srv/lab/a.docx restore.changed\n/srv/lab/b.docx restore.exists\n/srv/lab/d.docx restore.changed\n"
            "/srv/lab/gone.docx restore.exists\n");
  EXPECT_EQ(read_file(story.lab("a.docx")), "a new letter, saved after the scan");
  EXPECT_EQ(read_file(story.lab("gone.docx")), "somebody made it anew");
  EXPECT_EQ(read_file(story.lab("b.docx")), "somebody typed b again");
  EXPECT_EQ(read_file(story.lab("b.docx.bak9")), "ENCRYPTED b");
  EXPECT_EQ(read_file(story.lab("d.docx")), "ENCRYPTED d");
  EXPECT_EQ(read_file(story.lab("e.docx")), "good e.docx");
}

TEST(RestoreInPlace, puts_back_under_a_free_name_beside_a_renamed_file_that_was_struck_once_more) {
  Damaged story;
  write_file(story.lab("b.docx.bak9"), "ENCRYPTED once more, b");
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  EXPECT_EQ(read_file(story.lab("b.docx")), "good b.docx");
  EXPECT_EQ(read_file(story.lab("b.docx.bak9")), "ENCRYPTED once more, b") << "nobody here knows it: it stays";
}

TEST(RestoreInPlace, leaves_alone_what_a_scan_since_the_plan_found_intact) {
  Damaged story;
  write_file(story.lab("a.docx"), "a new letter, saved and scanned after the plan");
  story.seen.see(story.root, "/srv/lab/a.docx");
  story.seen.files["/srv/lab/a.docx"].verdict = model::Verdict::intact;
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "/srv/lab/a.docx restore.changed\n");
  EXPECT_EQ(read_file(story.lab("a.docx")), "a new letter, saved and scanned after the plan");
}

TEST(RestoreInPlace, gives_a_file_its_place_back_that_came_there_at_the_last_moment) {
  Damaged story;
  FaultyTargetGate gate;
  std::atomic<bool> once = false;
  gate.before = [&](os::TargetCall call) {
    if (call != os::TargetCall::rename || once.exchange(true)) return;
    write_file(story.scratch / "late", "written this very second");
    std::filesystem::rename(story.scratch / "late", story.lab("a.docx"));
  };
  story.request.gate = &gate;
  story.request.threads = 1;
  std::erase_if(story.plan.items, [](const PlanItem& item) { return item.path != "/srv/lab/a.docx"; });
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "/srv/lab/a.docx restore.changed\n");
  EXPECT_EQ(read_file(story.lab("a.docx")), "written this very second");
  EXPECT_EQ(look_at(story.root + "/srv/lab").size(), 5U);
}

/// Each original and each good file must be somewhere, whole, at any time.
void expect_nothing_lost(const Damaged& story) {
  std::multimap<std::string, std::string> contents;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(story.root)) {
    if (entry.is_regular_file()) contents.emplace(read_file(entry.path()), entry.path());
  }
  for (const char* original : {"ENCRYPTED a", "ENCRYPTED b", "ENCRYPTED d", "ENCRYPTED e", "intact c"}) {
    EXPECT_EQ(contents.count(original), 1U) << original;
  }
  for (const auto& [content, path] : contents) {
    EXPECT_TRUE(content.starts_with("ENCRYPTED ") || content.starts_with("good ") || content == "intact c") << path;
  }
}

void expect_restored(const Damaged& story, const base::Result<RestoreOutcome>& outcome) {
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  EXPECT_EQ(rules_of(outcome.value().remarks), "");
  for (const char* name : {"a.docx", "b.docx", "d.docx", "e.docx", "gone.docx"}) {
    EXPECT_EQ(read_file(story.lab(name)), std::string("good ") + name);
  }
  expect_nothing_lost(story);
  EXPECT_EQ(look_at(story.root + "/srv").size(), 7U);
  EXPECT_EQ(read_file(story.kept("a.docx")), "ENCRYPTED a");
  EXPECT_EQ(read_file(story.kept("e.docx.bak9")), "ENCRYPTED e");
}

TEST(RestoreInPlace, loses_no_original_when_any_call_fails_and_goes_on) {
  bool struck = true;
  for (std::uint64_t call = 0; struck; ++call) {
    Damaged story;
    story.request.threads = 1;
    FaultyTargetGate gate;
    gate.failing_call = call;
    gate.errno_value = ENOSPC;
    gate.for_ever = true;
    story.request.gate = &gate;
    const auto broken = story.restore();
    struck = gate.struck();
    ASSERT_EQ(broken.ok(), !struck) << call;
    expect_nothing_lost(story);
    story.request.gate = nullptr;
    SCOPED_TRACE(call);
    expect_restored(story, story.restore());
    if (::testing::Test::HasFailure()) return;
  }
}

TEST(RestoreInPlace, loses_no_original_when_killed_before_any_call_and_goes_on) {
  int status = -1;
  for (unsigned call = 0; status == -1; ++call) {
    Damaged story;
    story.request.threads = 1;
    FaultyTargetGate gate;
    std::atomic<unsigned> calls = 0;
    gate.before = [&](os::TargetCall /*call*/) {
      if (calls++ == call) (void)std::raise(SIGKILL);
    };
    story.request.gate = &gate;
    status = os::testing::run_in_child([&] { return story.restore().ok() ? 0 : 1; });
    expect_nothing_lost(story);
    story.request.gate = nullptr;
    story.ledger = ledger::open_ledger(story.scratch / "case").value();
    SCOPED_TRACE(call);
    expect_restored(story, story.restore());
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_EQ(status, 0);
}

TEST(RestoreInPlace, sets_missing_folders_as_the_source_has_them_and_touches_no_other) {
  Damaged story;
  story.source.put("s1", "/srv/new", model::EntryKind::folder, 0711).user_id = 9;
  story.source.put_file("s1", "/srv/new/x", "x");
  PlanItem x = story.item("/srv/lab/gone.docx");
  x.path = "/srv/new/x";
  x.size_bytes = 1;
  x.content_key = story.source.entry("s1", "/srv/new/x").content.key;
  story.plan.items = {x};
  std::filesystem::permissions(story.root + "/srv", std::filesystem::perms(0700));
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  const auto tree = look_at(story.root + "/srv");
  EXPECT_TRUE(tree.at("/new").starts_with("16841 9:0 1600000000.")) << tree.at("/new");
  EXPECT_EQ(std::filesystem::status(story.root + "/srv").permissions(), std::filesystem::perms(0700));
}

/// Another program whose working folder it is; -1: it could not be started.
pid_t start_working_in(const std::string& folder) {
  int ready[2] = {};
  if (::pipe(ready) != 0) return -1;
  const pid_t server = ::fork();
  if (server == 0) {
    ::dup2(ready[1], 1);
    ::execl("/bin/sh", "sh", "-c", "cd \"$0\" && echo x; exec sleep 600", folder.c_str(), nullptr);
    ::_exit(1);
  }
  char byte = 0;
  return ::read(ready[0], &byte, 1) == 1 ? server : -1;
}

TEST(RestoreUnits, come_back_beside_as_a_whole) {
  DamagedUnit story;
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  story.expect_good(story.request.target);
  EXPECT_TRUE(look_at(story.request.target).at("/db/main").starts_with("16832 26:0 "));
}

TEST(RestoreUnits, come_back_with_a_mode_that_their_server_takes) {
  for (const bool is_postgresql : {true, false}) {
    for (const bool is_in_place : {false, true}) {
      DamagedUnit story;
      if (is_in_place) story.damage();
      if (!is_postgresql) story.plan.units[0].kind = "mariadb";
      story.source.entry("s1", "/db/main").mode = 0755;
      const auto outcome = story.restore();
      ASSERT_TRUE(outcome.ok()) << outcome.error().what;
      EXPECT_EQ(rules_of(outcome.value().remarks), is_postgresql ? "/db/main restore.mode\n" : "");
      const auto mode = std::filesystem::status(story.request.target + "/db/main").permissions();
      EXPECT_EQ(static_cast<unsigned>(mode), is_postgresql ? 0700U : 0755U);
      EXPECT_EQ(static_cast<unsigned>(std::filesystem::status(story.request.target + "/db/main/base").permissions()),
                0755U)
          << "no server asks what folders in it have";
    }
  }
}

TEST(RestoreUnits, do_not_come_back_when_a_piece_is_lost) {
  DamagedUnit story;
  story.source.lose_piece("s1", "/db/main/base/2", 0);
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "/db/main restore.unit\n");
  EXPECT_FALSE(std::filesystem::exists(story.in_target("/db/main")));
  EXPECT_FALSE(std::filesystem::exists(story.in_target("/space/t1")));
}

TEST(RestoreUnits, change_places_in_one_step_and_keep_the_old_folder) {
  DamagedUnit story;
  story.damage();
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  story.expect_good(story.root);
  const std::string kept = story.root + "/" + std::string(k_kept_folder) + "/" + std::string(16, 'a');
  EXPECT_EQ(read_file(kept + "/db/main/base/1"), "ENCRYPTED 1");
  EXPECT_EQ(read_file(kept + "/db/main/base/3"), "newer");
  EXPECT_EQ(read_file(kept + "/space/t1"), "ENCRYPTED t1");
}

TEST(RestoreUnits, are_left_alone_while_somebody_works_in_them) {
  DamagedUnit story;
  story.damage();
  const pid_t server = start_working_in(story.root + "/db/main");
  ASSERT_GT(server, 0);
  const auto refused = story.restore();
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  ASSERT_TRUE(refused.ok()) << refused.error().what;
  EXPECT_EQ(rules_of(refused.value().refused), "/db/main restore.in-use\n");
  EXPECT_EQ(read_file(story.root + "/db/main/base/1"), "ENCRYPTED 1");
  EXPECT_FALSE(std::filesystem::exists(story.root + "/" + std::string(k_parts_folder)))
      << "empty folders for what is not restored stay at the top of the disk";
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  story.expect_good(story.root);
}

TEST(RestoreUnits, are_left_alone_when_somebody_began_to_work_in_them_while_they_were_put_together) {
  DamagedUnit story;
  story.damage();
  FaultyTargetGate gate;
  std::once_flag begun;
  pid_t server = 0;
  gate.before = [&](os::TargetCall call) {
    // Files of the unit are written only when it was seen that nobody works in its folder.
    if (call == os::TargetCall::write)
      std::call_once(begun, [&] { server = start_working_in(story.root + "/db/main"); });
  };
  story.request.gate = &gate;
  const auto refused = story.restore();
  ASSERT_GT(server, 0);
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  ASSERT_TRUE(refused.ok()) << refused.error().what;
  EXPECT_EQ(rules_of(refused.value().refused), "/db/main restore.in-use\n");
  EXPECT_EQ(read_file(story.root + "/db/main/base/1"), "ENCRYPTED 1");
  EXPECT_EQ(read_file(story.root + "/space/t1"), "ENCRYPTED t1");
  EXPECT_TRUE(std::filesystem::exists(story.root + "/" + std::string(k_parts_folder))) << "what was put together waits";
  story.request.gate = nullptr;
  server = start_working_in(story.root + "/db/main");
  const auto again = story.restore();
  ::kill(server, SIGKILL);
  ::waitpid(server, nullptr, 0);
  ASSERT_TRUE(again.ok()) << again.error().what;
  EXPECT_NE(rules_of(again.value().refused).find("/db/main restore.parts"), std::string::npos)
      << "nobody would know why it stays";
  const auto outcome = story.restore();
  ASSERT_TRUE(outcome.ok()) << outcome.error().what;
  EXPECT_EQ(rules_of(outcome.value().refused), "");
  story.expect_good(story.root);
}

TEST(RestoreUnits, are_left_alone_when_they_were_put_back_since_the_scan) {
  // These files are no PostgreSQL, which its own check says; another kind has none.
  for (const bool has_check : {true, false}) {
    DamagedUnit story;
    story.damage();
    if (!has_check) story.plan.units[0].kind = "of no check";
    story.item("/db/main/base/1").current_path = "/db/main/base/1";
    story.seen.see(story.root, "/db/main/base/1");
    write_file(story.root + "/db/main/base/1", "good, and with rows of today");
    write_file(story.root + "/space/t1", "good, too");
    const auto outcome = story.restore();
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
    EXPECT_EQ(rules_of(outcome.value().refused),
              has_check ? "/db/main restore.damaged\n" : "/db/main restore.changed\n");
    EXPECT_EQ(outcome.value().left_alone, std::vector<std::string>{"/db/main"});
    EXPECT_EQ(read_file(story.root + "/db/main/base/1"), "good, and with rows of today");
    const pid_t server = start_working_in(story.root + "/db/main");
    const auto in_use = story.restore();
    ::kill(server, SIGKILL);
    ::waitpid(server, nullptr, 0);
    ASSERT_TRUE(in_use.ok()) << in_use.error().what;
    EXPECT_EQ(rules_of(in_use.value().refused), "/db/main restore.changed\n") << "nobody has to stop it for nothing";
    EXPECT_FALSE(std::filesystem::exists(story.root + "/" + std::string(k_parts_folder)));
  }
}

TEST(RestoreUnits, are_left_alone_when_what_was_struck_is_gone_and_no_file_of_the_copy_has_its_name) {
  for (const bool is_struck_still : {false, true}) {
    DamagedUnit story;
    story.damage();
    story.plan.units[0].kind = "of no check";
    write_file(story.root + "/db/main/base/made-during-the-backup.bak9", "ENCRYPTED");
    story.seen.see(story.root, "/db/main/base/made-during-the-backup.bak9");
    if (!is_struck_still) {
      std::filesystem::remove(story.root + "/db/main/base/made-during-the-backup.bak9");
      write_file(story.root + "/space/t1", "good, too");
      write_file(story.root + "/db/main/base/1", "good, and with rows of today");
    }
    const auto outcome = story.restore();
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
    EXPECT_EQ(rules_of(outcome.value().refused), is_struck_still ? "" : "/db/main restore.changed\n");
    EXPECT_EQ(read_file(story.root + "/db/main/base/1"),
              is_struck_still ? "good /db/main/base/1" : "good, and with rows of today");
  }
}

TEST(RestoreUnits, are_left_alone_when_the_scan_saw_nothing_there_and_something_stands_there_now) {
  for (const bool is_put_back : {false, true}) {
    DamagedUnit story;
    story.request.mode = RestoreMode::in_place;
    story.request.target = story.root;
    story.plan.units[0].was_missing = true;
    std::filesystem::create_directories(story.root + "/db/main");
    if (is_put_back) write_file(story.root + "/db/main/PG_VERSION", "of an earlier restore, with rows of today");
    const auto outcome = story.restore();
    ASSERT_TRUE(outcome.ok()) << outcome.error().what;
    EXPECT_EQ(rules_of(outcome.value().refused), is_put_back ? "/db/main restore.changed\n" : "");
    EXPECT_EQ(read_file(story.root + "/db/main/PG_VERSION"),
              is_put_back ? "of an earlier restore, with rows of today" : "good /db/main/PG_VERSION");
  }
}

TEST(RestoreUnits, that_were_left_alone_are_not_told_as_brought_back) {
  for (const bool is_put_back : {false, true}) {
    DamagedUnit story;
    story.damage();
    story.plan.services.push_back({.id = "opd", .title = "OPD", .paths = {"/db", "/space"}});
    story.plan.services.push_back({.id = "desk", .title = "Desk", .waits_for = {"opd"}});
    story.item("/db/main/base/1").current_path = "/db/main/base/1";
    story.seen.see(story.root, "/db/main/base/1");
    if (is_put_back) write_file(story.root + "/db/main/base/1", "good, and with rows of today");
    if (is_put_back) write_file(story.root + "/space/t1", "good, too");
    ASSERT_TRUE(story.restore().ok());
    const std::string ledger = read_file(story.scratch / "case/ledger");
    EXPECT_EQ(ledger.find("service-data-restored") == std::string::npos, is_put_back);
    EXPECT_EQ(ledger.find(R"("service":"desk")") == std::string::npos, is_put_back);
  }
}

TEST(RestoreUnits, are_old_or_new_and_never_mixed_when_killed_before_any_call) {
  int status = -1;
  for (unsigned call = 0; status == -1; ++call) {
    DamagedUnit story;
    story.damage();
    story.request.threads = 1;
    FaultyTargetGate gate;
    std::atomic<unsigned> calls = 0;
    gate.before = [&](os::TargetCall /*call*/) {
      if (calls++ == call) (void)std::raise(SIGKILL);
    };
    story.request.gate = &gate;
    status = os::testing::run_in_child([&] { return story.restore().ok() ? 0 : 1; });
    const bool restored = read_file(story.root + "/db/main/PG_VERSION") != "15";
    EXPECT_EQ(read_file(story.root + "/db/main/base/1"), restored ? "good /db/main/base/1" : "ENCRYPTED 1") << call;
    EXPECT_EQ(std::filesystem::exists(story.root + "/db/main/base/3"), !restored) << call;
    story.request.gate = nullptr;
    story.ledger = ledger::open_ledger(story.scratch / "case").value();
    const auto outcome = story.restore();
    ASSERT_TRUE(outcome.ok()) << call << ": " << outcome.error().what;
    EXPECT_EQ(rules_of(outcome.value().refused), "") << call;
    story.expect_good(story.root);
    const std::string kept = story.root + "/" + std::string(k_kept_folder) + "/" + std::string(16, 'a');
    EXPECT_EQ(read_file(kept + "/db/main/base/1"), "ENCRYPTED 1") << call;
    EXPECT_EQ(read_file(kept + "/space/t1"), "ENCRYPTED t1") << call;
    if (::testing::Test::HasFailure()) return;
  }
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace lastgood::recovery
