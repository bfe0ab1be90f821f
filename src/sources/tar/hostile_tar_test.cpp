// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves that archives made to do harm, and broken ones, are tamed: nothing leads out, nothing grows without limit,
// what is whole stays readable, and a finding says what was wrong.
#include <gtest/gtest.h>

#include <memory>
#include <set>

#include "os/run_program.h"
#include "os/testing/scratch_folder.h"
#include "sources/content_bytes.h"
#include "sources/tar/open_tar.h"
#include "sources/tar/read_index.h"
#include "sources/tar/testing/tar_maker.h"

namespace lastgood::sources::tar {
namespace {

using namespace std::string_literals;
using namespace testing;
using os::testing::ScratchFolder;
using os::testing::write_file;

/// An archive of these bytes, opened.
class Opened {
 public:
  explicit Opened(const std::string& bytes) {
    write_file(scratch_ / "x.tar", bytes);
    auto source = open_tar(scratch_ / "x.tar", {}, {});
    EXPECT_TRUE(source) << (source ? "" : source.error().what);
    if (source) source_ = std::move(source).value();
  }
  [[nodiscard]] bool has(std::string_view rule) const {
    const std::vector<model::Finding> findings = source_->findings();
    for (const model::Finding& finding : findings) {
      if (finding.rule == rule) return true;
    }
    return false;
  }
  [[nodiscard]] std::set<std::string> names(const std::string& folder = "") const {
    std::set<std::string> names;
    const auto read = source_->read_folder(folder.empty() ? "0" : "0/" + folder);
    if (!read) return {"(no folder)"};
    for (const model::TreeEntry& entry : read.value().entries) names.insert(entry.name);
    return names;
  }
  [[nodiscard]] model::TreeEntry entry(const std::string& name, const std::string& folder = "") const {
    const auto read = source_->read_folder(folder.empty() ? "0" : "0/" + folder);
    if (read) {
      for (const model::TreeEntry& one : read.value().entries) {
        if (one.name == name) return one;
      }
    }
    ADD_FAILURE() << "no entry " << name;
    return {};
  }
  /// The bytes, or the error's sentence in brackets.
  [[nodiscard]] std::string bytes(const model::TreeEntry& entry) const {
    auto content = source_->open_content(entry.content);
    if (!content) return "[" + content.error().what + "]";
    ContentBytes reader(std::move(content).value());
    std::vector<std::uint8_t> buffer(reader.size_bytes());
    const auto got = reader.read(0, buffer);
    if (!got) return "[" + got.error().what + "]";
    return {buffer.begin(), buffer.end()};
  }
  Source& source() { return *source_; }

