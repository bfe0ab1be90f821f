// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A repository is whole when every reference leads to an object that is there, every pack ends with the digest of what
// is before it and is the one its index was made for, and every loose object has the digest that it is named by.
// Objects never change: a set from two moments is whole as long as no reference leads nowhere.
#include "engines/git/git_unit.h"

#include <zlib.h>

#include <algorithm>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/digest.h"
#include "base/error.h"
#include "engines/git/pack_index.h"

namespace lastgood::engines {

namespace {

using base::ByteView;
using git::PackIndex;

constexpr std::uint64_t k_index_bytes_max = std::uint64_t{1} << 30;
constexpr std::uint64_t k_object_bytes_max = std::uint64_t{8} << 30;

std::vector<std::string> find_git(const FolderListing& listing) {
  if (!listing.has_file("HEAD") || !listing.has_folder("objects") || !listing.has_folder("refs")) return {};
  return {""};
}

std::string digest_of(std::vector<std::uint8_t> bytes) { return {bytes.begin(), bytes.end()}; }

class Repository {
 public:
  explicit Repository(UnitCheck& check) : check_(check) {}

  void run() {
    for (Member& member : check_.take_members(check_.home())) {
      if (member.kind == model::EntryKind::regular) files_.emplace(std::move(member.path), member.size_bytes);
    }
    const auto config = text_of("config");
    name_bytes_ = config && config->find("objectformat = sha256") != std::string::npos ? 32 : 20;
    note_alternates();
    check_packs();
    check_loose_objects();
    check_renamed_objects();
    check_references();
    if (files_.contains("index")) check_trailer("index");
    check_.holds(
        {}, "git.objects",
        fmt::format("{} loose objects, {} in {} packs, {} references", loose_, packed_, indexes_.size(), references_));
    check_.at_most(model::Certainty::strong, "git.reach",
                   "whether everything that commits name is there was not followed");
  }

 private:
  [[nodiscard]] std::string shown(const std::string& path) const { return check_.home().show(path); }

  std::optional<std::string> text_of(const std::string& path) {
    if (!files_.contains(path)) return std::nullopt;
    const auto bytes = check_.read_small(check_.home(), path, 64U << 20);
    return bytes ? std::optional(digest_of(*bytes)) : std::nullopt;
  }

  void note_alternates() {
    const auto text = text_of("objects/info/alternates");
    if (!text) return;
    std::size_t at = 0;
    while (at < text->size() && alternates_ < 64) {
      const std::size_t end = std::min(text->find('\n', at), text->size());
      if (end > at) {
        ++alternates_;
        (void)check_.take_outside(text->substr(at, end - at), "objects borrowed from another repository", "alternate");
      }
      at = end + 1;
    }
  }

  /// Every file that ends with the digest of what is before it. Gives that digest; empty when it does not fit.
  std::string check_trailer(const std::string& path) {
    const auto source = check_.open(check_.home(), path);
    if (!source) return {};
    const std::uint64_t size_bytes = source->size_bytes();
    if (size_bytes < name_bytes_ + 8) return say_broken(path, *source, "is shorter than its digest"), std::string{};
    std::vector<std::uint8_t> stored(name_bytes_);
    if (check_.read(*source, shown(path), size_bytes - name_bytes_, stored) < name_bytes_) return {};
    if (check_.depth() == model::Depth::quick) return digest_of(stored);
    base::Digest digest(name_bytes_ == 20 ? base::DigestKind::sha1 : base::DigestKind::sha256);
    std::vector<std::uint8_t> buffer(1U << 20);
    for (std::uint64_t at = 0; at < size_bytes - name_bytes_;) {
      const std::size_t wanted =
          static_cast<std::size_t>(std::min<std::uint64_t>(buffer.size(), size_bytes - name_bytes_ - at));
      const std::size_t got = check_.read(*source, shown(path), at, std::span(buffer).first(wanted));
      if (got == 0) return {};
      digest.update(ByteView(std::span<const std::uint8_t>(buffer.data(), got)));
      at += got;
    }
    // git can be told to leave the digest of its index out (index.skipHash): zeros.
    const bool is_left_out = path == "index" && is_zero(ByteView(std::span<const std::uint8_t>(stored)));
    if (is_left_out || digest.finish() == stored) return digest_of(stored);
    say_broken(path, *source, "the digest at its end does not fit what is before it");
    return {};
  }

