// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/open_explained.h"

#include <utility>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "base/local_time.h"
#include "cli/case_zone.h"
#include "cli/failures.h"
#include "cli/output/recovery_line.h"
#include "os/evidence.h"
#include "os/paths.h"
#include "recovery/find_version.h"

namespace lastgood::cli {

namespace {

using base::Result;

/// What the case's last scan said, when there is a case: context that the bytes alone do not hold.
std::optional<model::FileRecord> find_recorded(const Context& context, const std::string& path) {
  std::optional<model::FileRecord> found;
  auto opened = open_to_read(context);
  auto* session = std::get_if<Session>(&opened);
  if (session == nullptr) return found;
  const auto visited =
      session->store->visit_files({.scan_id = {}, .verdicts = {}, .path = path, .path_below = {}, .details = true},
                                  [&](const model::FileRecord& file) {
                                    found = file;
                                    return true;
                                  });
  base::ignore_error(visited, "the explanation from the bytes stands without the case");
  return found;
}

std::string last_part(const std::string& path) { return path.substr(path.rfind('/') + 1); }

Failure failed(base::Error error, ExitCode otherwise) { return Failure{std::move(error), otherwise}; }

}  // namespace

std::variant<ExplainedFile, Failure> open_live_file(const std::string& path, const Context& context) {
  ExplainedFile file;
  auto absolute = os::absolute_path(path);
  if (!absolute.ok()) return failed(std::move(absolute).error(), ExitCode::source_missing);
  file.path = std::move(absolute).value();
  file.name = last_part(file.path);
  const std::size_t slash = file.path.rfind('/');
  const auto folder = os::open_evidence_root(slash == 0 ? "/" : file.path.substr(0, slash));
  if (!folder.ok()) return failed(folder.error(), ExitCode::source_missing);
  auto opened = os::open_evidence_file(folder.value(), file.name, file.path);
  if (!opened.ok()) return failed(std::move(opened).error(), ExitCode::source_unreadable);
  file.mtime_ns = opened.value().status().mtime_ns;
  file.bytes = std::make_unique<os::EvidenceFile>(std::move(opened).value());
  file.recorded = find_recorded(context, file.path);
  return file;
}

std::variant<ExplainedFile, Failure> open_backup_file(const std::string& path, const std::string& source,
                                                      const std::string& snapshot, const Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  const Session& session = std::get<Session>(opened);
  ExplainedFile file;
  TerminalPrompt prompt;
  auto sources = recovery::open_sources(*session.store, {source}, {}, prompt);
  if (!sources.ok()) {
    const ExitCode code = exit_code_of_source_error(sources.error().code);
    return failed(std::move(sources).error(), code);
  }
  file.sources = std::move(sources).value();
  auto found = recovery::find_version(file.sources.opened.front(), path, snapshot);
  if (!found.ok()) return failed(std::move(found).error(), ExitCode::source_missing);
  recovery::FoundVersion version = std::move(found).value();
  auto judged = recovery::find_judged(*session.store, version.entry.content.key);
  if (!judged.ok()) return failed(std::move(judged).error(), ExitCode::case_failed);
  file.path = path;
  file.name = version.entry.name;
  file.where =
      fmt::format("snapshot {} of '{}', {}", base::printable(version.snapshot.id.substr(0, 40)),
                  base::printable(source), base::time_in_zone(version.snapshot.time_ns, zone_of(*session.store)));
  file.mtime_ns = version.entry.mtime_ns;
  file.recorded = std::move(judged).value();
  file.bytes = std::move(version.bytes);
  return file;
}

}  // namespace lastgood::cli
