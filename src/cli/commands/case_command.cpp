// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <array>
#include <cstdlib>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/local_time.h"
#include "casefile/case_about.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "logs/zone.h"
#include "model/ip_address.h"
#include "recovery/names_zone.h"
#include "recovery/output_place.h"

namespace lastgood::cli {

namespace {

struct CaseOptions {
  std::string folder;
  CLI::App* make = nullptr;
  CLI::App* describe = nullptr;
  casefile::CaseAbout about;  // only what was given is set
};

using Text = std::string casefile::CaseAbout::*;
using List = std::vector<std::string> casefile::CaseAbout::*;
struct TextOption {
  const char* name;
  Text member;
  const char* help;
};
struct ListOption {
  const char* name;
  List member;
  const char* help;
};
constexpr std::array k_text_options = {
    TextOption{"--organisation", &casefile::CaseAbout::organisation, "the organisation that was attacked"},
    TextOption{"--address", &casefile::CaseAbout::address, "its postal address"},
    TextOption{"--contact", &casefile::CaseAbout::contact, "who answers for it: name, office, telephone, mail"},
    TextOption{"--sector", &casefile::CaseAbout::sector, "what it does: hospital, laboratory, ..."},
    TextOption{"--police", &casefile::CaseAbout::police, "the police station or unit that inquires"},
    TextOption{"--case-number", &casefile::CaseAbout::case_number, "the number of its case"},
    TextOption{"--officer", &casefile::CaseAbout::officer, "who leads the inquiry"},
    TextOption{"--offences", &casefile::CaseAbout::offences, "the sections of law that are named"},
    TextOption{"--zone", &casefile::CaseAbout::zone,
               "local time, such as +05:30: what is printed, and names of snapshots that say no zone"},
    TextOption{"--clock-error", &casefile::CaseAbout::clock_error,
               "how far the organisation's clocks were off a time server, and who compared them"},
};
constexpr std::array k_list_options = {
    ListOption{"--own-domain", &casefile::CaseAbout::own_domains, "a domain of the organisation itself"},
    ListOption{"--own-block", &casefile::CaseAbout::own_blocks, "a block of addresses of the organisation itself"},
    ListOption{"--own-relay", &casefile::CaseAbout::own_relays,
               "a mail relay of the organisation, as 'trace' takes it"},
    ListOption{"--family-table", &casefile::CaseAbout::family_tables,
               "a further table of known families, such as the MISP galaxy's ransomware.json"},
};

/// Of a case that is given, or lies here, the backups are known.
base::Status check_new_place(const CaseOptions& options, Context& context) {
  const auto known = open_to_read(context);
  const auto* session = std::get_if<Session>(&known);
  return session == nullptr ? base::Status(base::Done{})
                            : recovery::check_output_place(*session->store, options.folder);
}

Outcome run_new(const CaseOptions& options, Context& context) {
  if (const base::Status place = check_new_place(options, context); !place.ok())
    return Failure{place.error(), ExitCode::target_refused};
  auto made = make_case(options.folder);
  if (auto* failure = std::get_if<Failure>(&made)) return std::move(*failure);
  const std::string& folder = std::get<Session>(made).folder;
  if (context.output == Output::json) {
    context.out << nlohmann::ordered_json{{"type", "case"}, {"path", base::printable(folder)}}.dump() << "\n";
  } else {
    context.out << "case: " << folder << "\nnext: lastgood --case " << shell_word(folder) << " scan PATH\n";
  }
  return ExitCode::done;
}

base::Error no_zone(const std::string& zone) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("'{}' is no time zone", base::printable(zone)),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "such as '--zone +05:30', or IST"};
}

base::Error no_block(const std::string& block) {
  return {.code = base::ErrorCode::misuse,
          .what = fmt::format("'{}' is no block of addresses", base::printable(block)),
          .path = {},
          .offset_bytes = {},
          .system_errno = 0,
          .hint = "such as '--own-block 198.51.100.0/24'"};
}

void print_about(const casefile::CaseAbout& about, Context& context) {
  nlohmann::ordered_json line = {{"type", "about"}};
  for (const TextOption& option : k_text_options) {
    const std::string& text = about.*option.member;
    if (context.output == Output::json) {
      set_text(line, std::string(option.name + 2), text);
    } else if (!text.empty()) {
      context.out << fmt::format("{:<13} {}\n", option.name + 2, base::printable(text));
    }
  }
  for (const ListOption& option : k_list_options) {
    nlohmann::ordered_json items = nlohmann::ordered_json::array();
    for (const std::string& item : about.*option.member) {
      items.push_back(base::printable(item));
      if (context.output == Output::text)
        context.out << fmt::format("{:<13} {}\n", option.name + 2, base::printable(item));
    }
    line[option.name + 2] = std::move(items);
  }
  if (context.output == Output::json) context.out << line.dump() << "\n";
}

/// Times that came from names without a zone are others in another zone. Said of each source that has such.
base::Status read_names_in_new_zone(Session& session, const std::string& zone, Context& context) {
  LG_ASSIGN(const std::vector<model::BackupSource> sources, session.store->backups().sources());
  for (const model::BackupSource& source : sources) {
    LG_ASSIGN(const std::size_t changed, recovery::read_names_anew(*session.store, source.name));
    if (changed > 0)
      context.err << fmt::format("note: names of {} in '{}' say a time and no zone: from now on they are read in {}\n",
                                 base::counted(changed, "snapshot"), base::printable(source.name),
                                 base::zone_name(zone));
  }
  return base::Done{};
}

