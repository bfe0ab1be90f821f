// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a case on disk survives what happens to it: a second writer, a killed process, a full disk, a read-only
// disk, and files that somebody else made or broke.
#include "casefile/open_case_store.h"

#include <gtest/gtest.h>

#include <array>
#include <random>

#include "base/checksum.h"
#include "casefile/sqlite/database.h"
#include "casefile/testing/sample_records.h"
#include "os/identity.h"
#include "os/testing/in_child.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::casefile {

namespace {

using os::testing::read_file;
using os::testing::run_in_child;
using os::testing::ScratchFolder;
using os::testing::write_file;
using testing::files_in;
using testing::paths_in;
using testing::plain_file;

std::int64_t begin_scan(CaseStore& store) {
  auto id = store.begin_scan({});
  EXPECT_TRUE(id.ok());
  return id.ok() ? id.value() : 0;
}

/// A case with one finished file in it.
void make_case(const std::string& folder) {
  const auto store = create_case_store(folder);
  ASSERT_TRUE(store.ok()) << store.error().what;
  const std::int64_t scan = begin_scan(*store.value());
  ASSERT_TRUE(
      store.value()->record_files(scan, std::vector<model::FileRecord>{testing::attacked_file("/srv/a")}, {}).ok());
}

std::vector<model::FileRecord> batch_of(int number, int files) {
  std::vector<model::FileRecord> out;
  for (int i = 0; i < files; ++i)
    out.push_back(testing::attacked_file("/srv/" + std::to_string(number) + "/" + std::to_string(i)));
  return out;
}

base::Error open_error(const std::string& folder, Access access = Access::write) {
  auto store = open_case_store(folder, access);
  EXPECT_FALSE(store.ok());
  return store.ok() ? base::Error{} : std::move(store).error();
}

/// Changes a case's database as somebody else could, with no setting of ours in the way.
void run_sql(const std::string& case_folder, const char* sql) {
  sqlite3* connection = nullptr;
  ASSERT_EQ(sqlite3_open((case_folder + "/case.sqlite").c_str(), &connection), SQLITE_OK);
  EXPECT_EQ(sqlite3_exec(connection, sql, nullptr, nullptr, nullptr), SQLITE_OK)
      << sql << ": " << sqlite3_errmsg(connection);
  sqlite3_close(connection);
}

}  // namespace

TEST(OpenCaseStore, makes_a_private_folder_with_everything_in_its_place) {
  const ScratchFolder folder;
  make_case(folder / "NAME.case");
  EXPECT_EQ(std::filesystem::status(folder / "NAME.case").permissions(), std::filesystem::perms(0700));
  EXPECT_TRUE(std::filesystem::is_directory(folder / "NAME.case/kept"));
  EXPECT_TRUE(std::filesystem::is_regular_file(folder / "NAME.case/lock"));
  EXPECT_FALSE(std::filesystem::exists(folder / "NAME.case/case.sqlite-wal")) << "a closed case is one file";
  EXPECT_EQ(read_file(folder / "NAME.case/case.sqlite").substr(68, 4), "LGcs");
}

TEST(OpenCaseStore, finds_everything_again) {
  const ScratchFolder folder;
  make_case(folder / "NAME.case");
  for (const Access access : {Access::write, Access::read}) {
    const auto store = open_case_store(folder / "NAME.case", access);
    ASSERT_TRUE(store.ok()) << store.error().what;
    const std::vector<model::FileRecord> files = files_in(*store.value());
    ASSERT_EQ(files.size(), 1U);
    testing::expect_same(files[0], testing::attacked_file("/srv/a"));
  }
}

TEST(OpenCaseStore, makes_a_case_once_but_again_after_an_interruption) {
  const ScratchFolder folder;
  std::filesystem::create_directory(folder / "half.case");
  write_file(folder / "half.case/case.sqlite", "");
  { EXPECT_TRUE(create_case_store(folder / "half.case").ok()); }
  const auto twice = create_case_store(folder / "half.case");
  ASSERT_FALSE(twice.ok());
  EXPECT_EQ(twice.error().code, base::ErrorCode::misuse);
}

TEST(OpenCaseStore, lets_one_writer_in_and_names_it_to_the_second) {
  const ScratchFolder folder;
  const auto first = create_case_store(folder / "NAME.case");
  ASSERT_TRUE(first.ok());
  const base::Error error = open_error(folder / "NAME.case");
  EXPECT_EQ(error.code, base::ErrorCode::busy_retry);
  EXPECT_EQ(error.what, "case '" + (folder / "NAME.case") + "' is in use by process " +
                            std::to_string(os::process_id()) + " on " + os::host_name());
  EXPECT_FALSE(error.hint.empty());
}

