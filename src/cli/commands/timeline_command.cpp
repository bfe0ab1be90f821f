// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <memory>
#include <ostream>

#include <fmt/format.h>

#include "base/misuse.h"
#include "cli/case_zone.h"
#include "cli/commands/commands.h"
#include "cli/open_session.h"
#include "cli/output/progress_line.h"
#include "cli/output/shell_word.h"
#include "cli/output/timeline_lines.h"
#include "cli/time_option.h"
#include "os/atomic_file.h"
#include "os/paths.h"
#include "os/zone_file.h"
#include "recovery/output_place.h"
#include "timeline/open_timeline.h"
#include "timeline/picture.h"
#include "timeline/summarise.h"
#include "timeline/write_timesketch.h"

namespace lastgood::cli {

namespace {

constexpr std::uint64_t k_kept_events_max = 10'000;  // shown events that wait for the summary to be printed first

struct TimelineOptions {
  std::vector<std::string> paths;
  std::string zone = "UTC";
  int year = 0;
  std::string host;
  std::string format;
  std::string samba_prefix;
  std::string from;
  std::string to;
  std::vector<std::string> kinds;
  std::uint64_t limit = 50;
  std::vector<std::string> extensions;
  std::vector<std::string> own;
  std::string out;
  std::string picture;
  Outcome (*action)(const TimelineOptions&, Context&) = nullptr;
};

base::Result<logs::Zone> choose_zone(const std::string& name) {
  if (const auto east_s = logs::parse_zone_offset(name)) return logs::Zone(*east_s);
  // A person who gives an abbreviation has decided what it means.
  if (const auto word = logs::find_zone_word(name)) return logs::Zone(word->east_s);
  LG_ASSIGN(const std::string bytes, os::read_zone_file(name));
  const auto zone = logs::parse_zone_file(base::ByteView(bytes));
  if (!zone)
    return base::misuse(fmt::format("the zone '{}' cannot be read", base::printable(name)), "give +05:30 instead");
  return *zone;
}

base::Result<timeline::ImportRequest> make_request(const TimelineOptions& options) {
  timeline::ImportRequest request;
  LG_ASSIGN(request.zone, choose_zone(options.zone));
  request.zone_name = options.zone;
  request.host = options.host;
  request.samba_prefix = options.samba_prefix;
  if (options.year != 0) request.first_year = options.year;
  if (!options.format.empty()) {
    request.format = logs::find_log_format(options.format);
    std::string names;
    for (const logs::LogFormat& format : logs::log_formats())
      names += (names.empty() ? "" : ", ") + std::string(format.name);
    if (request.format == nullptr)
      return base::misuse(fmt::format("'{}' is no format of logs", base::printable(options.format)),
                          "one of: " + names);
  }
  for (const std::string& path : options.paths) {
    LG_ASSIGN(std::string absolute, os::absolute_path(path));
    request.paths.push_back(std::move(absolute));
  }
  return request;
}

Outcome run_import(const TimelineOptions& options, Context& context) {
  LG_OUTCOME(const timeline::ImportRequest request, make_request(options), ExitCode::wrong_use);
  auto opened = open_to_write(context, WhenNoCase::fail);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  const ProgressLine progress(context.err, Terminal::no, 0);
  std::uint64_t odd = 0;
  const timeline::ImportWatch watch{.show =
                                        [&](const timeline::ImportedLog& log) {
                                          odd +=
                                              log.state == timeline::LogState::imported && !log.why.empty() ? 1U : 0U;
                                          if (context.output == Output::json) {
                                            context.out << json_of(log).dump() << "\n";
                                          } else {
                                            print_text(context.out, log);
                                          }
                                        },
                                    .cancelled = [&] { return progress.cancelled(); }};
  const auto imported = timeline::import_logs(request, session.folder, *session.ledger, watch);
  if (!imported.ok()) return Failure{imported.error(), exit_code_of_case_error(imported.error().code)};
  const timeline::ImportOutcome& outcome = imported.value();
  if (context.output == Output::json) {
    context.out
        << nlohmann::ordered_json{{"type", "import_summary"},         {"imported", outcome.imported},
                                  {"known", outcome.known},           {"not_recognised", outcome.not_recognised},
                                  {"unreadable", outcome.unreadable}, {"events", outcome.counts.events},
                                  {"event_file", outcome.event_file}, {"event_bytes", outcome.counts.bytes},
                                  {"cancelled", outcome.cancelled}}
               .dump()
        << "\n";
  } else {
    context.out << fmt::format(
        "logs: {} imported, {} known before, {} in no known format, {} unreadable; events: {} ({})\n", outcome.imported,
        outcome.known, outcome.not_recognised, outcome.unreadable, human_count(outcome.counts.events),
        human_bytes(outcome.counts.bytes));
    if (outcome.counts.events > 0)
      context.out << fmt::format("next: lastgood --case {} timeline\n", shell_word(session.folder));
  }
  if (outcome.cancelled) return ExitCode::interrupted;
  const bool nothing_read = outcome.imported + outcome.known == 0;
  return nothing_read || outcome.unreadable + odd > 0 ? ExitCode::in_part : ExitCode::done;
}

base::Result<timeline::TimeWindow> make_window(const TimelineOptions& options, const std::string& zone) {
  timeline::TimeWindow window;
  if (!options.from.empty()) {
    LG_ASSIGN(window.from_ns, parse_time_option("--from", options.from, zone));
  }
  if (!options.to.empty()) {
    LG_ASSIGN(window.to_ns, parse_time_option("--to", options.to, zone));
  }
  return window;
}

base::Result<std::vector<bool>> choose_kinds(const TimelineOptions& options) {
  std::vector<bool> chosen(model::k_event_kind_count, options.kinds.empty());
  for (const std::string& name : options.kinds) {
    bool is_known = false;
    std::string names;
    for (std::size_t i = 0; i < chosen.size(); ++i) {
      const std::string_view kind = model::name_of(static_cast<model::EventKind>(i));
      names += (i == 0 ? "" : ", ") + std::string(kind);
      if (kind != name) continue;
      chosen[i] = is_known = true;
    }
    if (!is_known)
      return base::misuse(fmt::format("'{}' is no kind of event", base::printable(name)), "one of: " + names);
  }
  return chosen;
}

base::Result<timeline::SummaryOptions> make_summary_options(const TimelineOptions& options) {
  timeline::SummaryOptions summary;
  for (const std::string& extension : options.extensions)
    summary.extensions.push_back(extension.starts_with('.') ? extension : "." + extension);
  for (const std::string& text : options.own) {
    const auto block = model::parse_ip_block(text);
    if (!block)
      return base::misuse(fmt::format("'{}' is no address or block", base::printable(text)), "write 203.0.113.0/24");
    summary.own.push_back(*block);
  }
  return summary;
}

/// Which events are shown, and how many were not.
class ShownEvents {
 public:
  ShownEvents(const TimelineOptions& options, const timeline::TimeWindow& window, std::vector<bool> kinds)
      : limit_(options.limit), window_(window), kinds_(std::move(kinds)) {}

