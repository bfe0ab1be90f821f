// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/read_index.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>
#include <vector>

#include "base/error.h"
#include "sources/source.h"
#include "sources/tar/pax_records.h"
#include "sources/tar/tar_header.h"

namespace lastgood::sources::tar {

namespace {

constexpr std::int64_t k_ns_per_second = 1'000'000'000;
// A pax header holds attributes of 64 KiB each and, in form 0.1, sparse maps.
constexpr std::uint64_t k_extension_bytes_max = 16ULL << 20;
constexpr std::uint64_t k_member_bytes_max = INT64_MAX - 1024;
constexpr std::size_t k_path_bytes_max = 1ULL << 20;

std::string quoted(std::string_view path) { return "'" + base::printable(path.substr(0, 300)) + "'"; }

model::EntryKind kind_of(char type, bool ends_in_slash) {
  switch (type) {
    case '2': return model::EntryKind::link;
    case '3': return model::EntryKind::character_device;
    case '4': return model::EntryKind::block_device;
    case '5':
    case 'D': return model::EntryKind::folder;
    case '6': return model::EntryKind::fifo;
    // v7 had no type for folders. Types nobody knows are files (POSIX.1-2001).
    default:
      return ends_in_slash && (type == '\0' || type == '0') ? model::EntryKind::folder : model::EntryKind::regular;
  }
}

/// makedev(3), without the system's header.
std::uint64_t device_number(std::uint64_t major, std::uint64_t minor) {
  return (major & 0xFFFU) << 8 | (minor & 0xFFU) | (minor & ~std::uint64_t{0xFF}) << 12;
}

std::int64_t in_nanoseconds(std::int64_t seconds) {
  if (seconds >= INT64_MAX / k_ns_per_second) return INT64_MAX;
  if (seconds <= INT64_MIN / k_ns_per_second) return INT64_MIN;
  return seconds * k_ns_per_second;
}

class IndexReader {
 public:
  IndexReader(UnpackedBytes& bytes, TarIndex& index) : bytes_(bytes), index_(index) {}

  void run() {
    while (read_block()) {
      if (is_zero_block(block())) {
        if (!in_damage_) ++zeros_;
        continue;
      }
      const auto header = parse_tar_header(block());
      if (!header) {
        if (!pass_over_damage()) break;
        continue;
      }
      if (zeros_ >= 2) tell("tar.concatenated", fmt::format("another archive begins at byte {}", at_));
      zeros_ = 0;
      if (!take(*header)) break;
    }
    if (in_damage_) {
      at_ = end_;
      tell_damage();
    } else if (!failed_ && zeros_ == 0) {
      tell("tar.end", fmt::format("no end mark: the archive ends at byte {} without two blocks of zeros", end_));
    }
  }

 private:
  [[nodiscard]] base::ByteView block() const { return base::ByteView(std::span<const std::uint8_t>(block_)); }
  void tell(std::string_view rule, std::string sentence) { index_.tally().add(rule, std::move(sentence)); }

  /// What broke a packed stream is told by the read after the one that it cut short.
  base::Result<std::size_t> read_or_say_why(std::span<std::uint8_t> into) {
    LG_ASSIGN(const std::size_t got, bytes_.read(into));
    if (got < into.size()) {
      LG_ASSIGN(const std::size_t nothing, bytes_.read(into.subspan(got)));
      return got + nothing;
    }
    return got;
  }

  /// The next block; false at the end, which is told when it is a bad one.
  bool read_block() {
    at_ = bytes_.position();
    const auto got = read_or_say_why(block_);
    if (!got.ok()) {
      failed_ = true;
      tell("tar.packed", fmt::format("{}; what lies behind is lost", got.error().what));
      return false;
    }
    end_ = at_ + got.value();
    if (got.value() > 0 && got.value() < block_.size()) {
      tell("tar.cut", fmt::format("the archive ends in the middle of a block, at byte {}", end_));
    }
    return got.value() == block_.size();
  }

  /// A block that is no header: looks at the next ones until one is. False when nothing of a header follows the end
  /// mark.
  bool pass_over_damage() {
    if (zeros_ >= 2) {
      tell("tar.trailing", fmt::format("bytes behind the end mark, from byte {}, are no archive", at_));
      return false;
    }
    if (!in_damage_) damage_from_ = at_;
    in_damage_ = true;
    return true;
  }
  void tell_damage() {
    in_damage_ = false;
    tell("tar.header",
         fmt::format("no member's header where one must stand: bytes {} to {} are passed over", damage_from_, at_));
  }

