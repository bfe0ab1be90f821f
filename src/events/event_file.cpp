// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "events/event_file.h"

#include <fmt/format.h>
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <optional>

#include "base/checksum.h"
#include "events/compressed.h"
#include "events/event_blocks.h"

namespace lastgood::events {

namespace {

constexpr std::string_view k_magic = "LGEVENT1";
constexpr std::string_view k_end_magic = "LGEVEND1";
constexpr std::size_t k_entry_bytes = 48;
constexpr std::size_t k_footer_bytes = 80;
constexpr int k_level = 3;

struct IndexEntry {
  std::uint64_t offset = 0;
  std::uint64_t packed_bytes = 0;
  std::uint64_t plain_bytes = 0;
  std::uint64_t events = 0;
  std::int64_t first_ns = 0;
  std::int64_t last_ns = 0;
};

void put_u64(std::string& out, std::uint64_t value) {
  for (unsigned i = 0; i < 8; ++i) out += static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
}

void put_hash(std::string& out, std::string_view bytes) {
  const XXH128_hash_t hash = XXH3_128bits(bytes.data(), bytes.size());
  put_u64(out, hash.low64);
  put_u64(out, hash.high64);
}

base::Error damaged(const std::string& path, std::uint64_t offset, std::string_view what) {
  base::Error error;
  error.code = base::ErrorCode::damaged_container;
  error.what = fmt::format("event file '{}' is damaged: {}", base::printable(path), what);
  error.path = path;
  error.offset_bytes = offset;
  error.hint = "remove that file and import the log again: the ledger says which it was";
  return error;
}

struct Footer {
  std::uint64_t index_offset = 0;
  std::uint64_t blocks = 0;
  EventCounts counts;
  std::string hash;
};

base::Result<Footer> read_footer(base::ByteSource& bytes, const std::string& path) {
  const std::uint64_t size = bytes.size_bytes();
  if (size < k_magic.size() + k_footer_bytes) return damaged(path, 0, fmt::format("{} bytes are too few", size));
  std::array<std::uint8_t, k_magic.size()> begin{};
  LG_ASSIGN(const std::size_t begun, bytes.read(0, begin));
  if (begun != begin.size() || !base::ByteView(std::span<const std::uint8_t>(begin)).matches(0, k_magic))
    return damaged(path, 0, "it does not begin as event files do");
  std::array<std::uint8_t, k_footer_bytes> read{};
  LG_ASSIGN(const std::size_t got, bytes.read(size - k_footer_bytes, read));
  const base::ByteView view(std::span<const std::uint8_t>(read).first(got));
  if (got != k_footer_bytes || !view.matches(72, k_end_magic)) return damaged(path, size, "it has no end");
  Footer footer{.index_offset = view.le64(0), .blocks = view.le64(8), .counts = {}, .hash = {}};
  footer.counts = {.events = view.le64(16),
                   .first_ns = static_cast<std::int64_t>(view.le64(24)),
                   .last_ns = static_cast<std::int64_t>(view.le64(32)),
                   .bytes = size};
  footer.hash = view.part(40, 16).text();
  const std::uint64_t room = size - k_footer_bytes;
  if (footer.blocks > k_blocks_max || footer.index_offset < k_magic.size() || footer.index_offset > room ||
      room - footer.index_offset != footer.blocks * k_entry_bytes) {
    return damaged(path, size - k_footer_bytes, "its index does not fit into it");
  }
  return footer;
}

base::Result<std::vector<IndexEntry>> read_index(base::ByteSource& bytes, const Footer& footer,
                                                 const std::string& path) {
  std::vector<std::uint8_t> read(static_cast<std::size_t>(footer.blocks * k_entry_bytes));
  LG_ASSIGN(const std::size_t got, bytes.read(footer.index_offset, read));
  const base::ByteView view{std::span<const std::uint8_t>(read)};
  std::string hash;
  put_hash(hash, view.text());
  if (got != read.size() || hash != footer.hash) return damaged(path, footer.index_offset, "its index was changed");
  std::vector<IndexEntry> index;
  index.reserve(static_cast<std::size_t>(footer.blocks));
  std::uint64_t offset = k_magic.size();
  std::uint64_t events = 0;
  for (std::uint64_t i = 0; i < footer.blocks; ++i) {
    const base::ByteView entry = view.part(i * k_entry_bytes, k_entry_bytes);
    const IndexEntry block{.offset = entry.le64(0),
                           .packed_bytes = entry.le64(8),
                           .plain_bytes = entry.le64(16),
                           .events = entry.le64(24),
                           .first_ns = static_cast<std::int64_t>(entry.le64(32)),
                           .last_ns = static_cast<std::int64_t>(entry.le64(40))};
    const bool fits = block.offset == offset && block.packed_bytes <= footer.index_offset - offset &&
                      block.packed_bytes <= 2 * k_block_bytes_max && block.plain_bytes <= k_block_bytes_max &&
                      block.events <= k_block_events && block.first_ns <= block.last_ns &&
                      (index.empty() || block.first_ns >= index.back().last_ns);
    if (!fits) return damaged(path, footer.index_offset + i * k_entry_bytes, "an entry of its index cannot be");
    offset += block.packed_bytes;
    events += block.events;
    index.push_back(block);
  }
  if (offset != footer.index_offset || events != footer.counts.events) {
    return damaged(path, footer.index_offset, "its blocks and its counts do not agree");
  }
  return index;
}

class FileStream final : public EventStream {
 public:
  FileStream(std::unique_ptr<base::ByteSource> bytes, std::string path, std::vector<IndexEntry> index,
             std::int64_t from_ns, std::int64_t to_ns)
      : bytes_(std::move(bytes)), path_(std::move(path)), index_(std::move(index)), from_ns_(from_ns), to_ns_(to_ns) {}

