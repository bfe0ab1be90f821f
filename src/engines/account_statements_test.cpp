// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves which statements of a script of binary logs are left out, and that all others stay byte for byte.
#include "engines/mariadb/account_statements.h"

#include <gtest/gtest.h>

#include <string>

namespace lastgood::engines::mariadb {
namespace {

std::string read_all(base::ByteSource& source, std::size_t step_bytes) {
  std::string out;
  std::vector<std::uint8_t> buffer(step_bytes);
  for (;;) {
    const auto got = source.read(out.size(), buffer);
    if (!got.ok() || got.value() == 0) return out;
    out.append(buffer.begin(), buffer.begin() + static_cast<std::ptrdiff_t>(got.value()));
  }
}

AccountStatements find_account_statements(base::ByteSource& source) {
  AccountStatements found;
  const base::Status walked = walk_script(source, [&](const ScriptPart& part) { note_account_statement(part, found); });
  EXPECT_TRUE(walked.ok());
  return found;
}

const std::string& script() {
  static const std::string text =
      "DELIMITER /*!*/;\n"
      "# at 364\n"
      "#221123  7:42:12 server id 1  end_log_pos 449 CRC32 0x9dadfff6 \tQuery\tthread_id=5\n"
      "use `lis`/*!*/;\n"
      "SET TIMESTAMP=1669189332/*!*/;\n"
      "insert into t values ('grant all')\n"
      "/*!*/;\n"
      "# at 500\n"
      "#221123  7:43:00 server id 1  end_log_pos 600 CRC32 0x9dadfff6 \tQuery\tthread_id=5\n"
      "SET TIMESTAMP=1669189380/*!*/;\n"
      "create\n user nurse@localhost identified by 'x'\n"
      "/*!*/;\n"
      "# at 600\n"
      "#221123  7:44:00 server id 1  end_log_pos 700 CRC32 0x9dadfff6 \tQuery\tthread_id=5\n"
      "FLUSH PRIVILEGES\n"
      "/*!*/;\n"
      "# at 700\n"
      "#221123  7:45:00 server id 1  end_log_pos 800 CRC32 0x9dadfff6 \tWrite_rows\n"
      "GRANT is no statement here\n"
      "/*!*/;\n"
      "#221123  7:46:00 server id 1  end_log_pos 900 CRC32 0x38ef008e \tTable_map: `mysql`.`global_priv` mapped to "
      "number 7\n"
      "#221123  7:46:00 server id 1  end_log_pos 950 CRC32 0x38ef008e \tDelete_rows: table id 7 flags: STMT_END_F\n"
      "\n"
      "BINLOG '\n"
      "ACCOUNTS\n"
      "ACCOUNTS==\n"
      "'/*!*/;\n"
      "#221123  7:47:00 server id 1  end_log_pos 999 CRC32 0x38ef008e \tTable_map: `lis`.`db` mapped to number 8\n"
      "#221123  7:47:00 server id 1  end_log_pos 999 CRC32 0x38ef008e \tTable_map: `mysql`.`db` mapped to number 9\n"
      "BINLOG '\n"
      "BOTH\n"
      "'/*!*/;\n"
      "#221123  7:48:00 server id 1  end_log_pos 999 CRC32 0x38ef008e \tTable_map: `mysql`.`time_zone` mapped to "
      "number 9\n"
      "BINLOG '\n"
      "ZONES\n"
      "'/*!*/;\n"
      "DELIMITER ;\n";
  return text;
}

TEST(AccountStatements, AreFoundInAScriptAndAllOthersStay) {
  base::MemorySource source{base::ByteView(std::string_view(script()))};
  const AccountStatements found = find_account_statements(source);
  EXPECT_EQ(found.count, 2U);
  EXPECT_EQ(found.first, "CREATE USER of 2022-11-23T07:43:00Z");
  ASSERT_EQ(found.ranges.size(), 3U);
  std::string wanted = script();
  for (const std::string statement : {"create\n user nurse@localhost identified by 'x'\n", "FLUSH PRIVILEGES\n",
                                      "BINLOG '\nACCOUNTS\nACCOUNTS==\n'"}) {
    const std::size_t at = wanted.find(statement);
    for (std::size_t i = 0; i < statement.size(); ++i) {
      char& letter = wanted[at + i];
      letter = i < 4 ? "DO 0"[i] : letter == '\n' ? '\n' : ' ';
    }
  }
  for (const std::size_t step_bytes : {1U, 3U, 7U, 100U, 100'000U})
    EXPECT_EQ(read_all(*without_statements(source, found.ranges), step_bytes), wanted) << step_bytes;
}

TEST(AccountStatements, AreKnownByTheirFirstWords) {
  for (const char* text : {"CREATE USER a",
                           "create or replace user a",
                           "/* app */ CREATE  ROLE r",
                           "-- x\nGRANT ALL ON *.* TO a",
                           "# x\nREVOKE ALL ON *.* FROM a",
                           "SET PASSWORD FOR a = 'x'",
                           "set default role r for a",
                           "ALTER USER a",
                           "DROP/**/USER a",
                           "CREATE DEFINER=`a`@`b` EVENT e ON SCHEDULE EVERY 1 DAY DO SELECT 1",
                           "create or replace definer = a event if not exists e",
                           "DROP EVENT e",
                           "RENAME USER a TO b",
                           "flush local privileges",
                           "CREATE FUNCTION f RETURNS STRING SONAME 'f.so'",
                           "create or replace aggregate function f returns real soname 'f'",
                           "/*!100000 create user a */",
                           "/*M! GRANT */",
                           "/*!50000 CREATE*/ /*x*/ USER a",
                           "set statement max_statement_time=10 for create user a",
                           "SET STATEMENT sql_mode='A B', lock_wait_timeout=1 FOR /* x */ GRANT ALL ON *.* TO a"})
    EXPECT_FALSE(kind_of_account_statement(text).empty()) << text;
  for (const char* text : {"ALTER TABLE mysql.global_priv ADD COLUMN z int", "drop table if exists x, `mysql`.`event`",
                           "rename table mysql.global_priv to lis.gp", "create or replace table mysql.db(a int)"})
    EXPECT_FALSE(kind_of_account_statement(text).empty()) << text;
  EXPECT_EQ(kind_of_account_statement("alter table `db` add z int", "mysql"), "ALTER TABLE of accounts");
  EXPECT_EQ(kind_of_account_statement("alter table `db` add z int", "lis"), "");
  for (const char* text : {"",
                           "CREATE TABLE user (a int)",
                           "INSERT INTO grants VALUES ('GRANT')",
                           "DROP TABLE user",
                           "create function f() returns int return 1",
                           "SET @a = 1",
                           "flush tables",
                           "/*! BEGIN */",
                           "/*!",
                           "/*!99999",
                           "*/",
                           "set statement x=1 for insert into user values (1)",
                           "set statement x=1",
                           "BEGIN",
                           "COMMIT",
                           "CREATE TABLE event (a int)",
                           "alter table lis.db add z int",
                           "drop table mysql.time_zone",
                           "create table lis.gl like mysql.global_priv",
                           "create table lis.copy as select host from mysql.global_priv",
                           "alter table lis.x rename to mysql.y",
                           "create definer=a procedure p() create event e",
                           "DROP TABLE event",
                           "/* never ends",
                           "ALTER TABLE user ADD COLUMN grant_no int"})
    EXPECT_TRUE(kind_of_account_statement(text).empty()) << text;
}

TEST(AccountStatements, OfAScriptThatIsCutOrNoneAreNone) {
  for (std::size_t length = 0; length < script().size(); ++length) {
    base::MemorySource source{base::ByteView(std::string_view(script()).substr(0, length))};
    const AccountStatements found = find_account_statements(source);
    for (const model::ByteRange& range : found.ranges) EXPECT_LE(range.to, length);
  }
}

}  // namespace
}  // namespace lastgood::engines::mariadb
