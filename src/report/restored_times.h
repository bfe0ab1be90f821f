// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// As of when the data of each service are that a restore brought back: its databases as their logs brought them
// forward, its files as of their snapshot, and of a service without data of its own what it waits for. Only a restore
// to the place that the service works from counts; one beside, a test, changes nothing of what is said of the service.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "ledger/ledger.h"
#include "report/case_report.h"
#include "services/services_file.h"

namespace lastgood::report {

class RestoredTimes {
 public:
  /// Takes "restore-begun", "service-data-restored" and "replay-done", leaves others alone. In the ledger's order.
  void see(const ledger::Entry& entry);
  /// Of `out` what was restored, from where and as of when. REQUIRES: its services are those of `file`, each behind all
  /// it waits for.
  void settle(const services::ServicesFile& file, ServicesShare& out);

 private:
  struct Database {
    std::int64_t at_ns = 0;     // when it was restored: replays count from then on
    std::int64_t as_of_ns = 0;  // before them
  };
  /// What a restore brought back of one service. Before any log is replayed; 0: nothing of that kind.
  struct Restored {
    std::int64_t at_ns = 0;
    std::int64_t first_ns = 0;  // when the first of those that count had brought it back
    std::int64_t again_ns = 0;  // when the last of them had, where that is another restore
    std::string service;
    std::string run;  // plan and target
    std::string target;
    std::string mode;  // "in-place", "beside"; empty: the ledger does not say
    std::uint64_t bytes = 0;
    std::vector<std::string> from;
    std::map<std::string, Database> databases;  // by path
    std::int64_t sets_ns = 0;
    std::int64_t files_ns = 0;
    std::int64_t all_ns = 0;  // all that a ledger says which earlier versions wrote
  };
  struct Replay {
    std::int64_t at_ns = 0;
    std::string folder;
    std::int64_t as_of_ns = 0;
    std::string lacks;  // recovery::describe_lacks
  };

  void service_restored(const ledger::Entry& entry);
  static void keep_untouched(const Restored& last, Restored& next);
  static void take_newer(const services::Service& service, const Restored& other, Restored& own);
  void sort_by_place(const services::ServicesFile& file);
  [[nodiscard]] std::int64_t as_of_beside(const Restored& beside) const;
  [[nodiscard]] Restored data_of(const services::ServicesFile& file, const services::Service& service) const;
  void add_shared(const services::Service& service, const services::ServicesFile& file, Restored& own) const;
  [[nodiscard]] const Replay* find_replay(const Restored& own, const std::string& path) const;
  [[nodiscard]] std::int64_t replayed(const Restored& own, const std::string& path) const;
  void say_unreplayed(const services::Service& service, const Restored& own, ServiceShare& share) const;
  void settle_own(const Restored& own, ServiceShare& share) const;

  std::map<std::string, std::string, std::less<>> modes_;  // by plan and target
  std::vector<Restored> all_;
  std::map<std::string, Restored, std::less<>> restored_;  // by service, the last that counts
  std::map<std::string, Restored, std::less<>> beside_;    // by service, the last that does not
  std::vector<Replay> replays_;
};

}  // namespace lastgood::report
