// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Trees as an attacker would write them: nothing leaves its folder, nothing costs more than it should, every oddity is
// told. The trees are sealed by the tests themselves and read through the whole source.
#include <gtest/gtest.h>

#include "sources/restic/json.h"
#include "sources/restic/testing/made_repository.h"

namespace lastgood::sources::restic::testing {
namespace {

std::string node(const std::string& name_json, const std::string& more = R"("type":"file","content":null,"size":0)") {
  return R"({"name":")" + name_json + R"(",)" + more + "}";
}

/// Stores a tree of these nodes and reads it back.
Folder read_tree(const MadeRepository& repository, const std::string& nodes, Packing packing = Packing::plain) {
  const std::string id =
      store_blob(repository.path(), repository.key(), BlobKind::tree, R"({"nodes":[)" + nodes + "]}\n", packing);
  auto folder = repository.must_open()->read_folder(bytes_of(*parse_id(id)));
  if (!folder.ok()) ADD_FAILURE() << folder.error().what;
  return folder.ok() ? std::move(folder).value() : Folder{};
}

TEST(HostileTrees, names_that_could_leave_their_folder_are_refused) {
  const MadeRepository repository;
  for (const char* name :
       {"", ".", "..", "a/b", "/etc/passwd", "a\\\\x2fb", "a\\\\x00b", "\\\\q", "\\\\056\\\\056", "..\\u002fx"}) {
    const Folder folder = read_tree(repository, node(name) + "," + node("good"));
    ASSERT_EQ(folder.entries.size(), 1U) << name;
    EXPECT_EQ(folder.entries[0].name, "good");
    EXPECT_TRUE(has_rule(folder.findings, "restic.tree.name")) << name;
  }
  EXPECT_EQ(read_tree(repository, R"({"type":"file"})").entries.size(), 0U);
}

TEST(HostileTrees, order_and_doubles_are_told_and_the_first_stays) {
  const MadeRepository repository;
  const Folder folder = read_tree(repository, node("b", R"("type":"file","uid":1)") + "," + node("a") + "," +
                                                  node("b", R"("type":"symlink","linktarget":"/etc")") + "," +
                                                  node("\\\\x62", R"("type":"dir")"));
  ASSERT_EQ(folder.entries.size(), 2U);
  EXPECT_EQ(folder.entries[0].name, "a");
  EXPECT_EQ(folder.entries[1].kind, model::EntryKind::regular);
  EXPECT_EQ(folder.entries[1].user_id, 1U);
  EXPECT_TRUE(has_rule(folder.findings, "restic.tree.order"));
  EXPECT_TRUE(has_rule(folder.findings, "restic.tree.twice"));
}

TEST(HostileTrees, fields_that_make_no_sense_are_told_and_not_believed) {
  const MadeRepository repository;
  const std::string id(64, 'a');
  const Folder folder = read_tree(
      repository,
      node("a",
           R"("type":"file","uid":99999999999,"mode":"x","mtime":"yesterday","inode":-1,"links":2,"content":["zz"])") +
          "," + node("b", R"("type":"dir","subtree":"..","error":"read failed")") + "," +
          node("c", R"("type":"irregular")") + "," +
          node("d", R"("type":"file","size":5,"content":[")" + id +
                        R"("],"extended_attributes":[{"name":"user.x","value":"*"}])") +
          "," + node("e", R"("type":"symlink","linktarget":"x","linktarget_raw":"/2E=")") + "," +
          node("f", R"("type":"file","subtree":")" + id +
                        R"(","generic_attributes":{"x":[1,{"y":2}]},"size":18446744073709551615,"content":[")" + id +
                        R"("])"));
  ASSERT_EQ(folder.entries.size(), 5U);
  EXPECT_TRUE(has_rule(folder.findings, "restic.tree.type"));
  for (const std::size_t i : {0U, 1U, 3U - 1U})
    EXPECT_TRUE(has_rule(folder.entries[i].findings, "restic.node.field")) << i;
  EXPECT_EQ(folder.entries[0].user_id, 0U);
  EXPECT_EQ(folder.entries[0].link_group, 0U);
  EXPECT_TRUE(has_rule(folder.entries[1].findings, "restic.node.error"));
  EXPECT_TRUE(has_rule(folder.entries[1].findings, "restic.node.subtree"));
  EXPECT_TRUE(has_rule(folder.entries[2].findings, "restic.content.gone"));
  EXPECT_EQ(folder.entries[2].content.size_bytes, 5U);
  EXPECT_EQ(folder.entries[3].link_target, "\xFF\x61");
  EXPECT_TRUE(folder.entries[4].subtree.empty());
  // No blob can be that long: the size is not believed.
  EXPECT_EQ(folder.entries[4].content.size_bytes, 0U);
  EXPECT_TRUE(has_rule(folder.entries[4].findings, "restic.node.size"));
}

TEST(HostileTrees, what_only_begins_like_null_is_no_null_and_no_end_of_the_program) {
  const MadeRepository repository;
  for (const char* field : {R"("content":nope)", R"("subtree":nul)",
                            R"("extended_attributes":[{"name":"a","value":nullx}])", R"("extended_attributes":n)"}) {
    const std::string id = store_blob(repository.path(), repository.key(), BlobKind::tree,
                                      R"({"nodes":[)" + node("a", std::string(R"("type":"file",)") + field) + "]}");
    const auto folder = repository.must_open()->read_folder(bytes_of(*parse_id(id)));
    ASSERT_TRUE(folder.ok());
    EXPECT_TRUE(!folder.value().findings.empty() ||
                has_rule(folder.value().entries.at(0).findings, "restic.node.field"))
        << field;
  }
}

