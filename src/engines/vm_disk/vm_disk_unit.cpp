// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A disk is whole when everything it builds on is there and was not changed since: a qcow2 image names its backing
// file, a VMDK descriptor its extents and the content id that its parent must have. What stands on the disk is judged
// elsewhere.
#include "engines/vm_disk/vm_disk_unit.h"

#include <algorithm>
#include <set>

#include <fmt/format.h>

#include "base/error.h"
#include "engines/vm_disk/disk_headers.h"

namespace lastgood::engines {

namespace {

using base::ByteView;
using namespace vm_disk;
using namespace std::string_view_literals;

constexpr std::size_t k_head_bytes = 64 * 1024;
constexpr std::size_t k_chain_max = 64;
constexpr std::uint64_t k_map_bytes_max = 32U << 20;

bool has_ending(std::string_view name) {
  return name.ends_with(".qcow2") || name.ends_with(".qcow") || name.ends_with(".vmdk");
}

/// The descriptor of a VMDK by its first bytes, whether it stands alone or inside a sparse extent.
std::optional<VmdkDescriptor> find_descriptor(ByteView head) {
  if (auto descriptor = parse_vmdk_descriptor(head.text())) return descriptor;
  const auto sparse = parse_vmdk_sparse(head);
  if (!sparse || sparse->descriptor_bytes == 0) return std::nullopt;
  auto descriptor = parse_vmdk_descriptor(head.part(sparse->descriptor_at, sparse->descriptor_bytes).text());
  // The one extent of a disk in one file is that file, under whatever name it was made.
  if (descriptor && descriptor->extents.size() == 1) descriptor->extents.clear();
  return descriptor;
}

/// Names that a file refers to, as written.
std::vector<std::string> references_of(ByteView head) {
  std::vector<std::string> names;
  if (const auto qcow = parse_qcow2_header(head); qcow && !qcow->backing.empty()) names.push_back(qcow->backing);
  if (const auto descriptor = find_descriptor(head)) {
    for (const VmdkExtent& extent : descriptor->extents) names.push_back(extent.name);
    if (!descriptor->parent.empty()) names.push_back(descriptor->parent);
  }
  return names;
}

/// The disks here that nothing here builds on.
std::vector<std::string> find_vm_disks(const FolderListing& listing) {
  std::set<std::string> disks;
  std::set<std::string> used;
  for (const UnitEntry& entry : listing.entries) {
    if (entry.kind != model::EntryKind::regular || !has_ending(entry.name)) continue;
    const std::vector<std::uint8_t> head = listing.head_of(entry.name, k_head_bytes);
    const bool is_disk = parse_qcow2_header(ByteView(head)) || find_descriptor(ByteView(head));
    if (is_disk) disks.insert(entry.name);
    for (std::string& name : references_of(ByteView(head))) {
      if (name != entry.name) used.insert(std::move(name));
    }
  }
  std::vector<std::string> names;
  std::set_difference(disks.begin(), disks.end(), used.begin(), used.end(), std::back_inserter(names));
  return names;
}

class ChainCheck {
 public:
  explicit ChainCheck(UnitCheck& check) : check_(check) {
    const auto entries = check.home().view->list(check.home().folder);
    if (entries.ok()) entries_ = entries.value();
  }

  void run(const std::string& name) {
    Link link{.place = check_.home(), .name = name};
    std::uint32_t needed_id = 0xFFFFFFFF;
    for (std::size_t depth = 0; !link.name.empty(); ++depth) {
      if (depth >= k_chain_max || !visited_.insert(link.place.show(link.name)).second)
        return check_.damaged(link.place.show(link.name), "vm-disk.chain", "the chain of disks does not end");
      link = check_one(link, needed_id);
    }
    check_.holds({}, "vm-disk.chain", fmt::format("{} disks build on each other, all are there", visited_.size()));
    check_.at_most(
        model::Certainty::weak, "vm-disk.moment",
        "what stands on the disk was not looked at, nor whether other disks of the machine are of the same moment");
  }

 private:
  struct Link {
    Place place;
    std::string name;
  };

