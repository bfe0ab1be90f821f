// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that what stands in headers, bodies and attachments of an Outlook store is found with its item, part and
// offset, and that whatever the reader does (breaks, talks nonsense, ends early), the rest is searched and what is
// missing said.
#include "sightings/store_items.h"

#include <gtest/gtest.h>

#include <sys/stat.h>

#include <fstream>
#include <map>

#include "base/base64.h"
#include "mail/store_frames.h"
#include "os/testing/scratch_folder.h"
#include "sightings/collect_sightings.h"

namespace lastgood::sightings {
namespace {

std::string frame(char kind, const std::string& text = {}) { return mail::format_frame_head(kind, text.size()) + text; }

std::string begin(std::uint32_t number, std::uint32_t identifier) {
  std::string numbers;
  for (const std::uint32_t value : {number, identifier})
    for (unsigned i = 0; i < 4; ++i) numbers += static_cast<char>(value >> (8 * i) & 0xFFU);
  return frame('I', numbers);
}

class StoreItems : public testing::Test {
 protected:
  /// What a helper would say when it is started with the number `first` and asked for bodies.
  void say(int first, const std::string& words, const std::string& end = "exit 0") {
    const std::string name = folder_.path() + "/said" + std::to_string(first);
    std::ofstream(name, std::ios::binary) << words;
    script_ += "if [ \"$1\" = " + std::to_string(first) + "b ]; then /bin/cat " + name + "; " + end + "; fi\n";
  }

  StoreLook look() {
    const std::string helper = folder_.path() + "/helper";
    std::ofstream(helper) << "#!/bin/sh\n" << script_;
    EXPECT_EQ(::chmod(helper.c_str(), 0700), 0);
    std::ofstream(folder_.path() + "/store.pst", std::ios::binary) << "!BDN and so on";
    auto root = os::open_evidence_root(folder_.path());
    auto file = os::open_evidence_file(root.value(), "store.pst", folder_.path() + "/store.pst");
    auto look = look_into_store_with(
        helper, file.value(), [] { return false; },
        [&](const StorePlace& place, std::string_view encoding, indicators::FoundIndicator found) {
          found_[found.value] = std::to_string(place.item) + " " + place.part + " " + std::string(encoding) + " " +
                                std::to_string(found.offset_bytes);
        });
    EXPECT_TRUE(look.ok());
    return look.ok() ? std::move(look).value() : StoreLook{};
  }

