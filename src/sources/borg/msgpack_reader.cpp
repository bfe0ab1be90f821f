// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/msgpack_reader.h"

namespace lastgood::sources::borg {

bool MsgpackReader::take(std::uint64_t length) {
  if (!ok()) return false;
  if (!bytes_.has(at_, length)) {
    state_ = State::cut;
    return false;
  }
  at_ += static_cast<std::size_t>(length);
  return true;
}

std::uint64_t MsgpackReader::read_big(unsigned count) {
  const std::size_t from = at_;
  if (!take(count)) return 0;
  std::uint64_t value = 0;
  for (unsigned i = 0; i < count; ++i) value = (value << 8) | bytes_.u8(from + i);
  return value;
}

MsgpackReader::Kind MsgpackReader::next_kind() const {
  if (!ok() || at_end()) return Kind::broken;
  const std::uint8_t head = bytes_.u8(at_);
  if (head <= 0x7F || head >= 0xE0) return Kind::integer;
  if (head <= 0x8F) return Kind::map;
  if (head <= 0x9F) return Kind::list;
  if (head <= 0xBF) return Kind::text;
  switch (head) {
    case 0xC0: return Kind::nothing;
    case 0xC2:
    case 0xC3: return Kind::boolean;
    case 0xC4:
    case 0xC5:
    case 0xC6:
    case 0xD9:
    case 0xDA:
    case 0xDB: return Kind::text;
    case 0xC7:
    case 0xC8:
    case 0xC9: return Kind::extension;
    case 0xCA:
    case 0xCB: return Kind::real;
    case 0xDC:
    case 0xDD: return Kind::list;
    case 0xDE:
    case 0xDF: return Kind::map;
    default: break;
  }
  if (head >= 0xCC && head <= 0xD3) return Kind::integer;
  return head >= 0xD4 && head <= 0xD8 ? Kind::extension : Kind::broken;  // 0xC1 is never used
}

std::string_view MsgpackReader::read_text() {
  const auto head = static_cast<std::uint8_t>(read_big(1));
  if (!ok()) return {};
  std::uint64_t length = 0;
  if (head >= 0xA0 && head <= 0xBF) {
    length = head & 0x1FU;
  } else if (head == 0xC4 || head == 0xD9) {
    length = read_big(1);
  } else if (head == 0xC5 || head == 0xDA) {
    length = read_big(2);
  } else if (head == 0xC6 || head == 0xDB) {
    length = read_big(4);
  } else {
    fail();
  }
  const std::size_t from = at_;
  return take(length) ? bytes_.text().substr(from, static_cast<std::size_t>(length)) : std::string_view();
}

std::int64_t MsgpackReader::read_integer() {
  const auto head = static_cast<std::uint8_t>(read_big(1));
  if (!ok()) return 0;
  if (head <= 0x7F) return head;
  if (head >= 0xE0) return static_cast<std::int8_t>(head);
  switch (head) {
    case 0xCC: return static_cast<std::int64_t>(read_big(1));
    case 0xCD: return static_cast<std::int64_t>(read_big(2));
    case 0xCE: return static_cast<std::int64_t>(read_big(4));
    case 0xCF: {
      const std::uint64_t value = read_big(8);
      if (value <= INT64_MAX) return static_cast<std::int64_t>(value);
      break;
    }
    case 0xD0: return static_cast<std::int8_t>(read_big(1));
    case 0xD1: return static_cast<std::int16_t>(read_big(2));
    case 0xD2: return static_cast<std::int32_t>(read_big(4));
    case 0xD3: return static_cast<std::int64_t>(read_big(8));
    default: break;
  }
  fail();
  return 0;
}

bool MsgpackReader::read_boolean() {
  const auto head = static_cast<std::uint8_t>(read_big(1));
  if (ok() && head != 0xC2 && head != 0xC3) fail();
  return ok() && head == 0xC3;
}

std::uint32_t MsgpackReader::read_list() {
  const auto head = static_cast<std::uint8_t>(read_big(1));
  std::uint64_t count = 0;
  if (head >= 0x90 && head <= 0x9F) {
    count = head & 0x0FU;
  } else if (head == 0xDC) {
    count = read_big(2);
  } else if (head == 0xDD) {
    count = read_big(4);
  } else {
    fail();
  }
  if (ok() && count > bytes_.size() - at_) state_ = State::cut;
  return ok() ? static_cast<std::uint32_t>(count) : 0;
}

std::uint32_t MsgpackReader::read_map() {
  const auto head = static_cast<std::uint8_t>(read_big(1));
  std::uint64_t count = 0;
  if (head >= 0x80 && head <= 0x8F) {
    count = head & 0x0FU;
  } else if (head == 0xDE) {
    count = read_big(2);
  } else if (head == 0xDF) {
    count = read_big(4);
  } else {
    fail();
  }
  if (ok() && count * 2 > bytes_.size() - at_) state_ = State::cut;
  return ok() ? static_cast<std::uint32_t>(count) : 0;
}

std::uint64_t MsgpackReader::pass_one() {
  switch (next_kind()) {
    case Kind::nothing:
    case Kind::boolean: take(1); return 0;
    case Kind::integer:
      // Unsigned values beyond INT64_MAX are passed over all the same.
      if (bytes_.u8(at_) == 0xCF) {
        take(9);
      } else {
        read_integer();
      }
      return 0;
    case Kind::real: take(bytes_.u8(at_) == 0xCA ? 5 : 9); return 0;
    case Kind::text: read_text(); return 0;
    case Kind::list: return read_list();
    case Kind::map: return std::uint64_t{read_map()} * 2;
    case Kind::extension: {
      const auto head = static_cast<std::uint8_t>(read_big(1));
      const std::uint64_t length = head >= 0xD4 ? std::uint64_t{1} << (head - 0xD4U) : read_big(1U << (head - 0xC7U));
      take(length + 1);
      return 0;
    }
    case Kind::broken: break;
  }
  if (ok()) state_ = at_end() ? State::cut : State::broken;
  return 0;
}

void MsgpackReader::skip() {
  // Every value takes at least one byte, so that the sum of what is owed ends this loop however deep the lists are.
  std::uint64_t owed = 1;
  while (owed > 0 && ok()) owed += pass_one() - 1;
}

}  // namespace lastgood::sources::borg
