// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <filesystem>
#include <memory>
#include <ostream>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "base/counted.h"
#include "base/human.h"
#include "cli/commands/commands.h"
#include "cli/commands/services_actions.h"
#include "cli/commands/sheets_actions.h"
#include "cli/open_session.h"
#include "cli/output/json_lines.h"
#include "cli/output/shell_word.h"
#include "services/services_file.h"
#include "sheets/packs.h"
#include "sheets/wanted_sheets.h"

namespace lastgood::cli {

namespace {

/// What of each sheet is known without asking any database.
Outcome run_list(const std::string& services, Context& context) {
  LG_OUTCOME(const std::optional<std::string> folder, find_case(context), ExitCode::case_missing);
  LG_OUTCOME(const services::ServicesFile file, read_services_of(services, folder.value_or("")), ExitCode::wrong_use);
  const std::string which = describe_services_of(services, file, folder.value_or(""));
  if (!which.empty()) context.err << "lastgood: " << which << "\n";
  for (const services::Service* service : services::order_of(file, "")) {
    for (const services::Sheet& sheet : service->sheets) {
      if (context.output == Output::json) {
        nlohmann::ordered_json line = {{"type", "sheet_listed"}};
        set_text(line, "id", sheet.id);
        set_text(line, "title", sheet.title);
        set_text(line, "service", service->id);
        set_text(line, "for", sheet.audience);
        set_text(line, "group_by", sheet.group_by);
        line["stale_after_s"] = sheet.stale_after_s;
        line["blank_rows"] = sheet.blank_rows;
        context.out << line.dump() << "\n";
      } else {
        context.out << fmt::format("{:<26} {:<12} {}{}\n", base::printable(sheet.id), base::printable(sheet.audience),
                                   base::printable(sheet.title),
                                   sheet.group_by.empty() ? "" : ", per " + base::printable(sheet.group_by));
      }
    }
  }
  const sheets::Wanted wanted = sheets::wanted_sheets(file, "");
  for (const auto& [sheet, why] : wanted.lost) {
    if (context.output == Output::json)
      context.out << nlohmann::ordered_json{{"type", "sheet_left_out"},
                                            {"id", base::printable(sheet.sheet->id)},
                                            {"service", sheet.service->id},
                                            {"sentence", base::printable(why)}}
                         .dump()
                  << "\n";
    else
      context.out << fmt::format("{:<26} LEFT OUT: {}\n", base::printable(sheet.sheet->id), base::printable(why));
  }
  return print_left_out(file, "", context) == 0 && wanted.lost.empty() ? ExitCode::done : ExitCode::in_part;
}

Outcome run_packs(Context& context) {
  LG_OUTCOME(const std::vector<sheets::Pack> packs, sheets::read_packs(""), ExitCode::wrong_use);
  for (const sheets::Pack& pack : packs) {
    std::size_t sheets = 0;
    for (const services::Service& service : pack.file.services) sheets += service.sheets.size();
    if (context.output == Output::json) {
      nlohmann::ordered_json line = {{"type", "sheet_pack"}};
      set_text(line, "id", pack.id);
      set_text(line, "title", pack.title);
      set_text(line, "about", pack.about);
      set_text(line, "path", pack.file.path);
      line["sheets"] = sheets;
      context.out << line.dump() << "\n";
    } else {
      context.out << fmt::format("{:<18} {}: {}\n  {}\n  {}\n", pack.id, pack.title, base::counted(sheets, "sheet"),
                                 pack.about, base::printable(pack.file.path));
    }
  }
  return ExitCode::done;
}

Run declare_sheets(CLI::App& app) {
  const auto options = std::make_shared<MakeSheetsOptions>();
  app.add_option("--services", options->services,
                 "the services file with the sheets (default: services.toml here, else the case's own)")
      ->type_name("FILE");
  app.add_option("--service", options->service, "only the sheets of this service")->type_name("NAME");
  app.add_option("--for", options->audience, "only this ward, clinic or desk, or the sheets that are for it")
      ->type_name("WHOM");
  app.add_option("--to", options->to, "folder or stick for the sheets; each run makes a folder of its own in it")
      ->type_name("DIR");
  app.add_option("--readable-by", options->readable_by,
                 "who may read the sheets besides you: a group of this machine, or 'everybody', also on other machines "
                 "(default: nobody)")
      ->type_name("GROUP");
  app.add_option("--form", options->forms, "which forms: pdf, html, csv, json (default: all)")
      ->delimiter(',')
      ->check(CLI::IsMember({"pdf", "html", "csv", "json"}))
      ->type_name("FORM");
  app.add_option(
         "--scratch", options->scratch,
         "databases are started on copies below this folder (default: $TMPDIR, else in memory where they are small "
         "beside what is free, else /var/tmp)")
      ->type_name("DIR");
  CLI::Option* damaged =
      app.add_option("--from-damaged", options->damaged_root,
                     "ask the damaged server's own files first, which lie below ROOT as they did on it (this machine: "
                     "/)")
          ->type_name("ROOT");
  app.add_flag("--from-backups", options->is_from_backups,
               "print what the backups have, also where this case has put a database back in its place")
      ->excludes(damaged);
  app.add_option("--pack", options->pack, "sheets of this pack ('auto': by its tables) instead of a services file")
      ->type_name("NAME");
  app.add_option("--every", options->every, "go on, and make them anew so often: 1h, 30m")->type_name("TIME");
  app.add_option("--keep", options->keep,
                 "how many runs stay in DIR, and those with the last of a sheet that can no longer be made (default: "
                 "all, with --every 24)")
      ->type_name("N");
  const auto words = std::make_shared<std::vector<SheetsWord>>();
  CLI::App* list = app.add_subcommand("list", "list the sheets of the services file");
  words->push_back({list, [options](Context& context) { return run_list(options->services, context); }});
  CLI::App* packs = app.add_subcommand("packs", "list the packs of sheets that came along");
  words->push_back({packs, &run_packs});
  for (SheetsWord& word : declare_back_entry(app)) words->push_back(std::move(word));
  app.require_subcommand(0, 1);
  return [options, words](Context& context) -> Outcome {
    for (const SheetsWord& word : *words) {
      if (word.app->parsed()) return word.run(context);
    }
    return options->every.empty() ? make_sheets_once(*options, context) : make_sheets_every(*options, context);
  };
}

}  // namespace

base::Result<services::ServicesFile> read_services_of(const std::string& named, const std::string& case_folder) {
  if (!named.empty()) return services::read_services(named);
  auto here = services::read_services("services.toml");
  if (here.ok() || here.error().code != base::ErrorCode::not_found || case_folder.empty()) return here;
  auto kept = services::read_services(case_folder + "/services/services.toml");
  if (!kept.ok() && kept.error().code == base::ErrorCode::not_found) {
    base::Error error = kept.error();
    error.what = "no services file was given, none is here and none is in the case";
    error.hint = "use --services FILE; 'lastgood sheets packs' lists files to start from";
    return error;
  }
  return kept;
}

std::string describe_services_of(const std::string& named, const services::ServicesFile& read,
                                 const std::string& case_folder) {
  const std::string kept_path = case_folder + "/services/services.toml";
  if (!named.empty() || case_folder.empty() || read.path == kept_path) return {};
  const auto kept = services::read_services(kept_path);
  std::error_code unknown;
  const std::string here = std::filesystem::absolute(read.path, unknown).string();
  if (kept.ok() && kept.value().digest_hex == read.digest_hex) return {};
  if (!kept.ok() && kept.error().code == base::ErrorCode::not_found)
    return fmt::format("sheets of '{}'; the case has no services file of its own", base::printable(here));
  return fmt::format(
      "sheets of '{}', because you stand in its folder: NOT of the services file that the case keeps (that one: "
      "--services {})",
      base::printable(here), shell_word(kept_path));
}

const Command k_sheets_command = {
    .name = "sheets",
    .summary = "Print what wards, clinics and desks need while the systems are down",
    .description =
        "For each database of the services file its own engine is started on a throw-away copy of the newest backup\n"
        "that is whole, without network and with nothing of the copy executed, and asked one reading question a "
        "sheet.\n"
        "Where a restore of this case has put the database back in its place, it is read as it stands there now, also\n"
        "while its server works; the backup stands in where that cannot be read, and the page says so.\n"
        "Out come pages to print (PDF, HTML) and tables (CSV, JSON), per ward, clinic or desk, each page with the "
        "time\n"
        "of its data, its age and its source. Blank rows carry numbers that are given once. A table that does not\n"
        "answer stops only the sheets that need it: they come from an older copy, or say why they could not be made.\n"
        "Several databases are asked at a time; an engine that hangs is given up, and the others do not wait for it.\n"
        "With --every it goes on, which keeps a stick or a stand-alone PC ready before anything happens.",
    .examples =
        "  lastgood sheets --to /media/usb/sheets\n"
        "  lastgood sheets --for W-5 --to /tmp/w5 --form pdf\n"
        "  lastgood sheets --from-damaged /mnt/server --to out  # what still answers on the struck server, then "
        "copies\n"
        "  lastgood sheets --every 1h --keep 48 --to /srv/downtime\n"
        "  lastgood sheets list",
    .declare = declare_sheets};

}  // namespace lastgood::cli
