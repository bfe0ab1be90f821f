// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/object_reader.h"

#include <algorithm>
#include <atomic>

#include "base/checksum.h"
#include "sources/borg/segment_entry.h"

namespace lastgood::sources::borg {

using base::ByteView;
using base::Error;
using base::ErrorCode;
using base::Result;
using base::Status;
using Bytes = std::vector<std::uint8_t>;

namespace {

// An object that is expected to be larger is read by its own size; smaller ones with what follows them.
constexpr std::uint32_t k_large_bytes = 128U << 10;
constexpr std::size_t k_first_read_bytes = 32U << 10;
constexpr std::size_t k_read_ahead_bytes = 512U << 10;
// Reads that move forward by no more than this are taken for one pass over the segment.
constexpr std::uint64_t k_step_bytes = 1U << 20;
constexpr std::size_t k_open_files = 4;

Error damaged(std::string what, const std::string& path) {
  return {.code = ErrorCode::damaged_source, .what = std::move(what), .path = path};
}

std::string place_text(const ObjectPlace& place) {
  return "segment " + std::to_string(place.segment) + ", byte " + std::to_string(place.offset_bytes);
}

}  // namespace

struct ObjectReader::Workspace {
  Workspace(KeyKind kind, const RepoKey& key) : codec(kind, key) {}

  Result<os::EvidenceFile*> file(const SegmentStore& store, std::uint32_t segment) {
    for (Open& open : files) {
      if (open.file && open.segment == segment) {
        open.last_use = ++uses;
        return &*open.file;
      }
    }
    LG_ASSIGN(os::EvidenceFile opened, store.open_segment(segment));
    Open& oldest = *std::min_element(files.begin(), files.end(),
                                     [](const Open& a, const Open& b) { return a.last_use < b.last_use; });
    oldest.file.emplace(std::move(opened));
    oldest.segment = segment;
    oldest.last_use = ++uses;
    return &*oldest.file;
  }

  /// The bytes from `offset` of the window's segment, as far as they are there.
  [[nodiscard]] ByteView window_at(std::uint32_t segment, std::uint64_t offset) const {
    if (segment != window_segment || offset < window_from) return {};
    return ByteView(std::span(window).first(window_bytes)).part(offset - window_from);
  }

  Status fill(os::EvidenceFile& from, std::uint32_t segment, std::uint64_t offset, std::size_t length) {
    // Grows only: a vector that is made smaller and larger again is filled with zeros each time.
    if (window.size() < length) window.resize(length);
    window_segment = segment;
    window_from = offset;
    window_bytes = 0;
    LG_ASSIGN(window_bytes, from.read(offset, std::span(window).first(length)));
    return base::Done{};
  }

  struct Open {
    std::optional<os::EvidenceFile> file;
    std::uint32_t segment = 0;
    std::uint64_t last_use = 0;
  };
  ObjectCodec codec;
  std::array<Open, k_open_files> files;
  std::uint64_t uses = 0;
  Bytes window;
  std::uint32_t window_segment = UINT32_MAX;
  std::uint64_t window_from = 0;
  std::size_t window_bytes = 0;
  std::uint32_t last_segment = UINT32_MAX;
  std::uint64_t last_end = 0;
};

/// A workspace for as long as this lives.
class ObjectReader::Held {
 public:
  Held(std::unique_lock<std::mutex> lock, Workspace& workspace) : lock_(std::move(lock)), workspace_(workspace) {}
  Workspace& operator*() const { return workspace_; }
  Workspace* operator->() const { return &workspace_; }