  /// False when the index is full or the archive at its end.
  bool take(const TarHeader& header) {
    if (in_damage_ && !header.has_magic) return true;  // a sum that fits by chance
    if (in_damage_) tell_damage();
    const bool is_extension = std::string_view("xXgLK").find(header.type) != std::string_view::npos;
    if (is_extension) return take_extension(header);
    const bool goes_on = take_member(header);
    fields_ = global_;
    has_pax_ = false;
    long_name_.reset();
    long_link_.reset();
    return goes_on;
  }

  /// The bytes of a pax header or a long name.
  bool take_extension(const TarHeader& header) {
    const std::uint64_t size = header.size_bytes.value_or(UINT64_MAX);
    if (size > k_extension_bytes_max) {
      tell("tar.extension", fmt::format("the extension header at byte {} says {} bytes: passed over", at_, size));
      return size > k_member_bytes_max || skip(size);
    }
    std::vector<std::uint8_t> content(static_cast<std::size_t>(size));
    const auto got = read_or_say_why(content);
    if (!got.ok() || got.value() < content.size()) {
      failed_ = true;
      tell("tar.cut", fmt::format("the archive ends in the extension header at byte {}{}", at_,
                                  got.ok() ? std::string() : ": " + got.error().what));
      return false;
    }
    const base::ByteView view{std::span<const std::uint8_t>(content)};
    const std::string text(view.text().substr(0, view.text().find('\0')));
    if (header.type == 'L') {
      long_name_ = text;
    } else if (header.type == 'K') {
      long_link_ = text;
    } else if (header.type == 'g') {
      take_records(view, global_);
      fields_ = global_;
    } else {
      has_pax_ = true;
      take_records(view, fields_);
    }
    return skip(in_blocks(size) - size);
  }

  void take_records(base::ByteView view, PaxFields& fields) {
    const auto broken = parse_pax_records(view, fields);
    if (broken) tell("tar.pax", fmt::format("in the extension header at byte {} {}", at_, *broken));
  }

  bool skip(std::uint64_t count) { return go_to(bytes_.position() + count); }

  /// False when the bytes end before, which is told by whoever reads there.
  bool go_to(std::uint64_t offset) {
    const base::Status status = bytes_.seek(offset);
    if (!status.ok()) {
      failed_ = true;
      tell("tar.packed", fmt::format("{}; what lies behind is lost", status.error().what));
    }
    return status.ok() && bytes_.position() == offset;
  }

  bool take_member(const TarHeader& header) {
    const std::string name = fields_.sparse_name ? *fields_.sparse_name
                             : fields_.path      ? *fields_.path
                             : long_name_        ? *long_name_
                                                 : header.name;
    if (header.type == '1' && !(has_pax_ && fields_.size_bytes.value_or(header.size_bytes.value_or(0)) > 0)) {
      // Old writers put the file's size here though no bytes follow.
      return take_hard_link(header, name);
    }
    Member member = member_of(header, name);
    const bool is_file = member.kind == model::EntryKind::regular;
    std::uint64_t stored = fields_.size_bytes ? *fields_.size_bytes : header.size_bytes.value_or(UINT64_MAX);
    // Only files and a GNU dump's folders have bytes behind them; others may say what they like.
    if (!is_file && std::string_view("D0\0", 3).find(header.type) == std::string_view::npos) stored = 0;
    if (stored > k_member_bytes_max) {
      tell("tar.size", fmt::format("the size of {} at byte {} is no number that can be: looked for the next header",
                                   quoted(name), at_));
      return true;
    }
    std::vector<SparsePart> more = header.parts;
    if (header.type == 'S' && header.more_parts_follow && !read_more_parts(more)) return false;
    member.data_offset = bytes_.position();
    const std::uint64_t data_end = member.data_offset + in_blocks(stored);
    member.stored_bytes = stored;
    member.size_bytes = stored;
    const bool usable = !is_file || take_sparse(header, name, std::move(more), member);
    const bool goes_on = pass_over_data(data_end, name, member);
    // A volume's label, names and ACLs as older tools kept them.
    if (std::string_view("VNA").find(header.type) != std::string_view::npos) return goes_on;
    if (header.type == 'M') {
      tell("tar.volume", fmt::format("{} goes on from another volume: its beginning is not here", quoted(name)));
      return goes_on;
    }
    if (header.type == 'D') tell("tar.incremental", "this is an incremental dump: it holds only what had changed");
    return (!usable || add(name, std::move(member))) && goes_on;
  }

