// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InnoDB's redo log, list of tables and tablespaces and the binary log, alone and as a whole data directory, chosen by
// the first byte.
#include <cstdint>
#include <string>

#include "engines/mariadb/binlog_history.h"
#include "engines/mariadb/redo_log.h"
#include "engines/mariadb/rollback_segments.h"
#include "engines/testing/memory_view.h"

namespace {

/// A system tablespace whose list of tables has its root and another page from `bytes`, which the list of rollback
/// segments leads to as well.
std::string with_list(lastgood::base::ByteView bytes) {
  constexpr std::size_t k_page_bytes = 16384;
  std::string file(10 * k_page_bytes, '\0');
  file[7 * k_page_bytes + 38 + 32 + 3] = 8;
  for (std::size_t page = 8; page < 10; ++page) {
    const lastgood::base::ByteView part = bytes.part((page - 8) * k_page_bytes, k_page_bytes);
    file.replace(page * k_page_bytes, part.size(), part.text());
    file.replace(page * k_page_bytes + 24, 2, "\x45\xbf");
    file.replace(page * k_page_bytes + 66, 8, std::string("\0\0\0\0\0\0\0\1", 8));
  }
  constexpr std::size_t k_list = 5 * k_page_bytes;
  file[k_list + 7] = 5;
  file[k_list + 25] = 7;
  for (std::size_t slot = 0; slot < 128; ++slot) file.replace(k_list + 56 + slot * 8, 8, 8, '\xff');
  file.replace(k_list + 56, 8, std::string("\0\0\0\0\0\0\0\x08", 8));
  file.replace(k_list + 64, 8, std::string("\0\0\0\0\0\0\0\x09", 8));
  return file;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView all(std::span<const std::uint8_t>(data, size));
  const base::ByteView bytes = all.part(1);
  base::MemorySource source(bytes);
  if (all.u8(0) >= 0xf0) {
    engines::testing::MemoryView view;
    view.files = {{"ibdata1", with_list(bytes)},
                  {"ib_logfile0", ""},
                  {"mysql/db.frm", "\xfe\x01"},
                  {"xtrabackup_checkpoints", "backup_type = full-prepared\nlast_lsn = 9\n"}};
    (void)engines::mariadb::read_binlog_place(view, "");
    (void)engines::check_unit(view, {.kind = engines::UnitKind::mariadb, .path = ""}, model::Depth::quick);
  } else if (all.u8(0) % 3 == 0) {
    const auto log = engines::mariadb::read_redo_log(source);
    if (!log.ok() || log.value().end < log.value().checkpoint) __builtin_trap();
  } else if (all.u8(0) % 3 == 1) {
    (void)engines::mariadb::read_history(source, bytes.size() / 2);
    (void)engines::mariadb::find_changed_byte(source, source, "bin.000001", bytes.size());
  } else {
    engines::testing::MemoryView view;
    const std::size_t half = bytes.size() / 2;
    view.files = {{"ibdata1", std::string(bytes.part(0, half).text())},
                  {"a/t.ibd", std::string(bytes.part(half).text())},
                  {"a/t.isl", std::string(bytes.part(0, 64).text())},
                  {"ib_logfile0", std::string(bytes.text())},
                  {"xtrabackup_checkpoints", std::string(bytes.part(0, 64).text())},
                  {"mysql/db.frm", "\xfe\x01"}};
    (void)engines::check_unit(view, {.kind = engines::UnitKind::mariadb, .path = ""}, model::Depth::standard);
  }
  return 0;
}
