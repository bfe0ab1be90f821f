// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what parsers of engine files read is what stands there, and that cut, changed and enormous input is
// refused. Samples are built here field by field; against the engines' own files see the ..._real_test.cpp.
#include <gtest/gtest.h>

#include "base/checksum.h"
#include "engines/git/pack_index.h"
#include "engines/lmdb/lmdb_pages.h"
#include "engines/log_end.h"
#include "engines/mariadb/binlog_events.h"
#include "engines/mariadb/binlog_history.h"
#include "engines/mariadb/redo_log.h"
#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/catalogue.h"
#include "engines/postgresql/made_tablespaces.h"
#include "engines/postgresql/relation_files.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/sqlite/wal_frames.h"
#include "engines/testing/memory_view.h"
#include "engines/vm_disk/disk_headers.h"

namespace lastgood::engines {

namespace {

using base::ByteView;

void put_le(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t length) {
  if (bytes.size() < at + length) bytes.resize(at + length);
  for (std::size_t i = 0; i < length; ++i) bytes[at + i] = static_cast<char>(value >> (8 * i));
}

void put_be(std::string& bytes, std::size_t at, std::uint64_t value, std::size_t length) {
  if (bytes.size() < at + length) bytes.resize(at + length);
  for (std::size_t i = 0; i < length; ++i) bytes[at + i] = static_cast<char>(value >> (8 * (length - 1 - i)));
}

/// One segment with one commit record, written at `commit_us`.
std::string make_segment(std::int64_t commit_us) {
  std::string bytes(1 << 20, '\0');
  put_le(bytes, 0, 0xD110, 2);
  put_le(bytes, 2, 2, 2);
  put_le(bytes, 4, 1, 4);
  put_le(bytes, 8, 1 << 20, 8);
  put_le(bytes, 24, 77, 8);
  put_le(bytes, 32, 1 << 20, 4);
  put_le(bytes, 36, 8192, 4);
  put_le(bytes, 40, 24 + 2 + 8, 4);
  put_le(bytes, 40 + 17, 1, 1);
  put_le(bytes, 64, 255, 1);
  put_le(bytes, 65, 8, 1);
  put_le(bytes, 66, static_cast<std::uint64_t>(commit_us), 8);
  const std::uint32_t sum = base::crc32c(ByteView(bytes).part(40, 20), base::crc32c(ByteView(bytes).part(64, 10)));
  put_le(bytes, 60, sum, 4);
  return bytes;
}

postgresql::WalSurvey survey(const std::string& segment) {
  const postgresql::WalPlan plan{.from = 1 << 20, .system_id = 77, .page_bytes = 8192, .segment_bytes = 1 << 20};
  return postgresql::survey_wal(plan, [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
    if (number != 1) return nullptr;
    return std::make_unique<base::MemorySource>(ByteView(segment));
  });
}

}  // namespace

TEST(PostgresqlParsers, read_log_positions) {
  EXPECT_EQ(postgresql::parse_lsn("1/A0"), 0x1000000A0ULL);
  EXPECT_EQ(postgresql::format_lsn(0x1000000A0ULL), "1/A0");
  for (const char* text : {"", "/", "1/", "/1", "1/x", "123456789/1", "1 /2"})
    EXPECT_FALSE(postgresql::parse_lsn(text)) << text;
}

TEST(PostgresqlParsers, read_names_of_relations) {
  const auto name = postgresql::parse_relation_name("16384_vm.12");
  ASSERT_TRUE(name);
  EXPECT_EQ(name->relation, 16384U);
  EXPECT_EQ(name->fork, postgresql::Fork::visibility);
  EXPECT_EQ(name->segment, 12U);
  for (const char* text : {"", "x", "16384x", "16384.bak9", "16384_foo", "99999999999", "1.9999999999"})
    EXPECT_FALSE(postgresql::parse_relation_name(text)) << text;
  EXPECT_TRUE(postgresql::parse_relation_folder("pg_tblspc/16400/PG_15_202209061/5"));
  for (const char* text : {"base", "base/x", "base/5/6", "pg_tblspc/1/5", "pg_tblspc/x/PG_15/5"})
    EXPECT_FALSE(postgresql::parse_relation_folder(text)) << text;
}

TEST(RelationNames, are_found_before_an_attackers_ending) {
  EXPECT_EQ(postgresql::find_name_before_ending("16384.bak9"), "16384");
  EXPECT_EQ(postgresql::find_name_before_ending("16384.1.bak9"), "16384.1");
  EXPECT_EQ(postgresql::find_name_before_ending("16384_vm.id-7.locked"), "16384_vm");
  for (const char* none : {"16384", "16384.1", "x.16384", ".bak9", "", "16384bak9.x"})
    EXPECT_EQ(postgresql::find_name_before_ending(none), std::nullopt) << none;
}

TEST(PostgresqlParsers, read_labels_only_with_all_that_recovery_needs) {
  const std::string text =
      "START WAL LOCATION: 0/2000028 (file 000000010000000000000002)\nCHECKPOINT LOCATION: 0/2000060\nBACKUP METHOD: "
      "streamed\nBACKUP FROM: standby\nSTART TIME: 2026-11-26 UTC\nLABEL: x\nSTART TIMELINE: 3\n";
  const auto label = postgresql::parse_backup_label(text);
  ASSERT_TRUE(label);
  EXPECT_EQ(label->start, 0x2000028U);
  EXPECT_EQ(label->checkpoint, 0x2000060U);
  EXPECT_EQ(label->timeline, 3U);
  EXPECT_TRUE(label->is_from_standby);
  EXPECT_FALSE(postgresql::parse_backup_label(text.substr(0, 60)));
  EXPECT_FALSE(postgresql::parse_backup_label(""));
}

TEST(MadeTablespace, is_known_by_what_the_server_says_and_only_at_a_place_that_a_room_can_have) {
  const auto find = [](const std::string& tail, const std::string& first = "directory \"/srv/s\" does not exist") {
    const auto found = postgresql::find_made_tablespace(
        "FATAL:  " + first + "\nHINT:  x\nCONTEXT:  WAL redo at 0/30000D8 for Tablespace/CREATE: " + tail +
            "\nLOG: z\n",
        {"/usr/lib/postgresql/15/bin/postgres", "/lib", "/etc/localtime"});
    return found ? found->number + "=" + found->place : std::string("none");
  };
  EXPECT_EQ(find("16390 \"/srv/s\""), "16390=/srv/s");
  EXPECT_EQ(find("16390 \"/data/a b\"\"", "directory \"/data/a b\"\" does not exist"), "16390=/data/a b\"");
  EXPECT_EQ(find("1 \"/usr/x\""), "1=/usr/x");
  EXPECT_EQ(find("1 \"/dev/shm/a b\""), "1=/dev/shm/a b");
  EXPECT_EQ(find("16390 \"/srv/s\"", "could not set permissions on directory"), "none");
  for (const char* wrong : {"",
                            "16390",
                            "16390 \"\"",
                            "16390 \"",
                            "x \"/srv/s\"",
                            "99999999999 \"/srv/s\"",
                            "1 \"srv\"",
                            "1 \"/\"",
                            "1 \"/srv/../etc\"",
                            "1 \"/srv//x\"",
                            "1 \"/srv/.\"",
                            "1 \"/srv/\"",
                            "1 \"/usr/lib\"",
                            "1 \"/etc/localtime/x\"",
                            "1 \"/lib/x\"",
                            "1 \"/lib\"",
                            "1 \"/room/own\"",
                            "1 \"/room\"",
                            "1 \"/dev/null\"",
                            "1 \"/dev\"",
                            "1 \"/lower/x\""})
    EXPECT_EQ(find(wrong), "none") << wrong;
  EXPECT_EQ(find("1 \"/" + std::string(2000, 'a') + "\""), "none");
}

TEST(TablespaceMap, names_the_places_of_the_victim_with_any_byte_in_them) {
  const auto shown = [](std::string_view text) {
    std::string out;
    for (const auto& one : postgresql::parse_tablespace_map(text)) out += one.number + "=" + one.target + ";";
    return out;
  };
  EXPECT_EQ(shown("16384 /srv/ts\n16385 /srv/with space\n"), "16384=/srv/ts;16385=/srv/with space;");
  EXPECT_EQ(shown("16384 /srv/a\\\nb\\\\c"), "16384=/srv/a\nb\\c;") << "escaped by a backslash, cut at the end";
  EXPECT_EQ(shown("x /a\n../1 /a\n16384\n16384 \n /a\n\n99999999999 /a\n"), "");
}

TEST(PostgresqlParsers, read_manifests_and_refuse_cut_and_foreign_ones) {
  const std::string text = R"({ "PostgreSQL-Backup-Manifest-Version": 1,
"Files": [
{ "Path": "base/1/1", "Size": 8192, "Last-Modified": "x", "Checksum-Algorithm": "CRC32C", "Checksum": "01020304" },
{ "Encoded-Path": "ff61", "Size": 1, "Last-Modified": "x" }],
"WAL-Ranges": [{ "Timeline": 1, "Start-LSN": "0/28", "End-LSN": "0/100" }],
"Manifest-Checksum": "ab"}
)";
  const auto manifest = postgresql::parse_backup_manifest(ByteView(text));
  ASSERT_TRUE(manifest);
  ASSERT_EQ(manifest->files.size(), 2U);
  EXPECT_EQ(manifest->files[0].size_bytes, 8192U);
  EXPECT_EQ(manifest->files[1].path,
            "\xff"
            "a");
  EXPECT_EQ(manifest->wal_end, 0x100U);
  EXPECT_EQ(text.substr(manifest->covered_bytes, 20), "\"Manifest-Checksum\":");
  for (std::size_t cut = 0; cut < text.size() - 2; cut += 7)
    EXPECT_FALSE(postgresql::parse_backup_manifest(ByteView(std::string_view(text).substr(0, cut)))) << cut;
  EXPECT_FALSE(postgresql::parse_backup_manifest(ByteView("{}")));
  EXPECT_FALSE(postgresql::parse_backup_manifest(ByteView(std::string(100'000, '['))));
}

TEST(PostgresqlParsers, follow_records_and_stop_where_one_does_not_fit) {
  const std::string segment = make_segment(1'000'000);
  const postgresql::WalSurvey whole = survey(segment);
  EXPECT_EQ(whole.records, 1U) << whole.fault;
  EXPECT_EQ(whole.last_commit_us, 1'000'000);
  EXPECT_EQ(whole.end, (1U << 20) + 40 + 40);
  for (std::size_t at = 40; at < 74; ++at) {
    std::string changed = segment;
    changed[at] = static_cast<char>(changed[at] ^ 1);
    EXPECT_EQ(survey(changed).records, 0U) << at;
  }
  std::string of_another_cluster = segment;
  put_le(of_another_cluster, 24, 78, 8);
  EXPECT_EQ(survey(of_another_cluster).stop, postgresql::WalStop::broken);
  EXPECT_EQ(survey(segment.substr(0, 100)).records, 0U);
  EXPECT_EQ(survey("").records, 0U);
}

TEST(PostgresqlParsers, refuse_control_files_that_were_changed) {
  std::string bytes(8192, '\0');
  EXPECT_FALSE(postgresql::parse_control(ByteView(bytes)).control);
  EXPECT_FALSE(postgresql::parse_control(ByteView("")).control);
  put_le(bytes, 8, 1300, 4);
  put_le(bytes, 288, base::crc32c(ByteView(bytes).part(0, 288)), 4);
  const auto opinion = postgresql::parse_control(ByteView(bytes));
  EXPECT_FALSE(opinion.control) << "sizes of zero cannot be, whatever the sum says";
  EXPECT_FALSE(opinion.fault.empty());
}

/// Sizes as every build of Debian has them, and its sum where this version has it.
std::string control_of(std::uint32_t version, std::uint32_t catalogue, std::size_t sum_at) {
  std::string bytes(8192, '\0');
  put_le(bytes, 8, version, 4);
  put_le(bytes, 12, catalogue, 4);
  put_le(bytes, 16, 6, 4);
  put_le(bytes, 32, 0x1000028, 8);
  put_le(bytes, 40, 0x1000028, 8);
  put_le(bytes, 216, 8192, 4);
  put_le(bytes, 220, 131072, 4);
  put_le(bytes, 224, 8192, 4);
  put_le(bytes, 228, 16 << 20, 4);
  bytes[260] = 'n';  // of the nonce, which only the sum covers
  put_le(bytes, sum_at, base::crc32c(ByteView(bytes).part(0, sum_at)), 4);
  return bytes;
}

TEST(PostgresqlParsers, read_control_files_of_both_layouts_and_tell_a_newer_one_from_a_broken_one) {
  const auto of_15 = postgresql::parse_control(ByteView(control_of(1300, 202209061, 288)));
  ASSERT_TRUE(of_15.control) << of_15.fault;
  EXPECT_EQ(postgresql::major_version(*of_15.control), "15");
  std::string bytes = control_of(1800, 202506291, 292);
  const auto of_18 = postgresql::parse_control(ByteView(bytes));
  ASSERT_TRUE(of_18.control) << of_18.fault;
  EXPECT_EQ(postgresql::major_version(*of_18.control), "18");
  EXPECT_EQ(of_18.control->redo, 0x1000028U);
  bytes[289] = 'x';
  const auto changed = postgresql::parse_control(ByteView(bytes));
  EXPECT_FALSE(changed.control || changed.is_other_version) << "its last bytes are not those that were summed";
  EXPECT_FALSE(postgresql::parse_control(ByteView(control_of(1800, 202506291, 292).substr(0, 294))).control);
  EXPECT_TRUE(postgresql::parse_control(ByteView(control_of(1900, 202709011, 300))).is_other_version);
}

TEST(MariadbParsers, follow_a_log_and_stop_at_the_first_transaction_that_does_not_fit) {
  std::string log(65536, '\0');
  put_be(log, 0, 0x50687973, 4);
  put_be(log, 8, 12288, 8);
  put_be(log, 508, base::crc32c(ByteView(log).part(0, 508)), 4);
  put_be(log, 4096, 12288, 8);
  put_be(log, 4096 + 60, base::crc32c(ByteView(log).part(4096, 60)), 4);
  // WRITE to page 3 of tablespace 5: kind 0x35, five bytes follow.
  const std::string record("\x35\x05\x03\x10\x41\x42", 6);
  log.replace(12288, record.size(), record);
  log[12288 + 6] = 1;
  put_be(log, 12288 + 7, base::crc32c(ByteView(record)), 4);
  base::MemorySource source{ByteView(log)};
  const auto read = mariadb::read_redo_log(source);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().transactions, 1U) << read.value().fault;
  EXPECT_EQ(read.value().end, 12288U + 11);
  EXPECT_TRUE(read.value().has_changes);
  for (std::size_t at = 12288; at < 12288 + 11; ++at) {
    std::string changed = log;
    changed[at] = static_cast<char>(changed[at] ^ 4);
    base::MemorySource broken{ByteView(changed)};
    EXPECT_EQ(mariadb::read_redo_log(broken).value().transactions, 0U) << at;
  }
}

TEST(MariadbParsers, know_how_old_pages_may_be_by_a_log_alone_that_leads_to_its_checkpoint) {
  for (const bool breaks_off : {false, true}) {
    const std::string write("\x35\x05\x03\x10\x41\x42", 6);  // to page 3 of tablespace 5
    const std::uint64_t written = 12288 + 11;
    const std::uint64_t checkpoint = written + (breaks_off ? 40 : 0);
    std::string log(65536, '\0');
    put_be(log, 0, 0x50687973, 4);
    put_be(log, 8, 12288, 8);
    put_be(log, 508, base::crc32c(ByteView(log).part(0, 508)), 4);
    put_be(log, 4096, checkpoint, 8);
    put_be(log, 4096 + 60, base::crc32c(ByteView(log).part(4096, 60)), 4);
    const auto add = [&](std::size_t at, const std::string& records) {
      log.replace(at, records.size(), records);
      log[at + records.size()] = 1;
      put_be(log, at + records.size() + 1, base::crc32c(ByteView(records)), 4);
    };
    add(12288, write);
    std::string named("\xFA\0\0", 3);
    named.resize(11);
    put_be(named, 3, checkpoint, 8);
    add(checkpoint, named);
    base::MemorySource source{ByteView(log)};
    const auto read = mariadb::read_redo_log(source);
    ASSERT_TRUE(read.ok());
    EXPECT_TRUE(read.value().saw_checkpoint);
    const auto page = read.value().pages.find(mariadb::page_id(5, 3));
    ASSERT_NE(page, read.value().pages.end());
    EXPECT_EQ(page->second.written_min, breaks_off ? 0 : written) << "what follows may have freed it";
  }
}

TEST(MariadbParsers, take_the_time_of_the_last_commit_from_a_binary_log) {
  std::string log(
      "\xfe"
      "bin",
      4);
  for (const std::uint32_t time : {100U, 300U}) {
    const std::size_t at = log.size();
    put_le(log, at, time, 4);
    put_le(log, at + 4, 16, 1);
    put_le(log, at + 9, 31, 4);
    log.resize(at + 31);
  }
  const auto nothing = [](const mariadb::BinlogEvent&) {};
  base::MemorySource source{ByteView(log)};
  EXPECT_EQ(mariadb::walk_binlog(source, nothing).value().last_commit_s, 300);
  base::MemorySource cut{ByteView(std::string_view(log).substr(0, 40))};
  EXPECT_EQ(mariadb::walk_binlog(cut, nothing).value().last_commit_s, 100);
  base::MemorySource foreign{ByteView("text")};
  EXPECT_FALSE(mariadb::walk_binlog(foreign, nothing).value().is_binlog);
}

TEST(MariadbParsers, keep_no_more_servers_of_a_binary_log_than_there_can_be) {
  constexpr std::size_t k_event_bytes = 19 + 13;
  const auto log_of = [](std::size_t servers) {
    std::string bytes =
        "\xFE"
        "bin";
    for (std::size_t i = 0; i < servers; ++i) {
      const std::size_t at = bytes.size();
      put_le(bytes, at + 4, 162, 1);  // a transaction, of a server and a domain of its own
      put_le(bytes, at + 5, i, 4);
      put_le(bytes, at + 9, k_event_bytes, 4);
      put_le(bytes, at + 19, 1, 8);
      put_le(bytes, at + 27, i, 4);
      put_le(bytes, at + k_event_bytes - 1, 0, 1);
    }
    return bytes;
  };
  const std::string most = log_of(mariadb::GtidState::k_origins_max);
  base::MemorySource source{ByteView(most)};
  const auto read = mariadb::read_history(source, std::nullopt);
  ASSERT_TRUE(read.ok());
  EXPECT_EQ(read.value().ends.newest.size(), mariadb::GtidState::k_origins_max);
  const std::string more = log_of(mariadb::GtidState::k_origins_max + 1);
  base::MemorySource too_many{ByteView(more)};
  const auto refused = mariadb::read_history(too_many, std::nullopt);
  ASSERT_FALSE(refused.ok());
  EXPECT_EQ(refused.error().code, base::ErrorCode::limit_reached);
}

TEST(PostgresqlParsers, say_so_where_a_copy_does_not_tell_from_which_log_on) {
  testing::MemoryView copy;
  testing::MemoryView logs;
  logs.files = {{"000000010000000000000001", make_segment(1)}};
  copy.files = {{"pg/global/pg_control", std::string(300, 'x')}};
  const auto end = find_log_end(logs, copy, {.kind = UnitKind::postgresql, .path = "pg"}, "/tmp");
  ASSERT_TRUE(end.ok());
  EXPECT_EQ(end.value().files, 0U);
  EXPECT_NE(end.value().missing, "");
}

TEST(SqliteParsers, refuse_logs_and_journals_of_impossible_sizes) {
  for (const std::string& bytes : {std::string(), std::string(31, 'x'), std::string(5000, 'x')}) {
    base::MemorySource source{ByteView(bytes)};
    const auto wal = sqlite::read_wal_frames(source);
    ASSERT_TRUE(wal.ok());
    EXPECT_EQ(wal.value().frames, 0U);
    EXPECT_EQ(wal.value().fault.empty(), bytes.empty());
    const auto journal = sqlite::read_journal(source);
    ASSERT_TRUE(journal.ok());
    EXPECT_FALSE(journal.value().is_hot);
  }
}

TEST(VmDiskParsers, read_descriptors_and_refuse_names_outside_the_header) {
  const auto descriptor = vm_disk::parse_vmdk_descriptor(
      "# Disk DescriptorFile\nversion=1\nCID=0a1b2c3d\nparentCID=ffffffff\nparentFileNameHint=\"p q.vmdk\"\nRW 32768 "
      "SPARSE \"d-s001.vmdk\"\nRW 10 FLAT \"d-flat.vmdk\" 0\n");
  ASSERT_TRUE(descriptor);
  EXPECT_EQ(descriptor->content_id, 0x0a1b2c3dU);
  EXPECT_EQ(descriptor->parent, "p q.vmdk");
  ASSERT_EQ(descriptor->extents.size(), 2U);
  EXPECT_EQ(descriptor->extents[1].kind, "FLAT");
  EXPECT_FALSE(vm_disk::parse_vmdk_descriptor(""));
  std::string header("QFI\xfb", 4);
  header.resize(512);
  put_be(header, 4, 2, 4);
  put_be(header, 8, 1 << 20, 8);
  put_be(header, 16, 10, 4);
  put_be(header, 20, 16, 4);
  ASSERT_TRUE(vm_disk::parse_qcow2_header(ByteView(header)));
  EXPECT_FALSE(vm_disk::parse_qcow2_header(ByteView(header))->fault.empty());
}

TEST(GitParsers, refuse_indexes_whose_tables_do_not_fit) {
  EXPECT_FALSE(git::PackIndex::parse(ByteView(""), 20));
  std::string index("\xfftOc\0\0\0\2", 8);
  index.resize(8 + 1024 + 40);
  EXPECT_TRUE(git::PackIndex::parse(ByteView(index), 20));
  put_be(index, 8 + 1020, 0xFFFFFFFF, 4);
  EXPECT_FALSE(git::PackIndex::parse(ByteView(index), 20)) << "four thousand million objects in a kilobyte";
  EXPECT_FALSE(git::parse_object_name("00"));
}

}  // namespace lastgood::engines
