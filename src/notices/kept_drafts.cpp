// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "notices/kept_drafts.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/checksum.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/directory_list.h"
#include "os/folder.h"
#include "os/program_files.h"

namespace lastgood::notices {

namespace {

constexpr std::size_t k_rules_max = 500;
constexpr std::size_t k_draft_bytes_max = 16U << 20U;
constexpr std::size_t k_kept_max = 9'999;

std::string folder_of(const std::string& case_folder) { return case_folder + "/notices"; }

base::Result<std::vector<std::string>> names_in(const std::string& folder) {
  LG_ASSIGN(const os::Descriptor directory, os::open_evidence_root(folder));
  std::vector<std::string> names;
  LG_TRY(os::list_directory(directory, folder, [&](std::string_view name, std::optional<os::FileKind>) {
    if (name.ends_with(".json")) names.emplace_back(name);
    return names.size() <= k_kept_max * 2;
  }));
  std::sort(names.begin(), names.end());
  return names;
}

/// "RULE.STAGE.NNNN.json" of this stage, the newest last.
base::Result<std::vector<std::string>> kept_names(const std::string& case_folder, const std::string& rule,
                                                  const std::string& stage) {
  auto names = names_in(folder_of(case_folder));
  if (!names.ok()) {
    if (names.error().code == base::ErrorCode::not_found) return std::vector<std::string>();
    return names;
  }
  const std::string prefix = rule + "." + stage + ".";
  std::vector<std::string> out;
  for (std::string& name : names.value()) {
    const bool fits = name.starts_with(prefix) && name.size() == prefix.size() + 4 + 5 &&
                      std::all_of(name.end() - 9, name.end() - 5, [](char c) { return c >= '0' && c <= '9'; });
    if (fits) out.push_back(std::move(name));
  }
  return out;
}

}  // namespace

base::Result<std::vector<Rule>> read_rules(const std::string& folder) {
  std::string place = folder;
  if (place.empty()) {
    LG_ASSIGN(const std::string one, os::find_program_file("notices/in-cert-in.json"));
    place = one.substr(0, one.rfind('/'));
  }
  LG_ASSIGN(const std::vector<std::string> names, names_in(place));
  std::vector<Rule> rules;
  for (const std::string& name : names) {
    if (rules.size() >= k_rules_max) break;
    LG_ASSIGN(const std::string text, os::read_own_file(place + "/" + name, k_rule_bytes_max));
    LG_ASSIGN(Rule rule, parse_rule(text, place + "/" + name));
    rules.push_back(std::move(rule));
  }
  std::sort(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) { return a.id < b.id; });
  const auto twice =
      std::adjacent_find(rules.begin(), rules.end(), [](const Rule& a, const Rule& b) { return a.id == b.id; });
  if (!rules.empty() && twice == rules.end()) return rules;
  return base::Error{.code = base::ErrorCode::misuse,
                     .what = rules.empty()
                                 ? fmt::format("no rules are in '{}'", base::printable(place))
                                 : fmt::format("two rules '{}' are in '{}'", twice->id, base::printable(place)),
                     .path = place,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "a rule is a file NAME.json; '--rules DIR' chooses the folder"};
}

base::Result<std::optional<Draft>> newest_draft(const std::string& case_folder, const std::string& rule,
                                                const std::string& stage) {
  LG_ASSIGN(const std::vector<std::string> names, kept_names(case_folder, rule, stage));
  if (names.empty()) return std::optional<Draft>();
  const std::string path = folder_of(case_folder) + "/" + names.back();
  LG_ASSIGN(const std::string text, os::read_own_file(path, k_draft_bytes_max));
  LG_ASSIGN(Draft draft, parse_draft(text, path));
  return std::optional(std::move(draft));
}

base::Result<std::string> keep_draft(const std::string& case_folder, ledger::Ledger& ledger, const Draft& draft) {
  LG_ASSIGN(const std::vector<std::string> names, kept_names(case_folder, draft.rule, draft.stage));
  // By the newest name, not by their number: one that somebody moved away leaves no name to be used twice.
  std::size_t number = 1;
  if (!names.empty()) number = std::stoul(names.back().substr(names.back().size() - 9, 4)) + 1;
  if (number > k_kept_max) {
    return base::Error{.code = base::ErrorCode::limit_reached,
                       .what = fmt::format("the case keeps {} drafts of this notice already", k_kept_max),
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = "move the older ones out of the case's folder 'notices'"};
  }
  const std::string json = write_json(draft) + "\n";
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(json)));
  const std::string name = fmt::format("{}.{}.{:04}.json", draft.rule, draft.stage, number);
  LG_TRY(os::make_private_folder(folder_of(case_folder), os::WhenThere::accept));
  LG_TRY(
      ledger.append("notice-drafted", {{"due", draft.deadline.sentence},
                                       {"name", name},
                                       {"sha256", base::hex(base::ByteView(std::span<const std::uint8_t>(digest)))}}));
  std::string path = folder_of(case_folder) + "/" + name;
  LG_TRY(os::write_atomic_file(path, base::ByteView(std::string_view(json)), os::Overwrite::no));
  return path;
}

}  // namespace lastgood::notices
