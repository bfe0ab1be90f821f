// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "cli/output/trace_lines.h"

#include <algorithm>
#include <cstdlib>
#include <ostream>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "base/rfc3339.h"
#include "cli/output/json_lines.h"

namespace lastgood::cli {

namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t k_shown_hops = 40;
constexpr std::size_t k_shown_hints = 20;
constexpr std::size_t k_shown_attachments = 20;

/// `name`: the text, or null where it is not known.
void set_known(Json& object, const std::string& name, const std::string& text) {
  if (text.empty()) {
    object[name] = nullptr;
  } else {
    set_text(object, name, text);
  }
}

Json json_of(const std::optional<model::IpAddress>& ip) { return ip ? Json(model::text_of(*ip)) : Json(nullptr); }

Json moment_of(const std::optional<mail::MailDate>& date) {
  return date && date->moment_known ? Json(base::format_rfc3339(date->time_ns)) : Json(nullptr);
}

Json json_of(const mail::Hop& hop) {
  const mail::Received& line = hop.received;
  Json object = {{"offset", hop.offset_bytes}};
  set_known(object, "helo", line.helo);
  set_known(object, "rdns", line.rdns);
  object["ip"] = json_of(line.ip);
  set_known(object, "by", line.by);
  set_known(object, "with", line.with);
  set_known(object, "id", line.id);
  object["date"] = moment_of(line.date);
  object["trust"] = mail::name_of(hop.trust);
  object["port"] = line.port ? Json(*line.port) : Json(nullptr);
  set_known(object, "date_text", line.date_text);
  object["zone_minutes"] = line.date && line.date->zone_minutes ? Json(*line.date->zone_minutes) : Json(nullptr);
  object["by_ip"] = json_of(line.by_ip);
  set_known(object, "ident", line.ident);
  set_known(object, "authenticated_as", line.authenticated_as);
  set_known(object, "program", line.program);
  object["rdns_may_be_forged"] = line.rdns_may_be_forged;
  object["peer"] = line.peer == mail::PeerReading::firm    ? "firm"
                   : line.peer == mail::PeerReading::loose ? "loose"
                                                           : "none";
  return object;
}

Json json_of(const mail::SignatureVerdict& verdict) {
  Json object = {{"offset", verdict.offset_bytes}};
  set_known(object, "domain", verdict.domain);
  set_known(object, "selector", verdict.selector);
  set_known(object, "algorithm", verdict.algorithm);
  object["result"] = mail::name_of(verdict.result);
  set_known(object, "reason", verdict.reason);
  object["weak"] = verdict.weak;
  object["key_bits"] = verdict.key_bits > 0 ? Json(verdict.key_bits) : Json(nullptr);
  object["unsigned_bytes"] = verdict.unsigned_bytes ? Json(*verdict.unsigned_bytes) : Json(nullptr);
  return object;
}

Json json_of(const mail::ArcVerdict& verdict) {
  Json sets = Json::array();
  for (const mail::ArcSet& set : verdict.sets) {
    Json object = {{"instance", set.instance}, {"offset", set.offset_bytes}};
    set_known(object, "domain", set.seal.domain);
    set_known(object, "cv", set.cv);
    object["seal"] = mail::name_of(set.seal.result);
    object["message"] =
        set.message.result == mail::AuthResult::none ? Json(nullptr) : Json(mail::name_of(set.message.result));
    sets.push_back(std::move(object));
  }
  Json object = {{"result", mail::name_of(verdict.result)}};
  set_known(object, "reason", verdict.reason);
  object["sets"] = std::move(sets);
  return object;
}

Json json_of(const mail::SpfVerdict& verdict) {
  Json object = {{"result", mail::name_of(verdict.result)}};
  set_known(object, "domain", verdict.domain);
  set_known(object, "matched", verdict.matched);
  set_known(object, "reason", verdict.reason);
  return object;
}

Json json_of(const trace::MailAttachment& attachment) {
  Json object = Json::object();
  set_known(object, "name", attachment.name);
  set_known(object, "content_type", attachment.content_type);
  set_known(object, "encoding", attachment.encoding);
  object["offset"] = attachment.offset_bytes;
  object["size"] = attachment.size_bytes;
  object["sha256"] = attachment.sha256;
  return object;
}

std::string peer_text(const mail::Received& line) {
  if (!line.rdns.empty()) return line.rdns + (line.rdns_may_be_forged ? " (name may be forged)" : "");
  if (!line.helo.empty()) return "calls itself " + line.helo;
  return line.has_from ? "unnamed" : "-";
}

std::string cut(const std::string& text, std::size_t width) {
  const std::string shown = base::printable(text);
  return shown.size() <= width ? shown : shown.substr(0, width - 2) + "..";
}

std::string time_text(const mail::Received& line) {
  if (line.date && line.date->moment_known) return base::utc_time(line.date->time_ns);
  return line.date_text.empty() ? "-" : cut(line.date_text, 20);
}

/// The zone in which its writer's clock shows; "-0000" says that it is not known.
std::string zone_text(const mail::Received& line) {
  if (!line.date || !line.date->zone_minutes) return "-";
  const int minutes = *line.date->zone_minutes;
  return fmt::format("{}{:02}:{:02}", minutes < 0 ? '-' : '+', std::abs(minutes) / 60, std::abs(minutes) % 60);
}

std::string_view trust_word(const mail::Hop& hop) {
  switch (hop.trust) {
    case mail::Trust::trusted: return "own relay";
    case mail::Trust::semi_trusted: return "BORDER";
    case mail::Trust::vouched: return "vouched";
    case mail::Trust::claim: return "claim";
  }
  return "";
}

void print_way(std::ostream& out, const trace::MailTrace& mail) {
  out << fmt::format("  the way, oldest line first ({} lines):\n", mail.received_seen);
  out << fmt::format("    {:<20} {:<6} {:<15} {:<38} {:<32} {}\n", "time (UTC)", "zone", "address", "handed over by",
                     "written by", "how far true");
  const std::size_t shown = std::min(mail.hops.size(), k_shown_hops);
  if (mail.hops.size() > shown) {
    out << fmt::format("    ... {} older lines are left out here; --json has them\n", mail.hops.size() - shown);
  }
  for (std::size_t i = shown; i-- > 0;) {
    const mail::Hop& hop = mail.hops[i];
    const bool border = mail.boundary && mail.boundary->hop == i;
    out << fmt::format("  {} {:<20} {:<6} {:<15} {:<38} {:<32} {}\n", border ? '>' : ' ', time_text(hop.received),
                       zone_text(hop.received), hop.received.ip ? model::text_of(*hop.received.ip) : "-",
                       cut(peer_text(hop.received), 38), cut(hop.received.by.empty() ? "-" : hop.received.by, 32),
                       border && hop.trust == mail::Trust::claim ? "border, a claim" : trust_word(hop));
  }
}

void print_border(std::ostream& out, const trace::MailTrace& mail) {
  if (!mail.boundary) {
    out << "  no Received line: nothing in this mail shows how it came\n";
    return;
  }
  const mail::Boundary& border = *mail.boundary;
  const mail::Received& line = mail.hops[border.hop].received;
  const std::string ip = border.ip ? model::text_of(*border.ip) : "no address";
  const bool fact = border.level == mail::Level::fact;
  out << fmt::format("  {}: {} handed it over to {}{}\n", fact ? "FACT" : "CLAIM", ip,
                     cut(line.by.empty() ? "an unnamed server" : line.by, 80),
                     line.date && line.date->moment_known ? " at " + base::utc_time(line.date->time_ns) : "");
  out << fmt::format("    {}: {}\n", fact ? "basis" : "why no more than a claim", base::printable(border.reason));
  if (line.port) out << fmt::format("    source port {}\n", *line.port);
  out << "    an address is a server that took part, not a person; lines marked as claims are the sender's own words\n";
}

void print_checks(std::ostream& out, const trace::MailTrace& mail) {
  for (const mail::SignatureVerdict& verdict : mail.dkim) {
    out << fmt::format(
        "  DKIM {}: {}{}{}\n", cut(verdict.domain.empty() ? "?" : verdict.domain, 60), mail::name_of(verdict.result),
        verdict.reason.empty() ? "" : ", " + base::printable(verdict.reason), verdict.weak ? " (weak)" : "");
    if (verdict.unsigned_bytes)
      out << fmt::format("    {} bytes at the end of the text are not signed\n", *verdict.unsigned_bytes);
  }
  if (mail.dkim.empty()) out << "  DKIM: the mail carries no signature\n";
  if (mail.arc.result != mail::AuthResult::none) {
    out << fmt::format("  ARC, {} seals: {}{}\n", mail.arc.sets.size(), mail::name_of(mail.arc.result),
                       mail.arc.reason.empty() ? "" : ", " + base::printable(mail.arc.reason));
  }
  if (mail.spf) {
    out << fmt::format("  SPF {}: {}{}{}\n", cut(mail.spf->domain.empty() ? "?" : mail.spf->domain, 60),
                       mail::name_of(mail.spf->result),
                       mail.spf->matched.empty() ? "" : " by " + cut(mail.spf->matched, 60),
                       mail.spf->reason.empty() ? "" : ", " + base::printable(mail.spf->reason));
  }
}

void print_attachments(std::ostream& out, const trace::MailTrace& mail) {
  for (std::size_t i = 0; i < std::min(mail.attachments.size(), k_shown_attachments); ++i) {
    const trace::MailAttachment& attachment = mail.attachments[i];
    const std::string name = attachment.name.empty() ? "without a name" : "'" + cut(attachment.name, 60) + "'";
    out << fmt::format("  attachment {}, {}, {} bytes, SHA-256 {}\n", name, cut(attachment.content_type, 60),
                       attachment.size_bytes, attachment.sha256);
  }
  if (mail.attachments.size() > k_shown_attachments)
    out << fmt::format("  ... and {} more attachments; --json has them\n",
                       mail.attachments.size() - k_shown_attachments);
}

}  // namespace

