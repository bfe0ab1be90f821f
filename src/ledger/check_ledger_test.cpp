// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that the independent checker and this program say the same of good ledgers and of ones spoilt in every way we
// could think of, word for word.
#include <gtest/gtest.h>

#include <cstdio>
#include <random>

#include "ledger/testing/sample_ledger.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::ledger {

namespace {

using testing::joined;
using testing::sample_lines;

std::string run(const std::string& command) {
  std::string out;
  FILE* pipe = ::popen(command.c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> bytes{};
  for (std::size_t count = 0; (count = std::fread(bytes.data(), 1, bytes.size(), pipe)) > 0;)
    out.append(bytes.data(), count);
  EXPECT_NE(::pclose(pipe), -1);
  return out;
}

std::string rehashed(const std::string& line) {
  const std::string body = line.substr(0, line.size() - 77);
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(body)));
  return body + ",\"sha256\":\"" + base::hex(base::ByteView(std::span<const std::uint8_t>(digest))) + "\"}";
}

std::string replaced(std::string text, std::string_view from, std::string_view to) {
  const std::size_t at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return text.replace(at, from.size(), to);
}

/// Lines that carry the right hash of a wrong spelling: only a parser can tell.
std::vector<std::string> misspelt_lines() {
  const std::string line = sample_lines(2)[1];
  std::vector<std::string> out;
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"/srv/lab 2\"", "1"},
                                                        {"\"/srv/lab 2\"", "-0"},
                                                        {"\"/srv/lab 2\"", "01"},
                                                        {"\"/srv/lab 2\"", "1.0"},
                                                        {"\"/srv/lab 2\"", "1e3"},
                                                        {"\"/srv/lab 2\"", "true"},
                                                        {"\"/srv/lab 2\"", "null"},
                                                        {"\"/srv/lab 2\"", "[]"},
                                                        {"\"/srv/lab 2\"", "[\"a\",\"b\"]"},
                                                        {"\"/srv/lab 2\"", "[1]"},
                                                        {"\"/srv/lab 2\"", "[\"a\", \"b\"]"},
                                                        {"\"/srv/lab 2\"", "{}"},
                                                        {"\"/srv/lab 2\"", "NaN"},
                                                        {"\"/srv/lab 2\"", "9007199254740991"},
                                                        {"\"/srv/lab 2\"", "-9007199254740991"},
                                                        {"\"/srv/lab 2\"", "9007199254740992"},
                                                        {"\"/srv/lab 2\"", "99999999999999999999999999"},
                                                        {"/srv/lab 2", "\\/"},
                                                        {"/srv/lab 2", "\\n"},
                                                        {"/srv/lab 2", "\\u000a"},
                                                        {"/srv/lab 2", "\\u0001"},
                                                        {"/srv/lab 2", "\\u001F"},
                                                        {"/srv/lab 2", "\\u001f"},
                                                        {"/srv/lab 2", "\\u0041"},
                                                        {"/srv/lab 2", "\\ud800"},
                                                        {"/srv/lab 2", "\x7f"},
                                                        {"/srv/lab 2", "\xc2\x85"},
                                                        {"/srv/lab 2", "\xff"},
                                                        {"/srv/lab 2", "\xed\xa0\x80"},
                                                        {"/srv/lab 2", "\xf4\x90\x80\x80"},
                                                        {"/srv/lab 2", "\t"},
                                                        {"\"root\":", "\"Root\":"},
                                                        {"\"root\":", "\"root\" :"},
                                                        {"{\"root\":", "{\"zoo\":1,\"root\":"},
                                                        {"{\"root\":", "{\"root\":1,\"root\":"},
                                                        {"{\"root\":", "{\"a\":1,\"root\":"},
                                                        {"{\"root\":", "{\"\":1,\"root\":"},
                                                        {"{\"root\":", "{\"a\xc3\xa9\":1,\"root\":"},
                                                        {"11-23T", "02-30T"},
                                                        {"07:02", "24:02"},
                                                        {"2022-", "0000-"},
                                                        {"2022-", "0001-"},
                                                        {"000Z", "000z"},
                                                        {"scan-begun", "Scan"},
                                                        {"scan-begun", ""},
                                                        {"scan-begun", "ledger-repaired"},
                                                        {"scan-begun", "case-created"},
                                                        {"\"login\":\"ravi\"", "\"login\":\"\""},
                                                        {"\"login\":\"ravi\"", "\"login\":1"},
                                                        {"\"host\":\"hims1\",", ""},
                                                        {"\"kind\"", "\"more\":1,\"kind\""},
                                                        {"\"sequence\":2", "\"sequence\":2.0"},
                                                        {"\"sequence\":2", "\"sequence\":true"},
                                                        {"\"sequence\":2", "\"sequence\":3"},
                                                        {"\"sequence\":2", "\"sequence\":0"},
                                                        {"\"previous\":\"", "\"previous\":\"0"},
                                                        {"\"time\":", "\"time\":1,\"was\":"}}) {
    out.push_back(rehashed(replaced(line, from, to)));
  }
  return out;
}

