// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "scan/find_campaigns.h"

#include <algorithm>
#include <array>
#include <map>
#include <set>
#include <unordered_map>

#include <fmt/format.h>

#include "base/checksum.h"

namespace lastgood::scan {

namespace {

using model::Campaign;
using model::Certainty;
using model::FileRecord;
using model::Verdict;

constexpr std::size_t k_samples_max = 256;
constexpr std::size_t k_groups_max = 100'000;
constexpr std::uint64_t k_proofs_min = 3;        // files judged encrypted by their own structure
constexpr std::uint64_t k_random_files_min = 8;  // or so many random files with one mark
constexpr std::size_t k_mark_bytes_min = 4;
constexpr double k_mark_share = 0.9;  // of the samples that must agree on a mark's byte
constexpr std::size_t k_notes_max = 100;
constexpr std::size_t k_contacts_max = 64;

bool is_encrypted(const FileRecord& record) {
  return record.verdict == Verdict::encrypted || record.verdict == Verdict::partly_encrypted;
}
/// Nothing decided yet, or only weakly, for a file that was renamed.
bool is_open(const FileRecord& record) {
  const bool weak = record.certainty == Certainty::weak && !record.original_name.empty();
  return record.verdict == Verdict::undecided ||
         (weak && (record.verdict == Verdict::damaged || record.verdict == Verdict::protected_));
}

/// Open, and random nearly throughout: what a family of files with a magic number of its own is not.
bool is_open_and_random(const FileRecord& record) {
  constexpr double k_random_share = 0.8;
  std::uint64_t covered = 0;
  for (const model::ByteRange& range : record.ranges) covered += range.length();
  return is_open(record) && static_cast<double>(covered) >= k_random_share * static_cast<double>(record.size_bytes);
}

std::string_view base_name(std::string_view path) { return path.substr(path.rfind('/') + 1); }

std::string lower(std::string_view text) {
  std::string out(text);
  std::transform(out.begin(), out.end(), out.begin(),
                 [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c + 32) : c; });
  return out;
}

struct Group {
  std::uint64_t files = 0;
  std::uint64_t encrypted = 0;
  std::uint64_t open = 0;
  std::uint64_t whole = 0;  // intact files with the same extension
  std::uint64_t bytes = 0;
  std::int64_t first_ns = INT64_MAX;
  std::int64_t last_ns = 0;
  std::vector<std::vector<std::uint8_t>> heads;
  std::vector<std::vector<std::uint8_t>> tails;

