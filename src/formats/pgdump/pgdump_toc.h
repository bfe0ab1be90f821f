// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Header and table of contents of a pg_dump archive. Private to pgdump/.
//
//   header  = "PGDMP" major(1) minor(1) revision(1) integer-size(1) offset-size(1) layout(1) compression
//             second minute hour day month year dst  database server-version pg_dump-version
//   compression = level as integer, to 1.14;  algorithm(1), from 1.15
//   integer = sign(1) value(integer-size), little endian;   string = length as integer, bytes;  length -1: null
//   toc     = count entry*
//   entry   = id has-data table-oid oid tag kind section definition drop copy schema tablespace
//             [access method, from 1.14] [relation kind as integer, from 1.16] owner "false" dependency* null extra
//   extra   = custom: state(1) offset(offset-size);  directory and tar: file name
// All of it is told by pg_backup_archiver.c and pg_backup_custom.c of PostgreSQL 9.0 to 17 (1.12 to 1.16).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "formats/codec/split_stream.h"
#include "formats/pgdump/pgdump_fields.h"

namespace lastgood::formats::pgdump {

inline constexpr std::string_view k_magic = "PGDMP";

enum class Layout : std::uint8_t { custom = 1, tar = 3, directory = 5 };

struct Header {
  std::uint8_t minor = 0;  // of version 1
  std::size_t integer_bytes = 4;
  std::size_t offset_bytes = 8;
  Layout layout = Layout::custom;
  std::optional<SplitCodec> codec;  // empty: data is stored as it is
  std::string pg_dump_version;
};

/// An entry whose data must follow in the content.
struct DataEntry {
  std::int64_t id = 0;
  std::uint64_t at = 0;                 // the entry in the table
  std::optional<std::uint64_t> offset;  // of its data; empty when pg_dump wrote to a pipe
  bool is_seen = false;
};

struct Toc {
  Header header;
  std::uint64_t entries = 0;
  std::vector<DataEntry> data;  // in the table's order
  std::uint64_t end_bytes = 0;
};

enum class TocEnd : std::uint8_t {
  whole,
  foreign_version,  // an archive of a version not known here
  cut,
  misfit,
  stopped,  // a limit was reached
};

struct TocReading {
  TocEnd end = TocEnd::whole;
  Toc toc;
  std::uint64_t trouble_at = 0;
  std::string_view trouble_field;  // what was read there
};

/// Reads from byte 0. Asks the input for one step per entry.
TocReading read_toc(WalkInput& input);

/// "data of 'visit' (entry 3371)".
std::string name_entry(WalkInput& input, const Toc& toc, const DataEntry& entry);

}  // namespace lastgood::formats::pgdump
