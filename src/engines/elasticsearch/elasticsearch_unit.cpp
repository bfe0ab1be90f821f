// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// "There are no supported methods to restore any data from a file system-level backup": such a restore may appear to
// have succeeded having silently lost data (Elasticsearch documentation, "Snapshot and restore"). Only a snapshot
// repository counts, which is another thing than this directory.
#include "engines/elasticsearch/elasticsearch_unit.h"

namespace lastgood::engines {

namespace {

/// "nodes/0/_state" up to version 7, "_state" and "indices" beside each other from version 8.
std::vector<std::string> find_elasticsearch(const FolderListing& listing) {
  const bool is_new = listing.has_folder("_state") && listing.has_folder("indices");
  bool is_old = false;
  if (listing.has_folder("nodes")) {
    auto node = listing.view->list(listing.path_of("nodes/0"));
    if (node.ok()) {
      sort_by_name(node.value());
      is_old = FolderListing{.view = listing.view, .folder = {}, .entries = node.value()}.has_folder("_state");
    }
  }
  if (!is_new && !is_old) return {};
  return {""};
}

void check_directory(UnitCheck& check, const std::string& /*name*/) {
  check.set_engine("Elasticsearch or OpenSearch");
  (void)check.take_members(check.home());
  check.rebuild("elasticsearch.copy",
                "a copy of this directory is never a valid backup: restore from a snapshot repository, or index anew");
}

}  // namespace

const UnitRow k_elasticsearch_row = {.kind = UnitKind::elasticsearch,
                                     .name = "elasticsearch",
                                     .form = UnitRow::Form::folder,
                                     .find = find_elasticsearch,
                                     .check = check_directory};

}  // namespace lastgood::engines
