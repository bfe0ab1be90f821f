// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/still_server.h"

#include <utility>

#include "base/error.h"
#include "engines/scratch_copy.h"
#include "os/folder_stamp.h"

namespace lastgood::engines {

namespace {

class StillServer final : public ScratchServer {
 public:
  StillServer(std::unique_ptr<ScratchServer> server, StillFolder folder)
      : server_(std::move(server)), folder_(std::move(folder)) {}

  [[nodiscard]] const ScratchStart& start() const override { return server_->start(); }
  [[nodiscard]] base::Result<std::vector<std::string>> databases() override { return server_->databases(); }
  [[nodiscard]] base::Result<std::vector<TableName>> tables(const std::string& database) override {
    return server_->tables(database);
  }
  [[nodiscard]] base::Status ask(const std::string& database, const std::string& sql, const RowLimits& limits,
                                 RowSink& sink) override {
    if (was_written()) return written();
    base::Status answer = server_->ask(database, sql, limits, sink);
    if (!answer.ok() && answer.error().code == base::ErrorCode::cancelled) return answer;
    const auto now = os::stamp_folder(folder_.path);
    was_written_ = !now.ok() || now.value() != folder_.stamp;
    return was_written_ ? written() : std::move(answer);
  }
  [[nodiscard]] base::Result<std::string> keep_folder() override { return server_->keep_folder(); }
  [[nodiscard]] bool was_written() const override { return was_written_; }

 private:
  [[nodiscard]] base::Error written() const {
    return {.code = base::ErrorCode::busy_retry,
            .what = "files of this copy were written, or went away, while it was asked: its answer is of no one moment",
            .path = folder_.path,
            .hint = std::string(k_written_hint)};
  }

  std::unique_ptr<ScratchServer> server_;
  StillFolder folder_;
  bool was_written_ = false;
};

}  // namespace

std::optional<StillFolder> find_still_folder(const UnitView& view, const FoundUnit& unit) {
  const auto local = view.find_on_this_machine(unit.path);
  const auto stamp = local ? os::stamp_folder(*local) : base::Error{.code = base::ErrorCode::not_found};
  return stamp.ok() ? std::optional(StillFolder{*local, stamp.value()}) : std::nullopt;
}

std::unique_ptr<ScratchServer> keep_still(std::unique_ptr<ScratchServer> server, StillFolder folder) {
  return std::make_unique<StillServer>(std::move(server), std::move(folder));
}

}  // namespace lastgood::engines
