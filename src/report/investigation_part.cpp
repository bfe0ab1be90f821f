// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "report/investigation_part.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "base/counted.h"
#include "base/error.h"
#include "base/human.h"
#include "base/markup.h"
#include "report/findings_text.h"
#include "timeline/picture.h"

namespace lastgood::report {

namespace {

using base::escape_html;
using base::human_bytes;
using base::human_count;
using base::printable;

constexpr std::size_t k_rows_max = 100;
constexpr std::string_view k_no_person =
    "An address is a server that took part, which may be rented, relayed or itself a victim; an account is an account. "
    "Neither is a person.";

std::string place_text(const facts::Place& place) {
  if (place.path.empty()) return "the case's own scan";
  return fmt::format("{}{}, {}", place.evidence_id.empty() ? "" : place.evidence_id + ": ", printable(place.path),
                     facts::offset_words(place));
}

std::string_view word_of(model::TimeBasis basis) {
  switch (basis) {
    case model::TimeBasis::recorded: return "recorded with its zone";
    case model::TimeBasis::zone_assumed: return "zone assumed";
    case model::TimeBasis::year_assumed: return "year and zone assumed";
    case model::TimeBasis::file_time: return "a file's own time, can be forged";
    case model::TimeBasis::claimed: return "claimed by a stranger";
  }
  return "unknown";
}

std::string moments_table(const facts::CaseFacts& facts) {
  if (facts.moments.empty()) return "<p>First entry, first and last encryption: unknown. No log was imported.</p>";
  std::string html = "<table id=\"moments\"><tr><th>what</th><th>when</th><th>how sure</th><th>what says so</th></tr>";
  for (std::size_t i = 0; i < facts.moments.size() && i < k_rows_max; ++i) {
    const facts::MomentFacts& moment = facts.moments[i];
    std::string who;
    if (!moment.account.empty()) who += ", account " + printable(moment.account);
    if (!moment.address.empty()) who += ", address " + printable(moment.address);
    html += fmt::format("<tr><td>{}{}</td><td>{}</td><td>{}; {}</td><td>{} <span class=\"path\">[{}]</span></td></tr>",
                        moment.name, escape_html(who), told_time(facts, moment.at_ns), model::name_of(moment.certainty),
                        word_of(moment.basis), escape_html(moment.sentence), escape_html(place_text(moment.place)));
  }
  return html + "</table>";
}

std::string proof_text(const timeline::Proof& proof) {
  return proof.evidence.empty() ? std::string("the case's own scan")
                                : fmt::format("{}, byte {}", printable(proof.evidence), proof.offset_bytes);
}

/// Both sides of what cannot both be right: nobody decides here which one is.
std::string contradictions_list(const facts::CaseFacts& facts) {
  if (facts.timeline.contradictions.empty()) return "";
  std::string html = "<h3>Sources that contradict each other</h3><ul id=\"contradictions\">";
  for (const timeline::Contradiction& found : facts.timeline.contradictions) {
    html += fmt::format("<li>{} <span class=\"path\">[{}] [{}]</span></li>", escape_html(found.sentence),
                        escape_html(proof_text(found.one)), escape_html(proof_text(found.other)));
  }
  return html + "</ul>";
}

std::string doers_list(const facts::CaseFacts& facts) {
  if (facts.doers.empty()) return "<p>Which account encrypted the files, and from which address: unknown.</p>";
  std::string html = "<ul id=\"doers\">";
  for (std::size_t i = 0; i < facts.doers.size() && i < k_rows_max; ++i) {
    const facts::DoerFacts& doer = facts.doers[i];
    html += fmt::format(
        "<li>The account <b>{}</b> at the address <b>{}</b> renamed or wrote {} encrypted files, {} to {} ({}). "
        "<span class=\"path\">[{}]</span></li>",
        doer.account.empty() ? "unknown" : escape_html(doer.account),
        doer.address.empty() ? "unknown" : escape_html(doer.address), human_count(doer.files),
        told_time(facts, doer.first_ns), told_time(facts, doer.last_ns), model::name_of(doer.certainty),
        escape_html(place_text(doer.place)));
  }
  return html + "</ul>";
}

std::string address_row(const facts::CaseFacts& facts, const facts::AddressFacts& address) {
  std::string seen = "time unknown";
  std::string ports;
  for (const facts::Observation& one : address.observations) {
    if (one.at_ns && seen == "time unknown") seen = told_time(facts, *one.at_ns) + ", " + one.what;
    const std::string port = std::to_string(one.port);
    const bool is_new = (", " + ports + ",").find(", " + port + ",") == std::string::npos;
    if (one.port != 0 && ports.size() < 60 && is_new) ports += (ports.empty() ? "" : ", ") + port;
  }
  std::string why;
  for (const facts::Link& link : address.links) {
    why += fmt::format("<li>{} ({}) <span class=\"path\">[{}]</span></li>", escape_html(link.sentence),
                       model::name_of(link.certainty), escape_html(place_text(link.place)));
  }
  return fmt::format(
      "<tr><td class=\"path\">{}</td><td>{}</td><td>{}<br>{}</td><td>{}</td><td "
      "class=\"n\">{}</td><td><ul>{}</ul>"
      "</td></tr>",
      escape_html(address.address), facts::name_of(address.standing), escape_html(seen),
      base::counted(address.times, "time"), ports.empty() ? "unknown" : ports,
      address.bytes_out == 0 ? "unknown" : human_bytes(address.bytes_out), why);
}

std::string addresses_table(const facts::CaseFacts& facts) {
  std::string rows;
  std::size_t shown = 0;
  for (const facts::AddressFacts& address : facts.addresses) {
    if (address.links.empty() || shown >= k_rows_max) continue;
    ++shown;
    rows += address_row(facts, address);
  }
  if (rows.empty()) return "<p>No address is tied to the attack.</p>";
  return "<table id=\"addresses\"><tr><th>address</th><th>fact or claim</th><th>first seen</th><th>its ports</th>"
         "<th class=\"n\">bytes to it</th><th>what ties it to the attack</th></tr>" +
         rows + "</table><p class=\"caution\">" + std::string(k_no_person) + "</p>";
}

bool says_nothing(const dossier::Dossier& made) {
  return std::all_of(made.statements.begin(), made.statements.end(), [](const dossier::Statement& statement) {
    return statement.strength == dossier::Strength::unknown;
  });
}

/// Levels that are never mixed, each with its set and the days between the data and the observation.
std::string dossiers_table(const CaseReport& report) {
  if (report.dossiers.empty()) return "";
  if (std::all_of(report.dossiers.begin(), report.dossiers.end(), &says_nothing))
    return "<h3>What public data say of these addresses</h3><p>Unknown: no data set is installed that knows them, no "
           "registry "
           "was asked and no provider answered. <code>lastgood dossier</code> says how.</p>";
  std::string html =
      "<h3>What public data say of these addresses</h3><table "
      "id=\"dossiers\"><tr><th>address</th><th>level</th><th>says"
      "</th><th>from</th></tr>";
  std::set<std::string> made_by;
  for (const dossier::Dossier& made : report.dossiers) {
    made_by.insert(made.attributions.begin(), made.attributions.end());
    bool is_first = true;
    for (const dossier::Statement& statement : made.statements) {
      std::string from;
      for (const std::string& source : statement.sources) from += (from.empty() ? "" : "; ") + source;
      if (statement.gap_days) from += fmt::format("; {} days from the observation", *statement.gap_days);
      html += fmt::format(
          "<tr><td class=\"path\">{}</td><td>{}<br>{}</td><td>{}{}</td><td>{}</td></tr>",
          is_first ? model::text_of(made.address) : "", dossier::name_of(statement.level),
          dossier::name_of(statement.strength), escape_html(statement.says),
          statement.quoted.empty() ? "" : " <span class=\"path\">" + escape_html(statement.quoted) + "</span>",
          escape_html(from));
      is_first = false;
    }
  }
  html += fmt::format("</table><p class=\"caution\">{}</p>", escape_html(dossier::closing_sentence()));
  std::string makers;  // the licences of the data sets ask for it
  for (const std::string& maker : made_by) makers += (makers.empty() ? "" : "; ") + maker;
  return makers.empty() ? html : html + fmt::format("<p class=\"caution\">Data: {}.</p>", escape_html(makers));
}

std::string tied_contacts(const facts::CaseFacts& facts) {
  std::string rows;
  std::size_t shown = 0;
  for (const facts::ContactFacts& contact : facts.contacts) {
    if (contact.links.empty() || shown >= k_rows_max) continue;
    ++shown;
    rows += fmt::format(
        "<tr><td>{}</td><td class=\"path\">{}</td><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td "
        "class=\"n\">{}</td><td>{}</td></tr>",
        escape_html(contact.kind), escape_html(contact.value), escape_html(contact.level),
        human_count(contact.encrypted_files), human_count(contact.notes), human_count(contact.mails),
        escape_html(contact.links.front().sentence));
  }
  if (rows.empty()) return "<p>No contact is tied to the attack.</p>";
  return "<table id=\"contacts\"><tr><th>kind</th><th>value</th><th>how told</th><th class=\"n\">stands in encrypted "
         "files</th><th "
         "class=\"n\">notes</th><th class=\"n\">mails</th><th>for example</th></tr>" +
         rows + "</table>";
}

std::string families_list(const facts::CaseFacts& facts) {
  if (facts.families.empty()) return "<p>Family: unknown. No public table that is installed knows these marks.</p>";
  std::string html = "<p>Family, by public tables (others may use the same marks):</p><ul>";
  for (const facts::FamilyFacts& family : facts.families) {
    html += fmt::format("<li>{} ({}): ", escape_html(family.name), model::name_of(family.certainty));
    for (const std::string& basis : family.basis) html += escape_html(basis) + "; ";
    html += fmt::format("<span class=\"caution\">by {}</span></li>", escape_html(family.table));
  }
  return html + "</ul>";
}

std::string number_of(const std::optional<std::uint64_t>& number) {
  return number ? human_count(*number) : std::string("unknown");
}

/// A sentence of statements joined by "; ", one by one.
std::vector<std::string_view> parts_of(std::string_view sentence) {
  std::vector<std::string_view> out;
  while (!sentence.empty()) {
    const std::size_t end = std::min(sentence.find("; "), sentence.size());
    out.push_back(sentence.substr(0, end));
    sentence.remove_prefix(std::min(end + 2, sentence.size()));
  }
  return out;
}

std::string persons_words(const facts::PersonsFacts& found) {
  if (!found.at_least && !found.at_most) return "unknown";
  const std::string_view standing = found.is_final ? "final" : "estimate";
  if (found.at_least == found.at_most) return fmt::format("{} ({})", number_of(found.at_least), standing);
  return fmt::format("at least {}, at most {} ({})", number_of(found.at_least), number_of(found.at_most), standing);
}

}  // namespace

std::string timeline_html(const CaseReport& report) {
  return timeline::draw_timeline(report.facts.timeline, report.facts.about.zone) + moments_table(report.facts) +
         contradictions_list(report.facts) + "<h3>Who encrypted, and from where</h3>" + doers_list(report.facts) +
         "<h3>Addresses</h3>" + addresses_table(report.facts) + dossiers_table(report);
}

std::string contacts_html(const CaseReport& report) {
  return tied_contacts(report.facts) + families_list(report.facts);
}

std::string persons_html(const CaseReport& report) {
  const facts::ExposureFacts& exposure = report.facts.exposure;
  if (exposure.persons.empty()) {
    return "<p>How many persons: unknown, nothing was counted. <span class=\"path\">lastgood exposure PATH</span> "
           "counts "
           "them.</p>";
  }
  std::string html =
      "<table id=\"persons\"><tr><th>basis</th><th class=\"n\">at least</th><th class=\"n\">at "
      "most</th><th></th><th>what "
      "the numbers stand on</th></tr>";
  for (const facts::PersonsFacts& found : exposure.persons) {
    std::string basis;
    for (const std::string_view part : parts_of(found.sentence))
      basis += (basis.empty() ? "" : "<br>") + escape_html(part);
    const bool is_known = found.at_least || found.at_most;
    html += fmt::format("<tr><td>{}</td><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td>{}</td></tr>",
                        facts::title_of_basis(found.basis), number_of(found.at_least), number_of(found.at_most),
                        found.is_final ? "final"
                        : is_known     ? "estimate"
                                       : "",
                        basis);
  }
  html += "</table><p class=\"caution\">Four separate numbers: they must not be added.";
  if (exposure.unread_files > 0)
    html +=
        fmt::format(" {} files could not be read; who is in them is not counted.", human_count(exposure.unread_files));
  return html + "</p>";
}

std::string investigation_text(const CaseReport& report) {
  const facts::CaseFacts& facts = report.facts;
  std::string out = heading("The attack");
  for (const facts::MomentFacts& moment : facts.moments) {
    out += fmt::format("  {} {} ({}; {}): {} [{}]\n", told_time(facts, moment.at_ns), moment.name,
                       model::name_of(moment.certainty), word_of(moment.basis), printable(moment.sentence),
                       place_text(moment.place));
  }
  if (facts.moments.empty()) out += "  first entry, first and last encryption: unknown, no log was imported\n";
  for (const timeline::Contradiction& found : facts.timeline.contradictions) {
    out += fmt::format("  CONTRADICTION: {} [{}] [{}]\n", printable(found.sentence), proof_text(found.one),
                       proof_text(found.other));
  }
  for (const facts::DoerFacts& doer : facts.doers) {
    out += fmt::format("  the account {} at the address {} renamed or wrote {} encrypted files ({}) [{}]\n",
                       doer.account.empty() ? "unknown" : printable(doer.account),
                       doer.address.empty() ? "unknown" : printable(doer.address), human_count(doer.files),
                       model::name_of(doer.certainty), place_text(doer.place));
  }
  for (const facts::AddressFacts& address : facts.addresses) {
    if (address.links.empty()) continue;
    out += fmt::format("  address {} ({}): {}\n", printable(address.address), facts::name_of(address.standing),
                       printable(address.links.front().sentence));
  }
  if (facts.families.empty()) out += "  family: unknown; no public table that is installed knows these marks\n";
  for (const facts::FamilyFacts& family : facts.families) {
    out +=
        fmt::format("  family, perhaps: {} ({}), because it", printable(family.name), model::name_of(family.certainty));
    for (std::size_t i = 0; i < family.basis.size(); ++i)
      out += fmt::format("{} {}", i == 0 ? "" : ";", printable(family.basis[i]));
    out += fmt::format("\n      by {}; others may use the same marks\n", printable(family.table));
  }
  out += fmt::format("  {}\n", k_no_person);
  return out;
}

std::string persons_text(const CaseReport& report) {
  const facts::CaseFacts& facts = report.facts;
  std::string out = heading("How many persons");
  for (const facts::PersonsFacts& found : facts.exposure.persons) {
    out += fmt::format("  {:<30} {}\n", facts::title_of_basis(found.basis), persons_words(found));
    for (const std::string_view part : parts_of(found.sentence)) out += "      " + printable(part) + "\n";
  }
  if (facts.exposure.persons.empty()) out += "  unknown: nothing was counted\n";
  return out;
}

}  // namespace lastgood::report
