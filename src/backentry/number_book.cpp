// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "backentry/number_book.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "backentry/line_file.h"
#include "backentry/number_block.h"
#include "backentry/persons_of_numbers.h"
#include "base/rfc3339.h"
#include "os/folder.h"

namespace lastgood::backentry {

namespace {

constexpr unsigned k_count_max = 1'000;

struct Given {
  std::string block;
  std::uint64_t first = 0;
  std::uint64_t count = 0;
  GivenNumber to;
};

/// Lines of other kinds than ours, which a later version may add, are passed over.
std::vector<Given> given_in(const std::vector<nlohmann::json>& lines) {
  std::vector<Given> out;
  for (const nlohmann::json& line : lines) {
    const auto text = [&](const char* name) {
      const auto found = line.find(name);
      return found != line.end() && found->is_string() ? found->get<std::string>() : std::string();
    };
    const auto number = [&](const char* name) {
      const auto found = line.find(name);
      return found != line.end() && found->is_number_unsigned() ? found->get<std::uint64_t>() : std::uint64_t{0};
    };
    Given given{text("block"), number("first"), number("count"), {{}, text("sheet"), text("packet"), text("given")}};
    constexpr std::uint64_t far = std::uint64_t{1} << 53U;
    if (!given.block.empty() && given.first < far && given.count <= k_count_max) out.push_back(std::move(given));
  }
  return out;
}

bool shares_numbers(const NumberBlock& a, const NumberBlock& b) {
  return a.prefix == b.prefix && a.digits == b.digits && a.first <= b.last && b.first <= a.last;
}

using UsedBlocks = std::map<std::string, std::uint64_t>;  // block: how many of its numbers were given

/// The used block that shares numbers with the one called `text`; empty: none does.
std::string find_sharing(const std::string& text, const NumberBlock& block, const UsedBlocks& used) {
  for (const auto& [other_text, count] : used) {
    if (other_text == text) continue;
    const auto other = parse_number_block(other_text);
    if (other.ok() && shares_numbers(block, other.value())) return other_text;
  }
  return {};
}

/// A ward without rows to write on is worse off than one whose numbers have another beginning: "W2-0001..W2-9999" where
/// "W-0001..W-9999" shares numbers with a block that was used before.
base::Result<std::string> find_free(const std::string& text, const UsedBlocks& used) {
  constexpr unsigned k_tries_max = 9;
  LG_ASSIGN(const NumberBlock wanted, parse_number_block(text));
  const std::string sharing = find_sharing(text, wanted, used);
  if (sharing.empty()) return text;
  const std::size_t end = wanted.prefix.find_last_not_of("-./") + 1;
  for (unsigned i = 2; i <= k_tries_max; ++i) {
    NumberBlock block = wanted;
    block.prefix.insert(end, end == block.prefix.size() ? fmt::format("{}-", i) : std::to_string(i));
    const std::string other = number_text(block, 0) + ".." + number_text(block, block.last - block.first);
    if (parse_number_block(other).ok() && find_sharing(other, block, used).empty()) return other;
  }
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = fmt::format("the block {} shares numbers with {}, of which {} were given", text, sharing,
                                         used.at(sharing)),
                     .path = {},
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "give the sheet a block of its own, with another letter"};
}

std::string numbers_path(const std::string& case_folder) { return case_folder + "/backentry/numbers.jsonl"; }

}  // namespace

base::Result<std::vector<std::vector<std::string>>> reserve_numbers(const std::string& case_folder,
                                                                    std::span<const NumberWish> wishes,
                                                                    std::int64_t now_ns) {
  LG_TRY(os::make_private_folder(case_folder + "/backentry", os::WhenThere::accept));
  LG_ASSIGN(LineFile file, LineFile::open(numbers_path(case_folder)));
  UsedBlocks next;
  for (const Given& given : given_in(file.lines())) {
    std::uint64_t& used = next[given.block];
    used = std::max(used, given.first + given.count);
  }
  std::vector<std::vector<std::string>> out;
  std::vector<nlohmann::ordered_json> lines;
  for (const NumberWish& wish : wishes) {
    LG_ASSIGN(const std::string text, find_free(wish.block, next));
    LG_ASSIGN(const NumberBlock block, parse_number_block(text));
    const unsigned count = std::min(wish.count, k_count_max);
    std::uint64_t& used = next[text];
    lines.push_back({{"block", text},
                     {"first", used},
                     {"count", count},
                     {"sheet", wish.sheet},
                     {"packet", wish.packet},
                     {"given", base::format_rfc3339(now_ns)}});
    std::vector<std::string> numbers;
    for (unsigned i = 0; i < count; ++i) numbers.push_back(number_text(block, used + i));
    used += count;
    out.push_back(std::move(numbers));
  }
  if (!lines.empty()) LG_TRY(file.append(lines));
  return out;
}

base::Result<std::optional<GivenNumber>> find_number(const std::string& case_folder, const std::string& number) {
  LG_ASSIGN(const std::vector<nlohmann::json> lines, read_lines(numbers_path(case_folder)));
  const std::string key = number_key(number);
  for (const Given& given : given_in(lines)) {
    const auto block = parse_number_block(given.block);
    if (!block.ok() || !key.starts_with(number_key(block.value().prefix))) continue;
    for (std::uint64_t i = 0; i < given.count; ++i) {
      std::string printed = number_text(block.value(), given.first + i);
      if (number_key(printed) == key)
        return std::optional(GivenNumber{std::move(printed), given.to.sheet, given.to.packet, given.to.given});
    }
  }
  return std::optional<GivenNumber>();
}

base::Result<bool> has_given_numbers(const std::string& case_folder) {
  LG_ASSIGN(const std::vector<nlohmann::json> lines, read_lines(numbers_path(case_folder)));
  const std::vector<Given> all = given_in(lines);
  return std::any_of(all.begin(), all.end(), [](const Given& given) { return given.count > 0; });
}

}  // namespace lastgood::backentry
