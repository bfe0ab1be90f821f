// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Contacts and addresses as they are gathered from what was scanned, searched and traced. Private to facts/.
#pragma once

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "facts/case_facts.h"
#include "facts/known_paths.h"

namespace lastgood::facts {

class ContactBook {
 public:
  explicit ContactBook(const KnownPaths& paths) : paths_(paths) {}

  void add_campaign(const model::Campaign& campaign, const std::string& host);
  /// What a scan saw in the header, trailer or name of a file that is not whole, or in a note.
  void add_sighting(const model::Sighting& sighting);
  void add_searched(const model::SearchedFile& file);
  /// After all of the above: a mail belongs to the attack by its sender.
  void add_mail(const model::MailRecord& mail);
  /// Everything gathered of an address, made when it is not there; nullptr when there are too many.
  AddressFacts* address(const std::string& text);
  /// nullptr: nobody named it.
  AddressFacts* find_address(std::string_view text);
  void tie_address(const std::string& text, Link link);
  [[nodiscard]] bool has_addresses() const { return !addresses_.empty(); }
  /// Keeps the earliest k_observations_max of those with a time.
  static void observe(AddressFacts& address, Observation observation);

  /// Gives all of it away, in the order that CaseFacts says.
  void hand_over(CaseFacts& facts);

 private:
  ContactFacts* contact(std::string_view kind, const std::string& value, std::string_view level);
  void add_place(ContactFacts& contact, const Place& place, PathKind kind);
  void add_address_in_text(const model::FoundValue& found, const Place& place, PathKind kind);

  /// Hashes of the paths in which a contact stands: scan and search see the same files.
  struct SeenIn {
    std::vector<std::uint64_t> encrypted;
    std::vector<std::uint64_t> notes;
  };

  const KnownPaths& paths_;
  std::map<const ContactFacts*, SeenIn> seen_in_;
  std::map<std::pair<std::string, std::string>, ContactFacts> contacts_;
  std::map<std::string, AddressFacts, std::less<>> addresses_;
  std::uint64_t left_out_ = 0;
};

}  // namespace lastgood::facts