std::vector<std::string> first_lines() {
  const std::string line = sample_lines(1)[0];
  std::vector<std::string> out;
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"format\":1", "\"format\":2"},
                                                        {"\"format\":1", "\"format\":\"1\""},
                                                        {"\"format\":1", "\"forma\":1"},
                                                        {"cccc\"", "cccC\""},
                                                        {"cccc\"", "ccc\""},
                                                        {"\"case_id\":", "\"case\":"},
                                                        {"\"" + std::string(32, 'c') + "\"", "1"},
                                                        {"case-created", "scan-begun"},
                                                        {"\"previous\":\"0", "\"previous\":\"1"}}) {
    out.push_back(rehashed(replaced(line, from, to)) + "\n");
  }
  return out;
}

/// Torn ends, repaired and not.
std::vector<std::string> torn_ledgers() {
  const std::vector<std::string> lines = sample_lines(3);
  const std::string head = joined({lines[0], lines[1]});
  const std::string previous(digest_in(lines[1]));
  std::vector<std::string> out;
  for (const std::string& torn : {lines[2].substr(0, 40), std::string("\n"), std::string("\n\nx\n"), std::string(),
                                  std::string(5000, '\0'), std::string(70'000, '\n')}) {
    const std::string repair = testing::repair_line(3, previous, torn, head.size());
    out.push_back(head + torn);
    out.push_back(head + torn + "\n" + repair);
    out.push_back(head + torn + "\n" + repair + "\n");
    out.push_back(head + torn + "\n" + repair + "\n" + torn);
    out.push_back(head + torn + "\n" + lines[2] + "\n");
    out.push_back(head + torn + repair + "\n");
    out.push_back(head + torn + "\n" + testing::repair_line(3, previous, torn, head.size() - 1) + "\n");
    out.push_back(torn + "\n" + head);
  }
  return out;
}

/// The same spoiling each time: one to three bytes changed, cut out or put in.
std::vector<std::string> randomly_spoilt(int count) {
  std::mt19937 random(20221123);
  const std::string whole = joined(sample_lines(6));
  std::vector<std::string> out;
  for (int i = 0; i < count; ++i) {
    std::string text = whole;
    for (auto change = random() % 3 + 1; change > 0; --change) {
      const std::size_t at = random() % text.size();
      const std::size_t length = random() % 3 == 0 ? random() % 700 : 1;
      switch (random() % 4) {
        case 0: text[at] = static_cast<char>(random() % 256); break;
        case 1: text.erase(at, length); break;
        case 2: text.insert(at, whole.substr(random() % whole.size(), length)); break;
        default: text.resize(at + 1); break;
      }
    }
    out.push_back(text);
  }
  return out;
}

std::vector<std::string> all_ledgers() {
  const std::vector<std::string> lines = sample_lines(5);
  std::vector<std::string> out{"",
                               "\n",
                               joined(lines),
                               joined(lines) + joined(lines),
                               joined({lines[0], lines[2]}),
                               joined({lines[1]}),
                               joined(lines).substr(0, joined(lines).size() - 1),
                               joined(lines) + std::string(k_line_bytes_max + 1, 'x') + "\n",
                               joined(lines) + std::string(k_line_bytes_max, 'x') + "\n"};
  for (const std::string& line : misspelt_lines()) out.push_back(lines[0] + "\n" + line + "\n");
  for (auto* make : {&first_lines, &torn_ledgers}) {
    for (std::string& text : make()) out.push_back(std::move(text));
  }
  for (std::string& text : randomly_spoilt(400)) out.push_back(std::move(text));
  return out;
}

}  // namespace

TEST(CheckLedger, agrees_with_this_program_word_for_word) {
  const os::testing::ScratchFolder folder;
  const std::vector<std::string> ledgers = all_ledgers();
  std::string expected;
  std::size_t broken = 0;
  for (std::size_t i = 0; i < ledgers.size(); ++i) {
    const std::string name = std::to_string(100'000 + i);
    os::testing::write_file(folder / name, ledgers[i]);
    const ChainState state = testing::check_text(ledgers[i]);
    if (state.broken) ++broken;
    expected += name + ": " + testing::describe(state) + "\n";
  }
  EXPECT_GT(broken, ledgers.size() / 2);
  EXPECT_LT(broken, ledgers.size());
  EXPECT_EQ(run("cd " + folder.path() + " && python3 " LASTGOOD_SOURCE_DIR "/tools/check_ledger.py 1*"), expected);
}

TEST(CheckLedger, holds_to_anchors_as_this_program_does) {
  const os::testing::ScratchFolder folder;
  const std::vector<std::string> lines = sample_lines(4);
  os::testing::write_file(folder / "ledger", joined(lines));
  for (const Anchor& anchor :
       {Anchor{.sequence = 4, .sha256 = std::string(digest_in(lines[3]))},
        Anchor{.sequence = 2, .sha256 = std::string(64, 'a')}, Anchor{.sequence = 5, .sha256 = std::string(64, 'a')}}) {
    EXPECT_EQ(run("cd " + folder.path() + " && python3 " LASTGOOD_SOURCE_DIR "/tools/check_ledger.py ledger --anchor " +
                  std::to_string(anchor.sequence) + ":" + anchor.sha256),
              "ledger: " + testing::describe(testing::check_text(joined(lines), {anchor})) + "\n");
  }
}

}  // namespace lastgood::ledger
