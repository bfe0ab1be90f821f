// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The ledger's checker on hostile bytes. In the input, the first "#" of a line becomes the hash that fits what stands
// before it, and every "@" the hash made last, so that the fuzzer gets behind the hashes.
#include <cstdio>
#include <cstdlib>
#include <string>

#include "ledger/chain.h"
#include "ledger/entry.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);

namespace {

using namespace lastgood;

void demand(bool holds, const char* what) {
  if (holds) return;
  std::fprintf(stderr, "does not hold: %s\n", what);
  std::abort();
}

std::string hash_of(const std::string& text) {
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(text)));
  return base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
}

std::string with_hashes(std::string_view text) {
  std::string out;
  std::string line;
  std::string previous(64, '0');
  bool hashed = false;
  for (const char c : text) {
    if (c == '@') {
      line += previous;
    } else if (c == '#' && !hashed) {
      hashed = true;
      previous = hash_of(line);
      line += ",\"sha256\":\"" + previous + "\"}";
    } else if (c == '\n') {
      out += line + "\n";
      line.clear();
      hashed = false;
    } else {
      line += c;
    }
  }
  return out + line;
}

ledger::ChainState check(std::string_view text) {
  base::MemorySource source{base::ByteView(text)};
  ledger::Chain chain;
  base::ignore_error(chain.read_on(source), "memory can be read");
  return chain.state();
}

void check_lines(std::string_view text) {
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(line.size() < text.size() ? line.size() + 1 : line.size());
    const auto entry = ledger::parse_entry(line);
    if (!entry) continue;
    demand(ledger::is_complete(line), "an entry is complete");
    if (ledger::has_right_digest(line)) demand(ledger::write_entry(*entry) == line, "an entry has one spelling");
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string text = with_hashes(base::ByteView(std::span<const std::uint8_t>(data, size)).text());
  const ledger::ChainState state = check(text);
  demand(state.end_bytes <= text.size(), "the end is in the file");
  demand(!(state.broken && state.torn_end), "a broken ledger is not called torn as well");
  const ledger::ChainState held = check(std::string_view(text).substr(0, state.end_bytes));
  demand(!held.broken && !held.torn_end && held.entries == state.entries, "what held before the break holds alone");
  if (!state.broken) {
    const std::uint64_t torn = state.torn_end ? state.torn_end->size_bytes : 0;
    demand(state.end_bytes + torn == text.size(), "every byte is an entry's or torn");
  }
  check_lines(text);
  return 0;
}
