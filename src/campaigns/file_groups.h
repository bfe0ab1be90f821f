// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One pass over the suspicious files of a scan: files put into groups by what an attack may have left on all of them.
//
// Memory: some hundred bytes for each different extension, first and last eight bytes, note text and minute, and 256
// samples for each group, whatever the number of files.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <unordered_map>
#include <vector>

#include "base/result.h"
#include "casefile/case_store.h"
#include "model/file_record.h"

namespace lastgood::campaigns {

/// Minutes since 1970 in which files changed, with how many.
using Minutes = std::map<std::int64_t, std::uint64_t>;

[[nodiscard]] std::int64_t minute_of(std::int64_t time_ns);

/// Number of a note's text in Groups::notes.
using NoteNumber = std::size_t;

struct Group {
  std::uint64_t files = 0;
  std::uint64_t encrypted = 0;  // by their own structure
  std::uint64_t open = 0;       // undecided and random throughout
  std::uint64_t whole = 0;      // intact and protected files with the same extension
  std::uint64_t renamed = 0;    // a known extension stands before the appended one
  std::uint64_t bytes = 0;
  std::int64_t first_ns = INT64_MAX;
  std::int64_t last_ns = 0;
  std::string extension;                      // what the appended parts of all renamed files end in
  Minutes minutes;                            // of the encrypted ones
  std::map<NoteNumber, std::uint64_t> notes;  // texts, and for how many folders with its files they are the nearest
  std::map<std::string, std::uint64_t> families;
  std::set<std::string> formats;  // some of them
  std::vector<std::vector<std::uint8_t>> heads;
  std::vector<std::vector<std::uint8_t>> tails;
  std::vector<std::uint64_t> sizes_bytes;
  std::vector<std::uint64_t> page_sizes_bytes;  // of files whose format consists of pages
  std::vector<std::uint64_t> footers_bytes;     // what follows a structure that is otherwise whole

  void add(const model::FileRecord& record);
  void add(const Group& other);
};

/// The same note, wherever it lies: equal length, first and last bytes.
struct NoteText {
  std::uint64_t count = 0;
  std::vector<std::uint8_t> head;              // first bytes
  std::vector<std::string> paths;              // at most k_notes_max
  std::set<std::string, std::less<>> folders;  // in which it lies, with the slash behind
};
inline constexpr std::size_t k_notes_max = 100;

/// What tells one note's text from another; records of notes carry it.
[[nodiscard]] std::string text_key(const model::FileRecord& note);

struct MinuteShare {
  std::uint64_t struck = 0;  // encrypted files that changed then
  std::uint64_t whole = 0;   // intact and protected ones
  std::uint64_t proven = 0;  // of these, what is proven down to its content
};

struct Groups {
  std::map<std::string, Group> by_extension;
  std::unordered_map<std::string, Group> by_head;
  std::unordered_map<std::string, Group> by_tail;
  Group in_place;  // encrypted files whose names tell nothing
  std::vector<NoteText> notes;
  std::map<std::string, std::set<NoteNumber>, std::less<>> notes_by_folder;  // folders with the slash behind
  std::map<std::string, NoteNumber> note_numbers;                            // by text_key
  std::uint64_t note_count = 0;
  std::map<std::int64_t, MinuteShare> minutes;
};

[[nodiscard]] base::Result<Groups> group_files(casefile::CaseStore& store, std::int64_t scan_id);

}  // namespace lastgood::campaigns
