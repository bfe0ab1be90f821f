// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Compiled Python modules (.pyc). Specification: PEP 3147, PEP 552; the marshal format as CPython's documentation of
// module `marshal` and its public sources describe it.
//
//   file   = magic(2) "\r\n" [flags(4), since 3.7] time(4) [source size(4), since 3.3] object
//            with flag bit 0 (since 3.7): flags(4) source hash(8) in place of time and size
//   object = type(1, bit 7: may be referred to later) and, by type:
//            nothing | number | length(1 or 4) bytes | length objects | key value ... NULL (dict) | code
//   code   = numbers(4 to 6 x 4) object* number(4) object*, by version
//   The object is a code object and ends with the file.
#include "formats/python_bytecode/python_bytecode_walker.h"

#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;

constexpr std::array k_claims = {NameClaim{"pyc", Promise::firm}, NameClaim{"pyo", Promise::loose}};

/// How one generation of CPython lays out the file and its code objects.
struct Layout {
  std::uint16_t magic_min = 0;
  std::uint16_t magic_max = 0;
  std::uint8_t header_bytes = 0;
  std::uint8_t leading_numbers = 0;  // of a code object, 4 bytes each
  std::uint8_t first_objects = 0;    // before the first line number
  std::uint8_t last_objects = 0;     // behind it
};
constexpr std::array k_layouts = {Layout{.magic_min = 62011,
                                         .magic_max = 62211,
                                         .header_bytes = 8,
                                         .leading_numbers = 4,
                                         .first_objects = 8,
                                         .last_objects = 1},  // 2.3 to 2.7
                                  Layout{.magic_min = 3000,
                                         .magic_max = 3189,
                                         .header_bytes = 8,
                                         .leading_numbers = 5,
                                         .first_objects = 8,
                                         .last_objects = 1},  // 3.0 to 3.2
                                  Layout{.magic_min = 3190,
                                         .magic_max = 3389,
                                         .header_bytes = 12,
                                         .leading_numbers = 5,
                                         .first_objects = 8,
                                         .last_objects = 1},  // 3.3 to 3.6
                                  Layout{.magic_min = 3390,
                                         .magic_max = 3409,
                                         .header_bytes = 16,
                                         .leading_numbers = 5,
                                         .first_objects = 8,
                                         .last_objects = 1},  // 3.7
                                  Layout{.magic_min = 3410,
                                         .magic_max = 3449,
                                         .header_bytes = 16,
                                         .leading_numbers = 6,
                                         .first_objects = 8,
                                         .last_objects = 1},  // 3.8 to 3.10
                                  Layout{.magic_min = 3450,
                                         .magic_max = 3999,
                                         .header_bytes = 16,
                                         .leading_numbers = 5,
                                         .first_objects = 8,
                                         .last_objects = 2}};  // 3.11 and later

const Layout* find_layout(ByteView head) {
  if (head.be16(2) != 0x0D0A) return nullptr;
  const std::uint16_t magic = head.le16(0);
  for (const Layout& layout : k_layouts) {
    if (magic >= layout.magic_min && magic <= layout.magic_max) return &layout;
  }
  return nullptr;
}

constexpr std::uint32_t k_flags_max = 3;
constexpr std::uint8_t k_type_bits = 0x7F;

bool is_code(std::uint8_t type) { return (type & k_type_bits) == 'c'; }

Likeness recognise(const Edges& edges) {
  const Layout* layout = find_layout(edges.head);
  if (layout == nullptr || !is_code(edges.head.u8(layout->header_bytes))) return Likeness::none;
  if (layout->header_bytes == 16 && edges.head.le32(4) > k_flags_max) return Likeness::none;
  return Likeness::strong;
}

/// What is still to come of an object that holds others.
struct Open {
  std::uint64_t objects = 0;      // still to read; UINT64_MAX: until NULL (dict)
  std::uint8_t then_objects = 0;  // of a code object: behind the first line number
  bool number_next = false;       // a code object's first line number follows the objects
};

enum class Step : std::uint8_t { went_on, finished, failed };

/// Reads one marshalled object with a stack of fixed depth: CPython itself refuses more than 2000 levels.
class MarshalReader {
 public:
  MarshalReader(WalkInput& input, const Layout& layout) : input_(input), layout_(layout), at_(layout.header_bytes) {}

  Step step() {
    const ByteView opening = input_.at(at_, 5);
    if (opening.empty()) return Step::failed;
    const std::uint8_t type = opening.u8(0) & k_type_bits;
    if (!take(1)) return Step::failed;
    if (type == '0') return close_dict();
    if (!read_object(type, opening.le32(1), opening.u8(1))) return Step::failed;
    return close_finished();
  }

  [[nodiscard]] std::uint64_t at() const { return at_; }

 private:
  static constexpr std::size_t k_depth_max = 2000;