  /// False: it is not asked for, or one too many.
  bool chooses(const events::EventView& event) {
    if (event.at_ns < window_.from_ns || event.at_ns >= window_.to_ns || !kinds_[event.kind]) return false;
    if (limit_ != 0 && shown_ == limit_) {
      ++left_out_;
      return false;
    }
    ++shown_;
    return true;
  }
  void print_end(const Context& context) const {
    if (context.output == Output::json) {
      context.out
          << nlohmann::ordered_json{{"type", "events_summary"}, {"shown", shown_}, {"left_out", left_out_}}.dump()
          << "\n";
    } else if (left_out_ > 0) {
      context.out << fmt::format("and {} more: --limit 0 shows all, --from, --to and --kind choose\n",
                                 human_count(left_out_));
    }
  }

 private:
  std::uint64_t limit_;
  timeline::TimeWindow window_;
  std::vector<bool> kinds_;
  std::uint64_t shown_ = 0;
  std::uint64_t left_out_ = 0;
};

void print_event(const Context& context, const model::Event& event, const std::string& zone) {
  if (context.output == Output::json) {
    context.out << json_of(event).dump() << "\n";
  } else {
    print_text(context.out, event, zone);
  }
}

/// In a pass of its own: more than memory should hold.
base::Status show_all_events(const timeline::TimeWindow& window, ShownEvents& shown, const std::string& zone,
                             Session& session, Context& context) {
  LG_ASSIGN(const auto stream, timeline::open_timeline(session.folder, *session.store, window));
  model::Event event;
  while (context.out.good()) {
    LG_ASSIGN(const bool any, stream->next());
    if (!any) break;
    if (!shown.chooses(stream->current())) continue;
    events::copy_into(stream->current(), event);
    print_event(context, event, zone);
  }
  return base::Done{};
}

/// What is missing first: without it the rest says less.
void print_next(const timeline::TimelineSummary& summary, const std::string& folder, const Context& context) {
  const std::string start = fmt::format("lastgood --case {}", shell_word(folder));
  if (summary.events == 0) {
    context.out << fmt::format("next: {} timeline import PATH (logs), and {} scan PATH (files)\n", start, start);
  } else if (summary.extensions.empty()) {
    context.out << fmt::format("next: {} scan PATH: it finds what the attack did to names\n", start);
  } else {
    context.out << fmt::format("next: {} report --out report.html, or {} questions\n", start, start);
  }
}

Outcome run_show(const TimelineOptions& options, Context& context) {
  LG_OUTCOME(timeline::SummaryOptions summary_options, make_summary_options(options), ExitCode::wrong_use);
  LG_OUTCOME(std::vector<bool> kinds, choose_kinds(options), ExitCode::wrong_use);
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const timeline::TimeWindow window, make_window(options, zone_of(*session.store)), ExitCode::wrong_use);
  summary_options.zone = zone_of(*session.store);
  ShownEvents shown(options, window, std::move(kinds));
  std::vector<model::Event> first_events;
  const bool fits = options.limit != 0 && options.limit <= k_kept_events_max;
  const auto keep = [&](const events::EventView& event) {
    if (shown.chooses(event)) events::copy_into(event, first_events.emplace_back());
  };
  const auto summary = timeline::summarise_timeline(session.folder, *session.store, summary_options,
                                                    fits ? timeline::EventVisitor(keep) : timeline::EventVisitor());
  if (!summary.ok()) return Failure{summary.error(), exit_code_of_case_error(summary.error().code)};
  if (context.output == Output::json) {
    context.out << json_of(summary.value()).dump() << "\n";
  } else {
    print_text(context.out, summary.value(), summary_options.zone);
    context.out << "\n";
  }
  if (!options.picture.empty()) {
    LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, options.picture),
               ExitCode::target_refused);
    const std::string picture = timeline::draw_timeline(summary.value(), summary_options.zone);
    const base::Status written = os::write_atomic_file(options.picture, base::ByteView(picture), os::Overwrite::no);
    if (!written.ok()) return Failure{written.error(), ExitCode::case_failed};
  }
  for (const model::Event& event : first_events) print_event(context, event, summary_options.zone);
  if (!fits) {
    const base::Status all = show_all_events(window, shown, summary_options.zone, session, context);
    if (!all.ok()) return Failure{all.error(), exit_code_of_case_error(all.error().code)};
  }
  shown.print_end(context);
  if (context.output == Output::text) print_next(summary.value(), session.folder, context);
  return ExitCode::done;
}

