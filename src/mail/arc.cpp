// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/arc.h"

#include <algorithm>
#include <array>

#include <fmt/format.h>

#include "mail/canonical.h"
#include "mail/letters.h"
#include "mail/tag_list.h"

namespace lastgood::mail {

namespace {

/// The three fields of one instance; nullptr: missing.
struct ArcFields {
  const HeaderField* results = nullptr;
  const HeaderField* message = nullptr;
  const HeaderField* seal = nullptr;
};

std::optional<unsigned> instance_of(const HeaderField& field, bool is_results) {
  std::string text;
  if (is_results) {
    const std::string line = unfold(field.body);
    const std::string_view first = trim(std::string_view(line).substr(0, line.find(';')));
    if (!first.starts_with("i")) return std::nullopt;
    const std::size_t equals = first.find('=');
    if (equals == std::string_view::npos) return std::nullopt;
    text = std::string(trim(first.substr(equals + 1)));
  } else {
    const auto tags = parse_tag_list(field.body);
    if (!tags) return std::nullopt;
    text = tags->value_or("i", "");
  }
  const auto value = parse_decimal(text, k_arc_instances_max);
  if (!value || *value == 0) return std::nullopt;
  return static_cast<unsigned>(*value);
}

void fail(ArcVerdict& verdict, std::string reason) {
  if (verdict.result == AuthResult::fail) return;
  verdict.result = AuthResult::fail;
  verdict.reason = std::move(reason);
}

/// Sorts the fields into sets; false where the structure of section 5.2 step 3 does not hold.
bool gather(const Header& header, std::vector<ArcFields>& sets, ArcVerdict& verdict) {
  bool any = false;
  for (const HeaderField& field : header.fields) {
    const bool results = same_word(field.name, "arc-authentication-results");
    const bool message = same_word(field.name, "arc-message-signature");
    const bool seal = same_word(field.name, "arc-seal");
    if (!results && !message && !seal) continue;
    any = true;
    const auto instance = instance_of(field, results);
    if (!instance) {
      fail(verdict, fmt::format("the {} at byte {} has no instance from 1 to {}", field.name, field.offset_bytes,
                                k_arc_instances_max));
      return false;
    }
    if (sets.size() < *instance) sets.resize(*instance);
    ArcFields& set = sets[*instance - 1];
    const HeaderField*& place = results ? set.results : message ? set.message : set.seal;
    if (place != nullptr) {
      fail(verdict, fmt::format("instance {} has {} twice", *instance, field.name));
      return false;
    }
    place = &field;
  }
  if (!any) return false;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    if (sets[i].results == nullptr || sets[i].message == nullptr || sets[i].seal == nullptr) {
      fail(verdict, fmt::format("instance {} is not complete", i + 1));
      return false;
    }
  }
  return true;
}

/// RFC 8617 section 5.1.1: all sets up to this one, relaxed, the last seal without its signature.
std::string sealed_text(const std::vector<ArcFields>& sets, std::size_t last) {
  std::string text;
  for (std::size_t i = 0; i <= last; ++i) {
    text += canonical_field(*sets[i].results, Canonicalization::relaxed);
    text += canonical_field(*sets[i].message, Canonicalization::relaxed);
    if (i < last) text += canonical_field(*sets[i].seal, Canonicalization::relaxed);
  }
  return text + canonical_signature_field(*sets[last].seal, Canonicalization::relaxed);
}

SignatureVerdict verify_seal(const std::vector<ArcFields>& sets, std::size_t at, const SavedZone& zone,
                             std::string& cv) {
  SignatureVerdict verdict;
  const HeaderField& field = *sets[at].seal;
  verdict.offset_bytes = field.offset_bytes;
  const auto tags = parse_tag_list(field.body);
  // gather() has read an instance out of these tags.
  if (!tags) return verdict;
  verdict.domain = lower(without_spaces(tags->value_or("d", "")));
  verdict.selector = without_spaces(tags->value_or("s", ""));
  verdict.algorithm = lower(without_spaces(tags->value_or("a", "")));
  cv = lower(without_spaces(tags->value_or("cv", "")));
  const auto bytes = parse_folded_base64(tags->value_or("b", ""));
  const bool known =
      verdict.algorithm == "rsa-sha256" || verdict.algorithm == "ed25519-sha256" || verdict.algorithm == "rsa-sha1";
  if (tags->find("h") != nullptr) {
    verdict.reason = "a seal must not list fields";
  } else if (!known || verdict.domain.empty() || verdict.selector.empty() || !bytes || bytes->empty()) {
    verdict.reason = "the seal lacks a tag that it must have";
  } else {
    check_with_saved_key(verdict, zone, sealed_text(sets, at), *bytes);
  }
  return verdict;
}

/// A signature that does not hold breaks the chain; one whose key was not saved leaves it open.
void weigh(ArcVerdict& verdict, const SignatureVerdict& signature, std::string_view what, std::size_t instance) {
  if (signature.result == AuthResult::pass) return;
  std::string reason = fmt::format("the {} of instance {}: {}", what, instance, signature.reason);
  if (signature.result == AuthResult::temperror) {
    if (verdict.result != AuthResult::fail && verdict.result != AuthResult::temperror) {
      verdict.result = AuthResult::temperror;
      verdict.reason = std::move(reason);
    }
    return;
  }
  fail(verdict, std::move(reason));
}

}  // namespace

ArcVerdict verify_arc(const Header& header, base::ByteView body, const SavedZone& zone, const VerifyOptions& options) {
  ArcVerdict verdict;
  std::vector<ArcFields> sets;
  if (!gather(header, sets, verdict)) return verdict;
  verdict.result = AuthResult::pass;
  for (std::size_t i = 0; i < sets.size(); ++i) {
    ArcSet set;
    set.instance = static_cast<unsigned>(i + 1);
    set.offset_bytes = sets[i].seal->offset_bytes;
    set.statement = parse_authentication_results(unfold(sets[i].results->body));
    set.seal = verify_seal(sets, i, zone, set.cv);
    set.message.result = AuthResult::none;
    // Relays below changed the mail lawfully, so only the newest signature must hold.
    if (i + 1 == sets.size()) {
      set.message = verify_signature(header, *sets[i].message, body, zone, options, SignatureKind::arc_message);
    }
    const std::string_view expected = i == 0 ? "none" : "pass";
    if (set.cv == "fail") {
      fail(verdict, fmt::format("the sealer of instance {} found the chain broken", i + 1));
    } else if (set.cv != expected) {
      fail(verdict, fmt::format("instance {} says cv={}, where only {} or fail may stand", i + 1, set.cv, expected));
    }
    verdict.sets.push_back(std::move(set));
  }
  weigh(verdict, verdict.sets.back().message, "message signature", sets.size());
  for (const ArcSet& set : verdict.sets) weigh(verdict, set.seal, "seal", set.instance);
  return verdict;
}

}  // namespace lastgood::mail
