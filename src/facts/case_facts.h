// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// CaseFacts: what a case knows about the attack, each statement with the place that says so. Questions, notices,
// exports and the report are written from it and from nothing else: remove an input and what stood on it is gone here,
// too. Plain values. An address is a server, an account an account; neither is a person.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "casefile/case_about.h"
#include "casefile/case_store.h"
#include "evidence/custody.h"
#include "model/event.h"
#include "model/file_record.h"
#include "timeline/summary.h"

namespace lastgood::facts {

/// Where a statement stands.
struct Place {
  std::string path;  // of the evidence; empty: the case itself
  std::uint64_t offset_bytes = 0;
  std::string sha256;            // of that file, hexadecimal; empty: not known
  std::string evidence_id;       // "E-0001": the custody record that holds it; empty: not taken as evidence
  std::string inside = {};       // "item 2097188, body as text" of an Outlook store: then the offset is that inside it
  std::string mail_sha256 = {};  // of the mail that the place lies in, which is seldom the whole file; empty: no mail
  bool operator==(const Place&) const = default;
};

/// "byte 7", "byte 7 of item 2097188, body as text".
[[nodiscard]] std::string offset_words(const Place& place);

/// ", SHA-256 of the file ..., SHA-256 of the mail ...", as far as they are known; may be empty.
[[nodiscard]] std::string digest_words(const Place& place);

/// Why something is held to belong to the attack. The surest first.
struct Link {
  model::Certainty certainty = model::Certainty::weak;
  std::string rule;      // "link.mail.border", "link.login", ...
  std::string sentence;  // one sentence that says what was seen
  Place place;
};

/// Whether the organisation's own systems saw it, or somebody else only says so.
enum class Standing : std::uint8_t { fact, claim };
std::string_view name_of(Standing standing);

/// One time an address was seen.
struct Observation {
  std::optional<std::int64_t> at_ns;  // nothing: the evidence gives no time
  model::TimeBasis basis = model::TimeBasis::claimed;
  Standing standing = Standing::claim;
  std::string what;        // "handed over a mail", "login", "connection", "stands in a ransom note", ...
  std::uint16_t port = 0;  // of the address; 0: not said
  std::string own_address;
  std::uint16_t own_port = 0;
  std::string own_host;
  std::string account;
  std::uint64_t bytes_out = 0;  // sent to it; 0: not said
  Place place;
};

struct AddressFacts {
  std::string address;                    // text of RFC 5952
  Standing standing = Standing::claim;    // a fact as soon as one observation is
  std::vector<Link> links;                // empty: seen, and nothing ties it to the attack
  std::vector<Observation> observations;  // by time, at most k_observations_max; those without one last
  std::uint64_t times = 0;                // all of them
  std::uint64_t bytes_out = 0;            // over all of them; 0: not said
};

/// An account, a wallet, a host or an identifier that the attack left.
struct ContactFacts {
  std::string kind;  // as of indicators: "email", "onion", "btc", "victim_id", ...
  std::string value;
  std::string level;                  // "checksum", "shape", "context"
  std::uint64_t encrypted_files = 0;  // in whose header, trailer or name it stands
  std::uint64_t notes = 0;            // ransom notes in which it stands
  std::uint64_t mails = 0;            // that say to come from it
  std::vector<Link> links;            // empty: found, and nothing ties it to the attack
  std::vector<Place> places;          // at most k_places_max
};

/// One machine whose files were judged.
struct HostFacts {
  std::string name;
  std::vector<std::string> roots;
  std::uint64_t files = 0;
  std::uint64_t bytes = 0;
  std::uint64_t hit_files = 0;  // encrypted or partly encrypted
  std::uint64_t hit_bytes = 0;
  std::uint64_t unreadable = 0;
  std::uint64_t notes = 0;
  bool finished = true;  // its scan ran to the end
};

struct CampaignFacts {
  model::Campaign campaign;
  std::string host;
};

/// A family that public tables name for these marks; none is normal.
struct FamilyFacts {
  std::string name;
  model::Certainty certainty = model::Certainty::weak;
  std::vector<std::string> basis;
  std::string table;  // where that is known from, and of when
};

/// A moment of the attack; contradicting sources give several of one name.
struct MomentFacts {
  std::string name;  // "first entry", "first encryption", "last encryption"
  std::int64_t at_ns = 0;
  model::TimeBasis basis = model::TimeBasis::claimed;
  model::Certainty certainty = model::Certainty::weak;
  std::string sentence;  // what says so
  std::string host;
  std::string account;
  std::string address;
  Place place;
};

/// Which account did the encryption, from where, as logs say.
struct DoerFacts {
  std::string account;
  std::string address;
  std::string host;
  std::uint64_t files = 0;  // that it renamed or wrote and that are encrypted
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
  model::Certainty certainty = model::Certainty::weak;
  Place place;
};

/// When the organisation became aware, as a named person said.
struct AwareFacts {
  std::int64_t at_ns = 0;
  std::string by;
  std::string what;
  std::uint64_t ledger_entry = 0;
  std::string recorded;  // RFC 3339
};

/// How many persons, on one of the four bases that are never folded into one.
struct PersonsFacts {
  std::string basis;                      // "held", "encrypted", "readable", "leaving"
  std::optional<std::uint64_t> at_least;  // nothing: unknown
  std::optional<std::uint64_t> at_most;
  bool is_final = false;  // false: an estimate
  std::string sentence;   // what the numbers stand on
};

/// "held" gives "held on affected systems", ...
[[nodiscard]] std::string_view title_of_basis(std::string_view basis);

/// What counting found; everything empty: nothing was counted.
struct ExposureFacts {
  std::vector<PersonsFacts> persons;
  std::vector<std::string> kinds;  // of identifiers and other personal data that columns held
  std::uint64_t rows = 0;
  std::uint64_t files = 0;
  std::uint64_t unread_files = 0;
  std::string counted;  // RFC 3339; empty: never
};

/// What a provider answered about an address; its letter is evidence of the case.
struct AnswerFacts {
  std::string address;
  std::string provider;
  std::string says;
  std::string evidence_id;
  std::string recorded;  // RFC 3339
  std::uint64_t ledger_entry = 0;
};

struct CaseFacts {
  std::string case_id;
  std::string case_name;
  casefile::CaseAbout about;
  std::vector<HostFacts> hosts;          // by name
  std::vector<CampaignFacts> campaigns;  // the largest first
  std::vector<FamilyFacts> families;     // the surest first
  std::vector<ContactFacts> contacts;    // tied to the attack first, then by kind and value
  std::vector<AddressFacts> addresses;   // tied to the attack first, then by address
  timeline::TimelineSummary timeline;    // what the moments and doers were taken from; the picture is drawn of it
  std::vector<MomentFacts> moments;      // by time
  std::vector<DoerFacts> doers;          // by number of files
  std::vector<evidence::EvidenceItem> evidence;
  std::vector<AnswerFacts> answers;  // in the order they were recorded
  ExposureFacts exposure;
  std::vector<AwareFacts> aware;  // every time it was said; the last counts
  std::uint64_t mails = 0;        // traced
  std::uint64_t left_out = 0;     // contacts and addresses beyond k_values_max

  static constexpr std::size_t k_values_max = 20'000;
  static constexpr std::size_t k_observations_max = 64;
  static constexpr std::size_t k_places_max = 16;
};

// Kinds of entries of the ledger.
inline constexpr std::string_view k_kind_aware = "became-aware";
inline constexpr std::string_view k_kind_answered = "provider-answered";

/// The address in a From field, lower case: "dog <Dog@mail.example>" gives "dog@mail.example"; empty: none.
[[nodiscard]] std::string sender_address(std::string_view from);

/// Reads the case once: store, ledger, events. Memory is bounded by the limits above. Errors: the case cannot be read,
/// its ledger is broken. `asked_about`: addresses that a person named; they are looked for in logs although nothing
/// ties them to the attack.
[[nodiscard]] base::Result<CaseFacts> gather_facts(const std::string& case_folder, casefile::CaseStore& store,
                                                   const std::vector<std::string>& asked_about = {});

}  // namespace lastgood::facts