  std::int64_t mtime_of(std::string_view name) const {
    const auto found =
        std::find_if(entries_.begin(), entries_.end(), [&](const UnitEntry& entry) { return entry.name == name; });
    return found == entries_.end() ? 0 : found->mtime_ns;
  }

  /// Where `reference`, as written in `from`, leads. An empty name: it is not to be seen, which was said.
  Link follow(const Link& from, std::string reference) {
    for (const std::string_view prefix : {"file:"sv, "json:"sv}) {
      if (reference.starts_with(prefix)) reference.erase(0, prefix.size());
    }
    const std::size_t slash = reference.rfind('/');
    if (slash == std::string::npos) {
      const std::int64_t own = mtime_of(from.name);
      const std::int64_t other = mtime_of(reference);
      if (own != 0 && other > own)
        check_.remarks(from.place.show(reference), "vm-disk.time",
                       "was changed after the disk that builds on it; if that was more than copying, both are lost");
      return {.place = from.place, .name = reference};
    }
    if (!reference.starts_with('/')) {
      if (reference.find("..") != std::string::npos) {
        (void)check_.take_outside(reference, "backing file", reference);
        check_.unread(from.place.show(from.name), "vm-disk.outside",
                      fmt::format("builds on '{}', outside its folder", base::printable(reference)));
        return {};
      }
      return {.place = from.place, .name = reference};
    }
    const auto place = check_.take_outside(reference.substr(0, std::max<std::size_t>(1, slash)), "backing file",
                                           reference.substr(0, slash));
    if (place) return {.place = *place, .name = reference.substr(slash + 1)};
    check_.unread(from.place.show(from.name), "vm-disk.outside",
                  fmt::format("builds on '{}', which cannot be seen from here", base::printable(reference)));
    return {};
  }

  std::unique_ptr<base::ByteSource> open(const Link& link) {
    auto source = link.place.view->open(link.place.in_view(link.name));
    const std::string shown = link.place.show(link.name);
    if (source.ok()) {
      check_.note_member(shown);
      return std::move(source).value();
    }
    source.error().code == base::ErrorCode::not_found
        ? check_.damaged(shown, "vm-disk.missing", "a disk builds on it, and it is not there")
        : check_.unread(shown, "unit.open", source.error().what);
    return nullptr;
  }

  Link check_one(const Link& link, std::uint32_t& needed_id) {
    const auto source = open(link);
    if (!source) return {};
    const std::string shown = link.place.show(link.name);
    std::vector<std::uint8_t> head(k_head_bytes);
    head.resize(check_.read(*source, shown, 0, head));
    if (const auto qcow = parse_qcow2_header(ByteView(head))) return check_qcow2(link, *source, *qcow);
    if (const auto descriptor = find_descriptor(ByteView(head))) {
      if (needed_id != 0xFFFFFFFF && descriptor->content_id != needed_id)
        check_.torn(shown, "vm-disk.parent",
                    fmt::format("its content id is {:08x}, the disk that builds on it wants {:08x}",
                                descriptor->content_id, needed_id));
      needed_id = descriptor->parent_id;
      check_.set_engine("VMDK");
      check_extents(link, *descriptor);
      return descriptor->parent_id == 0xFFFFFFFF || descriptor->parent.empty() ? Link{}
                                                                               : follow(link, descriptor->parent);
    }
    // The end of a chain can be a raw disk; the top of one was recognised by its header.
    if (visited_.size() == 1 || looks_random(check_, *source, shown))
      looks_random(check_, *source, shown)
          ? check_.encrypted(shown, "vm-disk.header", "no disk begins here, and its bytes look random",
                             {.from = 0, .to = source->size_bytes()})
          : check_.damaged(shown, "vm-disk.header", "no disk begins here");
    return {};
  }

