// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Runs the real database programs for tests, as their own unprivileged user, in a folder that user can enter.
#pragma once

#include <gtest/gtest.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <random>
#include <string>
#include <vector>

#include "engines/evidence_view.h"
#include "engines/testing/engine_parent.h"
#include "engines/unit.h"
#include "os/run_program.h"

namespace lastgood::engines::testing {

/// A folder of one suite that belongs to `user`; removed at the end.
class EngineFolder {
 public:
  explicit EngineFolder(std::string user) : user_(std::move(user)) {
    std::string pattern = engine_parent() + "/lastgood-engine.XXXXXX";
    if (::mkdtemp(pattern.data()) == nullptr) std::abort();
    path_ = std::filesystem::canonical(pattern).string();
    shell_as_us("chmod 711 . && if [ \"$(id -u)\" = 0 ]; then chown " + user_ + ": .; fi");
  }
  ~EngineFolder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  EngineFolder(const EngineFolder&) = delete;
  EngineFolder& operator=(const EngineFolder&) = delete;

  [[nodiscard]] const std::string& path() const { return path_; }
  [[nodiscard]] std::string operator/(const std::string& name) const { return path_ + "/" + name; }

  /// Runs a shell script here as the engine's user. A script that fails, fails the test.
  std::string shell(const std::string& script) const {
    if (::getuid() != 0) return run({"/bin/sh", "-c", "cd " + path_ + "\nset -e\n" + script});
    return run({"/usr/bin/setpriv", "--reuid=" + user_, "--regid=" + user_, "--init-groups", "--", "/bin/sh", "-c",
                "cd " + path_ + "\nset -e\n" + script});
  }
  /// The exit code of a script that may fail.
  int shell_code(const std::string& script) const {
    const std::string out = shell("(" + script + ") >/dev/null 2>&1 && echo 0 || echo $?");
    return std::atoi(out.c_str());
  }

 private:
  std::string shell_as_us(const std::string& script) const {
    return run({"/bin/sh", "-c", "cd " + path_ + "\nset -e\n" + script});
  }
  std::string run(const std::vector<std::string>& arguments) const {
    const auto end = os::run_program(arguments, path_);
    if (!end.ok()) {
      ADD_FAILURE() << end.error().what;
      return {};
    }
    EXPECT_EQ(end.value().exit_code, 0) << arguments.back() << "\n" << end.value().printed;
    return end.value().printed;
  }

  std::string user_;
  std::string path_;
};

/// The report on the one unit of `path`.
inline UnitReport check_folder(const std::string& path, UnitKind kind, model::Depth depth = model::Depth::standard) {
  auto view = open_evidence_view(path, std::string());
  if (!view.ok()) {
    ADD_FAILURE() << view.error().what;
    return {};
  }
  const std::vector<FoundUnit> units = find_units(*view.value());
  if (units.size() != 1 || units[0].kind != kind) {
    ADD_FAILURE() << path << ": " << units.size() << " units found";
    return {};
  }
  auto report = check_unit(*view.value(), units[0], depth);
  if (!report.ok()) {
    ADD_FAILURE() << report.error().what;
    return {};
  }
  return std::move(report).value();
}

/// The rule of the first finding that contradicts; empty when none does.
inline std::string first_rule(const UnitReport& report) {
  if (report.findings.empty() || report.findings[0].finding.weight != model::Weight::contradicts) return {};
  return report.findings[0].finding.rule;
}

inline std::string all_findings(const UnitReport& report) {
  std::string text{name_of(report.verdict)};
  for (const UnitFinding& finding : report.findings)
    text += "\n  " + finding.path + ": " + finding.finding.rule + ": " + finding.finding.sentence;
  return text;
}

inline bool has_rule(const UnitReport& report, std::string_view rule) {
  for (const UnitFinding& finding : report.findings) {
    if (finding.finding.rule == rule) return true;
  }
  return false;
}

inline void overwrite_with_noise(const std::string& path) {
  std::mt19937_64 random(7);
  std::string bytes(std::filesystem::file_size(path), '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  std::ofstream(path, std::ios::binary) << bytes;
}

inline void flip_byte(const std::string& path, std::uint64_t at) {
  std::fstream file(path, std::ios::binary | std::ios::in | std::ios::out);
  file.seekg(static_cast<std::streamoff>(at));
  const char byte = static_cast<char>(file.get() ^ 0x20);
  file.seekp(static_cast<std::streamoff>(at));
  file.put(byte);
}

}  // namespace lastgood::engines::testing
