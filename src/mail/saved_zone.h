// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Answers of the DNS that somebody saved: keys rotate and zones change, so a mail is checked against what was true at
// its time, and nothing is asked over a network. The text (docs/saved-zones.md) has one answer a line:
//   NAME [TTL] [IN] TYPE VALUE        type A, AAAA, MX, TXT, PTR, CNAME; TXT in quotes, several strings are joined
//   NAME TYPE NONE                    asked, and there is none
//   NAME TYPE FAILED                  asked, and the server did not answer
//   $COMPLETE NAME                    whatever is not listed of NAME and below does not exist; "." is everything
//   # comment, ; comment
// What is not listed was not saved: that is "not known", never "does not exist".
#pragma once

#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "model/finding.h"

namespace lastgood::mail {

enum class RecordType : std::uint8_t { a, aaaa, mx, txt, ptr, cname };

enum class LookupStatus : std::uint8_t { found, none, failed, not_saved };

struct Lookup {
  LookupStatus status = LookupStatus::not_saved;
  std::vector<std::string> values;  // MX: the host, in order of preference; TXT: its strings joined
};

class SavedZone {
 public:
  /// Adds a file's answers. Lines that make no sense are findings ("mail.zone.line"), with the byte they begin at.
  std::vector<model::Finding> add(std::string_view text);
  /// A name in any case, with or without its final dot. Follows CNAME up to 8 times.
  [[nodiscard]] Lookup find(std::string_view name, RecordType type) const;
  [[nodiscard]] bool empty() const { return answers_.empty() && complete_.empty(); }

 private:
  struct Answers {
    LookupStatus status = LookupStatus::found;
    std::vector<std::pair<unsigned, std::string>> values;  // preference of MX, else 0
  };
  bool add_line(std::string_view line);
  [[nodiscard]] bool is_complete(std::string_view name) const;

  std::map<std::pair<std::string, RecordType>, Answers> answers_;
  std::set<std::string> complete_;
  std::size_t records_ = 0;
};

}  // namespace lastgood::mail
