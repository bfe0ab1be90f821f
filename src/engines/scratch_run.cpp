// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/scratch_run.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engines/unit_check.h"

namespace lastgood::engines {

base::Status copy_files(const UnitView& view, const std::string& folder, os::ScratchTree& tree, const std::string& into,
                        const std::function<bool(std::string_view path)>& is_wanted) {
  UnitCheck listing(view, folder, model::Depth::standard);
  const std::vector<Member> members = listing.take_members(listing.home());
  if (!listing.is_good())
    return base::Error{.code = base::ErrorCode::io,
                       .what = fmt::format("cannot list all of '{}'", base::printable(folder)),
                       .path = folder};
  LG_TRY(tree.make_folder(into));
  for (const Member& member : members) {
    if (member.kind != model::EntryKind::regular || !is_wanted(member.path)) continue;
    const std::size_t slash = member.path.rfind('/');
    if (slash != std::string::npos) LG_TRY(tree.make_folder(into + "/" + member.path.substr(0, slash)));
    LG_ASSIGN(const std::unique_ptr<base::ByteSource> source, view.open(listing.home().in_view(member.path)));
    LG_TRY(tree.write_file(into + "/" + member.path, *source));
  }
  return base::Done{};
}

std::string find_program(const std::vector<std::string>& paths) {
  const auto found = std::find_if(paths.begin(), paths.end(), [](const std::string& path) {
    std::error_code ignored;
    return std::filesystem::is_regular_file(path, ignored);
  });
  return found == paths.end() ? std::string{} : *found;
}

base::Result<ScratchReport> report_not_started(const base::Error& error) {
  if (error.code != base::ErrorCode::damaged_source) return error;
  ScratchReport report;
  report.last_words = error.hint.empty() ? error.what : error.what + "\n" + error.hint;
  return report;
}

ScratchReport report_started(const ScratchStart& start) {
  ScratchReport report;
  report.outcome = ScratchReport::Outcome::sound;
  for (const std::string& sentence : start.unusable) report.complain(sentence);
  report.emptied = start.emptied;
  return report;
}

}  // namespace lastgood::engines
