// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves of each parser that reads a repository's bytes what it takes, and that what is empty, cut, wrong or huge is
// refused and not believed.
#include <gtest/gtest.h>

#include "base/checksum.h"
#include "sources/borg/archive_trees.h"
#include "sources/borg/item.h"
#include "sources/borg/manifest.h"
#include "sources/borg/msgpack_reader.h"
#include "sources/borg/payload.h"
#include "sources/borg/repo_config.h"
#include "sources/borg/repo_key.h"
#include "sources/borg/segment_entry.h"
#include "sources/source.h"

namespace lastgood::sources::borg {
namespace {

using namespace std::string_literals;
using base::ByteView;
using State = MsgpackReader::State;

ByteView view_of(const std::string& text) { return ByteView(std::string_view(text)); }

/// A text as borg writes it.
std::string raw(const std::string& text) {
  if (text.size() < 32) return static_cast<char>(0xA0 | text.size()) + text;
  EXPECT_LT(text.size(), 65'536U);
  return "\xDA"s + static_cast<char>(text.size() >> 8) + static_cast<char>(text.size() & 0xFF) + text;
}

TEST(MsgpackReader, reads_every_width_of_integer) {
  const std::string bytes = "\x7F\xE0\xCC\xFF\xCD\x01\x02\xCE\x01\x02\x03\x04\xCF\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s +
                            "\xD0\x80\xD1\xFF\xFE\xD2\xFF\xFF\xFF\xFD\xD3\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFC"s;
  MsgpackReader reader(view_of(bytes));
  for (const std::int64_t expected :
       {std::int64_t{127}, std::int64_t{-32}, std::int64_t{255}, std::int64_t{258}, std::int64_t{16'909'060}, INT64_MAX,
        std::int64_t{-128}, std::int64_t{-2}, std::int64_t{-3}, std::int64_t{-4}}) {
    EXPECT_EQ(reader.read_integer(), expected);
  }
  EXPECT_TRUE(reader.ok() && reader.at_end());
}

TEST(MsgpackReader, says_cut_where_more_bytes_would_help_and_broken_where_not) {
  for (const std::string& bytes : {""s, "\xA5"s + "abc", "\xDA\xFF\xFF"s + "x", "\xDD\xFF\xFF\xFF\xFF"s, "\xDF\xFF"s}) {
    MsgpackReader reader(view_of(bytes));
    reader.skip();
    EXPECT_EQ(reader.state(), State::cut);
  }
  const std::string unused_head = "\xC1";
  MsgpackReader never(view_of(unused_head));
  never.skip();
  EXPECT_EQ(never.state(), State::broken);
  const std::string beyond = "\xCF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF"s;
  MsgpackReader too_large(view_of(beyond));
  EXPECT_EQ(too_large.read_integer(), 0);
  EXPECT_EQ(too_large.state(), State::broken);
}

TEST(MsgpackReader, skips_lists_a_million_deep) {
  const std::string bytes = std::string(1'000'000, '\x91') + "\x01";
  MsgpackReader reader(view_of(bytes));
  reader.skip();
  EXPECT_TRUE(reader.ok() && reader.at_end());
}

TEST(RepoConfig, reads_values_over_several_lines) {
  const auto config =
      parse_repo_config("# c\n[other]\nid = no\n[repository]\nVersion = 1\nid = " + std::string(64, 'A') +
                        "\nkey = abc\n\tdef\n  ghi=\nappend_only: 1\n");
  ASSERT_TRUE(config);
  EXPECT_EQ(config->version, "1");
  EXPECT_EQ(config->id, std::string(64, 'a'));
  EXPECT_EQ(config->key, "abcdefghi=");
  EXPECT_EQ(config->append_only, "1");
  EXPECT_FALSE(parse_repo_config(""));
  EXPECT_FALSE(parse_repo_config("[repositor]\nversion = 1"));
  EXPECT_EQ(parse_repo_config("[repository]\nid = xyz")->id, "");
}

std::string key_blob(const std::string& iterations) {
  return "\x86"s + raw("version") + "\x01" + raw("salt") + raw(std::string(32, 's')) + raw("iterations") + iterations +
         raw("algorithm") + raw("sha256") + raw("hash") + raw(std::string(32, 'h')) + raw("data") +
         raw(std::string(200, 'd'));
}

TEST(RepoKey, refuses_blobs_that_would_keep_the_processor_busy) {
  EXPECT_TRUE(parse_key_blob(view_of(key_blob("\xCE\x00\x01\x86\xA0"s))));
  for (const std::string& iterations : {"\x00"s, "\xFF"s, "\xCE\xFF\xFF\xFF\xFF"s}) {
    const auto blob = parse_key_blob(view_of(key_blob(iterations)));
    ASSERT_FALSE(blob);
    EXPECT_NE(blob.error().what.find("rounds"), std::string::npos);
  }
}

TEST(RepoKey, says_denied_for_a_wrong_password_and_refuses_what_is_cut) {
  const std::string bytes = key_blob("\x01");
  const auto blob = parse_key_blob(view_of(bytes));
  ASSERT_TRUE(blob);
  const auto key = unlock_key(blob.value(), "password");
  ASSERT_FALSE(key);
  EXPECT_EQ(key.error().code, base::ErrorCode::denied);
  for (std::size_t length = 0; length < bytes.size(); ++length) {
    EXPECT_FALSE(parse_key_blob(view_of(bytes).part(0, length))) << length;
  }
  EXPECT_FALSE(parse_key_text("no key at all!"));
  EXPECT_FALSE(parse_key_text("BORG PAPER KEY v1\nid: 2 / 1 / 2 - 00\n"));
}

TEST(BorgTime, is_a_day_that_the_calendar_has) {
  EXPECT_EQ(parse_borg_time("1970-01-01T00:00:01"), 1'000'000'000);
  EXPECT_EQ(parse_borg_time("2022-11-23T07:07:00.000001"), 1'669'187'220'000'001'000);
  EXPECT_FALSE(parse_borg_time("2022-02-30T00:00:00"));
  EXPECT_FALSE(parse_borg_time("9999-01-01T00:00:00"));
  EXPECT_FALSE(parse_borg_time("2022-11-23 07:07:00"));
  EXPECT_FALSE(parse_borg_time(""));
}

std::string put_entry(const std::string& value) {
  const std::size_t size = 41 + value.size();
  std::string rest;
  for (unsigned i = 0; i < 4; ++i) rest += static_cast<char>((size >> (8 * i)) & 0xFF);
  rest += '\0';
  rest += std::string(32, 'k') + value;
  const std::uint32_t crc = base::crc32(view_of(rest));
  std::string entry;
  for (unsigned i = 0; i < 4; ++i) entry += static_cast<char>((crc >> (8 * i)) & 0xFF);
  return entry + rest;
}

std::vector<std::uint64_t> offsets_in(const std::string& segment, std::size_t& findings) {
  base::MemorySource file(view_of(segment));
  std::vector<std::uint64_t> offsets;
  const auto walked = walk_segment(file, 3, [&](const SegmentEntry& entry) { offsets.push_back(entry.offset_bytes); });
  EXPECT_TRUE(walked.ok());
  findings = walked.value().size();
  return offsets;
}

TEST(SegmentWalk, goes_on_behind_what_is_broken) {
  const std::string entry = put_entry("value");
  const std::string segment = "BORG_SEG" + entry + entry + entry + entry;
  std::size_t findings = 0;
  EXPECT_EQ(offsets_in(segment, findings), (std::vector<std::uint64_t>{8, 54, 100, 146}));
  EXPECT_EQ(findings, 0U);
  std::string tag = segment;
  tag[54 + 8] = 9;
  EXPECT_EQ(offsets_in(tag, findings), (std::vector<std::uint64_t>{8, 100, 146}));
  EXPECT_EQ(findings, 1U);
  std::string longer = segment;
  longer[54 + 4] = static_cast<char>(longer[54 + 4] + 1);
  EXPECT_EQ(offsets_in(longer, findings), (std::vector<std::uint64_t>{8, 100, 146}));
  EXPECT_EQ(findings, 1U);
  EXPECT_EQ(offsets_in(segment.substr(0, 120), findings), (std::vector<std::uint64_t>{8, 54}));
  EXPECT_EQ(findings, 1U);
  EXPECT_EQ(offsets_in(segment.substr(8), findings).size(), 4U);
  EXPECT_EQ(findings, 1U);
  EXPECT_EQ(offsets_in("", findings).size(), 0U);
}

TEST(Payload, never_gives_more_than_was_asked_for) {
  PayloadReader reader;
  std::vector<std::uint8_t> out;
  EXPECT_FALSE(reader.unpack(view_of("\0\0abc"s), 3, out));
  EXPECT_EQ(out.size(), 3U);
  EXPECT_TRUE(reader.unpack(view_of("\0\0abc"s), 2, out));
  EXPECT_TRUE(reader.unpack(view_of(""s), 0, out));
  EXPECT_TRUE(reader.unpack(view_of("\x09\0abc"s), 3, out));
  EXPECT_TRUE(reader.unpack(view_of("\x04\0\0\0\0\x09\0\0a"s), std::nullopt, out));  // says more than there is
  std::string nested = "\0\0x"s;
  for (int i = 0; i < 10; ++i) {
    nested = "\x04\0\0\0\0"s + static_cast<char>(nested.size()) + nested;
  }
  EXPECT_TRUE(reader.unpack(view_of(nested), std::nullopt, out));
  // A zero run that lz4 blows up to more than any piece has.
  std::string bomb = "\x01\0\x1F\0\x01\0"s + std::string(200'000, '\xFF') + "\0"s;
  EXPECT_TRUE(reader.unpack(view_of(bomb), std::nullopt, out));
  EXPECT_LE(out.size(), k_piece_bytes_max);
}

/// An item with a path, a mode and nothing else that matters.
std::string item(const std::string& path, std::uint32_t mode, const std::string& more = "", int more_fields = 0) {
  std::string out;
  out += static_cast<char>(0x83 + more_fields);
  return out + raw("path") + raw(path) + raw("mode") + "\xCD" + static_cast<char>(mode >> 8) +
         static_cast<char>(mode & 0xFF) + raw("mtime") + "\x05" + more;
}

struct Built {
  std::vector<model::Finding> findings;
  std::map<std::string, model::TreeEntry> entries;
};

void list(const ArchiveTrees& trees, std::uint32_t folder, const std::string& above, Built& built) {
  for (const model::Finding& finding : trees.folders().findings(folder)) built.findings.push_back(finding);
  const FolderStore::View view = trees.folders().view(folder);
  std::size_t child = 0;
  for (const std::uint32_t number : view.entries) {
    const model::TreeEntry entry = trees.entries().tree_entry(number);
    built.entries[above + entry.name] = entry;
    if (entry.kind == model::EntryKind::folder) list(trees, view.children[child++], above + entry.name + "/", built);
  }
}

/// What the items give, cut into chunks of `chunk_bytes`.
Built build(const std::string& items, std::size_t chunk_bytes) {
  const ObjectTable no_objects;
  ArchiveTrees trees(no_objects, EntryStore::ChunkIds::keyed);
  std::vector<ObjectId> ids;
  std::map<ObjectId, std::string> chunks;
  for (std::size_t at = 0; at < items.size(); at += chunk_bytes) {
    const std::string chunk = items.substr(at, chunk_bytes);
    ids.push_back(base::sha256(view_of(chunk)));
    chunks[ids.back()] = chunk;
  }
  const ArchiveTree tree =
      trees.build(ids, ArchiveTrees::Parts::leave_out, [&](const ObjectId& id, std::vector<std::uint8_t>& bytes) {
        const std::string& chunk = chunks.at(id);
        bytes.assign(chunk.begin(), chunk.end());
        return base::Status(base::Done{});
      });
  Built built{.findings = tree.findings, .entries = {}};
  list(trees, tree.root, "", built);
  return built;
}

bool has(const Built& built, const std::string& rule) {
  return std::any_of(built.findings.begin(), built.findings.end(),
                     [&](const model::Finding& finding) { return finding.rule == rule; });
}

constexpr std::uint32_t k_file = 0100644;
constexpr std::uint32_t k_folder = 0040755;
constexpr std::uint32_t k_link = 0120777;

TEST(ArchiveTrees, are_the_same_however_the_items_are_cut) {
  std::string items = item(".", k_folder);
  for (int i = 0; i < 50; ++i)
    items += item("a/" + std::to_string(i), k_file) + item("b" + std::to_string(i), k_folder);
  const Built whole = build(items, items.size());
  EXPECT_EQ(whole.entries.size(), 101U);
  for (const std::size_t chunk_bytes : {1U, 7U, 50U, 1000U}) {
    const Built cut = build(items, chunk_bytes);
    EXPECT_EQ(cut.entries.size(), 101U) << chunk_bytes;
    EXPECT_FALSE(has(cut, "borg.item.broken")) << chunk_bytes;
  }
}

TEST(ArchiveTrees, refuse_paths_that_lead_out) {
  for (const std::string& path : {"/etc/passwd"s, "../up"s, "a/../b"s, "a//b"s, "a/./b"s, ""s, "a\0b"s, "a/"s,
                                  std::string(256, 'n'), std::string(70'000, 'x').replace(1, 1, "/")}) {
    if (path.size() >= 65'536) continue;
    const Built built = build(item(path, k_file) + item("good", k_file), 1000);
    EXPECT_EQ(built.entries.size(), 1U) << base::printable(path.substr(0, 30));
    EXPECT_TRUE(has(built, "borg.item.path") || has(built, "borg.item.broken")) << base::printable(path.substr(0, 30));
  }
}

TEST(ArchiveTrees, put_nothing_below_what_is_no_folder) {
  const Built built = build(item("evil", k_link, raw("source") + raw("/etc"), 1) + item("evil/passwd", k_file), 1000);
  EXPECT_EQ(built.entries.size(), 1U);
  EXPECT_EQ(built.entries.at("evil").kind, model::EntryKind::link);
  EXPECT_TRUE(has(built, "borg.item.below"));
}

TEST(ArchiveTrees, keep_the_first_of_two_with_one_name) {
  const Built built = build(item("a", k_file) + item("a", 0100600) + item("b", k_folder) + item("b", 0040700), 1000);
  EXPECT_EQ(built.entries.at("a").mode, 0644U);
  EXPECT_EQ(built.entries.at("b").mode, 0755U);
  EXPECT_TRUE(has(built, "borg.item.twice"));
}

TEST(ArchiveTrees, make_up_folders_that_have_no_item_and_say_so_once) {
  const Built built = build(item("a/b/c", k_file) + item("a/d/e", k_file), 1000);
  EXPECT_EQ(built.entries.size(), 5U);
  EXPECT_EQ(built.entries.at("a/b").mode, 0755U);
  EXPECT_EQ(built.findings.size(), 1U);
  EXPECT_TRUE(has(built, "borg.item.parent"));
}

TEST(ArchiveTrees, lose_one_item_where_bytes_are_broken_and_go_on) {
  std::string items;
  for (int i = 0; i < 20; ++i) items += item("file" + std::to_string(100 + i), k_file);
  const std::size_t length = items.size() / 20;
  items[length * 5] = '\xC1';
  const Built built = build(items, items.size());
  EXPECT_EQ(built.entries.size(), 19U);
  EXPECT_TRUE(has(built, "borg.item.broken"));
  const Built cut = build(items.substr(0, length * 3 + 5), 1000);
  EXPECT_EQ(cut.entries.size(), 3U);
  EXPECT_TRUE(has(cut, "borg.archive.items.end"));
}

TEST(ArchiveTrees, give_a_further_name_the_content_of_the_first) {
  const std::string chunks = raw("chunks") + "\x91\x93" + raw(std::string(32, 'c')) + "\x05\x06";
  const Built built = build(item("a", k_file, raw("source") + raw("z"), 1) +
                                item("z", k_file, chunks + raw("hardlink_master") + "\xC3", 2) +
                                item("lost", k_file, raw("source") + raw("nowhere"), 1),
                            1000);
  EXPECT_EQ(built.entries.at("a").content.key, built.entries.at("z").content.key);
  EXPECT_EQ(built.entries.at("a").content.size_bytes, 5U);
  EXPECT_EQ(built.entries.at("a").link_group, built.entries.at("z").link_group);
  EXPECT_NE(built.entries.at("a").link_group, 0U);
  ASSERT_EQ(built.entries.at("lost").findings.size(), 1U);
  EXPECT_EQ(built.entries.at("lost").findings[0].rule, "borg.item.link");
}

TEST(Item, reads_times_as_numbers_and_as_bytes) {
  const auto mtime_of = [](const std::string& value) {
    const std::string bytes = "\x82"s + raw("path") + raw("p") + raw("mtime") + value;
    MsgpackReader reader(view_of(bytes));
    Item parsed;
    parse_item(reader, parsed);
    EXPECT_TRUE(reader.ok());
    return parsed.mtime_ns;
  };
  EXPECT_EQ(mtime_of("\x05"), 5);
  EXPECT_EQ(mtime_of(raw("\x01\x02"s)), 513);
  EXPECT_EQ(mtime_of(raw("\xFF"s)), -1);
  EXPECT_EQ(mtime_of(raw("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x7F\x00"s)), INT64_MAX);
  EXPECT_EQ(mtime_of(raw("\xFF\xFF\xFF\xFF\xFF\xFF\xFF\xFF\x00"s)), INT64_MAX);
  EXPECT_EQ(mtime_of(raw("\x00\x00\x00\x00\x00\x00\x00\x00\xFF"s)), INT64_MIN);
  EXPECT_EQ(mtime_of(raw("")), 0);
}

}  // namespace
}  // namespace lastgood::sources::borg
