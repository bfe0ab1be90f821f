// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/journal_record.h"

#include <algorithm>
#include <optional>
#include <type_traits>
#include <utility>

#include "base/assert.h"
#include "base/checksum.h"

namespace lastgood::recovery::restore {

namespace {

constexpr std::string_view k_magic = "LGRJ";

class FieldWriter {
 public:
  explicit FieldWriter(std::string& out) : out_(out) {}
  void u8(std::uint8_t value) { out_ += static_cast<char>(value); }
  void u32(std::uint64_t value) { number(value, 4); }
  void u64(std::uint64_t value) { number(value, 8); }
  void time(std::int64_t value) { u64(static_cast<std::uint64_t>(value)); }
  template <std::size_t N>
  void bytes(const std::array<std::uint8_t, N>& value) {
    for (const std::uint8_t byte : value) u8(byte);
  }
  void text(const std::string& value) {
    u32(value.size());
    out_ += value;
  }
  void state(const DoneState& value) {
    u64(value.size_bytes);
    bytes(value.hash);
    u32(value.segments);
    u32(value.mode);
    u32(value.user_id);
    u32(value.group_id);
    time(value.mtime_ns);
    bytes(value.attributes);
    u64(value.inode);
  }

 private:
  void number(std::uint64_t value, int count) {
    for (int i = 0; i < count; ++i) out_ += static_cast<char>(static_cast<std::uint8_t>(value >> (8 * i)));
  }
  std::string& out_;
};

/// Reads on; past the end everything is zero and `fits` is false.
class FieldReader {
 public:
  explicit FieldReader(base::ByteView bytes) : bytes_(bytes) {}
  std::uint8_t u8() { return bytes_.u8(advance(1)); }
  std::uint32_t u32() { return bytes_.le32(advance(4)); }
  std::uint64_t u64() { return bytes_.le64(advance(8)); }
  std::int64_t time() { return static_cast<std::int64_t>(u64()); }
  template <std::size_t N>
  void bytes(std::array<std::uint8_t, N>& into) {
    const std::size_t at = advance(N);
    for (std::size_t i = 0; i < N; ++i) into[i] = bytes_.u8(at + i);
  }
  std::string text() {
    const std::uint32_t length = u32();
    if (!bytes_.has(at_, length)) {
      fits_ = false;
      return {};
    }
    const std::size_t at = advance(length);
    return std::string(bytes_.part(at, length).text());
  }
  /// A count of things that take at least `bytes_each`.
  std::uint32_t count(std::size_t bytes_each) {
    const std::uint32_t value = u32();
    if (!fits_ || value > (bytes_.size() - at_) / bytes_each) fits_ = false;
    return fits_ ? value : 0;
  }
  DoneState state() {
    DoneState out;
    out.size_bytes = u64();
    bytes(out.hash);
    out.segments = u32();
    out.mode = u32();
    out.user_id = u32();
    out.group_id = u32();
    out.mtime_ns = time();
    bytes(out.attributes);
    out.inode = u64();
    return out;
  }
  [[nodiscard]] bool fits() const { return fits_; }
  [[nodiscard]] bool at_end() const { return fits_ && at_ == bytes_.size(); }