  base::Result<bool> next() override {
    while (true) {
      while (block_open_ && reader_.next(current_)) {
        if (current_.at_ns >= to_ns_) return false;
        if (current_.at_ns >= from_ns_) return true;
      }
      if (block_open_ && reader_.is_broken()) return damaged(path_, index_[at_ - 1].offset, "a block cannot be read");
      while (at_ < index_.size() && index_[at_].last_ns < from_ns_) ++at_;
      if (at_ == index_.size() || index_[at_].first_ns >= to_ns_) return false;
      LG_TRY(open_block(index_[at_]));
      ++at_;
    }
  }
  [[nodiscard]] const EventView& current() const override { return current_; }

 private:
  base::Status open_block(const IndexEntry& entry) {
    packed_.resize(static_cast<std::size_t>(entry.packed_bytes));
    LG_ASSIGN(const std::size_t got, bytes_->read(entry.offset, packed_));
    const std::string_view packed = base::ByteView(std::span<const std::uint8_t>(packed_)).text();
    if (got != packed_.size() || !unpacker_.unpack(packed, static_cast<std::size_t>(entry.plain_bytes), plain_) ||
        !reader_.open(plain_) || reader_.events() != entry.events) {
      return damaged(path_, entry.offset, "a block was changed");
    }
    block_open_ = true;
    return base::Done{};
  }

  std::unique_ptr<base::ByteSource> bytes_;
  std::string path_;
  std::vector<IndexEntry> index_;
  std::int64_t from_ns_;
  std::int64_t to_ns_;
  std::size_t at_ = 0;
  bool block_open_ = false;
  std::vector<std::uint8_t> packed_;
  std::string plain_;
  Unpacker unpacker_;
  BlockReader reader_;
  EventView current_;
};

}  // namespace

struct EventFileWriter::State {
  explicit State(os::AtomicFile begun) : file(std::move(begun)) {}

