// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/kept_digests.h"

#include <chrono>
#include <ostream>
#include <thread>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/human.h"
#include "cli/failures.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/restore_line.h"
#include "os/terminal.h"
#include "recovery/kept_digests.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::chrono::milliseconds k_asked_again(200);

base::Status tell_case(const Context& context, RestoreLine& line, std::string_view kind, const ledger::Fields& fields) {
  for (;;) {
    auto opened = open_to_write(context, WhenNoCase::fail);
    if (auto* session = std::get_if<Session>(&opened)) {
      const auto entry = session->ledger->append(kind, fields);
      return entry.ok() ? base::Status(base::Done{}) : base::Status(entry.error());
    }
    Failure& failure = std::get<Failure>(opened);
    if (failure.error.code != base::ErrorCode::busy_retry) return std::move(failure.error);
    if (line.cancelled()) return base::Error{.code = base::ErrorCode::cancelled, .what = "interrupted"};
    line.step(failure.error.what + ": waiting");
    std::this_thread::sleep_for(k_asked_again);
  }
}

void print(const recovery::KeptDigests& taken, const std::string& again, Context& context) {
  for (const recovery::ItemTrouble& trouble : taken.remarks) {
    const std::string why = base::printable(trouble.finding.rule + ": " + trouble.finding.sentence);
    if (context.output == Output::json) {
      Json line = {{"type", "remark"}};
      set_text(line, "path", trouble.path);
      line["why"] = why;
      context.out << line.dump() << "\n";
    } else {
      context.out << fmt::format("kept, but {}\n      {}\n", base::printable(trouble.path), why);
    }
  }
  if (taken.finished && taken.folders == 0) return;
  if (context.output == Output::json) {
    context.out << Json{{"type", "kept_digests"},
                        {"folders", taken.folders},
                        {"files", taken.files},
                        {"bytes", taken.bytes},
                        {"finished", taken.finished}}
                       .dump()
                << "\n";
  } else if (!taken.finished) {
    context.out << fmt::format("interrupted; all is back, but databases that were put aside have no digests yet: {}\n",
                               again);
  } else {
    context.out << fmt::format("digests taken of the databases that were put aside ({}): {} files, {}\n",
                               base::human_count(taken.folders), base::human_count(taken.files),
                               base::human_bytes(taken.bytes));
  }
}

}  // namespace

Outcome take_kept_digests(const recovery::Plan& plan, const recovery::RestoreRequest& request, const std::string& again,
                          Context& context) {
  RestoreLine line(context.err, context.progress_shown ? Terminal::yes : Terminal::no);
  const auto tell = [&](std::string_view kind, const ledger::Fields& fields) {
    return tell_case(context, line, kind, fields);
  };
  auto taken = recovery::take_kept_digests(plan, request, line, tell);
  line.clear();
  if (!taken.ok() && taken.error().code == base::ErrorCode::cancelled) taken = recovery::KeptDigests{};
  if (!taken.ok()) return failure_of(taken.error(), context.case_folder, ExitCode::recovery_failed);
  print(taken.value(), again, context);
  return taken.value().finished ? ExitCode::done : ExitCode::interrupted;
}

}  // namespace lastgood::cli