  /// Goes behind the member's bytes and sees how many of them are there. False at the archive's end.
  bool pass_over_data(std::uint64_t end, const std::string& name, Member& member) {
    const bool whole = go_to(end);
    const std::uint64_t reached = bytes_.position();
    end_ = std::max(end_, reached);
    const std::uint64_t here = reached > member.data_offset ? reached - member.data_offset : 0;
    member.held_bytes = whole ? member.stored_bytes : std::min(member.stored_bytes, here);
    if (whole) return true;
    failed_ = true;
    tell("tar.cut", fmt::format("the archive ends at byte {}, in {}, of which {} of {} bytes are there", reached,
                                quoted(name), member.held_bytes, member.stored_bytes));
    if (member.held_bytes < member.stored_bytes) {
      extras_of(member).findings.push_back(
          {.rule = "tar.member.cut",
           .sentence = fmt::format("the archive holds {} of its {} bytes", member.held_bytes, member.stored_bytes),
           .weight = model::Weight::contradicts});
    }
    return false;
  }

  bool read_more_parts(std::vector<SparsePart>& parts) {
    bool more = true;
    while (more) {
      if (!read_block()) return false;
      more = parse_more_parts(block(), parts);
      if (parts.size() > k_sparse_parts_max) {
        // The blocks go on: without knowing where they end, the next header is looked for.
        parts.clear();
        return true;
      }
    }
    return true;
  }

  /// Sets the member's sparse map, when it has one. False when it is none that can be: the member is left out.
  bool take_sparse(const TarHeader& header, const std::string& name, std::vector<SparsePart> parts, Member& member) {
    std::uint64_t real = header.real_size_bytes;
    if (header.type != 'S') {
      if (!fields_.sparse_real_size) return true;
      real = *fields_.sparse_real_size;
      parts = fields_.sparse_parts;
      if (fields_.sparse_major == 1) {
        parts.clear();
        if (!read_map(member, parts)) {
          tell("tar.sparse", fmt::format("the sparse map of {} is none: left out", quoted(name)));
          return false;
        }
      }
    }
    if (const auto wrong = check_sparse_map(parts, member.stored_bytes, real)) {
      tell("tar.sparse", fmt::format("the sparse map of {} cannot be: {}; left out", quoted(name), *wrong));
      return false;
    }
    MemberExtras& extras = extras_of(member);
    extras.is_sparse = true;
    std::uint64_t start = 0;
    for (const SparsePart& part : parts) {
      extras.part_starts.push_back(start);
      start += part.length_bytes;
    }
    extras.parts = std::move(parts);
    member.size_bytes = real;
    return true;
  }

  /// Form 1.0: the map stands before the bytes and is counted among them.
  bool read_map(Member& member, std::vector<SparsePart>& parts) {
    SparseMapReader reader;
    SparseMapReader::State state = SparseMapReader::State::more;
    while (state == SparseMapReader::State::more) {
      if (member.stored_bytes < k_block_bytes || !read_block()) return false;
      member.data_offset += k_block_bytes;
      member.stored_bytes -= k_block_bytes;
      state = reader.add(block());
    }
    parts = std::move(reader.parts());
    return state == SparseMapReader::State::complete;
  }

  bool take_hard_link(const TarHeader& header, const std::string& name) {
    const std::string target = fields_.link_path ? *fields_.link_path : long_link_ ? *long_link_ : header.link_name;
    const auto path = tamed(name);
    const auto target_path = tamed(target);
    if (!path || !target_path || path->empty()) return true;
    return full_unless(index_.add_link(*path, *target_path));
  }

  /// A path below the top, or nothing, with a finding, when the name cannot be one.
  std::optional<std::string> tamed(const std::string& name) {
    TamedPath path = tame_path(name);
    if (path.refused) {
      tell("tar.name", fmt::format("{} is refused: it {}", quoted(name), *path.refused));
      return std::nullopt;
    }
    if (path.was_absolute) tell("tar.name.absolute", fmt::format("{} is taken below the top", quoted(name)));
    return std::move(path.path);
  }

  bool add(const std::string& name, Member member) {
    if (member.kind == model::EntryKind::link && member.link_target.empty()) {
      tell("tar.link.empty", fmt::format("{} is a link to nothing: refused", quoted(name)));
      return true;
    }
    const auto path = tamed(name);
    if (!path) return true;
    if (path->empty()) {
      if (member.kind != model::EntryKind::folder) {
        tell("tar.name", fmt::format("{} is refused: it is no name", quoted(name)));
      }
      return true;
    }
    return full_unless(index_.add(*path, std::move(member)));
  }
  bool full_unless(bool added) {
    if (!added) tell("tar.index", fmt::format("too many members: the archive is read to byte {} only", at_));
    failed_ = failed_ || !added;
    return added;
  }