 private:
  std::unique_lock<std::mutex> lock_;
  Workspace& workspace_;
};

ObjectReader::ObjectReader(const SegmentStore& store, const ObjectTable& table, KeyKind kind, RepoKey key)
    : store_(store), table_(table), kind_(kind), key_(std::move(key)) {}

ObjectReader::~ObjectReader() = default;

ObjectReader::Held ObjectReader::hold() {
  // A thread comes back to its own workspace, where its files are open and the next bytes have been read.
  static std::atomic<unsigned> threads{0};
  thread_local const unsigned own = threads++;
  Slot* slot = &slots_[own % slots_.size()];
  std::unique_lock lock(slot->mutex, std::try_to_lock);
  for (std::size_t i = 1; !lock.owns_lock() && i < slots_.size(); ++i) {
    slot = &slots_[(own + i) % slots_.size()];
    lock = std::unique_lock(slot->mutex, std::try_to_lock);
  }
  if (!lock.owns_lock()) {
    slot = &slots_[own % slots_.size()];
    lock = std::unique_lock(slot->mutex);
  }
  if (!slot->workspace) slot->workspace = std::make_unique<Workspace>(kind_, key_);
  return {std::move(lock), *slot->workspace};
}

Result<ByteView> ObjectReader::entry_at(Workspace& work, const ObjectPlace& place,
                                        std::optional<std::uint32_t> expected_bytes) {
  const std::uint64_t offset = place.offset_bytes;
  const bool goes_on =
      work.last_segment == place.segment && offset >= work.last_end && offset - work.last_end < k_step_bytes;
  ByteView bytes = work.window_at(place.segment, offset);
  std::optional<EntryHead> head = parse_entry_head(bytes);
  if (!head || head->size_bytes > bytes.size()) {
    LG_ASSIGN(os::EvidenceFile* const file, work.file(store_, place.segment));
    const bool is_large = expected_bytes && *expected_bytes > k_large_bytes;
    if (!head) {
      const std::size_t length = is_large ? k_entry_head_bytes : goes_on ? k_read_ahead_bytes : k_first_read_bytes;
      LG_TRY(work.fill(*file, place.segment, offset, length));
      bytes = work.window_at(place.segment, offset);
      head = parse_entry_head(bytes);
    }
    if (!head) return damaged("no object stands there", store_.location());
    if (head->size_bytes > bytes.size()) {
      const std::size_t ahead = is_large || head->size_bytes > k_large_bytes || !goes_on ? 0 : k_read_ahead_bytes;
      LG_TRY(work.fill(*file, place.segment, offset, std::max<std::size_t>(head->size_bytes, ahead)));
      bytes = work.window_at(place.segment, offset);
    }
  }
  if (head->size_bytes > bytes.size()) return damaged("the segment ends within the object", store_.location());
  work.last_segment = place.segment;
  work.last_end = offset + head->size_bytes;
  const ByteView entry = bytes.part(0, head->size_bytes);
  if (head->tag != EntryTag::put || !entry.matches(k_entry_head_bytes, ByteView(place.id).text())) {
    return damaged("another object stands there", store_.location());
  }
  return entry;
}

std::optional<std::string> ObjectReader::try_copy(Workspace& work, const ObjectPlace& place,
                                                  std::optional<std::uint32_t> expected_bytes, Bytes& out) {
  const Result<ByteView> entry = entry_at(work, place, expected_bytes);
  if (!entry) return entry.error().what + " (" + place_text(place) + ")";
  std::optional<std::string> trouble =
      work.codec.open(entry.value().part(k_put_head_bytes), place.id, expected_bytes, out);
  if (!trouble) return std::nullopt;
  return (entry_fits(entry.value()) ? "" : "the checksum of its entry does not fit; ") + *trouble + " (" +
         place_text(place) + ")";
}

const ObjectTable& ObjectReader::all_copies() {
  std::call_once(scanned_, [this] {
    Result<LoggedObjects> log = scan_log(store_);
    if (log) logged_ = std::move(log.value().table);
  });
  return logged_;
}

Status ObjectReader::read(const ObjectId& id, std::optional<std::uint32_t> expected_bytes, Bytes& out) {
  std::optional<std::string> trouble = "it is not in the repository";
  const std::optional<std::uint32_t> known = table_.find(id);
  {
    const Held work = hold();
    if (known) trouble = try_copy(*work, table_.at(*known), expected_bytes, out);
    if (!trouble) return base::Done{};
  }
  // Without the workspace: a scan may take minutes, and other threads wait for it with theirs.
  const ObjectTable& copies = all_copies();
  const Held work = hold();
  const std::span<const ObjectPlace> places = copies.copies_of(id);
  for (auto place = places.rbegin(); place != places.rend(); ++place) {
    const bool tried =
        known && place->segment == table_.at(*known).segment && place->offset_bytes == table_.at(*known).offset_bytes;
    if (!tried && !try_copy(*work, *place, expected_bytes, out)) return base::Done{};
  }
  return damaged("object " + base::hex(ByteView(id)) + " is lost: " + *trouble, store_.location());
}

ObjectId ObjectReader::name_of(ByteView plain) { return hold()->codec.id_of(plain); }

Status ObjectReader::read_manifest(std::uint32_t segment, std::uint32_t offset_bytes, Bytes& out) {
  const ObjectPlace place{.segment = segment, .offset_bytes = offset_bytes};
  LG_ASSIGN(const Bytes sealed, read_entry(store_, place));
  const Held work = hold();
  if (const std::optional<std::string> trouble = work->codec.open_manifest(ByteView(sealed), out)) {
    return damaged("the manifest at " + place_text(place) + " is broken: " + *trouble, store_.location());
  }
  return base::Done{};
}

std::uint32_t ObjectReader::stored_bytes(const ObjectPlace& place) {
  const Held work = hold();
  Result<os::EvidenceFile*> file = work->file(store_, place.segment);
  std::array<std::uint8_t, k_entry_head_bytes> bytes{};
  if (!file || !file.value()->read(place.offset_bytes, bytes)) return 0;
  const std::optional<EntryHead> head = parse_entry_head(ByteView(bytes));
  return head ? head->size_bytes : 0;
}

Result<Bytes> read_entry(const SegmentStore& store, const ObjectPlace& place) {
  LG_ASSIGN(os::EvidenceFile file, store.open_segment(place.segment));
  Bytes bytes(k_put_head_bytes);
  LG_ASSIGN(std::size_t got, file.read(place.offset_bytes, bytes));
  const std::optional<EntryHead> head = parse_entry_head(ByteView(bytes).part(0, got));
  if (!head || head->tag != EntryTag::put || !ByteView(bytes).matches(k_entry_head_bytes, ByteView(place.id).text())) {
    return damaged("no such object at " + place_text(place), store.location());
  }
  bytes.resize(head->size_bytes);
  LG_ASSIGN(got, file.read(place.offset_bytes, bytes));
  if (got != bytes.size() || !entry_fits(ByteView(bytes))) {
    return damaged("the checksum of the object at " + place_text(place) + " does not fit", store.location());
  }
  bytes.erase(bytes.begin(), bytes.begin() + k_put_head_bytes);
  return bytes;
}

}  // namespace lastgood::sources::borg
