// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/mariadb/follow_binlogs.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/rfc3339.h"
#include "engines/log_end.h"
#include "engines/packed_log.h"
#include "engines/scratch_copy.h"

namespace lastgood::engines::mariadb {

namespace {

constexpr std::int64_t k_log_second_ns = 1'000'000'000;

base::Error not_of_copy(const CopyPlace& copy, const std::string& name, const std::string& why) {
  return {
      .code = base::ErrorCode::damaged_source,
      .what = fmt::format("these logs do not go on from this copy: they are of another server, or of another branch "
                          "of its history: {}",
                          why),
      .path = name,
      .offset_bytes = {},
      .system_errno = 0,
      .hint = fmt::format("the copy stands at {} ({}): give the logs that its own server wrote from there on, or the "
                          "backup that these belong to; without logs the database is as of its backup",
                          copy.position.text(), copy.position.basis)};
}

/// The first log that is strange, after others that are not.
base::Error branches_off(const CopyPlace& copy, const BinlogHistory& strange, const std::string& name,
                         const std::string& why) {
  base::Error error = not_of_copy(copy, name, why);
  error.hint += fmt::format("; the logs before '{}' are of the copy's server, and replayed with an end at {} or before",
                            name, base::format_rfc3339((strange.begun_s - 1) * k_log_second_ns));
  return error;
}

/// The log in which the copy stands. False: it ends before that place, or is broken there.
base::Result<bool> check_first(const CopyPlace& copy, const BinlogHistory& log, base::ByteSource& bytes,
                               const std::string& name, FollowedLogs& files) {
  LG_ASSIGN(const std::string why, find_mismatch(copy.view, copy.folder, copy.position, log, bytes, name));
  if (!why.empty()) return not_of_copy(copy, name, why);
  if (!log.has_boundary)
    files.left_out.push_back(fmt::format("log {}: it ends before {}, where the copy stands{}{}", name,
                                         copy.position.offset, log.broken.empty() ? "" : ": ", log.broken));
  return log.has_boundary;
}

/// A log that follows those of before. False: something is missing between them.
base::Result<bool> check_next(const CopyPlace& copy, const BinlogHistory& before, const std::string& before_name,
                              const BinlogHistory& log, const std::string& name, FollowedLogs& files) {
  const BinlogJoint joint = join_logs(before, before_name, log, name);
  if (joint.kind == BinlogJoint::Kind::strange) return branches_off(copy, log, name, joint.why);
  if (joint.kind == BinlogJoint::Kind::gap)
    files.left_out.push_back(
        fmt::format("log {}: transactions before it are missing, replay ends there: {}", name, joint.why));
  return joint.kind == BinlogJoint::Kind::fits;
}

const UnitEntry* find_log(const std::vector<UnitEntry>& entries, const std::string& base, unsigned long number) {
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const UnitEntry& entry) {
    const auto name = parse_log_name(entry.name);
    return name && name->first == base && name->second == number && entry.kind == model::EntryKind::regular;
  });
  return found == entries.end() ? nullptr : &*found;
}

/// Logs of that server behind this one.
std::size_t count_later(const std::vector<UnitEntry>& entries, const std::string& base, unsigned long number) {
  return static_cast<std::size_t>(std::count_if(entries.begin(), entries.end(), [&](const UnitEntry& entry) {
    const auto name = parse_log_name(entry.name);
    return name && name->first == base && name->second > number && entry.kind == model::EntryKind::regular;
  }));
}

void note_clock(const BinlogHistory& log, FollowedLogs& files) {
  if (log.clock_fall.from_s != 0)
    files.clock_fall = log.clock_fall;
  else if (log.begun_s != 0 && log.begun_s + ClockFall::k_fall_s_min < files.latest_s)
    files.clock_fall = {files.latest_s, log.begun_s};
  files.latest_s = std::max(files.latest_s, log.latest_s);
}

struct ReadLog {
  OpenedLog opened;
  BinlogHistory history;
};

/// As far as it can be read.
base::Result<ReadLog> read_log(const UnitView& logs, const std::string& name, std::optional<std::uint64_t> from,
                               const std::string& spill_folder) {
  auto source = logs.open(name);
  auto opened = source.ok() ? open_packed_log(std::move(source).value(), spill_folder, k_log_bytes_max)
                            : base::Result<OpenedLog>(source.error());
  const bool is_gone = !opened.ok() && (was_changed_meanwhile(opened.error()) ||
                                        opened.error().code == base::ErrorCode::not_found);  // it was listed
  if (is_gone) return written_meanwhile(opened.error());
  if (!opened.ok()) return opened.error();
  auto history = read_history(*opened.value().bytes, from);
  if (!history.ok() && history.error().code != base::ErrorCode::limit_reached) {
    LG_ASSIGN(OpenedLog front, readable_front(std::move(opened).value()));
    opened = std::move(front);
    history = read_history(*opened.value().bytes, from);
  }
  if (!history.ok()) return history.error();
  return ReadLog{std::move(opened).value(), std::move(history).value()};
}

/// Not of one log: no replay goes on after it.
bool ends_all(const base::Error& error) {
  return error.code == base::ErrorCode::no_space || error.code == base::ErrorCode::busy_retry;
}

