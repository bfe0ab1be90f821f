// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/plan_journal.h"

#include <array>
#include <span>

#include "os/random.h"

namespace lastgood::recovery::restore {

std::string plan_journal_path(const RestoreRequest& request, const os::RestoreTarget& target) {
  return journal_path(request.journal_folder, request.plan_sha256, static_cast<std::uint8_t>(request.mode),
                      target.path());
}

base::Result<std::unique_ptr<Journal>> open_plan_journal(const Plan& plan, const RestoreRequest& request,
                                                         const os::RestoreTarget& target) {
  LG_ASSIGN(const os::TargetStatus root, os::target_status(target.root(), target.path()));
  HeaderRecord header;
  header.mode = static_cast<std::uint8_t>(request.mode);
  header.plan_sha256 = parse_sha256(request.plan_sha256).value_or(std::array<std::uint8_t, 32>{});
  header.root_inode = root.inode;
  header.items = plan.items.size();
  std::array<std::uint8_t, 8> random{};
  os::fill_random(random);
  header.seed = base::ByteView(std::span<const std::uint8_t>(random)).le64(0);
  return Journal::open(plan_journal_path(request, target), header);
}

}  // namespace lastgood::recovery::restore
