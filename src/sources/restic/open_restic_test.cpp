// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Who may open a repository: several keys, wrong ones, none, an escrowed master key; and what is said to the others.
#include <gtest/gtest.h>

#include "sources/restic/testing/made_repository.h"

namespace lastgood::sources::restic::testing {
namespace {

using os::testing::write_file;

base::Error error_of(const std::string& location, const SourceSecrets& secrets) {
  auto source = open_restic(location, secrets, {});
  if (source.ok()) {
    ADD_FAILURE() << "opened";
    return {};
  }
  EXPECT_FALSE(source.error().hint.empty()) << source.error().what;
  return source.error();
}

SourceSecrets with_password(const std::string& password) { return {.password = password, .key_file = {}}; }

TEST(OpenRestic, tries_every_key_that_restic_made) {
  const MadeRepository repository;
  write_file(repository / "second", "another password");
  repository.restic("key add -q --new-password-file '" + (repository / "second") + "'");
  ASSERT_EQ(repository.files_of("keys").size(), 2U);
  EXPECT_TRUE(open_restic(repository.path(), with_password("another password"), {}).ok());
  EXPECT_TRUE(open_restic(repository.path(), with_password(k_password), {}).ok());
  const base::Error wrong = error_of(repository.path(), with_password("wrong"));
  EXPECT_EQ(wrong.code, base::ErrorCode::denied);
  EXPECT_NE(wrong.what.find("none of the 2 keys tried"), std::string::npos) << wrong.what;
}

TEST(OpenRestic, restic_opens_what_we_sealed) {
  const MadeRepository repository;
  // The key file and the config of this repository were sealed by the tests' own code.
  EXPECT_NE(repository.restic("cat config").find("\"version\": 2"), std::string::npos);
}

TEST(OpenRestic, an_escrowed_master_key_opens_it_without_keys_and_password) {
  const MadeRepository repository;
  std::filesystem::create_directories(repository.tree());
  write_file(repository.tree() + "/a", "saved");
  repository.back_up();
  const std::string escrowed = repository.restic("cat masterkey");
  std::filesystem::remove_all(repository.path() + "/keys");
  const auto source = open_restic(repository.path(), {.password = {}, .key_file = escrowed}, {});
  ASSERT_TRUE(source.ok()) << source.error().what;
  const auto snapshots = source.value()->snapshots().value();
  EXPECT_EQ(read_content(*source.value(), entries_of(*source.value(), snapshots.at(0).root).at("a").content), "saved");

  MasterKey other = repository.key();
  other.mac_k[0] ^= 1;
  EXPECT_EQ(error_of(repository.path(), {.password = {}, .key_file = master_key_json(other)}).code,
            base::ErrorCode::denied);
  EXPECT_EQ(error_of(repository.path(), {.password = {}, .key_file = "{}"}).code, base::ErrorCode::misuse);
  EXPECT_EQ(error_of(repository.path(), with_password(k_password)).code, base::ErrorCode::denied);
}

TEST(OpenRestic, says_what_is_missing) {
  const MadeRepository repository;
  EXPECT_EQ(error_of(repository.path(), {}).code, base::ErrorCode::misuse);
  EXPECT_EQ(error_of(repository / "nowhere", with_password("x")).code, base::ErrorCode::not_found);
  std::filesystem::create_directories(repository / "empty");
  EXPECT_EQ(error_of(repository / "empty", with_password("x")).code, base::ErrorCode::not_found);
  const std::string key = master_key_json(repository.key());
  EXPECT_EQ(error_of(repository / "empty", {.password = {}, .key_file = key}).code, base::ErrorCode::not_found);
  set_version(repository.path(), repository.key(), 3);
  const base::Error unknown = error_of(repository.path(), with_password(k_password));
  EXPECT_EQ(unknown.code, base::ErrorCode::unsupported);
  EXPECT_NE(unknown.what.find("version 3"), std::string::npos);
}

TEST(OpenRestic, a_key_file_that_asks_for_a_terabyte_is_refused_and_the_next_one_tried) {
  const MadeRepository repository;
  std::string greedy = cheap_key_file(repository.key(), k_password);
  greedy.replace(greedy.find("\"N\":1024"), 8, "\"N\":8589934592");
  store(repository.path() + "/keys", greedy);
  write_file(repository.path() + "/keys/" + std::string(64, '0'), "no key");
  const auto source = repository.must_open();
  ASSERT_TRUE(source);
  EXPECT_TRUE(has_rule(source->findings(), "restic.key.file")) << all_of(source->findings());
  const base::Error wrong = error_of(repository.path(), with_password("wrong"));
  EXPECT_NE(wrong.what.find("none of the 1 keys tried (2 more cannot be read)"), std::string::npos) << wrong.what;
}

TEST(OpenRestic, gives_up_after_twenty_keys) {
  const MadeRepository repository;
  for (int i = 0; i < 25; ++i)
    store(repository.path() + "/keys", cheap_key_file(repository.key(), "password " + std::to_string(i)));
  const base::Error wrong = error_of(repository.path(), with_password("wrong"));
  EXPECT_NE(wrong.what.find("none of the 20 keys tried; 6 were not tried"), std::string::npos) << wrong.what;
}

}  // namespace
}  // namespace lastgood::sources::restic::testing
