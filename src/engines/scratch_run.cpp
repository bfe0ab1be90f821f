// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/scratch_run.h"

#include <algorithm>
#include <filesystem>

#include <fmt/format.h>

#include "engines/unit_check.h"
#include "os/run_program.h"

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

base::Result<ScratchReport> run_locked_in(const std::string& script, const std::vector<std::string>& arguments,
                                          const os::ScratchTree& tree, int time_limit_s) {
  constexpr std::size_t k_complaints_max = 200;
  constexpr std::size_t k_last_words_max = 4000;
  if (!os::has_root_rights())
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "cannot lock a database server in without root's rights",
                       .hint = "run this step as root: the server itself will run as nobody"};
  const os::PlainAccount account = os::plain_account();
  std::vector<std::string> command{"/usr/bin/unshare",
                                   "--net",
                                   "--ipc",
                                   "--uts",
                                   "--pid",
                                   "--fork",
                                   "--kill-child=KILL",
                                   "--",
                                   "/usr/bin/setpriv",
                                   fmt::format("--reuid={}", account.user_id),
                                   fmt::format("--regid={}", account.group_id),
                                   "--clear-groups",
                                   "--no-new-privs",
                                   "--inh-caps=-all",
                                   "--bounding-set=-all",
                                   "--",
                                   "/usr/bin/timeout",
                                   "-k",
                                   "5",
                                   std::to_string(time_limit_s),
                                   "/bin/sh",
                                   "-c",
                                   script,
                                   "scratch"};
  command.insert(command.end(), arguments.begin(), arguments.end());
  LG_ASSIGN(const os::ProgramEnd end, os::run_program(command, tree.path()));
  ScratchReport report;
  bool has_started = false;
  for (std::size_t at = 0; at < end.printed.size();) {
    const std::size_t stop = std::min(end.printed.find('\n', at), end.printed.size());
    const std::string line = base::printable(std::string_view(end.printed).substr(at, stop - at));
    at = stop + 1;
    if (line == "STARTED")
      has_started = true;
    else if (line.starts_with("COMPLAINT ")) {
      if (report.complaints.size() < k_complaints_max) report.complaints.push_back(line.substr(10));
    } else {
      report.last_words += line + "\n";
    }
  }
  if (report.last_words.size() > k_last_words_max)
    report.last_words.erase(0, report.last_words.size() - k_last_words_max);
  using Outcome = ScratchReport::Outcome;
  if (!has_started || end.exit_code != 0)
    report.outcome = Outcome::not_started;
  else
    report.outcome = report.complaints.empty() ? Outcome::sound : Outcome::complaints;
  return report;
}

}  // namespace lastgood::engines
