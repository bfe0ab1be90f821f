// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// PostgreSQL's control file, label, manifest, catalogue, map and log, chosen by the first byte.
#include <cstdint>
#include <memory>

#include "engines/postgresql/backup_files.h"
#include "engines/postgresql/catalogue.h"
#include "engines/postgresql/relation_files.h"
#include "engines/postgresql/wal_reader.h"
#include "engines/postgresql/wal_removals.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  namespace postgresql = engines::postgresql;
  const base::ByteView all(std::span<const std::uint8_t>(data, size));
  const base::ByteView bytes = all.part(1);
  switch (all.u8(0) % 6) {
    case 0: (void)postgresql::parse_control(bytes); break;
    case 1: (void)postgresql::parse_backup_label(bytes.text()); break;
    case 2: (void)postgresql::parse_backup_manifest(bytes); break;
    case 3:
      (void)postgresql::parse_catalogue_page(bytes);
      (void)postgresql::parse_table_files(bytes);
      break;
    case 4:
      (void)postgresql::parse_relation_map(bytes);
      (void)postgresql::parse_relation_name(bytes.text());
      (void)postgresql::parse_relation_folder(bytes.text());
      break;
    default: {
      postgresql::WalRemovals removals;
      const postgresql::WalPlan plan{.from = bytes.le16(0) % 2 == 0 ? 1U << 20 : (1U << 20) + 40U,
                                     .settled = bytes.u8(1) % 2 == 0 ? UINT64_MAX : 0,
                                     .page_bytes = 1024,
                                     .segment_bytes = 1 << 20,
                                     .on_record = [&](const postgresql::WalRecord& record) { removals.note(record); }};
      const auto survey = postgresql::survey_wal(plan, [&](std::uint64_t number) -> std::unique_ptr<base::ByteSource> {
        if (number != 1) return nullptr;
        return std::make_unique<base::MemorySource>(bytes.part(2));
      });
      if (survey.end < plan.from || !removals.finish({}, {}).last.empty()) __builtin_trap();
    }
  }
  return 0;
}
