// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a case's timeline comes to. Plain values. Every statement carries the place that says so and how sure it is;
// what nothing says is absent, and shown as unknown. An address is a server and an account an account: neither is a
// person.
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "model/event.h"
#include "model/verdict.h"

namespace lastgood::timeline {

/// A place in the evidence; `evidence` empty: the case's own scan.
struct Proof {
  std::string evidence;
  std::uint64_t offset_bytes = 0;
  std::string parser;
  model::TimeBasis basis = model::TimeBasis::recorded;
};

/// A moment, and why it is believed.
struct Moment {
  std::int64_t at_ns = 0;
  model::Certainty certainty = model::Certainty::weak;
  std::string path;   // of the file it is about
  std::string basis;  // in words: "a log's renames to .bak9"
  Proof proof;
};

/// From one kind of source: logs, or times of files.
struct EncryptionSpan {
  std::string
      source;  // "logs: names of the campaign", "logs: last writes", "file times: modification", "file times: change"
  Moment first;
  Moment last;
  std::uint64_t files = 0;
};

/// Logins from outside before the encryption.
struct EntryCandidate {
  std::string account;
  std::string address;
  std::string host;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::uint64_t logins = 0;
  std::uint64_t failures_before = 0;  // failed logins from the same address before the first that succeeded
  bool also_encrypted = false;        // the same account or address renamed or wrote encrypted files
  model::Certainty certainty = model::Certainty::weak;
  std::string basis;
  Proof proof;
};

/// An account, at an address, on a host, that renamed files to the campaign's names, or wrote them.
struct Encryptor {
  std::string account;
  std::string address;
  std::string host;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::uint64_t files = 0;          // renamed to the campaign's extension, or written
  std::uint64_t files_matched = 0;  // of these, with a path that the scan judged encrypted
  bool by_rename = true;
  model::Certainty certainty = model::Certainty::weak;
  Proof first_proof;
  Proof last_proof;
  std::int64_t login_ns = 0;  // first login of this account from this address that a log tells of; 0: none
  Proof login_proof;
};

/// Bytes that flows sent to an address outside.
struct Outflow {
  std::string to_address;
  std::uint64_t bytes = 0;
  std::uint64_t flows = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  std::string largest_from;  // the inside address of the largest flow
  std::uint64_t largest_bytes = 0;
  Proof largest;
};

/// Two sources that cannot both be right. Both stand.
struct Contradiction {
  std::string sentence;
  std::int64_t gap_ns = 0;
  Proof one;
  Proof other;
};

/// What one log covers: before its first event and behind its last it says nothing.
struct Coverage {
  std::string evidence;  // empty: the case itself
  std::string parser;    // of its first event
  std::uint64_t events = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
};

inline constexpr std::int64_t k_bucket_ns = 300'000'000'000;  // five minutes
/// What the picture counts.
enum class Track : std::uint8_t {
  logins,
  failed_logins,
  file_changes,
  encryption,
  flows,
  requests,
  mails,
  snapshots,
  others
};
inline constexpr std::size_t k_track_count = 9;
using Buckets = std::map<std::int64_t, std::array<std::uint32_t, k_track_count>>;  // by at_ns / k_bucket_ns

struct TimelineSummary {
  std::uint64_t events = 0;
  std::array<std::uint64_t, model::k_event_kind_count> events_by_kind{};
  std::int64_t first_ns = 0;  // 0: no events
  std::int64_t last_ns = 0;
  std::vector<std::string> extensions;  // by which renames were told; empty: none known
  std::string extensions_basis;         // "campaign 1 of scan 1", "given"
  std::vector<EncryptionSpan> spans;    // the surest first
  std::vector<EntryCandidate> entries;  // the most telling first, at most k_shown_max
  std::uint64_t entries_left_out = 0;
  std::vector<Encryptor> encryptors;  // most files first, at most k_shown_max
  std::uint64_t encryptors_left_out = 0;
  std::vector<Outflow> outflows;  // most bytes first, at most k_shown_max
  std::uint64_t outflows_left_out = 0;
  std::vector<Contradiction> contradictions;
  std::vector<Coverage> coverage;       // by their first event, at most k_coverage_max
  std::uint64_t coverage_left_out = 0;  // events of logs beyond
  std::vector<std::string> limits;      // what was too much to be counted: sentences
  Buckets buckets;
};
inline constexpr std::size_t k_shown_max = 20;
inline constexpr std::size_t k_coverage_max = 2000;

/// The surest span's moments; null when nothing says when it was.
[[nodiscard]] const Moment* first_encryption(const TimelineSummary& summary);
[[nodiscard]] const Moment* last_encryption(const TimelineSummary& summary);

/// The one whose sides are farthest apart; null when no sources contradict each other.
[[nodiscard]] const Contradiction* widest_contradiction(const TimelineSummary& summary);

}  // namespace lastgood::timeline
