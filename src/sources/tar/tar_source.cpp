// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/tar/tar_source.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "base/checksum.h"
#include "sources/acl_text.h"
#include "sources/tar/tar_content.h"

namespace lastgood::sources::tar {

namespace {

// Archives lie one behind the other in the order of positions; none is that large.
constexpr unsigned k_archive_shift = 44;

base::Error unknown_id(std::string_view id) {
  return base::Error{.code = base::ErrorCode::not_found,
                     .what = fmt::format("cannot open '{}': it is in no archive", base::printable(id.substr(0, 512))),
                     .path = std::string(id),
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = {}};
}

model::ContentKey key_of(const os::FileStatus& archive, std::uint64_t data_offset) {
  std::string text = "tar";
  for (const std::uint64_t number :
       {archive.device, archive.inode, archive.size_bytes, static_cast<std::uint64_t>(archive.mtime_ns), data_offset}) {
    for (unsigned shift = 0; shift < 64; shift += 8) text.push_back(static_cast<char>(number >> shift));
  }
  const base::Sha256Digest digest = base::sha256(base::ByteView(std::string_view(text)));
  return {digest.begin(), digest.end()};
}

void add_acl(const TarIndex& index, const std::string& text, const char* name, model::TreeEntry& entry) {
  if (text.empty()) return;
  auto bytes = parse_acl_text(text, [&](NameKind kind, std::string_view who) -> std::optional<std::uint32_t> {
    const auto& ids = kind == NameKind::user ? index.user_ids : index.group_ids;
    const auto found = ids.find(who);
    return found == ids.end() ? std::nullopt : std::optional(found->second);
  });
  if (!bytes) {
    entry.findings.push_back(
        {.rule = "tar.acl",
         .sentence = fmt::format("its ACL cannot be set: '{}' has another shape or a name without a number",
                                 base::printable(std::string_view(text).substr(0, 300)))});
    return;
  }
  std::erase_if(entry.attributes, [&](const model::Attribute& attribute) { return attribute.name == name; });
  entry.attributes.push_back({name, std::move(*bytes)});
}

void add_extras(const TarIndex& index, const MemberExtras& extras, model::TreeEntry& entry) {
  entry.attributes = extras.attributes;
  entry.findings = extras.findings;
  entry.flags = extras.flags;
  add_acl(index, extras.acl_access, "system.posix_acl_access", entry);
  add_acl(index, extras.acl_default, "system.posix_acl_default", entry);
  std::sort(entry.attributes.begin(), entry.attributes.end(),
            [](const model::Attribute& a, const model::Attribute& b) { return a.name < b.name; });
}

model::TreeEntry entry_of(const TarArchive& archive, const TarIndex& index, const TarIndex::Node& node,
                          const std::string& archive_number) {
  model::TreeEntry entry;
  if (node.member == TarIndex::k_none) {
    entry.kind = model::EntryKind::folder;
    entry.mode = 0755;
    entry.mtime_ns = archive.status().mtime_ns;
    entry.findings.push_back(
        {.rule = "tar.folder",
         .sentence = "the archive has no entry for this folder: mode, owner and time are made up"});
    return entry;
  }
  const Member& member = index.member(node.member);
  entry.kind = member.kind;
  entry.mode = member.mode;
  entry.user_id = member.user_id;
  entry.group_id = member.group_id;
  if (member.user != nullptr) entry.user = *member.user;
  if (member.group != nullptr) entry.group = *member.group;
  entry.mtime_ns = member.mtime_ns;
  entry.ctime_ns = member.ctime_ns;
  entry.device_number = member.device_number;
  entry.link_target = member.link_target;
  if (member.extras != nullptr) add_extras(index, *member.extras, entry);
  if (member.kind != model::EntryKind::regular) return entry;
  if (member.names > 1) entry.link_group = std::uint64_t{node.member} + 1;
  entry.content.key = key_of(archive.status(), member.data_offset);
  entry.content.size_bytes = member.size_bytes;
  entry.content.handle = archive_number + ":" + std::to_string(node.member);
  return entry;
}

/// What the archive says of `name` at its top; null: it has no entry of that name.
const Member* find_member(const TarIndex& index, std::string_view name) {
  const TarIndex::Children* const top = index.find_folder("");
  if (top == nullptr) return nullptr;
  const auto known = top->find(name);
  if (known == top->end() || index.node(known->second).member == TarIndex::k_none) return nullptr;
  return &index.member(index.node(known->second).member);
}

/// "NUMBER" and what follows `separator`.
struct Numbered {
  std::uint64_t number = 0;
  std::string_view rest;
};
std::optional<Numbered> parse_numbered(std::string_view text, char separator) {
  const std::size_t end = std::min(text.find(separator), text.size());
  const auto number = parse_decimal(text.substr(0, end));
  // One spelling for each number: "00" is no id.
  if (!number || std::to_string(*number) != text.substr(0, end)) return std::nullopt;
  return Numbered{*number, end < text.size() ? text.substr(end + 1) : std::string_view()};
}

}  // namespace

TarSource::TarSource(FoundArchives found) : found_(std::move(found)) {
  traits_.subtree_ids = SourceTraits::SubtreeIds::named_by_place;
  traits_.format = "tar";
  for (const auto& archive : found_.archives) {
    if (archive->packing() == Packing::none) continue;
    traits_.readers_max = 1;
    traits_.format = fmt::format("tar.{}", name_of(archive->packing()));
  }
}

base::Result<bool> TarSource::add_entries(std::size_t archive_number, std::string_view path, Folder& folder) {
  TarArchive& archive = *found_.archives[archive_number];
  LG_ASSIGN(const TarIndex* index, archive.index());
  const TarIndex::Children* children = index->find_folder(path);
  if (children == nullptr) return false;
  const std::string number = std::to_string(archive_number);
  // The later one counts, as where an archive has a name twice.
  std::erase_if(folder.entries, [&](const model::TreeEntry& before) { return children->contains(before.name); });
  for (const auto& [name, node] : *children) {
    model::TreeEntry entry = entry_of(archive, *index, index->node(node), number);
    entry.name = name;
    if (entry.link_group != 0) entry.link_group += std::uint64_t{archive_number} << 32U;
    if (entry.kind == model::EntryKind::folder)
      entry.subtree = number + "/" + (path.empty() ? name : std::string(path) + "/" + name);
    folder.entries.push_back(std::move(entry));
  }
  return true;
}

/// What parts bring into the folder at `path` of the base, and the folders that they lie in.
base::Result<bool> TarSource::add_parts(const JoinedArchives& joined, std::string_view path, Folder& folder) {
  LG_ASSIGN(const TarIndex* base, found_.archives[joined.base]->index());
  const Member* const server = find_member(*base, "PG_VERSION");
  // What no archive says the owner of is the server's, too.
  const auto give_owner = [&](model::TreeEntry& entry) {
    if (server == nullptr) return;
    entry.user_id = server->user_id;
    entry.group_id = server->group_id;
    if (server->user != nullptr) entry.user = *server->user;
    if (server->group != nullptr) entry.group = *server->group;
  };
  bool is_there = false;
  for (const JoinedArchives::Part& part : joined.parts) {
    if (part.at == path) {
      TarArchive& archive = *found_.archives[part.archive];
      LG_TRY(add_entries(part.archive, "", folder));
      for (model::TreeEntry& entry : folder.entries)
        if (path.empty() && entry.name == archive.name()) give_owner(entry);
      is_there = true;
      continue;
    }
    const std::size_t slash = part.at.rfind('/');
    if (part.at.empty() || part.at.substr(0, slash == std::string::npos ? 0 : slash) != path) continue;
    const std::string name = part.at.substr(slash == std::string::npos ? 0 : slash + 1);
    const bool has_folder = std::any_of(folder.entries.begin(), folder.entries.end(), [&](const auto& entry) {
      return entry.name == name && entry.kind == model::EntryKind::folder;
    });
    if (has_folder) continue;
    // A link of that name led to where the part was on the server.
    std::erase_if(folder.entries, [&](const model::TreeEntry& before) { return before.name == name; });
    TarArchive& archive = *found_.archives[part.archive];
    LG_ASSIGN(const TarIndex* index, archive.index());
    model::TreeEntry entry = entry_of(archive, *index, TarIndex::Node(), std::to_string(part.archive));
    entry.mode = 0700;  // as all folders of a cluster, without which its server does not start
    give_owner(entry);
    entry.name = name;
    entry.subtree = std::to_string(joined.base) + "/" + part.at;
    folder.entries.push_back(std::move(entry));
  }
  return is_there;
}

base::Result<Folder> TarSource::read_folder(std::string_view subtree) {
  const auto id = parse_numbered(subtree, '/');
  if (!id || id->number >= found_.archives.size()) return unknown_id(subtree);
  const auto number = static_cast<std::size_t>(id->number);
  Folder folder;
  LG_ASSIGN(bool is_there, add_entries(number, id->rest, folder));
  const auto joined = std::find_if(found_.joined.begin(), found_.joined.end(),
                                   [number](const JoinedArchives& one) { return one.base == number; });
  if (joined != found_.joined.end()) {
    LG_ASSIGN(const bool is_of_part, add_parts(*joined, id->rest, folder));
    is_there = is_there || is_of_part;
  }
  if (!is_there) return unknown_id(subtree);
  std::sort(folder.entries.begin(), folder.entries.end(),
            [](const model::TreeEntry& a, const model::TreeEntry& b) { return a.name < b.name; });
  return folder;
}

base::Result<std::unique_ptr<Content>> TarSource::open_content(const model::ContentRef& content) {
  const auto handle = parse_numbered(content.handle, ':');
  if (!handle || handle->number >= found_.archives.size()) return unknown_id(content.handle);
  TarArchive& archive = *found_.archives[static_cast<std::size_t>(handle->number)];
  LG_ASSIGN(const TarIndex* index, archive.index());
  const auto number = parse_decimal(handle->rest);
  if (!number || *number >= index->member_count()) return unknown_id(content.handle);
  const Member& member = index->member(static_cast<std::uint32_t>(*number));
  const bool is_it = member.kind == model::EntryKind::regular && member.size_bytes == content.size_bytes &&
                     key_of(archive.status(), member.data_offset) == content.key;
  if (!is_it) return unknown_id(content.handle);
  return open_member(archive, member);
}

std::uint64_t TarSource::position_of(const model::ContentRef& content) const {
  const auto handle = parse_numbered(content.handle, ':');
  if (!handle || handle->number >= found_.archives.size()) return 0;
  const auto index = found_.archives[static_cast<std::size_t>(handle->number)]->index();
  const auto member = parse_decimal(handle->rest);
  if (!index.ok() || !member || *member >= index.value()->member_count()) return 0;
  const std::uint64_t offset = index.value()->member(static_cast<std::uint32_t>(*member)).data_offset;
  return (handle->number << k_archive_shift) + std::min(offset, (std::uint64_t{1} << k_archive_shift) - 1);
}

std::vector<model::Finding> TarSource::findings() const {
  std::vector<model::Finding> all = found_.findings;
  for (const auto& archive : found_.archives) {
    for (model::Finding& finding : archive->findings_so_far()) {
      finding.sentence = fmt::format("'{}': {}", base::printable(archive->name()), finding.sentence);
      all.push_back(std::move(finding));
    }
  }
  return all;
}

}  // namespace lastgood::sources::tar
