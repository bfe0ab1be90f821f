// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "network/mmdb_value.h"

#include "base/utf8.h"

namespace lastgood::network {

namespace {

// Real records are three deep; more is a trap for the stack.
constexpr unsigned k_depth_max = 16;

struct Control {
  MmdbType type = MmdbType::text;
  std::uint64_t size = 0;     // bytes, or members; of a pointer: where to
  std::uint64_t content = 0;  // offset
};

std::uint64_t big_endian(base::ByteView section, std::uint64_t offset, std::uint64_t count) {
  std::uint64_t value = 0;
  for (std::uint64_t i = 0; i < count; ++i) value = (value << 8U) | section.u8(offset + i);
  return value;
}

std::optional<Control> read_pointer(base::ByteView section, std::uint64_t offset, std::uint8_t first) {
  const unsigned extra = ((first >> 3U) & 3U) + 1;
  if (!section.has(offset, 1 + extra)) return std::nullopt;
  const std::uint64_t rest = big_endian(section, offset + 1, extra);
  const std::uint64_t top = first & 7U;
  constexpr std::array<std::uint64_t, 3> k_bases = {0, 2048, 526336};
  const std::uint64_t target = extra == 4 ? rest : ((top << (8 * extra)) | rest) + k_bases.at(extra - 1);
  return Control{.type = MmdbType::pointer, .size = target, .content = offset + 1 + extra};
}

std::optional<Control> read_control(base::ByteView section, std::uint64_t offset) {
  if (!section.has(offset, 1)) return std::nullopt;
  const std::uint8_t first = section.u8(offset);
  unsigned type = first >> 5U;
  if (type == 1) return read_pointer(section, offset, first);
  std::uint64_t at = offset + 1;
  if (type == 0) {
    if (!section.has(at, 1)) return std::nullopt;
    type = section.u8(at++) + 7U;
    if (type < 8 || type > 15 || type == 12 || type == 13) return std::nullopt;
  }
  std::uint64_t size = first & 31U;
  if (size >= 29) {
    const std::uint64_t extra = size - 28;
    if (!section.has(at, extra)) return std::nullopt;
    constexpr std::array<std::uint64_t, 3> k_bases = {29, 285, 65821};
    size = k_bases.at(extra - 1) + big_endian(section, at, extra);
    at += extra;
  }
  return Control{.type = static_cast<MmdbType>(type), .size = size, .content = at};
}

/// Longest (or, of floating numbers, only) size of a plain value; UINT64_MAX: any.
std::uint64_t size_max(MmdbType type) {
  switch (type) {
    case MmdbType::uint16: return 2;
    case MmdbType::uint32:
    case MmdbType::int32:
    case MmdbType::float_: return 4;
    case MmdbType::uint64:
    case MmdbType::double_: return 8;
    case MmdbType::uint128: return 16;
    case MmdbType::boolean: return 1;
    case MmdbType::pointer:
    case MmdbType::text:
    case MmdbType::bytes:
    case MmdbType::map:
    case MmdbType::array: break;
  }
  return UINT64_MAX;
}

class Walk {
 public:
  Walk(base::ByteView section, MmdbBudget& budget, MmdbVisitor& visitor)
      : section_(section), budget_(budget), visitor_(visitor) {}

  /// Keys deeper than two are counted and not shown.
  struct Keys {
    std::string_view outer;
    std::string_view inner;
    unsigned count = 0;
    bool in_array = false;
  };

  std::optional<std::uint64_t> value(std::uint64_t offset, const Keys& keys, unsigned depth) {
    if (depth > k_depth_max || budget_.values == 0) return std::nullopt;
    --budget_.values;
    const auto control = read_control(section_, offset);
    if (!control) return std::nullopt;
    if (control->type == MmdbType::pointer) {
      const auto target = read_control(section_, control->size);
      // A pointer to a pointer is against the format, and the way to a circle.
      if (!target || target->type == MmdbType::pointer || !content(*target, keys, depth)) return std::nullopt;
      return control->content;
    }
    return content(*control, keys, depth);
  }

 private:
  std::optional<std::uint64_t> content(const Control& control, const Keys& keys, unsigned depth) {
    if (control.type == MmdbType::map) return map(control, keys, depth);
    if (control.type == MmdbType::array) {
      std::uint64_t at = control.content;
      Keys inside = keys;
      inside.in_array = true;
      for (std::uint64_t i = 0; i < control.size; ++i) {
        const auto next = value(at, inside, depth + 1);
        if (!next) return std::nullopt;
        at = *next;
      }
      return at;
    }
    return plain(control, keys);
  }

  std::optional<std::uint64_t> map(const Control& control, const Keys& keys, unsigned depth) {
    std::uint64_t at = control.content;
    for (std::uint64_t i = 0; i < control.size; ++i) {
      auto key = read_control(section_, at);
      if (!key) return std::nullopt;
      std::uint64_t behind_key = key->content + key->size;
      if (key->type == MmdbType::pointer) {
        behind_key = key->content;
        key = read_control(section_, key->size);
      }
      if (!key || key->type != MmdbType::text || !section_.has(key->content, key->size)) return std::nullopt;
      const std::string_view name = section_.part(key->content, key->size).text();
      Keys inside = keys;
      (keys.count == 0 ? inside.outer : inside.inner) = name;
      inside.count = keys.count + 1;
      const auto next = value(behind_key, inside, depth + 1);
      if (!next) return std::nullopt;
      at = *next;
    }
    return at;
  }

  std::optional<std::uint64_t> plain(const Control& control, const Keys& keys) {
    if (control.size > size_max(control.type)) return std::nullopt;
    if (control.type == MmdbType::boolean) return control.content;  // its size is its value
    const bool is_real = control.type == MmdbType::double_ || control.type == MmdbType::float_;
    if (is_real && control.size != size_max(control.type)) return std::nullopt;
    if (!section_.has(control.content, control.size)) return std::nullopt;
    const bool shown = !keys.in_array && keys.count >= 1 && keys.count <= 2;
    if (control.type == MmdbType::text) {
      const std::string_view text = section_.part(control.content, control.size).text();
      if (!base::is_utf8(text)) return std::nullopt;
      if (shown) visitor_.text(keys.outer, keys.inner, text);
    } else if (shown && control.size <= 8 && !is_real && control.type != MmdbType::bytes) {
      visitor_.number(keys.outer, keys.inner, big_endian(section_, control.content, control.size));
    }
    return control.content + control.size;
  }

  base::ByteView section_;
  MmdbBudget& budget_;
  MmdbVisitor& visitor_;
};

}  // namespace

std::optional<std::uint64_t> visit_value(base::ByteView section, std::uint64_t offset, MmdbBudget& budget,
                                         MmdbVisitor& visitor) {
  return Walk(section, budget, visitor).value(offset, {}, 0);
}

}  // namespace lastgood::network
