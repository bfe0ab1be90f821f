// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that a scan that searches finds in every file, at every depth, exactly what `indicators` finds in it: the same
// values at the same places, with the same digest, in text, ciphertext, mails, mailboxes of many windows, and holes.
#include "sightings/search_while_judged.h"

#include <gtest/gtest.h>

#include <cerrno>
#include <map>
#include <random>

#include "base/base64.h"
#include "base/observed_source.h"
#include "inspect/inspect_content.h"
#include "os/evidence.h"
#include "os/testing/scratch_folder.h"
#include "sightings/searched_file.h"

namespace lastgood::sightings {
namespace {

using model::Depth;
using os::testing::ScratchFolder;
using os::testing::write_file;

constexpr std::array k_depths = {Depth::quick, Depth::standard, Depth::full};

class KeptWhileJudged final : public SightingSink {
 public:
  void take(SeenFile file) override { files[file.path] = searched_file(file, 0); }
  void trouble(const std::string& path, const base::Error& error) override { troubles[path] = error.what; }
  void progress(const CollectTally&) override {}
  [[nodiscard]] bool cancelled() const override { return false; }

  std::map<std::string, model::SearchedFile> files;
  std::map<std::string, std::string> troubles;
};

class Noise {
 public:
  std::string bytes(std::size_t size) {
    std::string out(size, '\0');
    for (char& byte : out) byte = static_cast<char>(engine_());
    return out;
  }
  std::string text(std::size_t size) {
    std::string out;
    while (out.size() < size) {
      out += "line " + std::to_string(engine_()) + " of host" + std::to_string(engine_() % 9) + ".example.net\n";
      if (engine_() % 50 == 0)
        out += "from 203.0.113." + std::to_string(engine_() % 200) + ":4444 by dog2398@protonmail.com\n";
    }
    return out;
  }
  std::size_t number() { return engine_(); }