  void add(const FileRecord& record) {
    ++files;
    if (is_encrypted(record)) ++encrypted;
    if (is_open_and_random(record)) ++open;
    bytes += record.size_bytes;
    first_ns = std::min(first_ns, record.ctime_ns);
    last_ns = std::max(last_ns, record.ctime_ns);
    // Marks lie in files that are longer than the marks themselves.
    if (heads.size() < k_samples_max && record.head.size() == model::k_mark_bytes) {
      heads.push_back(record.head);
      tails.push_back(record.tail);
    }
  }
};

enum class End : std::uint8_t { head, tail };

/// The bytes that at least nine of ten samples have in common, from the end in question; empty when shorter than four
/// bytes or nothing but zeros.
std::vector<std::uint8_t> common_mark(const std::vector<std::vector<std::uint8_t>>& samples, End end) {
  std::vector<std::uint8_t> mark;
  if (samples.size() < k_proofs_min) return mark;
  for (std::size_t i = 0; i < model::k_mark_bytes; ++i) {
    const std::size_t at = end == End::head ? i : model::k_mark_bytes - 1 - i;
    std::array<std::size_t, 256> counts{};
    for (const auto& sample : samples) ++counts[sample[at]];
    const auto best = std::max_element(counts.begin(), counts.end());
    if (static_cast<double>(*best) < k_mark_share * static_cast<double>(samples.size())) break;
    mark.push_back(static_cast<std::uint8_t>(best - counts.begin()));
  }
  if (end == End::tail) std::reverse(mark.begin(), mark.end());
  const bool only_zeros = std::all_of(mark.begin(), mark.end(), [](std::uint8_t byte) { return byte == 0; });
  if (mark.size() < k_mark_bytes_min || only_zeros) mark.clear();
  return mark;
}

bool starts_with(const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& mark) {
  return !mark.empty() && bytes.size() >= mark.size() && std::equal(mark.begin(), mark.end(), bytes.begin());
}
bool ends_with(const std::vector<std::uint8_t>& bytes, const std::vector<std::uint8_t>& mark) {
  return !mark.empty() && bytes.size() >= mark.size() && std::equal(mark.rbegin(), mark.rend(), bytes.rbegin());
}

Campaign campaign_of(const std::string& extension, const Group& group) {
  Campaign campaign;
  campaign.extension = extension;
  campaign.head = common_mark(group.heads, End::head);
  campaign.tail = common_mark(group.tails, End::tail);
  campaign.first_change_ns = group.first_ns;
  campaign.last_change_ns = group.last_ns;
  campaign.file_count = group.files;
  campaign.size_bytes = group.bytes;
  return campaign;
}

/// Random files under an extension of their own, with ransom notes in the same tree.
bool is_explained_by_notes(const std::string& extension, const Group& group, std::uint64_t note_count) {
  return note_count > 0 && !extension.empty() && group.open >= k_random_files_min && group.whole == 0;
}

std::optional<Campaign> judge_group(const std::string& extension, const Group& group, std::uint64_t note_count) {
  Campaign campaign = campaign_of(extension, group);
  const bool marked = !campaign.head.empty() || !campaign.tail.empty();
  if (group.encrypted >= k_proofs_min) {
    campaign.certainty = Certainty::strong;
    campaign.reasons.push_back({.rule = "campaign.structure",
                                .sentence = fmt::format("{} of its {} files are encrypted by their own structure",
                                                        group.encrypted, group.files)});
  } else if (marked && group.open >= k_random_files_min) {
    campaign.certainty = Certainty::weak;
    campaign.reasons.push_back(
        {.rule = "campaign.marks", .sentence = fmt::format("{} random-looking files share a mark", group.open)});
  } else if (is_explained_by_notes(extension, group, note_count)) {
    campaign.certainty = Certainty::weak;
    campaign.reasons.push_back({.rule = "campaign.notes",
                                .sentence = fmt::format("{} random-looking files have an extension that no intact file "
                                                        "has, and {} ransom notes lie in the same tree",
                                                        group.open, note_count)});
  } else {
    return std::nullopt;
  }
  if (!extension.empty())
    campaign.reasons.push_back(
        {.rule = "campaign.extension", .sentence = fmt::format("their names end in '{}'", base::printable(extension))});
  if (!campaign.head.empty())
    campaign.reasons.push_back(
        {.rule = "campaign.head",
         .sentence = fmt::format("their first {} bytes are the same: {}", campaign.head.size(),
                                 base::hex(base::ByteView(std::span<const std::uint8_t>(campaign.head))))});
  if (!campaign.tail.empty())
    campaign.reasons.push_back(
        {.rule = "campaign.tail",
         .sentence = fmt::format("their last {} bytes are the same: {}", campaign.tail.size(),
                                 base::hex(base::ByteView(std::span<const std::uint8_t>(campaign.tail))))});
  return campaign;
}

/// Groups by the first (last) eight bytes, of files whose names tell nothing.
std::string mark_key(const std::vector<std::uint8_t>& bytes, End end) {
  constexpr std::size_t k_key_bytes = 8;
  if (bytes.size() < model::k_mark_bytes) return {};
  const auto from = end == End::head ? bytes.begin() : bytes.end() - k_key_bytes;
  const std::string key(from, from + k_key_bytes);
  return key.find_first_not_of('\0') == std::string::npos ? std::string() : key;
}

struct Groups {
  std::map<std::string, Group> by_extension;
  std::unordered_map<std::string, Group> by_head;
  std::unordered_map<std::string, Group> by_tail;
  std::vector<std::string> notes;
  std::uint64_t note_count = 0;
};

base::Result<Groups> group_files(casefile::CaseStore& store, std::int64_t scan_id) {
  Groups groups;
  const casefile::FileFilter filter{
      .scan_id = scan_id,
      .verdicts = {Verdict::encrypted, Verdict::partly_encrypted, Verdict::undecided, Verdict::damaged, Verdict::note},
      .path = {},
      .path_below = {},
      .details = true};
  LG_TRY(store.visit_files(filter, [&](const FileRecord& record) {
    if (record.verdict == Verdict::note) {
      ++groups.note_count;
      if (groups.notes.size() < k_notes_max) groups.notes.push_back(record.path);
      return true;
    }
    if (!is_encrypted(record) && !is_open(record)) return true;
    const std::string extension = appended_extension(record);
    if (!extension.empty()) {
      if (groups.by_extension.size() < k_groups_max || groups.by_extension.contains(extension))
        groups.by_extension[extension].add(record);
      return true;
    }
    if (const std::string key = mark_key(record.head, End::head); !key.empty() && groups.by_head.size() < k_groups_max)
      groups.by_head[key].add(record);
    if (const std::string key = mark_key(record.tail, End::tail); !key.empty() && groups.by_tail.size() < k_groups_max)
      groups.by_tail[key].add(record);
    return true;
  }));
  // Only extensions that already collected enough are counted among the intact: one pass over names, no details.
  LG_TRY(store.visit_files({.scan_id = scan_id,
                            .verdicts = {Verdict::intact, Verdict::protected_},
                            .path = {},
                            .path_below = {},
                            .details = false},
                           [&](const FileRecord& record) {
                             const std::string_view name = base_name(record.path);
                             const std::size_t dot = name.rfind('.');
                             if (dot == std::string_view::npos) return true;
                             const auto group = groups.by_extension.find(lower(name.substr(dot)));
                             if (group != groups.by_extension.end()) ++group->second.whole;
                             return true;
                           }));
  return groups;
}

/// Contacts seen in files of a campaign, or in notes when there is one campaign only.
base::Status add_contacts(casefile::CaseStore& store, std::int64_t scan_id, const Groups& groups,
                          std::vector<Campaign>& campaigns) {
  if (campaigns.empty()) return base::Done{};
  const std::set<std::string_view> notes(groups.notes.begin(), groups.notes.end());
  return store.visit_sightings(scan_id, [&](const model::Sighting& sighting) {
    const std::string contact = sighting.kind + ":" + sighting.value;
    for (Campaign& campaign : campaigns) {
      const std::string name = lower(base_name(sighting.path));
      const bool own = (!campaign.extension.empty() && name.ends_with(campaign.extension)) ||
                       notes.contains(sighting.path) || campaigns.size() == 1;
      const bool known =
          std::find(campaign.contacts.begin(), campaign.contacts.end(), contact) != campaign.contacts.end();
      if (own && !known && campaign.contacts.size() < k_contacts_max) campaign.contacts.push_back(contact);
    }
    return true;
  });
}

}  // namespace

