// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "tables/read_tables.h"

#include <algorithm>
#include <array>

#include "tables/dicom_reader.h"
#include "tables/fhir_reader.h"
#include "tables/hl7_reader.h"
#include "tables/sql_reader.h"
#include "tables/text_input.h"

namespace lastgood::tables {

namespace {

struct Unread {
  std::string_view begins;
  std::uint64_t offset_bytes;
  std::string_view why;
};

// Only what would hide persons: a picture is no reason for doubt.
constexpr std::array k_unread = {
    Unread{"PGDMP", 0, "pg_dump in custom form: make text of it with 'pg_restore -f OUT.sql'"},
    Unread{"%PDF", 0, "a PDF document: export what it was printed from as CSV, or have it read by a person"},
    Unread{"{\\rtf", 0, "an RTF document: have it read by a person"},
    Unread{"7z\xBC\xAF\x27\x1C", 0, "a 7z archive: unpack it"},
    Unread{"Rar!", 0, "a RAR archive: unpack it"},
    Unread{"PK\x03\x04", 0, "a ZIP archive or an office document: unpack it, or save its sheets as CSV"},
    Unread{"\xD0\xCF\x11\xE0", 0, "an old office document: save its sheets as CSV"},
    Unread{"TAPE", 0, "a backup of SQL Server: restore it and make a script of it"},
    Unread{"ustar", 257, "a tar archive: unpack it"},
    Unread{"Standard Jet DB", 4, "an Access database: export its tables as CSV"},
    Unread{"Standard ACE DB", 4, "an Access database: export its tables as CSV"},
};

struct UnreadEnding {
  std::string_view ending;
  std::string_view why;
};

std::string lower_end(std::string_view name) {
  const std::size_t dot = name.rfind('.');
  std::string out(dot == std::string_view::npos ? std::string_view() : name.substr(dot, 12));
  for (char& c : out) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c;
  return out;
}

// Names that promise what has no bytes to know it by.
constexpr std::array k_unread_endings = {
    UnreadEnding{".mdf", "data files of SQL Server: make a script of the database"},
    UnreadEnding{".ibd", "data files of MariaDB or MySQL: make a dump with mariadb-dump"},
    UnreadEnding{".myd", "data files of MariaDB or MySQL: make a dump with mariadb-dump"},
    UnreadEnding{".dbf", "data files of Oracle or dBase: export the tables as CSV"},
    UnreadEnding{".dmp", "an export of Oracle: export the tables as CSV"},
    UnreadEnding{".bson", "a dump of MongoDB: export its collections with 'mongoexport --type=csv'"},
    UnreadEnding{".parquet", "a Parquet file: save it as CSV"},
};

/// Also where an attack put another ending behind it: "his.sql.bak9".
std::string_view why_unread(std::string_view name) {
  const std::string ending = lower_end(name);
  for (const UnreadEnding& unread : k_unread_endings)
    if (unread.ending == ending) return unread.why;
  // A table by its name and none by its bytes is the very thing an attack leaves behind.
  constexpr std::array<std::string_view, 11> k_promises = {".csv", ".tsv",  ".psv",    ".tab", ".sql",   ".hl7",
                                                           ".dcm", ".json", ".ndjson", ".db",  ".sqlite"};
  const std::string before = lower_end(name.substr(0, std::min(name.rfind('.'), name.size())));
  for (const std::string_view promise : k_promises)
    if (ending == promise || before == promise)
      return "its name promises tables, its bytes are something else: encrypted, damaged or packed";
  return {};
}

/// Records of JSON that are no FHIR: one object a line, or a list of objects. A program's settings are neither.
bool looks_like_json_records(std::string_view text) {
  constexpr std::string_view k_space = " \t\r\n";
  const std::size_t first = text.find_first_not_of(k_space);
  if (first == std::string_view::npos) return false;
  if (text[first] == '[') {
    const std::size_t next = text.find_first_not_of(k_space, first + 1);
    return next != std::string_view::npos && text[next] == '{';
  }
  if (text[first] != '{') return false;
  const std::size_t line = text.find('\n', first);
  if (line == std::string_view::npos) return false;
  const std::size_t second = text.find_first_not_of(k_space, line);
  const std::size_t last = text.find_last_not_of(k_space, line);
  return second != std::string_view::npos && text[second] == '{' && text[last] == '}';
}

/// Bytes that no text has; UTF-16 is recognised by its mark before.
bool is_binary(std::string_view head) {
  const std::string_view looked = head.substr(0, 8192);
  const auto odd = std::count_if(looked.begin(), looked.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 32 && c != '\t' && c != '\n' && c != '\r' && c != '\f' && byte != 0x0B && byte != 0x1C &&
           byte != 0x1A;
  });
  return odd * 200 > static_cast<std::ptrdiff_t>(looked.size());
}

/// UTF-16 with its mark as text, enough of it to know what it is.
std::string text_of(std::string_view head) {
  if (!head.starts_with("\xFF\xFE") && !head.starts_with("\xFE\xFF")) {
    return std::string(head.starts_with("\xEF\xBB\xBF") ? head.substr(3) : head);
  }
  base::MemorySource source{base::ByteView(head)};
  TextInput input(source);
  (void)input.more();
  return std::string(input.rest());
}

}  // namespace

