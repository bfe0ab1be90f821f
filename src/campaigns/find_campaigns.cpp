// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "campaigns/find_campaigns.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/checksum.h"
#include "campaigns/apply_campaigns.h"
#include "campaigns/file_groups.h"
#include "campaigns/shared_marks.h"
#include "indicators/find_contacts.h"

namespace lastgood::campaigns {

namespace {

using model::Campaign;
using model::Certainty;
using model::FileRecord;

constexpr std::uint64_t k_random_files_min = 8;  // random files with one mark, where no structure proves anything
constexpr std::uint64_t k_named_files_min = 3;   // the same where the appended part of the name is a contact address
constexpr std::uint64_t k_in_place_min = 8;      // proofs, where names and marks tell nothing
constexpr std::uint64_t k_proofs_in_minute = 3;  // that make it a minute of the attack
constexpr std::size_t k_contacts_max = 64;
constexpr std::size_t k_places_per_contact = 16;  // looked up for each contact and extension
constexpr std::size_t k_contact_keys_max = 100'000;

struct Candidate {
  FoundCampaign found;
  std::map<NoteNumber, std::uint64_t> notes;  // as in Group
};

bool names_a_contact(std::string_view extension) {
  return !indicators::find_contacts(base::ByteView(extension), 0, 1).empty();
}

/// Half of the files carry an extension behind one of their own.
bool is_mostly_renamed(const Group& group) { return group.renamed * 2 >= group.files; }

/// The extension is the attack's: it stands behind other extensions or is on a good part of all files, and hardly any
/// whole file has it. Where the owner's own ".bak9" files lie everywhere, both must hold.
bool is_appended(const Group& group, std::uint64_t suspicious_files) {
  const bool large = group.files * 10 >= suspicious_files;
  const bool is_new = group.whole * 2 <= group.encrypted + group.open;
  return is_new ? large || group.renamed * 10 >= group.files : large && is_mostly_renamed(group);
}

/// What all files of one format begin or end with is the format's, not an attacker's.
bool is_of_one_format(const Group& group) { return group.formats.size() == 1 && !group.formats.begin()->empty(); }

Campaign campaign_of(const std::string& extension, const Group& group) {
  Campaign campaign;
  campaign.extension = extension.empty() || group.renamed == 0 ? extension : group.extension;
  campaign.head = common_mark(group.heads, End::head);
  campaign.tail = common_mark(group.tails, End::tail);
  campaign.first_change_ns = group.first_ns;
  campaign.last_change_ns = group.last_ns;
  campaign.file_count = group.files;
  campaign.size_bytes = group.bytes;
  for (const auto& [family, count] : group.families) {
    // One file that ends in "INC" by chance names no family.
    if (count >= k_proofs_min && count * 2 > group.encrypted) campaign.family = family;
  }
  campaign.footer_bytes = common_value(group.footers_bytes);
  if (const auto pages = common_residue(group.page_sizes_bytes);
      campaign.footer_bytes == 0 && pages && pages->divisor >= 4096)
    campaign.footer_bytes = pages->rest;
  return campaign;
}

std::uint64_t notes_of(const Group& group, const Groups& groups) {
  std::uint64_t count = 0;
  for (const auto& [number, folders] : group.notes) count += groups.notes[number].count;
  return count;
}

void say_mark(Campaign& campaign, std::string_view rule, std::string_view which,
              const std::vector<std::uint8_t>& mark) {
  if (mark.empty()) return;
  const bool is_text = std::all_of(mark.begin(), mark.end(), [](std::uint8_t byte) {
    return (byte >= 0x20 && byte < 0x7F) || byte == '\n' || byte == '\r';
  });
  const std::string shown =
      is_text ? "'" + base::printable(base::ByteView(mark).text()) + "'" : base::hex(base::ByteView(mark));
  campaign.reasons.push_back(
      {.rule = std::string(rule),
       .sentence = fmt::format("their {} {} bytes are the same: {}", which, mark.size(), shown)});
}

void say_sizes(Campaign& campaign, const Group& group) {
  if (campaign.footer_bytes != 0) {
    campaign.reasons.push_back(
        {.rule = "campaign.footer", .sentence = fmt::format("{} bytes were appended to them", campaign.footer_bytes)});
    return;
  }
  const auto residue = common_residue(group.sizes_bytes);
  if (!residue || group.sizes_bytes.size() < k_random_files_min) return;
  campaign.reasons.push_back(
      {.rule = "campaign.size",
       .sentence = fmt::format("their sizes divided by {} leave {}: filled up to whole blocks{}", residue->divisor,
                               residue->rest, residue->rest == 0 ? "" : ", then something of one length appended")});
}

void say_marks(Campaign& campaign, const Group& group) {
  if (!campaign.extension.empty())
    campaign.reasons.push_back(
        {.rule = "campaign.extension",
         .sentence = fmt::format("their names end in '{}'", base::printable(campaign.extension))});
  say_mark(campaign, "campaign.head", "first", campaign.head);
  say_mark(campaign, "campaign.tail", "last", campaign.tail);
  say_sizes(campaign, group);
  if (!campaign.family.empty())
    campaign.reasons.push_back(
        {.rule = "campaign.family",
         .sentence = fmt::format("{} carry a mark of {}", group.families.at(campaign.family), campaign.family)});
}

/// Without proofs: a mark that no format explains. Under an extension of their own equal bytes are a format's magic
/// number or trailer, and bytes of one length behind whole structures are signatures, unless the files were renamed or
/// notes lie beside them.
bool is_marked(const Campaign& campaign, const Group& group) {
  const bool attacked = is_mostly_renamed(group) || !group.notes.empty();
  if (names_a_contact(campaign.extension)) return group.open >= k_named_files_min;
  if (group.open >= k_random_files_min) {
    if (attacked) return !campaign.head.empty() || !campaign.tail.empty();
    return campaign.extension.empty() && !campaign.tail.empty();
  }
  return group.footers_bytes.size() >= k_random_files_min && common_value(group.footers_bytes) != 0 && attacked;
}

std::optional<Campaign> judge_group(const std::string& extension, const Group& group, const Groups& groups) {
  Campaign campaign = campaign_of(extension, group);
  const std::uint64_t notes = group.notes.empty() ? groups.note_count : notes_of(group, groups);
  if (group.encrypted >= k_proofs_min) {
    campaign.certainty = Certainty::strong;
    campaign.reasons.push_back({.rule = "campaign.structure",
                                .sentence = fmt::format("{} of its {} files are encrypted by their own structure",
                                                        group.encrypted, group.files)});
  } else if (is_marked(campaign, group)) {
    campaign.certainty = Certainty::weak;
    campaign.reasons.push_back(
        {.rule = "campaign.marks",
         .sentence = fmt::format("{} random-looking files share a mark",
                                 std::max<std::uint64_t>(group.open, group.footers_bytes.size()))});
  } else if (notes > 0 && !extension.empty() && group.open >= k_random_files_min && group.whole == 0) {
    campaign.certainty = Certainty::weak;
    campaign.reasons.push_back({.rule = "campaign.notes",
                                .sentence = fmt::format("{} random-looking files have an extension that no intact file "
                                                        "has, and {} ransom notes lie in the same tree",
                                                        group.open, notes)});
  } else {
    return std::nullopt;
  }
  say_marks(campaign, group);
  return campaign;
}

Candidate candidate_of(Campaign campaign, const Group& group) {
  Candidate candidate{.found = {.campaign = std::move(campaign)}, .notes = group.notes};
  // One in twenty may have been renamed by somebody else.
  if (group.whole * 20 <= group.encrypted + group.open) candidate.found.company = Company::pure;
  return candidate;
}

/// Files of every kind, changed under their own names: what they share is when. A minute counts in which at least three
/// were encrypted and not more files were left whole: in a copied or unpacked tree everything changed in the same
/// minutes.
std::optional<Candidate> judge_in_place(const Group& group, const Groups& groups) {
  Campaign campaign = campaign_of({}, group);
  std::map<std::int64_t, Company> minutes;
  std::uint64_t proofs = 0;
  for (const auto& [minute, count] : group.minutes) {
    const auto all = groups.minutes.find(minute);
    if (count < k_proofs_in_minute || all == groups.minutes.end() || all->second.whole > all->second.struck) continue;
    minutes[minute] = all->second.proven * 20 <= all->second.struck ? Company::pure : Company::mixed;
    proofs += count;
  }
  if (proofs < k_in_place_min) return std::nullopt;
  campaign.certainty = Certainty::strong;
  campaign.reasons.push_back(
      {.rule = "campaign.minutes",
       .sentence = fmt::format("{} files encrypted by their own structure kept their names and changed in the same {} "
                               "minutes, in which hardly anything else changed",
                               proofs, minutes.size())});
  say_marks(campaign, group);
  Candidate candidate = candidate_of(std::move(campaign), group);
  candidate.found.minutes = std::move(minutes);
  return candidate;
}

std::vector<Candidate> judge_groups(Groups& groups) {
  std::vector<Candidate> out;
  std::uint64_t suspicious = groups.in_place.files;
  for (const auto& [extension, group] : groups.by_extension) suspicious += group.files;
  for (const auto& [extension, group] : groups.by_extension) {
    if (!is_appended(group, suspicious)) {
      groups.in_place.add(group);
    } else if (auto campaign = judge_group(extension, group, groups)) {
      out.push_back(candidate_of(std::move(*campaign), group));
    }
  }
  for (const auto* marks : {&groups.by_head, &groups.by_tail}) {
    for (const auto& [key, group] : *marks) {
      if (group.files < k_proofs_min || is_of_one_format(group)) continue;
      auto campaign = judge_group({}, group, groups);
      if (!campaign || (campaign->head.empty() && campaign->tail.empty())) continue;
      const bool known = std::any_of(out.begin(), out.end(), [&](const Candidate& other) {
        const Campaign& its = other.found.campaign;
        return (!its.head.empty() && its.head == campaign->head) || (!its.tail.empty() && its.tail == campaign->tail);
      });
      if (!known) out.push_back(candidate_of(std::move(*campaign), group));
    }
  }
  std::sort(out.begin(), out.end(), [](const Candidate& a, const Candidate& b) {
    return a.found.campaign.file_count > b.found.campaign.file_count;
  });
  if (auto in_place = judge_in_place(groups.in_place, groups)) out.push_back(std::move(*in_place));
  return out;
}

/// A note belongs to the campaign for whose files it is most often the nearest, and to others for which it is so nearly
/// as often; where it is for none, to all of them.
std::vector<std::size_t> campaigns_of_note(NoteNumber number, const std::vector<Candidate>& candidates) {
  const auto folders_of = [&](const Candidate& candidate) {
    const auto found = candidate.notes.find(number);
    return found == candidate.notes.end() ? 0 : found->second;
  };
  std::uint64_t most = 0;
  for (const Candidate& candidate : candidates) most = std::max(most, folders_of(candidate));
  std::vector<std::size_t> out;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    if (folders_of(candidates[i]) * 2 >= most) out.push_back(i);
  }
  return out;
}

void give_notes(const Groups& groups, std::vector<Candidate>& candidates) {
  std::vector<std::set<NoteNumber>> own(candidates.size());
  for (NoteNumber number = 0; number < groups.notes.size(); ++number) {
    const NoteText& text = groups.notes[number];
    for (const std::size_t index : campaigns_of_note(number, candidates)) {
      Campaign& campaign = candidates[index].found.campaign;
      if (!text.paths.empty() && is_header_alone(text.paths.front(), text.head, campaign)) continue;
      own[index].insert(number);
      campaign.note_count += text.count;
      for (const std::string& path : text.paths) {
        if (campaign.notes.size() < k_notes_max) campaign.notes.push_back(path);
      }
    }
  }
  for (const auto& [folder, numbers] : groups.notes_by_folder) {
    for (std::size_t i = 0; i < candidates.size(); ++i) {
      const bool is_own =
          std::any_of(numbers.begin(), numbers.end(), [&](NoteNumber number) { return own[i].contains(number); });
      if (is_own) candidates[i].found.note_folders.insert(folder);
    }
  }
}

void add_contact(Campaign& campaign, const std::string& contact) {
  const bool known = std::find(campaign.contacts.begin(), campaign.contacts.end(), contact) != campaign.contacts.end();
  if (!known && campaign.contacts.size() < k_contacts_max) campaign.contacts.push_back(contact);
}

/// Contacts belong to the campaigns of the notes and files that carry them; of files, when one in ten carries it:
/// letters that were struck keep their own senders. Of each contact and extension some files are asked: the others
/// under the same extension would say the same.
class ContactGiver {
 public:
  ContactGiver(casefile::CaseStore& store, std::int64_t scan_id, const Groups& groups,
               std::vector<Candidate>& candidates)
      : store_(store), scan_id_(scan_id), groups_(groups), candidates_(candidates) {}

