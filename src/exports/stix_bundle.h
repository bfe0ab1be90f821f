// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A bundle as it is put together: objects are kept as text, one line each, so that memory is that of the file. Private
// to exports/.
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

#include <nlohmann/json.hpp>

#include "exports/export_input.h"
#include "exports/public_words.h"
#include "exports/uuid.h"

namespace lastgood::exports {

class StixBundle {
 public:
  explicit StixBundle(const ExportInput& input);

  /// Common properties of a domain or relationship object, with an identifier made from the case, `type` and `key`.
  [[nodiscard]] nlohmann::ordered_json begin(std::string_view type, std::initializer_list<std::string_view> key) const;
  [[nodiscard]] std::string id_of(std::string_view type, std::initializer_list<std::string_view> key) const;

  /// Adds it with the bundle's marking and gives its identifier. An object that is there is not added again. Empty: its
  /// UUID is that of an object of another type, and importers that keep only UUIDs would mix them up.
  std::string add(nlohmann::ordered_json object);
  /// Relationship `type` from one object to another, both in the bundle.
  std::string relate(std::string_view type, const std::string& source, const std::string& target,
                     std::string_view description = {});
  /// As it is: markings and definitions, which others published.
  void add_unmarked(const nlohmann::ordered_json& object);

  /// Identifiers of all that was added with `add`, in order.
  [[nodiscard]] const std::vector<std::string>& ids() const { return ids_; }
  [[nodiscard]] std::uint64_t objects() const { return lines_.size(); }
  [[nodiscard]] const std::string& created() const { return created_; }
  [[nodiscard]] const std::string& modified() const { return modified_; }
  [[nodiscard]] const std::string& marking() const { return marking_; }
  [[nodiscard]] const std::string& author() const { return author_; }

  /// The whole; its own identifier follows from what is in it.
  [[nodiscard]] std::string text() const;

 private:
  Uuid space_;
  std::string created_;
  std::string modified_;
  std::string author_;
  std::string marking_;
  std::vector<std::string> lines_;
  std::vector<std::string> ids_;
  std::map<std::string, std::string, std::less<>> id_of_uuid_;
};

/// The namespace of a case's objects; those of Scope::all are others, since they say more under the same times.
[[nodiscard]] Uuid case_space(const ExportInput& input);
/// "2022-11-23T01:37:00.000Z": three digits, as importers expect.
[[nodiscard]] std::string stix_time(std::int64_t time_ns);
/// How sure, from 0 to 100 (section 3.2 and appendix A, Admiralty credibility): docs/decisions/stix-ids.md has the
/// table.
[[nodiscard]] int confidence_of(model::Certainty certainty, facts::Standing standing);

/// The parts of a bundle, in the order in which write_stix asks for them. Each may refer to what came before.
inline constexpr std::string_view k_lastgood_identity = "identity--5b63fbbb-397b-5c0f-b6a8-979e7a2a360f";
void add_markings(StixBundle& bundle, const ExportInput& input);
[[nodiscard]] std::string add_incident(StixBundle& bundle, const ExportInput& input, const PublicWords& words);
/// "kind:value" of a campaign's contacts -> malware object; "" -> the only one there is.
using MalwareOf = std::map<std::string, std::string, std::less<>>;
[[nodiscard]] MalwareOf add_malware(StixBundle& bundle, const ExportInput& input, const PublicWords& words,
                                    const std::string& incident);
/// Gives how many values only a note carries.
std::uint64_t add_values(StixBundle& bundle, const ExportInput& input, const PublicWords& words,
                         const MalwareOf& malware, const std::string& incident);
void add_mails(StixBundle& bundle, const ExportInput& input, const PublicWords& words, const std::string& incident);
void add_notes_left(StixBundle& bundle, const ExportInput& input, const MalwareOf& malware,
                    const std::string& incident);
/// Once, before the first wallet.
void add_wallet_definition(StixBundle& bundle);
void add_report(StixBundle& bundle, const ExportInput& input);

}  // namespace lastgood::exports
