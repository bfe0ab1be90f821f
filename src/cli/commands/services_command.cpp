// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>

#include "cli/commands/commands.h"
#include "cli/commands/services_actions.h"
#include "cli/seconds_option.h"

namespace lastgood::cli {

namespace {

using Options = std::shared_ptr<ServicesOptions>;

CLI::App* add_action(CLI::App& app, const Options& options, const char* name, const char* description,
                     Outcome (*action)(const ServicesOptions&, Context&)) {
  CLI::App* sub = app.add_subcommand(name, description);
  sub->final_callback([options, action] { options->action = action; });
  return sub;
}

void add_file(CLI::App* sub, const Options& options) {
  sub->add_option(
         "what", options->file,
         "the NAME of a service of the case's own file: this one and what it waits for; or a services FILE: a "
         "path with '/' or the ending .toml, or a file that is there; all of the case's own where none is named")
      ->type_name("NAME|FILE");
}

void add_service(CLI::App* sub, const Options& options) {
  sub->add_option("--service", options->service, "this service and what it waits for")->type_name("NAME");
}

Run declare_services(CLI::App& app) {
  const auto options = std::make_shared<ServicesOptions>();
  CLI::App* set = add_action(app, options, "set", "keep a services file in the case", &set_services_file);
  set->add_option("file", options->file, "the services file")->required()->type_name("FILE");
  CLI::App* check = add_action(
      app, options, "check", "find mistakes in the file, and try every database and every path from its newest backup",
      &check_services_file);
  add_file(check, options);
  add_service(check, options);
  check->add_flag("--only-file", options->only_file, "look at the file alone; try nothing");
  check
      ->add_option("--scratch", options->scratch,
                   "where copies of databases are made to start them; needs room for one")
      ->type_name("DIR")
      ->capture_default_str();
  check
      ->add_option("--time-limit", options->time_limit_s,
                   "seconds for one database; an engine that does nothing for 30 is ended sooner")
      ->check(whole_seconds())
      ->capture_default_str();
  CLI::App* status =
      add_action(app, options, "status", "what is up; of the rest, when it can be back and as of when", &show_services);
  add_file(status, options);
  add_service(status, options);
  status->add_flag("--no-health", options->no_health, "ask no service; say what is known of the data");
  CLI::App* infer =
      add_action(app, options, "infer", "propose a services file from what lies on a server", &infer_services_file);
  infer->add_option("path", options->paths, "a folder: / of this server, or where the disk of another one is mounted")
      ->required()
      ->type_name("PATH");
  infer->add_flag("--mounted", options->mounted,
                  "PATH is the root of the server's disk: write paths as they are below it");
  infer->add_option("--out", options->out, "write to this new file; otherwise print")->type_name("FILE");
  CLI::App* start =
      add_action(app, options, "start", "start services in their order, and wait until each is well", &start_services);
  start->add_option("name", options->service, "this service and what it waits for; all where none is named")
      ->type_name("NAME");
  start->add_flag("--no-hooks", options->no_hooks, "leave out hooks.post_restore");
  start->add_option("--time-limit", options->time_limit_s, "seconds for one start command; it is left running then")
      ->check(whole_seconds())
      ->capture_default_str();
  CLI::App* stop = add_action(app, options, "stop", "stop services, those that wait for others first", &stop_services);
  stop->add_option("name", options->service, "this service and what waits for it; all where none is named")
      ->type_name("NAME");
  stop->add_option("--time-limit", options->time_limit_s, "seconds for one stop command; it is ended then")
      ->check(whole_seconds())
      ->capture_default_str();
  app.require_subcommand(1);
  return [options](Context& context) { return options->action(*options, context); };
}

}  // namespace

const Command k_services_command = {
    .name = "services",
    .summary = "Say what people use, whether its backups work, what is up, and what comes back when",
    .description =
        "The services file (services.toml, see services.md) says which services there are, on what data each stands "
        "and\n"
        "what it waits for. 'check' is the restore test: each database is really started on a copy of its newest "
        "backup,\n"
        "locked in, and the result is kept in the case with its date. 'status' asks what runs and says when the rest "
        "can "
        "be back.\n"
        "'status NAME' is of one service and what it waits for.\n"
        "Commands of the file, health checks among them, are only run from the copy that 'set' put into the case; with "
        "a\n"
        "FILE, status asks nobody.\n"
        "Exit code of check: 0 all good, 1 mistakes or something does not come back, 3 something could not be tried,\n"
        "or saved logs are broken or missing, so that later commits do not come back.\n"
        "Of status: 0 all are up, else 1. Of start: 0 all went well; 1 one failed, or waits for one that did; 3 a\n"
        "hook failed and the start went on, or nobody could see whether one is up that people start. Of stop: 0 all\n"
        "went well, 1 one failed, 3 one is left up that people stop.",
    .examples =
        "  lastgood services infer / > services.toml\n  lastgood services check --only-file services.toml\n"
        "  lastgood services set services.toml\n  lastgood services check\n  lastgood services status",
    .declare = declare_services};

}  // namespace lastgood::cli