  base::Status see(const model::Sighting& sighting) {
    const std::string contact = sighting.kind + ":" + sighting.value;
    const std::string key = contact + '\n' + last_piece(lower_case(base_name(sighting.path)));
    auto known = numbers_.find(key);
    if (known == numbers_.end()) {
      if (carriers_.size() >= k_contact_keys_max) return base::Done{};
      known = numbers_.emplace(key, carriers_.size()).first;
      carriers_.push_back({.contact = contact});
    }
    Carriers& carriers = carriers_[known->second];
    ++carriers.files;
    if (carriers.asked >= k_places_per_contact) return base::Done{};
    ++carriers.asked;
    return store_.visit_files(
        {.scan_id = scan_id_, .verdicts = {}, .path = sighting.path, .path_below = {}, .details = true},
        [&](const FileRecord& record) {
          ask(record, carriers);
          return true;
        });
  }

  void give() {
    for (const Carriers& carriers : carriers_) {
      for (const std::size_t index : carriers.by_note) add_contact(candidates_[index].found.campaign, carriers.contact);
      for (const auto& [index, votes] : carriers.votes) {
        Campaign& campaign = candidates_[index].found.campaign;
        if (carriers.files * votes / carriers.asked * 10 >= campaign.file_count)
          add_contact(campaign, carriers.contact);
      }
    }
  }

