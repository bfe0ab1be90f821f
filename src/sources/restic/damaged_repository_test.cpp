// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Repositories that were hit: whatever is still there comes out, every loss is told with its place, and no swapped or
// changed byte is ever taken for a good one. Made by restic, then damaged here.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <functional>

#include "sources/restic/json.h"
#include "sources/restic/load_index.h"
#include "sources/restic/testing/made_repository.h"

namespace lastgood::sources::restic::testing {
namespace {

using os::testing::read_file;
using os::testing::write_file;

void rewrite(const std::string& path, const std::string& bytes) {
  std::filesystem::permissions(path, std::filesystem::perms::owner_all);
  write_file(path, bytes);
}

nlohmann::json read_json(const MadeRepository& repository, const std::string& path) {
  const std::string sealed = read_file(path);
  const auto text = open_json(repository.key(), {sealed.begin(), sealed.end()}, k_mib);
  if (!text.ok()) return {};
  return nlohmann::json::parse(text.value().begin(),
                               text.value().end() - static_cast<std::ptrdiff_t>(k_json_padding_bytes));
}

/// Replaces all indexes by one that holds what `change` makes of them all.
void change_indexes(const MadeRepository& repository, const std::function<void(nlohmann::json&)>& change) {
  nlohmann::json all = {{"packs", nlohmann::json::array()}};
  for (const std::string& path : repository.files_of("index")) {
    const nlohmann::json index = read_json(repository, path);
    for (const auto& pack : index["packs"]) all["packs"].push_back(pack);
    std::filesystem::remove(path);
  }
  change(all);
  store(repository.path() + "/index", seal(repository.key(), all.dump()));
}

std::string pack_path(const MadeRepository& repository, const std::string& name) {
  return repository.path() + "/data/" + name.substr(0, 2) + "/" + name;
}

/// Where the index says that a blob lies.
struct BlobSpot {
  std::string pack;
  std::size_t offset = 0;
  std::size_t length = 0;
};

BlobSpot place_of(const MadeRepository& repository, std::string_view id) {
  BlobSpot place;
  const std::string name = base::hex(base::ByteView(id));
  for (const std::string& path : repository.files_of("index")) {
    const nlohmann::json index = read_json(repository, path);
    for (const auto& pack : index["packs"]) {
      for (const auto& blob : pack["blobs"]) {
        if (blob["id"] == name) place = {.pack = pack["id"], .offset = blob["offset"], .length = blob["length"]};
      }
    }
  }
  EXPECT_FALSE(place.pack.empty());
  return place;
}

Entries newest_entries(Source& source) {
  const auto snapshots = source.snapshots();
  if (!snapshots.ok() || snapshots.value().empty()) return {};
  return entries_of(source, snapshots.value().back().root);
}

base::ErrorCode code_of_reading(Source& source, const model::ContentRef& ref, std::string* what = nullptr) {
  const auto content = source.open_content(ref);
  std::vector<std::uint8_t> piece;
  for (std::size_t i = 0; i < content.value()->piece_count(); ++i) {
    const base::Status read = content.value()->read_piece(i, piece);
    if (read.ok()) continue;
    if (what != nullptr) *what = read.error().what;
    return read.error().code;
  }
  return base::ErrorCode::cancelled;
}

/// Small files in one snapshot, and then more in a second: two indexes and four packs.
void make_two_backups(const MadeRepository& repository, const std::string& options = "") {
  std::filesystem::create_directories(repository.tree());
  for (int i = 0; i < 8; ++i)
    write_file(repository.tree() + "/first" + std::to_string(i), noise(5000, static_cast<std::uint64_t>(i)));
  repository.back_up(options);
  for (int i = 0; i < 8; ++i)
    write_file(repository.tree() + "/second" + std::to_string(i), noise(5000, 50 + static_cast<std::uint64_t>(i)));
  repository.back_up(options);
}

/// Counts the files of the newest snapshot that read back as they lie in the tree.
std::size_t count_readable(const MadeRepository& repository, Source& source) {
  std::size_t readable = 0;
  for (const auto& [path, entry] : newest_entries(source)) {
    if (entry.kind != model::EntryKind::regular) continue;
    if (code_of_reading(source, entry.content) != base::ErrorCode::cancelled) continue;
    EXPECT_EQ(read_content(source, entry.content), read_file(repository.tree() + "/" + path));
    ++readable;
  }
  return readable;
}

TEST(DamagedRepository, a_pack_that_is_gone_loses_its_files_only) {
  const MadeRepository repository;
  make_two_backups(repository);
  const auto whole = repository.must_open();
  const auto entry = newest_entries(*whole).at("first3");
  const BlobSpot place = place_of(repository, entry.content.key);
  std::filesystem::remove(pack_path(repository, place.pack));
  const auto source = repository.must_open();
  EXPECT_TRUE(has_rule(source->findings(), "restic.pack.gone")) << all_of(source->findings());
  EXPECT_EQ(count_readable(repository, *source), 8U);
  const auto after = newest_entries(*source).at("first3");
  EXPECT_TRUE(has_rule(after.findings, "restic.content.gone"));
  EXPECT_EQ(after.content.size_bytes, 5000U);
  std::string what;
  EXPECT_EQ(code_of_reading(*source, after.content, &what), base::ErrorCode::damaged_source);
  EXPECT_NE(what.find("pack " + place.pack + " at byte " + std::to_string(place.offset)), std::string::npos) << what;
}

TEST(DamagedRepository, without_any_index_everything_is_found_again) {
  const MadeRepository repository;
  make_two_backups(repository);
  for (const std::string& path : repository.files_of("index")) std::filesystem::remove(path);
  const auto source = repository.must_open();
  EXPECT_TRUE(has_rule(source->findings(), "restic.index.none"));
  EXPECT_TRUE(has_rule(source->findings(), "restic.index.packs"));
  EXPECT_EQ(count_readable(repository, *source), 16U);
}

TEST(DamagedRepository, one_of_two_indexes_gone_or_cut_is_made_good_from_the_packs) {
  for (const bool cut : {false, true}) {
    const MadeRepository repository(cut ? 1 : 2);
    make_two_backups(repository);
    const std::vector<std::string> indexes = repository.files_of("index");
    ASSERT_EQ(indexes.size(), 2U);
    if (cut) rewrite(indexes[0], read_file(indexes[0]).substr(0, 200));
    if (!cut) std::filesystem::remove(indexes[0]);
    const auto source = repository.must_open();
    EXPECT_EQ(has_rule(source->findings(), "restic.index.file"), cut) << all_of(source->findings());
    EXPECT_TRUE(has_rule(source->findings(), "restic.index.packs"));
    EXPECT_EQ(count_readable(repository, *source), 16U);
  }
}

TEST(DamagedRepository, an_index_that_lacks_one_blob_of_a_pack_is_noticed_by_the_packs_size) {
  const MadeRepository repository;
  make_two_backups(repository);
  change_indexes(repository, [](nlohmann::json& index) {
    for (auto& pack : index["packs"]) pack["blobs"].erase(pack["blobs"].size() - 1);
  });
  const auto source = repository.must_open();
  EXPECT_TRUE(has_rule(source->findings(), "restic.index.blobs")) << all_of(source->findings());
  EXPECT_EQ(count_readable(repository, *source), 16U);
}

TEST(DamagedRepository, packs_marked_for_deletion_are_read_as_well) {
  const MadeRepository repository;
  make_two_backups(repository);
  change_indexes(repository, [](nlohmann::json& index) {
    index["packs_to_delete"] = index["packs"];
    index["packs"] = nullptr;
    for (auto& pack : index["packs_to_delete"]) pack["time"] = "2022-11-23T07:07:00Z";
  });
  const auto source = repository.must_open();
  EXPECT_TRUE(source->findings().empty()) << all_of(source->findings());
  EXPECT_EQ(count_readable(repository, *source), 16U);
}

TEST(DamagedRepository, a_flipped_byte_costs_one_file_and_none_where_there_is_a_second_copy) {
  const MadeRepository repository;
  std::filesystem::copy(repository.path(), repository / "other", std::filesystem::copy_options::recursive);
  std::filesystem::create_directories(repository.tree());
  for (int i = 0; i < 8; ++i)
    write_file(repository.tree() + "/f" + std::to_string(i), noise(5000, static_cast<std::uint64_t>(i)));
  repository.back_up();
  const auto entry = newest_entries(*repository.must_open()).at("f4");
  const BlobSpot place = place_of(repository, entry.content.key);
  std::string pack = read_file(pack_path(repository, place.pack));
  pack[place.offset + place.length / 2] ^= 1;
  rewrite(pack_path(repository, place.pack), pack);
  {
    const auto source = repository.must_open();
    std::string what;
    EXPECT_EQ(code_of_reading(*source, entry.content, &what), base::ErrorCode::damaged_source);
    EXPECT_NE(what.find("the MAC is another"), std::string::npos) << what;
    EXPECT_EQ(count_readable(repository, *source), 7U);
  }
  // The same files saved by a second client that did not know of the first: the same blobs, in other packs.
  run_shell("cd '" + repository.tree() + "' && " + repository.command(repository / "other") + "backup -q .");
  run_shell("cp -r '" + (repository / "other") + "/data' '" + (repository / "other") + "/index' '" + repository.path() +
            "'");
  const auto source = repository.must_open();
  EXPECT_EQ(count_readable(repository, *source), 8U);
}

TEST(DamagedRepository, blobs_of_one_length_that_were_swapped_are_never_taken_for_each_other) {
  const MadeRepository repository(1);
  make_two_backups(repository);
  const auto whole = repository.must_open();
  const Entries entries = newest_entries(*whole);
  const BlobSpot a = place_of(repository, entries.at("first1").content.key);
  const BlobSpot b = place_of(repository, entries.at("first6").content.key);
  ASSERT_EQ(a.pack, b.pack);
  ASSERT_EQ(a.length, b.length);
  std::string pack = read_file(pack_path(repository, a.pack));
  const std::string bytes_a = pack.substr(a.offset, a.length);
  pack.replace(a.offset, a.length, pack.substr(b.offset, b.length));
  pack.replace(b.offset, b.length, bytes_a);
  rewrite(pack_path(repository, a.pack), pack);
  const auto source = repository.must_open();
  std::string what;
  EXPECT_EQ(code_of_reading(*source, entries.at("first1").content, &what), base::ErrorCode::damaged_source);
  EXPECT_NE(what.find("SHA-256 is another"), std::string::npos) << what;
  EXPECT_EQ(count_readable(repository, *source), 14U);
}

TEST(DamagedRepository, a_cut_pack_gives_what_lies_before_the_cut) {
  const MadeRepository repository;
  make_two_backups(repository);
  const Entries entries = newest_entries(*repository.must_open());
  const BlobSpot last = place_of(repository, entries.at("second5").content.key);
  std::filesystem::resize_file(pack_path(repository, last.pack), last.offset + 100);
  const auto source = repository.must_open();
  EXPECT_TRUE(has_rule(source->findings(), "restic.pack.cut")) << all_of(source->findings());
  std::string what;
  EXPECT_EQ(code_of_reading(*source, entries.at("second5").content, &what), base::ErrorCode::damaged_source);
  EXPECT_NE(what.find("ends after 100 of"), std::string::npos) << what;
  EXPECT_GE(count_readable(repository, *source), 8U);
}

TEST(DamagedRepository, a_large_file_keeps_the_places_of_what_is_left) {
  const MadeRepository repository;
  std::filesystem::create_directories(repository.tree());
  write_file(repository.tree() + "/large", noise(12 * k_mib, 3));
  repository.back_up("--pack-size 4");
  const std::string original = read_file(repository.tree() + "/large");
  const auto ref = newest_entries(*repository.must_open()).at("large").content;
  const std::size_t pieces = ref.handle.size() / 32;
  ASSERT_GE(pieces, 4U);
  // The pack of the second piece is gone, and no index remembers how long its blobs were.
  const BlobSpot place = place_of(repository, std::string_view(ref.handle).substr(32, 32));
  std::filesystem::remove(pack_path(repository, place.pack));
  for (const std::string& path : repository.files_of("index")) std::filesystem::remove(path);
  const auto source = repository.must_open();
  const auto entry = newest_entries(*source).at("large");
  EXPECT_EQ(entry.content.size_bytes, original.size());
  const auto content = source->open_content(entry.content);
  ASSERT_TRUE(content.ok());
  ASSERT_EQ(content.value()->piece_count(), pieces);
  std::size_t good = 0;
  std::uint64_t end = 0;
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < pieces; ++i) {
    const Content::Piece piece = content.value()->piece(i);
    EXPECT_EQ(piece.offset_bytes, end);
    end += piece.length_bytes;
    if (!content.value()->read_piece(i, bytes).ok()) continue;
    ++good;
    EXPECT_TRUE(original.substr(piece.offset_bytes, piece.length_bytes) == text_of(bytes)) << i;
  }
  EXPECT_EQ(end, original.size());
  EXPECT_GE(good, 1U);
  EXPECT_LT(good, pieces);
}

TEST(DamagedRepository, pieces_that_are_lost_still_prove_bytes_from_elsewhere) {
  const MadeRepository repository;
  std::filesystem::create_directories(repository.tree());
  write_file(repository.tree() + "/large", noise(6 * k_mib, 3));
  repository.back_up("--pack-size 4");
  const std::string original = read_file(repository.tree() + "/large");
  const auto ref = newest_entries(*repository.must_open()).at("large").content;
  for (const std::string& path : repository.files_of("data")) rewrite(path, std::string(100, 'x'));
  const auto source = repository.must_open();
  const auto content = source->open_content(ref);
  ASSERT_TRUE(content.ok());
  std::vector<std::uint8_t> bytes;
  for (std::size_t i = 0; i < content.value()->piece_count(); ++i) {
    const Content::Piece piece = content.value()->piece(i);
    ASSERT_FALSE(content.value()->read_piece(i, bytes).ok());
    std::string elsewhere = original.substr(piece.offset_bytes, piece.length_bytes);
    EXPECT_EQ(content.value()->prove_piece(i, base::ByteView(std::string_view(elsewhere))), Content::Proof::same);
    elsewhere.front() = static_cast<char>(elsewhere.front() ^ 1);
    EXPECT_EQ(content.value()->prove_piece(i, base::ByteView(std::string_view(elsewhere))), Content::Proof::other);
  }
}

TEST(DamagedRepository, a_config_that_is_gone_or_broken_stops_nobody_who_has_the_key) {
  const MadeRepository repository;
  make_two_backups(repository);
  rewrite(repository.path() + "/config", "this was encrypted by somebody else, sorry");
  for (int round = 0; round < 2; ++round) {
    const auto source = repository.must_open();
    EXPECT_TRUE(has_rule(source->findings(), "restic.config"));
    EXPECT_EQ(count_readable(repository, *source), 16U);
    const auto escrowed =
        open_restic(repository.path(), {.password = {}, .key_file = master_key_json(repository.key())}, {});
    EXPECT_TRUE(escrowed.ok());
    std::filesystem::remove(repository.path() + "/config");
  }
}

TEST(DamagedRepository, snapshots_that_break_are_told_and_come_back_as_orphans) {
  const MadeRepository repository;
  make_two_backups(repository);
  const std::vector<std::string> snapshots = repository.files_of("snapshots");
  ASSERT_EQ(snapshots.size(), 2U);
  rewrite(snapshots[0], read_file(snapshots[0]).substr(0, 60));
  std::filesystem::permissions(snapshots[1], std::filesystem::perms::owner_all);
  std::filesystem::rename(snapshots[1], snapshots[1] + ".bak9");
  const auto source = repository.must_open({.as_of_ns = {}, .erased = OpenOptions::Erased::include});
  const auto found = source->snapshots();
  ASSERT_TRUE(found.ok());
  EXPECT_TRUE(has_rule(source->findings(), "restic.snapshot.file")) << all_of(source->findings());
  EXPECT_TRUE(has_rule(source->findings(), "restic.files.names"));
  ASSERT_EQ(found.value().size(), 2U);
  for (const auto& snapshot : found.value()) EXPECT_EQ(snapshot.presence, model::Presence::erased);
}

TEST(DamagedRepository, a_flat_layout_of_long_ago_is_read) {
  const MadeRepository repository(1);
  make_two_backups(repository);
  run_shell("cd '" + repository.path() +
            "' && mv data old && mkdir data && mv old/*/* data && mv keys key && mv snapshots snapshot");
  const auto source = repository.must_open();
  EXPECT_TRUE(source->findings().empty()) << all_of(source->findings());
  EXPECT_EQ(count_readable(repository, *source), 16U);
}

TEST(DamagedRepository, packs_behind_links_are_not_followed) {
  const MadeRepository repository;
  make_two_backups(repository);
  const std::string pack = repository.files_of("data").front();
  const std::string elsewhere = repository.path() + ".elsewhere";
  std::filesystem::rename(pack, elsewhere);
  std::filesystem::create_symlink(elsewhere, pack);
  const auto source = repository.must_open();
  EXPECT_TRUE(has_rule(source->findings(), "restic.files.kind")) << all_of(source->findings());
}

}  // namespace
}  // namespace lastgood::sources::restic::testing
