// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "campaigns/file_groups.h"

#include <algorithm>

#include "campaigns/shared_marks.h"

namespace lastgood::campaigns {

namespace {

using model::FileRecord;
using model::Verdict;

constexpr std::size_t k_samples_max = 256;
constexpr std::size_t k_groups_max = 100'000;
constexpr std::size_t k_minutes_max = 100'000;
constexpr std::size_t k_families_max = 32;
constexpr std::size_t k_formats_max = 8;
constexpr std::size_t k_note_texts_max = 1000;
constexpr std::size_t k_note_folders_max = 100'000;

template <typename Value>
void add_sample(std::vector<Value>& samples, const Value& value) {
  if (samples.size() < k_samples_max) samples.push_back(value);
}

template <typename Value>
void add_samples(std::vector<Value>& samples, const std::vector<Value>& more) {
  const std::size_t room = k_samples_max - std::min(k_samples_max, samples.size());
  samples.insert(samples.end(), more.begin(), more.begin() + static_cast<std::ptrdiff_t>(std::min(room, more.size())));
}

/// The group of `key`, made when there is room; null when not.
template <typename Map>
Group* group_of(Map& groups, const std::string& key) {
  const auto found = groups.find(key);
  if (found != groups.end()) return &found->second;
  return groups.size() < k_groups_max ? &groups[key] : nullptr;
}

/// Groups by the first (last) eight bytes, of files whose names tell nothing.
std::string mark_key(const std::vector<std::uint8_t>& bytes, End end) {
  constexpr std::size_t k_key_bytes = 8;
  if (bytes.size() < model::k_mark_bytes) return {};
  const auto from = end == End::head ? bytes.begin() : bytes.end() - k_key_bytes;
  const std::string key(from, from + k_key_bytes);
  return key.find_first_not_of('\0') == std::string::npos ? std::string() : key;
}

/// Files come folder by folder: what lies beside a note is known when the folder ends.
class Grouping {
 public:
  void see(const FileRecord& record) {
    const std::string_view folder = folder_of(record.path);
    if (folder != folder_) {
      end_folder();
      folder_ = folder;
    }
    if (record.verdict == Verdict::note) return see_note(record);
    if (is_encrypted(record) || is_open(record)) see_suspicious(record);
  }

  Groups take() {
    end_folder();
    return std::move(groups_);
  }

 private:
  void see_note(const FileRecord& record) {
    ++groups_.note_count;
    std::string key = text_key(record);
    auto known = groups_.note_numbers.find(key);
    if (known == groups_.note_numbers.end()) {
      if (groups_.notes.size() >= k_note_texts_max) return;
      known = groups_.note_numbers.emplace(std::move(key), groups_.notes.size()).first;
      groups_.notes.emplace_back().head = record.head;
    }
    NoteText& text = groups_.notes[known->second];
    ++text.count;
    if (text.paths.size() < k_notes_max) text.paths.push_back(record.path);
    auto& folders = groups_.notes_by_folder;
    if (folders.size() < k_note_folders_max || folders.contains(folder_)) folders[folder_].insert(known->second);
  }

  void see_suspicious(const FileRecord& record) {
    if (is_encrypted(record)) count_minute(record.ctime_ns);
    const std::string extension = appended_extension(record);
    if (!extension.empty()) return add_to(group_of(groups_.by_extension, last_piece(extension)), record);
    if (const std::string key = mark_key(record.head, End::head); !key.empty())
      add_to(group_of(groups_.by_head, key), record);
    if (const std::string key = mark_key(record.tail, End::tail); !key.empty())
      add_to(group_of(groups_.by_tail, key), record);
    if (is_encrypted(record)) add_to(&groups_.in_place, record);
  }

  void add_to(Group* group, const FileRecord& record) {
    if (group == nullptr) return;
    group->add(record);
    groups_here_.insert(group);
  }

  void count_minute(std::int64_t time_ns) {
    const std::int64_t minute = minute_of(time_ns);
    if (groups_.minutes.size() < k_minutes_max || groups_.minutes.contains(minute)) ++groups_.minutes[minute].struck;
  }

  void end_folder() {
    if (groups_here_.empty()) return;
    if (const std::set<NoteNumber>* notes = find_nearest_notes()) {
      for (Group* group : groups_here_) {
        for (const NoteNumber number : *notes) ++group->notes[number];
      }
    }
    groups_here_.clear();
  }

  /// Those of this folder or of the next one above it that has some: folders come after those that hold them.
  const std::set<NoteNumber>* find_nearest_notes() const {
    if (groups_.notes_by_folder.empty()) return nullptr;
    std::string_view folder = folder_;
    while (!folder.empty()) {
      const auto found = groups_.notes_by_folder.find(folder);
      if (found != groups_.notes_by_folder.end()) return &found->second;
      folder = folder_of(folder.substr(0, folder.size() - 1));
    }
    return nullptr;
  }

