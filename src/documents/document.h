// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A document that people edit, sign and send: what stands in it, not how it looks. Plain values; the writers are in
// write_document.h.
#pragma once

#include <cstdint>
#include <string>
#include <variant>
#include <vector>

namespace lastgood::documents {

enum class RunStyle : std::uint8_t {
  plain,
  bold,
  quoted,  // word for word from evidence, an answer or a data set: set in fixed width, and not our wording
};

struct Run {
  std::string text;
  RunStyle style = RunStyle::plain;
  bool operator==(const Run&) const = default;
};
using Runs = std::vector<Run>;

struct Heading {
  std::string text;
  unsigned level = 1;  // 1 to 3
};
struct Paragraph {
  Runs runs;
};
enum class ListKind : std::uint8_t { dashes, numbers };
struct List {
  std::vector<Runs> items;
  ListKind kind = ListKind::dashes;
};
struct Table {
  std::vector<std::string> header;  // as many as each row has cells
  std::vector<std::vector<Runs>> rows;
  std::vector<unsigned> widths;  // shares of the line, one a column; empty: equal ones
};
/// "Name: value", or a line to fill in by hand where nothing is known.
struct Field {
  std::string name;
  Runs value;  // empty: to be filled in
};
struct PageBreak {};

using Block = std::variant<Heading, Paragraph, List, Table, Field, PageBreak>;

struct Document {
  std::string title;
  std::string note;          // on top of each page: "Draft, to be checked and signed by a person"
  std::int64_t made_ns = 0;  // stands in the file's own properties; never the time of now
  std::vector<Block> blocks;
};

/// What stands where something is to be filled in.
inline constexpr const char* k_blank = "________________";

}  // namespace lastgood::documents