 private:
  std::mt19937 engine_{42};
};

std::string folded_text(const std::string& text) {
  std::string lines;
  const std::string flat = base::base64(base::ByteView(text));
  for (std::size_t at = 0; at < flat.size(); at += 76) lines += flat.substr(at, 76) + "\n";
  return lines;
}

std::string mail_with(const std::string& text, const std::string& attached) {
  return "Return-Path: <a@s.example>\nFrom: a@s.example\nSubject: x\nMIME-Version: 1.0\n"
         "Content-Type: multipart/mixed; boundary=b\n\n--b\nContent-Type: text/plain\n\n" +
         text + "\n--b\nContent-Type: text/html\nContent-Transfer-Encoding: base64\n\n" + folded_text(attached) +
         "\n--b\nContent-Type: text/plain\nContent-Transfer-Encoding: quoted-printable\n\nat "
         "http://x.example.org/a=3Fb\n"
         "--b--\n\n";
}

std::string mailbox(Noise& noise, int mails, std::size_t attached_bytes) {
  std::string box;
  for (int i = 0; i < mails; ++i) {
    box += "From a@s.example Wed Nov 23 07:07:00 2022\n";
    box += mail_with("mouse" + std::to_string(i) + "@protonmail.com", noise.text(noise.number() % attached_bytes));
  }
  return box;
}

/// Bytes with a value across every end of a window that anybody reads by.
std::string with_values_at_ends(std::string bytes) {
  for (std::size_t end = 64U << 10U; end + 100 < bytes.size(); end += 64U << 10U) {
    const std::string value = " fox" + std::to_string(end) + "@mailbox.example.org ";
    bytes.replace(end - value.size() / 2, value.size(), value);
  }
  return bytes;
}

void make_tree(const ScratchFolder& tree) {
  Noise noise;
  write_file(tree / "empty.[fox@mailbox.example.org].eight", "");
  write_file(tree / "empty", "");
  write_file(tree / "note.txt", "write to mouse63209@protonmail[.]com or pay 1A1zP1eP5QGefi2DMPTfTL5SLmv7DivfNa\n");
  write_file(tree / "x.docx.bak9", "ID=77 dog2398@protonmail.com\n" + noise.bytes(20'000));
  for (const std::size_t size : {1000UL, 262'144UL, 262'145UL, 1'056'769UL}) {
    write_file(tree / ("list" + std::to_string(size) + ".csv"), noise.text(size));
    write_file(tree / ("disk" + std::to_string(size) + ".img"), with_values_at_ends(noise.bytes(size)));
    write_file(tree / ("log" + std::to_string(size) + ".log"), with_values_at_ends(noise.text(size)));
  }
  std::string holed = with_values_at_ends(noise.text(2'600'000));
  std::fill(holed.begin() + 500'000, holed.begin() + 2'000'000, '\0');
  write_file(tree / "holed.vmdk", holed);
  write_file(tree / "mail.eml", mail_with("dog2398@protonmail.com", "to mouse63209@protonmail.com"));
  write_file(tree / "long.eml", mail_with(noise.text(1'300'000), noise.text(300'000)));
  write_file(tree / "box", mailbox(noise, 60, 20'000));
  write_file(tree / "wide box", mailbox(noise, 4, 1'500'000));
  write_file(tree / "ends.eml", mail_with("x", "cat77@onionmail.org") + with_values_at_ends(noise.bytes(2'300'000)));
}

/// As a scan does it.
std::optional<model::SearchedFile> judge(SearchWhileJudged& search, base::ByteSource& file, os::EvidenceFile* on_disk,
                                         const std::string& path, Depth depth) {
  const auto look = search.begin(file, on_disk, path);
  base::ObservedSource source(
      file, *look, base::ObservedSource::Digest::made,
      depth == Depth::full ? base::ObservedSource::Gaps::left : base::ObservedSource::Gaps::read);
  (void)inspect::inspect_content(source, path.substr(path.rfind('/') + 1), {.depth = depth, .seed = 7});
  const auto digest = source.finish();
  return look->finish(digest ? std::vector<std::uint8_t>(digest->begin(), digest->end()) : std::vector<std::uint8_t>());
}

class SearchWhileJudgedTest : public testing::Test {
 protected:
  std::map<std::string, model::SearchedFile> judge_all(SearchWhileJudged& search, Depth depth) const {
    std::map<std::string, model::SearchedFile> found;
    const os::Descriptor folder = os::open_evidence_root(tree_.path()).value();
    for (const auto& entry : std::filesystem::directory_iterator(tree_.path())) {
      const std::string name = entry.path().filename();
      os::EvidenceFile file = os::open_evidence_file(folder, name, tree_ / name).value();
      auto searched = judge(search, file, &file, tree_ / name, depth);
      if (!searched) continue;
      searched->searched_ns = 0;
      found[searched->path] = std::move(*searched);
    }
    return found;
  }
  ScratchFolder tree_;
};

TEST_F(SearchWhileJudgedTest, finds_what_indicators_finds) {
  make_tree(tree_);
  const OwnPlaces own{.domains = {"host3.example.net"}, .blocks = {*model::parse_ip_block("203.0.113.0/28")}};
  KeptWhileJudged kept;
  const auto collected = collect_sightings({.roots = {tree_.path()}}, own, kept);
  ASSERT_TRUE(collected.ok());
  ASSERT_GE(kept.files.size(), 20U);
  for (const Depth depth : k_depths) {
    SearchWhileJudged search(
        own, [](const std::string& path, const base::Error& error) { ADD_FAILURE() << path << ": " << error.what; });
    const auto found = judge_all(search, depth);
    ASSERT_EQ(found.size(), kept.files.size()) << name_of(depth);
    for (const auto& [path, wanted] : kept.files) {
      EXPECT_EQ(found.at(path).values.size(), wanted.values.size()) << path << " " << name_of(depth);
      EXPECT_TRUE(found.at(path) == wanted) << path << " " << name_of(depth);
    }
    EXPECT_EQ(search.tally().collected.files, collected.value().tally.files);
    EXPECT_EQ(search.tally().collected.bytes, collected.value().tally.bytes);
  }
}

/// Nothing of its second half can be read.
class FailingSource final : public base::ByteSource {
 public:
  explicit FailingSource(base::ByteView bytes) : bytes_(bytes) {}
  [[nodiscard]] std::uint64_t size_bytes() const override { return bytes_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    if (offset_bytes + into.size() > size_bytes() / 2) return base::system_error("read", "x", EIO);
    return bytes_.read(offset_bytes, into);
  }

 private:
  base::MemorySource bytes_;
};

TEST_F(SearchWhileJudgedTest, keeps_what_stands_before_a_place_that_cannot_be_read_and_says_so) {
  Noise noise;
  const std::string text = noise.text(1'500'000);
  for (const Depth depth : k_depths) {
    std::vector<std::string> troubles;
    SearchWhileJudged search({}, [&](const std::string& path, const base::Error&) { troubles.push_back(path); });
    FailingSource source{base::ByteView(text)};
    const auto searched = judge(search, source, nullptr, "/srv/list.csv", depth);
    ASSERT_TRUE(searched.has_value());
    EXPECT_FALSE(searched->values.empty());
    EXPECT_TRUE(searched->sha256.empty());
    EXPECT_EQ(troubles, std::vector<std::string>{"/srv/list.csv"});
    EXPECT_EQ(search.tally().collected.unreadable, 1U);
  }
}

}  // namespace
}  // namespace lastgood::sightings
