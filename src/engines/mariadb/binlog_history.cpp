// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
//
//   body of a GTID = sequence(8) domain(4) flags(1) ...       its server is the event's
//   body of a list = count(28 bits) flags(4 bits) { domain(4) server(4) sequence(8) }*
//   body of a rotation = position(8) name
#include "engines/mariadb/binlog_history.h"

#include <algorithm>
#include <charconv>

#include <fmt/format.h>

#include "base/error.h"
#include "base/rfc3339.h"
#include "engines/mariadb/binlog_events.h"

namespace lastgood::engines::mariadb {

namespace {

std::string time_text(std::int64_t time_s) { return base::format_rfc3339(time_s * 1'000'000'000); }

GtidState list_of(const BinlogEvent& event) {
  constexpr std::uint32_t k_count_mask = 0x0FFFFFFF;
  GtidState state;
  const std::uint32_t count = event.body.le32(0) & k_count_mask;
  for (std::uint64_t i = 0; i < count && event.body.has(4 + i * 16, 16); ++i)
    state.add({event.body.le32(4 + i * 16), event.body.le32(8 + i * 16), event.body.le64(12 + i * 16)});
  return state;
}

/// With these a transaction begins, or there is none: all others are parts of one.
bool is_between_transactions(std::uint8_t type) {
  switch (type) {
    case k_gtid_event:
    case k_gtid_list_event:
    case k_checkpoint_event:
    case k_rotate_event:
    case k_stop_event:
    case k_format_event: return true;
    default: return false;
  }
}

/// Takes in one event of a log after the other.
class HistoryReading {
 public:
  explicit HistoryReading(std::optional<std::uint64_t> offset) : offset_(offset) {}

  void on_event(const BinlogEvent& event) {
    if (offset_ == event.at) arrive(is_between_transactions(event.type));
    if (event.time_s != 0 && event.time_s + ClockFall::k_fall_s_min < history_.latest_s)
      history_.clock_fall = {history_.latest_s, event.time_s};
    history_.latest_s = std::max(history_.latest_s, event.time_s);
    history_.is_closed = event.type == k_rotate_event || event.type == k_stop_event;
    history_.stopped_s = event.type == k_stop_event ? event.time_s : 0;
    if (event.type == k_format_event && history_.begun_s == 0) {
      history_.begun_s = event.time_s;
      history_.server = event.server;
    } else if (event.type == k_gtid_list_event && !history_.has_gtids) {
      history_.has_gtids = true;
      history_.begins = list_of(event);
      history_.ends = history_.begins;
      if (has_arrived_) history_.there = history_.begins;  // a position before any transaction
    } else if (event.type == k_gtid_event) {
      take({event.body.le32(8), event.server, event.body.le64(0)});
    } else if (event.type == k_rotate_event) {
      const std::string_view name = event.body.part(8).text();
      history_.goes_on_in = name.substr(0, name.find('\0'));
    }
    // A statement has the time at which it began, which may be long before; none is from later than its place.
    if (!has_arrived_) history_.last_before_s = std::max(history_.last_before_s, event.time_s);
  }

  BinlogHistory finish(const BinlogWalk& walk) {
    history_.is_binlog = walk.is_binlog;
    history_.last_commit_s = walk.last_commit_s;
    history_.is_sealed = walk.is_sealed;
    history_.broken = walk.broken;
    history_.whole_bytes = walk.whole_bytes;
    if (walk.is_binlog && offset_ == walk.whole_bytes) arrive(true);
    return std::move(history_);
  }

 private:
  void arrive(bool is_between) {  // NOLINT: what the walk has just seen
    has_arrived_ = true;
    history_.has_boundary = is_between || !history_.has_gtids;
    history_.is_inside = !history_.has_boundary;
    history_.there = history_.ends;
  }

  void take(const Gtid& gtid) {
    const auto domain = history_.ends.sequences.find(gtid.domain);
    history_.before_last = 0;
    if (domain != history_.ends.sequences.end()) {
      const auto server = domain->second.find(gtid.server);
      if (server != domain->second.end()) history_.before_last = server->second;
    }
    history_.last = gtid;
    history_.ends.add(gtid);
    if (history_.ends.origins > GtidState::k_origins_max) return;
    if (has_arrived_) history_.next.emplace(gtid.domain, gtid);
  }

  std::optional<std::uint64_t> offset_;
  bool has_arrived_ = false;
  BinlogHistory history_;
};

const Gtid* find_domain(const std::vector<Gtid>& gtids, std::uint32_t domain) {
  const auto found = std::find_if(gtids.begin(), gtids.end(), [&](const Gtid& gtid) { return gtid.domain == domain; });
  return found == gtids.end() ? nullptr : &*found;
}

std::string noted_text(const std::vector<Gtid>& gtids) {
  GtidState state;
  for (const Gtid& gtid : gtids) state.add(gtid);
  return state.text();
}

/// What a copy notes is the last transaction that its server wrote itself or took in as a replica: the log may lack
/// those taken in, and never has one that the copy lacks.
std::string find_other_gtids(const BinlogHistory& log, const std::string& name, const BinlogPosition& position) {
  const auto differs = [&] {
    return fmt::format("'{}' has transactions up to {} at {}, the copy up to {}", name, log.there.text(),
                       position.offset, noted_text(*position.gtids));
  };
  for (const auto& [domain, has] : log.there.newest) {
    const Gtid* noted = find_domain(*position.gtids, domain);
    if (noted == nullptr) {
      if (has.server == log.server) return differs();
      continue;
    }
    if (has.sequence > noted->sequence) return differs();
    if (has.sequence == noted->sequence && has.server != noted->server) return differs();
  }
  for (const auto& [domain, next] : log.next) {
    const Gtid* noted = find_domain(*position.gtids, domain);
    const auto has = log.there.newest.find(domain);
    const bool is_same = noted != nullptr && has != log.there.newest.end() && has->second.sequence == noted->sequence;
    if (noted != nullptr && !is_same && next.sequence <= noted->sequence)
      return fmt::format("'{}' goes on with transaction {} at {}, where the copy has {} already", name, next.text(),
                         position.offset, noted->text());
  }
  return {};
}

/// Sequences of one domain at the end of a log and at the beginning of the next.
BinlogJoint::Kind join_domain(const std::map<std::uint32_t, std::uint64_t>& ends,
                              const std::map<std::uint32_t, std::uint64_t>& begins) {
  BinlogJoint::Kind kind = BinlogJoint::Kind::fits;
  for (const auto& [server, sequence] : ends) {
    const auto found = begins.find(server);
    if (found == begins.end() || found->second < sequence) return BinlogJoint::Kind::strange;
    if (found->second > sequence) kind = BinlogJoint::Kind::gap;
  }
  return begins.size() > ends.size() ? BinlogJoint::Kind::gap : kind;
}

BinlogJoint::Kind join_states(const GtidState& ends, const GtidState& begins) {
  if (begins.sequences.empty() && !ends.sequences.empty()) return BinlogJoint::Kind::strange;
  BinlogJoint::Kind kind = BinlogJoint::Kind::fits;
  for (const auto& [domain, sequences] : begins.sequences) {
    const auto found = ends.sequences.find(domain);  // one that ended may be gone: an administrator can forget it
    const BinlogJoint::Kind one =
        found == ends.sequences.end() ? BinlogJoint::Kind::gap : join_domain(found->second, sequences);
    kind = std::max(kind, one);
  }
  return kind;
}

/// As it was before its last transaction, of which a killed server may have written no more than the beginning.
GtidState without_last(const BinlogHistory& log) {
  GtidState state = log.ends;
  if (!log.last) return state;
  auto& domain = state.sequences[log.last->domain];
  if (log.before_last == 0)
    domain.erase(log.last->server);
  else
    domain[log.last->server] = log.before_last;
  if (domain.empty()) state.sequences.erase(log.last->domain);
  return state;
}

}  // namespace

std::string Gtid::text() const { return fmt::format("{}-{}-{}", domain, server, sequence); }

void GtidState::add(const Gtid& gtid) {
  const auto domain = sequences.find(gtid.domain);
  const bool is_known = domain != sequences.end() && domain->second.count(gtid.server) > 0;
  if (!is_known && ++origins > k_origins_max) return;
  sequences[gtid.domain][gtid.server] = gtid.sequence;
  newest[gtid.domain] = gtid;
}

std::string GtidState::text() const {
  std::string text;
  for (const auto& [domain, gtid] : newest) text += (text.empty() ? "" : ",") + gtid.text();
  return text.empty() ? "none" : text;
}

std::optional<std::vector<Gtid>> parse_gtids(std::string_view text) {
  std::vector<Gtid> gtids;
  const char* at = text.data();
  const char* const end = at + text.size();
  while (at != end) {
    Gtid gtid;
    const auto domain = std::from_chars(at, end, gtid.domain);
    if (domain.ec != std::errc() || domain.ptr == end || *domain.ptr != '-') return std::nullopt;
    const auto server = std::from_chars(domain.ptr + 1, end, gtid.server);
    if (server.ec != std::errc() || server.ptr == end || *server.ptr != '-') return std::nullopt;
    const auto sequence = std::from_chars(server.ptr + 1, end, gtid.sequence);
    if (sequence.ec != std::errc() || (sequence.ptr != end && *sequence.ptr != ',')) return std::nullopt;
    gtids.push_back(gtid);
    at = sequence.ptr == end ? end : sequence.ptr + 1;
  }
  return gtids;
}

std::string BinlogPosition::text() const { return fmt::format("{}:{}", base::printable(file), offset); }

base::Result<BinlogHistory> read_history(base::ByteSource& log, std::optional<std::uint64_t> offset) {
  HistoryReading reading(offset);
  LG_ASSIGN(const BinlogWalk walk, walk_binlog(log, [&](const BinlogEvent& event) { reading.on_event(event); }));
  BinlogHistory history = reading.finish(walk);
  if (history.ends.origins > GtidState::k_origins_max)
    return base::Error{.code = base::ErrorCode::limit_reached,
                       .what = fmt::format("a binary log names more than {} servers", GtidState::k_origins_max),
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = {}};
  return history;
}

std::string find_first_mismatch(const BinlogHistory& log, const std::string& name, const BinlogPosition& position) {
  if (log.is_inside)
    return fmt::format("'{}' is in the middle of a transaction at {}, where the copy stands", name, position.offset);
  if (!log.has_boundary && position.offset < log.whole_bytes)
    return fmt::format("'{}' has no event that begins at {}, where the copy stands", name, position.offset);
  if (!log.has_boundary && log.is_closed && log.broken.empty())
    return fmt::format("'{}' is complete with {} bytes, and the copy stands at {}", name, log.whole_bytes,
                       position.offset);
  if (position.made_before_s != 0 && log.last_before_s > position.made_before_s)
    return fmt::format(
        "'{}' was written at {} at a place before {}, where the copy stands, which was complete before {}", name,
        time_text(log.last_before_s), position.offset, time_text(position.made_before_s));
  if (!log.has_boundary || !log.has_gtids || !position.gtids) return {};
  return find_other_gtids(log, name, position);
}

BinlogJoint join_logs(const BinlogHistory& log, const std::string& name, const BinlogHistory& next,
                      const std::string& next_name) {
  using Kind = BinlogJoint::Kind;
  if (!log.goes_on_in.empty() && log.goes_on_in != next_name)
    return {Kind::strange, fmt::format("'{}' says that it goes on in '{}'", name, base::printable(log.goes_on_in))};
  if (!log.has_gtids || !next.has_gtids) return {};
  Kind kind = join_states(log.ends, next.begins);
  if (kind != Kind::fits && !log.is_closed && join_states(without_last(log), next.begins) == Kind::fits)
    kind = Kind::fits;
  // One that its server ended has all: nothing can be missing at its end.
  if (kind == Kind::gap && log.is_closed) kind = Kind::strange;
  if (kind == Kind::fits) return {};
  return {kind, fmt::format("'{}' goes on after transactions {}, '{}' ends with {}", next_name, next.begins.text(),
                            name, log.ends.text())};
}

base::Result<std::string> find_changed_byte(base::ByteSource& own, base::ByteSource& saved, const std::string& name,
                                            std::uint64_t end) {
  constexpr std::size_t k_piece_bytes = std::size_t{1} << 20U;
  // What stands in a log's first event changes with how it was saved: a server that sends a log makes it anew.
  std::uint64_t at = 0;
  LG_ASSIGN(const BinlogWalk walk, walk_binlog(own, [&](const BinlogEvent& event) {
              if (event.type == k_format_event && at == 0) at = event.at + event.length;
            }));
  if (at == 0) return std::string();
  end = std::min({end, walk.whole_bytes, saved.size_bytes()});
  std::vector<std::uint8_t> ours(k_piece_bytes);
  std::vector<std::uint8_t> theirs(k_piece_bytes);
  while (at < end) {
    const auto wanted = static_cast<std::size_t>(std::min<std::uint64_t>(k_piece_bytes, end - at));
    LG_ASSIGN(const std::size_t got, own.read(at, std::span(ours).first(wanted)));
    LG_ASSIGN(const std::size_t other, saved.read(at, std::span(theirs).first(wanted)));
    const std::size_t both = std::min(got, other);
    if (both == 0) break;
    const auto differs =
        std::mismatch(ours.begin(), ours.begin() + static_cast<std::ptrdiff_t>(both), theirs.begin()).first;
    if (differs != ours.begin() + static_cast<std::ptrdiff_t>(both))
      return fmt::format("'{}' is another log from {} on than the copy's own of that name", name,
                         at + static_cast<std::uint64_t>(differs - ours.begin()));
    at += both;
  }
  return std::string();
}

}  // namespace lastgood::engines::mariadb