std::string appended_extension(const FileRecord& record) {
  const std::string_view name = base_name(record.path);
  if (!record.original_name.empty() && name.size() > record.original_name.size())
    return lower(name.substr(record.original_name.size()));
  const std::size_t dot = name.rfind('.');
  if (dot == std::string_view::npos || dot == 0 || name.size() - dot > 64) return {};
  // A name whose own extension promises a format was not renamed.
  const bool named = !record.format.empty() && record.original_name.empty() && is_encrypted(record);
  return named ? std::string() : lower(name.substr(dot));
}

base::Result<std::vector<Campaign>> find_campaigns(casefile::CaseStore& store, std::int64_t scan_id) {
  LG_ASSIGN(const Groups groups, group_files(store, scan_id));
  std::vector<Campaign> campaigns;
  for (const auto& [extension, group] : groups.by_extension) {
    if (auto campaign = judge_group(extension, group, groups.note_count)) campaigns.push_back(std::move(*campaign));
  }
  for (const auto* marks : {&groups.by_head, &groups.by_tail}) {
    for (const auto& [key, group] : *marks) {
      if (group.files < k_proofs_min) continue;
      const auto campaign = judge_group({}, group, groups.note_count);
      if (!campaign || (campaign->head.empty() && campaign->tail.empty())) continue;
      const bool known = std::any_of(campaigns.begin(), campaigns.end(), [&](const Campaign& other) {
        return (!other.head.empty() && other.head == campaign->head) ||
               (!other.tail.empty() && other.tail == campaign->tail);
      });
      if (!known) campaigns.push_back(*campaign);
    }
  }
  std::sort(campaigns.begin(), campaigns.end(),
            [](const Campaign& a, const Campaign& b) { return a.file_count > b.file_count; });
  LG_TRY(add_contacts(store, scan_id, groups, campaigns));
  for (Campaign& campaign : campaigns) {
    campaign.notes = groups.notes;
    campaign.note_count = groups.note_count;
  }
  return campaigns;
}

