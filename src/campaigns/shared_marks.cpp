// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "campaigns/shared_marks.h"

#include <algorithm>
#include <array>
#include <map>

#include "formats/format_table.h"
#include "inspect/claimed_name.h"

namespace lastgood::campaigns {

namespace {

using model::Certainty;
using model::FileRecord;
using model::Verdict;

constexpr std::ptrdiff_t k_telling_bytes_min = 4;
constexpr std::size_t k_long_mark_bytes = 8;
constexpr double k_mark_share = 0.9;  // of the samples that must agree
constexpr std::size_t k_extension_bytes_max = 64;

bool agree(std::size_t count, std::size_t total) {
  return static_cast<double>(count) >= k_mark_share * static_cast<double>(total);
}

/// Zeros and ones are in every second header: "01 00 00 00" is nobody's mark.
bool says_something(const std::vector<std::uint8_t>& mark) {
  const auto telling =
      std::count_if(mark.begin(), mark.end(), [](std::uint8_t byte) { return byte != 0 && byte != 0xFF; });
  return telling >= k_telling_bytes_min || (telling >= 2 && mark.size() >= k_long_mark_bytes);
}

/// The magic number of a format is common to its files whoever wrote them.
bool opens_a_format(const std::vector<std::uint8_t>& head) {
  const base::ByteView view{std::span<const std::uint8_t>(head)};
  const formats::Edges edges{.head = view, .tail = view, .size_bytes = view.size(), .name = {}};
  const auto all = formats::all_formats();
  return std::any_of(all.begin(), all.end(), [&](const formats::Format* format) {
    return format->recognise(edges) == formats::Likeness::strong;
  });
}

bool promises(std::string_view name, std::string_view format) {
  if (format.empty()) return false;
  const inspect::ClaimedName claims = inspect::read_claims(name);
  // Walkers name kinds more finely ("docx") than the format ("zip") whose extensions these are.
  const auto is_it = [&](const formats::Format* claimed) {
    return claimed->id == format || std::any_of(claimed->claims.begin(), claimed->claims.end(),
                                                [&](const auto& claim) { return claim.extension == format; });
  };
  return std::any_of(claims.firm.begin(), claims.firm.end(), is_it) ||
         std::any_of(claims.loose.begin(), claims.loose.end(), is_it);
}

/// Where a bracket at the end of `name` opens, with the dot before it; npos: no bracket.
std::size_t last_bracket(std::string_view name) {
  if (!name.ends_with(']')) return std::string_view::npos;
  const std::size_t open = name.rfind('[');
  return open != std::string_view::npos && open > 0 && name[open - 1] == '.' ? open - 1 : open;
}

}  // namespace

bool is_encrypted(const FileRecord& record) {
  return record.verdict == Verdict::encrypted || record.verdict == Verdict::partly_encrypted;
}

bool is_open(const FileRecord& record) {
  const bool weak = record.certainty == Certainty::weak && !record.original_name.empty();
  return record.verdict == Verdict::undecided ||
         (weak && (record.verdict == Verdict::damaged || record.verdict == Verdict::protected_));
}

bool is_open_and_random(const FileRecord& record) {
  constexpr double k_random_share = 0.8;
  std::uint64_t covered = 0;
  for (const model::ByteRange& range : record.ranges) covered += range.length();
  return is_open(record) && static_cast<double>(covered) >= k_random_share * static_cast<double>(record.size_bytes);
}

bool is_hardly_checked(const FileRecord& record) {
  return record.verdict == Verdict::intact && record.certainty == Certainty::weak;
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string_view folder_of(std::string_view path) { return path.substr(0, path.rfind('/') + 1); }

std::string lower_case(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

std::string appended_extension(const FileRecord& record) {
  const std::string_view name = base_name(record.path);
  if (!record.original_name.empty() && name.size() > record.original_name.size())
    return lower_case(name.substr(record.original_name.size()));
  const std::size_t bracket = last_bracket(name);
  const std::size_t from = bracket != std::string_view::npos ? bracket : name.rfind('.');
  if (from == std::string_view::npos || from == 0 || name.size() - from > k_extension_bytes_max) return {};
  // A name whose own extension promises the format was not renamed.
  const bool named = is_encrypted(record) && record.original_name.empty() && promises(name, record.format);
  return named ? std::string() : lower_case(name.substr(from));
}

std::string last_piece(std::string_view extension) {
  const std::size_t bracket = last_bracket(extension);
  const std::size_t from = bracket != std::string_view::npos ? bracket : extension.rfind('.');
  return std::string(from == std::string_view::npos ? extension : extension.substr(from));
}

std::string common_ending(std::string_view a, std::string_view b) {
  const auto end = std::mismatch(a.rbegin(), a.rend(), b.rbegin(), b.rend()).first;
  const std::string_view common = a.substr(a.size() - static_cast<std::size_t>(end - a.rbegin()));
  for (std::size_t at = 0; at < common.size(); ++at) {
    // Not inside a bracket that only one of them opened here.
    const std::size_t opened = common.find('[', at);
    const std::size_t closed = common.find(']', at);
    const bool balanced = closed == std::string_view::npos || opened < closed;
    if ((common[at] == '.' || common[at] == '[') && balanced) return std::string(common.substr(at));
  }
  return {};
}

std::vector<std::uint8_t> common_mark(const std::vector<std::vector<std::uint8_t>>& samples, End end) {
  std::vector<std::uint8_t> mark;
  if (samples.size() < k_proofs_min) return mark;
  for (std::size_t i = 0; i < model::k_mark_bytes; ++i) {
    const std::size_t at = end == End::head ? i : model::k_mark_bytes - 1 - i;
    std::array<std::size_t, 256> counts{};
    for (const auto& sample : samples) ++counts[sample[at]];
    const auto best = std::max_element(counts.begin(), counts.end());
    if (!agree(*best, samples.size())) break;
    mark.push_back(static_cast<std::uint8_t>(best - counts.begin()));
  }
  if (end == End::tail) std::reverse(mark.begin(), mark.end());
  if (!says_something(mark)) return {};
  const auto bearer = std::find_if(samples.begin(), samples.end(),
                                   [&](const std::vector<std::uint8_t>& sample) { return starts_with(sample, mark); });
  if (end == End::head && bearer != samples.end() && opens_a_format(*bearer)) return {};
  return mark;
}

bool starts_with(const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& mark) {
  return !mark.empty() && bytes.size() >= mark.size() && std::equal(mark.begin(), mark.end(), bytes.begin());
}
bool ends_with(const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& mark) {
  return !mark.empty() && bytes.size() >= mark.size() && std::equal(mark.rbegin(), mark.rend(), bytes.rbegin());
}

bool is_of_pages(std::string_view format) {
  static constexpr std::array<std::string_view, 11> k_formats = {
      "sqlite", "innodb", "postgresql", "oracle", "sql_server", "ese", "tar", "vmdk", "vhdx", "qcow2", "evtx"};
  return std::find(k_formats.begin(), k_formats.end(), format) != k_formats.end();
}

std::optional<Residue> common_residue(const std::vector<std::uint64_t>& sizes_bytes) {
  for (const std::uint64_t divisor : {16384U, 4096U, 512U, 16U}) {
    std::map<std::uint64_t, std::size_t> counts;
    for (const std::uint64_t size : sizes_bytes) ++counts[size % divisor];
    for (const auto& [rest, count] : counts) {
      if (count >= k_proofs_min && agree(count, sizes_bytes.size())) return Residue{.divisor = divisor, .rest = rest};
    }
  }
  return std::nullopt;
}

std::uint64_t footer_length(const FileRecord& record) {
  const bool trailing = std::any_of(record.reasons.begin(), record.reasons.end(),
                                    [](const model::Reason& reason) { return reason.rule == "trailing"; });
  if (!trailing || record.ranges.size() != 1 || record.ranges.front().to != record.size_bytes) return 0;
  return record.ranges.front().length();
}

std::uint64_t common_value(const std::vector<std::uint64_t>& values) {
  std::map<std::uint64_t, std::size_t> counts;
  for (const std::uint64_t value : values) ++counts[value];
  for (const auto& [value, count] : counts) {
    if (count >= k_proofs_min && agree(count, values.size())) return value;
  }
  return 0;
}

std::string family_of(const FileRecord& record) {
  // The verdict's sentence of a marker begins with the family it belongs to and a colon.
  for (const model::Reason& reason : record.reasons) {
    if (reason.rule == "marker") return reason.sentence.substr(0, reason.sentence.find(": "));
  }
  return {};
}

bool is_header_alone(const std::string& path, const std::vector<std::uint8_t>& head, const model::Campaign& campaign) {
  return !campaign.extension.empty() && lower_case(base_name(path)).ends_with(campaign.extension) &&
         starts_with(head, campaign.head);
}

}  // namespace lastgood::campaigns
