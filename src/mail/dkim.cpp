// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "mail/dkim.h"

#include <algorithm>
#include <map>

#include <fmt/format.h>

#include "mail/canonical.h"
#include "mail/letters.h"
#include "mail/signing_key.h"
#include "mail/tag_list.h"

namespace lastgood::mail {

namespace {

constexpr unsigned k_strong_rsa_bits = 2048;

/// What the field says, as far as the check needs it.
struct Signature {
  SigningAlgorithm algorithm = SigningAlgorithm::rsa_sha256;
  Canonicalization header_form = Canonicalization::simple;
  Canonicalization body_form = Canonicalization::simple;
  std::string body_hash;
  std::string bytes;
  std::optional<std::uint64_t> length;
};

void set(SignatureVerdict& verdict, AuthResult result, std::string reason) {
  verdict.result = result;
  verdict.reason = std::move(reason);
}

bool is_under(std::string_view host, std::string_view domain) {
  return same_word(host, domain) ||
         (ends_with_word(host, domain) && host.size() > domain.size() && host[host.size() - domain.size() - 1] == '.');
}

std::optional<SigningAlgorithm> find_algorithm(std::string_view name) {
  if (name == "rsa-sha256") return SigningAlgorithm::rsa_sha256;
  if (name == "rsa-sha1") return SigningAlgorithm::rsa_sha1;
  if (name == "ed25519-sha256") return SigningAlgorithm::ed25519_sha256;
  return std::nullopt;
}

bool read_forms(Signature& signature, std::string_view text) {
  const std::size_t slash = text.find('/');
  const std::string_view header = text.substr(0, slash);
  const std::string_view body = slash == std::string_view::npos ? "simple" : text.substr(slash + 1);
  for (const std::string_view form : {header, body}) {
    if (form != "simple" && form != "relaxed") return false;
  }
  signature.header_form = header == "relaxed" ? Canonicalization::relaxed : Canonicalization::simple;
  signature.body_form = body == "relaxed" ? Canonicalization::relaxed : Canonicalization::simple;
  return true;
}

/// Times and the signed length; false where one is no number.
bool read_numbers(const TagList& tags, Signature& signature, SignatureVerdict& verdict) {
  constexpr std::size_t k_seconds_max = 999'999'999'999;
  const auto read = [&tags](std::string_view name, std::optional<std::int64_t>& into) {
    const std::string* const text = tags.find(name);
    if (text == nullptr) return true;
    const auto value = parse_decimal(*text, k_seconds_max);
    if (value) into = static_cast<std::int64_t>(*value);
    return value.has_value();
  };
  if (!read("t", verdict.signed_at_seconds) || !read("x", verdict.expires_seconds)) return false;
  if (const std::string* length = tags.find("l"); length != nullptr) {
    // Up to 76 digits are allowed; more than 19 is more than any body has.
    const auto value = parse_decimal(*length, SIZE_MAX);
    if (!value) return false;
    signature.length = *value;
  }
  return true;
}

/// RFC 6376 section 6.1.1. False with the reason in `verdict` where the field cannot be checked.
bool read_signature(const HeaderField& field, SignatureKind kind, Signature& signature, SignatureVerdict& verdict) {
  const auto tags = parse_tag_list(field.body);
  if (!tags) {
    set(verdict, AuthResult::permerror, "the field is no list of tags");
    return false;
  }
  verdict.domain = lower(without_spaces(tags->value_or("d", "")));
  verdict.selector = without_spaces(tags->value_or("s", ""));
  verdict.algorithm = lower(without_spaces(tags->value_or("a", "")));
  const auto refuse = [&verdict](std::string reason) {
    set(verdict, AuthResult::permerror, std::move(reason));
    return false;
  };
  for (const std::string_view name : {"a", "b", "bh", "d", "h", "s"}) {
    if (tags->find(name) == nullptr) return refuse(fmt::format("the tag '{}' is missing", name));
  }
  if (kind == SignatureKind::dkim) {
    if (tags->value_or("v", "") != "1") return refuse("the version is not 1");
    const std::string* const identity = tags->find("i");
    verdict.identity = identity != nullptr ? decode_tag_text(*identity) : "@" + verdict.domain;
    if (!is_under(verdict.identity.substr(verdict.identity.rfind('@') + 1), verdict.domain)) {
      return refuse("the identity is of another domain than the signature");
    }
  }
  const auto algorithm = find_algorithm(verdict.algorithm);
  if (!algorithm) return refuse("the algorithm is not known");
  signature.algorithm = *algorithm;
  if (!read_forms(signature, lower(without_spaces(tags->value_or("c", "simple/simple"))))) {
    return refuse("the canonical form is not known");
  }
  const auto hash = parse_folded_base64(*tags->find("bh"));
  const auto bytes = parse_folded_base64(*tags->find("b"));
  if (!hash || !bytes || bytes->empty()) return refuse("the signature or the body's digest is no base64");
  signature.body_hash = *hash;
  signature.bytes = *bytes;
  if (!read_numbers(*tags, signature, verdict)) return refuse("a time or the length is no number");
  if (const auto& query = tags->value_or("q", "dns/txt"); query.find("dns/txt") == std::string::npos) {
    return refuse("the key is not published in the DNS");
  }
  verdict.signed_fields = split_colons(*tags->find("h"));
  const auto signs = [&verdict](std::string_view name) {
    return std::find(verdict.signed_fields.begin(), verdict.signed_fields.end(), name) != verdict.signed_fields.end();
  };
  if (kind == SignatureKind::dkim && !signs("from")) return refuse("the field From is not signed");
  if (kind == SignatureKind::arc_message && signs("arc-seal")) return refuse("an ARC-Seal is signed");
  const bool times_cross =
      verdict.signed_at_seconds && verdict.expires_seconds && *verdict.expires_seconds < *verdict.signed_at_seconds;
  if (times_cross) return refuse("it expires before it was signed");
  return true;
}

/// The fields that are signed, each name taken from the bottom up (RFC 6376 section 5.4.2), then the signature itself.
std::string signed_text(const Header& header, const HeaderField& field, const Signature& signature,
                        const SignatureVerdict& verdict) {
  std::map<std::string, std::vector<const HeaderField*>, std::less<>> by_name;
  for (const HeaderField& other : header.fields) {
    // The signature's own field counts only where it is named again; it never signs itself.
    if (&other != &field) by_name[lower(other.name)].push_back(&other);
  }
  std::string text;
  for (const std::string& name : verdict.signed_fields) {
    const auto found = by_name.find(name);
    if (found == by_name.end() || found->second.empty()) continue;
    text += canonical_field(*found->second.back(), signature.header_form);
    found->second.pop_back();
  }
  return text + canonical_signature_field(field, signature.header_form);
}

bool check_body(base::ByteView body, const Signature& signature, SignatureVerdict& verdict) {
  const base::DigestKind kind =
      signature.algorithm == SigningAlgorithm::rsa_sha1 ? base::DigestKind::sha1 : base::DigestKind::sha256;
  const BodyDigest digest = digest_body(body, signature.body_form, kind, signature.length);
  // A pasted header and an Outlook message lack the body that was signed: that is no failure of the signature.
  if (body.empty() && signature.body_hash != base::ByteView(std::span<const std::uint8_t>(digest.digest)).text()) {
    set(verdict, AuthResult::temperror, "the body that was signed is not here");
    return false;
  }
  if (signature.length && digest.length_bytes < *signature.length) {
    set(verdict, AuthResult::permerror,
        fmt::format("{} bytes of the body are signed, {} are there", *signature.length, digest.length_bytes));
    return false;
  }
  if (signature.length && digest.length_bytes > *signature.length) {
    verdict.unsigned_bytes = digest.length_bytes - *signature.length;
    verdict.weak = true;
  }
  const bool same = signature.body_hash == base::ByteView(std::span<const std::uint8_t>(digest.digest)).text();
  if (!same) set(verdict, AuthResult::fail, "the body is not the one that was signed");
  return same;
}

}  // namespace

std::string_view name_of(AuthResult result) {
  switch (result) {
    case AuthResult::none: return "none";
    case AuthResult::pass: return "pass";
    case AuthResult::fail: return "fail";
    case AuthResult::policy: return "policy";
    case AuthResult::neutral: return "neutral";
    case AuthResult::softfail: return "softfail";
    case AuthResult::temperror: return "temperror";
    case AuthResult::permerror: return "permerror";
  }
  return "";
}

void check_with_saved_key(SignatureVerdict& verdict, const SavedZone& zone, std::string_view text,
                          std::string_view signature) {
  const std::string name = fmt::format("{}._domainkey.{}", verdict.selector, verdict.domain);
  const Lookup lookup = zone.find(name, RecordType::txt);
  if (lookup.status == LookupStatus::not_saved) {
    return set(verdict, AuthResult::temperror, fmt::format("the key '{}' was not saved", name));
  }
  if (lookup.status == LookupStatus::failed) {
    return set(verdict, AuthResult::temperror,
               fmt::format("the key '{}' could not be asked for when it was saved", name));
  }
  if (lookup.values.empty()) return set(verdict, AuthResult::permerror, fmt::format("there was no key '{}'", name));
  const auto record = parse_key_record(lookup.values.front());
  if (!record.ok()) return set(verdict, AuthResult::permerror, record.error().what);
  const KeyRecord& key = record.value();
  verdict.testing = key.testing;
  if (key.public_key.empty()) return set(verdict, AuthResult::permerror, "the key was revoked");
  const auto lists = [](const std::vector<std::string>& list, std::string_view word) {
    return std::find(list.begin(), list.end(), word) != list.end();
  };
  const std::size_t dash = verdict.algorithm.rfind('-');
  const std::string_view hash = std::string_view(verdict.algorithm).substr(dash + 1);
  if (key.key_type != verdict.algorithm.substr(0, dash)) {
    return set(verdict, AuthResult::permerror, fmt::format("the key is for {}", key.key_type));
  }
  if (!key.hashes.empty() && !lists(key.hashes, hash)) {
    return set(verdict, AuthResult::permerror, fmt::format("the key must not be used with {}", hash));
  }
  if (!key.services.empty() && !lists(key.services, "*") && !lists(key.services, "email")) {
    return set(verdict, AuthResult::permerror, "the key is not for mail");
  }
  if (key.same_domain && !verdict.identity.empty() &&
      !same_word(verdict.identity.substr(verdict.identity.rfind('@') + 1), verdict.domain)) {
    return set(verdict, AuthResult::permerror, "the key must not be used for a domain below its own");
  }
  const SignatureOutcome outcome = check_signature(*find_algorithm(verdict.algorithm), key.public_key, text, signature);
  verdict.key_bits = outcome.key_bits;
  const bool rsa = key.key_type == "rsa";
  if (hash == "sha1" || (rsa && outcome.key_bits < k_strong_rsa_bits)) verdict.weak = true;
  switch (outcome.check) {
    case SignatureCheck::holds: return set(verdict, AuthResult::pass, "");
    case SignatureCheck::does_not_hold: return set(verdict, AuthResult::fail, "the signature does not hold");
    case SignatureCheck::bad_key: return set(verdict, AuthResult::permerror, "the key cannot be read");
    case SignatureCheck::short_key:
      return set(verdict, AuthResult::policy, fmt::format("a key of {} bits proves nothing", outcome.key_bits));
  }
}

SignatureVerdict verify_signature(const Header& header, const HeaderField& field, base::ByteView body,
                                  const SavedZone& zone, const VerifyOptions& options, SignatureKind kind) {
  SignatureVerdict verdict;
  verdict.offset_bytes = field.offset_bytes;
  Signature signature;
  if (!read_signature(field, kind, signature, verdict)) return verdict;
  if (!check_body(body, signature, verdict)) return verdict;
  check_with_saved_key(verdict, zone, signed_text(header, field, signature, verdict), signature.bytes);
  const bool expired = verdict.result == AuthResult::pass && verdict.expires_seconds && options.received_at_seconds &&
                       *options.received_at_seconds > *verdict.expires_seconds;
  if (expired) set(verdict, AuthResult::fail, "it had expired when the mail was received");
  return verdict;
}

std::vector<SignatureVerdict> verify_dkim(const Header& header, base::ByteView body, const SavedZone& zone,
                                          const VerifyOptions& options) {
  std::vector<SignatureVerdict> verdicts;
  for (const HeaderField& field : header.fields) {
    if (!same_word(field.name, "dkim-signature") || verdicts.size() >= k_signatures_max) continue;
    verdicts.push_back(verify_signature(header, field, body, zone, options, SignatureKind::dkim));
  }
  return verdicts;
}

}  // namespace lastgood::mail
