// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/services_part.h"

#include <algorithm>
#include <string_view>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "base/markup.h"
#include "report/data_lost.h"
#include "report/findings_text.h"
#include "report/service_words.h"

namespace lastgood::report {

namespace {

using base::escape_html;
using base::human_bytes;
using base::human_count;
using base::human_seconds;

constexpr int k_service_row = 26;
constexpr int k_names = 220;
// So far apart in lightness that a printer without colours tells them apart.
constexpr std::string_view k_down = "#9b1c31";
constexpr std::string_view k_data_back = "#e8a33d";
constexpr std::string_view k_up = "#d5f0d8";

std::string joined(const std::vector<std::string>& texts) {
  std::string out;
  for (const std::string& text : texts) {
    // A source that is one copy has no name for it: "engines .".
    const std::size_t end = text.ends_with(" .") ? text.size() - 2 : text.size();
    out += (out.empty() ? "" : ", ") + text.substr(0, end);
  }
  return out;
}

/// "as of 2022-11-23 07:06:59 +05:30; files beside as of ..; OPD registration, which it waits for, as of .."
std::string as_of_words(const facts::CaseFacts& facts, const ServiceShare& service) {
  if (service.data_as_of_ns == 0 && service.needed_as_of_ns != 0)
    return fmt::format("as of {}, that of {}, which it waits for", told_time(facts, service.needed_as_of_ns),
                       base::printable(service.needed_title));
  std::string out = "as of " + told_time(facts, service.data_as_of_ns);
  if (service.files_as_of_ns != 0)
    out += fmt::format("; files beside as of {}", told_time(facts, service.files_as_of_ns));
  if (service.needed_as_of_ns != 0)
    out += fmt::format("; {}, which it waits for, as of {}", base::printable(service.needed_title),
                       told_time(facts, service.needed_as_of_ns));
  return out;
}

/// "also restored beside, to '/test' (2022-..), as of 2022-..: .."; empty: nothing was.
std::string beside_words(const facts::CaseFacts& facts, const ServiceShare& service) {
  if (service.beside.at_ns == 0) return {};
  return fmt::format("{}restored beside, to '{}' ({}), as of {}: the service does not work from there",
                     service.restored_ns != 0 ? "also " : "", base::printable(service.beside.folder),
                     told_time(facts, service.beside.at_ns), told_time(facts, service.beside.as_of_ns));
}

std::string from_words(const ServiceShare& service) {
  if (!service.from.empty())
    return fmt::format("from {}{}{}", base::printable(joined(service.from)), service.lacks.empty() ? "" : "; ",
                       base::printable(service.lacks));
  return service.has_regenerable ? "nothing came back that cannot be made again" : "nothing of its own came back";
}

/// As much of a name as fits beside its bar, never half a letter of a script of many bytes.
std::string first_letters(const std::string& name) {
  constexpr std::size_t k_bytes_max = 30;
  std::size_t end = std::min(name.size(), k_bytes_max);
  while (end > 0 && end < name.size() && (static_cast<unsigned char>(name[end]) & 0xC0U) == 0x80U) --end;
  return end == name.size() ? name : name.substr(0, end) + "..";
}

struct Span {
  std::int64_t from_ns = 0;
  std::int64_t to_ns = 0;
};

Span span_of(const CaseReport& report) {
  Span out{INT64_MAX, report.made_ns};
  for (const ServiceShare& service : report.services.services) {
    const std::int64_t again_ns = service.later.empty() ? 0 : service.later.back().to_ns;
    for (const std::int64_t time_ns : {service.down_ns, service.restored_ns, service.healthy_ns, again_ns}) {
      if (time_ns == 0) continue;
      out.from_ns = std::min(out.from_ns, time_ns);
      out.to_ns = std::max(out.to_ns, time_ns);
    }
  }
  return out;
}

/// A bar for each service: down, its data back, well. Colours differ in lightness, too.
std::string bars(const CaseReport& report) {
  const Span span = span_of(report);
  if (span.from_ns >= span.to_ns) return {};
  const auto x_of = [&](std::int64_t time_ns) {
    const double part = seconds_between(span.from_ns, time_ns) / seconds_between(span.from_ns, span.to_ns);
    return k_names + part * (k_picture_width - k_names);
  };
  const auto height = static_cast<int>(report.services.services.size()) * k_service_row + k_service_row;
  std::string svg =
      fmt::format("<svg class=\"services\" role=\"img\" aria-label=\"services over time\" viewBox=\"0 0 {} {}\">",
                  k_picture_width, height);
  int y = 0;
  const auto bar = [&](std::int64_t from_ns, std::int64_t to_ns, std::string_view colour, const std::string& title) {
    if (from_ns == 0 || to_ns <= from_ns) return;
    svg += fmt::format(
        "<rect x=\"{:.1f}\" y=\"{}\" width=\"{:.1f}\" height=\"{}\" fill=\"{}\" stroke=\"#444\" "
        "stroke-width=\"0.5\"><title>{}</title></rect>",
        x_of(from_ns), y + 4, std::max(1.0, x_of(to_ns) - x_of(from_ns)), k_service_row - 8, colour,
        escape_html(title));
  };
  for (const ServiceShare& service : report.services.services) {
    svg += fmt::format("<text x=\"0\" y=\"{}\" font-size=\"13\">{}</text>", y + 17,
                       escape_html(first_letters(service.title)));
    const std::int64_t end_ns = service.healthy_ns != 0 ? service.healthy_ns : span.to_ns;
    const std::int64_t data_ns = service.restored_ns > service.down_ns ? std::min(service.restored_ns, end_ns) : end_ns;
    bar(service.down_ns, data_ns, k_down,
        fmt::format("{}: down since {}", service.title, told_time(report.facts, service.down_ns)));
    bar(data_ns, end_ns, k_data_back,
        fmt::format("{}: data back {}", service.title, told_time(report.facts, service.restored_ns)));
    bar(service.healthy_ns, span.to_ns, k_up,
        fmt::format("{}: {} {}", service.title, up_words(service), told_time(report.facts, service.healthy_ns)));
    for (const Outage& outage : service.later)
      bar(outage.from_ns, outage.to_ns != 0 ? outage.to_ns : span.to_ns, k_down,
          fmt::format("{}: {}", service.title, words_of(report.facts, outage)));
    y += k_service_row;
  }
  svg += fmt::format(
      "<text x=\"{}\" y=\"{}\" font-size=\"12\">{}</text><text x=\"{}\" y=\"{}\" font-size=\"12\" "
      "text-anchor=\"end\">{}</text></svg>",
      k_names, y + 17, told_time(report.facts, span.from_ns), k_picture_width, y + 17,
      told_time(report.facts, span.to_ns));
  return svg +
         "<p class=\"caution\">Dark: down. Middle: its data are back. Light: up. From health checks, starts and "
         "restores "
         "as they were recorded.</p>";
}

/// "down since ..., data back ..., up since ...": a line for each that is known.
std::string moments_of(const facts::CaseFacts& facts, const ServiceShare& service) {
  std::string out;
  const auto add = [&](std::string_view what, std::int64_t time_ns) {
    if (time_ns != 0) out += fmt::format("{}{} {}", out.empty() ? "" : "<br>", what, told_time(facts, time_ns));
  };
  add("down since", service.down_ns);
  add("data back", service.restored_ns);
  add("restored again", service.restored_again_ns);
  add(up_words(service), service.healthy_ns);
  add("nobody looked after", service.up_after_ns);
  for (const std::string& words : later_words(facts, service)) out += "<br>" + words;
  if (out.empty() && was_last_well(service)) add("seen up at", service.last_seen_ns);
  if (service.struck != 0) out += (out.empty() ? "" : "<br>") + struck_words(service);
  if (!service.waits_for.empty()) out += (out.empty() ? "" : "<br>") + escape_html(waiting_words(service));
  return out.empty() ? "nothing was recorded" : out;
}

std::string data_of(const facts::CaseFacts& facts, const ServiceShare& service) {
  const std::string beside = escape_html(beside_words(facts, service));
  if (service.restored_ns == 0 && service.data_as_of_ns == 0) return beside.empty() ? "-" : beside;
  return escape_html(as_of_words(facts, service)) + "<br>" + escape_html(from_words(service)) +
         (beside.empty() ? "" : "<br>" + beside);
}

/// Browsers break "2022-11-23" after a hyphen: a day that goes on in another line is misread.
std::string with_whole_days(std::string_view html) {
  constexpr std::string_view k_day = "dddd-dd-dd";
  std::string out;
  for (std::size_t at = 0; at < html.size();) {
    const std::string_view here = html.substr(at, k_day.size());
    const bool is_day =
        here.size() == k_day.size() && std::equal(here.begin(), here.end(), k_day.begin(), [](char is, char wanted) {
          return wanted == 'd' ? is >= '0' && is <= '9' : is == wanted;
        });
    if (is_day) out += fmt::format("<span class=\"day\">{}</span>", here);
    if (!is_day) out += html[at];
    at += is_day ? k_day.size() : 1;
  }
  return out;
}

std::string service_rows(const CaseReport& report) {
  std::string html =
      "<table id=\"services\"><tr><th>service</th><th>when</th><th>its data</th><th>time down, of what is allowed "
      "(RTO)</th><th>data lost, of what is allowed (RPO)</th><th>newest restore test</th></tr>";
  for (const ServiceShare& service : report.services.services) {
    html += fmt::format(
        "<tr><td><b>{}</b><br>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>",
        escape_html(service.title), state_of(service), with_whole_days(moments_of(report.facts, service)),
        with_whole_days(data_of(report.facts, service)), achieved_time(service, report.made_ns),
        with_whole_days(data_lost_words(report.facts, service)),
        service.tested_ns == 0
            ? std::string("never")
            : escape_html(service.test) + ",<br>" + with_whole_days(told_time(report.facts, service.tested_ns)));
  }
  return html + "</table>";
}

std::string restore_sentence(const facts::CaseFacts& facts, const RestoreShare& restore) {
  const std::string where = fmt::format("{}to '{}'",
                                        restore.mode == "in-place" ? "in place, "
                                        : restore.mode == "beside" ? "beside, "
                                                                   : "",
                                        base::printable(restore.target));
  if (restore.outcome.empty())
    return fmt::format("{}: begun {}, and not ended yet", where, told_time(facts, restore.begun_ns));
  std::string left;
  if (restore.refused > 0) left += fmt::format("; {} not restored, as it said then", restore.refused);
  if (restore.incomplete > 0) left += fmt::format("; {} with lost pieces", restore.incomplete);
  return fmt::format("{}: {} files, {}, from {} to {}: {}{}", where,
                     human_count(static_cast<std::uint64_t>(std::max<std::int64_t>(0, restore.files))),
                     human_bytes(static_cast<std::uint64_t>(std::max<std::int64_t>(0, restore.bytes))),
                     told_time(facts, restore.begun_ns), told_time(facts, restore.ended_ns),
                     base::printable(restore.outcome), left);
}

/// "cannot be brought back, as no source has a good version: 2 files: '/srv/a', '/srv/b'"; empty: nothing is lost.
std::string lost_sentence(const RestoreShare& restore) {
  if (restore.lost <= 0) return {};
  std::string out = fmt::format("cannot be brought back, as no source has a good version: {} {}", restore.lost,
                                restore.lost == 1 ? "file" : "files");
  std::string names;
  for (const std::string& path : restore.lost_paths)
    names += fmt::format("{}'{}'", names.empty() ? ": " : ", ", base::printable(path));
  for (const std::string& folder : restore.lost_in) {
    const std::size_t blank = std::min(folder.find(' '), folder.size() - 1);
    names += fmt::format("{}{} in '{}'", names.empty() ? ": " : ", ", folder.substr(0, blank),
                         base::printable(folder.substr(blank + 1)));
  }
  return out + names;
}

/// Each restore, and behind it what it cannot bring back.
std::vector<std::string> restore_sentences(const CaseReport& report) {
  std::vector<std::string> out;
  for (const RestoreShare& restore : report.services.restores) {
    out.push_back(restore_sentence(report.facts, restore));
    if (restore.lost > 0) out.push_back(lost_sentence(restore));
  }
  return out;
}

/// A database may have been restored for files that look struck and that nothing proves to be.
std::string undecided_sentence(const CaseReport& report) {
  const auto at = static_cast<std::size_t>(model::Verdict::undecided);
  if (report.files.at(at) == 0) return {};
  return fmt::format(
      "besides, {} {}, {}, could not be judged and may be encrypted, too: not counted here; where something was "
      "restored for such files, 'Restored from what?' says so",
      human_count(report.files.at(at)), report.files.at(at) == 1 ? "file" : "files", human_bytes(report.bytes.at(at)));
}

Answer which_servers(const CaseReport& report) {
  Answer out{"Which servers were hit?", {}};
  for (const facts::HostFacts& host : report.facts.hosts) {
    if (host.hit_files == 0) continue;
    out.sentences.push_back(fmt::format("{}: {} of {} files encrypted, {}", base::printable(host.name),
                                        human_count(host.hit_files), human_count(host.files),
                                        human_bytes(host.hit_bytes)));
  }
  for (const facts::HostFacts& host : report.facts.hosts) {
    if (host.hit_files == 0)
      out.sentences.push_back(fmt::format("{}: scanned, no encrypted file{}", base::printable(host.name),
                                          host.finished ? "" : "; the scan did not run to its end"));
  }
  if (out.sentences.empty()) out.sentences.emplace_back("unknown: no server was scanned");
  if (const std::string open = undecided_sentence(report); !open.empty()) out.sentences.push_back(open);
  return out;
}

Answer how_many_bytes(const CaseReport& report) {
  if (report.scans.empty()) return {"How many bytes?", {"unknown: no server was scanned"}};
  Answer out{"How many bytes?",
             {fmt::format("{} in {} encrypted files, of {} that were looked at", human_bytes(report.hit_bytes()),
                          human_count(report.hit_files()), human_bytes(report.total_bytes()))}};
  if (const std::string open = undecided_sentence(report); !open.empty()) out.sentences.push_back(open);
  return out;
}

Answer restored_from_what(const CaseReport& report) {
  Answer out{"Restored from what?", {}};
  out.sentences = restore_sentences(report);
  for (const ServiceShare& service : report.services.services) {
    const bool is_back = service.restored_ns != 0 && (!service.from.empty() || service.needed_as_of_ns != 0);
    if (is_back)
      out.sentences.push_back(fmt::format("{}: {}, data {}", base::printable(service.title), from_words(service),
                                          as_of_words(report.facts, service)));
    if (service.beside.at_ns != 0)
      out.sentences.push_back(
          fmt::format("{}: {}", base::printable(service.title), beside_words(report.facts, service)));
  }
  if (out.sentences.empty()) out.sentences.emplace_back("nothing was restored with this case");
  return out;
}

Answer when_back(const CaseReport& report) {
  Answer out{"When was each service back?", {}};
  for (const ServiceShare& service : report.services.services) {
    std::string sentence = fmt::format("{}: ", base::printable(service.title));
    if (service.struck != 0)
      sentence += fmt::format("not back yet: {}; {}; time down {}", state_of(service), struck_words(service),
                              achieved_time(service, report.made_ns));
    else if (service.healthy_ns != 0)
      sentence += fmt::format(
          "{} {}{}; time down {}", up_words(service), told_time(report.facts, service.healthy_ns),
          service.up_after_ns == 0 ? "" : ", looked at before " + told_time(report.facts, service.up_after_ns),
          achieved_time(service, report.made_ns));
    else if (service.down_ns == 0 && service.restored_ns == 0 && was_last_well(service))
      sentence += fmt::format(
          "never seen down; seen up at {}, and no look since saw a change (looks that see none are "
          "not kept)",
          told_time(report.facts, service.last_seen_ns));
    else if (service.down_ns == 0 && service.restored_ns == 0)
      sentence += "unknown: nothing was recorded";
    else
      sentence += fmt::format("not back yet; {}", state_of(service));
    for (const std::string& words : later_words(report.facts, service)) sentence += "; " + words;
    if (!service.waits_for.empty()) sentence += "; " + waiting_words(service);
    out.sentences.push_back(std::move(sentence));
  }
  if (out.sentences.empty()) out.sentences.emplace_back("unknown: the case has no services file");
  return out;
}

Answer was_data_taken(const CaseReport& report) {
  Answer out{"Was data taken?", {}};
  for (const timeline::Outflow& flow : report.facts.timeline.outflows)
    out.sentences.push_back(fmt::format("{} went to {} between {} and {}, as logs say; what it was they do not say",
                                        human_bytes(flow.bytes), base::printable(flow.to_address),
                                        told_time(report.facts, flow.first_ns), told_time(report.facts, flow.last_ns)));
  for (const facts::PersonsFacts& persons : report.facts.exposure.persons) {
    if (persons.basis == "leaving") out.sentences.push_back(base::printable(persons.sentence));
  }
  if (out.sentences.empty())
    out.sentences.emplace_back("unknown: no log of this case shows data leaving, which does not mean that none left");
  return out;
}

}  // namespace

std::string services_html(const CaseReport& report) {
  const ServicesShare& services = report.services;
  std::string html;
  if (!services.trouble.empty())
    html += fmt::format("<p><b>{}</b></p>", escape_html(base::printable(services.trouble)));
  if (services.services.empty())
    html += "<p>The case has no services file: <code>lastgood services infer PATH</code> proposes one.</p>";
  else
    html += bars(report) + service_rows(report);
  if (services.restores.empty()) return html;
  html += "<h3>What was restored</h3><ul>";
  for (const std::string& sentence : restore_sentences(report)) html += "<li>" + escape_html(sentence) + "</li>";
  return html + "</ul>";
}

std::string services_text(const CaseReport& report) {
  std::string out;
  if (!report.services.trouble.empty()) out += "  " + base::printable(report.services.trouble) + "\n";
  if (report.services.services.empty())
    out += "  the case has no services file: 'lastgood services infer PATH' proposes one\n";
  for (const ServiceShare& service : report.services.services) {
    out += fmt::format("  {}: {}\n", base::printable(service.title), state_of(service));
    if (service.down_ns != 0)
      out += fmt::format("      down since {}; time down {}; data lost {}\n", told_time(report.facts, service.down_ns),
                         achieved_time(service, report.made_ns), data_lost_words(report.facts, service));
    for (const std::string& words : later_words(report.facts, service)) out += "      " + words + "\n";
    if (service.struck != 0) out += "      " + struck_words(service) + "\n";
    if (!service.waits_for.empty()) out += "      " + waiting_words(service) + "\n";
    if (service.restored_ns != 0)
      out += fmt::format("      data back {}{}, {}, {}\n", told_time(report.facts, service.restored_ns),
                         service.restored_again_ns == 0
                             ? std::string()
                             : ", restored again " + told_time(report.facts, service.restored_again_ns),
                         as_of_words(report.facts, service), from_words(service));
    if (service.beside.at_ns != 0) out += "      " + beside_words(report.facts, service) + "\n";
    if (service.tested_ns != 0)
      out +=
          fmt::format("      newest restore test {}: {}\n", told_time(report.facts, service.tested_ns), service.test);
  }
  for (const RestoreShare& restore : report.services.restores) {
    out += "  restored " + restore_sentence(report.facts, restore) + "\n";
    if (restore.lost > 0) out += "    " + lost_sentence(restore) + "\n";
  }
  return out;
}

std::vector<Answer> find_five_answers(const CaseReport& report) {
  return {which_servers(report), how_many_bytes(report), restored_from_what(report), when_back(report),
          was_data_taken(report)};
}

std::string five_answers_html(const CaseReport& report) {
  std::string html = "<ol id=\"five-answers\">";
  for (const Answer& answer : find_five_answers(report)) {
    html += "<li><b>" + escape_html(answer.question) + "</b><ul>";
    for (const std::string& sentence : answer.sentences) html += "<li>" + escape_html(sentence) + "</li>";
    html += "</ul></li>";
  }
  return html + "</ol>";
}

std::string five_answers_text(const CaseReport& report) {
  std::string out;
  int number = 0;
  for (const Answer& answer : find_five_answers(report)) {
    out += fmt::format("  {}. {}\n", ++number, answer.question);
    for (const std::string& sentence : answer.sentences) out += "     " + sentence + "\n";
  }
  return out;
}

std::string title_of(ReportForm form) {
  switch (form) {
    case ReportForm::all: return "";
    case ReportForm::hour_1: return "Report of the first hour: what is hit, what is left, what to do now.";
    case ReportForm::hour_6: return "Report of the sixth hour: with what logs and mails tell of the attack.";
    case ReportForm::day_1: return "Report of the first day: with persons, and single files.";
    case ReportForm::final_form: return "Final report: the five answers that are asked for come first.";
  }
  return "";
}

bool has_inquiry(ReportForm form) { return form != ReportForm::hour_1; }

bool has_details(ReportForm form) { return form != ReportForm::hour_1 && form != ReportForm::hour_6; }

}  // namespace lastgood::report
