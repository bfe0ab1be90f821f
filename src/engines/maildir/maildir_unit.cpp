// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A message's file is written once and never changed; its name says how long it is ("S=4711", "W=" with line ends as
// mail has them). Dovecot's indexes can be made again from the messages; dovecot-uidlist says which there were.
// Facts: Dovecot documentation, "Maildir Mailbox Format".
#include "engines/maildir/maildir_unit.h"

#include <algorithm>
#include <charconv>
#include <optional>

#include <fmt/format.h>

namespace lastgood::engines {

namespace {

using base::ByteView;

std::vector<std::string> find_maildir(const FolderListing& listing) {
  if (!listing.has_folder("cur") || !listing.has_folder("new") || !listing.has_folder("tmp")) return {};
  return {""};
}

/// The folder a path's file lies in: "cur" of ".Sent/cur/x".
std::string_view folder_name(std::string_view path) {
  const std::size_t slash = path.rfind('/');
  if (slash == std::string_view::npos) return {};
  const std::string_view folder = path.substr(0, slash);
  const std::size_t before = folder.rfind('/');
  return before == std::string_view::npos ? folder : folder.substr(before + 1);
}

std::optional<std::uint64_t> size_in_name(std::string_view name) {
  const std::size_t at = name.find(",S=");
  if (at == std::string_view::npos) return std::nullopt;
  std::uint64_t size_bytes = 0;
  const char* const from = name.data() + at + 3;
  const auto [stop, error] = std::from_chars(from, name.data() + name.size(), size_bytes);
  if (error != std::errc() || stop == from) return std::nullopt;
  return size_bytes;
}

struct Counts {
  std::uint64_t messages = 0;
  std::uint64_t sized = 0;
};

void check_message(UnitCheck& check, const Member& member, Counts& counts) {
  ++counts.messages;
  const std::string shown = check.home().show(member.path);
  const std::string_view name = std::string_view(member.path).substr(member.path.rfind('/') + 1);
  const std::optional<std::uint64_t> expected = size_in_name(name);
  const auto source = check.depth() == model::Depth::quick && (!expected || *expected == member.size_bytes)
                          ? nullptr
                          : check.open(check.home(), member.path);
  std::vector<std::uint8_t> head(2048);
  if (source) head.resize(check.read(*source, shown, 0, head));
  const ByteView view = source ? ByteView(std::span<const std::uint8_t>(head)) : ByteView();
  // Dovecot can keep messages compressed; S= is then the length before.
  const bool is_packed = view.matches(0, "\x1f\x8b") || view.matches(0, "BZh") || view.matches(0, "\x28\xb5\x2f\xfd") ||
                         view.matches(0,
                                      "\xfd"
                                      "7zXZ");
  if (source && !is_packed && looks_random(check, *source, shown)) {
    check.encrypted(shown, "maildir.message", "its bytes look random", {.from = 0, .to = member.size_bytes});
  } else if (expected && *expected != member.size_bytes && !is_packed) {
    check.damaged(shown, "maildir.size", fmt::format("has {} bytes, its name says {}", member.size_bytes, *expected));
  } else if (expected) {
    ++counts.sized;
  }
}

void check_maildir(UnitCheck& check, const std::string& /*name*/) {
  Counts counts;
  bool has_dovecot = false;
  for (const Member& member : check.take_members(check.home())) {
    if (member.kind != model::EntryKind::regular) continue;
    const std::string_view folder = folder_name(member.path);
    const std::string_view name = std::string_view(member.path).substr(member.path.rfind('/') + 1);
    has_dovecot = has_dovecot || name.starts_with("dovecot");
    if (folder == "cur" || folder == "new") {
      check_message(check, member, counts);
    } else if (folder == "tmp") {
      check.remarks(check.home().show(member.path), "maildir.tmp", "a message that was being delivered");
    } else if (name.starts_with("dovecot-uidlist")) {
      const auto bytes = check.read_small(check.home(), member.path, 64U << 20);
      const ByteView view = bytes ? ByteView(std::span<const std::uint8_t>(*bytes)) : ByteView();
      if (bytes && !view.empty() && !view.matches(0, "3 ") && !view.matches(0, "1 "))
        looks_random(view.part(0, 4096))
            ? check.encrypted(check.home().show(member.path), "maildir.uidlist", "its bytes look random")
            : check.damaged(check.home().show(member.path), "maildir.uidlist", "does not begin as one");
    }
  }
  check.set_engine(has_dovecot ? "Dovecot Maildir" : "Maildir");
  check.holds({}, "maildir.messages",
              fmt::format("{} messages, of {} the name says the length and it fits", counts.messages, counts.sized));
  check.at_most(model::Certainty::strong, "maildir.moment",
                "every message stands for itself; what flags and folders were at one moment is not known");
}

}  // namespace

const UnitRow k_maildir_row = {.kind = UnitKind::maildir,
                               .name = "maildir",
                               .form = UnitRow::Form::folder,
                               .find = find_maildir,
                               .check = check_maildir};

}  // namespace lastgood::engines
