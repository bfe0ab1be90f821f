// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/dump_end.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

struct DumpKind {
  std::string_view program;
  std::string_view opening;  // at the beginning of a line among the first ones, all of which are comments or pragmas
  std::string_view end;
};

namespace {

constexpr std::size_t k_opening_bytes = 1024;
constexpr std::size_t k_tail_bytes = 16 * 1024;

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

}  // namespace

const DumpKind* find_dump_kind(base::ByteView head) {
  std::string text = narrowed(head.part(0, k_opening_bytes));
  for (const std::string_view mark : {"\xEF\xBB\xBF", "\xFF\xFE", "\xFE\xFF"}) {
    if (text.starts_with(mark)) text.erase(0, mark.size());
  }
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

bool is_dump_complete(const DumpKind& kind, base::ByteView tail) {
  const std::string text = narrowed(tail);
  const std::size_t end = text.rfind(kind.end);
  // Dumps put one behind the other: the last one counts, when it begins in the tail.
  const std::size_t begin = text.rfind(kind.opening);
  return end != std::string::npos && (begin == std::string::npos || begin < end);
}

void tell_dump_end(const DumpKind& kind, bool is_complete, std::string_view format, std::uint64_t size_bytes,
                   WalkReport& report) {
  if (is_complete) {
    report.holds(fmt::format("{}.dump", format),
                 fmt::format("a dump by {}, with the line that says it is complete", kind.program));
    return;
  }
  report.breaks(fmt::format("{}.dump.cut", format),
                fmt::format("a dump by {} without '{}' at its end: it was cut, or the program died", kind.program,
                            kind.end.substr(kind.end.find_first_not_of('\n'))),
                {.from = size_bytes, .to = size_bytes});
}

void DumpEndWatch::decide() {
  kind_ = find_dump_kind(base::ByteView(std::string_view(kept_)));
  state_ = kind_ == nullptr ? State::other : State::dump;
}

void DumpEndWatch::see(base::ByteView piece) {
  if (state_ == State::other) return;
  const std::size_t kept_max = state_ == State::opening ? k_opening_bytes : k_tail_bytes;
  if (state_ == State::dump && piece.size() >= kept_max) {
    kept_ = piece.part(piece.size() - kept_max).text();
    return;
  }
  if (state_ == State::opening && kept_.size() + piece.size() >= k_opening_bytes) {
    const std::size_t missing = k_opening_bytes - kept_.size();
    kept_ += piece.part(0, missing).text();
    decide();
    see(piece.part(missing));
    return;
  }
  kept_ += piece.text();
  if (kept_.size() > 2 * k_tail_bytes) kept_.erase(0, kept_.size() - k_tail_bytes);
}

bool DumpEndWatch::is_dump() const {
  if (state_ == State::opening) return find_dump_kind(base::ByteView(std::string_view(kept_))) != nullptr;
  return state_ == State::dump;
}

void DumpEndWatch::tell(std::string_view format, std::uint64_t size_bytes, WalkReport& report) {
  if (state_ == State::opening) decide();
  if (kind_ == nullptr) return;
  tell_dump_end(*kind_, is_dump_complete(*kind_, base::ByteView(std::string_view(kept_))), format, size_bytes, report);
}

std::uint64_t dump_budget_bytes(WalkInput& input, Codec codec, DecodeSpeed speed) {
  const std::uint64_t usual = decode_budget_bytes(input, speed);
  if (input.depth() != model::Depth::standard) return usual;
  constexpr std::uint64_t k_begin_bytes = 64 * 1024;
  DumpEndWatch watch;
  decode_stream(input, 0, input.size_bytes(), codec, k_begin_bytes, [&watch](base::ByteView piece) {
    watch.see(piece);
    return true;
  });
  return watch.is_dump() ? UINT64_MAX : usual;
}

}  // namespace lastgood::formats