  static MemberExtras& extras_of(Member& member) {
    if (member.extras == nullptr) member.extras = std::make_unique<MemberExtras>();
    return *member.extras;
  }

  std::uint32_t owner_of(const std::optional<std::uint64_t>& pax, const std::optional<std::int64_t>& header) {
    if (pax && *pax < UINT32_MAX) return static_cast<std::uint32_t>(*pax);
    if (!pax && header && *header >= 0 && *header < UINT32_MAX) return static_cast<std::uint32_t>(*header);
    tell("tar.owner", fmt::format("the owner at byte {} is no number that can be: taken for nobody", at_));
    return 65'534;
  }

  Member member_of(const TarHeader& header, const std::string& name) {
    Member member;
    member.kind = kind_of(header.type, name.ends_with('/'));
    member.mode = header.mode & model::k_mode_bits;
    member.user_id = owner_of(fields_.user_id, header.user_id);
    member.group_id = owner_of(fields_.group_id, header.group_id);
    const std::string& user = fields_.user ? *fields_.user : header.user;
    const std::string& group = fields_.group ? *fields_.group : header.group;
    member.user = index_.intern(user);
    member.group = index_.intern(group);
    if (member.user != nullptr && index_.user_ids.size() < 10'000) index_.user_ids.emplace(user, member.user_id);
    if (member.group != nullptr && index_.group_ids.size() < 10'000) index_.group_ids.emplace(group, member.group_id);
    if (!fields_.mtime_ns && !header.mtime_s) tell("tar.time", fmt::format("the time at byte {} is no number", at_));
    member.mtime_ns = fields_.mtime_ns ? *fields_.mtime_ns : in_nanoseconds(header.mtime_s.value_or(0));
    member.ctime_ns = fields_.ctime_ns.value_or(0);
    if (member.kind == model::EntryKind::character_device || member.kind == model::EntryKind::block_device) {
      member.device_number = device_number(header.device_major, header.device_minor);
    }
    if (member.kind == model::EntryKind::link) {
      member.link_target = fields_.link_path ? *fields_.link_path : long_link_ ? *long_link_ : header.link_name;
      member.link_target.resize(std::min(member.link_target.find('\0'), member.link_target.size()));
    }
    if (fields_.attributes.empty() && fields_.acl_access.empty() && fields_.acl_default.empty() && fields_.flags == 0) {
      return member;
    }
    MemberExtras& extras = extras_of(member);
    extras.attributes = fields_.attributes;
    extras.acl_access = fields_.acl_access;
    extras.acl_default = fields_.acl_default;
    extras.flags = fields_.flags;
    return member;
  }

  UnpackedBytes& bytes_;
  TarIndex& index_;
  std::array<std::uint8_t, k_block_bytes> block_{};
  std::uint64_t at_ = 0;   // of the block read last
  std::uint64_t end_ = 0;  // behind everything seen
  std::uint64_t zeros_ = 0;
  bool in_damage_ = false;
  std::uint64_t damage_from_ = 0;
  bool failed_ = false;  // the end was told already
  PaxFields global_;
  PaxFields fields_;
  bool has_pax_ = false;
  std::optional<std::string> long_name_;
  std::optional<std::string> long_link_;
};

}  // namespace

void read_index(UnpackedBytes& bytes, TarIndex& index) {
  IndexReader(bytes, index).run();
  if (const auto end = bytes.foreign_end()) {
    index.tally().add("tar.trailing", fmt::format("bytes from {} on in the file belong to no packed stream", *end));
  }
}

TamedPath tame_path(std::string_view name) {
  TamedPath tamed;
  tamed.was_absolute = name.starts_with('/');
  if (name.size() > k_path_bytes_max) {
    tamed.refused = "is longer than any path";
    return tamed;
  }
  if (name.find('\0') != std::string_view::npos) {
    tamed.refused = "holds a NUL";
    return tamed;
  }
  std::size_t depth = 0;
  while (!name.empty()) {
    const std::size_t slash = std::min(name.find('/'), name.size());
    const std::string_view part = name.substr(0, slash);
    name.remove_prefix(std::min(slash + 1, name.size()));
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      tamed.refused = "leads upwards with '..'";
      return tamed;
    }
    if (++depth > k_depth_max) {
      tamed.refused = "is nested too deep";
      return tamed;
    }
    if (!tamed.path.empty()) tamed.path += '/';
    tamed.path += part;
  }
  return tamed;
}

}  // namespace lastgood::sources::tar
