// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "trace/record_mails.h"

#include <optional>

namespace lastgood::trace {

namespace {

constexpr std::size_t k_batch_mails = 200;
constexpr std::size_t k_part_text_bytes_max = 512;
constexpr std::size_t k_parts_bytes_max = std::size_t{128} << 10U;  // of one mail

std::string text_of_ip(const std::optional<model::IpAddress>& ip) { return ip ? model::text_of(*ip) : std::string(); }

model::MailHop hop_of(const mail::Hop& hop) {
  const mail::Received& line = hop.received;
  return {.offset_bytes = hop.offset_bytes,
          .helo = line.helo,
          .rdns = line.rdns,
          .ip = text_of_ip(line.ip),
          .port = line.port ? std::to_string(*line.port) : std::string(),
          .by = line.by,
          .with = line.with,
          .id = line.id,
          .date_text = line.date_text,
          .date_ns = line.date && line.date->moment_known ? std::optional(line.date->time_ns) : std::nullopt,
          .trust = std::string(mail::name_of(hop.trust))};
}

/// Keeps mails in batches; the first failure of the case ends the trace.
class Keeper {
 public:
  explicit Keeper(casefile::InvestigationStore& store) : store_(store) {}

  base::Status add(model::MailRecord mail) {
    waiting_.push_back(std::move(mail));
    return waiting_.size() < k_batch_mails ? base::Status(base::Done{}) : flush();
  }
  base::Status flush() {
    LG_TRY(store_.record_mails(waiting_));
    waiting_.clear();
    return base::Done{};
  }

 private:
  casefile::InvestigationStore& store_;
  std::vector<model::MailRecord> waiting_;
};

}  // namespace

model::MailRecord record_of(const std::string& path, const MailTrace& trace) {
  model::MailRecord record{.path = path,
                           .begin_bytes = trace.begin_bytes,
                           .end_bytes = trace.end_bytes,
                           .sha256 = trace.sha256,
                           .from = trace.from,
                           .subject = trace.subject,
                           .date_text = trace.date_text,
                           .message_id = trace.message_id,
                           .hops = {},
                           .boundary = std::nullopt,
                           .dkim = {},
                           .arc = std::string(mail::name_of(trace.arc.result)),
                           .spf = trace.spf ? std::string(mail::name_of(trace.spf->result)) : std::string(),
                           .hints = {},
                           .store_item = {},
                           .attachments = {}};
  for (const mail::Hop& hop : trace.hops) record.hops.push_back(hop_of(hop));
  if (trace.boundary) {
    record.boundary = model::MailBoundary{.hop = trace.boundary->hop,
                                          .ip = text_of_ip(trace.boundary->ip),
                                          .level = std::string(mail::name_of(trace.boundary->level)),
                                          .reason = trace.boundary->reason};
  }
  for (const mail::SignatureVerdict& verdict : trace.dkim)
    record.dkim.push_back({.rule = verdict.domain, .sentence = std::string(mail::name_of(verdict.result))});
  if (trace.store_item) record.store_item = *trace.store_item;
  std::size_t kept_bytes = 0;
  for (const MailAttachment& part : trace.attachments) {
    model::MailPart kept{.name = part.name.substr(0, k_part_text_bytes_max),
                         .content_type = part.content_type.substr(0, k_part_text_bytes_max),
                         .size_bytes = part.size_bytes,
                         .sha256 = part.sha256};
    kept_bytes += kept.name.size() + kept.content_type.size() + kept.sha256.size();
    if (record.attachments.size() == model::k_mail_parts_max || kept_bytes > k_parts_bytes_max) break;
    record.attachments.push_back(std::move(kept));
  }
  for (const model::Finding& hint : trace.hints) record.hints.push_back({.rule = hint.rule, .sentence = hint.sentence});
  return record;
}

base::Result<FileTrace> trace_into_case(const std::string& path, const TraceOptions& options, CaseOfTrace& into,
                                        const TraceSink& sink) {
  into.case_trouble = true;
  LG_TRY(into.ledger.append("trace-begun", {{"path", path}}));
  LG_TRY(into.store.investigation().forget_mails(path));
  Keeper keeper(into.store.investigation());
  base::Status kept = base::Done{};
  auto traced = trace_file(path, options, [&](const MailTrace& mail) {
    kept = keeper.add(record_of(path, mail));
    return kept.ok() && sink(mail);
  });
  LG_TRY(std::move(kept));
  LG_TRY(keeper.flush());
  const std::int64_t mails = traced.ok() ? static_cast<std::int64_t>(traced.value().mails) : 0;
  ledger::Fields fields = {{"mails", mails}, {"path", path}};
  if (!traced.ok()) fields["text"] = "not read to its end: " + traced.error().what;
  LG_TRY(into.ledger.append("trace-finished", fields));
  into.case_trouble = false;
  return traced;
}

}  // namespace lastgood::trace
