// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/open_session.h"

#include <ostream>

#include <fmt/format.h>

#include "base/human.h"
#include "casefile/open_case_store.h"
#include "cli/failures.h"
#include "os/clock.h"
#include "os/folder.h"
#include "os/paths.h"
#include "recovery/output_place.h"

namespace lastgood::cli {

namespace {

constexpr std::string_view k_suffix = ".case";

base::Error no_case() {
  return {.code = base::ErrorCode::not_found,
          .what = "no case was given and none is in the current folder",
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "use --case DIR or set LASTGOOD_CASE; 'lastgood case new DIR' makes one"};
}

Failure failure_of(base::Error error) {
  const ExitCode code = exit_code_of_case_error(error.code);
  return {.error = std::move(error), .code = code};
}

std::variant<Session, Failure> open_in(const std::string& folder, casefile::Access access) {
  Session session;
  auto resolved = os::resolve_folder(folder);
  if (!resolved.ok()) return Failure{std::move(resolved).error(), ExitCode::case_missing};
  session.folder = std::move(resolved).value();
  auto store = casefile::open_case_store(session.folder, access);
  if (!store.ok()) return failure_of(std::move(store).error());
  session.store = std::move(store).value();
  if (access == casefile::Access::write) {
    auto ledger = ledger::open_ledger(session.folder);
    if (!ledger.ok()) return failure_of(std::move(ledger).error(), session.folder, ExitCode::ledger_broken);
    session.ledger = std::move(ledger).value();
  }
  return session;
}

}  // namespace

ExitCode exit_code_of_case_error(base::ErrorCode code) {
  switch (code) {
    case base::ErrorCode::not_found: return ExitCode::case_missing;
    case base::ErrorCode::busy_retry: return ExitCode::case_busy;
    case base::ErrorCode::damaged_container: return ExitCode::case_damaged;
    case base::ErrorCode::no_space: return ExitCode::no_space;
    case base::ErrorCode::misuse: return ExitCode::wrong_use;
    case base::ErrorCode::cancelled: return ExitCode::interrupted;
    case base::ErrorCode::damaged_source:
    case base::ErrorCode::denied:
    case base::ErrorCode::unsupported:
    case base::ErrorCode::limit_reached:
    case base::ErrorCode::io: return ExitCode::case_failed;
  }
  return ExitCode::case_failed;
}

base::Result<std::optional<std::string>> find_case(const Context& context) {
  if (!context.case_folder.empty()) return std::optional<std::string>(context.case_folder);
  LG_ASSIGN(const std::vector<std::string> cases, os::folders_here(k_suffix));
  if (cases.size() > 1) {
    return base::Error{.code = base::ErrorCode::misuse,
                       .what = fmt::format("{} cases are in the current folder", cases.size()),
                       .path = {},
                       .offset_bytes = {},
                       .system_errno = 0,
                       .hint = fmt::format("say which with --case, for example --case '{}'", cases.back())};
  }
  return cases.empty() ? std::optional<std::string>() : std::optional<std::string>(cases.front());
}

std::variant<Session, Failure> open_to_read(const Context& context) {
  auto found = find_case(context);
  if (!found.ok()) return failure_of(std::move(found).error());
  if (!found.value()) return failure_of(no_case());
  return open_in(*found.value(), casefile::Access::read);
}

std::variant<Session, Failure> make_case(const std::string& folder) {
  std::string path = folder;
  while (path.size() > 1 && path.back() == '/') path.pop_back();
  if (!path.ends_with(k_suffix)) path += k_suffix;
  if (const base::Status place = recovery::check_outside_databases(path); !place.ok())
    return Failure{place.error(), ExitCode::target_refused};
  const base::Status made = os::make_private_folder(path, os::WhenThere::refuse);
  if (!made.ok()) return failure_of(made.error());
  auto ledger = ledger::create_ledger(path);
  if (!ledger.ok()) return failure_of(std::move(ledger).error(), path, ExitCode::ledger_failed);
  auto store = casefile::create_case_store(path);
  if (!store.ok()) return failure_of(std::move(store).error());
  auto resolved = os::resolve_folder(path);
  if (!resolved.ok()) return failure_of(std::move(resolved).error());
  return Session{
      .folder = std::move(resolved).value(), .store = std::move(store).value(), .ledger = std::move(ledger).value()};
}

std::variant<Session, Failure> open_to_write(const Context& context, WhenNoCase when_no_case) {
  auto found = find_case(context);
  if (!found.ok()) return failure_of(std::move(found).error());
  if (found.value()) return open_in(*found.value(), casefile::Access::write);
  if (when_no_case == WhenNoCase::fail) return failure_of(no_case());
  const std::string name = "incident-" + utc_time(os::SystemClock().now_ns()).substr(0, 10);
  context.err << "no case was given: making '" << name << k_suffix << "' here\n";
  return make_case(name);
}

}  // namespace lastgood::cli
