// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "campaigns/apply_campaigns.h"

#include <algorithm>

#include <fmt/format.h>

#include "campaigns/file_groups.h"
#include "campaigns/shared_marks.h"

namespace lastgood::campaigns {

namespace {

using model::Campaign;
using model::Certainty;
using model::FileRecord;
using model::Verdict;

/// The first file that was struck may be one of those that only the campaign decides.
constexpr std::int64_t k_window_slack_ns = 60'000'000'000;

/// What one file has in common with a campaign.
struct Bonds {
  bool extension = false;
  bool head = false;
  bool tail = false;
  bool footer = false;  // as many bytes were appended to it
  bool window = false;  // it changed between the campaign's first and last change
  bool minute = false;  // it changed in a minute of a campaign that left names alone
  bool alone = false;   // in one in which hardly a proven file changed
  bool note = false;    // a note lies beside it

  [[nodiscard]] bool mark() const { return head || tail || footer; }
};

/// The same length behind a whole structure; or a size that is no longer whole pages by just that length.
bool has_footer(const FileRecord& record, std::uint64_t footer_bytes) {
  constexpr std::uint64_t k_page_bytes = 4096;
  if (footer_bytes == 0) return false;
  if (footer_length(record) == footer_bytes) return true;
  return is_open_and_random(record) && footer_bytes % 512 != 0 && record.size_bytes > footer_bytes &&
         record.size_bytes % k_page_bytes == footer_bytes % k_page_bytes;
}

Bonds bonds_of(const FileRecord& record, const FoundCampaign& found) {
  const Campaign& campaign = found.campaign;
  Bonds bonds;
  bonds.extension = !campaign.extension.empty() && lower_case(base_name(record.path)).ends_with(campaign.extension);
  bonds.head = starts_with(record.head, campaign.head);
  bonds.tail = ends_with(record.tail, campaign.tail);
  bonds.footer = has_footer(record, campaign.footer_bytes);
  bonds.window = record.ctime_ns >= campaign.first_change_ns - k_window_slack_ns &&
                 record.ctime_ns <= campaign.last_change_ns + k_window_slack_ns;
  bonds.note = found.note_folders.contains(folder_of(record.path));
  const bool in_place = !found.minutes.empty();
  const auto minute = found.minutes.find(minute_of(record.ctime_ns));
  bonds.minute = in_place && (minute != found.minutes.end() || (bonds.note && bonds.window));
  bonds.alone = minute != found.minutes.end() && minute->second == Company::pure;
  return bonds;
}

/// An attack that renames what it strikes has no part in a file without the extension, unless its own bytes say so.
bool belongs(const Bonds& bonds) { return bonds.extension || bonds.head || bonds.tail || bonds.minute; }

/// Something in it does not fit, and not only because it ends too early or holds zeros: a crash does those. Findings of
/// a format are named after it.
bool is_broken_inside(const FileRecord& record) {
  bool inside = false;
  for (const model::Reason& reason : record.reasons) {
    if (reason.rule == "zeros") return false;
    inside = inside || (reason.rule.find('.') != std::string::npos && !model::says_cut(reason.rule));
  }
  return record.verdict == Verdict::damaged && inside;
}

/// Nothing in it was found wrong, but not all of it was checked, and it changed when hardly anything else did.
bool is_in_doubt(const FileRecord& record, const Bonds& bonds) {
  return bonds.alone && record.verdict == Verdict::intact && record.certainty != Certainty::proven;
}

/// Whether the campaign decides a file that is not encrypted by its own structure.
bool decides(const FileRecord& record, const FoundCampaign& found, const Bonds& bonds) {
  if (found.campaign.certainty == Certainty::weak) {
    const bool only_footer = bonds.extension && footer_length(record) != 0 && bonds.footer;
    return (is_open_and_random(record) || only_footer) && (bonds.mark() || (bonds.extension && bonds.window));
  }
  const bool bound = bonds.mark() || (bonds.extension && bonds.window);
  if (bonds.alone && (record.verdict == Verdict::undecided || is_broken_inside(record))) return true;
  if (is_open(record)) return bound || (bonds.minute && is_open_and_random(record));
  // An intact file with the extension was only renamed; one that carries the mark was touched.
  if (bonds.extension && bonds.mark() && record.certainty == Certainty::weak) return true;
  // Nearly whoever has the extension was struck: of what is broken or was hardly checked nothing speaks against it.
  const bool stubborn = record.verdict == Verdict::damaged || is_hardly_checked(record);
  return found.company == Company::pure && bonds.extension && bonds.window && stubborn;
}

std::string sentence_of(const Bonds& bonds, const FoundCampaign& found) {
  const Campaign& campaign = found.campaign;
  std::string shared;
  const auto add = [&](bool is_shared, std::string_view what) {
    if (is_shared) shared += (shared.empty() ? "" : ", ") + std::string(what);
  };
  add(bonds.extension, "the appended extension " + campaign.extension);
  add(bonds.head, "the first bytes");
  add(bonds.tail, "the last bytes");
  add(bonds.footer, fmt::format("{} appended bytes", campaign.footer_bytes));
  add(bonds.minute || (bonds.extension && bonds.window), "the time of its change");
  add(bonds.note, "a note beside it");
  if (found.known_id != 0)
    return fmt::format("it shares with campaign {}, of an earlier scan of this case: {}", found.known_id, shared);
  return fmt::format("it shares with {} files of campaign {}: {}", campaign.file_count, campaign.id, shared);
}

/// Of a file that is random only here and there the rest is plain: partly.
Verdict verdict_of(const FileRecord& record) {
  constexpr std::uint64_t k_tiny_bytes = 64;  // too short to tell parts
  if (record.verdict == Verdict::intact || record.ranges.empty() || record.size_bytes <= k_tiny_bytes)
    return Verdict::encrypted;
  return is_open_and_random(record) ? Verdict::encrypted : Verdict::partly_encrypted;
}

FileRecord doubted(FileRecord record) {
  record.verdict = Verdict::undecided;
  record.certainty = Certainty::weak;
  record.reasons.push_back(
      {.rule = "campaign.doubt",
       .sentence = fmt::format("it changed in a minute in which hardly anything but files of campaign {} did, and not "
                               "all of it can be checked",
                               record.campaign_id)});
  record.campaign_id = 0;  // whether it is one of them is what nobody knows
  return record;
}

/// A note stays one, but where it is nothing but the header of the campaign's files, under their extension.
std::optional<FileRecord> judge_note(const FileRecord& record, const FoundCampaign& found) {
  const Campaign& campaign = found.campaign;
  const bool is_sure = campaign.certainty != Certainty::weak;
  if (!is_sure || !is_header_alone(record.path, record.head, campaign)) return std::nullopt;
  FileRecord out = record;
  out.campaign_id = campaign.id;
  out.verdict = Verdict::encrypted;
  out.certainty = Certainty::strong;
  out.format.clear();
  out.ranges = {{.from = 0, .to = out.size_bytes}};
  out.reasons = {
      {.rule = "campaign.emptied",
       .sentence = fmt::format("it has the appended extension {} and the first bytes of {} files of campaign "
                               "{}, and nothing behind them: its content is gone",
                               campaign.extension, campaign.file_count, campaign.id)}};
  return out;
}

bool is_closed(const FileRecord& record) {
  return record.verdict == Verdict::unreadable ||
         (record.verdict == Verdict::intact && record.certainty == Certainty::proven);
}

/// Long enough to be nobody else's by chance, of files that were proven to be encrypted.
bool has_marks_of_its_own(const Campaign& campaign) {
  constexpr std::size_t k_mark_bytes_min = 8;
  return campaign.certainty != Certainty::weak && !campaign.extension.empty() &&
         std::max(campaign.head.size(), campaign.tail.size()) >= k_mark_bytes_min;
}

bool is_same_attack(const Campaign& a, const Campaign& b) {
  return a.extension == b.extension && (a.head == b.head || a.head.empty() || b.head.empty());
}

/// Of earlier scans, each attack once: as the newest of them saw it, but for those in `found`.
base::Result<std::vector<FoundCampaign>> known_campaigns(casefile::CaseStore& store, std::int64_t scan_id,
                                                         const std::vector<FoundCampaign>& found) {
  std::vector<FoundCampaign> out;
  const auto is_among = [](const std::vector<FoundCampaign>& list, const Campaign& campaign) {
    return std::any_of(list.begin(), list.end(),
                       [&](const FoundCampaign& one) { return is_same_attack(one.campaign, campaign); });
  };
  LG_ASSIGN(const std::vector<model::Scan> scans, store.scans());
  for (auto scan = scans.rbegin(); scan != scans.rend(); ++scan) {
    if (scan->id == scan_id || scan->finished_ns == 0) continue;
    LG_ASSIGN(const std::vector<Campaign> campaigns, store.campaigns(scan->id));
    for (const Campaign& campaign : campaigns) {
      if (!has_marks_of_its_own(campaign) || is_among(found, campaign) || is_among(out, campaign)) continue;
      out.push_back({.campaign = campaign, .known_id = campaign.id});
    }
  }
  return out;
}

/// Those of which files lie in this scan, with what is said of them here.
base::Status find_known(casefile::CaseStore& store, std::int64_t scan_id, std::vector<FoundCampaign>& found) {
  LG_ASSIGN(std::vector<FoundCampaign> known, known_campaigns(store, scan_id, found));
  if (known.empty()) return base::Done{};
  for (FoundCampaign& one : known) {
    one.campaign.file_count = one.campaign.size_bytes = one.campaign.note_count = 0;
    one.campaign.notes.clear();
    std::erase_if(one.campaign.reasons, [](const auto& reason) { return reason.rule == "campaign.known"; });
    one.campaign.reasons.insert(
        one.campaign.reasons.begin(),
        {.rule = "campaign.known",
         .sentence = fmt::format("they carry the marks of campaign {}, which an earlier scan of this case found and of "
                                 "which is said:",
                                 one.known_id)});
  }
  LG_TRY(store.visit_files(
      {.scan_id = scan_id, .verdicts = {}, .path = {}, .path_below = {}, .details = true},
      [&](const FileRecord& record) {
        const auto is_its = [&](const FoundCampaign& one) { return judge_by_campaign(record, one).has_value(); };
        if (is_closed(record) || std::any_of(found.begin(), found.end(), is_its)) return true;
        const auto its = std::find_if(known.begin(), known.end(), is_its);
        if (its == known.end()) return true;
        ++its->campaign.file_count;
        its->campaign.size_bytes += record.size_bytes;
        its->seen_from_ns = its->seen_from_ns == 0 ? record.ctime_ns : std::min(its->seen_from_ns, record.ctime_ns);
        its->seen_to_ns = std::max(its->seen_to_ns, record.ctime_ns);
        return true;
      }));
  for (FoundCampaign& one : known) {
    if (one.campaign.file_count > 0) found.push_back(std::move(one));
  }
  return base::Done{};
}

base::Status apply_campaigns(casefile::CaseStore& store, std::int64_t scan_id,
                             const std::vector<FoundCampaign>& campaigns) {
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
                             if (is_closed(record)) return true;
                             for (const FoundCampaign& found : campaigns) {
                               if (auto judged = judge_by_campaign(record, found)) {
                                 amended.push_back(std::move(*judged));
                                 break;
                               }
                             }
                             return amended.size() < k_batch_files || flush();
                           }));
  LG_TRY(std::move(failure));
  return store.amend_files(scan_id, amended);
}

}  // namespace

