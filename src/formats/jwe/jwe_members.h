// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The members of the one object that a JWE in JSON is (RFC 7516, 7.2): which there are, and whether those that must be
// Base64 are.
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "formats/json/json_grammar.h"

namespace lastgood::formats {

class JweMembers final : public TextReader {
 public:
  struct Member {
    std::string_view name;
    std::uint64_t letters = 0;  // of its string; 0: missing, empty, or no string
    bool is_there = false;
    bool is_base64 = true;
  };

  void read(base::ByteView piece, std::uint64_t offset, std::size_t unit) override;

  [[nodiscard]] const JsonGrammar& grammar() const { return grammar_; }
  /// REQUIRES: `name` is one of those in `members_`.
  [[nodiscard]] const Member& member(std::string_view name) const;
  /// Beginning of the string of "protected".
  [[nodiscard]] const std::string& protected_letters() const { return protected_letters_; }

 private:
  static constexpr std::size_t k_name_bytes_max = 16;
  static constexpr std::size_t k_header_letters_max = 8192;

  void take(char letter);
  void take_in_string(char letter);

  JsonGrammar grammar_;
  std::array<Member, 6> members_ = {{{.name = "protected"},
                                     {.name = "unprotected"},
                                     {.name = "recipients"},
                                     {.name = "iv"},
                                     {.name = "ciphertext"},
                                     {.name = "tag"}}};
  Member* current_ = nullptr;  // whose value is being read
  std::string name_;
  std::string protected_letters_;
  std::uint64_t depth_ = 0;
  bool in_string_ = false;
  bool is_escaped_ = false;
  bool expects_name_ = false;
};

}  // namespace lastgood::formats