 private:
  ScratchFolder scratch_;
  std::unique_ptr<Source> source_;
};

using Names = std::set<std::string>;

TEST(HostileTar, names_that_lead_upwards_are_refused_and_absolute_ones_taken_below_the_top) {
  const Opened tar(file("../out", "x") + file("a/../../out", "x") + file("..", "x") + file("/etc/passwd", "x") +
                   file("././//b", "x") + file("./", "x") + file("...", "x") + folder("c/./d/") + end_mark());
  EXPECT_EQ(tar.names(), (Names{"...", "b", "c", "etc"}));
  EXPECT_EQ(tar.names("etc"), Names{"passwd"});
  EXPECT_EQ(tar.names("c"), Names{"d"});
  EXPECT_TRUE(tar.has("tar.name"));
  EXPECT_TRUE(tar.has("tar.name.absolute"));
}

TEST(HostileTar, a_file_through_a_link_is_refused) {
  const Opened tar(link("x", "/etc") + file("x/passwd", "evil") + hard_link("y", "x") + file("y/shadow", "evil") +
                   end_mark());
  EXPECT_EQ(tar.names(), (Names{"x", "y"}));
  EXPECT_EQ(tar.entry("x").kind, model::EntryKind::link);
  EXPECT_EQ(tar.names("x"), Names{"(no folder)"});
  EXPECT_TRUE(tar.has("tar.name.through"));
}

TEST(HostileTar, a_link_does_not_take_the_place_of_a_folder_with_members) {
  const Opened tar(file("x/passwd", "good") + link("x", "/etc") + file("x/shadow", "good too") + end_mark());
  EXPECT_EQ(tar.entry("x").kind, model::EntryKind::folder);
  EXPECT_EQ(tar.names("x"), (Names{"passwd", "shadow"}));
  EXPECT_TRUE(tar.has("tar.name.folder"));
}

TEST(HostileTar, hard_links_out_of_the_archive_are_refused) {
  const Opened tar(file("in", "x") + hard_link("a", "/etc/passwd") + hard_link("b", "../../etc/passwd") +
                   hard_link("c", "later") + file("later", "x") + hard_link("d", "in") + hard_link("e", "e") +
                   folder("f") + hard_link("g", "f") + end_mark());
  EXPECT_EQ(tar.names(), (Names{"d", "f", "in", "later"}));
  EXPECT_TRUE(tar.has("tar.link.target"));
  EXPECT_NE(tar.entry("d").link_group, 0U);
  EXPECT_EQ(tar.entry("d").link_group, tar.entry("in").link_group);
  EXPECT_EQ(tar.entry("later").link_group, 0U);
}

TEST(HostileTar, of_a_name_twice_the_last_counts_as_when_extracting) {
  const Opened tar(file("a", "first") + hard_link("kept", "a") + file("a", "second") + folder("b") + file("b", "file") +
                   end_mark());
  EXPECT_EQ(tar.bytes(tar.entry("a")), "second");
  EXPECT_EQ(tar.bytes(tar.entry("kept")), "first");
  EXPECT_EQ(tar.entry("kept").link_group, 0U) << "its other name is gone";
  EXPECT_EQ(tar.bytes(tar.entry("b")), "file");
  EXPECT_TRUE(tar.has("tar.name.again"));
}

TEST(HostileTar, names_with_nul_and_too_deep_ones_are_refused) {
  std::string deep;
  for (int i = 0; i < 5000; ++i) deep += "d/";
  const Opened tar(pax(pax_record("path", "a\0b"s)) + file("x", "1") + pax(pax_record("path", deep + "f")) +
                   file("x", "2") + pax(pax_record("path", "")) + file("x", "3") + file("ok", "4") + end_mark());
  EXPECT_EQ(tar.names(), Names{"ok"});
  EXPECT_TRUE(tar.has("tar.name"));
}

TEST(HostileTar, a_size_that_cannot_be_costs_one_member) {
  for (const std::string& size : {"\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xfe"s,
                                  "\x80\0\0\0\x7f\xff\xff\xff\xff\xff\xff\xff"s, "many bytes  "s}) {
    const Opened tar(file("a", "1") + member({.name = "b", .size = size}, std::string(700, 'b')) + file("c", "3") +
                     end_mark());
    EXPECT_EQ(tar.names(), (Names{"a", "c"}));
    EXPECT_TRUE(tar.has("tar.size"));
  }
}

TEST(HostileTar, a_size_beyond_the_end_is_a_cut) {
  const Opened tar(file("a", "1") + member({.name = "b", .size = "77777777777"}, "short"));
  EXPECT_EQ(tar.names(), (Names{"a", "b"}));
  EXPECT_TRUE(tar.has("tar.cut"));
  EXPECT_EQ(tar.entry("b").findings.at(0).rule, "tar.member.cut");
  auto content = tar.entry("b").content;
  EXPECT_EQ(content.size_bytes, 077777777777U);
}

TEST(HostileTar, a_cut_archive_gives_what_is_whole) {
  const std::string whole = file("a", "1") + file("b", std::string(3 << 20, 'b')) + end_mark();
  for (const std::size_t length : {std::size_t{1}, std::size_t{511}, std::size_t{512}, std::size_t{700},
                                   std::size_t{1024}, std::size_t{1500}, std::size_t{2'000'000}}) {
    const std::string cut = whole.substr(0, length);
    const ScratchFolder scratch;
    write_file(scratch / "cut.tar", cut);
    const auto source = open_tar(scratch / "cut.tar", {}, {});
    if (length < 512) {
      EXPECT_FALSE(source.ok());
      continue;
    }
    ASSERT_TRUE(source) << length;
    EXPECT_FALSE(source.value()->findings().empty()) << length;
    const Folder folder = source.value()->read_folder("0").value();
    EXPECT_EQ(folder.entries.size(), length >= 1536 ? 2U : 1U) << length;
  }
  const Opened tar(whole.substr(0, 2'000'000));
  auto content = tar.entry("b").content;
  const auto opened = const_cast<Opened&>(tar).source().open_content(content);
  ASSERT_TRUE(opened);
  std::vector<std::uint8_t> bytes;
  EXPECT_TRUE(opened.value()->read_piece(0, bytes)) << "the first MiB is there";
  EXPECT_FALSE(opened.value()->read_piece(2, bytes));
  EXPECT_EQ(tar.bytes(tar.entry("a")), "1");
}

TEST(HostileTar, damage_between_members_costs_what_it_hit) {
  std::string bytes = file("a", "1") + file("b", "2") + file("c", "3") + end_mark();
  bytes[1024 + 10] = 'X';
  const Opened tar(bytes);
  EXPECT_EQ(tar.names(), (Names{"a", "c"}));
  EXPECT_EQ(tar.bytes(tar.entry("c")), "3");
  EXPECT_TRUE(tar.has("tar.header"));
  EXPECT_FALSE(tar.has("tar.end"));
}

TEST(HostileTar, archives_one_behind_the_other_are_read_and_said) {
  const Opened tar(file("a", "1") + end_mark() + std::string(8192, '\0') + file("b", "2") + end_mark());
  EXPECT_EQ(tar.names(), (Names{"a", "b"}));
  EXPECT_TRUE(tar.has("tar.concatenated"));
  const Opened trailing(file("a", "1") + end_mark() + std::string(600, 'x'));
  EXPECT_EQ(trailing.names(), Names{"a"});
  EXPECT_TRUE(trailing.has("tar.trailing"));
  const Opened without(file("a", "1"));
  EXPECT_TRUE(without.has("tar.end"));
}

TEST(HostileTar, pax_records_that_lie_are_said_and_do_no_harm) {
  const Opened tar(pax("99999 path=evil\n") + file("a", "1") + pax(pax_record("size", "99999999999999999999")) +
                   file("b", "2") + member({.name = "x", .type = 'x', .size = "77777777777"}) + end_mark());
  EXPECT_TRUE(tar.has("tar.pax"));
  EXPECT_TRUE(tar.has("tar.extension"));
  EXPECT_EQ(tar.names(), (Names{"a", "b"}));
}

TEST(HostileTar, sparse_maps_that_cannot_be_cost_their_member) {
  const auto sparse = [](const std::string& map, const std::string& real, const std::string& content) {
    return pax(pax_record("GNU.sparse.name", "evil") + pax_record("GNU.sparse.realsize", real) +
               pax_record("GNU.sparse.map", map)) +
           file("x", content);
  };
  for (const std::string& evil : {sparse("0,5,3,5", "20", "0123456789"), sparse("10,5,0,5", "20", "0123456789"),
                                  sparse("0,5", "20", "0123456789"), sparse("0,10", "5", "0123456789"),
                                  sparse("0,10", "18446744073709551615", "0123456789"),
                                  sparse("18446744073709551615,18446744073709551615", "20", "0123456789")}) {
    const Opened tar(evil + file("ok", "4") + end_mark());
    EXPECT_EQ(tar.names(), Names{"ok"});
    EXPECT_TRUE(tar.has("tar.sparse"));
  }
  const Opened good(sparse("2,3,10,2", "13", "abcde") + end_mark());
  EXPECT_EQ(good.bytes(good.entry("evil")), "\0\0abc\0\0\0\0\0de\0"s);
  const std::string version_1 = pax(pax_record("GNU.sparse.major", "1") + pax_record("GNU.sparse.minor", "0") +
                                    pax_record("GNU.sparse.name", "one") + pax_record("GNU.sparse.realsize", "6"));
  std::string map = "1\n2\n3\n";
  map.resize(512, '\0');
  const Opened one(version_1 + file("x", map + "abc") + end_mark());
  EXPECT_EQ(one.bytes(one.entry("one")), "\0\0abc\0"s);
  const Opened endless(version_1 + file("x", std::string(4096, '1')) + file("ok", "4") + end_mark());
  EXPECT_TRUE(endless.has("tar.sparse"));
  EXPECT_EQ(endless.names(), Names{"ok"});
}

TEST(HostileTar, old_sparse_headers_without_end_are_cut) {
  std::string header = header_block({.name = "evil", .type = 'S', .magic = "ustar  "}, 5);
  header.replace(386, 11, "00000000000");
  header.replace(398, 11, "00000000005");
  header[482] = 1;
  header.replace(483, 11, "00000000005");
  std::string more(512, '\0');
  more[504] = 1;
  std::string bytes = file("a", "1") + with_checksum(header);
  for (int i = 0; i < 100; ++i) bytes += more;
  const Opened tar(bytes);
  EXPECT_EQ(tar.names(), Names{"a"});
}

TEST(HostileTar, devices_and_types_nobody_knows_are_described_only) {
  std::string null = header_block({.name = "null", .type = '3'}, 0);
  null.replace(329, 8, "0000001\0"s);
  null.replace(337, 8, "0000003\0"s);
  const Opened tar(with_checksum(null) + member({.name = "fifo", .type = '6'}) +
                   member({.name = "odd", .type = 'Q'}, "odd bytes") + member({.name = "label", .type = 'V'}) +
                   link("empty", "") + end_mark());
  EXPECT_EQ(tar.names(), (Names{"fifo", "null", "odd"}));
  EXPECT_EQ(tar.entry("null").kind, model::EntryKind::character_device);
  EXPECT_EQ(tar.entry("null").device_number, 0x103U);
  EXPECT_EQ(tar.entry("fifo").kind, model::EntryKind::fifo);
  EXPECT_EQ(tar.bytes(tar.entry("odd")), "odd bytes");
}

TEST(HostileTar, a_packed_archive_that_is_cut_or_flipped_gives_what_comes_before) {
  const ScratchFolder scratch;
  std::string noise;
  for (unsigned i = 0; i < 3'000'000; ++i) noise.push_back(static_cast<char>((i * 2654435761U) >> 13));
  write_file(scratch / "x.tar", file("a", "first") + file("b", noise) + file("c", "last") + end_mark());
  for (const std::string& program : {"gzip"s, "zstd"s, "xz"s, "bzip2"s}) {
    SCOPED_TRACE(program);
    const auto end = os::run_program(
        std::vector<std::string>{"/usr/bin/env", program, "-k", "-f", "-1", scratch / "x.tar"}, scratch.path());
    ASSERT_TRUE(end.ok());
    ASSERT_EQ(end.value().exit_code, 0) << end.value().printed;
    const std::string suffix = program == "gzip" ? "gz" : program == "zstd" ? "zst" : program == "bzip2" ? "bz2" : "xz";
    const std::string packed = os::testing::read_file(scratch / ("x.tar." + suffix));
    const Opened cut(packed.substr(0, packed.size() / 2));
    EXPECT_TRUE(cut.has("tar.packed"));
    if (program != "bzip2") {
      EXPECT_EQ(cut.bytes(cut.entry("a")), "first");
    }
    std::string flipped = packed;
    for (std::size_t i = 0; i < 64; ++i) flipped[packed.size() / 2 + i] ^= 0x55;
    const Opened broken(flipped);
    EXPECT_TRUE(broken.has("tar.packed"));
    const Opened twice(packed + packed);
    EXPECT_EQ(twice.bytes(twice.entry("b")), noise);
    EXPECT_TRUE(twice.has("tar.concatenated"));
    const Opened trailing(packed + "this is no stream");
    EXPECT_TRUE(trailing.has("tar.trailing"));
    EXPECT_EQ(trailing.bytes(trailing.entry("c")), "last");
    EXPECT_EQ(trailing.bytes(trailing.entry("a")), "first") << "going back";
  }
}

TEST(TamePath, leaves_plain_names_alone) {
  EXPECT_EQ(tame_path("a/b c/\xff").path, "a/b c/\xff");
  EXPECT_EQ(tame_path("./a//b/./c/").path, "a/b/c");
  EXPECT_TRUE(tame_path("//a").was_absolute);
  EXPECT_EQ(tame_path("//a").path, "a");
  EXPECT_EQ(tame_path("").path, "");
  EXPECT_FALSE(tame_path("..a/b..").refused);
  EXPECT_TRUE(tame_path("a/..").refused);
}

}  // namespace
}  // namespace lastgood::sources::tar