TEST(OpenCaseStore, lets_readers_read_while_one_writes) {
  const ScratchFolder folder;
  const auto writer = create_case_store(folder / "NAME.case");
  ASSERT_TRUE(writer.ok());
  const std::int64_t scan = begin_scan(*writer.value());
  const auto reader = open_case_store(folder / "NAME.case", Access::read);
  ASSERT_TRUE(reader.ok()) << reader.error().what;
  EXPECT_TRUE(paths_in(*reader.value()).empty());
  ASSERT_TRUE(writer.value()->record_files(scan, batch_of(0, 10), {}).ok());
  EXPECT_EQ(paths_in(*reader.value()).size(), 10U);
  EXPECT_EQ(reader.value()->put_setting("a", "b").error().code, base::ErrorCode::misuse);
}

TEST(OpenCaseStore, reads_a_case_where_nothing_can_be_written) {
  const ScratchFolder folder;
  const std::string place = folder / "read %only?.case";
  make_case(place);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  std::filesystem::permissions(place, std::filesystem::perms(0555));
  std::filesystem::permissions(place + "/case.sqlite", std::filesystem::perms(0444));
  EXPECT_EQ(run_in_child([&] {
              if (::geteuid() == 0 && ::setuid(65534) != 0) return 1;
              const auto store = open_case_store(place, Access::read);
              if (!store.ok()) return 2;
              return paths_in(*store.value()).size() == 1 ? 0 : 3;
            }),
            0);
  std::filesystem::permissions(place, std::filesystem::perms(0700));
}

TEST(OpenCaseStore, says_what_to_do_with_a_case_that_was_left_open_on_a_read_only_disk) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  ASSERT_EQ(run_in_child([&] {
              auto store = create_case_store(place);
              if (!store.ok() || !store.value()->put_setting("a", "b").ok()) return 1;
              ::_exit(0);  // as if killed: nothing is closed
            }),
            0);
  std::filesystem::permissions(folder.path(), std::filesystem::perms(0755));
  for (const auto& entry : std::filesystem::directory_iterator(place)) {
    if (entry.is_regular_file()) std::filesystem::permissions(entry.path(), std::filesystem::perms(0444));
  }
  std::filesystem::remove(place + "/case.sqlite-shm");
  std::filesystem::permissions(place, std::filesystem::perms(0555));
  EXPECT_EQ(run_in_child([&] {
              if (::geteuid() == 0 && ::setuid(65534) != 0) return 1;
              const base::Error error = open_error(place, Access::read);
              return error.hint.find("copy its folder") != std::string::npos ? 0 : 2;
            }),
            0);
  std::filesystem::permissions(place, std::filesystem::perms(0700));
  EXPECT_EQ(open_case_store(place, Access::read).value()->setting("a").value(), "b");
}

TEST(OpenCaseStore, does_not_touch_a_folder_that_is_no_case) {
  const ScratchFolder folder;
  EXPECT_EQ(open_error(folder / "missing.case").code, base::ErrorCode::not_found);
  EXPECT_EQ(open_error(folder.path()).code, base::ErrorCode::not_found);
  EXPECT_EQ(open_error(folder.path(), Access::read).what, "'" + folder.path() + "' is no case: it has no case.sqlite");
  EXPECT_TRUE(std::filesystem::is_empty(folder.path()));
}

TEST(OpenCaseStore, refuses_a_planted_link) {
  const ScratchFolder folder;
  make_case(folder / "real.case");
  make_case(folder / "NAME.case");
  std::filesystem::remove(folder / "NAME.case/case.sqlite");
  std::filesystem::create_symlink(folder / "real.case/case.sqlite", folder / "NAME.case/case.sqlite");
  for (const Access access : {Access::read, Access::write}) {
    const base::Error error = open_error(folder / "NAME.case", access);
    EXPECT_EQ(error.code, base::ErrorCode::misuse);
    EXPECT_NE(error.hint.find("link"), std::string::npos);
  }
}

TEST(OpenCaseStore, opens_a_case_reached_through_a_link_of_its_owner) {
  const ScratchFolder folder;
  make_case(folder / "real.case");
  std::filesystem::create_directory_symlink(folder / "real.case", folder / "link.case");
  EXPECT_TRUE(open_case_store(folder / "link.case", Access::write).ok());
}

