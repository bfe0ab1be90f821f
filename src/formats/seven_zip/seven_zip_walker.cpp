// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// 7z archives. Specification: 7zFormat.txt of the LZMA SDK.
//
//   file         = start header(32) packed streams [packed header] header
//   start header = magic(6) version(2) crc32(4, over the next 20 bytes) offset(8) size(8) crc32(4) of the header
//   header       = 1 streams files | 23 streams: the true header, packed
//   A folder is what was packed together; coder 06F10701 (7zAES) in one of them: encrypted by its owner.
// The header is at the end and both ends carry checksums; folders are decoded to the checksums of their files.
#include "formats/seven_zip/seven_zip_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/checksum.h"
#include "formats/broken_units.h"
#include "formats/seven_zip/seven_zip_decode.h"
#include "formats/seven_zip/seven_zip_header.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"7z"}, NameClaim{"cb7"}};
constexpr std::string_view k_magic = "7z\xBC\xAF\x27\x1C"sv;
constexpr std::uint64_t k_start_bytes = 32;
constexpr std::uint64_t k_header_bytes_max = 64 * 1024 * 1024;
constexpr std::uint64_t k_header_offset_max = std::uint64_t{1} << 50;
constexpr std::uint64_t k_quick_header_bytes_max = 64 * 1024;
constexpr std::uint64_t k_small_total_bytes_max = 8 * 1024 * 1024;
constexpr int k_nesting_max = 4;  // a packed header may be packed again

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

std::vector<std::uint8_t> copy_bytes(WalkInput& input, std::uint64_t from, std::uint64_t length) {
  std::vector<std::uint8_t> bytes;
  while (bytes.size() < length) {
    const ByteView piece = input.at(
        from + bytes.size(), static_cast<std::size_t>(std::min<std::uint64_t>(length - bytes.size(), k_window_bytes)));
    if (piece.empty()) break;
    bytes.insert(bytes.end(), piece.begin(), piece.end());
  }
  return bytes;
}

/// Where the packed streams stand; nothing when they leave [k_start_bytes, to).
std::optional<std::vector<model::ByteRange>> place_streams(const SevenZipStreams& streams, std::uint64_t to) {
  std::vector<model::ByteRange> places;
  if (streams.pack_offset > to || k_start_bytes > to - streams.pack_offset) return std::nullopt;
  std::uint64_t at = k_start_bytes + streams.pack_offset;
  for (const std::uint64_t size : streams.packed_sizes) {
    if (size > to - at) return std::nullopt;
    places.push_back({.from = at, .to = at + size});
    at += size;
  }
  return places;
}

enum class HeaderState : std::uint8_t {
  plain,   // `streams` are those of the files
  secret,  // the header itself is encrypted
  opaque,  // packed in a way that is not decoded here
  broken,
};

struct HeaderFacts {
  HeaderState state = HeaderState::broken;
  SevenZipStreams streams;
  std::vector<model::ByteRange> packed;  // where packed headers stand
  std::string why;
  model::ByteRange why_range;
};

HeaderFacts broken_header(HeaderFacts facts, std::string why, model::ByteRange range) {
  facts.state = HeaderState::broken;
  facts.why = std::move(why);
  facts.why_range = range;
  return facts;
}

