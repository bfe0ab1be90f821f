// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/spf.h"

#include <algorithm>

#include <fmt/format.h>

#include "mail/letters.h"
#include "mail/spf_record.h"

namespace lastgood::mail {

namespace {

constexpr std::size_t k_names_max = 10;  // MX and PTR names that are looked at
constexpr std::size_t k_domain_max = 253;

/// Section 4.3: labels of 1 to 63 bytes, at least two.
bool is_askable(std::string_view domain) {
  if (domain.ends_with('.')) domain.remove_suffix(1);
  if (domain.empty() || domain.size() > k_domain_max || domain.find('.') == std::string_view::npos) return false;
  std::size_t at = 0;
  while (at <= domain.size()) {
    const std::size_t end = std::min(domain.find('.', at), domain.size());
    if (end == at || end - at > 63) return false;
    at = end + 1;
  }
  return true;
}

bool is_under(std::string_view host, std::string_view domain) {
  return same_word(host, domain) ||
         (ends_with_word(host, domain) && host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.');
}

/// Whether a term matched, or what stops the evaluation.
enum class Match : std::uint8_t { no, yes, stop };

AuthResult result_of(char qualifier) {
  return qualifier == '-'   ? AuthResult::fail
         : qualifier == '~' ? AuthResult::softfail
         : qualifier == '?' ? AuthResult::neutral
                            : AuthResult::pass;
}

/// One check_host() with everything that is counted over its includes and redirects.
class Evaluation {
 public:
  Evaluation(const SpfQuery& query, const SavedZone& zone) : query_(query), zone_(zone) {
    sender_ = query.mail_from.empty() ? "postmaster@" + query.helo : query.mail_from;
    if (sender_.find('@') == std::string::npos) sender_ = "postmaster@" + sender_;
    if (sender_.starts_with('@')) sender_ = "postmaster" + sender_;
  }

  SpfVerdict run() {
    const std::string domain = sender_.substr(sender_.rfind('@') + 1);
    const AuthResult result = evaluate(domain, Explain::yes);
    verdict_.result = result;
    verdict_.domain = domain;
    verdict_.lookups = lookups_;
    return std::move(verdict_);
  }

 private:
  enum class Explain : std::uint8_t { no, yes };

  AuthResult error(AuthResult kind, std::string reason) {
    stopped_ = kind;
    if (verdict_.reason.empty()) verdict_.reason = std::move(reason);
    return kind;
  }

  /// Section 4.4 and 4.5: the one record of a domain. Nothing where there is none or trouble (then `stopped_` is set).
  std::optional<std::string> find_record(const std::string& domain) {
    const Lookup lookup = zone_.find(domain, RecordType::txt);
    if (!answered(lookup, domain)) return std::nullopt;
    std::optional<std::string> record;
    for (const std::string& text : lookup.values) {
      if (!is_spf_record(text)) continue;
      if (record) {
        error(AuthResult::permerror, fmt::format("'{}' has more than one record", domain));
        return std::nullopt;
      }
      record = text;
    }
    return record;
  }

  bool answered(const Lookup& lookup, std::string_view name) {
    if (lookup.status == LookupStatus::not_saved) {
      error(AuthResult::temperror, fmt::format("what the DNS says of '{}' was not saved", name));
    } else if (lookup.status == LookupStatus::failed) {
      error(AuthResult::temperror, fmt::format("the DNS did not answer for '{}'", name));
    }
    return !stopped_;
  }

  AuthResult evaluate(const std::string& domain, Explain explain) {
    if (!is_askable(domain)) return AuthResult::none;
    const auto text = find_record(domain);
    if (stopped_) return *stopped_;
    if (!text) return AuthResult::none;
    std::string trouble;
    const auto record = parse_spf_record(*text, trouble);
    if (!record)
      return error(AuthResult::permerror,
                   fmt::format("the record of '{}' breaks the grammar at '{}'", domain, trouble));
    for (const SpfTerm& term : record->terms) {
      const Match match = matches(term, domain);
      if (match == Match::stop) return *stopped_;
      if (match == Match::no) continue;
      const AuthResult result = result_of(term.qualifier);
      if (explain == Explain::yes) verdict_.matched = term.text;
      if (result == AuthResult::fail && explain == Explain::yes && record->explanation)
        explain_fail(*record->explanation, domain);
      return result;
    }
    if (!record->redirect) return AuthResult::neutral;
    if (!count_lookup()) return *stopped_;
    const auto target = expand(*record->redirect, domain);
    if (!target) return *stopped_;
    const AuthResult result = evaluate(*target, explain);
    if (result == AuthResult::none)
      return error(AuthResult::permerror, fmt::format("redirect to '{}', which has no record", *target));
    return result;
  }

  bool count_lookup() {
    if (++lookups_ <= k_spf_lookups_max) return true;
    error(AuthResult::permerror, fmt::format("more than {} look-ups are needed", k_spf_lookups_max));
    return false;
  }

  /// Sections 4.6.4: questions without an answer are limited, too.
  bool count_void(const Lookup& lookup) {
    if (!lookup.values.empty() || ++voids_ <= k_spf_void_lookups_max) return true;
    error(AuthResult::permerror, fmt::format("more than {} look-ups had no answer", k_spf_void_lookups_max));
    return false;
  }

  MacroValues macro_values(const std::string& domain) {
    MacroValues values{sender_, domain, query_.helo, query_.ip, "unknown", query_.time_seconds, {}};
    values.validated_name = [this, domain] { return validated_name(domain); };
    return values;
  }

  /// The expanded name, cut from the left to what the DNS can hold.
  std::optional<std::string> expand(const std::string& text, const std::string& domain) {
    auto expanded = expand_macros(text, macro_values(domain), MacroUse::domain);
    if (stopped_) return std::nullopt;
    if (!expanded) {
      error(AuthResult::permerror, fmt::format("'{}' breaks the grammar of macros", text));
      return std::nullopt;
    }
    std::string name = *expanded;
    if (name.ends_with('.')) name.pop_back();
    while (name.size() > k_domain_max && name.find('.') != std::string::npos) name.erase(0, name.find('.') + 1);
    return name;
  }

  Match matches(const SpfTerm& term, const std::string& domain) {
    switch (term.mechanism) {
      case SpfMechanism::all: return Match::yes;
      case SpfMechanism::ip4:
      case SpfMechanism::ip6: return term.block->contains(query_.ip) ? Match::yes : Match::no;
      case SpfMechanism::include:
      case SpfMechanism::a:
      case SpfMechanism::mx:
      case SpfMechanism::ptr:
      case SpfMechanism::exists: break;
    }
    if (!count_lookup()) return Match::stop;
    const auto target = term.domain.empty() ? std::optional(domain) : expand(term.domain, domain);
    if (!target) return Match::stop;
    if (term.mechanism == SpfMechanism::include) return matches_include(*target);
    if (term.mechanism == SpfMechanism::ptr) return matches_ptr(*target);
    if (!is_askable(*target)) return Match::no;
    if (term.mechanism == SpfMechanism::a) return matches_a(*target, term, Void::counted);
    if (term.mechanism == SpfMechanism::mx) return matches_mx(*target, term);
    const Lookup lookup = zone_.find(*target, RecordType::a);
    if (!answered(lookup, *target) || !count_void(lookup)) return Match::stop;
    return lookup.values.empty() ? Match::no : Match::yes;
  }

  enum class Void : std::uint8_t { counted, free };

  Match matches_a(const std::string& host, const SpfTerm& term, Void counting) {
    const Lookup lookup = zone_.find(host, query_.ip.is_v6 ? RecordType::aaaa : RecordType::a);
    if (!answered(lookup, host) || (counting == Void::counted && !count_void(lookup))) return Match::stop;
    for (const std::string& text : lookup.values) {
      const auto ip = model::parse_ip(text);
      if (!ip) continue;
      if (model::IpBlock{*ip, ip->is_v6 ? term.prefix_v6 : term.prefix_v4}.contains(query_.ip)) return Match::yes;
    }
    return Match::no;
  }

  Match matches_mx(const std::string& target, const SpfTerm& term) {
    const Lookup lookup = zone_.find(target, RecordType::mx);
    if (!answered(lookup, target) || !count_void(lookup)) return Match::stop;
    if (lookup.values.size() > k_names_max) {
      error(AuthResult::permerror, fmt::format("'{}' has more than {} MX hosts", target, k_names_max));
      return Match::stop;
    }
    for (const std::string& host : lookup.values) {
      if (host == ".") continue;
      if (const Match match = matches_a(host, term, Void::free); match != Match::no) return match;
    }
    return Match::no;
  }

  Match matches_include(const std::string& target) {
    const AuthResult result = evaluate(target, Explain::no);
    if (stopped_) return Match::stop;
    if (result == AuthResult::none) {
      error(AuthResult::permerror, fmt::format("include of '{}', which has no record", target));
      return Match::stop;
    }
    return result == AuthResult::pass ? Match::yes : Match::no;
  }

  /// Section 5.5: names of the address that lead back to it. What fails is no name, but what was not saved is not
  /// known.
  std::optional<std::vector<std::string>> validated_names() {
    const std::string reverse = query_.ip.is_v6 ? reversed(dotted(query_.ip)) + ".ip6.arpa"
                                                : reversed(model::text_of(query_.ip)) + ".in-addr.arpa";
    std::vector<std::string> names;
    const Lookup lookup = zone_.find(reverse, RecordType::ptr);
    if (lookup.status == LookupStatus::not_saved && !answered(lookup, reverse)) return std::nullopt;
    for (std::size_t i = 0; i < lookup.values.size() && i < k_names_max; ++i) {
      const Lookup addresses = zone_.find(lookup.values[i], query_.ip.is_v6 ? RecordType::aaaa : RecordType::a);
      if (addresses.status == LookupStatus::not_saved && !answered(addresses, lookup.values[i])) return std::nullopt;
      const bool leads_back =
          std::any_of(addresses.values.begin(), addresses.values.end(),
                      [this](const std::string& text) { return model::parse_ip(text) == query_.ip; });
      if (!leads_back) continue;
      std::string name = lookup.values[i];
      if (name.ends_with('.')) name.pop_back();
      names.push_back(std::move(name));
    }
    return names;
  }

  static std::string reversed(const std::string& text) {
    std::string result;
    std::size_t end = text.size();
    while (end != std::string::npos) {
      const std::size_t dot = end == 0 ? std::string::npos : text.rfind('.', end - 1);
      const std::size_t begin = dot == std::string::npos ? 0 : dot + 1;
      if (!result.empty()) result += '.';
      result += text.substr(begin, end - begin);
      end = dot;
    }
    return result;
  }

  Match matches_ptr(const std::string& target) {
    const auto names = validated_names();
    if (!names) return Match::stop;
    const bool found =
        std::any_of(names->begin(), names->end(), [&target](const auto& name) { return is_under(name, target); });
    return found ? Match::yes : Match::no;
  }

  /// Section 7.3: the domain itself, else a name below it, else any.
  std::string validated_name(const std::string& domain) {
    const auto names = validated_names();
    if (!names || names->empty()) return "unknown";
    for (const auto& name : *names) {
      if (same_word(name, domain)) return name;
    }
    for (const auto& name : *names) {
      if (is_under(name, domain)) return name;
    }
    return names->front();
  }

  /// Section 6.2. Trouble with the explanation never changes the result.
  void explain_fail(const std::string& spec, const std::string& domain) {
    const auto target = expand(spec, domain);
    if (target && is_askable(*target)) {
      const Lookup lookup = zone_.find(*target, RecordType::txt);
      if (lookup.values.size() == 1) {
        verdict_.explanation =
            expand_macros(lookup.values.front(), macro_values(domain), MacroUse::explanation).value_or("");
      }
    }
    stopped_.reset();
    verdict_.reason.clear();
  }

  const SpfQuery& query_;
  const SavedZone& zone_;
  std::string sender_;
  SpfVerdict verdict_;
  std::optional<AuthResult> stopped_;  // an error that ends everything
  unsigned lookups_ = 0;
  unsigned voids_ = 0;
};

}  // namespace

SpfVerdict check_spf(const SpfQuery& query, const SavedZone& zone) { return Evaluation(query, zone).run(); }

}  // namespace lastgood::mail
