// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands/services_actions.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "cli/output/with_case.h"
#include "os/atomic_file.h"
#include "os/folder.h"
#include "readiness/infer_services.h"
#include "recovery/output_place.h"

namespace lastgood::cli {

namespace {

/// Everything lies below the root of this machine.
base::Status check_infer_place(const ServicesOptions& options, const std::string& folder) {
  if (options.out.empty()) return base::Done{};
  if (options.mounted || folder != "/") LG_TRY(recovery::check_outside_disk(options.out, folder));
  return recovery::check_outside_databases(options.out);
}

}  // namespace

Outcome infer_services_file(const ServicesOptions& options, Context& context) {
  std::string text;
  std::size_t count = 0;
  std::string left_out;
  for (const std::string& path : options.paths) {
    auto resolved = os::resolve_folder(path);
    if (!resolved.ok()) {
      base::Error error = resolved.error();
      if (error.hint.empty())
        error.hint =
            "give the folder that holds a server's files: '/', or where its disk is mounted (--mounted); a "
            "services file is looked through with 'lastgood services check FILE'";
      return Failure{std::move(error), ExitCode::wrong_use};
    }
    const std::string& folder = resolved.value();
    LG_OUTCOME([[maybe_unused]] const base::Done is_free, check_infer_place(options, folder), ExitCode::target_refused);
    LG_OUTCOME(const readiness::InferredServices inferred,
               readiness::infer_services(folder, options.mounted ? folder : "/"), ExitCode::wrong_use);
    text += inferred.text;
    count += inferred.services;
    for (const std::string& one : inferred.left_out) left_out += "\nleft out: " + one;
  }
  if (count == 0) {
    std::string places;
    for (const std::string& path : options.paths)
      places += (places.empty() ? "'" : ", '") + base::printable(path) + "'";
    return Failure{
        {.code = base::ErrorCode::not_found,
         .what = fmt::format("nothing that a service could stand on was found below {}", places),
         .hint = "databases, mail stores, shares and virtual disks are looked for: give the folder that holds "
                 "the server's own ones, or write the file by hand (docs/services.md)" +
                 left_out},
        ExitCode::bad_found};
  }
  // Two folders may propose one name twice.
  const services::ReadServices read = services::parse_services(text, "the proposal");
  if (!options.out.empty()) {
    LG_OUTCOME([[maybe_unused]] const base::Done done,
               os::write_atomic_file(options.out, base::ByteView(text), os::Overwrite::no), ExitCode::wrong_use);
  }
  if (context.output == Output::json) {
    nlohmann::ordered_json line = {{"type", "inferred"}, {"services", count}, {"mistakes", read.mistakes.size()}};
    if (options.out.empty())
      line["text"] = base::printable(text);
    else
      set_text(line, "path", options.out);
    context.out << line.dump() << "\n";
  } else if (options.out.empty()) {
    context.out << text;
  } else {
    context.out << fmt::format(
        "{} services proposed in {}: read every line{}\nnext: {} {}\n", count, base::printable(options.out), left_out,
        with_case("lastgood services check --only-file", context.case_folder), shell_word(options.out));
  }
  if (!read.mistakes.empty()) context.err << "lastgood: " << read.mistakes.front().sentence << "\n";
  return read.mistakes.empty() ? ExitCode::done : ExitCode::bad_found;
}

}  // namespace lastgood::cli
