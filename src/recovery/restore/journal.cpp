// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/journal.h"

#include <algorithm>
#include <cerrno>
#include <span>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/error.h"
#include "recovery/restore/fill_list.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::size_t k_window_bytes = 2 * k_frame_bytes_max;

/// Takes records in; what does not fit the number of items is left out.
class StateReader {
 public:
  StateReader(JournalState& state, std::uint64_t items) : state_(state) { state_.done.assign(items, 0); }

  void operator()(HeaderRecord&& record) {
    if (!state_.resumed) state_.header = record;
    state_.resumed = true;
  }
  void operator()(DoneRecord&& record) {
    for (const DoneEntry& entry : record.entries) {
      if (entry.item >= state_.done.size()) continue;
      state_.done[entry.item] = 1;
      if (entry.state.inode != 0) state_.linkable[entry.item] = entry.state;
      state_.intents.erase(entry.item);
      state_.segments.erase(entry.item);
      state_.incomplete.erase(entry.item);
    }
  }
  void operator()(SegmentsRecord&& record) {
    for (const SegmentEntry& entry : record.entries) {
      if (entry.item < state_.done.size()) state_.segments[entry.item].push_back(entry);
    }
  }
  void operator()(IntentsRecord&& record) {
    for (IntentEntry& entry : record.entries) {
      if (entry.item >= state_.done.size()) continue;
      if (is_of_folder(entry)) state_.kept_folders[entry.item] = entry;
      state_.intents[entry.item] = std::move(entry);
    }
  }
  void operator()(IncompleteRecord&& record) {
    for (const IncompleteEntry& entry : record.entries) {
      if (entry.item < state_.done.size()) state_.incomplete.insert(entry.item);
    }
  }
  void operator()(FoldersRecord&& record) {
    for (std::string& path : record.paths) state_.folders_made.insert(std::move(path));
  }
  void operator()(UnitRecord&& record) { state_.units.insert(record.unit); }
  void operator()(FinishedRecord&& /*record*/) { state_.finished = true; }
  void operator()(ReleasedRecord&& /*record*/) {}
  void operator()(KeptFilesRecord&& /*record*/) {}
  void operator()(KeptWholeRecord&& record) { state_.kept_whole.insert(record.item); }
  void operator()(FilledRecord&& record) {
    for (FilledEntry& entry : record.entries) {
      if (entry.item < state_.done.size()) add_fill(state_.filled[entry.item], std::move(entry));
    }
  }

 private:
  JournalState& state_;
};

base::Error other_restore(const std::string& path) {
  base::Error error;
  error.code = base::ErrorCode::misuse;
  error.what = "cannot go on with '" + base::printable(path) + "': it belongs to another plan or another target folder";
  error.path = path;
  error.hint =
      "is the right disk mounted there? to restore all of it again, choose another folder, or move this journal away";
  return error;
}

}  // namespace

base::Result<std::uint64_t> read_journal(base::ByteSource& file, const std::function<void(JournalRecord&&)>& visit) {
  const std::uint64_t size = file.size_bytes();
  std::vector<std::uint8_t> window;
  std::uint64_t at = 0;
  std::uint64_t damaged_places = 0;
  bool in_damage = false;
  while (at < size) {
    window.resize(static_cast<std::size_t>(std::min<std::uint64_t>(k_window_bytes, size - at)));
    LG_ASSIGN(const std::size_t got, file.read(at, window));
    if (got == 0) break;
    const base::ByteView bytes(std::span<const std::uint8_t>(window).first(got));
    const bool last_window = at + got >= size;
    std::size_t used = 0;
    while (used < got) {
      auto frame = parse_frame(bytes.part(used));
      if (auto* parsed = std::get_if<ParsedFrame>(&frame)) {
        in_damage = false;
        used += parsed->frame_bytes;
        visit(std::move(parsed->record));
        continue;
      }
      const bool cut = std::get<FrameTrouble>(frame) == FrameTrouble::cut;
      // The rest of the frame lies in the next window.
      if (cut && !last_window && used > 0) break;
      if (!cut && !in_damage) ++damaged_places;
      in_damage = true;
      used += find_next_frame(bytes.part(used));
      // Three bytes may be the beginning of a mark that the window cuts.
      if (!last_window && used >= got - 2) {
        used = got - 3;
        break;
      }
    }
    at += used;
  }
  return damaged_places;
}

base::Result<std::unique_ptr<Journal>> Journal::open(const std::string& path, const HeaderRecord& header) {
  const std::string lock_path = path + ".lock";
  LG_ASSIGN(std::optional<os::FileLock> lock, os::try_file_lock(lock_path));
  if (!lock) {
    base::Error error = base::system_error("begin the restore of", path, EAGAIN);
    error.what = "cannot restore: " + os::describe_lock_holder(lock_path) + " carries this plan out already";
    return error;
  }
  std::unique_ptr<Journal> journal(new Journal(path, std::move(*lock)));
  base::Result<std::unique_ptr<os::AppendFile>> file = os::open_append_file(path, os::OpenAs::existing);
  if (!file.ok()) {
    if (file.error().system_errno != ENOENT) return std::move(file).error();
    file = os::open_append_file(path, os::OpenAs::made_new);
    if (!file.ok()) return std::move(file).error();
  }
  journal->file_ = std::move(file).value();
  StateReader reader(journal->state_, header.items);
  LG_ASSIGN(journal->state_.damaged_places,
            read_journal(*journal->file_, [&](JournalRecord&& record) { std::visit(reader, std::move(record)); }));
  JournalState& state = journal->state_;
  if (!state.resumed) {
    // A first frame that was torn: nothing had begun yet.
    state.header = header;
    LG_TRY(journal->append(header));
    return journal;
  }
  HeaderRecord expected = header;
  expected.seed = state.header.seed;
  if (!(state.header == expected)) return other_restore(path);
  return journal;
}

base::Status Journal::append_unsynced(const JournalRecord& record) {
  const std::string frame = format_record(record);
  return file_->append(base::ByteView(std::string_view(frame)));
}

base::Status Journal::append(const JournalRecord& record) {
  LG_TRY(append_unsynced(record));
  return file_->sync();
}

std::string journal_path(const std::string& folder, const std::string& plan_sha256, std::uint8_t mode,
                         const std::string& resolved_target) {
  const std::string name = plan_sha256 + fmt::format("/{}/", mode) + resolved_target;
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(name)));
  return folder + "/restore-" + base::hex(base::ByteView(std::span<const std::uint8_t>(digest)).part(0, 8)) +
         ".journal";
}

std::optional<std::array<std::uint8_t, 32>> parse_sha256(std::string_view digits) {
  std::array<std::uint8_t, 32> out{};
  if (digits.size() != 64) return std::nullopt;
  for (std::size_t i = 0; i < digits.size(); ++i) {
    const char c = digits[i];
    const int value = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
    if (value < 0) return std::nullopt;
    out[i / 2] = static_cast<std::uint8_t>(out[i / 2] << 4 | value);
  }
  return out;
}

}  // namespace lastgood::recovery::restore
