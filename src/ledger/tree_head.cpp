// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree_head.h"

#include <fmt/format.h>

#include "base/rfc3339.h"
#include "ledger/text_lines.h"

namespace lastgood::ledger {

namespace {

constexpr std::size_t k_head_bytes_max = 1024;

}  // namespace

std::string write_head(const TreeHead& head) {
  return fmt::format("lastgood-tree-head 1\ncase {}\nentries {}\nbytes {}\nroot {}\nledger-sha256 {}\ntime {}\n",
                     head.case_id, head.entries, head.bytes, text_of(head.root), text_of(head.ledger_sha256),
                     head.time);
}

std::optional<TreeHead> parse_head(std::string_view text) {
  if (text.size() > k_head_bytes_max) return std::nullopt;
  if (take_line(text, "lastgood-tree-head") != "1") return std::nullopt;
  const auto case_id = take_line(text, "case");
  const auto entries = case_id ? take_number(text, "entries") : std::nullopt;
  const auto bytes = entries ? take_number(text, "bytes") : std::nullopt;
  const auto root = bytes ? take_digest(text, "root") : std::nullopt;
  const auto whole = root ? take_digest(text, "ledger-sha256") : std::nullopt;
  const auto time = whole ? take_line(text, "time") : std::nullopt;
  if (!time || !text.empty() || !is_case_id(*case_id) || !base::is_rfc3339(*time)) return std::nullopt;
  return TreeHead{.case_id = std::string(*case_id),
                  .entries = *entries,
                  .bytes = *bytes,
                  .root = *root,
                  .ledger_sha256 = *whole,
                  .time = std::string(*time)};
}

base::Result<TreeHead> make_head(const std::string& path, const ReadLedger& read, std::string time) {
  if (!read.is_whole() || read.state.entries == 0) {
    return base::Error{.code = base::ErrorCode::damaged_container,
                       .what = fmt::format("ledger '{}' is broken or empty: it has no head", base::printable(path)),
                       .path = path,
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "'lastgood ledger verify' says where"};
  }
  TreeHead out{.case_id = read.state.case_id,
               .entries = read.state.entries,
               .bytes = read.state.end_bytes,
               .root = read.tree.root(read.state.entries),
               .ledger_sha256 = {},
               .time = std::move(time)};
  LG_ASSIGN(out.ledger_sha256, hash_beginning(path, out.bytes));
  return out;
}

std::string grouped_digits(std::string_view digits) {
  constexpr std::size_t k_group = 4;
  constexpr std::size_t k_line = 32;
  std::string out;
  for (std::size_t at = 0; at < digits.size(); at += k_group) {
    if (at > 0) out += at % k_line == 0 ? '\n' : ' ';
    out += digits.substr(at, k_group);
  }
  return out;
}

}  // namespace lastgood::ledger