/// Unpacks the header as often as it was packed.
HeaderFacts read_header(WalkInput& input, model::ByteRange range) {
  HeaderFacts facts;
  std::vector<std::uint8_t> header = copy_bytes(input, range.from, range.length());
  for (int i = 0; i < k_nesting_max; ++i) {
    auto streams = parse_seven_zip_streams(ByteView(header));
    if (!streams) return broken_header(std::move(facts), "the header's fields do not fit", range);
    facts.streams = std::move(*streams);
    if (ByteView(header).u8(0) == 1) {
      facts.state = HeaderState::plain;
      return facts;
    }
    const auto places = place_streams(facts.streams, range.from);
    if (!places || places->empty() || facts.streams.folders.empty()) {
      return broken_header(std::move(facts), "the packed header is not in the content", range);
    }
    facts.packed.push_back({.from = places->front().from, .to = places->back().to});
    const SevenZipFolder& folder = facts.streams.folders.front();
    if (folder.uses(k_seven_zip_aes)) {
      facts.state = HeaderState::secret;
      return facts;
    }
    facts.state = HeaderState::opaque;
    if (!can_decode_seven_zip(folder)) return facts;
    std::vector<std::uint8_t> unpacked;
    const Decoded decoded = decode_seven_zip(input, places->front().from, places->front().to, folder,
                                             k_header_bytes_max, [&unpacked](ByteView piece) {
                                               unpacked.insert(unpacked.end(), piece.begin(), piece.end());
                                               return true;
                                             });
    if (decoded.end == DecodeEnd::stopped) return facts;
    if (decoded.end != DecodeEnd::complete || (folder.crc32 && base::crc32(ByteView(unpacked)) != *folder.crc32)) {
      return broken_header(std::move(facts), "the packed header does not unpack to what its checksum says",
                           places->front());
    }
    header = std::move(unpacked);
  }
  return facts;
}

/// Compares what comes out of a folder with the checksums of its files.
class FileSums {
 public:
  explicit FileSums(const SevenZipFolder& folder) : folder_(folder) {}

  bool take(ByteView piece) {
    whole_ = base::crc32(piece, whole_);
    while (!piece.empty() && file_ < folder_.file_sizes.size()) {
      const std::uint64_t left = folder_.file_sizes[file_] - in_file_;
      const ByteView part = piece.part(0, left);
      current_ = base::crc32(part, current_);
      in_file_ += part.size();
      piece = piece.part(part.size());
      close_full_files();
    }
    return true;
  }
  [[nodiscard]] std::uint64_t bad() const {
    return bad_ + (folder_.crc32 && *folder_.crc32 != whole_ ? 1 : 0) + (single_is_bad() ? 1 : 0);
  }
  [[nodiscard]] bool has_sums() const {
    return folder_.crc32 || std::any_of(folder_.file_crcs.begin(), folder_.file_crcs.end(),
                                        [](const auto& crc) { return crc.has_value(); });
  }

 private:
  void close_full_files() {
    while (file_ < folder_.file_sizes.size() && in_file_ == folder_.file_sizes[file_]) {
      if (file_ < folder_.file_crcs.size() && folder_.file_crcs[file_] && *folder_.file_crcs[file_] != current_) ++bad_;
      ++file_;
      in_file_ = 0;
      current_ = 0;
    }
  }
  [[nodiscard]] bool single_is_bad() const {
    return folder_.file_sizes.empty() && folder_.file_crcs.size() == 1 && folder_.file_crcs[0] &&
           *folder_.file_crcs[0] != whole_;
  }

  const SevenZipFolder& folder_;
  std::uint32_t whole_ = 0;
  std::uint32_t current_ = 0;
  std::size_t file_ = 0;
  std::uint64_t in_file_ = 0;
  std::uint64_t bad_ = 0;
};

enum class FolderState : std::uint8_t { fits, fails, unknown };

FolderState check_folder(WalkInput& input, const SevenZipFolder& folder, model::ByteRange range,
                         std::uint64_t bytes_max, std::string& why) {
  if (!can_decode_seven_zip(folder)) return FolderState::unknown;
  FileSums sums(folder);
  if (!sums.has_sums()) return FolderState::unknown;
  const Decoded decoded = decode_seven_zip(input, range.from, range.to, folder, bytes_max,
                                           [&sums](ByteView piece) { return sums.take(piece); });
  if (decoded.end == DecodeEnd::stopped) return FolderState::unknown;
  if (decoded.end != DecodeEnd::complete) {
    why = fmt::format("the folder at byte {} does not decode beyond byte {} of its {}", range.from,
                      decoded.consumed_bytes, range.length());
    return FolderState::fails;
  }
  if (sums.bad() != 0) {
    why = fmt::format("{} checksums of the folder at byte {} do not fit", sums.bad(), range.from);
    return FolderState::fails;
  }
  return FolderState::fits;
}

struct FolderCounts {
  std::uint64_t verified = 0;
  std::uint64_t encrypted = 0;
};

