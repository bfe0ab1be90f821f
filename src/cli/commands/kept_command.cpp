// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/local_time.h"
#include "base/rfc3339.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/restore_line.h"
#include "cli/output/shell_word.h"
#include "cli/output/with_case.h"
#include "os/terminal.h"
#include "recovery/kept.h"
#include "recovery/kept_places.h"
#include "recovery/plan_file.h"
#include "recovery/restore_plan.h"

namespace lastgood::cli {

namespace {

struct KeptOptions {
  CLI::App* verify = nullptr;
  CLI::App* release = nullptr;
  std::string plan;
  std::string root;  // empty: as the ledger says
  std::string person;
  std::string reason;
  std::vector<std::string> paths;
  bool all = false;
};

/// ": 1 differs, 354 kept", what is wrong first; empty: nothing is there.
std::string in_which_states(const std::vector<recovery::KeptOriginal>& kept) {
  using recovery::KeptState;
  std::string out;
  for (const KeptState state : {KeptState::missing, KeptState::differs, KeptState::unreadable, KeptState::unproven,
                                KeptState::kept, KeptState::released}) {
    const auto count =
        std::count_if(kept.begin(), kept.end(), [&](const recovery::KeptOriginal& one) { return one.state == state; });
    if (count > 0)
      out += fmt::format("{}{} {}", out.empty() ? ": " : ", ", human_count(static_cast<std::uint64_t>(count)),
                         recovery::name_of(state));
  }
  return out;
}

void print(const std::vector<recovery::KeptOriginal>& kept, Context& context) {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  for (const recovery::KeptOriginal& original : kept) {
    bytes += original.size_bytes;
    files += original.files;
    if (context.output == Output::json) {
      nlohmann::ordered_json line = {{"type", "kept"}};
      set_text(line, "path", original.path);
      set_text(line, "kept", original.kept_path);
      line["size"] = original.size_bytes;
      line["mtime"] = utc_time(original.mtime_ns);
      line["sha256"] = original.sha256;
      line["folder"] = original.is_folder;
      line["files"] = original.files;
      line["state"] = recovery::name_of(original.state);
      line["why"] = base::printable(original.why);
      context.out << line.dump() << "\n";
      continue;
    }
    context.out << fmt::format("  {:<11} {:>10}  {}", recovery::name_of(original.state),
                               human_bytes(original.size_bytes), base::printable(original.path));
    if (original.is_folder) context.out << fmt::format(" ({} files)", human_count(original.files));
    context.out << (original.why.empty()
                        ? "\n"
                        : "\n      " + base::printable(with_case(original.why, context.case_folder)) + "\n");
  }
  if (context.output == Output::text)
    context.out << fmt::format("{} originals of {} files, {}{}\n", human_count(kept.size()), human_count(files),
                               human_bytes(bytes), in_which_states(kept));
}

base::Result<recovery::ReleaseOrder> order_of(const KeptOptions& options,
                                              const std::vector<recovery::KeptOriginal>& kept) {
  recovery::ReleaseOrder order{.person = options.person, .reason = options.reason};
  for (const recovery::KeptOriginal& original : kept) {
    const bool is_named = std::find(options.paths.begin(), options.paths.end(), original.path) != options.paths.end();
    const bool is_there = original.state != recovery::KeptState::released;
    if (is_named || (options.all && is_there)) order.items.push_back(original.item);
  }
  if (order.items.empty() || (!options.all && order.items.size() != options.paths.size())) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = "not every path that was named is a kept original",
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "'lastgood kept list PLAN' shows them; name them as shown, or give --all"};
  }
  return order;
}

using recovery::KnownKeptPlace;

std::string command_for(std::string_view verb, const KnownKeptPlace& known, const Session& session) {
  return fmt::format("lastgood --case {} kept {} {} --root {}", shell_word(session.folder), verb,
                     shell_word(known.plan_path), shell_word(known.place.target));
}

std::string lost_plan_text(const KnownKeptPlace& known) {
  return fmt::format(
      "its plan (digest {}...{}) is not there any more; what was kept lies in {}/{}/{}, and in the folder of that name "
      "at "
      "the top of each disk that is mounted below",
      known.place.plan_sha256.substr(0, 16),
      known.plan_made.empty() ? "" : ", made as " + base::printable(known.plan_made),
      known.place.target == "/" ? std::string() : base::printable(known.place.target), recovery::k_kept_folder,
      known.place.plan_sha256.substr(0, 16));
}

nlohmann::ordered_json json_of_place(const KnownKeptPlace& known) {
  nlohmann::ordered_json line = {{"type", "kept_place"}};
  set_text(line, "plan", known.plan_path);
  set_text(line, "root", known.place.target);
  line["plan_sha256"] = known.place.plan_sha256;
  line["begun"] = known.begun;
  return line;
}