  base::Status write_block() {
    if (builder.events() == 0) return base::Done{};
    block.events = builder.events();
    const std::string plain = builder.finish();
    const std::string_view packed = packer.pack(plain);
    block.offset = offset;
    block.packed_bytes = packed.size();
    block.plain_bytes = plain.size();
    LG_TRY(write(packed));
    offset += packed.size();
    for (const std::uint64_t number :
         {block.offset, block.packed_bytes, block.plain_bytes, block.events, static_cast<std::uint64_t>(block.first_ns),
          static_cast<std::uint64_t>(block.last_ns)}) {
      put_u64(index, number);
    }
    return base::Done{};
  }

  base::Status write(std::string_view bytes) {
    digest.update(base::ByteView(bytes));
    return file.write(base::ByteView(bytes));
  }

  os::AtomicFile file;
  base::Sha256 digest;
  Packer packer{k_level};
  BlockBuilder builder;
  IndexEntry block;
  std::string index;  // as bytes: 48 a block
  std::uint64_t offset = 0;
  EventCounts counts;
};

EventFileWriter::EventFileWriter(std::unique_ptr<State> state) : state_(std::move(state)) {}
EventFileWriter::EventFileWriter(EventFileWriter&&) noexcept = default;
EventFileWriter::~EventFileWriter() = default;

base::Result<EventFileWriter> begin_event_file(const std::string& path) {
  LG_ASSIGN(os::AtomicFile file, os::begin_atomic_file(path, os::Overwrite::no));
  auto state = std::make_unique<EventFileWriter::State>(std::move(file));
  LG_TRY(state->write(k_magic));
  state->offset = k_magic.size();
  return EventFileWriter(std::move(state));
}

base::Status EventFileWriter::add(const EventView& event) {
  State& state = *state_;
  LG_ASSERT(state.counts.events == 0 || event.at_ns >= state.counts.last_ns);
  if (state.builder.events() == 0) state.block.first_ns = event.at_ns;
  if (state.counts.events == 0) state.counts.first_ns = event.at_ns;
  state.block.last_ns = state.counts.last_ns = event.at_ns;
  ++state.counts.events;
  state.builder.add(event);
  if (state.builder.events() < k_block_events && state.builder.size_bytes() < k_block_bytes) return base::Done{};
  return state.write_block();
}

base::Result<EventCounts> EventFileWriter::commit() {
  State& state = *state_;
  LG_TRY(state.write_block());
  std::string end = state.index;
  put_u64(end, state.offset);
  put_u64(end, state.index.size() / k_entry_bytes);
  put_u64(end, state.counts.events);
  put_u64(end, static_cast<std::uint64_t>(state.counts.first_ns));
  put_u64(end, static_cast<std::uint64_t>(state.counts.last_ns));
  put_hash(end, state.index);
  put_u64(end, 0);
  put_u64(end, 0);
  end += k_end_magic;
  LG_TRY(state.write(end));
  LG_TRY(state.file.commit());
  state.counts.bytes = state.offset + end.size();
  const base::Sha256Digest digest = state.digest.finish();
  state.counts.sha256 = base::hex(base::ByteView(std::span<const std::uint8_t>(digest)));
  return state.counts;
}

base::Result<std::unique_ptr<EventStream>> open_event_file(std::unique_ptr<base::ByteSource> bytes,
                                                           std::string path_for_messages, std::int64_t from_ns,
                                                           std::int64_t to_ns) {
  LG_ASSIGN(const Footer footer, read_footer(*bytes, path_for_messages));
  LG_ASSIGN(std::vector<IndexEntry> index, read_index(*bytes, footer, path_for_messages));
  return std::unique_ptr<EventStream>(
      std::make_unique<FileStream>(std::move(bytes), std::move(path_for_messages), std::move(index), from_ns, to_ns));
}

base::Result<EventCounts> read_event_counts(base::ByteSource& bytes, const std::string& path) {
  LG_ASSIGN(const Footer footer, read_footer(bytes, path));
  return footer.counts;
}

}  // namespace lastgood::events
