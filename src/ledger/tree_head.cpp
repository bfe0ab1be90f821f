// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "ledger/tree_head.h"

#include <fmt/format.h>

#include "base/rfc3339.h"

namespace lastgood::ledger {

namespace {

constexpr std::size_t k_head_bytes_max = 1024;
constexpr std::size_t k_number_digits_max = 16;
constexpr std::size_t k_case_id_digits = 32;

/// The value of the line `NAME VALUE`, which must come next.
std::optional<std::string_view> take_line(std::string_view& text, std::string_view name) {
  const std::size_t end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  std::string_view line = text.substr(0, end);
  if (!line.starts_with(name) || line.size() <= name.size() || line[name.size()] != ' ') return std::nullopt;
  line.remove_prefix(name.size() + 1);
  text.remove_prefix(end + 1);
  return line;
}

std::optional<std::uint64_t> parse_number(std::optional<std::string_view> digits) {
  if (!digits || digits->empty() || digits->size() > k_number_digits_max) return std::nullopt;
  if (digits->find_first_not_of("0123456789") != std::string_view::npos) return std::nullopt;
  if (digits->size() > 1 && digits->front() == '0') return std::nullopt;
  std::uint64_t out = 0;
  for (const char c : *digits) out = out * 10 + static_cast<std::uint64_t>(c - '0');
  return out;
}

}  // namespace

std::string write_head(const TreeHead& head) {
  return fmt::format("lastgood-tree-head 1\ncase {}\nentries {}\nbytes {}\nroot {}\nledger-sha256 {}\ntime {}\n",
                     head.case_id, head.entries, head.bytes, text_of(head.root), text_of(head.ledger_sha256),
                     head.time);
}

std::optional<TreeHead> parse_head(std::string_view text) {
  if (text.size() > k_head_bytes_max) return std::nullopt;
  if (take_line(text, "lastgood-tree-head") != "1") return std::nullopt;
  TreeHead out;
  const auto case_id = take_line(text, "case");
  if (!case_id || case_id->size() != k_case_id_digits ||
      case_id->find_first_not_of("0123456789abcdef") != std::string_view::npos) {
    return std::nullopt;
  }
  out.case_id = *case_id;
  const auto entries = parse_number(take_line(text, "entries"));
  const auto bytes = entries ? parse_number(take_line(text, "bytes")) : std::nullopt;
  const auto root = bytes ? take_line(text, "root") : std::nullopt;
  const auto whole = root ? take_line(text, "ledger-sha256") : std::nullopt;
  const auto time = whole ? take_line(text, "time") : std::nullopt;
  if (!time || !text.empty() || !base::is_rfc3339(*time)) return std::nullopt;
  const auto root_digest = parse_digest(*root);
  const auto whole_digest = parse_digest(*whole);
  if (!root_digest || !whole_digest) return std::nullopt;
  out.entries = *entries;
  out.bytes = *bytes;
  out.root = *root_digest;
  out.ledger_sha256 = *whole_digest;
  out.time = *time;
  return out;
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
