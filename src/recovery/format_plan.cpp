// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <algorithm>

#include <fmt/format.h>

#include "base/counted.h"
#include "base/human.h"
#include "base/local_time.h"
#include "base/rfc3339.h"
#include "recovery/plan_databases.h"
#include "recovery/plan_file.h"
#include "recovery/plan_services.h"

namespace lastgood::recovery {

namespace {

using base::human_bytes;
using base::human_count;
using base::time_in_zone;

constexpr std::size_t k_losses_shown = 20;
constexpr std::size_t k_tops_shown = 40;

std::uint64_t count_files(const Plan& plan) {
  return static_cast<std::uint64_t>(std::count_if(plan.items.begin(), plan.items.end(), [](const PlanItem& item) {
    return item.kind == model::EntryKind::regular;
  }));
}

std::string sources_part(const Plan& plan) {
  std::string out = "\nFrom\n";
  for (std::uint32_t i = 0; i < plan.sources.size(); ++i) {
    const PlanSource& source = plan.sources[i];
    std::uint64_t files = 0;
    std::uint64_t bytes = 0;
    for (const PlanItem& item : plan.items) {
      if (plan.snapshots[item.snapshot].source != i || item.kind != model::EntryKind::regular) continue;
      ++files;
      bytes += item.size_bytes;
    }
    out += fmt::format("  {:<14} {:>10} files {:>10}  {} ({})\n", base::printable(source.name), human_count(files),
                       human_bytes(bytes), base::printable(source.address), source.format);
    if (source.independence == model::Independence::attached)
      out += fmt::format("  {:<14} ATTACHED: the attacker could reach this source, too\n", "");
  }
  return out;
}

std::string reasons_part(const Plan& plan) {
  std::vector<std::uint64_t> files(plan.whys.size());
  for (const PlanItem& item : plan.items) ++files[item.why];
  std::string out = "\nWhy these versions\n";
  for (std::size_t i = 0; i < plan.whys.size(); ++i) {
    if (files[i] > 0) out += fmt::format("  {:>10}  {}\n", human_count(files[i]), base::printable(plan.whys[i]));
  }
  return out;
}

std::string tops_part(const Plan& plan, std::string_view zone) {
  std::string out = fmt::format("\nBy folder\n  {:>10} {:>10} {:>8}  {:<26} {:<26} {}\n", "files", "bytes", "lost",
                                "oldest snapshot", "newest snapshot", "folder");
  for (std::size_t i = 0; i < std::min(plan.tops.size(), k_tops_shown); ++i) {
    const PlanTop& top = plan.tops[i];
    const auto time_or_dash = [&](std::int64_t ns) { return ns == 0 ? std::string("-") : time_in_zone(ns, zone); };
    out += fmt::format("  {:>10} {:>10} {:>8}  {:<26} {:<26} {}\n", human_count(top.files), human_bytes(top.bytes),
                       human_count(top.files_lost), time_or_dash(top.oldest_ns), time_or_dash(top.newest_ns),
                       base::printable(top.path));
  }
  if (plan.tops.size() > k_tops_shown)
    out += fmt::format("  ... and {} more folders, in the plan itself\n", plan.tops.size() - k_tops_shown);
  return out;
}

std::string units_part(const Plan& plan, std::string_view zone) {
  if (plan.units.empty()) return {};
  std::string out = "\nDatabases and other sets that come back as one\n";
  for (const PlanUnit& unit : plan.units) {
    const PlanSnapshot& snapshot = plan.snapshots[unit.snapshot];
    out += fmt::format("  {:<12} {}  from {} of {}, {}\n", unit.kind, base::printable(unit.path),
                       base::printable(snapshot.id), time_in_zone(snapshot.time_ns, zone),
                       unit.data_as_of_ns == 0 ? std::string("of about then: the data say no time themselves")
                                               : "data as of " + time_in_zone(unit.data_as_of_ns, zone));
    for (const std::string& sentence : sentences_of(unit, zone))
      out += "               " + base::printable(sentence) + "\n";
    for (const std::string& remark : unit.remarks) out += "               " + base::printable(remark) + "\n";
  }
  return out;
}

std::string losses_part(const Plan& plan) {
  const bool is_some_given_up = std::any_of(plan.units.begin(), plan.units.end(),
                                            [](const PlanUnit& unit) { return !unit.fault_in_place.empty(); });
  if (plan.losses.empty())
    return plan.unjudged.empty() && !is_some_given_up ? "\nNothing is known to be lost.\n"
                                                      : "\nNothing else is known to be lost.\n";
  std::string out = fmt::format("\nCannot be brought back: {}\n", human_count(plan.losses.size()));
  for (std::size_t i = 0; i < std::min(plan.losses.size(), k_losses_shown); ++i)
    out += fmt::format("  {}\n      {}\n", base::printable(plan.losses[i].path), base::printable(plan.losses[i].why));
  if (plan.losses.size() > k_losses_shown)
    out += fmt::format("  ... and {} more, in the plan itself\n", plan.losses.size() - k_losses_shown);
  return out;
}

/// The plan says it in UTC: "nas 3fa1.. of 2022-11-23T01:15:00Z".
std::string last_clean(const Plan& plan, std::string_view zone) {
  const std::string& said = plan.last_clean_snapshot;
  const std::size_t of = said.rfind(" of ");
  if (of == std::string::npos) return said;
  const auto time_ns = base::parse_rfc3339(said.substr(of + 4));
  return time_ns ? said.substr(0, of + 4) + time_in_zone(*time_ns, zone) : said;
}

/// The newest clean one may hold nothing but logs: then it is not the copy that people take it for.
bool is_taken_from(const Plan& plan, std::string_view snapshot) {
  return std::any_of(plan.snapshots.begin(), plan.snapshots.end(), [&](const PlanSnapshot& one) {
    return snapshot.starts_with(plan.sources.at(one.source).name + " " + one.id + " of ");
  });
}

std::string gain_part(const Plan& plan, std::string_view zone) {
  if (plan.last_clean_snapshot.empty())
    return "\nNo snapshot is known to be free of encrypted files: every version is chosen file by file.\n";
  std::string out =
      fmt::format("\nLast clean snapshot: {}{}\n", base::printable(last_clean(plan, zone)),
                  is_taken_from(plan, plan.last_clean_snapshot) ? "" : " (none of these files comes from it)");
  if (plan.files_newer_than_last_clean == 0) return out;
  out += fmt::format("Choosing file by file brings back {} files that are newer than it, up to {:.1f} hours newer.\n",
                     human_count(plan.files_newer_than_last_clean), plan.hours_gained_max);
  return out;
}

std::string began_words(const Plan& plan, std::string_view zone) {
  if (plan.attack_began_ns == 0) return "at an unknown time";
  const std::string time = "about " + time_in_zone(plan.attack_began_ns, zone);
  return plan.attack_basis.empty() ? time : fmt::format("{} ({})", time, base::printable(plan.attack_basis));
}

}  // namespace

std::string format_exchanges(const Plan& plan, std::string_view zone) {
  std::string out;
  for (const PlanUnit& unit : plan.units) {
    if (unit.fault_in_place.empty()) continue;
    out += fmt::format(
        "\n{} {}: nothing of it is encrypted as the newest scan saw it, but what stands there is damaged: {}\n    {}\n",
        unit.kind, base::printable(unit.path), base::printable(unit.fault_in_place), describe_exchange(unit, zone));
  }
  return out;
}

std::string format_unjudged(const Plan& plan) {
  std::vector<const UnjudgedFile*> changed;
  std::vector<const UnjudgedFile*> others;
  for (const UnjudgedFile& one : plan.unjudged) (one.why.empty() ? changed : others).push_back(&one);
  std::string out;
  if (!changed.empty())
    out += fmt::format(
        "\nChanged while the attack ran, and nobody can tell whether by it: {}. {} left: look at {}, and at what the "
        "backups have (lastgood history PATH)\n",
        base::counted(changed.size(), "file"), changed.size() == 1 ? "It is" : "They are",
        changed.size() == 1 ? "it" : "them");
  for (std::size_t i = 0; i < std::min(changed.size(), k_losses_shown); ++i)
    out += fmt::format("  {}\n", base::printable(changed[i]->path));
  if (changed.size() > k_losses_shown)
    out += fmt::format("  ... and {} more, in the plan itself\n", changed.size() - k_losses_shown);
  if (!others.empty()) out += "\nLeft as it is, and to be looked at:\n";
  for (std::size_t i = 0; i < std::min(others.size(), k_losses_shown); ++i)
    out += fmt::format("  {}\n      {}\n", base::printable(others[i]->path), base::printable(others[i]->why));
  return out;
}

std::string format_plan(const Plan& plan, const std::string& digest, std::string_view zone) {
  std::string out = fmt::format("Recovery plan for {}\nmade {}\ndigest sha256:{}\n\n", base::printable(plan.case_name),
                                time_in_zone(plan.made_ns, zone), digest);
  out += fmt::format("{} files, {} come back. The attack began {}.\n", human_count(count_files(plan)),
                     human_bytes(plan.space.restored_bytes), began_words(plan, zone));
  if (plan.files_deleted_before > 0) {
    out += fmt::format("Deleted by their owners before the attack, and left so: {} (--deleted brings them back).\n",
                       human_count(plan.files_deleted_before));
  }
  out += format_services(plan, zone);
  out += gain_part(plan, zone) + sources_part(plan) + reasons_part(plan) + units_part(plan, zone) +
         tops_part(plan, zone) + format_unjudged(plan) + losses_part(plan);
  out += fmt::format(
      "\nSpace: {} for what comes back, {} of encrypted originals are kept when it is done in place, {} for the "
      "journal.\n",
      human_bytes(plan.space.restored_bytes), human_bytes(plan.space.kept_bytes),
      human_bytes(plan.space.journal_bytes));
  out +=
      "\nAgreed by (name, date, signature):\n\n  ________________________________   ________________________________\n";
  return out;
}

}  // namespace lastgood::recovery
