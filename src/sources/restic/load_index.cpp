// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/load_index.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/checksum.h"
#include "sources/restic/faults.h"
#include "sources/restic/json.h"
#include "sources/restic/pack_header.h"
#include "sources/restic/unpack.h"

namespace lastgood::sources::restic {

namespace {

/// Counts files and keeps the first few names for a sentence.
class NamedCount {
 public:
  void add(const BlobId& name) {
    if (count_++ >= k_shown_max) return;
    if (!shown_.empty()) shown_ += ", ";
    shown_ += short_hex_of(name);
  }
  [[nodiscard]] std::size_t count() const { return count_; }
  [[nodiscard]] std::string names() const {
    return count_ > k_shown_max ? fmt::format("{} and {} more", shown_, count_ - k_shown_max) : shown_;
  }

 private:
  static constexpr std::size_t k_shown_max = 5;
  std::size_t count_ = 0;
  std::string shown_;
};

/// A server that does not answer says nothing about the repository.
bool is_ours(base::ErrorCode code) {
  return code == base::ErrorCode::busy_retry || code == base::ErrorCode::limit_reached;
}

/// Real indexes are mostly ids, which do not shrink; more than this is a bomb.
std::size_t plain_bytes_max(std::size_t sealed_bytes) { return (std::size_t{16} << 20) + 32 * sealed_bytes; }

/// What the indexes say about one pack, to compare with its size.
struct PackSum {
  std::uint64_t blob_bytes = 0;
  std::uint64_t entry_bytes = 0;
  std::uint64_t end_bytes = 0;
};

class Loader {
 public:
  Loader(RepositoryFiles& files, const MasterKey& key, std::vector<StoredFile> packs)
      : files_(files), key_(key), index_(PackTable(std::move(packs))) {}

  base::Status read_indexes() {
    LG_ASSIGN(Listing listing, files_.list(StoredKind::index));
    add_findings(listing.findings);
    if (listing.files.empty() && index_.packs().present_count() > 0) {
      findings_.push_back(bad("restic.index.none", fmt::format("there is no index for {} packs; their headers are read",
                                                               index_.packs().present_count())));
    }
    for (const StoredFile& file : listing.files) {
      const base::Status read = read_index(file.name);
      if (!read.ok() && is_ours(read.error().code)) return read;
      if (!read.ok()) {
        findings_.push_back(bad("restic.index.file", fmt::format("index {} cannot be used whole: {}",
                                                                 short_hex_of(file.name), read.error().what)));
      }
    }
    index_.put_in_order();
    return base::Done{};
  }

  /// Packs that no index names, or whose size is not what the indexes add up to, are asked themselves.
  base::Status read_headers_where_needed() {
    const std::vector<PackSum> sums = sum_packs();
    NamedCount unnamed;
    NamedCount incomplete;
    NamedCount cut;
    for (std::uint32_t number = 0; number < index_.packs().present_count(); ++number) {
      const StoredFile& pack = index_.packs().file_of(number);
      const PackSum& sum = sums[number];
      const bool named = sum.entry_bytes > 0;
      if (named && (!pack.has_size || pack.size_bytes == expected_bytes(sum))) continue;
      if (named && pack.size_bytes < sum.end_bytes) {
        cut.add(pack.name);
        continue;
      }
      (named ? incomplete : unnamed).add(pack.name);
      LG_TRY(read_header(number, pack));
    }
    if (unnamed.count() > 0) {
      findings_.push_back(bad("restic.index.packs", fmt::format("no index names {} packs: {}; their headers were read",
                                                                unnamed.count(), unnamed.names())));
    }
    if (incomplete.count() > 0) {
      findings_.push_back(
          bad("restic.index.blobs", fmt::format("the indexes do not tell {} packs in full: {}; their headers were read",
                                                incomplete.count(), incomplete.names())));
    }
    if (cut.count() > 0) {
      findings_.push_back(bad("restic.pack.cut", fmt::format("{} packs end before blobs that an index places there: {}",
                                                             cut.count(), cut.names())));
    }
    if (unnamed.count() + incomplete.count() > 0) index_.put_in_order();
    return base::Done{};
  }

  LoadedIndex finish() {
    NamedCount gone;
    const PackTable& packs = index_.packs();
    for (auto number = static_cast<std::uint32_t>(packs.present_count()); number < packs.size(); ++number) {
      gone.add(packs.name_of(number));
    }
    if (gone.count() > 0) {
      findings_.push_back(bad("restic.pack.gone", fmt::format("{} packs that an index names are not there: {}",
                                                              gone.count(), gone.names())));
    }
    return {.index = std::move(index_), .findings = std::move(findings_)};
  }

  void add_findings(std::vector<model::Finding>& more) {
    std::move(more.begin(), more.end(), std::back_inserter(findings_));
  }

 private:
  base::Status read_index(const BlobId& name) {
    auto sealed = files_.read_file(StoredKind::index, name, k_index_bytes_max);
    if (!sealed.ok()) {
      base::Error error = std::move(sealed).error();
      // A file too large to be an index is the file's fault; ours is only the limit on all of them.
      if (error.code == base::ErrorCode::limit_reached) error.code = base::ErrorCode::damaged_source;
      return error;
    }
    LG_ASSIGN(const std::vector<std::uint8_t> text,
              open_json(key_, sealed.value(), plain_bytes_max(sealed.value().size())));
    bool full = false;
    std::size_t refused = 0;
    const IndexEnd end = parse_index(text, [&](IndexedPack& pack) {
      const std::uint32_t number = index_.packs().number_of(pack.pack);
      for (const BlobPlace& blob : pack.blobs) full = !index_.add(number, blob) || full;
      refused += pack.refused;
    });
    if (full) return too_many();
    if (!end.whole) return base::Error{.code = base::ErrorCode::damaged_source, .what = "its JSON breaks"};
    if (refused + end.refused > 0) {
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = fmt::format("{} of its entries make no sense", refused + end.refused)};
    }
    return base::Done{};
  }