  void say_broken(const std::string& path, base::ByteSource& source, std::string sentence) {
    // Packs and objects are compressed and look random by nature: their openings tell.
    std::vector<std::uint8_t> head(8);
    head.resize(check_.read(source, shown(path), 0, head));
    const ByteView view{std::span<const std::uint8_t>(head)};
    const bool opens = view.matches(0, "PACK") || view.be32(0) == 0xFF744F63 || view.matches(0, "DIRC") ||
                       (path.starts_with("objects/") && (view.u8(0) & 0x8F) == 8 && view.be16(0) % 31 == 0);
    const model::ByteRange all{.from = 0, .to = source.size_bytes()};
    if (!opens && looks_random(check_, source, shown(path)))
      check_.encrypted(shown(path), "git.file", sentence + ", and its bytes look random", all);
    else
      check_.damaged(shown(path), "git.file", std::move(sentence), all);
  }

  void check_packs() {
    for (const auto& [path, size_bytes] : files_) {
      const bool is_pack = path.starts_with("objects/pack/") && path.ends_with(".pack");
      if (!is_pack) continue;
      const std::string digest = check_trailer(path);
      const std::string index_path = path.substr(0, path.size() - 4) + "idx";
      if (!files_.contains(index_path)) {
        check_.remarks(shown(path), "git.pack.index", "has no index; git index-pack makes one");
        continue;
      }
      (void)check_trailer(index_path);
      auto bytes = check_.read_small(check_.home(), index_path, k_index_bytes_max);
      if (!bytes) continue;
      kept_bytes_ += bytes->size();
      if (kept_bytes_ > k_index_bytes_max)
        return check_.unread(shown(index_path), "git.pack.index",
                             fmt::format("more than {} bytes of indexes", k_index_bytes_max));
      index_bytes_.push_back(std::move(*bytes));
      const auto index = PackIndex::parse(ByteView(std::span<const std::uint8_t>(index_bytes_.back())), name_bytes_);
      if (!index) {
        check_.damaged(shown(index_path), "git.pack.index", "is no index of version 2");
        continue;
      }
      if (!digest.empty() && index->pack_digest() != digest)
        check_.torn(shown(index_path), "git.pack.index", "was made for another pack than the one beside it");
      packed_ += index->objects();
      indexes_.push_back(*index);
    }
    for (const auto& [path, size_bytes] : files_) {
      if (path.starts_with("objects/pack/") && path.ends_with(".idx") &&
          !files_.contains(path.substr(0, path.size() - 3) + "pack"))
        check_.damaged(shown(path), "git.pack.missing", "the pack it is the index of is not there");
    }
  }

  static bool is_loose_path(std::string_view path) {
    return (path.size() == 49 || path.size() == 73) && path.starts_with("objects/") && path[10] == '/' &&
           git::parse_object_name(std::string(path.substr(8, 2)) + std::string(path.substr(11)));
  }

  void check_loose_objects() {
    for (const auto& [path, size_bytes] : files_) {
      if (!is_loose_path(path)) continue;
      ++loose_;
      if (check_.depth() == model::Depth::quick) continue;
      const auto source = check_.open(check_.home(), path);
      if (!source) continue;
      if (inflated_digest(*source, path) != git::parse_object_name(path.substr(8, 2) + path.substr(11)))
        say_broken(path, *source, "does not decode to what its name is the digest of");
    }
  }

  /// "objects/79/72c0....bak9": what commits name is not followed, but an attack that appends to names shows.
  void check_renamed_objects() {
    constexpr std::size_t k_objects_letters = 8;  // "objects/"
    const std::size_t name_letters = k_objects_letters + 2 * name_bytes_ + 1;
    for (const auto& [path, size_bytes] : files_) {
      if (path.size() <= name_letters || !is_loose_path(path.substr(0, name_letters))) continue;
      const std::string digits =
          path.substr(k_objects_letters, 2) + path.substr(k_objects_letters + 3, 2 * name_bytes_ - 2);
      if (!has_object(digits))
        check_.damaged(shown(path), "git.object",
                       fmt::format("stands in the place of object {}, which is not there", digits));
    }
  }

