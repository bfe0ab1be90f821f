// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "notices/statements.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "base/assert.h"
#include "base/error.h"
#include "base/human.h"
#include "base/local_time.h"
#include "base/rfc3339.h"

namespace lastgood::notices {

namespace {

using base::human_bytes;
using base::human_count;
using base::printable;
using facts::CaseFacts;

constexpr std::size_t k_statement_lines_max = 60;

Statement said(const std::string& text) {
  if (text.empty()) return {};
  return {.standing = Standing::final, .lines = {printable(text)}, .basis = {"as a person said ('case describe')"}};
}

std::uint64_t hit_files(const CaseFacts& facts) {
  std::uint64_t hit = 0;
  for (const facts::HostFacts& host : facts.hosts) hit += host.hit_files;
  return hit;
}

/// Everything counted, read to its end?
Standing standing_of_scans(const CaseFacts& facts) {
  if (facts.hosts.empty()) return Standing::unknown;
  const bool whole = std::all_of(facts.hosts.begin(), facts.hosts.end(),
                                 [](const facts::HostFacts& host) { return host.finished && host.unreadable == 0; });
  return whole ? Standing::final : Standing::estimate;
}

std::string sentence_of_host(const facts::HostFacts& host) {
  std::string out =
      fmt::format("{}: {} of {} files encrypted ({} of {})", printable(host.name), human_count(host.hit_files),
                  human_count(host.files), human_bytes(host.hit_bytes), human_bytes(host.bytes));
  if (host.unreadable > 0) out += fmt::format("; {} could not be read", human_count(host.unreadable));
  if (!host.finished) out += "; its scan was not finished, so at least";
  return out;
}

Statement systems_affected(const CaseFacts& facts) {
  Statement out{.standing = standing_of_scans(facts), .lines = {}, .basis = {}};
  for (const facts::HostFacts& host : facts.hosts) {
    if (out.lines.size() < k_statement_lines_max) out.lines.push_back(sentence_of_host(host));
  }
  if (!out.lines.empty()) out.basis = {"the scans of the case; systems that were not scanned are not counted"};
  return out;
}

Statement incident_types(const CaseFacts& facts) {
  if (hit_files(facts) == 0) return {};
  return {.standing = Standing::final,
          .lines = {"ransomware: files were encrypted"},
          .basis = {fmt::format("{} files judged encrypted", human_count(hit_files(facts)))}};
}

/// Annexure I of the Directions numbers twenty kinds; these two follow from encrypted files on a server.
Statement types_cert_in(const CaseFacts& facts) {
  Statement out = incident_types(facts);
  if (out.lines.empty()) return out;
  out.lines = {"malicious code attack (ransomware)", "attack on servers",
               "others of the twenty kinds (data breach, data leak, unauthorised access): for a person to tick"};
  return out;
}

std::string marks_of(const model::Campaign& campaign) {
  std::string out;
  if (!campaign.extension.empty()) out += fmt::format(" with the extension {}", printable(campaign.extension));
  if (!campaign.family.empty()) out += fmt::format(", marks of the family {}", printable(campaign.family));
  if (campaign.note_count > 0) out += fmt::format(", {} ransom notes", human_count(campaign.note_count));
  return out;
}

/// Marks in the files themselves first, then what public tables say of them; unknown is normal.
Statement family(const CaseFacts& facts) {
  Statement out;
  for (const facts::FamilyFacts& found : facts.families) {
    out.lines.push_back(fmt::format("{} ({})", printable(found.name), model::name_of(found.certainty)));
    std::string basis = fmt::format("by {}:", printable(found.table));
    for (const std::string& mark : found.basis) basis += " " + printable(mark) + ";";
    basis.back() = ' ';
    out.basis.push_back(basis + "(others may use the same marks)");
    out.standing = Standing::estimate;
  }
  return out;
}

Statement description(const CaseFacts& facts) {
  if (facts.campaigns.empty()) return {};
  Statement out{.standing = standing_of_scans(facts), .lines = {}, .basis = {}};
  for (const facts::CampaignFacts& found : facts.campaigns) {
    if (out.lines.size() >= k_statement_lines_max) break;
    const model::Campaign& campaign = found.campaign;
    out.lines.push_back(fmt::format("{} files ({}) encrypted on {}{}", human_count(campaign.file_count),
                                    human_bytes(campaign.size_bytes), printable(found.host), marks_of(campaign)));
    out.basis.push_back(fmt::format("campaign {}: {} certainty", campaign.id, model::name_of(campaign.certainty)));
  }
  return out;
}

std::string sentence_of_moment(const facts::MomentFacts& moment, const CaseFacts& facts) {
  std::string out = fmt::format("{}: {}", moment.name, base::time_in_zone_and_utc(moment.at_ns, facts.about.zone));
  if (!moment.host.empty()) out += fmt::format(", on {}", printable(moment.host));
  if (!moment.account.empty()) out += fmt::format(", account {}", printable(moment.account));
  if (!moment.address.empty()) out += fmt::format(", address {}", printable(moment.address));
  return out + fmt::format(" ({})", model::name_of(moment.certainty));
}

std::string basis_of_moment(const facts::MomentFacts& moment) {
  std::string out = printable(moment.sentence);
  if (!moment.place.path.empty())
    out += fmt::format(" ['{}' at byte {}]", printable(moment.place.path), moment.place.offset_bytes);
  if (moment.basis == model::TimeBasis::file_time) out += "; file times can be forged";
  return out;
}

/// The widest contradiction stands for all: a notice is no log.
void add_contradiction(const CaseFacts& facts, Statement& out) {
  const timeline::Contradiction* widest = timeline::widest_contradiction(facts.timeline);
  if (widest == nullptr || out.lines.empty()) return;
  out.lines.push_back("sources contradict each other about the times: " + printable(widest->sentence));
  out.basis.push_back(fmt::format("'{}' and '{}', {} contradictions in all", printable(widest->one.evidence),
                                  printable(widest->other.evidence), facts.timeline.contradictions.size()));
  out.standing = Standing::estimate;
}

/// Contradicting sources are all shown. Only what a log recorded by itself is more than an estimate.
Statement moments_named(const CaseFacts& facts, std::string_view name) {
  Statement out;
  for (const facts::MomentFacts& moment : facts.moments) {
    if ((!name.empty() && moment.name != name) || out.lines.size() >= k_statement_lines_max) continue;
    out.lines.push_back(sentence_of_moment(moment, facts));
    out.basis.push_back(basis_of_moment(moment));
    const bool is_sure = moment.basis == model::TimeBasis::recorded && moment.certainty != model::Certainty::weak;
    if (out.standing != Standing::estimate) out.standing = is_sure ? Standing::final : Standing::estimate;
  }
  return out;
}

Statement course(const CaseFacts& facts) {
  Statement out = moments_named(facts, {});
  add_contradiction(facts, out);
  return out;
}
Statement first_entry(const CaseFacts& facts) { return moments_named(facts, "first entry"); }
Statement first_encryption(const CaseFacts& facts) {
  Statement out = moments_named(facts, "first encryption");
  add_contradiction(facts, out);
  return out;
}

Statement aware(const CaseFacts& facts) {
  if (facts.aware.empty()) return {};
  const facts::AwareFacts& last = facts.aware.back();
  Statement out{.standing = Standing::final,
                .lines = {base::time_in_zone_and_utc(last.at_ns, facts.about.zone) +
                          (last.what.empty() ? "" : ": " + printable(last.what))},
                .basis = {fmt::format("said by {}, ledger entry {}", printable(last.by), last.ledger_entry)}};
  if (facts.aware.size() > 1)
    out.basis.push_back(fmt::format("said {} times; the last one counts, all are in the ledger", facts.aware.size()));
  return out;
}

Statement malicious(const CaseFacts& facts) {
  if (hit_files(facts) == 0) return {};
  std::string line = "yes: files were encrypted";
  const auto has_notes = [](const facts::HostFacts& host) { return host.notes > 0; };
  if (std::any_of(facts.hosts.begin(), facts.hosts.end(), has_notes)) line += " and ransom notes were left";
  return {.standing = Standing::final, .lines = {line}, .basis = {"the scans of the case"}};
}

Statement doer(const CaseFacts& facts) {
  Statement out;
  for (const facts::DoerFacts& found : facts.doers) {
    if (out.lines.size() >= k_statement_lines_max) break;
    out.lines.push_back(fmt::format("the account {} from the address {} renamed or wrote {} of the encrypted files",
                                    found.account.empty() ? "(unknown)" : printable(found.account),
                                    found.address.empty() ? "(unknown)" : printable(found.address),
                                    human_count(found.files)));
    out.basis.push_back(fmt::format("'{}' at byte {}; an account and an address are no person",
                                    printable(found.place.path), found.place.offset_bytes));
    out.standing = Standing::estimate;
  }
  return out;
}

std::string places_of(const facts::ContactFacts& contact) {
  std::string out;
  if (contact.encrypted_files > 0) out += fmt::format("{} encrypted files", human_count(contact.encrypted_files));
  if (contact.notes > 0) out += fmt::format("{}{} ransom notes", out.empty() ? "" : ", ", human_count(contact.notes));
  if (contact.mails > 0) out += fmt::format("{}{} mails", out.empty() ? "" : ", ", human_count(contact.mails));
  return out.empty() ? "the campaign's marks" : out;
}

Statement indicator_list(const CaseFacts& facts) {
  Statement out;
  for (const facts::ContactFacts& contact : facts.contacts) {
    if (contact.links.empty() || out.lines.size() >= k_statement_lines_max) continue;
    out.lines.push_back(fmt::format("{} {}", contact.kind, printable(contact.value)));
    out.basis.push_back(fmt::format("in {}", places_of(contact)));
  }
  for (const facts::CampaignFacts& found : facts.campaigns) {
    if (found.campaign.extension.empty() || out.lines.size() >= k_statement_lines_max) continue;
    out.lines.push_back("file extension " + printable(found.campaign.extension));
    out.basis.push_back(fmt::format("{} files", human_count(found.campaign.file_count)));
  }
  if (!out.lines.empty()) out.standing = Standing::estimate;  // the search goes on
  return out;
}

Statement addresses(const CaseFacts& facts) {
  Statement out;
  for (const facts::AddressFacts& address : facts.addresses) {
    if (address.links.empty() || out.lines.size() >= k_statement_lines_max) continue;
    std::string line = fmt::format("{} ({})", address.address, facts::name_of(address.standing));
    if (!address.observations.empty()) {
      const facts::Observation& first = address.observations.front();
      if (first.port != 0) line += fmt::format(", port {}", first.port);
      if (first.at_ns) line += ", " + base::time_in_zone_and_utc(*first.at_ns, facts.about.zone);
    }
    out.lines.push_back(line + ": a server that took part, not a person");
    out.basis.push_back(printable(address.links.front().sentence));
    out.standing = Standing::estimate;
  }
  return out;
}

Statement evidence_list(const CaseFacts& facts) {
  Statement out;
  for (const evidence::EvidenceItem& item : facts.evidence) {
    if (out.lines.size() >= k_statement_lines_max) break;
    const std::string& digest = item.sha256.empty() ? item.manifest_sha256 : item.sha256;
    out.lines.push_back(fmt::format("{} '{}', taken {} by {}, SHA-256 {}", item.id, printable(item.path),
                                    base::time_in_zone(base::parse_rfc3339(item.begun).value_or(0), facts.about.zone),
                                    printable(item.statement.by), digest.empty() ? "not finished" : digest));
    out.standing = Standing::final;
  }
  if (!out.lines.empty()) out.basis = {"the chain of custody in the ledger"};
  return out;
}

std::string number_or_unknown(const std::optional<std::uint64_t>& number) {
  return number ? human_count(*number) : std::string("unknown");
}

Statement persons(const CaseFacts& facts) {
  Statement out;
  for (const facts::PersonsFacts& found : facts.exposure.persons) {
    const std::string_view words = facts::title_of_basis(found.basis);
    if (!found.at_least && !found.at_most) {
      out.lines.push_back(fmt::format("{}: unknown", words));
    } else {
      out.lines.push_back(fmt::format("{}: at least {}, at most {} ({})", words, number_or_unknown(found.at_least),
                                      number_or_unknown(found.at_most), found.is_final ? "final" : "estimate"));
    }
    out.basis.push_back(printable(found.sentence));
    const Standing standing = found.is_final ? Standing::final : Standing::estimate;
    if (out.standing != Standing::estimate) out.standing = standing;
  }
  return out;
}

Statement records(const CaseFacts& facts) {
  if (facts.exposure.files == 0) return {};
  Statement out{.standing = facts.exposure.unread_files == 0 ? Standing::final : Standing::estimate,
                .lines = {fmt::format("{} rows in {} files that were read", human_count(facts.exposure.rows),
                                      human_count(facts.exposure.files))},
                .basis = {"counted " + facts.exposure.counted}};
  if (facts.exposure.unread_files > 0)
    out.basis.push_back(fmt::format("{} files could not be read", human_count(facts.exposure.unread_files)));
  return out;
}

Statement kinds(const CaseFacts& facts) {
  Statement out;
  for (const std::string& kind : facts.exposure.kinds) out.lines.push_back(printable(kind));
  if (out.lines.empty()) return out;
  out.standing = facts.exposure.unread_files == 0 ? Standing::final : Standing::estimate;
  out.basis = {"columns recognised in the files that were read"};
  return out;
}

Statement organisation_name(const CaseFacts& facts) { return said(facts.about.organisation); }
Statement organisation_address(const CaseFacts& facts) { return said(facts.about.address); }
Statement organisation_contact(const CaseFacts& facts) { return said(facts.about.contact); }
Statement organisation_sector(const CaseFacts& facts) { return said(facts.about.sector); }
Statement unknown_list(const CaseFacts& facts);

struct Row {
  std::string_view name;
  std::string_view title;  // for whoever reads a notice; empty: not a thing to announce
  Statement (*state)(const CaseFacts&);
};
constexpr std::array k_rows = {
    Row{"evidence.list", "the evidence secured", evidence_list},
    Row{"exposure.kinds", "the kinds of personal data", kinds},
    Row{"incident.course", "the course of events", course},
    Row{"incident.description", "the description of the incident", description},
    Row{"incident.doer", "which accounts and addresses encrypted", doer},
    Row{"incident.family", "the family of the malicious code", family},
    Row{"incident.malicious", "whether it was malicious", malicious},
    Row{"incident.types", "the kind of incident", incident_types},
    Row{"incident.types_cert_in", "", types_cert_in},
    Row{"indicators.addresses", "the addresses seen", addresses},
    Row{"indicators.list", "the indicators of compromise", indicator_list},
    Row{"organisation.address", "the organisation's address", organisation_address},
    Row{"organisation.contact", "the contact point", organisation_contact},
    Row{"organisation.name", "the organisation's name", organisation_name},
    Row{"organisation.sector", "the sector", organisation_sector},
    Row{"persons.all", "the number of persons", persons},
    Row{"records.all", "the number of records", records},
    Row{"report.unknown", "", unknown_list},
    Row{"systems.affected", "the systems affected", systems_affected},
    Row{"time.aware", "when the organisation became aware", aware},
    Row{"time.first_encryption", "when the encryption began", first_encryption},
    Row{"time.first_entry", "when and from where the attack came in", first_entry},
};

Statement unknown_list(const CaseFacts& facts) {
  Statement out;
  for (const Row& row : k_rows) {
    if (row.title.empty()) continue;
    const Standing standing = row.state(facts).standing;
    if (standing == Standing::final) continue;
    out.lines.push_back(fmt::format("{} ({})", row.title, standing == Standing::unknown ? "unknown now" : "estimate"));
  }
  out.standing = Standing::final;
  out.basis = {"what the case does not state, or not finally"};
  return out;
}

}  // namespace

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::unknown: return "unknown";
    case Standing::estimate: return "estimate";
    case Standing::final: return "final";
  }
  return "unknown";
}

std::vector<std::string_view> statement_names() {
  std::vector<std::string_view> out;
  for (const Row& row : k_rows) out.push_back(row.name);
  return out;
}

Statement state(std::string_view name, const facts::CaseFacts& facts) {
  const auto* row = std::find_if(k_rows.begin(), k_rows.end(), [&](const Row& known) { return known.name == name; });
  LG_ASSERT(row != k_rows.end());
  return row->state(facts);
}

}  // namespace lastgood::notices