  [[nodiscard]] base::Error too_many() const {
    return {.code = base::ErrorCode::limit_reached,
            .what = fmt::format("cannot open '{}': its indexes name more than 2 147 483 648 blobs",
                                base::printable(files_.location())),
            .path = files_.location()};
  }

  std::vector<PackSum> sum_packs() {
    std::vector<PackSum> sums(index_.packs().size());
    for (const BlobRecord& record : index_.records()) {
      PackSum& sum = sums[record.pack()];
      sum.blob_bytes += record.length_bytes;
      sum.entry_bytes += record.plain_bytes > 0 ? k_compressed_entry_bytes : k_plain_entry_bytes;
      sum.end_bytes = std::max<std::uint64_t>(sum.end_bytes, std::uint64_t{record.offset_bytes} + record.length_bytes);
    }
    return sums;
  }

  static std::uint64_t expected_bytes(const PackSum& sum) {
    return sum.blob_bytes + sum.entry_bytes + k_seal_bytes + k_header_length_bytes;
  }

  base::Status read_header(std::uint32_t number, const StoredFile& pack) {
    auto blobs = blobs_of(pack);
    if (!blobs.ok()) {
      if (is_ours(blobs.error().code)) return blobs.error();
      findings_.push_back(bad("restic.pack.header", fmt::format("pack {} does not tell its blobs: {}",
                                                                short_hex_of(pack.name), blobs.error().what)));
      return base::Done{};
    }
    for (const BlobPlace& blob : blobs.value()) {
      if (!index_.add(number, blob)) return too_many();
    }
    return base::Done{};
  }

  base::Result<std::vector<BlobPlace>> blobs_of(const StoredFile& pack) {
    std::uint64_t size = pack.size_bytes;
    if (!pack.has_size) {
      LG_ASSIGN(size, files_.size_of_pack(pack.name));
    }
    // Most headers are shorter than this, so that one read is enough.
    constexpr std::size_t k_first_read_bytes = 16 * 1024;
    LG_ASSIGN(std::vector<std::uint8_t> tail, read_end(pack.name, size, k_first_read_bytes));
    const auto length = parse_header_length(base::ByteView(std::span<const std::uint8_t>(tail)), size);
    if (!length) {
      return base::Error{.code = base::ErrorCode::damaged_source,
                         .what = fmt::format("the last four of its {} bytes are no header length", size)};
    }
    if (*length + k_header_length_bytes > tail.size()) {
      LG_ASSIGN(tail, read_end(pack.name, size, *length + k_header_length_bytes));
    }
    const base::ByteView end(std::span<const std::uint8_t>{tail});
    const base::ByteView sealed = end.part(end.size() - k_header_length_bytes - *length, *length);
    const auto plain = open_sealed(key_, sealed);
    if (!plain) return base::Error{.code = base::ErrorCode::damaged_source, .what = "the MAC of its header is another"};
    return parse_pack_header(base::ByteView(std::span<const std::uint8_t>(*plain)),
                             size - k_header_length_bytes - *length);
  }

  base::Result<std::vector<std::uint8_t>> read_end(const BlobId& pack, std::uint64_t size, std::size_t length) {
    std::vector<std::uint8_t> bytes(static_cast<std::size_t>(std::min<std::uint64_t>(size, length)));
    LG_ASSIGN(const std::size_t got, files_.read_pack(pack, size - bytes.size(), bytes));
    if (got == bytes.size()) return bytes;
    return base::Error{.code = base::ErrorCode::damaged_source, .what = fmt::format("it ends before byte {}", size)};
  }

  RepositoryFiles& files_;
  const MasterKey& key_;
  BlobIndex index_;
  std::vector<model::Finding> findings_;
};

}  // namespace

base::Result<std::vector<std::uint8_t>> open_json(const MasterKey& key, const std::vector<std::uint8_t>& sealed,
                                                  std::size_t bytes_max) {
  const auto plain = open_sealed(key, base::ByteView(std::span<const std::uint8_t>(sealed)));
  if (!plain) {
    return base::Error{.code = base::ErrorCode::damaged_source,
                       .what = fmt::format("its {} bytes are damaged or cut: their MAC is another", sealed.size())};
  }
  LG_ASSIGN(std::vector<std::uint8_t> text,
            unpack_file(base::ByteView(std::span<const std::uint8_t>(*plain)), bytes_max));
  text.resize(text.size() + k_json_padding_bytes);
  return text;
}

base::Result<LoadedIndex> load_index(RepositoryFiles& files, const MasterKey& key) {
  LG_ASSIGN(Listing packs, files.list(StoredKind::pack));
  Loader loader(files, key, std::move(packs.files));
  loader.add_findings(packs.findings);
  LG_TRY(loader.read_indexes());
  LG_TRY(loader.read_headers_where_needed());
  return loader.finish();
}

}  // namespace lastgood::sources::restic
