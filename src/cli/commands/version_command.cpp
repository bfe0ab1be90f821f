// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "cli/commands/commands.h"
#include "formats/format_table.h"

namespace lastgood::cli {

namespace {

enum class Listing : std::uint8_t { none, formats };

Outcome run_version(Context& context, Listing listing) {
  if (context.output == Output::json) {
    auto formats = nlohmann::ordered_json::array();
    for (const formats::Format* format : formats::all_formats())
      formats.push_back({{"id", format->id}, {"title", format->title}});
    context.out
        << nlohmann::ordered_json{{"type", "version"}, {"version", LASTGOOD_VERSION}, {"formats", formats}}.dump()
        << "\n";
    return ExitCode::done;
  }
  context.out << fmt::format("lastgood {}, {} formats\n", LASTGOOD_VERSION, formats::all_formats().size());
  if (listing == Listing::none) return ExitCode::done;
  for (const formats::Format* format : formats::all_formats())
    context.out << fmt::format("  {:<20} {:<24} {}\n", format->id, formats::name_of(format->family), format->title);
  return ExitCode::done;
}

Run declare_version(CLI::App& app) {
  const auto listing = std::make_shared<Listing>(Listing::none);
  app.add_flag_callback(
      "--formats", [listing] { *listing = Listing::formats; }, "list every format whose structure is checked");
  return [listing](Context& context) { return run_version(context, *listing); };
}

}  // namespace

const Command k_version_command = {
    .name = "version",
    .summary = "Print the version and the formats it knows",
    .description = "With --formats: one line for each format whose structure is checked.",
    .examples = "  lastgood version --formats",
    .declare = declare_version};

}  // namespace lastgood::cli
