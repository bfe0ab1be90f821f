// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sentences of the case as they may go out. With Scope::tied what the organisation calls its own (machines, accounts,
// paths, domains, addresses) is replaced by words that say what stood there; with Scope::all nothing is. Every text
// that comes out is UTF-8 without control characters. Pure, after it was made.
#pragma once

#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "exports/export_input.h"
#include "model/ip_address.h"

namespace lastgood::exports {

class PublicWords {
 public:
  PublicWords(const facts::CaseFacts& facts, Scope scope);

  /// `sentence`, which may speak of `place`.
  [[nodiscard]] std::string sentence(std::string_view sentence, const facts::Place& place) const;
  /// Of a ransom note the file's name is said: its writer chose it.
  [[nodiscard]] std::string sentence(const facts::Link& link) const;
  /// "evidence E-0001, byte 40, SHA-256 ...": which file it is in, as far as that may be said; never empty.
  [[nodiscard]] std::string place(const facts::Place& place) const;
  /// The last part of the path of a ransom note: its writer chose it.
  [[nodiscard]] static std::string file_name(std::string_view path);

  /// It is the organisation's own: not told about unless all is.
  [[nodiscard]] bool is_withheld(const facts::ContactFacts& contact) const;
  [[nodiscard]] bool is_withheld(const facts::AddressFacts& address) const;

 private:
  /// Short names are looked for where they stand in quotes only: "a" as a machine's would blot out the language.
  enum class Quoted : std::uint8_t { no, yes };
  [[nodiscard]] bool is_own(std::string_view word, Quoted quoted) const;
  [[nodiscard]] std::string replaced(std::string text, std::string_view path, std::string_view by) const;

  Scope scope_;
  std::set<std::string, std::less<>> own_;  // names of machines and accounts, lower case
  std::vector<std::string> domains_;        // lower case, without a leading dot
  std::vector<model::IpBlock> blocks_;
};

/// What goes out: tied to the attack and not withheld, or, with Scope::all, everything.
[[nodiscard]] std::vector<const facts::ContactFacts*> chosen_contacts(const ExportInput& input,
                                                                      const PublicWords& words);
[[nodiscard]] std::vector<const facts::AddressFacts*> chosen_addresses(const ExportInput& input,
                                                                       const PublicWords& words);

}  // namespace lastgood::exports
