// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/jwe/jwe_members.h"

#include <algorithm>

#include "base/assert.h"
#include "formats/jwe/base64url.h"

namespace lastgood::formats {

void JweMembers::read(base::ByteView piece, std::uint64_t offset, std::size_t unit) {
  grammar_.read(piece, offset, unit);
  for (const char letter : piece.text()) take(letter);
}

const JweMembers::Member& JweMembers::member(std::string_view name) const {
  const auto found =
      std::find_if(members_.begin(), members_.end(), [&](const Member& member) { return member.name == name; });
  LG_ASSERT(found != members_.end());
  return *found;
}

void JweMembers::take(char letter) {
  if (in_string_) return take_in_string(letter);
  switch (letter) {
    case '"':
      in_string_ = true;
      name_.clear();
      break;
    case '{':
    case '[':
      ++depth_;
      expects_name_ = depth_ == 1;
      break;
    case '}':
    case ']':
      if (depth_ > 0) --depth_;
      break;
    case ',':
      if (depth_ == 1) {
        expects_name_ = true;
        current_ = nullptr;
      }
      break;
    default: break;
  }
}

void JweMembers::take_in_string(char letter) {
  if (is_escaped_) {
    is_escaped_ = false;
  } else if (letter == '\\') {
    is_escaped_ = true;
  } else if (letter == '"') {
    in_string_ = false;
    if (depth_ != 1 || !expects_name_) return;
    expects_name_ = false;
    const auto found =
        std::find_if(members_.begin(), members_.end(), [&](const Member& member) { return member.name == name_; });
    current_ = found == members_.end() ? nullptr : &*found;
    if (current_ != nullptr) current_->is_there = true;
    return;
  }
  if (depth_ != 1) return;
  if (expects_name_) {
    if (name_.size() <= k_name_bytes_max) name_ += letter;
    return;
  }
  if (current_ == nullptr) return;
  ++current_->letters;
  if (!is_base64url_letter(letter)) current_->is_base64 = false;
  if (current_ == members_.data() && protected_letters_.size() < k_header_letters_max) protected_letters_ += letter;
}

}  // namespace lastgood::formats
