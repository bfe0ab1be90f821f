// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The index says of every file how long it is and what its MD5 is. A file that is newer than the index is one too many
// (lost to Orthanc, not to us); one that the index names and that is not there is a loss. Facts: Orthanc Book, "How
// does Orthanc store its database?".
#include "engines/orthanc/orthanc_unit.h"

#include <algorithm>
#include <unordered_map>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/digest.h"
#include "base/error.h"
#include "engines/sqlite/sqlite_session.h"
#include "engines/sqlite/sqlite_unit.h"

namespace lastgood::engines {

namespace {

using base::ByteView;

constexpr std::uint64_t k_orthanc_index_bytes_max = std::uint64_t{1} << 30;
constexpr std::size_t k_store_folder_name_length = 2;

bool is_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

std::vector<std::string> find_orthanc(const FolderListing& listing) {
  if (!listing.has_file("index")) return {};
  const bool has_store = std::any_of(listing.entries.begin(), listing.entries.end(), [](const UnitEntry& entry) {
    return entry.kind == model::EntryKind::folder && entry.name.size() == k_store_folder_name_length &&
           is_hex(entry.name);
  });
  if (!has_store) return {};
  // The name alone is too common; an encrypted index has its log or its store to speak for it.
  const std::vector<std::uint8_t> head = listing.head_of("index", 16);
  const bool is_database = ByteView(std::span<const std::uint8_t>(head)).matches(0, "SQLite format 3");
  if (!is_database && !listing.has_file("index-wal") && !listing.has_file("index-journal")) return {};
  return {""};
}

/// "ab/cd/abcd....", by the file's id.
std::string store_path(std::string_view id) { return fmt::format("{}/{}/{}", id.substr(0, 2), id.substr(2, 2), id); }

std::string md5_of(UnitCheck& check, base::ByteSource& source, std::string_view shown) {
  base::Digest digest(base::DigestKind::md5);
  std::vector<std::uint8_t> buffer(256 * 1024);
  for (std::uint64_t at = 0; at < source.size_bytes();) {
    const std::size_t got = check.read(source, shown, at, buffer);
    if (got == 0) return {};
    digest.update(ByteView(std::span<const std::uint8_t>(buffer.data(), got)));
    at += got;
  }
  return base::hex(ByteView(std::span<const std::uint8_t>(digest.finish())));
}

class StoreCheck {
 public:
  StoreCheck(UnitCheck& check, const std::vector<Member>& members) : check_(check) {
    for (const Member& member : members) {
      if (is_store_path(member.path)) files_.emplace(member.path, member.size_bytes);
    }
  }

  void take(const std::string& id, std::uint64_t size_bytes, const std::string& md5) {
    ++named_;
    if (id.size() != 36 || id.find('/') != std::string::npos) {
      check_.damaged({}, "orthanc.index.name", fmt::format("the index names a file '{}'", base::printable(id)));
      return;
    }
    const std::string path = store_path(id);
    const std::string shown = check_.home().show(path);
    const auto found = files_.find(path);
    if (found == files_.end())
      return check_.damaged(shown, "orthanc.file.missing", "the index names it, and it is not there");
    const std::uint64_t there = found->second;
    files_.erase(found);
    if (there != size_bytes)
      return say_changed(path, shown, fmt::format("has {} bytes, the index says {}", there, size_bytes));
    if (check_.depth() == model::Depth::quick || md5.empty()) return;
    const auto source = check_.open(check_.home(), path);
    if (source && md5_of(check_, *source, shown) != md5) say_changed(path, shown, "its MD5 is not that in the index");
  }

  void finish() {
    for (const auto& [path, size_bytes] : files_) {
      if (++extra_ <= 16) check_.remarks(check_.home().show(path), "orthanc.file.extra", "the index does not know it");
    }
    check_.holds({}, "orthanc.store", fmt::format("{} files named by the index, {} it does not know", named_, extra_));
    if (extra_ > 0)
      check_.at_most(model::Certainty::weak, "orthanc.moment",
                     "files that the index does not know: the index is older than the store");
  }

 private:
  static bool is_store_path(std::string_view path) {
    return path.size() == 6 + 36 && path[2] == '/' && path[5] == '/' && is_hex(path.substr(0, 2)) &&
           is_hex(path.substr(3, 2));
  }

  void say_changed(const std::string& path, const std::string& shown, std::string sentence) {
    const auto source = check_.open(check_.home(), path);
    // Pictures are often compressed and then look random by nature: only one that no longer begins as DICOM counts.
    std::vector<std::uint8_t> head(132);
    const bool is_dicom = source && check_.read(*source, shown, 0, head) == head.size() &&
                          ByteView(std::span<const std::uint8_t>(head)).matches(128, "DICM");
    const bool is_random = source && !is_dicom && looks_random(check_, *source, shown);
    is_random ? check_.encrypted(shown, "orthanc.file", sentence + ", and its bytes look random")
              : check_.damaged(shown, "orthanc.file", std::move(sentence));
  }

  UnitCheck& check_;
  std::unordered_map<std::string, std::uint64_t> files_;
  std::uint64_t named_ = 0;
  std::uint64_t extra_ = 0;
};

void check_storage(UnitCheck& check, const std::string& /*name*/) {
  check.set_engine("Orthanc");
  const std::vector<Member> members = check.take_members(check.home());
  auto image = sqlite::check_database(check, "index", k_orthanc_index_bytes_max);
  if (!image) {
    if (check.is_good())
      check.at_most(model::Certainty::weak, "orthanc.index", "the store was not compared with the index");
    return;
  }
  auto session = sqlite::SqliteSession::open(std::move(*image));
  if (!session.ok()) return check.damaged(check.home().show("index"), "orthanc.index", session.error().what);
  StoreCheck store(check, members);
  const base::Status status = session.value().query(
      "SELECT uuid, compressedSize, compressedMD5 FROM AttachedFiles", [&](const sqlite::SqliteRow& row) {
        store.take(row.text(0), static_cast<std::uint64_t>(row.number(1)), row.text(2));
        return true;
      });
  if (!status.ok()) return check.damaged(check.home().show("index"), "orthanc.index", status.error().what);
  store.finish();
}

}  // namespace

const UnitRow k_orthanc_row = {.kind = UnitKind::orthanc,
                               .name = "orthanc",
                               .form = UnitRow::Form::folder,
                               .find = find_orthanc,
                               .check = check_storage};

}  // namespace lastgood::engines
