// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/blob_reader.h"

#include <algorithm>
#include <atomic>
#include <optional>

#include <fmt/format.h>

#include "sources/restic/unpack.h"

namespace lastgood::sources::restic {

namespace {

std::atomic<std::uint64_t> next_serial{1};

// A thread keeps buffers up to this size; a huge tree gives its memory back.
constexpr std::size_t k_buffer_kept_bytes_max = std::size_t{64} << 20;
// zstd and the seal make an incompressible blob a little longer than its content.
constexpr std::uint64_t k_overhead_bytes_max = std::uint64_t{1} << 20;

/// Or is it that we cannot get at bytes that may be well?
bool is_damage(base::ErrorCode code) {
  return code != base::ErrorCode::busy_retry && code != base::ErrorCode::denied &&
         code != base::ErrorCode::limit_reached;
}

base::Error lost(std::string what) { return {.code = base::ErrorCode::damaged_source, .what = std::move(what)}; }

}  // namespace

/// What one thread keeps between blobs.
struct BlobReader::Scratch {
  std::uint64_t serial = 0;  // of the reader whose key and pack numbers these are
  std::optional<SealOpener> opener;
  IdHasher hasher;
  Decompressor decompressor;
  std::vector<std::uint8_t> packed;  // opened, not yet decompressed

  // Bytes [window_from, window_from + window_length) of pack window_pack.
  std::vector<std::uint8_t> window;
  std::uint32_t window_pack = UINT32_MAX;
  std::uint64_t window_from = 0;
  std::size_t window_length = 0;
  std::uint64_t last_end = 0;  // where the blob read last ends

  void give_back_if_huge() {
    if (packed.size() > k_buffer_kept_bytes_max) std::vector<std::uint8_t>().swap(packed);
    if (window.size() <= k_buffer_kept_bytes_max) return;
    std::vector<std::uint8_t>().swap(window);
    window_length = 0;
  }
};

BlobReader::BlobReader(RepositoryFiles& files, const BlobIndex& index, const MasterKey& key)
    : files_(files), index_(index), key_(key), serial_(next_serial.fetch_add(1)) {}

BlobReader::Scratch& BlobReader::scratch() const {
  thread_local Scratch kept;
  if (kept.serial != serial_) {
    kept.serial = serial_;
    kept.opener.emplace(key_);
    kept.window_pack = UINT32_MAX;
    kept.window_length = 0;
  }
  return kept;
}

base::Result<base::ByteView> BlobReader::read_sealed(const BlobRecord& copy, Scratch& scratch) const {
  const std::uint64_t from = copy.offset_bytes;
  const std::size_t length = copy.length_bytes;
  const bool same_pack = scratch.window_pack == copy.pack();
  const bool inside =
      same_pack && from >= scratch.window_from && from + length <= scratch.window_from + scratch.window_length;
  if (!inside) {
    const std::size_t ahead = files_.read_ahead_bytes();
    const bool forward = same_pack && from >= scratch.last_end && from - scratch.last_end <= ahead;
    const std::size_t want = forward ? std::max(ahead, length) : length;
    if (scratch.window.size() < want) scratch.window.resize(want);
    scratch.window_length = 0;
    LG_ASSIGN(scratch.window_length,
              files_.read_pack(index_.packs().name_of(copy.pack()), from, std::span(scratch.window).first(want)));
    scratch.window_pack = copy.pack();
    scratch.window_from = from;
  }
  scratch.last_end = from + length;
  return base::ByteView(std::span<const std::uint8_t>(scratch.window).first(scratch.window_length))
      .part(from - scratch.window_from, length);
}

base::Status BlobReader::read_copy(const BlobRecord& copy, std::uint32_t bytes_max, Scratch& scratch,
                                   std::vector<std::uint8_t>& into) const {
  if (!index_.packs().is_present(copy.pack())) return lost("the pack is not there");
  const std::uint64_t content_bytes = copy.content_bytes();
  if (content_bytes > bytes_max || copy.length_bytes > bytes_max + k_overhead_bytes_max) {
    return lost(fmt::format("its {} bytes are more than the {} that a blob may have",
                            std::max<std::uint64_t>(content_bytes, copy.length_bytes), bytes_max));
  }
  LG_ASSIGN(const base::ByteView sealed, read_sealed(copy, scratch));
  if (sealed.size() < copy.length_bytes) {
    return lost(fmt::format("the pack ends after {} of {} bytes", sealed.size(), copy.length_bytes));
  }
  // What stands in it is not worth moving.
  if (into.capacity() < content_bytes + k_spare_bytes) {
    into.clear();
    into.reserve(content_bytes + k_spare_bytes);
  }
  into.resize(content_bytes);
  if (copy.plain_bytes == 0) {
    if (!scratch.opener->open(sealed, into)) return lost("the MAC is another");
  } else {
    const std::size_t packed_bytes = sealed.size() - k_seal_bytes;
    if (scratch.packed.size() < packed_bytes) scratch.packed.resize(packed_bytes);
    const std::span<std::uint8_t> packed = std::span(scratch.packed).first(packed_bytes);
    if (!scratch.opener->open(sealed, packed)) return lost("the MAC is another");
    if (!scratch.decompressor.decompress(base::ByteView(std::span<const std::uint8_t>(packed)), into)) {
      return lost(fmt::format("it does not unpack to {} bytes", content_bytes));
    }
  }
  if (scratch.hasher.id_of(base::ByteView(std::span<const std::uint8_t>(into))) != copy.id) {
    return lost("its SHA-256 is another than its name: somebody put other bytes there");
  }
  return base::Done{};
}

base::Status BlobReader::read(const BlobId& id, std::span<const BlobRecord> copies, std::uint32_t bytes_max,
                              std::vector<std::uint8_t>& into) const {
  Scratch& mine = scratch();
  base::Error error = lost({});
  constexpr std::size_t k_told_max = 1000;
  std::string failures;
  for (const BlobRecord& copy : copies) {
    const base::Status read = read_copy(copy, bytes_max, mine, into);
    mine.give_back_if_huge();
    if (read.ok()) return base::Done{};
    if (!is_damage(read.error().code)) error.code = read.error().code;
    if (error.path.empty()) {
      error.path = hex_of(index_.packs().name_of(copy.pack()));
      error.offset_bytes = copy.offset_bytes;
    }
    if (failures.size() > k_told_max) continue;
    failures += fmt::format("{}pack {} at byte {}: {}", failures.empty() ? "" : "; ",
                            hex_of(index_.packs().name_of(copy.pack())), copy.offset_bytes, read.error().what);
  }
  into.clear();
  error.what = fmt::format("cannot read blob {}: {}", short_hex_of(id),
                           copies.empty() ? "no index and no pack names it" : failures);
  return error;
}

}  // namespace lastgood::sources::restic
