// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/tree_file.h"

#include <algorithm>

#include <fmt/format.h>

#include "base/base64.h"
#include "base/error.h"
#include "base/rfc3339.h"
#include "sources/restic/faults.h"
#include "sources/restic/go_text.h"
#include "sources/restic/json.h"
#include "sources/source.h"

namespace lastgood::sources::restic {

namespace {

constexpr std::size_t k_findings_max = 100;
constexpr std::size_t k_attributes_max = 4096;

/// Fields as they stand, before they are believed.
struct NodeFields {
  TreeNode node;
  std::optional<std::string> name;
  std::string_view type;
  std::uint64_t inode = 0;
  std::uint64_t device = 0;
  std::uint64_t links = 0;
  std::string error;
  std::string broken;  // the first field that makes no sense
  bool has_raw_target = false;

  void is_broken(std::string_view field) {
    if (broken.empty()) broken = field;
  }
};

/// Go's FileMode keeps setuid, setgid and sticky far from the permission bits.
std::uint32_t mode_of(std::uint64_t go_mode) {
  constexpr std::uint64_t k_setuid = std::uint64_t{1} << 23;
  constexpr std::uint64_t k_setgid = std::uint64_t{1} << 22;
  constexpr std::uint64_t k_sticky = std::uint64_t{1} << 20;
  auto mode = static_cast<std::uint32_t>(go_mode & 0777);
  if ((go_mode & k_setuid) != 0) mode |= 04000;
  if ((go_mode & k_setgid) != 0) mode |= 02000;
  if ((go_mode & k_sticky) != 0) mode |= 01000;
  return mode;
}

std::optional<model::EntryKind> kind_of(std::string_view type) {
  if (type == "file") return model::EntryKind::regular;
  if (type == "dir") return model::EntryKind::folder;
  if (type == "symlink") return model::EntryKind::link;
  if (type == "fifo") return model::EntryKind::fifo;
  if (type == "socket") return model::EntryKind::socket;
  if (type == "chardev") return model::EntryKind::character_device;
  if (type == "dev") return model::EntryKind::block_device;
  return std::nullopt;
}

void read_time(json::value& value, std::string_view key, NodeFields& fields, std::int64_t& into) {
  const auto text = text_in(value);
  const auto time = text ? base::parse_rfc3339(*text) : std::nullopt;
  if (!time) return fields.is_broken(key);
  into = *time;
}

void read_id(json::value& value, std::string_view key, NodeFields& fields, std::uint32_t& into) {
  const auto number = number_in(value);
  if (!number || *number > UINT32_MAX) return fields.is_broken(key);
  into = static_cast<std::uint32_t>(*number);
}

void read_content(json::value& value, NodeFields& fields) {
  json::array ids;
  if (value.get_array().get(ids) != simdjson::SUCCESS) {
    if (!is_null(value)) fields.is_broken("content");
    return;
  }
  const bool whole = for_each_element(ids, [&](json::value& element) {
    const auto text = text_in(element);
    const auto id = text ? parse_id(*text) : std::nullopt;
    if (id) fields.node.content.push_back(*id);
    return id.has_value();
  });
  if (!whole) fields.is_broken("content");
}

bool read_attribute(json::value& element, std::vector<model::Attribute>& into) {
  json::object object;
  if (element.get_object().get(object) != simdjson::SUCCESS) return false;
  model::Attribute attribute;
  bool good = true;
  const auto visit = [&](std::string_view key, json::value& value) {
    if (key == "name") attribute.name = text_in(value).value_or("");
    if (key != "value") return;
    const auto text = text_in(value);
    auto bytes = text ? base::parse_base64(*text) : std::nullopt;
    // Go writes an empty value as null.
    good = bytes.has_value() || is_null(value);
    if (bytes) attribute.value = std::move(*bytes);
  };
  if (!for_each_field(object, visit)) return false;
  good = good && !attribute.name.empty() && attribute.name.find('\0') == std::string::npos;
  if (good && into.size() < k_attributes_max) into.push_back(std::move(attribute));
  return good;
}

void read_attributes(json::value& value, NodeFields& fields) {
  json::array array;
  if (value.get_array().get(array) != simdjson::SUCCESS) {
    if (!is_null(value)) fields.is_broken("extended_attributes");
    return;
  }
  auto& attributes = fields.node.entry.attributes;
  if (!for_each_element(array, [&](json::value& element) { return read_attribute(element, attributes); })) {
    fields.is_broken("extended_attributes");
  }
  std::sort(attributes.begin(), attributes.end(),
            [](const model::Attribute& a, const model::Attribute& b) { return a.name < b.name; });
}

void read_target(json::value& value, std::string_view key, NodeFields& fields) {
  const auto text = text_in(value);
  if (!text) return fields.is_broken(key);
  if (key == "linktarget_raw") {
    auto bytes = base::parse_base64(*text);
    if (!bytes) return fields.is_broken(key);
    fields.node.entry.link_target = std::move(*bytes);
    fields.has_raw_target = true;
  } else if (!fields.has_raw_target) {
    fields.node.entry.link_target = *text;
  }
}

std::uint64_t number_or_broken(json::value& value, std::string_view key, NodeFields& fields) {
  const auto number = number_in(value);
  if (!number) fields.is_broken(key);
  return number.value_or(0);
}

void read_subtree(json::value& value, NodeFields& fields) {
  const auto text = text_in(value);
  const auto id = text ? parse_id(*text) : std::nullopt;
  if (id) fields.node.entry.subtree = bytes_of(*id);
  if (!id && !is_null(value)) fields.is_broken("subtree");
}

enum class Field : std::uint8_t {
  ignored,
  name,
  type,
  mode,
  size,
  inode,
  device_id,
  links,
  device,
  mtime,
  ctime,
  user_id,
  group_id,
  user,
  group,
  content,
  subtree,
  target,
  attributes,
  error
};

/// By length first: a tree of a million files asks this some fifteen million times.
Field field_of(std::string_view key) {
  switch (key.size()) {
    case 3: return key == "uid" ? Field::user_id : key == "gid" ? Field::group_id : Field::ignored;
    case 4:
      if (key == "name") return Field::name;
      if (key == "type") return Field::type;
      if (key == "mode") return Field::mode;
      if (key == "size") return Field::size;
      return key == "user" ? Field::user : Field::ignored;
    case 5:
      if (key == "mtime") return Field::mtime;
      if (key == "ctime") return Field::ctime;
      if (key == "group") return Field::group;
      if (key == "inode") return Field::inode;
      if (key == "links") return Field::links;
      return key == "error" ? Field::error : Field::ignored;
    case 6: return key == "device" ? Field::device : Field::ignored;
    case 7: return key == "content" ? Field::content : key == "subtree" ? Field::subtree : Field::ignored;
    case 9: return key == "device_id" ? Field::device_id : Field::ignored;
    case 10: return key == "linktarget" ? Field::target : Field::ignored;
    case 14: return key == "linktarget_raw" ? Field::target : Field::ignored;
    case 19: return key == "extended_attributes" ? Field::attributes : Field::ignored;
    default: return Field::ignored;
  }
}

void read_name(json::value& value, NodeFields& fields) {
  if (const auto text = text_in(value)) fields.name = unquote_go(*text);
}

void read_mode(json::value& value, NodeFields& fields) {
  if (const auto number = number_in(value)) {
    fields.node.entry.mode = mode_of(*number);
  } else {
    fields.is_broken("mode");
  }
}

void read_node_field(std::string_view key, json::value& value, NodeFields& fields) {
  model::TreeEntry& entry = fields.node.entry;
  switch (field_of(key)) {
    case Field::ignored: break;
    case Field::name: read_name(value, fields); break;
    case Field::type: fields.type = text_in(value).value_or(""); break;
    case Field::mode: read_mode(value, fields); break;
    case Field::size:
      fields.node.size_bytes = number_in(value);
      if (!fields.node.size_bytes) fields.is_broken(key);
      break;
    case Field::inode: fields.inode = number_or_broken(value, key, fields); break;
    case Field::device_id: fields.device = number_or_broken(value, key, fields); break;
    case Field::links: fields.links = number_or_broken(value, key, fields); break;
    case Field::device: entry.device_number = number_or_broken(value, key, fields); break;
    case Field::mtime: read_time(value, key, fields, entry.mtime_ns); break;
    case Field::ctime: read_time(value, key, fields, entry.ctime_ns); break;
    case Field::user_id: read_id(value, key, fields, entry.user_id); break;
    case Field::group_id: read_id(value, key, fields, entry.group_id); break;
    case Field::user: entry.user = text_in(value).value_or(""); break;
    case Field::group: entry.group = text_in(value).value_or(""); break;
    case Field::content: read_content(value, fields); break;
    case Field::subtree: read_subtree(value, fields); break;
    case Field::target: read_target(value, key, fields); break;
    case Field::attributes: read_attributes(value, fields); break;
    case Field::error: fields.error = text_in(value).value_or(""); break;
  }
}

bool is_safe_name(std::string_view name) {
  return !name.empty() && name != "." && name != ".." && name.find('/') == std::string_view::npos &&
         name.find('\0') == std::string_view::npos;
}

/// SplitMix64's last steps: every bit of the result depends on every bit of the value.
std::uint64_t mixed(std::uint64_t value) {
  value = (value ^ (value >> 30U)) * 0xBF58476D1CE4E5B9U;
  value = (value ^ (value >> 27U)) * 0x94D049BB133111EBU;
  return value ^ (value >> 31U);
}

/// Files with one inode are one file only where they have one content: one that was written between two of its names
/// was saved in two states, and both are worth having. So the content is part of the group's number.
std::uint64_t link_group_of(const NodeFields& fields) {
  std::uint64_t group = mixed(mixed(fields.inode) + fields.device);
  for (const BlobId& id : fields.node.content) {
    std::uint64_t part = 0;
    for (std::size_t i = 0; i < 8; ++i) part = part << 8U | id[i];
    group = mixed(group + part);
  }
  return group == 0 ? 1 : group;
}

void add_node_findings(const NodeFields& fields, model::TreeEntry& entry) {
  if (!fields.broken.empty()) {
    entry.findings.push_back(bad("restic.node.field", fmt::format("its '{}' makes no sense", fields.broken)));
  }
  if (!fields.error.empty()) {
    entry.findings.push_back(bad("restic.node.error", fmt::format("restic noted when it read the file: {}",
                                                                  base::printable(fields.error).substr(0, 500))));
  }
  if (entry.kind == model::EntryKind::folder && entry.subtree.empty()) {
    entry.findings.push_back(bad("restic.node.subtree", "it is a folder without a tree"));
  }
  if (entry.kind == model::EntryKind::link && !fields.has_raw_target &&
      entry.link_target.find("\xEF\xBF\xBD") != std::string::npos) {
    // Before 0.16 restic wrote targets through Go's JSON, which turns what is not UTF-8 into U+FFFD.
    entry.findings.push_back({.rule = "restic.node.target",
                              .sentence = "its target holds U+FFFD: bytes that were not UTF-8 may have been lost there",
                              .weight = model::Weight::remarks});
  }
}

class TreeReader {
 public:
  explicit TreeReader(const std::function<void(TreeNode&&)>& visit) : visit_(visit) {}

