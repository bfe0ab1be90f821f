// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Any text as a bundle is answered; any texts as values, sentences and names of a case give exports without faults,
// with as many cells in each row as the header has, and without the organisation's own machine.
#include <algorithm>
#include <array>
#include <cstdio>
#include <string>

#include "base/assert.h"
#include "base/byte_view.h"
#include "exports/observable.h"
#include "exports/stix_checker.h"
#include "exports/testing/made_case.h"
#include "exports/write_csv.h"
#include "exports/write_misp.h"
#include "exports/write_stix.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace lastgood;

constexpr std::array<std::string_view, 8> k_kinds = {"email", "onion",    "url", "domain",
                                                     "hash",  "telegram", "btc", "new"};

/// Texts between zero bytes, one after the other, from the beginning again at the end.
class Texts {
 public:
  explicit Texts(std::string_view all) : all_(all) {}
  std::string next() {
    if (at_ >= all_.size()) at_ = 0;
    const std::size_t end = std::min(all_.find('\0', at_), all_.size());
    const std::string text(all_.substr(at_, end - at_));
    at_ = end + 1;
    return text;
  }

 private:
  std::string_view all_;
  std::size_t at_ = 0;
};

void try_case(std::string_view all, exports::Scope scope) {
  Texts texts(all);
  exports::ExportInput input = exports::testing::make_bak9_case();
  input.scope = scope;
  input.facts.about.organisation = texts.next();
  for (std::size_t i = 0; i < input.facts.contacts.size(); ++i) {
    facts::ContactFacts& contact = input.facts.contacts[i];
    contact.value = texts.next();
    contact.kind = k_kinds.at((contact.value.size() + i) % k_kinds.size());
    for (facts::Link& link : contact.links) link.sentence = texts.next();
  }
  input.facts.campaigns.front().campaign.extension = texts.next();
  input.facts.campaigns.front().campaign.notes.push_back("/" + texts.next());
  input.mails.front().subject = texts.next();
  input.mails.front().from = texts.next();
  const exports::Exported made = exports::write_stix(input);
  const auto faults = exports::check_stix_bundle(made.bytes);
  if (!faults.empty()) std::fprintf(stderr, "%s\n", faults.front().c_str());
  LG_ASSERT(faults.empty());
  LG_ASSERT(!exports::write_misp(input).bytes.empty());
  const exports::Exported table = exports::write_csv(input);
  LG_ASSERT(std::count(table.bytes.begin(), table.bytes.end(), '\n') == static_cast<std::ptrdiff_t>(table.objects) + 1);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view text = base::ByteView(std::span<const std::uint8_t>(data + 1, size - 1)).text();
  if (data[0] % 4 == 0) {
    const std::vector<std::string> faults = exports::check_stix_bundle(text);
    LG_ASSERT(faults.size() <= exports::k_stix_faults_max + 1);
  } else if (data[0] % 4 == 1) {
    LG_ASSERT(exports::is_pattern("[file:name = " + exports::pattern_text(text) + "]"));
    const bool is_one = exports::is_pattern(text);
    LG_ASSERT(!is_one || text.find('[') != std::string_view::npos);
  } else {
    try_case(text, data[0] % 4 == 2 ? exports::Scope::tied : exports::Scope::all);
  }
  return 0;
}