  Link check_qcow2(const Link& link, base::ByteSource& source, const Qcow2Header& header) {
    const std::string shown = link.place.show(link.name);
    check_.set_engine(fmt::format("qcow2 version {}", header.version));
    if (!header.fault.empty())
      return check_.damaged(shown, "vm-disk.header", std::string(header.fault), {.from = 0, .to = 104}), Link{};
    if (header.is_marked_corrupt) check_.damaged(shown, "vm-disk.corrupt", "QEMU marked the image as corrupt");
    if (header.is_dirty)
      check_.needs_recovery("vm-disk.dirty",
                            "the image was open: its reference counts must be made again (qemu-img check -r leaks)");
    check_map(shown, source, header);
    return header.backing.empty() ? Link{} : follow(link, header.backing);
  }

  /// The tables must lie in the file, and what the first one leads to.
  void check_map(const std::string& shown, base::ByteSource& source, const Qcow2Header& header) {
    const std::uint64_t map_bytes = header.map_entries * 8;
    if (map_bytes > k_map_bytes_max || header.map_at > source.size_bytes() ||
        map_bytes > source.size_bytes() - header.map_at || header.counts_at >= source.size_bytes())
      return check_.damaged(shown, "vm-disk.map", "its tables lie behind its end", {.from = 36, .to = 60});
    std::vector<std::uint8_t> map(static_cast<std::size_t>(map_bytes));
    if (check_.read(source, shown, header.map_at, map) < map.size()) return;
    const ByteView view(map);
    constexpr std::uint64_t k_offset_bits = 0x00FFFFFFFFFFFE00;
    for (std::uint64_t i = 0; i < header.map_entries; ++i) {
      const std::uint64_t at = view.be64(8 * i) & k_offset_bits;
      if (at == 0 || (at % header.cluster_bytes == 0 && at < source.size_bytes())) continue;
      const model::ByteRange range{.from = header.map_at + 8 * i, .to = header.map_at + 8 * i + 8};
      looks_random(view)
          ? check_.encrypted(shown, "vm-disk.map",
                             fmt::format("entry {} leads to byte {}, and the table looks random", i, at), range)
          : check_.damaged(shown, "vm-disk.map",
                           fmt::format("entry {} leads to byte {}, the file has {}", i, at, source.size_bytes()),
                           range);
      return;
    }
  }

  void check_extents(const Link& link, const VmdkDescriptor& descriptor) {
    for (const VmdkExtent& extent : descriptor.extents) {
      if (extent.kind == "ZERO" || extent.name.empty() || extent.name == link.name) continue;
      const Link place{.place = link.place, .name = extent.name};
      if (extent.name.find('/') != std::string::npos) {
        (void)check_.take_outside(extent.name, "extent", extent.name);
        continue;
      }
      const auto source = open(place);
      if (!source) continue;
      const std::string shown = place.place.show(extent.name);
      std::vector<std::uint8_t> head(512);
      head.resize(check_.read(*source, shown, 0, head));
      const bool is_sparse = extent.kind == "SPARSE";
      const auto sparse = parse_vmdk_sparse(ByteView(head));
      if (is_sparse && !sparse)
        looks_random(check_, *source, shown)
            ? check_.encrypted(shown, "vm-disk.extent", "is no sparse extent, and its bytes look random")
            : check_.damaged(shown, "vm-disk.extent", "is no sparse extent");
      else if (is_sparse && sparse->sectors != extent.sectors)
        check_.torn(shown, "vm-disk.extent",
                    fmt::format("has {} sectors, the descriptor says {}", sparse->sectors, extent.sectors));
      else if (!is_sparse && source->size_bytes() / 512 < extent.sectors)
        check_.damaged(
            shown, "vm-disk.extent",
            fmt::format("has {} sectors, the descriptor says {}", source->size_bytes() / 512, extent.sectors));
    }
  }

  UnitCheck& check_;
  std::vector<UnitEntry> entries_;
  std::set<std::string> visited_;
};

void check_disk(UnitCheck& check, const std::string& name) { ChainCheck(check).run(name); }

}  // namespace

const UnitRow k_vm_disk_row = {.kind = UnitKind::vm_disk,
                               .name = "vm_disk",
                               .form = UnitRow::Form::file,
                               .find = find_vm_disks,
                               .check = check_disk};

}  // namespace lastgood::engines
