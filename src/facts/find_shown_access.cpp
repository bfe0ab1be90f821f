// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "facts/find_shown_access.h"

#include <algorithm>
#include <map>
#include <set>
#include <tuple>
#include <unordered_set>

#include <fmt/format.h>

#include "base/human.h"
#include "casefile/case_about.h"
#include "evidence/custody.h"
#include "facts/tied_doers.h"
#include "model/ip_address.h"
#include "timeline/event_texts.h"
#include "timeline/open_timeline.h"
#include "timeline/summarise.h"

namespace lastgood::facts {

namespace {

using base::human_bytes;
using base::human_count;
using base::printable;
using exposure::Reach;
using exposure::ShownStatement;
using model::EventKind;

constexpr std::size_t k_statements_max = 1000;
constexpr std::size_t k_unconfirmed_said = 5;
constexpr std::size_t k_peers_max = 100'000;
constexpr std::uint64_t k_unusual_bytes = 10'000'000;  // less to one address is never unusual
constexpr std::uint64_t k_unusual_times = 10;          // the most that went to one address before

bool same_host(std::string_view a, std::string_view b) {
  const auto first_label = [](std::string_view name) { return name.substr(0, name.find('.')); };
  if (a.empty() || b.empty()) return false;
  // A short name is that of a long one; two long ones must be equal.
  if (a.find('.') == std::string_view::npos || b.find('.') == std::string_view::npos) {
    a = first_label(a);
    b = first_label(b);
  }
  const auto fold = [](char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; };
  return std::equal(a.begin(), a.end(), b.begin(), b.end(), [&](char x, char y) { return fold(x) == fold(y); });
}

std::string_view without_extension(std::string_view path, const std::vector<std::string>& extensions) {
  for (const std::string& extension : extensions)
    if (path.size() > extension.size() && path.ends_with(extension)) path.remove_suffix(extension.size());
  return path;
}

bool is_of_file(EventKind kind) {
  return kind == EventKind::file_read || kind == EventKind::file_written || kind == EventKind::file_created ||
         kind == EventKind::file_renamed || kind == EventKind::file_deleted;
}

/// Which reach an event shows beside the files that it names; nothing: none.
std::optional<Reach> reach_of(EventKind kind, std::string_view parser) {
  const bool is_share = parser.starts_with("samba");
  const bool is_database =
      parser.starts_with("postgresql") || parser.starts_with("mysql") || parser.starts_with("mariadb");
  if (is_share && (is_of_file(kind) || kind == EventKind::login)) return Reach::share;
  if (is_database && (kind == EventKind::login || kind == EventKind::request)) return Reach::database;
  if (!is_database && kind == EventKind::login) return Reach::host;
  return std::nullopt;
}

/// Bytes of one machine to one address outside.
struct Sent {
  std::uint64_t before = 0;  // the attack
  std::uint64_t since = 0;
  std::uint64_t flows = 0;  // since
  std::string log;
  std::string parser;
  std::uint64_t offset_bytes = 0;
};

std::uint64_t sum_of(std::uint64_t a, std::uint64_t b) { return a > UINT64_MAX - b ? UINT64_MAX : a + b; }

class Finder {
 public:
  Finder(const TiedDoers& tied, const ShownQuery& query, const std::vector<std::string>& extensions,
         const std::vector<model::IpBlock>& own)
      : tied_(tied), query_(query), extensions_(extensions), own_(own) {}

  void take(const events::EventView& event) {
    ++out_.events;
    const auto basis = static_cast<model::TimeBasis>(event.basis);
    if (basis == model::TimeBasis::claimed || basis == model::TimeBasis::file_time || !event.succeeded) return;
    const EventKind kind = timeline::kind_of(event);
    if (kind == EventKind::connection && event.bytes_out > 0) return take_flow(event);
    if (is_of_file(kind) || kind == EventKind::login || kind == EventKind::request) take_access(event, kind);
  }

  exposure::ShownAccess finish(const evidence::CustodyRecords& custody) {
    drop_unconfirmed();
    add_flows();
    add_doubts();
    for (exposure::ShownLog& log : out_.logs) log.evidence_id = id_of(custody, log.path);
    for (ShownStatement& one : out_.statements) one.log.evidence_id = id_of(custody, one.log.path);
    return std::move(out_);
  }