FolderCounts check_folders(WalkInput& input, const SevenZipStreams& streams,
                           const std::vector<model::ByteRange>& places, BrokenUnits& broken, WalkReport& report) {
  FolderCounts counts;
  const bool decode =
      input.depth() == model::Depth::full || (input.depth() == model::Depth::standard && !input.whole().empty());
  std::uint64_t left = input.depth() == model::Depth::full ? UINT64_MAX : k_small_total_bytes_max;
  std::size_t place = 0;
  for (const SevenZipFolder& folder : streams.folders) {
    if (!input.may_continue() || place + folder.packed_streams > places.size() || folder.packed_streams == 0) break;
    const model::ByteRange range{.from = places[place].from,
                                 .to = places[place + static_cast<std::size_t>(folder.packed_streams) - 1].to};
    place += static_cast<std::size_t>(folder.packed_streams);
    const bool encrypted = folder.uses(k_seven_zip_aes);
    if (encrypted) ++counts.encrypted;
    std::string why;
    const FolderState state = decode && !encrypted && folder.unpacked_bytes <= left
                                  ? check_folder(input, folder, range, left, why)
                                  : FolderState::unknown;
    left -= std::min(left, folder.unpacked_bytes);
    if (state == FolderState::fails) {
      // Both headers stand: what does not decode between them is random by nature.
      report.region(range.from, range.to, RegionKind::compressed);
      broken.add(range, std::move(why));
      continue;
    }
    if (state == FolderState::fits) ++counts.verified;
    report.region(range.from, range.to, state == FolderState::fits ? RegionKind::verified : RegionKind::compressed);
  }
  return counts;
}

void check_streams(WalkInput& input, const HeaderFacts& facts, std::uint64_t header_from, WalkReport& report) {
  const auto places = place_streams(facts.streams, header_from);
  const std::uint64_t folders = facts.streams.folders.size();
  if (!places)
    return report.breaks("7z.streams", "packed streams leave the archive", {.from = k_start_bytes, .to = header_from});
  BrokenUnits broken("7z.folder", "folder", "folders");
  const FolderCounts counts = check_folders(input, facts.streams, *places, broken, report);
  for (const model::ByteRange& packed : facts.packed) report.region(packed.from, packed.to, RegionKind::verified);
  report.reach = counts.verified == folders ? Reach::content : counts.verified > 0 ? Reach::sampled : Reach::frame;
  if (!broken.empty()) {
    broken.say(report);
    report.remarks("7z.folders",
                   fmt::format("{} of {} folders fit the checksums of their files", counts.verified, folders));
    return;
  }
  if (counts.encrypted != 0) report.shape = Shape::sealed;
  report.holds(
      "7z.folders",
      fmt::format("both headers fit their checksums, {} of {} folders fit those of their files{}", counts.verified,
                  folders, counts.encrypted != 0 ? fmt::format(", {} are encrypted", counts.encrypted) : ""));
}

void check_header(WalkInput& input, model::ByteRange range, WalkReport& report) {
  const HeaderFacts facts = read_header(input, range);
  if (input.stopped()) return report.remarks("7z.limit", "stopped by a limit in the header");
  report.reach = Reach::frame;
  switch (facts.state) {
    case HeaderState::plain: check_streams(input, facts, range.from, report); break;
    case HeaderState::secret:
      report.shape = Shape::sealed;
      report.region(k_start_bytes, range.from, RegionKind::compressed);
      report.holds("7z.header", "both headers fit their checksums; files and names are encrypted by their owner");
      break;
    case HeaderState::opaque:
      report.region(k_start_bytes, range.from, RegionKind::compressed);
      report.holds("7z.header", "both headers fit their checksums; the packed header was not unpacked");
      break;
    case HeaderState::broken: report.breaks("7z.header", facts.why, facts.why_range); break;
  }
  if (report.shape != Shape::broken) report.region(range.from, range.to, RegionKind::verified);
}