 private:
  std::size_t advance(std::size_t bytes) {
    if (!bytes_.has(at_, bytes)) {
      fits_ = false;
      return bytes_.size();
    }
    return std::exchange(at_, at_ + bytes);
  }
  base::ByteView bytes_;
  std::size_t at_ = 0;
  bool fits_ = true;
};

void write_payload(FieldWriter& out, const HeaderRecord& record) {
  out.u32(k_journal_format);
  out.u8(record.mode);
  out.bytes(record.plan_sha256);
  out.u64(record.root_inode);
  out.u64(record.items);
  out.u64(record.seed);
}
void write_payload(FieldWriter& out, const DoneRecord& record) {
  out.u32(record.entries.size());
  for (const DoneEntry& entry : record.entries) {
    out.u32(entry.item);
    out.state(entry.state);
  }
}
void write_payload(FieldWriter& out, const SegmentsRecord& record) {
  out.u32(record.entries.size());
  for (const SegmentEntry& entry : record.entries) {
    out.u32(entry.item);
    out.u32(entry.index);
    out.u64(entry.offset_bytes);
    out.u64(entry.length_bytes);
    out.bytes(entry.hash);
  }
}
void write_payload(FieldWriter& out, const IntentsRecord& record) {
  out.u32(record.entries.size());
  for (const IntentEntry& entry : record.entries) {
    out.u32(entry.item);
    out.state(entry.state);
    out.u64(entry.original.inode);
    out.u64(entry.original.size_bytes);
    out.time(entry.original.mtime_ns);
    out.bytes(entry.original.sha256);
    out.text(entry.kept_path);
  }
}
void write_payload(FieldWriter& out, const IncompleteRecord& record) {
  out.u32(record.entries.size());
  for (const IncompleteEntry& entry : record.entries) {
    out.u32(entry.item);
    out.u32(entry.lost.size());
    for (const model::ByteRange& range : entry.lost) {
      out.u64(range.from);
      out.u64(range.to);
    }
  }
}
void write_payload(FieldWriter& out, const FoldersRecord& record) {
  out.u32(record.paths.size());
  for (const std::string& path : record.paths) out.text(path);
}
void write_payload(FieldWriter& out, const UnitRecord& record) { out.u32(record.unit); }
void write_payload(FieldWriter& /*out*/, const FinishedRecord& /*record*/) {}
void write_payload(FieldWriter& out, const ReleasedRecord& record) {
  out.u32(record.items.size());
  for (const std::uint32_t item : record.items) out.u32(item);
}
void write_payload(FieldWriter& out, const FilledRecord& record) {
  out.u32(record.entries.size());
  for (const FilledEntry& entry : record.entries) {
    out.u32(entry.item);
    out.u64(entry.range.from);
    out.u64(entry.range.to);
    out.u8(static_cast<std::uint8_t>(entry.proof));
    out.u64(entry.compared_bytes);
    out.text(entry.from);
  }
}
void write_payload(FieldWriter& out, const KeptFilesRecord& record) {
  out.u32(record.item);
  out.u32(record.files.size());
  for (const KeptFile& file : record.files) {
    out.u8(file.kind);
    out.u64(file.size_bytes);
    out.bytes(file.sha256);
    out.text(file.path);
  }
}
void write_payload(FieldWriter& out, const KeptWholeRecord& record) {
  out.u32(record.item);
  out.u64(record.files);
  out.u64(record.bytes);
}

bool read_payload(FieldReader& in, HeaderRecord& record) {
  const std::uint32_t format = in.u32();
  record.mode = in.u8();
  in.bytes(record.plan_sha256);
  record.root_inode = in.u64();
  record.items = in.u64();
  record.seed = in.u64();
  return format == k_journal_format && record.mode <= 1;
}
bool read_payload(FieldReader& in, DoneRecord& record) {
  record.entries.resize(in.count(76));
  for (DoneEntry& entry : record.entries) {
    entry.item = in.u32();
    entry.state = in.state();
  }
  return true;
}
bool read_payload(FieldReader& in, SegmentsRecord& record) {
  record.entries.resize(in.count(40));
  for (SegmentEntry& entry : record.entries) {
    entry.item = in.u32();
    entry.index = in.u32();
    entry.offset_bytes = in.u64();
    entry.length_bytes = in.u64();
    in.bytes(entry.hash);
  }
  return true;
}
bool read_payload(FieldReader& in, IntentsRecord& record) {
  record.entries.resize(in.count(136));
  for (IntentEntry& entry : record.entries) {
    entry.item = in.u32();
    entry.state = in.state();
    entry.original.inode = in.u64();
    entry.original.size_bytes = in.u64();
    entry.original.mtime_ns = in.time();
    in.bytes(entry.original.sha256);
    entry.kept_path = in.text();
  }
  return true;
}
bool read_payload(FieldReader& in, IncompleteRecord& record) {
  record.entries.resize(in.count(8));
  for (IncompleteEntry& entry : record.entries) {
    entry.item = in.u32();
    entry.lost.resize(in.count(16));
    for (model::ByteRange& range : entry.lost) {
      range.from = in.u64();
      range.to = in.u64();
    }
  }
  return true;
}
bool read_payload(FieldReader& in, FoldersRecord& record) {
  record.paths.resize(in.count(4));
  for (std::string& path : record.paths) path = in.text();
  return true;
}
bool read_payload(FieldReader& in, UnitRecord& record) {
  record.unit = in.u32();
  return true;
}
bool read_payload(FieldReader& /*in*/, FinishedRecord& /*record*/) { return true; }
bool read_payload(FieldReader& in, ReleasedRecord& record) {
  record.items.resize(in.count(4));
  for (std::uint32_t& item : record.items) item = in.u32();
  return true;
}
bool read_payload(FieldReader& in, FilledRecord& record) {
  bool is_known = true;
  record.entries.resize(in.count(33));
  for (FilledEntry& entry : record.entries) {
    entry.item = in.u32();
    entry.range.from = in.u64();
    entry.range.to = in.u64();
    const std::uint8_t proof = in.u8();
    is_known = is_known && proof <= static_cast<std::uint8_t>(FillProof::compared);
    entry.proof = static_cast<FillProof>(proof);
    entry.compared_bytes = in.u64();
    entry.from = in.text();
  }
  return is_known;
}
bool read_payload(FieldReader& in, KeptFilesRecord& record) {
  record.item = in.u32();
  record.files.resize(in.count(45));
  for (KeptFile& file : record.files) {
    file.kind = in.u8();
    file.size_bytes = in.u64();
    in.bytes(file.sha256);
    file.path = in.text();
  }
  return true;
}
bool read_payload(FieldReader& in, KeptWholeRecord& record) {
  record.item = in.u32();
  record.files = in.u64();
  record.bytes = in.u64();
  return true;
}

template <std::size_t Kind = 0>
std::optional<JournalRecord> parse_payload(std::size_t kind, FieldReader& in) {
  if constexpr (Kind == std::variant_size_v<JournalRecord>) {
    return std::nullopt;
  } else {
    if (kind != Kind) return parse_payload<Kind + 1>(kind, in);
    std::variant_alternative_t<Kind, JournalRecord> record;
    if (!read_payload(in, record) || !in.at_end()) return std::nullopt;
    return JournalRecord(std::move(record));
  }
}

}  // namespace

std::string format_record(const JournalRecord& record) {
  std::string payload;
  FieldWriter out(payload);
  out.u8(static_cast<std::uint8_t>(record.index()));
  std::visit([&](const auto& kind) { write_payload(out, kind); }, record);
  LG_ASSERT(payload.size() + k_frame_head_bytes <= k_frame_bytes_max);
  std::string frame(k_magic);
  FieldWriter head(frame);
  head.u32(payload.size());
  head.u32(base::crc32c(base::ByteView(std::string_view(payload))));
  return frame + payload;
}

std::variant<ParsedFrame, FrameTrouble> parse_frame(base::ByteView bytes) {
  if (!bytes.has(0, k_frame_head_bytes)) {
    return k_magic.starts_with(bytes.part(0, k_magic.size()).text()) || bytes.matches(0, k_magic)
               ? FrameTrouble::cut
               : FrameTrouble::damaged;
  }
  const std::uint32_t length = bytes.le32(4);
  if (!bytes.matches(0, k_magic) || length == 0 || length > k_frame_bytes_max - k_frame_head_bytes) {
    return FrameTrouble::damaged;
  }
  if (!bytes.has(k_frame_head_bytes, length)) return FrameTrouble::cut;
  const base::ByteView payload = bytes.part(k_frame_head_bytes, length);
  if (base::crc32c(payload) != bytes.le32(8)) return FrameTrouble::damaged;
  FieldReader in(payload.part(1));
  std::optional<JournalRecord> record = parse_payload(payload.u8(0), in);
  if (!record) return FrameTrouble::damaged;
  return ParsedFrame{std::move(*record), k_frame_head_bytes + length};
}

std::size_t find_next_frame(base::ByteView bytes) { return std::min(bytes.find(k_magic, 1), bytes.size()); }

}  // namespace lastgood::recovery::restore