 private:
  static std::string id_of(const evidence::CustodyRecords& custody, const std::string& path) {
    std::string id;
    for (const evidence::EvidenceItem& item : custody.items()) {
      if (item.path == path) return item.id;
      if (path.starts_with(item.path + "/")) id = item.id;
    }
    return id;
  }

  std::uint32_t log_of(const events::EventView& event) {
    const std::string_view path = timeline::evidence_of(event);
    for (std::size_t i = out_.logs.size(); i-- > 0;)
      if (out_.logs[i].path == path && out_.logs[i].parser == timeline::parser_of(event))
        return static_cast<std::uint32_t>(i);
    out_.logs.push_back(
        {.path = std::string(path), .parser = std::string(timeline::parser_of(event)), .evidence_id = {}});
    return static_cast<std::uint32_t>(out_.logs.size() - 1);
  }

  std::uint32_t* statement_of(const events::EventView& event, const TiedDoer& doer, Reach reach) {
    const auto key = std::tuple(doer.account, doer.address, static_cast<int>(reach));
    const auto known = places_.find(key);
    if (known != places_.end()) return &known->second;
    if (out_.statements.size() == k_statements_max) return nullptr;
    ShownStatement statement;
    statement.reach = reach;
    statement.account = doer.account;
    statement.address = doer.address;
    statement.why_tied = doer.why;
    statement.log = out_.logs[log_of(event)];
    statement.offset_bytes = event.offset_bytes;
    out_.statements.push_back(std::move(statement));
    return &places_.emplace(key, static_cast<std::uint32_t>(out_.statements.size() - 1)).first->second;
  }

  void take_access(const events::EventView& event, EventKind kind) {
    const std::string_view account = timeline::account_of(event);
    const std::string_view address = timeline::address_of(event);
    if (account.empty() && address.empty()) return;
    const TiedDoer* const doer = tied_.find(account, address);
    if (doer == nullptr) {
      if (same_host(timeline::host_of(event), query_.host) && tied_.half_fits(account, address)) ++half_fitting_;
      return;
    }
    see_encryption(event, kind, *doer);
    if (timeline::host_of(event).empty()) {
      ++without_host_;
    } else if (!same_host(timeline::host_of(event), query_.host)) {
      ++elsewhere_;
      if (other_hosts_.size() < 8) other_hosts_.insert(std::string(timeline::host_of(event)));
    } else if (event.at_ns < doer->since_ns) {
      ++too_early_;
    } else {
      take_tied(event, kind, *doer);
    }
  }

  [[nodiscard]] bool has_extension(std::string_view path) const {
    return std::any_of(extensions_.begin(), extensions_.end(),
                       [&](const std::string& extension) { return path.ends_with(extension); });
  }

  /// Writing names of the campaign is not enough: whoever saves encrypted files does that, too.
  void see_encryption(const events::EventView& event, EventKind kind, const TiedDoer& doer) {
    if (confirmed_.contains(&doer)) return;
    const std::string_view path = timeline::path_of(event);
    const auto key = [&](std::string_view name) {
      return doer.account + '\0' + doer.address + '\0' + std::string(name);
    };
    if (kind == EventKind::file_renamed) {
      if (has_extension(timeline::path_to_of(event)) && !has_extension(path)) confirmed_.insert(&doer);
    } else if (kind == EventKind::file_deleted) {
      if (!has_extension(path) && written_.contains(key(path))) confirmed_.insert(&doer);
    } else if (kind != EventKind::file_read && has_extension(path) && written_.size() < k_accessed_files_max) {
      written_.insert(key(without_extension(path, extensions_)));
    }
  }

  [[nodiscard]] bool is_confirmed(std::string_view account, std::string_view address) const {
    return std::any_of(confirmed_.begin(), confirmed_.end(), [&](const TiedDoer* doer) {
      return (!account.empty() && doer->account == account) || (!address.empty() && doer->address == address);
    });
  }

  void drop_unconfirmed() {
    std::vector<std::uint32_t> places;  // by the old number
    std::vector<ShownStatement> kept;
    for (ShownStatement& one : out_.statements) {
      const bool stays = is_confirmed(one.account, one.address);
      places.push_back(stays ? static_cast<std::uint32_t>(kept.size()) : UINT32_MAX);
      if (stays) kept.push_back(std::move(one));
    }
    std::erase_if(out_.files, [&](exposure::AccessedFile& file) {
      file.statement = places[file.statement];
      return file.statement == UINT32_MAX;
    });
    out_.statements = std::move(kept);
    for (const TiedDoer& doer : tied_.doers()) {
      if (is_confirmed(doer.account, doer.address) || out_.doubts.size() >= k_unconfirmed_said) continue;
      out_.doubts.push_back(
          fmt::format("what account '{}' at '{}' did: it wrote names of the campaign, but neither "
                      "renamed nor deleted an original, as who saves encrypted files does",
                      printable(doer.account), printable(doer.address)));
    }
  }