std::optional<FileRecord> judge_by_campaign(const FileRecord& record, const FoundCampaign& found) {
  if (record.verdict == Verdict::note) return judge_note(record, found);
  const Bonds bonds = bonds_of(record, found);
  if (!belongs(bonds)) return std::nullopt;
  FileRecord out = record;
  out.campaign_id = found.campaign.id;
  if (is_encrypted(record)) return out;
  if (is_in_doubt(record, bonds)) return doubted(std::move(out));
  if (!decides(record, found, bonds)) return std::nullopt;
  out.verdict = verdict_of(record);
  out.certainty = bonds.extension && (bonds.head || bonds.tail) ? Certainty::strong : Certainty::weak;
  out.reasons.push_back({.rule = "campaign", .sentence = sentence_of(bonds, found)});
  if (out.ranges.empty()) out.ranges.push_back({.from = 0, .to = out.size_bytes});
  return out;
}

base::Result<std::vector<Campaign>> decide_by_campaigns(casefile::CaseStore& store, std::int64_t scan_id) {
  LG_ASSIGN(std::vector<FoundCampaign> found, find_campaigns(store, scan_id));
  LG_TRY(find_known(store, scan_id, found));
  std::vector<Campaign> campaigns;
  for (const FoundCampaign& one : found) {
    campaigns.push_back(one.campaign);
    if (one.known_id == 0) continue;
    // The earlier scan's times bind files to it; what is kept is when those of this scan were changed.
    campaigns.back().first_change_ns = one.seen_from_ns;
    campaigns.back().last_change_ns = one.seen_to_ns;
  }
  LG_ASSIGN(const std::vector<std::int64_t> ids, store.record_campaigns(scan_id, campaigns));
  for (std::size_t i = 0; i < found.size(); ++i) found[i].campaign.id = campaigns[i].id = ids.at(i);
  LG_TRY(apply_campaigns(store, scan_id, found));
  return campaigns;
}

}  // namespace lastgood::campaigns
