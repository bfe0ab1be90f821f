// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Asking a scratch server in tests: the answer as one text, or what it said no with.
#pragma once

#include <gtest/gtest.h>

#include <filesystem>
#include <memory>
#include <string>

#include "engines/evidence_view.h"
#include "engines/scratch_server.h"
#include "engines/testing/engine_parent.h"

namespace lastgood::engines::testing {

/// "a|b\n1|2\n"; NULL is "-".
class TextSink final : public RowSink {
 public:
  std::string text;
  std::uint64_t rows = 0;
  std::uint64_t enough = UINT64_MAX;
  void on_columns(std::span<const std::string> names) override {
    for (std::size_t i = 0; i < names.size(); ++i) text += (i == 0 ? "" : "|") + names[i];
    text += '\n';
  }
  bool on_row(std::span<const std::optional<std::string_view>> values) override {
    for (std::size_t i = 0; i < values.size(); ++i) text += (i == 0 ? "" : "|") + std::string(values[i].value_or("-"));
    text += '\n';
    return ++rows < enough;
  }
};

/// The answer without its first line; "CODE: what" when there is none.
inline std::string ask(ScratchServer& server, const std::string& database, const std::string& sql,
                       const RowLimits& limits = {}) {
  TextSink sink;
  const base::Status status = server.ask(database, sql, limits, sink);
  if (!status.ok()) return std::string(base::name_of(status.error().code)) + ": " + status.error().what;
  return sink.text.substr(std::min(sink.text.find('\n') + 1, sink.text.size()));
}

/// A scratch server of the one unit of `path`.
struct Opened {
  std::unique_ptr<UnitView> view;
  std::unique_ptr<UnitView> logs;
  std::unique_ptr<ScratchServer> server;
  std::string error;
};
inline Opened open_server(const std::string& path, UnitKind kind, ScratchServerOptions options = {},
                          const std::string& logs = {}) {
  Opened opened;
  auto view = open_evidence_view(path, std::string());
  if (!view.ok()) return {.view = {}, .logs = {}, .server = {}, .error = view.error().what};
  opened.view = std::move(view).value();
  if (!logs.empty()) {
    auto log_view = open_evidence_view(logs);
    if (!log_view.ok()) return {.view = {}, .logs = {}, .server = {}, .error = log_view.error().what};
    opened.logs = std::move(log_view).value();
    options.logs = opened.logs.get();
  }
  if (options.parent.empty()) options.parent = engine_parent();
  for (const FoundUnit& unit : find_units(*opened.view)) {
    if (unit.kind != kind) continue;
    auto server = open_scratch_server(*opened.view, unit, options);
    if (server.ok())
      opened.server = std::move(server).value();
    else
      opened.error =
          std::string(base::name_of(server.error().code)) + ": " + server.error().what + "\n" + server.error().hint;
    return opened;
  }
  opened.error = "no such unit in " + path;
  return opened;
}

inline std::string joined(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text += line + "\n";
  return text;
}

}  // namespace lastgood::engines::testing
