// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// LMDB never overwrites a page that its newest transaction uses: a copy is whole when every page that the newest meta
// page leads to is there with its own number. A copy that took the meta page first and the pages later is not.
#include "engines/lmdb/lmdb_unit.h"

#include <fmt/format.h>

#include "engines/lmdb/lmdb_pages.h"

namespace lastgood::engines {

namespace {

using base::ByteView;
using namespace lmdb;

constexpr std::string_view k_data = "data.mdb";
constexpr std::uint64_t k_pages_max = std::uint64_t{1} << 32;

std::vector<std::string> find_lmdb(const FolderListing& listing) {
  if (!listing.has_file(k_data)) return {};
  return {""};
}

/// Both meta pages; the newer one that the file is long enough for is what a reader would use.
std::optional<Meta> read_meta(UnitCheck& check, base::ByteSource& source, const std::string& shown) {
  std::vector<std::uint8_t> bytes(2 * 65536 + 256);
  bytes.resize(check.read(source, shown, 0, bytes));
  const ByteView view{std::span<const std::uint8_t>(bytes)};
  std::optional<Meta> newest = parse_meta(view);
  const std::uint64_t second_at = newest ? newest->page_bytes : 4096;
  const std::optional<Meta> second = parse_meta(view.part(second_at));
  if (!newest || !second)
    check.damaged(shown, "lmdb.meta", fmt::format("meta page {} is broken", newest ? 1 : 0),
                  {.from = newest ? second_at : 0, .to = newest ? 2 * second_at : second_at});
  if (second && (!newest || second->transaction > newest->transaction)) newest = second;
  if (!newest && looks_random(check, source, shown))
    check.encrypted(shown, "lmdb.meta", "no meta page stands, and its bytes look random",
                    {.from = 0, .to = source.size_bytes()});
  return newest;
}

/// Every page the newest transaction uses.
class TreeWalk {
 public:
  TreeWalk(UnitCheck& check, base::ByteSource& source, const std::string& shown, const Meta& meta)
      : check_(check),
        source_(source),
        shown_(shown),
        meta_(meta),
        page_(meta.page_bytes),
        seen_(static_cast<std::size_t>(meta.last_page + 1)) {}

  void walk() {
    for (const std::uint64_t root : {meta_.main_root, meta_.free_root}) {
      if (root != k_no_root) waiting_.push_back(root);
    }
    while (!waiting_.empty() && faults_ < k_faults_max) {
      const std::uint64_t number = waiting_.back();
      waiting_.pop_back();
      if (!enter(number)) continue;
      const PageLinks links = parse_page(ByteView(std::span<const std::uint8_t>(page_)), number);
      if (!links.fault.empty()) {
        say(number, links.fault);
        continue;
      }
      waiting_.insert(waiting_.end(), links.children.begin(), links.children.end());
      for (const std::uint64_t overflow : links.overflows) check_overflow(overflow);
    }
  }
  [[nodiscard]] std::uint64_t pages() const { return pages_; }

 private:
  static constexpr std::uint64_t k_faults_max = 32;

  /// Reads the page; false when it was seen before or cannot be read.
  bool enter(std::uint64_t number) {
    if (number > meta_.last_page || number < 2) {
      say(number, "a tree leads to a page that does not exist");
      return false;
    }
    if (seen_[number]) return say(number, "two places of the trees lead to the same page"), false;
    seen_[number] = true;
    ++pages_;
    if (check_.read(source_, shown_, number * meta_.page_bytes, page_) == page_.size()) return true;
    say(number, "the file ends before it");
    return false;
  }

  void check_overflow(std::uint64_t number) {
    constexpr std::uint16_t k_overflow = 0x04;
    if (!enter(number)) return;
    const ByteView page{std::span<const std::uint8_t>(page_)};
    const bool fits = page.le64(0) == number && (page.le16(10) & k_overflow) != 0 && page.le32(12) != 0 &&
                      number + page.le32(12) - 1 <= meta_.last_page;
    if (!fits) say(number, "a long value begins here and the page is none of its kind");
  }

  void say(std::uint64_t number, std::string_view fault) {
    ++faults_;
    const model::ByteRange range{.from = number * meta_.page_bytes, .to = (number + 1) * meta_.page_bytes};
    if (number <= meta_.last_page && looks_random(ByteView(std::span<const std::uint8_t>(page_))))
      check_.encrypted(shown_, "lmdb.page", fmt::format("page {}: {}, and its bytes look random", number, fault),
                       range);
    else
      check_.damaged(shown_, "lmdb.page", fmt::format("page {}: {}", number, fault),
                     number <= meta_.last_page ? range : model::ByteRange{});
  }

  UnitCheck& check_;
  base::ByteSource& source_;
  const std::string& shown_;
  const Meta& meta_;
  std::vector<std::uint8_t> page_;
  std::vector<bool> seen_;
  std::vector<std::uint64_t> waiting_;
  std::uint64_t pages_ = 0;
  std::uint64_t faults_ = 0;
};

void check_environment(UnitCheck& check, const std::string& /*name*/) {
  check.set_engine("LMDB");
  check.note_member(check.home().show(k_data));
  if (check.home().view->open(check.home().in_view("lock.mdb")).ok()) check.note_member(check.home().show("lock.mdb"));
  const auto source = check.open(check.home(), k_data);
  if (!source) return;
  const std::string shown = check.home().show(k_data);
  const std::optional<Meta> meta = read_meta(check, *source, shown);
  if (!meta || !check.is_good()) return;
  const std::uint64_t present = source->size_bytes() / meta->page_bytes;
  if (meta->last_page >= present || meta->last_page >= k_pages_max)
    return check.damaged(
        shown, "lmdb.length",
        fmt::format("{} pages of {} bytes are here, {} belong to it", present, meta->page_bytes, meta->last_page + 1));
  if (check.depth() != model::Depth::quick) {
    TreeWalk walk(check, *source, shown, *meta);
    walk.walk();
    check.holds(shown, "lmdb.pages",
                fmt::format("{} pages of transaction {} looked at", walk.pages(), meta->transaction));
  }
  check.at_most(model::Certainty::strong, "lmdb.sums", "LMDB keeps no checksums of its pages");
}

}  // namespace

const UnitRow k_lmdb_row = {.kind = UnitKind::lmdb,
                            .name = "lmdb",
                            .form = UnitRow::Form::folder,
                            .find = find_lmdb,
                            .check = check_environment};

}  // namespace lastgood::engines
