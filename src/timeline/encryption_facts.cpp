// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "timeline/encryption_facts.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/human.h"
#include "base/local_time.h"
#include "timeline/case_events.h"
#include "timeline/event_texts.h"

namespace lastgood::timeline {

namespace {

using model::EventKind;

constexpr std::size_t k_encryptors_max = 4096;
constexpr std::size_t k_writes_max = 500'000;
constexpr std::size_t k_renamed_max = 1'000'000;
constexpr std::size_t k_named_files_max = 2'000'000;
constexpr std::size_t k_contradictions_max = 10;
constexpr std::int64_t k_minute_ns = 60'000'000'000;
constexpr std::int64_t k_gap_ns = 10 * k_minute_ns;

void widen(std::optional<EncryptionSpan>& span, std::string_view source, const Moment& moment) {
  if (!span) span = EncryptionSpan{.source = std::string(source), .first = moment, .last = moment, .files = 0};
  if (moment.at_ns < span->first.at_ns) span->first = moment;
  if (moment.at_ns >= span->last.at_ns) span->last = moment;
  ++span->files;
}

/// Clocks that are read in a wrong zone are off by whole half hours.
std::string zone_hint(std::int64_t gap_ns, model::TimeBasis one, model::TimeBasis other) {
  const auto is_assumed = [](model::TimeBasis basis) {
    return basis == model::TimeBasis::zone_assumed || basis == model::TimeBasis::year_assumed;
  };
  if (!is_assumed(one) && !is_assumed(other)) return {};
  const std::int64_t half_hours = (gap_ns + 15 * k_minute_ns) / (30 * k_minute_ns);
  const std::int64_t rest = gap_ns - half_hours * 30 * k_minute_ns;
  if (half_hours == 0 || half_hours > 28 || rest > 2 * k_minute_ns || rest < -2 * k_minute_ns) return {};
  return fmt::format("; that is close to {}:{:02} h, the distance of a zone: look whether --zone was right",
                     half_hours / 2, half_hours % 2 * 30);
}

std::string_view clock_words(model::TimeBasis basis) {
  if (basis == model::TimeBasis::zone_assumed) return "; the log writes no zone, one was assumed";
  return basis == model::TimeBasis::year_assumed ? "; the log writes no year, one was assumed" : "";
}

std::string gap_words(std::int64_t gap_ns) { return base::human_seconds(static_cast<double>(gap_ns) / 1e9); }

}  // namespace

Proof proof_of(const events::EventView& event) {
  return {.evidence = std::string(evidence_of(event)),
          .offset_bytes = event.offset_bytes,
          .parser = std::string(parser_of(event)),
          .basis = static_cast<model::TimeBasis>(event.basis)};
}

bool EncryptionFacts::take(const events::EventView& event) {
  const EventKind kind = kind_of(event);
  if (kind == EventKind::file_encrypted) {
    if (parser_of(event) != k_case_parser) return false;
    take_case_file(event);
    return true;
  }
  if (!event.succeeded) return false;
  if (kind == EventKind::file_renamed) return take_named(event, path_to_of(event));
  if (kind != EventKind::file_written && kind != EventKind::file_created) return false;
  // Times of files come from bodyfiles, too: they name nobody.
  if (static_cast<model::TimeBasis>(event.basis) == model::TimeBasis::file_time) return false;
  if (take_named(event, path_of(event))) return true;
  take_write(event);
  return false;
}

void EncryptionFacts::take_case_file(const events::EventView& event) {
  const bool is_change = words_of(event).find("; change time,") != std::string_view::npos;
  const Moment moment{.at_ns = event.at_ns,
                      .certainty = model::Certainty::weak,
                      .path = std::string(path_of(event)),
                      .basis = is_change
                                   ? "the kernel's change time of a file judged encrypted, where the scanned copy lies"
                                   : "the modification time of a file judged encrypted; any program can set it",
                      .proof = proof_of(event)};
  widen(is_change ? changed_ : modified_, is_change ? "file times: change" : "file times: modification", moment);
}

std::optional<std::size_t> EncryptionFacts::encryptor_of(const events::EventView& event) {
  Who who(account_of(event), address_of(event), host_of(event));
  const auto at = who_.find(who);
  if (at != who_.end()) return at->second;
  if (encryptors_.size() == k_encryptors_max) {
    ++beyond_encryptors_;
    return std::nullopt;
  }
  Encryptor encryptor;
  std::tie(encryptor.account, encryptor.address, encryptor.host) = who;
  encryptor.first_ns = event.at_ns;
  encryptor.first_proof = proof_of(event);
  encryptors_.push_back(std::move(encryptor));
  who_.emplace(std::move(who), encryptors_.size() - 1);
  return encryptors_.size() - 1;
}

bool EncryptionFacts::take_named(const events::EventView& event, std::string_view name) {
  const bool is_rename = kind_of(event) == EventKind::file_renamed;
  const auto ends_so = [&](const std::string& extension) {
    return name.ends_with(extension) && !(is_rename && path_of(event).ends_with(extension));
  };
  if (std::none_of(extensions_.begin(), extensions_.end(), ends_so)) return false;
  const bool matched = paths_.find(name) != PathMatch::none;
  const Moment moment{.at_ns = event.at_ns,
                      .certainty = matched ? model::Certainty::strong : model::Certainty::weak,
                      .path = std::string(name),
                      .basis = fmt::format("a log's {} a name {}{}", is_rename ? "rename to" : "write to",
                                           matched ? "that the scan judged encrypted"
                                                   : "with the campaign's extension; the scan knows no such file",
                                           clock_words(static_cast<model::TimeBasis>(event.basis))),
                      .proof = proof_of(event)};
  std::optional<EncryptionSpan>& span = matched ? named_ : unmatched_;
  widen(span, matched ? "logs: names of the campaign" : "logs: names of the campaign that the scan does not know",
        moment);
  if (is_rename) compare_sources(event);
  const auto number = encryptor_of(event);
  // A file is written in many pieces: it counts once for each who.
  const bool counts = number && (named_files_.size() == k_named_files_max ||
                                 named_files_.insert(tail_hash(name) * 31 + *number).second);
  if (!counts) --span->files;
  if (!number) return true;
  Encryptor& encryptor = encryptors_[*number];
  if (encryptor.files == 0) {
    encryptor.first_ns = event.at_ns;
    encryptor.first_proof = proof_of(event);
  }
  encryptor.last_ns = event.at_ns;
  encryptor.last_proof = proof_of(event);
  encryptor.files += counts ? 1U : 0U;
  encryptor.files_matched += counts && matched ? 1U : 0U;
  return true;
}

void EncryptionFacts::compare_sources(const events::EventView& event) {
  const auto same = [&](const Proof& source) { return source.evidence == evidence_of(event); };
  const auto at = std::find_if(sources_.begin(), sources_.end(), same);
  const auto source = static_cast<std::size_t>(at - sources_.begin());
  if (at == sources_.end()) {
    if (sources_.size() == 64) return;
    sources_.push_back(proof_of(event));
  }
  const std::uint64_t key = tail_hash(path_to_of(event));
  const auto known = renamed_.find(key);
  if (known == renamed_.end()) {
    if (renamed_.size() < k_renamed_max)
      renamed_.emplace(key, Renamed{.at_ns = event.at_ns, .source = source, .offset_bytes = event.offset_bytes});
    return;
  }
  const std::int64_t gap = event.at_ns - known->second.at_ns;
  if (known->second.source == source || gap < k_minute_ns) return;
  if (contradictions_.size() == k_contradictions_max) {
    ++contradictions_left_out_;
    return;
  }
  Proof one = sources_[known->second.source];
  one.offset_bytes = known->second.offset_bytes;
  contradictions_.push_back(
      {.sentence = fmt::format("two logs tell of the rename to '{}' at {} and at {}, {} apart{}",
                               base::printable(path_to_of(event)), base::time_in_zone(known->second.at_ns, zone_),
                               base::time_in_zone(event.at_ns, zone_), gap_words(gap),
                               zone_hint(gap, one.basis, static_cast<model::TimeBasis>(event.basis))),
       .gap_ns = gap,
       .one = one,
       .other = proof_of(event)});
}

void EncryptionFacts::take_write(const events::EventView& event) {
  if (paths_.find(path_of(event)) != PathMatch::name_and_folder) return;
  const std::uint64_t key = tail_hash(path_of(event));
  const auto known = writes_.find(key);
  if (known == writes_.end() && writes_.size() == k_writes_max) {
    ++beyond_writes_;
    return;
  }
  const auto number = encryptor_of(event);
  if (!number) return;
  writes_[key] = {.at_ns = event.at_ns, .who = *number, .proof = proof_of(event)};
}

/// Where no log tells of renames, whoever wrote last to what is encrypted now may have encrypted it.
void EncryptionFacts::add_writers(TimelineSummary& summary) {
  std::optional<EncryptionSpan> span;
  for (Encryptor& encryptor : encryptors_) {
    encryptor.by_rename = false;
    encryptor.files = encryptor.files_matched = 0;
  }
  for (const auto& [key, written] : writes_) {
    widen(span, "logs: last writes",
          {.at_ns = written.at_ns,
           .certainty = model::Certainty::weak,
           .path = {},
           .basis = "the last write that a log tells of to a file judged encrypted; an earlier one may be ordinary",
           .proof = written.proof});
    Encryptor& encryptor = encryptors_[written.who];
    if (encryptor.files == 0 || written.at_ns < encryptor.first_ns) {
      encryptor.first_ns = written.at_ns;
      encryptor.first_proof = written.proof;
    }
    if (encryptor.files == 0 || written.at_ns >= encryptor.last_ns) {
      encryptor.last_ns = written.at_ns;
      encryptor.last_proof = written.proof;
    }
    ++encryptor.files;
    ++encryptor.files_matched;
  }
  if (span) summary.spans.push_back(*span);
}

void EncryptionFacts::finish(TimelineSummary& summary) {
  if (named_) summary.spans.push_back(*named_);
  if (unmatched_) summary.spans.push_back(*unmatched_);
  const bool any_named = named_ || unmatched_;
  if (!any_named) add_writers(summary);
  if (modified_) summary.spans.push_back(*modified_);
  if (changed_) summary.spans.push_back(*changed_);
  for (Encryptor& encryptor : encryptors_) {
    if (encryptor.files == 0) continue;
    encryptor.certainty = named_ && encryptor.files_matched > 0 ? model::Certainty::strong : model::Certainty::weak;
    summary.encryptors.push_back(encryptor);
  }
  std::stable_sort(summary.encryptors.begin(), summary.encryptors.end(),
                   [](const Encryptor& a, const Encryptor& b) { return a.files > b.files; });
  summary.contradictions = contradictions_;
  // A change time is that of the copy where the disk was copied, so only the modification time is held against a log.
  const std::optional<EncryptionSpan>& by_logs = named_ ? named_ : unmatched_;
  if (by_logs && modified_) {
    const auto compare = [&](std::string_view which, const Moment& log, const Moment& file) {
      const std::int64_t gap = log.at_ns > file.at_ns ? log.at_ns - file.at_ns : file.at_ns - log.at_ns;
      if (gap < k_gap_ns) return;
      summary.contradictions.push_back(
          {.sentence = fmt::format("{} encryption: logs say {}, the files' own modification times say {}, {} apart{}",
                                   which, base::time_in_zone(log.at_ns, zone_), base::time_in_zone(file.at_ns, zone_),
                                   gap_words(gap), zone_hint(gap, log.proof.basis, file.proof.basis)),
           .gap_ns = gap,
           .one = log.proof,
           .other = file.proof});
    };
    compare("first", by_logs->first, modified_->first);
    compare("last", by_logs->last, modified_->last);
  }
  if (contradictions_left_out_ > 0)
    summary.limits.push_back(fmt::format("{} more renames that two logs date differently", contradictions_left_out_));
  if (beyond_encryptors_ > 0)
    summary.limits.push_back(
        fmt::format("more than {} accounts and addresses renamed or wrote encrypted files; {} "
                    "events of others are not counted",
                    k_encryptors_max, beyond_encryptors_));
  if (beyond_writes_ > 0)
    summary.limits.push_back(fmt::format("writes to more than {} encrypted files: {} writes to others are not counted",
                                         k_writes_max, beyond_writes_));
  if (paths_.is_full())
    summary.limits.push_back(
        fmt::format("logs are held against {} encrypted files; the case has more", EncryptedPaths::k_paths_max));
}

}  // namespace lastgood::timeline