 private:
  /// The files with one contact and one extension.
  struct Carriers {
    std::string contact;
    std::uint64_t files = 0;
    std::uint64_t asked = 0;
    std::map<std::size_t, std::uint64_t> votes;  // how many of those asked are of which campaign
    std::set<std::size_t> by_note;
  };

  void ask(const FileRecord& record, Carriers& carriers) const {
    if (record.verdict == model::Verdict::note) {
      const auto number = groups_.note_numbers.find(text_key(record));
      if (number == groups_.note_numbers.end()) return;
      for (const std::size_t index : campaigns_of_note(number->second, candidates_)) carriers.by_note.insert(index);
      return;
    }
    for (std::size_t i = 0; i < candidates_.size(); ++i) {
      if (!judge_by_campaign(record, candidates_[i].found)) continue;
      ++carriers.votes[i];
      return;
    }
  }

  casefile::CaseStore& store_;
  std::int64_t scan_id_;
  const Groups& groups_;
  std::vector<Candidate>& candidates_;
  std::map<std::string, std::size_t> numbers_;  // of contact and extension
  std::vector<Carriers> carriers_;              // in the order they were seen
};

}  // namespace

base::Result<std::vector<FoundCampaign>> find_campaigns(casefile::CaseStore& store, std::int64_t scan_id) {
  LG_ASSIGN(Groups groups, group_files(store, scan_id));
  std::vector<Candidate> candidates = judge_groups(groups);
  give_notes(groups, candidates);
  if (!candidates.empty()) {
    ContactGiver giver(store, scan_id, groups, candidates);
    base::Status failure = base::Done{};
    LG_TRY(store.visit_sightings(scan_id, [&](const model::Sighting& sighting) {
      failure = giver.see(sighting);
      return failure.ok();
    }));
    LG_TRY(std::move(failure));
    giver.give();
  }
  std::vector<FoundCampaign> out;
  for (Candidate& candidate : candidates) out.push_back(std::move(candidate.found));
  return out;
}

}  // namespace lastgood::campaigns
