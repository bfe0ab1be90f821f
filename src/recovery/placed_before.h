// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What earlier restores in place of a case put where, by their journals and plans: a file that stands in the way of a
// plan may be one that another plan brought back.
#pragma once

#include <map>
#include <string>
#include <utility>

#include "recovery/restore_plan.h"

namespace lastgood::recovery {

/// Reads nothing before it is asked for the first time, and then all journals of the case: nobody asks where nothing
/// stands in the way. A restore whose plan is not found is not known here.
class PlacedBefore final : public EarlierRestores {
 public:
  /// `target`: the root that is restored to, without links; times as the clocks of `zone` show them.
  PlacedBefore(std::string case_folder, std::string target, std::string own_plan_sha256, std::string zone);
  [[nodiscard]] std::string find_placed(const std::string& path, std::uint64_t inode) override;

 private:
  void read_journals();
  std::string case_folder_;
  std::string target_;
  std::string own_plan_sha256_;
  std::string zone_;
  bool is_read_ = false;
  std::map<std::pair<std::string, std::uint64_t>, std::string> placed_;  // by path and inode
};

}  // namespace lastgood::recovery
