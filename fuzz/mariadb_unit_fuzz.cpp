// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// InnoDB's redo log and tablespaces and the binary log, alone and as a whole data directory, chosen by the first byte.
#include <cstdint>

#include "engines/mariadb/binlog_history.h"
#include "engines/mariadb/redo_log.h"
#include "engines/testing/memory_view.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  const base::ByteView all(std::span<const std::uint8_t>(data, size));
  const base::ByteView bytes = all.part(1);
  base::MemorySource source(bytes);
  if (all.u8(0) % 3 == 0) {
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