TEST(OpenCaseStore, names_what_is_no_case_database) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  make_case(place);
  const std::string whole = read_file(place + "/case.sqlite");
  std::mt19937 random(7);
  std::string noise(whole.size(), '\0');
  for (char& c : noise) c = static_cast<char>(random());
  for (const std::string& bytes : {std::string("just a text"), std::string(), noise, whole.substr(0, whole.size() / 2),
                                   whole.substr(0, 99), whole.substr(0, 100) + noise}) {
    write_file(place + "/case.sqlite", bytes);
    for (const Access access : {Access::read, Access::write}) {
      const base::Error error = open_error(place, access);
      EXPECT_EQ(error.code, base::ErrorCode::damaged_container) << bytes.size() << ": " << error.what;
      EXPECT_NE(error.what.find("case.sqlite"), std::string::npos) << error.what;
    }
  }
}

TEST(OpenCaseStore, gives_errors_and_no_nonsense_when_any_page_is_spoilt) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  {
    const auto store = create_case_store(place);
    ASSERT_TRUE(store.ok());
    const std::int64_t scan = begin_scan(*store.value());
    for (int i = 0; i < 20; ++i) ASSERT_TRUE(store.value()->record_files(scan, batch_of(i, 50), {}).ok());
  }
  const std::string whole = read_file(place + "/case.sqlite");
  std::mt19937 random(8);
  int errors = 0;
  for (std::size_t at = 100; at < whole.size(); at += 4096) {
    std::string spoilt = whole;
    for (std::size_t i = at; i < at + 24 && i < whole.size(); ++i) spoilt[i] = static_cast<char>(random());
    write_file(place + "/case.sqlite", spoilt);
    const auto store = open_case_store(place, Access::read);
    if (!store.ok()) {
      ++errors;
      continue;
    }
    int seen = 0;
    const base::Status status =
        store.value()->visit_files({}, [&](const model::FileRecord&) { return ++seen < 100'000; });
    if (!status.ok()) {
      ++errors;
      EXPECT_EQ(status.error().code, base::ErrorCode::damaged_container) << status.error().what;
    }
    EXPECT_LE(seen, 2000);
  }
  EXPECT_GT(errors, 10);
}

TEST(OpenCaseStore, refuses_a_database_of_another_program_or_a_newer_one) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  make_case(place);
  run_sql(place, "PRAGMA user_version=99");
  EXPECT_EQ(open_error(place).code, base::ErrorCode::unsupported);
  EXPECT_EQ(open_error(place, Access::read).what,
            "case database '" + place + "/case.sqlite' has version 99, this program knows 4");
  run_sql(place, "PRAGMA user_version=0");
  EXPECT_EQ(open_error(place).code, base::ErrorCode::damaged_container);
  run_sql(place, "PRAGMA user_version=1; PRAGMA application_id=5");
  EXPECT_EQ(open_error(place).code, base::ErrorCode::damaged_container);
}

TEST(OpenCaseStore, brings_a_case_of_version_1_to_the_present_one_and_keeps_what_is_in_it) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  make_case(place);
  std::filesystem::copy_file(std::string(LASTGOOD_SOURCE_DIR) + "/src/casefile/testdata/version_1.sqlite",
                             place + "/case.sqlite", std::filesystem::copy_options::overwrite_existing);
  EXPECT_EQ(open_error(place, Access::read).code, base::ErrorCode::unsupported) << "reading changes nothing";
  {
    const auto store = open_case_store(place, Access::write);
    ASSERT_TRUE(store.ok()) << store.error().what;
    EXPECT_EQ(paths_in(*store.value()), (std::vector<std::string>{"/tmp/v1/srv/a.txt", "/tmp/v1/srv/b.docx.bak9"}));
    EXPECT_EQ(store.value()->scans().value().at(0).source, "");
    EXPECT_TRUE(store.value()->backups().sources().value().empty());
    ASSERT_TRUE(store.value()->backups().put_source({.name = "b2", .address = "folder:/b2"}).ok());
  }
  EXPECT_TRUE(open_case_store(place, Access::read).ok());
}