std::optional<FileRecord> judge_by_campaign(const FileRecord& record, const Campaign& campaign) {
  const bool extension = !campaign.extension.empty() && lower(base_name(record.path)).ends_with(campaign.extension);
  const bool head = starts_with(record.head, campaign.head);
  const bool tail = ends_with(record.tail, campaign.tail);
  const bool mark = head || tail;
  if (!extension && !mark) return std::nullopt;
  const bool same_time = record.ctime_ns >= campaign.first_change_ns && record.ctime_ns <= campaign.last_change_ns;
  FileRecord out = record;
  out.campaign_id = campaign.id;
  if (is_encrypted(record)) return out;
  // An intact file with the extension was only renamed; one that carries the mark was touched.
  const bool open = campaign.certainty == Certainty::weak ? is_open_and_random(record) : is_open(record);
  const bool touched =
      campaign.certainty != Certainty::weak && mark && extension && record.certainty == Certainty::weak;
  if (!open && !touched) return std::nullopt;
  if (!mark && (!extension || !same_time)) return std::nullopt;
  out.verdict = Verdict::encrypted;
  out.certainty = extension && mark ? Certainty::strong : Certainty::weak;
  out.reasons.push_back({.rule = "campaign",
                         .sentence = fmt::format("{}{}{} it shares with {} files of campaign {}",
                                                 extension ? "the appended extension " + campaign.extension : "",
                                                 extension && mark ? " and " : "",
                                                 head   ? "the first bytes"
                                                 : tail ? "the last bytes"
                                                        : "",
                                                 campaign.file_count, campaign.id)});
  if (out.ranges.empty()) out.ranges.push_back({.from = 0, .to = out.size_bytes});
  return out;
}

base::Status apply_campaigns(casefile::CaseStore& store, std::int64_t scan_id, const std::vector<Campaign>& campaigns) {
  if (campaigns.empty()) return base::Done{};
  constexpr std::size_t k_batch_files = 2048;
  std::vector<FileRecord> amended;
  base::Status failure = base::Done{};
  const auto flush = [&] {
    failure = store.amend_files(scan_id, amended);
    amended.clear();
    return failure.ok();
  };
  LG_TRY(store.visit_files({.scan_id = scan_id, .verdicts = {}, .path = {}, .path_below = {}, .details = true},
                           [&](const FileRecord& record) {
                             const bool closed =
                                 record.verdict == Verdict::note || record.verdict == Verdict::unreadable ||
                                 (record.verdict == Verdict::intact && record.certainty != Certainty::weak);
                             if (closed) return true;
                             for (const Campaign& campaign : campaigns) {
                               if (auto judged = judge_by_campaign(record, campaign)) {
                                 amended.push_back(std::move(*judged));
                                 break;
                               }
                             }
                             return amended.size() < k_batch_files || flush();
                           }));
  LG_TRY(std::move(failure));
  return store.amend_files(scan_id, amended);
}

}  // namespace lastgood::scan