  void read_nodes(json::value& value) {
    json::array nodes;
    if (value.get_array().get(nodes) != simdjson::SUCCESS) {
      whole_ = is_null(value);
      return;
    }
    whole_ = for_each_element(nodes, [&](json::value& element) {
      json::object object;
      if (element.get_object().get(object) != simdjson::SUCCESS) return false;
      if (++count_ > k_folder_entries_max) return false;
      return read_node(object);
    });
  }

  std::vector<model::Finding> finish(bool document_whole) {
    if (!document_whole || !whole_) {
      findings_.push_back(bad("restic.tree.json", fmt::format("the tree breaks after {} nodes", count_)));
    }
    if (refused_ > k_findings_max) {
      findings_.push_back(bad("restic.tree.name", fmt::format("{} more nodes are refused", refused_ - k_findings_max)));
    }
    return std::move(findings_);
  }

 private:
  bool read_node(json::object& object) {
    NodeFields fields;
    const bool whole =
        for_each_field(object, [&](std::string_view key, json::value& value) { read_node_field(key, value, fields); });
    if (!whole) return false;
    if (!fields.name || !is_safe_name(*fields.name)) {
      refuse("restic.tree.name", fmt::format("node {} has a name that no file can have: '{}'", count_ - 1,
                                             fields.name ? base::printable(*fields.name) : "(not readable)"));
      return true;
    }
    const auto kind = kind_of(fields.type);
    if (!kind) {
      refuse("restic.tree.type", fmt::format("'{}' is of a type that is not known: '{}'", base::printable(*fields.name),
                                             base::printable(fields.type)));
      return true;
    }
    model::TreeEntry& entry = fields.node.entry;
    entry.name = std::move(*fields.name);
    entry.kind = *kind;
    if (*kind != model::EntryKind::folder) entry.subtree.clear();
    if (*kind != model::EntryKind::regular) fields.node.content.clear();
    if (*kind == model::EntryKind::regular && fields.links > 1 && fields.inode != 0) {
      entry.link_group = link_group_of(fields);
    }
    add_node_findings(fields, entry);
    visit_(std::move(fields.node));
    return true;
  }

  void refuse(std::string_view rule, std::string sentence) {
    if (++refused_ <= k_findings_max) findings_.push_back(bad(rule, std::move(sentence)));
  }

  const std::function<void(TreeNode&&)>& visit_;
  std::vector<model::Finding> findings_;
  std::size_t count_ = 0;
  std::size_t refused_ = 0;
  bool whole_ = false;
};

}  // namespace

std::vector<model::Finding> parse_tree(const std::vector<std::uint8_t>& bytes,
                                       const std::function<void(TreeNode&&)>& visit) {
  // Kept for the next tree; one that has grown for a huge tree is not.
  constexpr std::size_t k_kept_bytes_max = std::size_t{16} << 20;
  thread_local json::parser kept;
  json::parser own;
  json::parser& parser = bytes.size() <= k_kept_bytes_max ? kept : own;
  TreeReader reader(visit);
  json::document document;
  json::object object;
  if (!begin_json(parser, bytes, document) || document.get_object().get(object) != simdjson::SUCCESS) {
    return reader.finish(false);
  }
  const bool whole = for_each_field(object, [&](std::string_view key, json::value& value) {
    if (key == "nodes") reader.read_nodes(value);
  });
  return reader.finish(whole);
}

}  // namespace lastgood::sources::restic
