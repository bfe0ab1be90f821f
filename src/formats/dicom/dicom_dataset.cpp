// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/dicom/dicom_dataset.h"

#include <algorithm>
#include <optional>
#include <vector>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::size_t k_depth_max = 32;
constexpr std::uint32_t k_item = 0xFFFE'E000;
constexpr std::uint32_t k_item_end = 0xFFFE'E00D;
constexpr std::uint32_t k_sequence_end = 0xFFFE'E0DD;
constexpr std::uint32_t k_pixel_data = 0x7FE0'0010;
constexpr std::uint64_t k_small_value_bytes = 4096;  // longer values of unknown nature are left to statistics

/// A data set, a sequence or an item that is being walked.
struct Level {
  enum class Kind : std::uint8_t { elements, items } kind = Kind::elements;
  std::uint64_t end = 0;      // of the level, or of the nearest level around it that knows
  bool is_delimited = false;  // ends with a delimiter
  DicomEncoding encoding = DicomEncoding::explicit_little;
  std::uint32_t last_tag = 0;
  std::uint64_t elements = 0;
};

bool is_text_or_number(const DicomElement& element) {
  constexpr std::string_view k_opaque = "OB OW OF OD OL OV UN";
  const std::string_view vr(element.vr.data(), 2);
  return element.vr[0] != 0 && k_opaque.find(vr) == std::string_view::npos;
}

/// Groups that PS3.6 gives elements to, but for a few that images do not have: one in a hundred numbers.
bool is_standard_group(std::uint32_t group) {
  if (group % 2 != 0) return false;
  return group <= 0x0088 || (group >= 0x2000 && group <= 0x2200) || (group >= 0x3002 && group <= 0x3010) ||
         (group >= 0x6000 && group <= 0x601E) || group == 0x5400 || group == 0x7FE0;
}

class DatasetWalk {
 public:
  DatasetWalk(WalkInput& input, std::uint64_t from, DicomEncoding encoding, DicomFrameCodec codec, WalkReport& report)
      : input_(input), codec_(codec), report_(report), at_(from) {
    levels_.push_back({.end = input.size_bytes(), .encoding = encoding});
  }

  DicomDataset walk();

 private:
  [[nodiscard]] bool step();
  [[nodiscard]] bool close_finished_levels();
  [[nodiscard]] std::optional<DicomElement> next_element(Level& level);
  [[nodiscard]] bool open_item(const DicomElement& element);
  [[nodiscard]] bool open_undefined(const DicomElement& element, const Level& level);
  void value(const DicomElement& element, std::uint64_t from, std::uint64_t to);
  void remember(const DicomElement& element, ByteView bytes, DicomEncoding encoding);

  WalkInput& input_;
  DicomFrameCodec codec_;
  WalkReport& report_;
  std::uint64_t at_;
  std::vector<Level> levels_;
  DicomPixelShape shape_;
  DicomDataset result_;
};

/// Ends levels whose length is used up. False when all of them are.
bool DatasetWalk::close_finished_levels() {
  while (!levels_.empty() && !levels_.back().is_delimited && at_ >= levels_.back().end) levels_.pop_back();
  return !levels_.empty();
}

/// Some writers change the encoding for the inside of a sequence, or announce another than they use: the first element
/// of a level tells.
std::optional<DicomElement> DatasetWalk::next_element(Level& level) {
  const ByteView bytes = input_.at(at_, k_dicom_header_bytes_max);
  if (level.elements == 0 && level.kind == Level::Kind::elements && bytes.le16(0) != 0xFFFE) {
    const bool has_vr = has_known_dicom_vr(bytes);
    if (level.encoding == DicomEncoding::implicit_little && has_vr) level.encoding = DicomEncoding::explicit_little;
    const bool fits =
        bytes.le32(4) == k_dicom_undefined_length || bytes.le32(4) <= level.end - std::min(level.end, at_ + 8);
    if (level.encoding == DicomEncoding::explicit_little && !has_vr && fits)
      level.encoding = DicomEncoding::implicit_little;
  }
  return parse_dicom_element(bytes, level.encoding);
}

/// What later decides how pixel data is to be read (PS3.3, C.7.6.3).
void DatasetWalk::remember(const DicomElement& element, ByteView bytes, DicomEncoding encoding) {
  const std::uint32_t value = encoding == DicomEncoding::explicit_big ? bytes.be16(0) : bytes.le16(0);
  switch (element.tag) {
    case 0x0028'0002: shape_.samples = value; break;
    case 0x0028'0008: shape_.frames = 1; break;
    case 0x0028'0010: shape_.rows = value; break;
    case 0x0028'0011: shape_.columns = value; break;
    case 0x0028'0100: shape_.bits_allocated = value; break;
    case 0x0028'0101: shape_.bits_stored = value; break;
    case 0x0028'0102: shape_.high_bit = value; break;
    case 0x0028'0103: shape_.is_signed = value == 1; break;
    default: break;
  }
}