Outcome run_export(const TimelineOptions& options, Context& context) {
  auto opened = open_to_read(context);
  if (auto* failure = std::get_if<Failure>(&opened)) return std::move(*failure);
  Session& session = std::get<Session>(opened);
  LG_OUTCOME(const timeline::TimeWindow window, make_window(options, zone_of(*session.store)), ExitCode::wrong_use);
  LG_OUTCOME(const auto stream, timeline::open_timeline(session.folder, *session.store, window), ExitCode::case_failed);
  LG_OUTCOME([[maybe_unused]] const base::Done is_free, recovery::check_output_place(*session.store, options.out),
             ExitCode::target_refused);
  LG_OUTCOME(os::AtomicFile file, os::begin_atomic_file(options.out, os::Overwrite::no), ExitCode::wrong_use);
  LG_OUTCOME(const std::uint64_t lines,
             timeline::write_timesketch(*stream, [&](base::ByteView bytes) { return file.write(bytes); }),
             ExitCode::case_failed);
  const base::Status written = file.commit();
  if (!written.ok()) return Failure{written.error(), ExitCode::case_failed};
  if (context.output == Output::json)
    context.out
        << nlohmann::ordered_json{{"type", "export"}, {"path", base::printable(options.out)}, {"events", lines}}.dump()
        << "\n";
  else
    context.out << fmt::format("{}: {} events for Timesketch\n", base::printable(options.out), human_count(lines));
  return ExitCode::done;
}