Json json_of(const std::string& path, const trace::MailTrace& mail) {
  Json line = {{"type", "message"}};
  set_text(line, "path", path);
  line["offset"] = mail.begin_bytes;
  line["size"] = mail.end_bytes - mail.begin_bytes;
  line["item"] = mail.store_item ? Json(*mail.store_item) : Json(nullptr);
  line["sha256"] = mail.sha256;
  set_known(line, "from", mail.from);
  set_known(line, "subject", mail.subject);
  set_known(line, "from_shown", mail.from_shown);
  set_known(line, "subject_shown", mail.subject_shown);
  set_known(line, "date", mail.date_text);
  set_known(line, "message_id", mail.message_id);
  Json hops = Json::array();
  for (const mail::Hop& hop : mail.hops) hops.push_back(json_of(hop));
  line["hops"] = std::move(hops);
  line["received_seen"] = mail.received_seen;
  line["boundary"] = nullptr;
  if (mail.boundary) {
    line["boundary"] = {{"hop", mail.boundary->hop},
                        {"ip", json_of(mail.boundary->ip)},
                        {"level", mail::name_of(mail.boundary->level)},
                        {"reason", base::printable(mail.boundary->reason)}};
  }
  Json dkim = Json::array();
  for (const mail::SignatureVerdict& verdict : mail.dkim) dkim.push_back(json_of(verdict));
  line["dkim"] = std::move(dkim);
  line["arc"] = json_of(mail.arc);
  line["spf"] = mail.spf ? json_of(*mail.spf) : Json(nullptr);
  Json attachments = Json::array();
  for (const trace::MailAttachment& attachment : mail.attachments) attachments.push_back(json_of(attachment));
  line["attachments"] = std::move(attachments);
  Json hints = Json::array();
  for (const model::Finding& hint : mail.hints) hints.push_back(base::printable(hint.rule + ": " + hint.sentence));
  line["hints"] = std::move(hints);
  Json steps = Json::array();
  for (const mail::ClockStep& step : mail.clock_steps)
    steps.push_back({{"hop", step.hop}, {"backwards_seconds", step.backwards_seconds}});
  line["clock_steps"] = std::move(steps);
  return line;
}

