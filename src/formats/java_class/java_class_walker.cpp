// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Java class files. Specification: The Java Virtual Machine Specification, chapter 4.
//
//   file      = CAFEBABE minor(2) major(2) count(2) constant[count - 1] access(2) this(2) super(2)
//               count(2) interface(2)* count(2) member* count(2) member* count(2) attribute*
//   constant  = tag(1) and 2, 3, 4 or 8 bytes, or for text: length(2) bytes; 8-byte constants take two numbers
//   member    = access(2) name(2) descriptor(2) count(2) attribute*
//   attribute = name(2) length(4) bytes
//   Names are numbers of text constants; the last attribute ends at the last byte of the file.
#include "formats/java_class/java_class_walker.h"

#include <array>
#include <vector>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"class", Promise::firm}};
constexpr std::uint32_t k_magic = 0xCAFEBABE;
// A Mach-O "fat" program has the same magic; where a class has its version it counts its (few) architectures.
constexpr std::uint16_t k_major_min = 45;
constexpr std::uint16_t k_major_max = 120;
constexpr std::uint8_t k_tag_text = 1;
constexpr std::uint8_t k_tag_class = 7;

Likeness recognise(const Edges& edges) {
  const std::uint16_t major = edges.head.be16(6);
  const bool fits = edges.head.be32(0) == k_magic && major >= k_major_min && major <= k_major_max;
  return fits ? Likeness::strong : Likeness::none;
}

/// Bytes behind the tag; 0 for tags that do not exist. Text is longer than this by its own length.
std::uint32_t constant_bytes(std::uint8_t tag) {
  switch (tag) {
    case k_tag_text:
    case k_tag_class:
    case 8:
    case 16:
    case 19:
    case 20: return 2;
    case 15: return 3;
    case 3:
    case 4:
    case 9:
    case 10:
    case 11:
    case 12:
    case 17:
    case 18: return 4;
    case 5:
    case 6: return 8;
    default: return 0;
  }
}

/// One class file being read from front to back. Each `read_` leaves a finding and gives false where a rule breaks.
class ClassReader {
 public:
  ClassReader(WalkInput& input, WalkReport& report) : input_(input), report_(report) {}

  bool read_constants() {
    const std::uint16_t count = u16();
    tags_.assign(count, 0);
    for (std::uint32_t i = 1; i < count; ++i) {
      if (!input_.may_continue()) return false;
      const ByteView opening = input_.at(at_, 3);
      const std::uint8_t tag = opening.u8(0);
      std::uint64_t length = constant_bytes(tag);
      if (length == 0) return fail(fmt::format("constant {} of {} has tag {}, which does not exist", i, count, tag));
      if (tag == k_tag_text) length += opening.be16(1);
      if (!take(1 + length)) return fail(fmt::format("constant {} of {} ends behind the file", i, count));
      tags_[i] = tag;
      if (length == 8 && tag != k_tag_text) ++i;
    }
    return true;
  }

  bool read_class() {
    (void)u16();  // access
    if (!refers(u16(), k_tag_class)) return fail("the class has no name");
    const std::uint16_t super = u16();
    if (super != 0 && !refers(super, k_tag_class)) return fail("the superclass has no name");
    const std::uint16_t interfaces = u16();
    if (!take(std::uint64_t{interfaces} * 2)) return fail(fmt::format("{} interfaces end behind the file", interfaces));
    return true;
  }

  /// Fields or methods.
  bool read_members() {
    const std::uint16_t count = u16();
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!input_.may_continue()) return false;
      (void)u16();  // access
      const std::uint16_t name = u16();
      const std::uint16_t descriptor = u16();
      if (!refers(name, k_tag_text) || !refers(descriptor, k_tag_text)) {
        return fail(fmt::format("member {} of {} has no name", i, count));
      }
      if (!read_attributes()) return false;
    }
    return true;
  }

  bool read_attributes() {
    const std::uint16_t count = u16();
    for (std::uint32_t i = 0; i < count; ++i) {
      if (!input_.may_continue()) return false;
      const ByteView header = input_.at(at_, 6);
      const std::uint64_t length = header.be32(2);
      if (!refers(header.be16(0), k_tag_text)) return fail(fmt::format("attribute {} of {} has no name", i, count));
      if (!take(6 + length)) return fail(fmt::format("attribute {} of {} ends behind the file", i, count));
    }
    return true;
  }

  [[nodiscard]] std::uint64_t at() const { return at_; }
  [[nodiscard]] std::size_t constant_count() const { return tags_.size(); }

 private:
  std::uint16_t u16() {
    const std::uint16_t value = input_.at(at_, 2).be16(0);
    at_ += 2;
    return value;
  }
  bool take(std::uint64_t length) {
    const std::uint64_t size = input_.size_bytes();
    if (at_ > size || length > size - at_) return false;
    at_ += length;
    return true;
  }
  [[nodiscard]] bool refers(std::uint16_t constant, std::uint8_t tag) const {
    return constant < tags_.size() && tags_[constant] == tag;
  }
  bool fail(const std::string& sentence) {
    const std::uint64_t size = input_.size_bytes();
    const std::uint64_t from = at_ < size ? at_ : size;
    report_.breaks("java_class.tile", fmt::format("{}, at byte {}", sentence, at_), {.from = from, .to = size});
    return false;
  }

  WalkInput& input_;
  WalkReport& report_;
  std::uint64_t at_ = 8;
  std::vector<std::uint8_t> tags_;  // by constant number; 0: none
};

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (recognise({.head = input.head()}) == Likeness::none) return report;
  report.shape = Shape::whole;
  ClassReader reader(input, report);
  const bool complete = reader.read_constants() && reader.read_class() && reader.read_members() &&
                        reader.read_members() && reader.read_attributes();
  if (report.shape == Shape::broken) return report;
  if (!complete) {
    report.remarks("java_class.limit", fmt::format("stopped by a limit at byte {}", reader.at()));
    return report;
  }
  if (reader.at() > input.size_bytes()) {
    report.breaks("java_class.tile",
                  fmt::format("the counts at the end stand behind the file's {} bytes", input.size_bytes()));
    return report;
  }
  report.end_bytes = reader.at();
  report.reach = Reach::frame;
  report.region(0, reader.at(), RegionKind::structured);
  report.holds("java_class.tile", fmt::format("{} constants, members and attributes tile the file to byte {}",
                                              reader.constant_count(), reader.at()));
  return report;
}

}  // namespace

const Format k_java_class_format = {.id = "java-class",
                                    .title = "Java class file",
                                    .family = Family::program,
                                    .claims = k_claims,
                                    .recognise = recognise,
                                    .walk = walk};

}  // namespace lastgood::formats