std::string_view name_of(ContentKind kind) {
  switch (kind) {
    case ContentKind::csv: return "csv";
    case ContentKind::sql: return "sql";
    case ContentKind::hl7: return "hl7";
    case ContentKind::fhir: return "fhir";
    case ContentKind::dicom: return "dicom";
    case ContentKind::sqlite: return "sqlite";
    case ContentKind::unread: return "unread";
    case ContentKind::none: break;
  }
  return "none";
}

FoundContent find_content(std::string_view head, HeadEnd end, std::string_view name) {
  FoundContent found;
  if (head.starts_with(std::string_view("SQLite format 3\0", 16))) {
    found.kind = ContentKind::sqlite;
    return found;
  }
  if (looks_like_dicom(head)) {
    found.kind = ContentKind::dicom;
    return found;
  }
  for (const Unread& unread : k_unread) {
    if (head.size() <= unread.offset_bytes || !head.substr(unread.offset_bytes).starts_with(unread.begins)) continue;
    found.kind = ContentKind::unread;
    found.why = unread.why;
    return found;
  }
  if (name == "PG_VERSION" || name == "ibdata1") {
    found.kind = ContentKind::unread;
    found.why = name == "ibdata1" ? "data files of MariaDB or MySQL: make a dump with mariadb-dump"
                                  : "data files of PostgreSQL: make a dump with pg_dump";
    return found;
  }
  const std::string text = text_of(head);
  const std::string ending = lower_end(name);
  if (is_binary(text)) {
    found.why = why_unread(name);
    if (!found.why.empty()) found.kind = ContentKind::unread;
    return found;
  }
  if (looks_like_hl7(text)) {
    found.kind = ContentKind::hl7;
  } else if (looks_like_fhir(text)) {
    found.kind = ContentKind::fhir;
  } else if (ending == ".sql" || looks_like_sql(text)) {
    found.kind = ContentKind::sql;
  } else if (looks_like_json_records(text)) {
    found.kind = ContentKind::unread;
    found.why = "records of JSON that are no FHIR: save them as CSV";
  } else {
    const bool is_promised = ending == ".csv" || ending == ".tsv" || ending == ".psv" || ending == ".tab";
    const auto shape = find_csv_shape(text, end, is_promised ? CsvName::promised : CsvName::unknown);
    if (!shape) return found;
    found.kind = ContentKind::csv;
    found.csv = *shape;
  }
  return found;
}

base::Status read_tables(base::ByteSource& source, const FoundContent& found, TableSink& sink) {
  if (found.kind == ContentKind::dicom) return read_dicom(source, sink);
  TextInput input(source);
  switch (found.kind) {
    case ContentKind::csv: read_csv(input, found.csv, sink); break;
    case ContentKind::sql: read_sql(input, sink); break;
    case ContentKind::hl7: read_hl7(input, sink); break;
    case ContentKind::fhir: read_fhir(input, sink); break;
    case ContentKind::none:
    case ContentKind::dicom:
    case ContentKind::sqlite:
    case ContentKind::unread: break;
  }
  return input.status();
}

}  // namespace lastgood::tables