void declare_window(CLI::App& app, const std::shared_ptr<TimelineOptions>& options) {
  app.add_option("--from", options->from, "events from this time on")->type_name("TIME");
  app.add_option("--to", options->to, "events before this time")->type_name("TIME");
}

void declare_show(CLI::App& app, const std::shared_ptr<TimelineOptions>& options) {
  declare_window(app, options);
  app.add_option("--kind", options->kinds, "events of this kind alone")->type_name("KIND")->allow_extra_args(false);
  app.add_option("--limit", options->limit, "show at most so many events; 0: all")->type_name("N");
  app.add_option("--extension", options->extensions,
                 "what the attack appended to names; otherwise as the scan found it")
      ->type_name("EXT")
      ->allow_extra_args(false);
  app.add_option("--own", options->own, "an address or block that is the hospital's own, beside the private ones")
      ->type_name("BLOCK")
      ->allow_extra_args(false);
  app.add_option("--picture", options->picture, "draw it into this file (SVG)")->type_name("FILE");
}

Run declare_timeline(CLI::App& app) {
  const auto options = std::make_shared<TimelineOptions>();
  options->action = &run_show;
  declare_show(app, options);
  CLI::App* show = app.add_subcommand("show", "what happened when, by whom, from which address; then the events");
  declare_show(*show, options);
  CLI::App* importing = app.add_subcommand("import", "read logs and timelines of other tools into the case");
  importing->final_callback([options] { options->action = &run_import; });
  importing->add_option("path", options->paths, "logs, or folders with logs")->required()->type_name("PATH");
  importing
      ->add_option("--zone", options->zone, "zone of times that are written without one: +05:30, IST, Asia/Kolkata")
      ->type_name("ZONE");
  importing->add_option("--year", options->year, "year of the first line, for logs without years")
      ->check(CLI::Range(1970, 2261))
      ->type_name("YEAR");
  importing->add_option("--host", options->host, "the machine whose logs these are, where they name none")
      ->type_name("NAME");
  importing->add_option("--format", options->format, "read them in this format alone")->type_name("NAME");
  importing->add_option("--samba-prefix", options->samba_prefix, "full_audit:prefix of the server, like '%u|%I|%m|%S'")
      ->type_name("PREFIX");
  CLI::App* exported = app.add_subcommand("export", "write it for Timesketch (JSON lines)");
  exported->final_callback([options] { options->action = &run_export; });
  exported->add_option("--out", options->out, "a new file")->required()->type_name("FILE");
  declare_window(*exported, options);
  app.require_subcommand(0, 1);
  return [options](Context& context) { return options->action(*options, context); };
}

}  // namespace

const Command k_timeline_command = {
    .name = "timeline",
    .summary = "Join logs, files and snapshots into one timeline: first entry, encryption, who, from which address",
    .description =
        "'import' reads logs (Samba full_audit, sshd and other syslog, journald, auditd, PostgreSQL, web servers,\n"
        "Zeek, packet filters) and timelines of other tools (plaso, Hayabusa, Chainsaw, Velociraptor, Timesketch,\n"
        "body files), packed by gzip or not. Event logs of Windows (.evtx) are unpacked by one of them first:\n"
        "'hayabusa json-timeline -L', 'chainsaw hunt --jsonl', plaso's 'psort.py -o json_line', or just\n"
        "'evtx_dump -o jsonl'; a .journal of systemd by 'journalctl --file FILE -o json'. Each log is digested and\n"
        "recorded in the ledger; what was not understood is counted, with the byte where it stands. Times without\n"
        "a zone are read in --zone, and say so.\n"
        "Without a word behind it the command shows what all of it comes to: each statement with its place in the\n"
        "evidence and how sure it is, and 'unknown' where nothing says it. Sources that disagree are both shown.",
    .examples =
        "  lastgood timeline import --zone IST --host files1 /mnt/files1/var/log/samba /mnt/files1/var/log/auth.log\n"
        "  lastgood timeline import --zone Asia/Kolkata --year 2022 messages.1.gz hayabusa.csv\n"
        "  lastgood timeline\n"
        "  lastgood timeline show --kind file_renamed --from 2022-11-23 --limit 0 --json\n"
        "  lastgood timeline export --out case.jsonl      for Timesketch",
    .declare = declare_timeline};

}  // namespace lastgood::cli