TEST(HostileTrees, a_tree_that_breaks_gives_the_nodes_before_the_break) {
  const MadeRepository repository;
  const std::string id = store_blob(repository.path(), repository.key(), BlobKind::tree,
                                    R"({"nodes":[)" + node("a") + "," + R"({"name":"b)");
  const auto folder = repository.must_open()->read_folder(bytes_of(*parse_id(id)));
  ASSERT_TRUE(folder.ok());
  EXPECT_TRUE(has_rule(folder.value().findings, "restic.tree.json"));
  EXPECT_LE(folder.value().entries.size(), 1U);
}

TEST(HostileTrees, deep_json_and_wrong_shapes_are_no_danger) {
  const MadeRepository repository;
  const std::string deep(200'000, '[');
  for (const std::string& text :
       {std::string("[]"), std::string("{}"), std::string("{\"nodes\":7}"), std::string("{\"nodes\":null}"),
        std::string("7"), "{\"x\":" + deep + ",\"nodes\":[]}", deep, std::string("\xFF{}")}) {
    const std::string id = store_blob(repository.path(), repository.key(), BlobKind::tree, text);
    const auto folder = repository.must_open()->read_folder(bytes_of(*parse_id(id)));
    ASSERT_TRUE(folder.ok());
    EXPECT_TRUE(folder.value().entries.empty());
    EXPECT_EQ(folder.value().findings.empty(), text == "{\"nodes\":null}") << text.substr(0, 20);
  }
  EXPECT_EQ(repository.must_open()->read_folder("short").error().code, base::ErrorCode::misuse);
  EXPECT_EQ(repository.must_open()->read_folder(std::string(32, 'x')).error().code, base::ErrorCode::damaged_source);
}

TEST(HostileTrees, thousands_of_refused_names_make_a_hundred_findings) {
  const MadeRepository repository;
  std::string nodes;
  for (int i = 0; i < 5000; ++i) nodes += (i > 0 ? "," : "") + node("..");
  const Folder folder = read_tree(repository, nodes, Packing::compressed);
  EXPECT_EQ(folder.findings.size(), 101U);
  EXPECT_NE(folder.findings.back().sentence.find("4900 more"), std::string::npos);
}

TEST(HostileBlobs, a_bomb_is_refused_before_it_takes_memory) {
  const MadeRepository repository;
  // 40 MiB of zeros in a few KiB: more than a piece may have, so it is never unpacked.
  const std::string id =
      store_blob(repository.path(), repository.key(), BlobKind::data, std::string(40 << 20, '\0'), Packing::compressed);
  const auto source = repository.must_open();
  const std::string handle(bytes_of(*parse_id(id)));
  const auto content = source->open_content({.key = handle, .size_bytes = 40 << 20, .handle = handle});
  ASSERT_TRUE(content.ok());
  EXPECT_LE(content.value()->piece(0).length_bytes, k_piece_bytes_max);
  std::vector<std::uint8_t> bytes;
  const base::Status read = content.value()->read_piece(0, bytes);
  ASSERT_FALSE(read.ok());
  EXPECT_EQ(read.error().code, base::ErrorCode::damaged_source);
  EXPECT_NE(read.error().what.find("more than the"), std::string::npos) << read.error().what;
  EXPECT_EQ(bytes.capacity(), 0U);
  EXPECT_EQ(source->open_content({.key = {}, .size_bytes = 0, .handle = "odd"}).error().code, base::ErrorCode::misuse);
}

TEST(HostileBlobs, a_compressed_blob_that_lies_about_its_length_is_damage) {
  const MadeRepository repository;
  const std::string id =
      store_blob(repository.path(), repository.key(), BlobKind::data, std::string(1000, 'x'), Packing::compressed);
  const std::string handle(bytes_of(*parse_id(id)));
  for (const char* length : {"999", "1001", "33554432"}) {
    std::filesystem::remove_all(repository.path() + "/index");
    const std::string pack = std::filesystem::path(repository.files_of("data").front()).filename();
    const std::uintmax_t size = std::filesystem::file_size(repository.files_of("data").front());
    store(repository.path() + "/index",
          seal(repository.key(), R"({"packs":[{"id":")" + pack + R"(","blobs":[{"id":")" + id +
                                     R"(","type":"data","offset":0,"length":)" + std::to_string(size - 41 - 36) +
                                     R"(,"uncompressed_length":)" + length + "}]}]}"));
    const auto source = repository.must_open();
    ASSERT_TRUE(source->findings().empty()) << all_of(source->findings());
    const auto content = source->open_content({.key = handle, .size_bytes = 1000, .handle = handle});
    std::vector<std::uint8_t> bytes;
    EXPECT_EQ(content.value()->read_piece(0, bytes).error().code, base::ErrorCode::damaged_source) << length;
  }
}

}  // namespace
}  // namespace lastgood::sources::restic::testing