/// What each restore in place of the case keeps.
Outcome list_places(const std::vector<KnownKeptPlace>& places, const Session& session, Context& context) {
  bool is_any_lost = false;
  for (const KnownKeptPlace& known : places) {
    std::vector<recovery::KeptOriginal> kept;
    if (const auto read = recovery::read_plan(known.plan_path); !known.plan_path.empty() && read.ok()) {
      auto listed = recovery::list_kept(read.value().plan, known.place);
      if (!listed.ok()) return failure_of(listed.error(), session.folder, ExitCode::recovery_failed);
      kept = std::move(listed).value();
    }
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    std::erase_if(kept, [](const recovery::KeptOriginal& one) { return one.state == recovery::KeptState::released; });
    for (const recovery::KeptOriginal& one : kept) {
      files += one.files;
      bytes += one.size_bytes;
    }
    is_any_lost = is_any_lost || known.plan_path.empty();
    const std::string begun =
        "begun " + base::time_in_zone(base::parse_rfc3339(known.begun).value_or(0), zone_of(*session.store));
    if (context.output == Output::json) {
      nlohmann::ordered_json line = json_of_place(known);
      line["originals"] = kept.size();
      line["files"] = files;
      line["bytes"] = bytes;
      context.out << line.dump() << "\n";
    } else if (known.plan_path.empty()) {
      context.out << fmt::format("{}: {}\n", begun, lost_plan_text(known));
    } else {
      context.out << fmt::format("{}: {} originals of {} files, {}\n  {}\n", begun, human_count(kept.size()),
                                 human_count(files), human_bytes(bytes), command_for("list", known, session));
    }
  }
  if (context.output == Output::text && places.empty()) context.out << "no restore in place was begun in this case\n";
  return is_any_lost ? ExitCode::in_part : ExitCode::done;
}

/// `what`: why no place is known for what was asked.
Failure name_the_plans(std::string what, std::string_view verb, const Session& session,
                       std::vector<KnownKeptPlace> places) {
  recovery::find_their_plans(session.folder, places);
  base::Error error{.code = base::ErrorCode::misuse,
                    .what = std::move(what),
                    .path = {},
                    .offset_bytes = {},
                    .system_errno = 0,
                    .hint = "'kept list' without a plan shows those of this case"};
  for (const KnownKeptPlace& known : places)
    if (!known.plan_path.empty()) error.hint += "\n  " + command_for(verb, known, session);
  return {std::move(error), ExitCode::wrong_use};
}

/// The root that this plan was restored to, where there is one only.
std::string root_of(const KeptOptions& options, const std::string& plan_sha256,
                    const std::vector<KnownKeptPlace>& places) {
  if (!options.root.empty()) return options.root;
  std::string root;
  for (const KnownKeptPlace& known : places) {
    if (known.place.plan_sha256 != plan_sha256) continue;
    if (!root.empty()) return "/";
    root = known.place.target;
  }
  return root.empty() ? "/" : root;
}

Outcome verify(const recovery::Plan& plan, const recovery::KeptPlace& place, Context& context) {
  RestoreLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no);
  const auto verified = recovery::verify_kept(plan, place, line);
  line.clear();
  if (os::stop_requested()) return ExitCode::interrupted;
  LG_OUTCOME(const std::vector<recovery::KeptOriginal> kept, verified, ExitCode::recovery_failed);
  print(kept, context);
  const bool is_any_wrong = std::any_of(kept.begin(), kept.end(), [](const recovery::KeptOriginal& original) {
    return original.state == recovery::KeptState::missing || original.state == recovery::KeptState::differs ||
           original.state == recovery::KeptState::unreadable;
  });
  const bool is_any_unproven = std::any_of(kept.begin(), kept.end(), [](const recovery::KeptOriginal& original) {
    return original.state == recovery::KeptState::unproven;
  });
  if (is_any_wrong) return ExitCode::bad_found;
  return is_any_unproven ? ExitCode::in_part : ExitCode::done;
}

/// Each restore in place of the case, one after the other; the worst of their ends.
Outcome verify_places(const std::vector<KnownKeptPlace>& places, const Session& session, Context& context) {
  ExitCode worst = ExitCode::done;
  for (const KnownKeptPlace& known : places) {
    if (context.output == Output::json)
      context.out << json_of_place(known).dump() << "\n";
    else
      context.out << (known.plan_path.empty() ? lost_plan_text(known) : command_for("verify", known, session)) << "\n";
    ExitCode one = ExitCode::in_part;  // what nobody can name was not verified
    if (!known.plan_path.empty()) {
      LG_OUTCOME(const recovery::ReadPlan read, recovery::read_plan(known.plan_path), ExitCode::plan_refused);
      Outcome outcome = verify(read.plan, known.place, context);
      const auto* code = std::get_if<ExitCode>(&outcome);
      if (code == nullptr || *code == ExitCode::interrupted) return outcome;
      one = *code;
    }
    if (one == ExitCode::bad_found || worst == ExitCode::done) worst = one;
  }
  if (context.output == Output::text && places.empty()) context.out << "no restore in place was begun in this case\n";
  return worst;
}