std::uint32_t sum_range(WalkInput& input, model::ByteRange range) {
  std::uint32_t crc = 0;
  for (std::uint64_t at = range.from; at < range.to;) {
    const ByteView piece = input.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(range.to - at, 256 * 1024)));
    if (piece.empty() || !input.may_continue(1 + piece.size() / 16384)) return 0;
    crc = base::crc32(piece, crc);
    at += piece.size();
  }
  return crc;
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const ByteView start = input.head();
  if (!start.matches(0, k_magic)) return report;
  report.shape = Shape::whole;
  const std::uint64_t size = input.size_bytes();
  if (base::crc32(start.part(12, 20)) != start.le32(8) || start.size() < k_start_bytes) {
    report.breaks("7z.start", "the start header does not fit its checksum",
                  {.from = 0, .to = std::min(size, k_start_bytes)});
    return report;
  }
  report.region(0, k_start_bytes, RegionKind::verified);
  const std::uint64_t offset = start.le64(12);
  const std::uint64_t length = start.le64(20);
  const std::uint64_t room = size - k_start_bytes;
  if (offset > room || length > room - offset) {
    report.breaks(
        "7z.end",
        fmt::format("the header of {} bytes stands {} bytes behind the start header, the content ends after {}", length,
                    offset, room),
        {.from = k_start_bytes, .to = size});
    return report;
  }
  const model::ByteRange header{.from = k_start_bytes + offset, .to = k_start_bytes + offset + length};
  report.end_bytes = header.to;
  if (length == 0) {
    report.reach = Reach::content;
    report.holds("7z.start", "an empty archive");
    return report;
  }
  if (length > k_header_bytes_max || (input.depth() == model::Depth::quick && length > k_quick_header_bytes_max)) {
    report.region(k_start_bytes, header.to, RegionKind::compressed);
    report.remarks("7z.limit", fmt::format("the header of {} bytes was not read", length));
    return report;
  }
  const std::uint32_t crc = sum_range(input, header);
  if (input.stopped()) {
    report.remarks("7z.limit", "stopped by a limit in the header");
    return report;
  }
  if (crc != start.le32(28)) {
    report.region(k_start_bytes, header.from, RegionKind::compressed);
    report.breaks("7z.header", fmt::format("the header at byte {} does not fit its checksum", header.from), header);
    return report;
  }
  check_header(input, header, report);
  return report;
}

/// Where the packed streams end by the account of the header that `bytes` begin with; empty when they are no header.
std::optional<std::uint64_t> find_streams_end(ByteView bytes) {
  const auto streams = parse_seven_zip_streams(bytes);
  if (!streams || streams->folders.empty() || streams->pack_offset > k_header_offset_max) return std::nullopt;
  std::uint64_t end = k_start_bytes + streams->pack_offset;
  for (const std::uint64_t size : streams->packed_sizes) {
    if (size > k_header_offset_max - std::min(k_header_offset_max, end)) return std::nullopt;
    end += size;
  }
  return end;
}

/// The header at the end, found by its first bytes: packed (17 06) or plain (01 04 06).
std::optional<SurvivingRest> find_rest(WalkInput& input) {
  constexpr std::size_t k_search_bytes = 4096;
  const ByteView tail = input.tail();
  const std::size_t searched = std::min<std::size_t>(tail.size(), k_search_bytes);
  const ByteView last = tail.part(tail.size() - searched);
  for (const std::string_view opening : {"\x17\x06"sv, "\x01\x04\x06"sv}) {
    for (std::size_t at = last.find(opening); at != ByteView::npos; at = last.find(opening, at + 1)) {
      const std::optional<std::uint64_t> told = find_streams_end(last.part(at));
      if (!told || !input.may_continue()) continue;
      const std::uint64_t header_from = input.size_bytes() - searched + at;
      if (*told <= header_from) return SurvivingRest{.sentence = "the content ends with an archive's header"};
      return SurvivingRest{
          .place = SurvivingRest::Place::shifted,
          .sentence =
              fmt::format("the header at the end counts {} bytes more before it than are there", *told - header_from)};
    }
  }
  return std::nullopt;
}

}  // namespace

const Format k_seven_zip_format = {.id = "7z",
                                   .title = "7z archive",
                                   .family = Family::archive,
                                   .claims = k_claims,
                                   .recognise = recognise,
                                   .walk = walk,
                                   .find_rest = find_rest};

}  // namespace lastgood::formats
