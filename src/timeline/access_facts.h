// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// AccessFacts: logins from outside, and bytes that left to addresses outside. Private to timeline/.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <unordered_map>
#include <vector>

#include "events/packed_event.h"
#include "model/ip_address.h"
#include "timeline/summary.h"

namespace lastgood::timeline {

class AccessFacts {
 public:
  /// REQUIRES: `own` outlives this object.
  explicit AccessFacts(const std::vector<model::IpBlock>& own) : own_(own) {}

  /// In order of time.
  void take(const events::EventView& event);
  /// Entries and outflows. REQUIRES: spans and encryptors of `summary` are complete.
  void finish(TimelineSummary& summary);

 private:
  using Who = std::tuple<std::string, std::string, std::string>;
  struct FirstLogin {
    std::int64_t at_ns = 0;
    Proof proof;
  };
  struct Failures {
    std::uint64_t count = 0;
  };

  bool is_outside(std::string_view address);
  void take_login(const events::EventView& event);
  void take_flow(const events::EventView& event);
  void note_first_login(const events::EventView& event);
  void add_entries(TimelineSummary& summary) const;

  const std::vector<model::IpBlock>& own_;
  std::unordered_map<std::string, bool> outside_;  // what addresses were found to be
  std::map<Who, EntryCandidate> logins_;
  std::unordered_map<std::string, Failures> failures_;
  std::unordered_map<std::string, FirstLogin> first_logins_;  // by account and address, from inside, too
  std::uint64_t beyond_logins_ = 0;
  std::uint64_t beyond_failures_ = 0;
  std::unordered_map<std::string, Outflow> outflows_;
  std::uint64_t beyond_outflows_ = 0;
  std::uint64_t beyond_outflow_bytes_ = 0;
};

}  // namespace lastgood::timeline