Outcome release(const recovery::Plan& plan, const recovery::KeptPlace& place, const KeptOptions& options,
                const std::vector<recovery::KeptOriginal>& kept, Session& session, Context& context) {
  LG_OUTCOME(const recovery::ReleaseOrder order, order_of(options, kept), ExitCode::wrong_use);
  LG_OUTCOME(const recovery::ReleaseOutcome outcome, recovery::release_kept(plan, place, order, *session.ledger),
             ExitCode::recovery_failed);
  print(outcome.released, context);
  if (outcome.stayed.empty()) return ExitCode::done;
  if (context.output == Output::text) context.out << "not released:\n";
  print(outcome.stayed, context);
  return ExitCode::in_part;
}

Outcome run_kept(const KeptOptions& options, Context& context) {
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(std::vector<KnownKeptPlace> places, recovery::find_kept_places(session.folder), ExitCode::ledger_failed);
  if (options.verify->parsed()) os::catch_stop_signals();
  const bool is_release = options.release->parsed();
  if (options.plan.empty()) {
    if (is_release) return name_the_plans("nothing says of which restore", "release", session, places);
    recovery::find_their_plans(session.folder, places);
    return options.verify->parsed() ? verify_places(places, session, context) : list_places(places, session, context);
  }
  LG_OUTCOME(const recovery::ReadPlan read, recovery::read_plan(options.plan), ExitCode::plan_refused);
  const bool is_known = std::any_of(places.begin(), places.end(), [&](const KnownKeptPlace& known) {
    return known.place.plan_sha256 == read.digest;
  });
  if (!is_known)
    return name_the_plans(fmt::format("the plan that is now '{}' was not carried out in place in this case",
                                      base::printable(options.plan)),
                          is_release                 ? "release"
                          : options.verify->parsed() ? "verify"
                                                     : "list",
                          session, places);
  const recovery::KeptPlace place{.target = root_of(options, read.digest, places),
                                  .journal_folder = session.folder + "/restores",
                                  .plan_sha256 = read.digest};
  if (options.verify->parsed()) return verify(read.plan, place, context);
  LG_OUTCOME(const std::vector<recovery::KeptOriginal> kept, recovery::list_kept(read.plan, place),
             ExitCode::recovery_failed);
  if (is_release) return release(read.plan, place, options, kept, session, context);
  print(kept, context);
  return ExitCode::done;
}

void declare_common(CLI::App& app, KeptOptions& options) {
  app.add_option("plan", options.plan,
                 "the plan that was carried out in place; list and verify: without it, all of the case")
      ->type_name("PLAN");
  app.add_option("--root", options.root, "the root that it was restored to (default: as the ledger says)")
      ->type_name("DIR");
}

Run declare_kept(CLI::App& app) {
  const auto options = std::make_shared<KeptOptions>();
  declare_common(*app.add_subcommand("list", "show the encrypted originals that a restore in place kept"), *options);
  options->verify = app.add_subcommand("verify", "read them and compare their digests");
  declare_common(*options->verify, *options);
  options->release = app.add_subcommand("release", "remove originals for good; a person says so, and why");
  declare_common(*options->release, *options);
  options->release->add_option("path", options->paths, "originals to remove, as listed")->type_name("PATH");
  options->release->add_flag("--all", options->all, "all that are kept");
  options->release->add_option("--by", options->person, "who says so")->required()->type_name("NAME");
  options->release->add_option("--reason", options->reason, "why")->required()->type_name("TEXT");
  app.require_subcommand(1);
  return [options](Context& context) { return run_kept(*options, context); };
}

}  // namespace

const Command k_kept_command = {
    .name = "kept",
    .summary = "List, verify or release the encrypted originals that a restore in place kept",
    .description =
        "They are evidence, and the last resort should a key turn up one day. They lie on the file system that they "
        "come\n"
        "from, in .lastgood-kept/ with 16 digits of the plan's digest, at the top of what is mounted there. Nothing "
        "but this command removes them, "
        "only\n"
        "while each is the very file that was kept: it is read before. The ledger says first who wanted it and why. "
        "The\n"
        "folders of databases are verified like files and always stay: a person removes them by hand.\n"
        "The case keeps each plan that was carried out in place (restores/plan-DIGITS.json): another plan may take "
        "the\n"
        "name of its file, and 'list' without a plan names them all.\n"
        "Exit code: verify 1 something is missing or differs, 3 of a folder no digests were kept; release 3 something\n"
        "stayed, and is named.",
    .examples =
        "  lastgood kept list\n  lastgood kept verify\n  lastgood kept list plan.json\n"
        "  lastgood kept release plan.json --all --by 'A. Kumar' --reason 'images are with the police, no. 17'",
    .declare = declare_kept};

}  // namespace lastgood::cli