  Groups groups_;  // groups keep their place in its maps: pointers to them hold
  std::string folder_;
  std::set<Group*> groups_here_;
};

/// Only extensions and minutes that already mean something are counted among the whole files.
void count_whole(const FileRecord& record, Groups& groups) {
  // What was hardly checked speaks for nothing.
  if (is_hardly_checked(record)) return;
  const auto minute = groups.minutes.find(minute_of(record.ctime_ns));
  if (minute != groups.minutes.end()) {
    ++minute->second.whole;
    minute->second.proven += record.certainty == model::Certainty::proven ? 1U : 0U;
  }
  const std::string_view name = base_name(record.path);
  if (name.find('.') == std::string_view::npos && !name.ends_with(']')) return;
  const auto group = groups.by_extension.find(last_piece(lower_case(name)));
  if (group != groups.by_extension.end()) ++group->second.whole;
}

}  // namespace

std::int64_t minute_of(std::int64_t time_ns) {
  constexpr std::int64_t k_minute_ns = 60'000'000'000;
  return time_ns / k_minute_ns - (time_ns % k_minute_ns < 0 ? 1 : 0);
}

std::string text_key(const FileRecord& note) {
  std::string key = std::to_string(note.size_bytes) + ':';
  key.append(note.head.begin(), note.head.end());
  key.append(note.tail.begin(), note.tail.end());
  return key;
}

void Group::add(const FileRecord& record) {
  ++files;
  bytes += record.size_bytes;
  first_ns = std::min(first_ns, record.ctime_ns);
  last_ns = std::max(last_ns, record.ctime_ns);
  if (is_open_and_random(record)) ++open;
  if (formats.size() < k_formats_max) formats.insert(record.format);
  if (!record.original_name.empty()) {
    const std::string appended = appended_extension(record);
    extension = renamed == 0 ? appended : common_ending(extension, appended);
    ++renamed;
  }
  if (is_encrypted(record)) {
    ++encrypted;
    const std::int64_t minute = minute_of(record.ctime_ns);
    if (minutes.size() < k_minutes_max || minutes.contains(minute)) ++minutes[minute];
    add_sample(sizes_bytes, record.size_bytes);
    if (is_of_pages(record.format)) add_sample(page_sizes_bytes, record.size_bytes);
    const std::string family = family_of(record);
    if (!family.empty() && (families.size() < k_families_max || families.contains(family))) ++families[family];
  }
  if (const std::uint64_t length = footer_length(record); length != 0) add_sample(footers_bytes, length);
  // Marks lie in files that are longer than the marks themselves.
  if (record.head.size() == model::k_mark_bytes && record.tail.size() == model::k_mark_bytes) {
    add_sample(heads, record.head);
    add_sample(tails, record.tail);
  }
}

void Group::add(const Group& other) {
  files += other.files;
  encrypted += other.encrypted;
  open += other.open;
  bytes += other.bytes;
  first_ns = std::min(first_ns, other.first_ns);
  last_ns = std::max(last_ns, other.last_ns);
  for (const auto& [minute, count] : other.minutes) minutes[minute] += count;
  for (const auto& [family, count] : other.families) families[family] += count;
  for (const auto& [number, folders] : other.notes) notes[number] += folders;
  add_samples(heads, other.heads);
  add_samples(tails, other.tails);
  add_samples(sizes_bytes, other.sizes_bytes);
  add_samples(page_sizes_bytes, other.page_sizes_bytes);
  add_samples(footers_bytes, other.footers_bytes);
}

base::Result<Groups> group_files(casefile::CaseStore& store, std::int64_t scan_id) {
  Grouping grouping;
  const casefile::FileFilter suspicious{
      .scan_id = scan_id,
      .verdicts = {Verdict::encrypted, Verdict::partly_encrypted, Verdict::undecided, Verdict::damaged, Verdict::note},
      .path = {},
      .path_below = {},
      .details = true};
  LG_TRY(store.visit_files(suspicious, [&](const FileRecord& record) {
    grouping.see(record);
    return true;
  }));
  Groups groups = grouping.take();
  if (groups.minutes.empty() && groups.by_extension.empty()) return groups;
  const casefile::FileFilter whole{.scan_id = scan_id,
                                   .verdicts = {Verdict::intact, Verdict::protected_},
                                   .path = {},
                                   .path_below = {},
                                   .details = false};
  LG_TRY(store.visit_files(whole, [&](const FileRecord& record) {
    count_whole(record, groups);
    return true;
  }));
  return groups;
}

}  // namespace lastgood::campaigns