  /// The digest of what a loose object decodes to; nothing when it does not decode.
  std::optional<std::string> inflated_digest(base::ByteSource& source, const std::string& path) {
    z_stream stream{};
    if (inflateInit(&stream) != Z_OK) return std::nullopt;
    base::Digest digest(name_bytes_ == 20 ? base::DigestKind::sha1 : base::DigestKind::sha256);
    std::vector<std::uint8_t> in(64 * 1024);
    std::vector<std::uint8_t> out(256 * 1024);
    std::uint64_t at = 0;
    std::uint64_t made = 0;
    int state = Z_OK;
    while (state == Z_OK && made < k_object_bytes_max) {
      if (stream.avail_in == 0) {
        const std::size_t got = check_.read(source, shown(path), at, in);
        if (got == 0) break;
        at += got;
        stream.next_in = in.data();
        stream.avail_in = static_cast<uInt>(got);
      }
      stream.next_out = out.data();
      stream.avail_out = static_cast<uInt>(out.size());
      state = inflate(&stream, Z_NO_FLUSH);
      const std::size_t produced = out.size() - stream.avail_out;
      digest.update(ByteView(std::span<const std::uint8_t>(out.data(), produced)));
      made += produced;
    }
    inflateEnd(&stream);
    return state == Z_STREAM_END ? std::optional(digest_of(digest.finish())) : std::nullopt;
  }

  bool has_object(const std::string& digits) {
    if (files_.contains("objects/" + digits.substr(0, 2) + "/" + digits.substr(2))) return true;
    const auto name = git::parse_object_name(digits);
    return name &&
           std::any_of(indexes_.begin(), indexes_.end(), [&](const PackIndex& index) { return index.has(*name); });
  }

  void check_reference(const std::string& path, std::string_view name, std::string_view value) {
    ++references_;
    if (value.starts_with("ref: "))
      return;  // another reference; one that does not exist yet is a branch without commit
    const std::string digits(value);
    if (!git::parse_object_name(digits)) {
      const bool is_random = looks_random(ByteView(value));
      is_random
          ? check_.encrypted(shown(path), "git.reference", "no object's name stands there, and its bytes look random")
          : check_.damaged(shown(path), "git.reference",
                           fmt::format("'{}' is no object's name", base::printable(digits.substr(0, 80))));
    } else if (!has_object(digits)) {
      const std::string sentence =
          fmt::format("'{}' leads to object {}, which is not there", base::printable(name), digits);
      alternates_ > 0 ? check_.remarks(shown(path), "git.reference", sentence + " (others are borrowed)")
                      : check_.torn(shown(path), "git.reference", sentence);
    }
  }

  void check_references() {
    for (const auto& [path, size_bytes] : files_) {
      if ((!path.starts_with("refs/") && path != "HEAD") || size_bytes > 64 * 1024) continue;
      auto text = text_of(path);
      if (!text) continue;
      while (!text->empty() && (text->back() == '\n' || text->back() == '\r')) text->pop_back();
      check_reference(path, path, *text);
    }
    const auto packed = text_of("packed-refs");
    if (!packed) return;
    std::size_t at = 0;
    while (at < packed->size()) {
      const std::size_t end = std::min(packed->find('\n', at), packed->size());
      const std::string_view line = std::string_view(*packed).substr(at, end - at);
      at = end + 1;
      if (line.empty() || line[0] == '#' || line[0] == '^') continue;
      const std::size_t space = line.find(' ');
      check_reference("packed-refs", space == std::string_view::npos ? line : line.substr(space + 1),
                      line.substr(0, space));
    }
  }

  UnitCheck& check_;
  std::size_t name_bytes_ = 20;
  std::map<std::string, std::uint64_t> files_;
  std::vector<std::vector<std::uint8_t>> index_bytes_;
  std::vector<PackIndex> indexes_;
  std::uint64_t kept_bytes_ = 0;
  std::uint64_t packed_ = 0;
  std::uint64_t loose_ = 0;
  std::uint64_t references_ = 0;
  std::uint64_t alternates_ = 0;
};

void check_repository(UnitCheck& check, const std::string& /*name*/) {
  check.set_engine("git");
  Repository(check).run();
}

}  // namespace

const UnitRow k_git_row = {
    .kind = UnitKind::git, .name = "git", .form = UnitRow::Form::folder, .find = find_git, .check = check_repository};

}  // namespace lastgood::engines