/// What stands in one log after the other.
class BinlogFollowing {
 public:
  BinlogFollowing(const CopyPlace& copy, const UnitView& logs, const std::string& spill_folder, const BinlogFollow& how)
      : copy_(copy), logs_(logs), spill_folder_(spill_folder), how_(how) {}

  base::Result<FollowedLogs> follow() {
    const auto first = parse_log_name(copy_.position.file);
    if (!first) return std::move(files_);
    LG_ASSIGN(entries_, logs_.list({}));
    base_ = first->first;
    for (number_ = first->second;; ++number_) {
      if (how_.is_cancelled && how_.is_cancelled())
        return base::Error{.code = base::ErrorCode::cancelled, .what = "the reading of saved logs was cancelled"};
      LG_ASSIGN(const bool goes_on, take_next());
      if (!goes_on) return std::move(files_);
    }
  }

 private:
  void end_early(const std::string& what, std::string_view where) {
    files_.ends_early = with_lost_commits(what, where, count_later(entries_, base_, number_));
  }

  /// False: it ends there.
  base::Result<bool> take_next() {
    const UnitEntry* const found = find_log(entries_, base_, number_);
    if (found == nullptr) {
      if (!files_.names.empty() && count_later(entries_, base_, number_) > 0)
        end_early(fmt::format("log {}.{:06} is not among them", base::printable(base_), number_), "in it");
      return false;
    }
    const bool is_first = files_.names.empty();
    auto read =
        read_log(logs_, found->name, is_first ? std::optional(copy_.position.offset) : std::optional<std::uint64_t>(),
                 spill_folder_);
    if (!read.ok() && ends_all(read.error())) return read.error();
    if (!read.ok() || !read.value().history.is_binlog || read.value().history.is_sealed) {
      files_.left_out.push_back(fmt::format("log {}: not readable as a binary log; replay ends before it{}",
                                            base::printable(found->name), read.ok() ? "" : ": " + read.error().what));
      end_early(fmt::format("log {} is not readable as a binary log", base::printable(found->name)), "in it");
      return false;
    }
    return take(*found, std::move(read.value().opened), std::move(read.value().history));
  }

  base::Result<bool> take(const UnitEntry& entry, OpenedLog opened, BinlogHistory log) {
    const std::string name(without_packing(entry.name));
    const bool is_first = files_.names.empty();
    // Each begins with a list of the transactions before it: without that nobody can tell what is missing in it.
    if (!is_first && before_.has_gtids && !log.has_gtids && log.broken.empty()) {
      const std::string what = fmt::format("log {} is cut before the list of transactions with which each begins",
                                           base::printable(entry.name));
      files_.left_out.push_back(what + "; replay ends before it");
      end_early(what, "in it");
      return false;
    }
    if (!is_first && how_.until_ns && log.begun_s * k_log_second_ns > *how_.until_ns) return false;
    LG_ASSIGN(const bool is_next, is_first ? check_first(copy_, log, *opened.bytes, name, files_)
                                           : check_next(copy_, before_, files_.names.back(), log, name, files_));
    if (!is_next) {
      end_early(files_.left_out.back(), "in it");
      return false;
    }
    if (how_.take) LG_TRY(how_.take(name, *opened.bytes));
    files_.names.push_back(name);
    files_.bytes += entry.size_bytes;
    files_.last_commit_ns = std::max(files_.last_commit_ns, log.last_commit_s * k_log_second_ns);
    note_clock(log, files_);
    const std::string& broken = opened.broken.empty() ? log.broken : opened.broken;
    if (!broken.empty()) {
      files_.left_out.push_back(fmt::format("log {}: {}; replay ends there", base::printable(entry.name), broken));
      end_early(fmt::format("log {} is broken: {}", base::printable(entry.name), broken), "behind that place");
      return false;
    }
    before_ = std::move(log);
    return true;
  }

  const CopyPlace& copy_;
  const UnitView& logs_;
  const std::string& spill_folder_;
  const BinlogFollow& how_;
  std::vector<UnitEntry> entries_;
  std::string base_;
  unsigned long number_ = 0;
  BinlogHistory before_;
  FollowedLogs files_;
};

}  // namespace

base::Result<FollowedLogs> follow_binlogs(const CopyPlace& copy, const UnitView& logs, const std::string& spill_folder,
                                          const BinlogFollow& how) {
  return BinlogFollowing(copy, logs, spill_folder, how).follow();
}

base::Result<std::optional<std::string>> find_not_older(const UnitView& logs, const BinlogPosition& position) {
  LG_ASSIGN(const std::vector<UnitEntry> entries, logs.list({}));
  const auto stands = parse_log_name(position.file);
  const auto found = std::find_if(entries.begin(), entries.end(), [&](const UnitEntry& entry) {
    const auto name = parse_log_name(entry.name);
    if (!name || entry.kind != model::EntryKind::regular) return false;
    if (!stands || name->first != stands->first || name->second > stands->second) return true;
    const bool is_packed = without_packing(entry.name).size() != entry.name.size();
    return name->second == stands->second && (is_packed || entry.size_bytes > position.offset);
  });
  return found == entries.end() ? std::optional<std::string>() : std::optional(found->name);
}

}  // namespace lastgood::engines::mariadb
