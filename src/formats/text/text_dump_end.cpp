// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/text/text_dump_end.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "formats/text/text_scan.h"

namespace lastgood::formats {

namespace {

constexpr std::size_t k_opening_bytes = 512;

struct DumpKind {
  std::string_view program;
  std::string_view opening;  // at the beginning of a line among the first ones, all of which are comments or pragmas
  std::string_view end;
};

// mysqldump 10.10 is that of MySQL 5.0; earlier ones wrote no last comment. With --skip-comments only
// the settings it saves must come back, with --compact nothing promises an end.
constexpr std::array k_kinds = {
    DumpKind{"pg_dumpall", "-- PostgreSQL database cluster dump\n", "-- PostgreSQL database cluster dump complete"},
    DumpKind{"pg_dump", "-- PostgreSQL database dump\n", "-- PostgreSQL database dump complete"},
    DumpKind{"mysqldump", "-- MySQL dump 10.1", "-- Dump completed"},
    DumpKind{"mariadb-dump", "-- MariaDB dump ", "-- Dump completed"},
    DumpKind{"a MySQL program", "/*!40101 SET @OLD_CHARACTER_SET_CLIENT=", "=@OLD_CHARACTER_SET_CLIENT"},
    DumpKind{"sqlite3", "PRAGMA foreign_keys=OFF;\nBEGIN TRANSACTION;\n", "\nCOMMIT;"},
};

/// Text of one byte for each character, line ends as \n: PowerShell writes what it redirects as UTF-16 with \r\n.
std::string narrowed(base::ByteView bytes) {
  std::string text;
  text.reserve(bytes.size());
  for (const std::uint8_t byte : bytes) {
    if (byte != 0 && byte != '\r') text.push_back(static_cast<char>(byte));
  }
  return text;
}

bool is_comment(std::string_view line) { return line.empty() || line.starts_with("--") || line.starts_with("/*"); }

const DumpKind* find_kind(base::ByteView head) {
  const std::string opening = narrow_opening(head, k_opening_bytes);
  const std::string text = narrowed(base::ByteView(std::string_view(opening)));
  for (std::size_t at = 0; at < text.size();) {
    const std::string_view rest = std::string_view(text).substr(at);
    for (const DumpKind& kind : k_kinds) {
      if (rest.starts_with(kind.opening)) return &kind;
    }
    const std::size_t end = rest.find('\n');
    if (end == std::string_view::npos || !is_comment(rest.substr(0, end))) return nullptr;
    at += end + 1;
  }
  return nullptr;
}

}  // namespace

bool opens_as_dump(const Edges& edges) { return find_kind(edges.head) != nullptr; }

void check_dump_end(WalkInput& input, WalkReport& report) {
  const DumpKind* kind = find_kind(input.head());
  if (kind == nullptr) return;
  const std::uint64_t size = input.size_bytes();
  const std::string tail = narrowed(input.tail());
  const std::size_t end = tail.rfind(kind->end);
  // Dumps put one behind the other: the last one counts, when it begins in the tail.
  const std::size_t begin = tail.rfind(kind->opening);
  const bool is_complete = end != std::string::npos && (begin == std::string::npos || begin < end);
  const model::ByteRange last{.from = size - input.tail().size(), .to = size};
  if (is_complete) {
    report.holds("text.dump", fmt::format("a dump by {}, with the line that says it is complete", kind->program), last);
    return;
  }
  report.breaks("text.dump.cut",
                fmt::format("a dump by {} of {} bytes without '{}' at its end: it was cut, or the program died",
                            kind->program, size, kind->end.substr(kind->end.find_first_not_of('\n'))),
                {.from = size, .to = size});
}

}  // namespace lastgood::formats
