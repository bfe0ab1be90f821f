// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a services file is proposed from what lies on a server, and read back without mistakes.
#include "readiness/infer_services.h"

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>

#include <fmt/format.h>

#include "os/testing/scratch_folder.h"
#include "readiness/read_settings.h"
#include "readiness/testing/services_story.h"
#include "services/services_file.h"

namespace lastgood::readiness {
namespace {

using testing::write;

TEST(Inferring, ProposesAFileWithoutMistakes) {
  const os::testing::ScratchFolder scratch;
  const std::string root = scratch.path() + "/disk";
  write(root + "/etc/samba/smb.conf",
        "[global]\n path = /x\n[homes]\npath=/home/%U\n[Radiology \"x\"]\n  path = /srv/rad\n[evil]\npath = /a/../b\n");
  for (const char* user : {"a", "b", "c", "d"}) {
    for (const char* part : {"cur", "new", "tmp"})
      write(root + "/srv/mail/" + user + "/" + part + "/1.x", "From: x\n\nx\n");
  }
  write(root + "/etc/dovecot/dovecot.conf",
        "# mail_location = maildir:/no\nmail_location = maildir:/srv/post/%d/%n:INBOX=/x\n");
  write(root + "/etc/dovecot/conf.d/10-mail.conf", "mail_location = maildir:/srv/mail/%u\n");
  const auto inferred = infer_services(root, root);
  ASSERT_TRUE(inferred.ok()) << inferred.error().what;
  const std::string& text = inferred.value().text;
  const auto read = services::parse_services(text, "s");
  EXPECT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence << "\n" << text;
  EXPECT_NE(text.find("path = \"/srv/rad\""), std::string::npos) << text;
  EXPECT_NE(text.find("kind = \"maildir\"\npath = \"/srv/mail\""), std::string::npos) << text;
  EXPECT_EQ(text.find("/home/"), std::string::npos);
  EXPECT_EQ(text.find("../b"), std::string::npos);
  EXPECT_NE(text.find("kind = \"maildir\"\npath = \"/srv/post\""), std::string::npos) << text;
  EXPECT_EQ(text.find("path = \"/srv/mail\"", text.find("path = \"/srv/mail\"") + 1), std::string::npos) << "once";
}

TEST(Inferring, ReadsWhereLogsAreSavedAndLeavesOutWhatThisProgramMade) {
  EXPECT_EQ(parse_archive_folder("cp %p /srv/wal/%f"), "/srv/wal");
  EXPECT_EQ(parse_archive_folder("test ! -f /mnt/a/%f && cp %p /mnt/a/%f"), "/mnt/a");
  EXPECT_EQ(parse_archive_folder("gzip <%p >\"/srv/w a/%f.gz\""), "");
  EXPECT_EQ(parse_archive_folder("gzip <%p >/srv/w/%f.gz"), "/srv/w");
  for (const char* const none : {"", "%f", "/%f", "rsync %p b@host:/srv/%f", "cp %p $HOME/%f", "cp %p /a/../b/%f"})
    EXPECT_EQ(parse_archive_folder(none), "") << none;
  const os::testing::ScratchFolder scratch;
  for (const char* const folder : {"/pg", "/pg.before-replay-17", "/.lastgood-kept/x/pg", "/night.case/pg"}) {
    for (const char* const file : {"/PG_VERSION", "/global/pg_control", "/base/1/1259", "/pg_wal/x"})
      write(scratch.path() + folder + file, "15\n");
    write(scratch.path() + folder + "/postgresql.conf", "archive_command = 'cp %p /srv/wal/%f'\n");
  }
  write(scratch.path() + "/oth/index", "x");
  const auto inferred = infer_services(scratch.path(), scratch.path());
  ASSERT_TRUE(inferred.ok());
  EXPECT_EQ(inferred.value().services, 1U) << inferred.value().text;
  EXPECT_NE(inferred.value().text.find("logs = \"/srv/wal\"  # from its archive_command"), std::string::npos);
  EXPECT_TRUE(services::parse_services(inferred.value().text, "s").mistakes.empty());
}

TEST(Inferring, ReadsWhereDebianKeepsTheSettingsOfPostgresqlAndMariadb) {
  EXPECT_EQ(parse_text_setting("a_b = 'x''y' # c\n#a-b=z\na-b = \n", "a_b"), "x'y");
  EXPECT_EQ(parse_text_setting("a = b # c\n a= 'open", "a"), "b");
  const os::testing::ScratchFolder scratch;
  const std::string root = scratch.path() + "/disk";
  for (const char* const folder : {"/var/lib/postgresql/15/main", "/var/lib/postgresql/15/second", "/srv/third"}) {
    for (const char* const file : {"/PG_VERSION", "/global/pg_control", "/base/1/1259", "/pg_wal/x"})
      write(root + folder + file, "15\n");
  }
  write(root + "/etc/postgresql/15/main/postgresql.conf", "port = 5432\n");
  write(
      root + "/etc/postgresql/15/second/postgresql.conf",
      "data_directory = '/var/lib/postgresql/15/second'\nport = 5433  # two\narchive_command = 'cp %p /mnt/wal/%f'\n");
  for (const char* const file : {"/ibdata1", "/ib_logfile0", "/mysql/db.frm", "/aria_log_control"})
    write(root + "/var/lib/mysql" + file, std::string(65536, 'x'));
  write(root + "/etc/mysql/mariadb.conf.d/50-server.cnf",
        "[mysqld]\nport = 3307\nlog_bin = /var/log/mysql/mysql-bin.log\n#log-bin = /no/x\n");
  const auto inferred = infer_services(root, root);
  ASSERT_TRUE(inferred.ok());
  const std::string& text = inferred.value().text;
  const auto read = services::parse_services(text, "s");
  ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence << text;
  std::string all;
  for (const services::Service& service : read.file.services)
    all += service.data[0].path + " " + (service.healthcheck ? service.healthcheck->tcp : "not asked") + " " +
           service.data[0].logs + "\n";
  EXPECT_EQ(all,
            "/srv/third 127.0.0.1:5432 \n/var/lib/mysql 127.0.0.1:3307 /var/log/mysql\n"
            "/var/lib/postgresql/15/main 127.0.0.1:5432 \n/var/lib/postgresql/15/second 127.0.0.1:5433 /mnt/wal\n")
      << text;
}

TEST(Inferring, AsksAPostgresqlThatListensOnNoNetworkAtItsSocket) {
  const os::testing::ScratchFolder scratch;
  const std::string root = scratch.path() + "/disk";
  for (const char* const file : {"/PG_VERSION", "/global/pg_control", "/base/1/1259", "/pg_wal/x"}) {
    for (const char* const folder : {"/srv/a", "/srv/b", "/srv/c"}) write(root + folder + file, "15\n");
  }
  write(root + "/srv/a/postgresql.conf",
        "#listen_addresses = 'localhost'\nlisten_addresses = ''  # none\nport = 5499\n"
        "unix_socket_directories = '/run/his, /tmp'\n");
  write(root + "/srv/b/postgresql.conf", "listen_addresses = ''\n");
  write(root + "/srv/b/postgresql.auto.conf", "listen_addresses = '*'\n");
  write(root + "/srv/c/postgresql.conf", "listen_addresses = ''\nunix_socket_directories = ''\n");
  const auto inferred = infer_services(root, root);
  ASSERT_TRUE(inferred.ok());
  const auto read = services::parse_services(inferred.value().text, "s");
  ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence << inferred.value().text;
  std::string all;
  for (const services::Service& service : read.file.services) {
    all += service.data[0].path;
    for (const std::string& word : service.healthcheck ? service.healthcheck->command : std::vector<std::string>{"-"})
      all += " " + word;
    all += service.healthcheck ? service.healthcheck->tcp + "\n" : "\n";
  }
  EXPECT_EQ(all, "/srv/a /usr/bin/pg_isready -h /run/his -p 5499\n/srv/b127.0.0.1:5432\n/srv/c -\n")
      << inferred.value().text;
}

TEST(Inferring, ProposesDatabasesThatWereStruckAndNamesFilesThatMayHaveBeenOne) {
  const os::testing::ScratchFolder scratch;
  const std::string root = scratch.path() + "/disk";
  for (const char* const file : {"/PG_VERSION.bak9", "/global/pg_control.bak9", "/base/1/1259.bak9", "/pg_wal/x.bak9"})
    write(root + "/srv/pg" + file, "noise");
  for (const char* const file : {"/ibdata1.bak9", "/aria_log_control.bak9", "/mysql/db.frm.bak9"})
    write(root + "/srv/my" + file, "noise");
  for (const char* const file : {"/srv/q.db.bak9", "/srv/kept.db.1", "/srv/kept.db", "/srv/notes.bak9"})
    write(root + file, "noise");
  write(root + "/srv/plain/base/x", "no database");
  const auto inferred = infer_services(root, root);
  ASSERT_TRUE(inferred.ok()) << inferred.error().what;
  const std::string& text = inferred.value().text;
  const auto read = services::parse_services(text, "s");
  ASSERT_TRUE(read.mistakes.empty()) << read.mistakes.front().sentence << text;
  std::string all;
  for (const services::Service& service : read.file.services)
    all += fmt::format("{} {}\n", services::name_of(service.data[0].kind), service.data[0].path);
  EXPECT_EQ(all, "mariadb /srv/my\npostgresql /srv/pg\n") << text;
  EXPECT_NE(text.find("it looks like a database that was struck"), std::string::npos) << text;
  ASSERT_EQ(inferred.value().left_out.size(), 1U) << text;
  EXPECT_EQ(inferred.value().left_out[0],
            "/srv/q.db.bak9 looks like an SQLite database that was struck: if it was one, write it in by hand, as "
            "/srv/q.db");
}

TEST(Inferring, ReadsWhatDovecotAndOrthancSay) {
  EXPECT_EQ(parse_mail_folder("mail_location = maildir:~/Maildir\n"), "");
  EXPECT_EQ(parse_mail_folder("mail_location = maildir:/srv/../etc/%u\n"), "");
  EXPECT_EQ(parse_mail_folder("mail_location=maildir:/var/mail/%u"), "/var/mail");
  const OrthancSettings read = parse_orthanc_settings(
      "/* c */ { // one\n\"StorageDirectory\": \"/var/lib/orthanc/db-v6\", \"HttpPort\": 8043 }");
  EXPECT_EQ(read.index_folder, "/var/lib/orthanc/db-v6");
  EXPECT_EQ(read.http_port, 8043U);
  for (const std::string& hostile :
       {std::string(), std::string("{"), std::string("[1]"), std::string(500'000, '['),
        std::string("{\"HttpPort\": -1, \"IndexDirectory\": [], \"StorageDirectory\": \"x\"}"),
        std::string("{\"HttpPort\": 99999999999}"), std::string("\xff\x00{", 3)}) {
    EXPECT_EQ(parse_orthanc_settings(hostile).http_port, 0U);
    EXPECT_EQ(parse_orthanc_settings(hostile).index_folder, "");
  }
}

}  // namespace
}  // namespace lastgood::readiness