TEST(OpenCaseStore, brings_a_case_of_version_2_to_the_present_one_and_keeps_what_is_in_it) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  make_case(place);
  std::filesystem::copy_file(std::string(LASTGOOD_SOURCE_DIR) + "/src/casefile/testdata/version_2.sqlite",
                             place + "/case.sqlite", std::filesystem::copy_options::overwrite_existing);
  {
    const auto store = open_case_store(place, Access::write);
    ASSERT_TRUE(store.ok()) << store.error().what;
    EXPECT_EQ(paths_in(*store.value()).size(), 3U);
    EXPECT_EQ(store.value()->backups().sources().value().size(), 1U);
    ASSERT_TRUE(store.value()->investigation().record_mails(std::vector<model::MailRecord>{{.path = "/m"}}).ok());
  }
  EXPECT_TRUE(open_case_store(place, Access::read).ok());
}

TEST(OpenCaseStore, brings_a_case_of_version_3_to_the_present_one_and_keeps_its_mails) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  make_case(place);
  std::filesystem::copy_file(std::string(LASTGOOD_SOURCE_DIR) + "/src/casefile/testdata/version_3.sqlite",
                             place + "/case.sqlite", std::filesystem::copy_options::overwrite_existing);
  {
    const auto store = open_case_store(place, Access::write);
    ASSERT_TRUE(store.ok()) << store.error().what;
    std::vector<model::MailRecord> mails;
    ASSERT_TRUE(store.value()
                    ->investigation()
                    .visit_mails([&](const model::MailRecord& mail) {
                      mails.push_back(mail);
                      return true;
                    })
                    .ok());
    ASSERT_EQ(mails.size(), 1U);
    EXPECT_EQ(mails[0].subject, "pay");
    EXPECT_FALSE(mails[0].store_item);
    EXPECT_TRUE(mails[0].attachments.empty());
    mails[0].attachments = {{.name = "a", .content_type = "b", .size_bytes = 5, .sha256 = "c"}};
    ASSERT_TRUE(store.value()->investigation().record_mails(mails).ok());
  }
  EXPECT_TRUE(open_case_store(place, Access::read).ok());
}

TEST(OpenCaseStore, refuses_tables_that_it_did_not_make) {
  for (const char* sql : {"CREATE TRIGGER t AFTER INSERT ON files BEGIN DELETE FROM files; END",
                          "CREATE VIEW v AS SELECT 1", "CREATE TABLE more(a)", "ALTER TABLE files ADD COLUMN more ANY",
                          "DROP TABLE sightings", "CREATE INDEX i ON folders(id)"}) {
    const ScratchFolder folder;
    const std::string place = folder / "NAME.case";
    make_case(place);
    run_sql(place, sql);
    for (const Access access : {Access::read, Access::write})
      EXPECT_EQ(open_error(place, access).code, base::ErrorCode::damaged_container) << sql;
  }
}

TEST(OpenCaseStore, still_opens_after_somebody_looked_at_it_with_other_tools) {
  const ScratchFolder folder;
  make_case(folder / "NAME.case");
  run_sql(folder / "NAME.case", "ANALYZE; PRAGMA journal_mode=DELETE; VACUUM");
  const auto store = open_case_store(folder / "NAME.case", Access::write);
  ASSERT_TRUE(store.ok()) << store.error().what;
  EXPECT_EQ(paths_in(*store.value()).size(), 1U);
}

TEST(OpenCaseStore, gives_an_error_for_values_that_it_never_writes) {
  for (const char* sql :
       {"UPDATE files SET verdict = 77", "UPDATE files SET certainty = -1", "UPDATE details SET ranges = '5'",
        "UPDATE details SET ranges = '1-99999999999999999999'", "UPDATE details SET reasons = CAST('99:x,' AS BLOB)",
        "UPDATE details SET reasons = CAST('1:x,' AS BLOB)", "UPDATE details SET reasons = CAST('-1:x,' AS BLOB)"}) {
    const ScratchFolder folder;
    make_case(folder / "NAME.case");
    run_sql(folder / "NAME.case", sql);
    const auto store = open_case_store(folder / "NAME.case", Access::read);
    ASSERT_TRUE(store.ok());
    const base::Status status = store.value()->visit_files({}, [](const model::FileRecord&) { return true; });
    ASSERT_FALSE(status.ok()) << sql;
    EXPECT_EQ(status.error().code, base::ErrorCode::damaged_container);
  }
}