void print_text(std::ostream& out, const std::string& path, const trace::MailTrace& mail) {
  const std::string place = mail.store_item ? fmt::format("item {}", *mail.store_item)
                                            : fmt::format("bytes {} to {}", mail.begin_bytes, mail.end_bytes);
  out << fmt::format("{}, {}, SHA-256 {}\n", base::printable(path), place, mail.sha256);
  const auto said = [&out](std::string_view name, const std::string& text) {
    if (!text.empty()) out << fmt::format("  {:<11} {}\n", name, cut(text, 120));
  };
  said("from", mail.from_shown);
  said("subject", mail.subject_shown);
  said("date", mail.date_text);
  said("message-id", mail.message_id);
  print_border(out, mail);
  if (!mail.hops.empty()) print_way(out, mail);
  print_checks(out, mail);
  print_attachments(out, mail);
  if (!mail.hints.empty()) out << "  hints, none of them a proof:\n";
  for (std::size_t i = 0; i < std::min(mail.hints.size(), k_shown_hints); ++i) {
    out << fmt::format("    byte {}: {}\n", mail.hints[i].range.from, base::printable(mail.hints[i].sentence));
  }
  if (mail.hints.size() > k_shown_hints)
    out << fmt::format("    ... and {} more; --json has them\n", mail.hints.size() - k_shown_hints);
  out << "\n";
}

}  // namespace lastgood::cli