void DatasetWalk::value(const DicomElement& element, std::uint64_t from, std::uint64_t to) {
  const bool is_top = levels_.size() == 1;
  const DicomEncoding encoding = levels_.back().encoding;
  if (element.tag == k_pixel_data) {
    result_.has_pixels = result_.has_pixels || is_top;
    const DicomPixelShape shape = is_top && encoding != DicomEncoding::explicit_big ? shape_ : DicomPixelShape{};
    check_dicom_pixels(input_, from, to, shape, report_);
    return;
  }
  const bool is_small = to - from <= k_small_value_bytes;
  if (is_top && element.tag >> 16U == 0x0028 && is_small) remember(element, input_.at(from, 2), encoding);
  if (is_small || is_text_or_number(element)) report_.region(from, to, RegionKind::plain);
  // Private and opaque values may hold anything, compressed and encrypted data included.
  if (!is_small && (element.tag >> 16U & 1U) != 0) report_.region(from, to, RegionKind::compressed);
}

bool DatasetWalk::open_item(const DicomElement& element) {
  Level item{.end = levels_.back().end, .encoding = levels_.back().encoding};
  if (element.is_undefined()) {
    item.is_delimited = true;
  } else {
    item.end = at_ + element.length_bytes;
    if (item.end > levels_.back().end) return false;
  }
  levels_.push_back(item);
  return levels_.size() <= k_depth_max;
}

/// A sequence up to its delimiter, or encapsulated pixel data.
bool DatasetWalk::open_undefined(const DicomElement& element, const Level& level) {
  if (element.tag == k_pixel_data && !element.has_vr("SQ")) {
    const bool is_top = levels_.size() == 1;
    const DicomFragments fragments = walk_dicom_fragments(input_, at_, codec_, shape_, report_);
    result_.fragments += fragments.count;
    result_.has_pixels = result_.has_pixels || is_top;
    result_.is_verified = result_.is_verified && fragments.verified == fragments.count;
    at_ = fragments.end_bytes;
    return fragments.is_closed;
  }
  // PS3.5, 6.2.2: UN of undefined length is a sequence in implicit encoding.
  const DicomEncoding inner = element.has_vr("UN") ? DicomEncoding::implicit_little : level.encoding;
  levels_.push_back({.kind = Level::Kind::items, .end = level.end, .is_delimited = true, .encoding = inner});
  return levels_.size() <= k_depth_max;
}

/// One element, item or delimiter. False: what stands at at_ cannot be one.
bool DatasetWalk::step() {
  Level& level = levels_.back();
  const std::optional<DicomElement> element = next_element(level);
  if (!element) return false;
  const std::uint64_t value_from = at_ + element->header_bytes;
  if (element->tag == k_item_end || element->tag == k_sequence_end) {
    const bool ends_item = element->tag == k_item_end && level.kind == Level::Kind::elements;
    const bool ends_sequence = element->tag == k_sequence_end && level.kind == Level::Kind::items;
    // Delimiters of levels that know their length are superfluous, and seen.
    if (!ends_item && !ends_sequence) return false;
    if (levels_.size() == 1 || element->length_bytes != 0) return false;
    report_.region(at_, value_from, RegionKind::structured);
    at_ = value_from;
    levels_.pop_back();
    return true;
  }
  if (value_from > level.end || (level.kind == Level::Kind::items) != (element->tag == k_item)) return false;
  if (!element->is_undefined() && element->length_bytes > level.end - value_from) {
    const bool has_vr = level.encoding != DicomEncoding::implicit_little && has_known_dicom_vr(input_.at(at_, 8));
    result_.is_cut = has_vr || (element->tag > level.last_tag && is_standard_group(element->tag >> 16U));
    return false;
  }
  report_.region(at_, value_from, RegionKind::structured);
  ++level.elements;
  const bool is_sorted = element->tag > level.last_tag || level.kind == Level::Kind::items || level.elements == 1;
  // Two in a row that neither ascend nor belong to a known neighbourhood are noise that happens to fit.
  if (!is_sorted && levels_.size() == 1 && level.encoding == DicomEncoding::implicit_little && element->tag >> 16U < 2)
    return false;
  level.last_tag = element->tag;
  ++result_.elements;
  const std::uint64_t header_at = at_;
  at_ = value_from;
  bool opened = true;
  if (level.kind == Level::Kind::items) {
    opened = open_item(*element);
  } else if (element->is_undefined()) {
    opened = open_undefined(*element, level);
  } else if (element->has_vr("SQ") && element->length_bytes > 0) {
    levels_.push_back(
        {.kind = Level::Kind::items, .end = value_from + element->length_bytes, .encoding = level.encoding});
    opened = levels_.size() <= k_depth_max;
  } else {
    at_ = value_from + element->length_bytes;
    value(*element, value_from, at_);
  }
  if (!opened && at_ == value_from) at_ = header_at;
  return opened;
}

DicomDataset DatasetWalk::walk() {
  bool fits = true;
  while (close_finished_levels() && input_.may_continue()) {
    fits = step();
    if (!fits) break;
  }
  result_.is_cut = result_.is_cut || levels_.size() > 1;
  result_.end_bytes = std::min(at_, input_.size_bytes());
  result_.is_tiled = fits && levels_.empty() && at_ == input_.size_bytes();
  return result_;
}

}  // namespace

DicomDataset walk_dicom_dataset(WalkInput& input, std::uint64_t from, DicomEncoding encoding, DicomFrameCodec codec,
                                WalkReport& report) {
  return DatasetWalk(input, from, encoding, codec, report).walk();
}

}  // namespace lastgood::formats
