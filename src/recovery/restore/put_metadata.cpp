// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "recovery/restore/put_metadata.h"

#include <algorithm>
#include <utility>

#include <fmt/format.h>

namespace lastgood::recovery::restore {

namespace {

constexpr std::uint32_t k_setuid = 04000;
constexpr std::uint32_t k_setgid = 02000;
constexpr std::string_view k_access_acl = "system.posix_acl_access";
constexpr std::string_view k_acl_names = "system.posix_acl_";
constexpr std::string_view k_capability = "security.capability";

/// One file's steps; what is refused becomes a remark, what stops the restore is returned.
class MetadataSteps {
 public:
  MetadataSteps(const MetadataRules& rules, const Carried& carried, model::EntryKind kind, const std::string& path,
                TroubleList& troubles)
      : rules_(rules), carried_(carried), kind_(kind), path_(path), troubles_(troubles) {}

  /// Setuid, setgid and capabilities give rights to whoever runs the file; on folders setgid only hands on a group.
  [[nodiscard]] bool may_give_rights() const {
    if (kind_ == model::EntryKind::folder) return true;
    if (rules_.policy.special_bits == RestorePolicy::SpecialBits::restore) return true;
    return rules_.policy.special_bits == RestorePolicy::SpecialBits::of_root_only && carried_.user_id == 0;
  }

  [[nodiscard]] std::uint32_t allowed_mode() {
    const std::uint32_t rights = carried_.mode & (k_setuid | k_setgid);
    if (rights == 0 || may_give_rights()) return carried_.mode;
    troubles_.remark(path_, "restore.setuid",
                     fmt::format("mode {:04o} would give its runner rights of user {} and group {}; restored as {:04o}",
                                 carried_.mode, carried_.user_id, carried_.group_id, carried_.mode & ~rights));
    return carried_.mode & ~rights;
  }

  base::Status tolerate(const base::Status& status, const char* rule) {
    if (status.ok()) return base::Done{};
    if (os::stops_restore(status.error())) return status.error();
    troubles_.remark(path_, rule, status.error().what);
    return base::Done{};
  }

 private:
  const MetadataRules& rules_;
  const Carried& carried_;
  model::EntryKind kind_;
  const std::string& path_;
  TroubleList& troubles_;
};

enum class AttributeTurn : std::uint8_t { before_mode, acls, capabilities };

AttributeTurn turn_of(const std::string& name) {
  if (name.starts_with(k_acl_names)) return AttributeTurn::acls;
  return name == k_capability ? AttributeTurn::capabilities : AttributeTurn::before_mode;
}

}  // namespace

Hash128 hash_attributes(const std::vector<std::pair<std::string, std::string>>& sorted) {
  if (sorted.empty()) return {};
  std::string all;
  for (const auto& [name, value] : sorted) all += fmt::format("{}={}:", name, value.size()) + value;
  return content_hash(base::ByteView(std::string_view(all)), 0);
}

base::Status put_metadata(const MetadataRules& rules, const os::Descriptor& file, const Carried& carried,
                          model::EntryKind kind, const std::string& path, TroubleList& troubles, DoneState& done) {
  const os::RestoreTarget& target = *rules.target;
  MetadataSteps steps(rules, carried, kind, path, troubles);
  const ItemExtras* extras = carried.extras == k_no_index ? nullptr : &(*rules.extras)[carried.extras];
  const bool has_attributes = extras != nullptr && !extras->attributes.empty();
  std::vector<std::pair<std::string, std::string>> set;
  const auto set_attributes = [&](AttributeTurn turn) -> base::Status {
    if (!has_attributes) return base::Done{};
    for (const model::Attribute& attribute : extras->attributes) {
      if (turn_of(attribute.name) != turn) continue;
      if (turn == AttributeTurn::capabilities && !steps.may_give_rights()) {
        troubles.remark(path, "restore.capability", "security.capability would give rights to whoever runs it");
        continue;
      }
      const base::Status status = target.set_attribute(file, attribute.name, attribute.value, path);
      LG_TRY(steps.tolerate(status, "restore.attribute"));
      if (status.ok()) set.emplace_back(attribute.name, attribute.value);
    }
    return base::Done{};
  };

  LG_TRY(steps.tolerate(target.set_owner(file, {carried.user_id, carried.group_id}, path), "restore.owner"));
  LG_TRY(set_attributes(AttributeTurn::before_mode));
  done.mode = steps.allowed_mode();
  if (rules.inherited_acl == InheritedAcl::remove) {
    LG_TRY(steps.tolerate(target.remove_attribute(file, std::string(k_access_acl), path), "restore.acl"));
  }
  LG_TRY(steps.tolerate(target.set_mode(file, done.mode, path), "restore.mode"));
  LG_TRY(set_attributes(AttributeTurn::acls));
  LG_TRY(set_attributes(AttributeTurn::capabilities));
  LG_TRY(steps.tolerate(target.set_mtime(file, carried.mtime_ns, path), "restore.time"));

  std::sort(set.begin(), set.end());
  done.user_id = carried.user_id;
  done.group_id = carried.group_id;
  done.mtime_ns = carried.mtime_ns;
  done.attributes = hash_attributes(set);
  return base::Done{};
}

base::Status put_node_metadata(const MetadataRules& rules, const os::Descriptor& folder, const std::string& name,
                               const Carried& carried, model::EntryKind kind, const std::string& path,
                               TroubleList& troubles) {
  const os::RestoreTarget& target = *rules.target;
  MetadataSteps steps(rules, carried, kind, path, troubles);
  LG_TRY(
      steps.tolerate(target.set_node_owner(folder, name, {carried.user_id, carried.group_id}, path), "restore.owner"));
  if (kind != model::EntryKind::link) {
    LG_TRY(steps.tolerate(target.set_node_mode(folder, name, steps.allowed_mode(), path), "restore.mode"));
  }
  return steps.tolerate(target.set_node_mtime(folder, name, carried.mtime_ns, path), "restore.time");
}

base::Status put_flags(const MetadataRules& rules, const os::Descriptor& file, const Carried& carried,
                       const std::string& path, TroubleList& troubles) {
  const std::uint32_t flags = carried.extras == k_no_index ? 0 : (*rules.extras)[carried.extras].flags;
  if (flags == 0) return base::Done{};
  MetadataSteps steps(rules, carried, model::EntryKind::regular, path, troubles);
  return steps.tolerate(rules.target->set_flags(file, flags, path), "restore.flags");
}

}  // namespace lastgood::recovery::restore