  void take_tied(const events::EventView& event, EventKind kind, const TiedDoer& doer) {
    if (const auto reach = reach_of(kind, timeline::parser_of(event)))
      if (const std::uint32_t* at = statement_of(event, doer, *reach)) ++out_.statements[*at].times;
    if (!is_of_file(kind)) return;
    const std::uint32_t* at = statement_of(event, doer, Reach::files);
    if (at == nullptr) return;
    ++out_.statements[*at].times;
    add_file(timeline::path_of(event), *at, event);
    if (kind == EventKind::file_renamed) add_file(timeline::path_to_of(event), *at, event);
  }

  void add_file(std::string_view path, std::uint32_t statement, const events::EventView& event) {
    path = without_extension(path, extensions_);
    if (path.empty()) return;
    std::string key(path);
    if (known_files_.contains(key)) return;
    if (known_files_.size() == k_accessed_files_max) {
      ++beyond_files_;
      return;
    }
    out_.files.push_back(
        {.path = key, .statement = statement, .log = log_of(event), .offset_bytes = event.offset_bytes});
    known_files_.insert(std::move(key));
  }

  [[nodiscard]] bool is_outside(std::string_view text) const {
    const auto ip = model::parse_ip(text);
    return ip && model::is_outside(*ip) &&
           std::none_of(own_.begin(), own_.end(), [&](const model::IpBlock& block) { return block.contains(*ip); });
  }

  [[nodiscard]] bool is_of_host(const events::EventView& event) const {
    const std::string_view from = timeline::address_of(event);
    return std::find(query_.addresses.begin(), query_.addresses.end(), from) != query_.addresses.end();
  }

  void take_flow(const events::EventView& event) {
    const std::string from(timeline::address_of(event));
    const bool of_doer = tied_.is_address(from);
    if (!of_doer && !is_of_host(event)) return;
    if (is_outside(from) || !is_outside(timeline::to_address_of(event))) return;
    auto key = std::pair(from, std::string(timeline::to_address_of(event)));
    auto at = sent_.find(key);
    if (at == sent_.end()) {
      if (sent_.size() == k_peers_max) {
        ++beyond_flows_;
        return;
      }
      at = sent_.emplace(std::move(key), Sent()).first;
    }
    Sent& sent = at->second;
    if (event.at_ns < tied_.since_ns()) {
      sent.before = sum_of(sent.before, event.bytes_out);
      return;
    }
    if (sent.flows++ == 0) {
      sent.log = std::string(timeline::evidence_of(event));
      sent.parser = std::string(timeline::parser_of(event));
      sent.offset_bytes = event.offset_bytes;
    }
    sent.since = sum_of(sent.since, event.bytes_out);
  }

  void add_flow(const std::pair<std::string, std::string>& ends, const Sent& sent, std::string why) {
    if (out_.statements.size() == k_statements_max) return;
    ShownStatement flow;
    flow.reach = Reach::flow;
    flow.address = ends.first;
    flow.to_address = ends.second;
    flow.why_tied = std::move(why);
    flow.times = sent.flows;
    flow.bytes = sent.since;
    flow.log = {.path = sent.log, .parser = sent.parser, .evidence_id = {}};
    flow.offset_bytes = sent.offset_bytes;
    out_.statements.push_back(std::move(flow));
  }

  void add_flows() {
    std::map<std::string, std::uint64_t> usual;  // by the machine: the most to one address before
    for (const auto& [ends, sent] : sent_) usual[ends.first] = std::max(usual[ends.first], sent.before);
    for (const auto& [ends, sent] : sent_) {
      if (sent.flows == 0) continue;
      const std::uint64_t most = usual[ends.first];
      if (is_confirmed({}, ends.first)) {
        add_flow(ends, sent, "from where files were encrypted");
      } else if (is_confirmed({}, ends.second)) {
        add_flow(ends, sent, "from the machine that held the files, to an address that is tied to the attack");
      } else if (sent.since >= k_unusual_bytes && most == 0) {
        out_.doubts.push_back(fmt::format("{} from {} to {}: no earlier flow of it tells what is usual",
                                          human_bytes(sent.since), ends.first, ends.second));
      } else if (sent.since >= k_unusual_bytes && sent.since / k_unusual_times >= most) {
        add_flow(ends, sent,
                 fmt::format("from the machine that held the files; the most it sent to one address before was {}",
                             human_bytes(most)));
      }
    }
  }