TEST(OpenCaseStore, keeps_whole_batches_when_its_process_is_killed) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  { ASSERT_TRUE(create_case_store(place).ok()); }
  constexpr int k_batch_files = 40;
  for (int round = 0; round < 12; ++round) {
    std::array<int, 2> pipe_ends{};
    ASSERT_EQ(::pipe(pipe_ends.data()), 0);
    const pid_t child = ::fork();
    ASSERT_GE(child, 0);
    if (child == 0) {
      const auto store = open_case_store(place, Access::write);
      if (!store.ok()) ::_exit(1);
      const auto scan = store.value()->begin_scan({});
      for (int batch = 0; scan.ok(); ++batch) {
        if (!store.value()->record_files(scan.value(), batch_of(batch, k_batch_files), {}).ok()) ::_exit(2);
        if (::write(pipe_ends[1], "x", 1) != 1) ::_exit(3);
      }
      ::_exit(4);
    }
    ::close(pipe_ends[1]);
    std::size_t confirmed = 0;
    char byte = 0;
    while (confirmed < static_cast<std::size_t>(round % 5 + 1) && ::read(pipe_ends[0], &byte, 1) == 1) ++confirmed;
    // The child is now somewhere in its next batch; each round a little further.
    const std::string work(static_cast<std::size_t>(round) * 100'000, 'w');
    EXPECT_EQ(base::hex(base::ByteView(std::string_view(work))).size(), 2 * work.size());
    ::kill(child, SIGKILL);
    while (::read(pipe_ends[0], &byte, 1) == 1) ++confirmed;
    ::close(pipe_ends[0]);
    ASSERT_EQ(::waitpid(child, nullptr, 0), child);
    ASSERT_GE(confirmed, 1U);
    const auto store = open_case_store(place, Access::write);
    ASSERT_TRUE(store.ok()) << store.error().what;
    const std::size_t files = paths_in(*store.value(), {.scan_id = round + 1}).size();
    EXPECT_EQ(files % k_batch_files, 0U) << "half a batch";
    EXPECT_GE(files / k_batch_files, confirmed) << "a confirmed batch is gone";
    EXPECT_LE(files / k_batch_files, confirmed + 1);
  }
}

TEST(OpenCaseStore, keeps_what_was_there_when_the_disk_is_full) {
  const ScratchFolder folder;
  const std::string place = folder / "NAME.case";
  make_case(place);
  for (const std::uint64_t limit : {40'000U, 200'000U, 1'000'000U}) {
    EXPECT_EQ(run_in_child([&] {
                const auto store = open_case_store(place, Access::write);
                if (!store.ok()) return 1;
                os::testing::limit_file_size(limit);
                const auto scan = store.value()->begin_scan({});
                for (int batch = 0; scan.ok() && batch < 1000; ++batch) {
                  const base::Status status = store.value()->record_files(scan.value(), batch_of(batch, 100), {});
                  if (status.ok()) continue;
                  // The store that met the full disk still reads, and says the same again.
                  const bool again = store.value()->record_files(scan.value(), batch_of(batch, 100), {}).ok();
                  return status.error().code == base::ErrorCode::no_space && !again &&
                                 paths_in(*store.value()).size() % 100 == 1
                             ? 0
                             : 3;
                }
                return !scan.ok() && scan.error().code == base::ErrorCode::no_space ? 0 : 4;
              }),
              0)
        << limit;
    const auto store = open_case_store(place, Access::write);
    ASSERT_TRUE(store.ok()) << store.error().what;
    testing::expect_same(files_in(*store.value(), {.scan_id = 1}).at(0), testing::attacked_file("/srv/a"));
    EXPECT_TRUE(store.value()->put_setting("after", "works").ok());
  }
}

TEST(OpenCaseStore, refuses_a_value_that_is_too_long_and_keeps_the_rest) {
  const ScratchFolder folder;
  const auto store = create_case_store(folder / "NAME.case");
  ASSERT_TRUE(store.ok());
  const std::int64_t scan = begin_scan(*store.value());
  model::FileRecord huge = plain_file("/srv/b");
  huge.reasons.push_back({.rule = "r", .sentence = std::string(20'000'000, 's')});
  const base::Status status =
      store.value()->record_files(scan, std::vector<model::FileRecord>{plain_file("/srv/a"), huge}, {});
  ASSERT_FALSE(status.ok());
  EXPECT_EQ(status.error().code, base::ErrorCode::limit_reached);
  EXPECT_TRUE(paths_in(*store.value()).empty());
  EXPECT_TRUE(store.value()->record_files(scan, std::vector<model::FileRecord>{plain_file("/srv/a")}, {}).ok());
}

}  // namespace lastgood::casefile
