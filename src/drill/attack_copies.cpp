// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/attack_copies.h"

#include <set>

#include <fmt/format.h>

#include "drill/damage/seeded_bytes.h"
#include "drill/note_texts.h"

namespace lastgood::drill {
namespace {

using model::Verdict;

constexpr std::string_view k_campaign = "aiims-bak9";
constexpr std::string_view k_campaign_extension = ".bak9";

/// What shall happen to one file.
struct Choice {
  Fate fate = Fate::untouched;
  const DamagePattern* pattern = nullptr;
};

/// Gives one pattern after the other, so that each meets many kinds of files.
class Turns {
 public:
  explicit Turns(bool (*wanted)(const DamagePattern&)) {
    for (const DamagePattern& pattern : damage_patterns()) {
      if (wanted(pattern)) rows_.push_back(&pattern);
    }
  }
  const DamagePattern* next() { return rows_[at_++ % rows_.size()]; }

 private:
  std::vector<const DamagePattern*> rows_;
  std::size_t at_ = 0;
};

class Chooser {
 public:
  explicit Chooser(const AttackPlan& plan) : plan_(plan), random_(plan.seed, "attack") {}

  Choice choose(const HospitalFile& file) {
    const auto dice = static_cast<unsigned>(random_.below(100));
    unsigned limit = plan_.campaign_percent;
    if (dice < limit) return {Fate::attacked, find_damage_pattern(k_campaign)};
    if (file.is_protected) return {};
    limit += plan_.patterns_percent;
    if (dice < limit) return {Fate::attacked, encryptions_.next()};
    limit += plan_.damage_percent;
    if (dice < limit) return {Fate::damaged, damages_.next()};
    limit += plan_.renamed_percent;
    if (dice < limit) return {Fate::renamed, nullptr};
    return {};
  }

 private:
  AttackPlan plan_;
  SeededBytes random_;
  Turns encryptions_{[](const DamagePattern& pattern) { return is_encryption(pattern) && pattern.id != k_campaign; }};
  Turns damages_{[](const DamagePattern& pattern) { return !is_encryption(pattern); }};
};

std::string folder_of(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  return slash == std::string_view::npos ? std::string() : std::string(path.substr(0, slash + 1));
}

std::string name_in(std::string_view path) { return std::string(path.substr(folder_of(path).size())); }

std::string attacked_path(std::string_view path) { return fmt::format("{}/{}", k_attacked, path); }

base::Result<TruthEntry> write_copy(os::MadeFolder& folder, const HospitalFile& file, const Choice& choice,
                                    std::uint64_t seed) {
  LG_ASSIGN(const os::MadeFile original, folder.read(fmt::format("{}/{}", k_before, file.path)));
  TruthEntry entry{.path = file.path,
                   .original = file.path,
                   .kind = file.kind,
                   .fate = choice.fate,
                   .size_bytes = file.size_bytes,
                   .right = {file.is_protected ? Verdict::protected_ : Verdict::intact}};
  std::optional<DamagedContent> changed;
  if (choice.pattern != nullptr)
    changed = damage(*choice.pattern, base::ByteView(original.bytes), name_in(file.path), seed);
  if (!changed) {
    // The pattern leaves contents of this size alone.
    if (choice.pattern != nullptr) entry.fate = Fate::untouched;
    if (choice.fate == Fate::renamed) entry.path += k_campaign_extension;
    LG_TRY(folder.write_new(attacked_path(entry.path), base::ByteView(original.bytes), original.mtime_ns));
    return entry;
  }
  entry.path = folder_of(file.path) + changed->name;
  entry.pattern = choice.pattern->id;
  entry.size_bytes = changed->bytes.size();
  entry.right = right_verdicts(*choice.pattern, *changed);
  const bool keeps_time = choice.pattern->times == Times::kept;
  LG_TRY(folder.write_new(attacked_path(entry.path), base::ByteView(changed->bytes),
                          keeps_time ? std::optional(original.mtime_ns) : std::nullopt));
  entry.replaced = std::move(changed->replaced);
  entry.added = std::move(changed->added);
  entry.key = changed->key;
  return entry;
}

base::Status write_notes(os::MadeFolder& folder, const std::set<std::string>& folders, std::uint64_t seed,
                         Truth& truth) {
  const std::vector<NoteText> texts = make_note_texts(make_note_contacts(seed), k_campaign_extension);
  for (const std::string& where : folders) {
    for (const NoteText& text : texts) {
      LG_TRY(folder.write_new(attacked_path(where + text.name), base::ByteView(std::string_view(text.bytes))));
      truth.entries.push_back({.path = where + text.name,
                               .kind = "note",
                               .fate = Fate::note,
                               .size_bytes = text.bytes.size(),
                               .right = {Verdict::note}});
    }
  }
  return base::Done{};
}

}  // namespace

base::Result<Truth> attack_copies(os::MadeFolder& folder, const Hospital& hospital, const AttackPlan& plan) {
  Truth truth{.seed = plan.seed, .folder_id = folder.id()};
  Chooser chooser(plan);
  std::set<std::string> struck_folders;
  for (const HospitalFile& file : hospital.files) {
    LG_ASSIGN(TruthEntry entry, write_copy(folder, file, chooser.choose(file), plan.seed));
    if (entry.pattern == k_campaign) struck_folders.insert(folder_of(file.path));
    truth.entries.push_back(std::move(entry));
  }
  LG_TRY(write_notes(folder, struck_folders, plan.seed, truth));
  return truth;
}

}  // namespace lastgood::drill