/// "IST" as 'timeline import' takes it: who gives an abbreviation has decided what it means. Others as they are.
std::string offset_of(const std::string& zone, Context& context) {
  const auto word = logs::find_zone_word(zone);
  if (!word) return zone;
  const std::int32_t minutes = std::abs(word->east_s) / 60;
  std::string offset = fmt::format("{}{:02}:{:02}", word->east_s < 0 ? '-' : '+', minutes / 60, minutes % 60);
  context.err << fmt::format("note: {} is read as {}\n", zone, offset);
  return offset;
}

/// What is given replaces what was said before; the rest stays.
Outcome run_describe(CaseOptions options, Context& context) {
  options.about.zone = offset_of(options.about.zone, context);
  if (!options.about.zone.empty() && !is_zone(options.about.zone))
    return Failure{no_zone(options.about.zone), ExitCode::wrong_use};
  for (const std::string& block : options.about.own_blocks) {
    if (!model::parse_ip_block(block)) return Failure{no_block(block), ExitCode::wrong_use};
  }
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(casefile::CaseAbout about, casefile::read_about(*session.store), ExitCode::case_failed);
  ledger::Fields fields;
  for (const TextOption& option : k_text_options) {
    if ((options.about.*option.member).empty()) continue;
    about.*option.member = options.about.*option.member;
    std::string name = option.name + 2;
    for (char& c : name) c = c == '-' ? '_' : c;
    fields[name] = about.*option.member;
  }
  for (const ListOption& option : k_list_options) {
    if ((options.about.*option.member).empty()) continue;
    about.*option.member = options.about.*option.member;
    std::string name = std::string(option.name + 2) + "s";
    for (char& c : name) c = c == '-' ? '_' : c;
    fields[name] = about.*option.member;
  }
  if (!fields.empty()) {
    LG_OUTCOME([[maybe_unused]] const ledger::Head head, session.ledger->append("case-described", fields),
               ExitCode::ledger_failed);
    const base::Status written = casefile::write_about(*session.store, about);
    if (!written.ok()) return Failure{written.error(), exit_code_of_case_error(written.error().code)};
  }
  if (!options.about.zone.empty()) {
    const base::Status anew = read_names_in_new_zone(session, about.zone, context);
    if (!anew.ok()) return Failure{anew.error(), exit_code_of_case_error(anew.error().code)};
  }
  print_about(about, context);
  return ExitCode::done;
}

Outcome run_show(Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const std::vector<model::Scan> scans, session.store->scans(), ExitCode::case_failed);
  if (context.output == Output::text) context.out << "case: " << session.folder << "\n";
  const std::string zone = zone_of(*session.store);
  for (const model::Scan& scan : scans) {
    if (context.output == Output::json) {
      context.out << nlohmann::ordered_json{{"type", "scan"},
                                            {"id", scan.id},
                                            {"host", base::printable(scan.host)},
                                            {"depth", model::name_of(scan.depth)},
                                            {"started", utc_time(scan.started_ns)},
                                            {"finished", scan.finished_ns != 0},
                                            {"files", scan.counts.files}}
                         .dump()
                  << "\n";
      continue;
    }
    context.out << fmt::format("scan {}: {} {}, {} files, {}{}\n", scan.id, base::printable(scan.host),
                               base::time_in_zone(scan.started_ns, zone), human_count(scan.counts.files),
                               human_bytes(scan.counts.bytes),
                               scan.finished_ns == 0 ? ", not finished (scan --resume)" : "");
  }
  return ExitCode::done;
}

Run declare_case(CLI::App& app) {
  const auto options = std::make_shared<CaseOptions>();
  options->make = app.add_subcommand("new", "make a new, empty case");
  options->make->add_option("folder", options->folder, "the folder to make; '.case' is appended when it is missing")
      ->required()
      ->type_name("DIR");
  app.add_subcommand("show", "list what the case holds");
  options->describe = app.add_subcommand(
      "describe", "say whose case it is and what is the organisation's own; letters and notices use it");
  for (const TextOption& option : k_text_options)
    options->describe->add_option(option.name, options->about.*option.member, option.help)->type_name("TEXT");
  for (const ListOption& option : k_list_options) {
    options->describe->add_option(option.name, options->about.*option.member, option.help)
        ->type_name("X")
        ->allow_extra_args(false);
  }
  app.require_subcommand(1);
  return [options](Context& context) {
    if (options->make->parsed()) return run_new(*options, context);
    return options->describe->parsed() ? run_describe(*options, context) : run_show(context);
  };
}

}  // namespace

const Command k_case_command = {
    .name = "case",
    .summary = "Make a case, or show what it holds",
    .description =
        "A case is one incident: a folder NAME.case/ with the database, the ledger and what was kept. Only its owner "
        "may read it.",
    .examples =
        "  lastgood case new /root/aiims.case\n  lastgood --case /root/aiims.case case show\n"
        "  lastgood case describe --organisation 'District Hospital' --own-domain hospital.example.in --zone +05:30",
    .declare = declare_case};

}  // namespace lastgood::cli
