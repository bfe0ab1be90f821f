// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <ostream>

#include <fmt/format.h>

#include "base/error.h"
#include "base/human.h"
#include "base/local_time.h"
#include "cli/output/timeline_lines.h"
#include "timeline/summarise.h"

namespace lastgood::cli {

namespace {

using base::human_bytes;
using base::human_count;
using base::printable;
using base::time_in_zone;

std::string place_of(const timeline::Proof& proof) {
  const std::string clock = proof.basis == model::TimeBasis::recorded
                                ? std::string()
                                : fmt::format(", time: {}", model::name_of(proof.basis));
  if (proof.evidence.empty()) return fmt::format("the case's scan{}", clock);
  return fmt::format("'{}' byte {} ({}{})", printable(proof.evidence), proof.offset_bytes, proof.parser, clock);
}

std::string who_of(const std::string& account, const std::string& address, const std::string& host) {
  return fmt::format("account {} from address {} on {}", account.empty() ? "unknown" : "'" + printable(account) + "'",
                     address.empty() ? "unknown" : address, host.empty() ? "an unnamed host" : printable(host));
}

void print_moment(std::ostream& out, std::string_view name, const timeline::Moment* moment, const std::string& zone) {
  if (moment == nullptr) {
    out << fmt::format("{}: unknown: no log and no scanned file says it\n", name);
    return;
  }
  out << fmt::format("{}: {} ({}): {}\n    {}\n", name, time_in_zone(moment->at_ns, zone),
                     model::name_of(moment->certainty), moment->basis, place_of(moment->proof));
}

void print_entries(std::ostream& out, const timeline::TimelineSummary& summary, const std::string& zone) {
  if (summary.entries.empty()) {
    out << "first entry: unknown: no log tells of a login from outside before the encryption\n";
    return;
  }
  const bool is_told = timeline::is_telling(summary.entries.front());
  if (!is_told)
    out << "first entry: unknown; before the encryption came logins from outside that nothing speaks against:\n";
  bool is_first = true;
  for (const timeline::EntryCandidate& entry : summary.entries) {
    out << fmt::format("{} {}: {} ({}): {}\n    {} logins up to {}, {} failed from that address before\n    {}\n",
                       !is_told   ? "  login"
                       : is_first ? "first entry, most likely:"
                                  : "or:",
                       time_in_zone(entry.first_ns, zone), who_of(entry.account, entry.address, entry.host),
                       model::name_of(entry.certainty), entry.basis, human_count(entry.logins),
                       time_in_zone(entry.last_ns, zone), human_count(entry.failures_before), place_of(entry.proof));
    is_first = false;
  }
  if (summary.entries_left_out > 0)
    out << fmt::format("    and {} more logins from outside\n", human_count(summary.entries_left_out));
}

void print_encryptors(std::ostream& out, const timeline::TimelineSummary& summary, const std::string& zone) {
  if (summary.encryptors.empty()) {
    out << "encrypted by: unknown: no log names who renamed or wrote the encrypted files\n";
    return;
  }
  for (const timeline::Encryptor& encryptor : summary.encryptors) {
    out << fmt::format("encrypted by: {} ({}): {} files {}, {} of them known to the scan, {} to {}\n    {}\n",
                       who_of(encryptor.account, encryptor.address, encryptor.host),
                       model::name_of(encryptor.certainty), human_count(encryptor.files),
                       encryptor.by_rename ? "got names of the campaign" : "were written last",
                       human_count(encryptor.files_matched), time_in_zone(encryptor.first_ns, zone),
                       time_in_zone(encryptor.last_ns, zone), place_of(encryptor.first_proof));
    if (encryptor.login_ns != 0)
      out << fmt::format("    first login of that account from that address: {}\n    {}\n",
                         time_in_zone(encryptor.login_ns, zone), place_of(encryptor.login_proof));
  }
  if (summary.encryptors_left_out > 0)
    out << fmt::format("    and {} more accounts and addresses\n", human_count(summary.encryptors_left_out));
}

void print_outflows(std::ostream& out, const timeline::TimelineSummary& summary, const std::string& zone) {
  if (summary.outflows.empty()) {
    out << "bytes to outside: unknown: no imported log counts the bytes of flows to outside\n";
    return;
  }
  for (const timeline::Outflow& flow : summary.outflows) {
    out << fmt::format("bytes to outside: {} to {} in {} flows, {} to {}; largest {} from {}\n    {}\n",
                       human_bytes(flow.bytes), flow.to_address, human_count(flow.flows),
                       time_in_zone(flow.first_ns, zone), time_in_zone(flow.last_ns, zone),
                       human_bytes(flow.largest_bytes), flow.largest_from, place_of(flow.largest));
  }
  if (summary.outflows_left_out > 0)
    out << fmt::format("    and to {} more addresses\n", human_count(summary.outflows_left_out));
}

/// A log says nothing of what came before it begins: 'unknown' must be read beside this.
void print_coverage(std::ostream& out, const timeline::TimelineSummary& summary, const std::string& zone) {
  std::size_t shown = 0;
  for (const timeline::Coverage& log : summary.coverage) {
    if (++shown > timeline::k_shown_max) break;
    out << fmt::format("covered: {}: {} events, {} to {}\n",
                       log.evidence.empty() ? "the case's own scan and backups" : "'" + printable(log.evidence) + "'",
                       human_count(log.events), time_in_zone(log.first_ns, zone), time_in_zone(log.last_ns, zone));
  }
  if (summary.coverage.size() > timeline::k_shown_max)
    out << fmt::format("    and {} more logs\n", human_count(summary.coverage.size() - timeline::k_shown_max));
}

}  // namespace

void print_text(std::ostream& out, const timeline::ImportedLog& log) {
  const std::string why = log.why.empty() ? std::string() : ": " + printable(log.why);
  if (log.state != timeline::LogState::imported) {
    const std::string_view state = log.state == timeline::LogState::known        ? "these bytes were imported before"
                                   : log.state == timeline::LogState::unreadable ? "could not read"
                                   : why.empty()                                 ? "in no format that is known"
                                                                                 : "not read";
    out << fmt::format("{}: {}{}\n", printable(log.path), state, why);
    return;
  }
  out << fmt::format("{}: {}, {} events of {} lines{}\n", printable(log.path), log.format, human_count(log.events),
                     human_count(log.lines), why);
  if (log.assumed_year)
    out << fmt::format("  no years in it: {} is taken for its first line, from the file's own time or as given\n",
                       *log.assumed_year);
  if (log.not_understood > 0)
    out << fmt::format("  {} lines not understood, the first at byte {}\n", human_count(log.not_understood),
                       log.first_not_understood.front());
  if (log.bad_times > 0)
    out << fmt::format("  {} lines with a time that makes no sense, the first at byte {}: kept out\n",
                       human_count(log.bad_times), log.first_bad_times.front());
  if (log.cut_lines > 0)
    out << fmt::format("  {} lines longer than 64 KiB: their ends were not read\n", human_count(log.cut_lines));
}

void print_text(std::ostream& out, const model::Event& event, const std::string& zone) {
  out << fmt::format("{} {:<16}", time_in_zone(event.at_ns, zone), model::name_of(event.kind));
  if (!event.succeeded) out << " FAILED";
  if (!event.account.empty()) out << " " << printable(event.account);
  if (!event.address.empty()) out << fmt::format(" {}{}", event.account.empty() ? "" : "@", event.address);
  if (!event.to_address.empty()) out << fmt::format(" -> {}:{}", event.to_address, event.to_port);
  if (!event.host.empty()) out << fmt::format(" [{}]", printable(event.host));
  if (!event.path.empty()) out << " " << printable(event.path);
  if (!event.path_to.empty()) out << " -> " << printable(event.path_to);
  if (!event.what.empty()) out << " | " << printable(event.what);
  if (event.basis != model::TimeBasis::recorded) out << fmt::format(" ({})", model::name_of(event.basis));
  if (!event.evidence.empty()) out << fmt::format(" <{}:{}>", printable(event.evidence), event.offset_bytes);
  out << "\n";
}

void print_text(std::ostream& out, const timeline::TimelineSummary& summary, const std::string& zone) {
  out << fmt::format("events: {}", human_count(summary.events));
  if (summary.events > 0)
    out << fmt::format(", {} to {}", time_in_zone(summary.first_ns, zone), time_in_zone(summary.last_ns, zone));
  out << "\n";
  if (summary.extensions.empty()) {
    out << "names of the campaign: unknown: scan the files, or give --extension\n";
  } else {
    out << "names of the campaign:";
    for (const std::string& extension : summary.extensions) out << " *" << printable(extension);
    out << fmt::format(" ({})\n", summary.extensions_basis);
  }
  print_entries(out, summary, zone);
  print_moment(out, "first encryption", timeline::first_encryption(summary), zone);
  print_moment(out, "last encryption", timeline::last_encryption(summary), zone);
  for (std::size_t i = 1; i < summary.spans.size(); ++i) {
    const timeline::EncryptionSpan& span = summary.spans[i];
    out << fmt::format("  by {}: {} to {} ({}), {} files\n", span.source, time_in_zone(span.first.at_ns, zone),
                       time_in_zone(span.last.at_ns, zone), model::name_of(span.first.certainty),
                       human_count(span.files));
  }
  print_encryptors(out, summary, zone);
  print_outflows(out, summary, zone);
  for (const timeline::Contradiction& contradiction : summary.contradictions) {
    out << fmt::format("CONTRADICTION: {}\n    one: {}\n    other: {}\n", printable(contradiction.sentence),
                       place_of(contradiction.one), place_of(contradiction.other));
  }
  print_coverage(out, summary, zone);
  for (const std::string& limit : summary.limits) out << "limit: " << limit << "\n";
  if (summary.events > 0) out << "an address is a server and an account an account: neither is a person\n";
}

}  // namespace lastgood::cli