  void doubt(std::uint64_t count, const std::string& sentence) {
    if (count > 0) out_.doubts.push_back(fmt::format("{} {}", human_count(count), sentence));
  }

  void add_doubts() {
    for (const std::string& weak : tied_.weak()) out_.doubts.push_back(weak);
    std::string names;
    for (const std::string& host : other_hosts_) names += (names.empty() ? "" : ", ") + printable(host);
    const std::string held = query_.host.empty() ? "which machine held the files was not said (--held-on)"
                                                 : "the files were held on " + printable(query_.host);
    doubt(elsewhere_, fmt::format("events of those tied to the attack on other machines ({}): {}", names, held));
    doubt(without_host_, "events of those tied to the attack, in a log that does not say on which machine");
    doubt(half_fitting_,
          "events of only the account, or only the address, that is tied to the attack: either may be "
          "somebody's at work");
    doubt(too_early_, "events of those tied to the attack, from before it began");
    doubt(beyond_files_, fmt::format("events of files beyond the first {}", human_count(k_accessed_files_max)));
    doubt(beyond_flows_, "flows to further addresses");
  }

  const TiedDoers& tied_;
  const ShownQuery& query_;
  const std::vector<std::string>& extensions_;
  const std::vector<model::IpBlock>& own_;
  exposure::ShownAccess out_;
  std::map<std::tuple<std::string, std::string, int>, std::uint32_t> places_;
  std::set<const TiedDoer*> confirmed_;
  std::unordered_set<std::string> written_;  // originals of names of the campaign, by who wrote those
  std::unordered_set<std::string> known_files_;
  std::map<std::pair<std::string, std::string>, Sent> sent_;
  std::unordered_set<std::string> other_hosts_;
  std::uint64_t elsewhere_ = 0;
  std::uint64_t without_host_ = 0;
  std::uint64_t half_fitting_ = 0;
  std::uint64_t too_early_ = 0;
  std::uint64_t beyond_files_ = 0;
  std::uint64_t beyond_flows_ = 0;
};

}  // namespace

base::Result<exposure::ShownAccess> find_shown_access(const std::string& case_folder, casefile::CaseStore& store,
                                                      const ShownQuery& query) {
  LG_ASSIGN(const casefile::CaseAbout about, casefile::read_about(store));
  timeline::SummaryOptions options;
  for (const std::string& text : about.own_blocks)
    if (const auto block = model::parse_ip_block(text)) options.own.push_back(*block);
  LG_ASSIGN(const timeline::TimelineSummary summary, timeline::summarise_timeline(case_folder, store, options));
  const TiedDoers tied(summary);
  if (tied.is_empty()) {
    exposure::ShownAccess nothing;
    nothing.doubts = tied.weak();
    nothing.events = summary.events;
    return nothing;
  }
  LG_ASSIGN(const evidence::CustodyRecords custody, evidence::read_custody(case_folder));
  Finder finder(tied, query, summary.extensions, options.own);
  LG_ASSIGN(const auto stream, timeline::open_timeline(case_folder, store, {}));
  while (true) {
    LG_ASSIGN(const bool any, stream->next());
    if (!any) break;
    finder.take(stream->current());
  }
  return finder.finish(custody);
}

bool still_stands(const exposure::ShownStatement& statement, const timeline::TimelineSummary& summary) {
  const bool has_log = summary.coverage_left_out > 0 ||
                       std::any_of(summary.coverage.begin(), summary.coverage.end(),
                                   [&](const timeline::Coverage& log) { return log.evidence == statement.log.path; });
  if (!has_log) return false;
  const TiedDoers tied(summary);
  if (statement.reach == exposure::Reach::flow)
    return !tied.is_empty();  // a flow of unusual size is one beside an attack that is shown, and has no tied end
  return tied.find(statement.account, statement.address) != nullptr;
}

}  // namespace lastgood::facts