  bool take(std::uint64_t length) {
    const std::uint64_t size = input_.size_bytes();
    if (at_ > size || length > size - at_) return false;
    at_ += length;
    return true;
  }

  bool open(Open what) {
    if (depth_ == k_depth_max) return false;
    open_[depth_++] = what;
    return true;
  }

  /// An object with others inside. `length`: their number.
  bool open_sequence(std::uint64_t length) {
    if (length > input_.size_bytes()) return false;
    return open({.objects = length});
  }

  bool open_code() {
    if (!take(std::uint64_t{layout_.leading_numbers} * 4)) return false;
    return open({.objects = layout_.first_objects, .then_objects = layout_.last_objects, .number_next = true});
  }

  bool read_object(std::uint8_t type, std::uint32_t length32, std::uint8_t length8) {
    switch (type) {
      case 'N':
      case 'F':
      case 'T':
      case 'S':
      case '.': count_object(); return true;
      case 'i':
      case 'r':
      case 'R': count_object(); return take(4);
      case 'I':
      case 'g': count_object(); return take(8);
      case 'y': count_object(); return take(16);
      case 'f': count_object(); return take(1 + std::uint64_t{length8});
      case 'x': {  // two numbers as text
        count_object();
        if (!take(1 + std::uint64_t{length8})) return false;
        const std::uint8_t second = input_.at(at_, 1).u8(0);
        return take(1 + std::uint64_t{second});
      }
      case 'l': count_object(); return take(4 + long_bytes(length32));
      case 's':
      case 't':
      case 'u':
      case 'a':
      case 'A': count_object(); return take(4 + std::uint64_t{length32});
      case 'z':
      case 'Z': count_object(); return take(1 + std::uint64_t{length8});
      case ')': count_object(); return take(1) && open_sequence(length8);
      case '(':
      case '[':
      case '<':
      case '>': count_object(); return take(4) && open_sequence(length32);
      case ':': count_object(); return open_sequence(3);
      case '{': count_object(); return open({.objects = UINT64_MAX});
      case 'c': count_object(); return open_code();
      default: return false;
    }
  }

  /// A whole number: the count of its 15-bit digits, negative for a negative number.
  static std::uint64_t long_bytes(std::uint32_t length) {
    const std::uint64_t digits = (length & 0x80000000U) != 0 ? std::uint64_t{0x100000000} - length : length;
    return digits * 2;
  }

  void count_object() {
    if (depth_ > 0 && open_[depth_ - 1].objects != UINT64_MAX) --open_[depth_ - 1].objects;
  }

  Step close_dict() {
    if (depth_ == 0 || open_[depth_ - 1].objects != UINT64_MAX) return Step::failed;
    --depth_;
    return close_finished();
  }

  Step close_finished() {
    while (depth_ > 0 && open_[depth_ - 1].objects == 0) {
      Open& last = open_[depth_ - 1];
      if (!last.number_next) {
        --depth_;
        continue;
      }
      if (!take(4)) return Step::failed;
      last = {.objects = last.then_objects};
    }
    return depth_ == 0 ? Step::finished : Step::went_on;
  }

  WalkInput& input_;
  const Layout& layout_;
  std::uint64_t at_ = 0;
  std::array<Open, k_depth_max> open_;
  std::size_t depth_ = 0;
};

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const Layout* layout = find_layout(input.head());
  if (layout == nullptr) return report;
  const std::uint64_t size = input.size_bytes();
  report.shape = Shape::whole;
  const bool header_fits = recognise({.head = input.head()}) != Likeness::none;
  if (!header_fits) {
    report.breaks("python_bytecode.header", "flags that do not exist, or no code object behind the header",
                  {.from = 0, .to = std::min<std::uint64_t>(size, layout->header_bytes + 1U)});
    return report;
  }
  MarshalReader reader(input, *layout);
  std::uint64_t objects = 0;
  Step step = Step::went_on;
  while (step == Step::went_on) {
    if (!input.may_continue()) {
      report.remarks("python_bytecode.limit", fmt::format("stopped by a limit at byte {}", reader.at()));
      return report;
    }
    step = reader.step();
    ++objects;
  }
  if (step == Step::failed) {
    const std::uint64_t from = std::min(reader.at(), size);
    report.breaks("python_bytecode.object",
                  fmt::format("object {} at byte {} is none of the marshal format", objects, reader.at()),
                  {.from = from, .to = size});
    return report;
  }
  report.end_bytes = reader.at();
  report.reach = Reach::frame;
  report.region(0, reader.at(), RegionKind::structured);
  report.holds("python_bytecode.objects", fmt::format("{} objects tile the file to byte {}", objects, reader.at()));
  return report;
}

}  // namespace

const Format k_python_bytecode_format = {.id = "python-bytecode",
                                         .title = "compiled Python module",
                                         .family = Family::program,
                                         .claims = k_claims,
                                         .recognise = recognise,
                                         .walk = walk};

}  // namespace lastgood::formats