  os::testing::ScratchFolder folder_;
  std::string script_;
  std::map<std::string, std::string> found_;
};

TEST_F(StoreItems, headers_bodies_and_attachments_name_item_part_and_offset) {
  const std::string attached =
      "Return-Path: <a@s.example>\nFrom: a@s.example\nSubject: x\nMIME-Version: 1.0\n"
      "Content-Type: text/plain\nContent-Transfer-Encoding: base64\n\n" +
      base::base64(base::ByteView(std::string_view("write to mole55@cock.li now"))) + "\n";
  say(0, begin(0, 2097188) + frame('H', "From: dog2398@protonmail.com\r\n") + frame('B', "text") +
             frame('D', "or cat77@onio") + frame('D', "nmail.org today") + frame('B', "html") +
             frame('D', "<p>mouse632@cock.li</p>") + frame('A', "read.txt") + frame('D', "xx bird5@tutanota.com") +
             frame('A', "mail.eml") + frame('D', attached) + frame('E') + frame('F'));
  const StoreLook looked = look();
  EXPECT_EQ(looked.items, 1U);
  EXPECT_TRUE(looked.left_out.empty());
  EXPECT_EQ(found_["dog2398@protonmail.com"], "2097188 header  6");
  EXPECT_EQ(found_["cat77@onionmail.org"], "2097188 body as text  3");
  EXPECT_EQ(found_["mouse632@cock.li"], "2097188 body as html  3");
  EXPECT_EQ(found_["bird5@tutanota.com"], "2097188 attachment 'read.txt'  3");
  EXPECT_TRUE(found_["mole55@cock.li"].starts_with("2097188 attachment 'mail.eml' base64 1"));
}

TEST_F(StoreItems, a_value_across_windows_of_a_large_attachment_is_found_at_its_place) {
  std::string large(std::size_t{9} << 20U, '\xEE');
  const std::string value = " dog2398@protonmail.com ";
  const std::size_t at = (std::size_t{4} << 20U) - 10;
  large.replace(at, value.size(), value);
  std::string words = begin(0, 7) + frame('A', "image");
  for (std::size_t i = 0; i < large.size(); i += 1U << 18U) words += frame('D', large.substr(i, 1U << 18U));
  say(0, words + frame('E') + frame('F'));
  (void)look();
  EXPECT_EQ(found_["dog2398@protonmail.com"], "7 attachment 'image'  " + std::to_string(at + 1));
}

TEST_F(StoreItems, goes_on_behind_an_item_that_breaks_the_reader_and_says_so) {
  say(0, begin(0, 11) + frame('B', "text") + frame('D', "dog2398@protonmail.com"), "kill -SEGV $$");
  say(1, begin(1, 12) + frame('H', "cat77@onionmail.org") + frame('X', "an attachment cannot be read") + frame('E') +
             frame('F'));
  const StoreLook looked = look();
  EXPECT_EQ(found_.size(), 2U);
  ASSERT_EQ(looked.left_out.size(), 2U);
  EXPECT_EQ(looked.left_out[0], "the store breaks its reader at item 11 (signal 11)");
  EXPECT_EQ(looked.left_out[1], "item 12 of the store: an attachment cannot be read");
}

TEST_F(StoreItems, believes_no_nonsense) {
  std::string huge = mail::format_frame_head('H', 0);
  huge[4] = '\x7F';
  for (const std::string& words : {std::string(), std::string("I"), frame('H', "dog2398@protonmail.com"), frame('Z'),
                                   frame('I', "short"), huge, std::string(100'000, '\xFF'), frame('E'), frame('D')}) {
    script_.clear();
    found_.clear();
    say(0, words);
    EXPECT_EQ(look().left_out.size(), 1U);
    EXPECT_TRUE(found_.empty());
  }
  script_.clear();  // bytes of no part are nobody's
  say(0, begin(0, 5) + frame('D', "dog2398@protonmail.com") + frame('E') + frame('F'));
  EXPECT_TRUE(look().left_out.empty());
  EXPECT_TRUE(found_.empty());
}

TEST_F(StoreItems, a_reader_that_names_the_same_item_for_ever_ends) {
  script_ = "/usr/bin/printf 'I\\010\\000\\000\\000\\000\\000\\000\\000\\001\\000\\000\\000'\n";
  const StoreLook looked = look();
  EXPECT_LE(looked.left_out.size(), 3U);
}

TEST_F(StoreItems, a_file_that_only_begins_as_a_store_is_searched_as_it_stands_and_the_rest_is_told) {
  std::ofstream(folder_.path() + "/broken.pst", std::ios::binary) << "!BDN mail to dog2398@protonmail.com";
  class Kept final : public SightingSink {
   public:
    void take(SeenFile file) override { values += file.seen.size(); }
    void trouble(const std::string&, const base::Error& error) override { troubles.push_back(error.what); }
    void progress(const CollectTally&) override {}
    [[nodiscard]] bool cancelled() const override { return false; }
    std::size_t values = 0;
    std::vector<std::string> troubles;
  } kept;
  ASSERT_TRUE(collect_sightings({.roots = {folder_.path()}}, {}, kept).ok());
  EXPECT_EQ(kept.values, 1U);
  ASSERT_EQ(kept.troubles.size(), 1U);
  EXPECT_NE(kept.troubles[0].find("the store is cut or broken"), std::string::npos) << kept.troubles[0];
}

}  // namespace
}  // namespace lastgood::sightings
