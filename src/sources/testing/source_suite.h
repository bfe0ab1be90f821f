// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What every Source must do, held against the tree that was backed up. An implementation's test makes the reference
// tree and a store of it once, and writes one line for all properties:
//
//   SuiteSubject subject() { return {.open = [] { ... }, .tree = "/tmp/x/tree", .inside = "tmp/x/tree", .store = ...};
//   } LASTGOOD_SOURCE_SUITE(ResticSource, subject())
//
// or calls single properties, each a function that tells of failures through GoogleTest.
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <vector>

#include "sources/source.h"

namespace lastgood::sources::testing {

enum class Kept : std::uint8_t { yes, no };

/// A store of a tree, and what its format is able to keep of it.
struct SuiteSubject {
  std::function<std::unique_ptr<Source>()> open;  // anew for every property; null fails it
  std::string tree;                               // the folder that was backed up, unchanged since
  std::string inside;  // where it is in the newest snapshot: "tmp/x/tree"; "" when the snapshot's root is the tree
  std::string store;   // file or folder that nothing may change; "" where it cannot be looked at
  std::vector<std::string> left_out = {};      // paths in the tree that were not backed up
  std::int64_t time_step_ns = 1;               // times are kept in steps of this
  Kept attributes = Kept::yes;                 // extended attributes and ACLs
  Kept link_targets_of_any_bytes = Kept::yes;  // no: targets that are not UTF-8 are left out of the comparison
  Kept hard_links = Kept::yes;
  Kept devices = Kept::yes;  // no: device nodes are left out of the comparison
};

/// Some are there, oldest first, each id once.
void expect_snapshots(const SuiteSubject& subject);
/// Names in order and each once, kinds, modes, owners, times, link targets, device numbers, sizes: as on the disk, and
/// nothing more or less.
void expect_same_entries(const SuiteSubject& subject);
/// Names share a link group exactly when they are one file on the disk, and then a content.
void expect_same_hard_links(const SuiteSubject& subject);
void expect_same_attributes(const SuiteSubject& subject);
/// In order of position: pieces lie end to end, none is too large, and they hold the bytes on the disk.
void expect_same_bytes_in_pieces(const SuiteSubject& subject);
/// The same through ContentBytes, from front to end and at scattered places.
void expect_same_bytes_as_byte_source(const SuiteSubject& subject);
/// A source that names its pieces by digests tells each of them from the same bytes with one changed; others tell none.
void expect_pieces_to_be_proven(const SuiteSubject& subject);
/// Equal keys, equal bytes; keys have 32 bytes.
void expect_equal_keys_to_mean_equal_bytes(const SuiteSubject& subject);
/// Four threads that read folders and contents at the same time, each in another order, get what one gets.
void expect_many_threads_to_read_the_same(const SuiteSubject& subject);
/// Names, bytes, whole statuses and access times of the store are as before after everything was read.
void expect_nothing_of_the_store_to_change(const SuiteSubject& subject);
/// A folder that is said to lie on this machine has the names that are read of it there; a file does not lie there.
void expect_folders_of_this_machine_to_be_found(const SuiteSubject& subject);
/// Subtree ids, keys and handles that the source never gave end in errors or nothing, not in bytes.
void expect_foreign_ids_to_be_refused(const SuiteSubject& subject);

}  // namespace lastgood::sources::testing

/// `subject`: an expression that gives a SuiteSubject; called once for each property.
#define LASTGOOD_SOURCE_SUITE(suite, subject)                                                                        \
  TEST(suite, lists_snapshots_oldest_first) { lastgood::sources::testing::expect_snapshots(subject); }               \
  TEST(suite, shows_every_entry_as_it_was) { lastgood::sources::testing::expect_same_entries(subject); }             \
  TEST(suite, tells_which_names_are_one_file) { lastgood::sources::testing::expect_same_hard_links(subject); }       \
  TEST(suite, gives_attributes_and_acls_back) { lastgood::sources::testing::expect_same_attributes(subject); }       \
  TEST(suite, gives_every_byte_back_in_pieces) { lastgood::sources::testing::expect_same_bytes_in_pieces(subject); } \
  TEST(suite, gives_every_byte_back_at_any_place) {                                                                  \
    lastgood::sources::testing::expect_same_bytes_as_byte_source(subject);                                           \
  }                                                                                                                  \
  TEST(suite, proves_pieces_by_their_digests_only) {                                                                 \
    lastgood::sources::testing::expect_pieces_to_be_proven(subject);                                                 \
  }                                                                                                                  \
  TEST(suite, gives_equal_keys_to_equal_bytes_only) {                                                                \
    lastgood::sources::testing::expect_equal_keys_to_mean_equal_bytes(subject);                                      \
  }                                                                                                                  \
  TEST(suite, reads_the_same_from_many_threads) {                                                                    \
    lastgood::sources::testing::expect_many_threads_to_read_the_same(subject);                                       \
  }                                                                                                                  \
  TEST(suite, changes_nothing_of_the_store) {                                                                        \
    lastgood::sources::testing::expect_nothing_of_the_store_to_change(subject);                                      \
  }                                                                                                                  \
  TEST(suite, says_of_a_folder_where_it_lies_only_where_its_files_do) {                                              \
    lastgood::sources::testing::expect_folders_of_this_machine_to_be_found(subject);                                 \
  }                                                                                                                  \
  TEST(suite, refuses_ids_it_never_gave) { lastgood::sources::testing::expect_foreign_ids_to_be_refused(subject); }
