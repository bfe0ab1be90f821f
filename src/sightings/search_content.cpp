// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sightings/search_content.h"

#include <algorithm>
#include <array>
#include <mutex>
#include <optional>
#include <unordered_map>
#include <utility>

#include "indicators/find_contacts.h"
#include "sightings/mail_parts.h"
#include "sightings/store_items.h"

namespace lastgood::sightings {

namespace {

constexpr std::size_t k_core_bytes = std::size_t{1} << 20;
constexpr std::size_t k_margin_bytes = indicators::k_indicator_bytes_max;
constexpr std::size_t k_name_contacts_max = 16;

/// Different values of one file.
class Values {
 public:
  Values(const OwnPlaces& own, SeenFile& file) : own_(own), file_(file) {}

  void add(indicators::FoundIndicator found, SeenIndicator::Place place, std::string_view part_encoding = {},
           const StorePlace& in_store = {}) {
    std::string key(found.kind);
    key += ' ';
    key += found.value;
    const auto at = places_.find(key);
    if (at != places_.end()) {
      SeenIndicator& known = file_.seen[at->second];
      // The bytes of a store hold again what its items say.
      if (known.store_item != 0 && in_store.item == 0 && place == SeenIndicator::Place::content) return;
      ++known.times;
      // Text of two bytes a letter is shown after all other text of a window. Offsets of two items tell no order.
      const bool comparable = known.store_item == in_store.item && known.store_part == in_store.part;
      if (known.place == place && comparable && found.offset_bytes < known.first.offset_bytes) {
        known.first = std::move(found);
        known.part_encoding = part_encoding;
      }
      return;
    }
    if (file_.seen.size() == k_values_per_file_max) {
      ++file_.left_out;
      return;
    }
    const Apart apart = decide_apart(found.kind, found.value, own_);
    places_.emplace(std::move(key), file_.seen.size());
    file_.seen.push_back({.first = std::move(found),
                          .times = 1,
                          .apart = apart,
                          .place = place,
                          .part_encoding = part_encoding,
                          .store_item = in_store.item,
                          .store_part = in_store.part});
  }

 private:
  const OwnPlaces& own_;
  SeenFile& file_;
  std::unordered_map<std::string, std::size_t> places_;
};

/// Kinds of find_contacts as constants: what was found lives longer than the contact.
std::string_view kind_of(const indicators::Contact& contact) {
  for (const std::string_view kind : {"email", "onion", "victim_id"}) {
    if (contact.kind == kind) return kind;
  }
  return "other";
}

std::string_view level_of(const indicators::Contact& contact) {
  for (const std::string_view level : {"checksum", "shape"}) {
    if (contact.level == level) return level;
  }
  return "context";
}

void add_from_name(std::string_view name, Values& values) {
  for (indicators::Contact& contact : indicators::find_name_contacts(name, k_name_contacts_max)) {
    values.add({.kind = kind_of(contact), .value = contact.value, .level = level_of(contact)},
               SeenIndicator::Place::name);
  }
}

/// The file for whoever looks into its mails: what is in the window comes from there.
class WindowedSource final : public base::ByteSource {
 public:
  explicit WindowedSource(base::ByteSource& file) : file_(file) {}
  void show(std::uint64_t from_bytes, base::ByteView window) {
    from_bytes_ = from_bytes;
    window_ = window;
  }
  [[nodiscard]] std::uint64_t size_bytes() const override { return file_.size_bytes(); }
  [[nodiscard]] base::Result<std::size_t> read(std::uint64_t offset_bytes, std::span<std::uint8_t> into) override {
    const std::uint64_t behind = size_bytes() - std::min(size_bytes(), offset_bytes);
    const auto count = static_cast<std::size_t>(std::min<std::uint64_t>(into.size(), behind));
    if (offset_bytes < from_bytes_ || !window_.has(offset_bytes - from_bytes_, count))
      return file_.read(offset_bytes, into);
    const base::ByteView bytes = window_.part(offset_bytes - from_bytes_, count);
    std::copy(bytes.begin(), bytes.end(), into.begin());
    return count;
  }

 private:
  base::ByteSource& file_;
  std::uint64_t from_bytes_ = 0;
  base::ByteView window_;
};

/// Most files are small: none of them pays for it again.
std::vector<std::uint8_t>& buffer_of_thread() {
  thread_local std::vector<std::uint8_t> buffer(k_core_bytes + 2 * k_margin_bytes);
  return buffer;
}

}  // namespace

/// A core, and as much before and behind it as an indicator may need.
class ContentSearch::Windows {
 public:
  Windows(base::ByteSource& file, std::string path, std::string_view name, const OwnPlaces& own)
      : source_(file), values_(own, seen_), bytes_(buffer_of_thread()) {
    seen_.path = std::move(path);
    add_from_name(name, values_);
  }

  [[nodiscard]] std::span<std::uint8_t> room() const { return std::span(bytes_).subspan(filled_); }
  base::Status take(std::size_t count) {
    filled_ += count;
    seen_.size_bytes += count;
    return filled_ < bytes_.size() ? base::Status(base::Done{}) : search(filled_ - k_margin_bytes);
  }
  base::Status finish() { return core_ < filled_ ? search(filled_) : base::Status(base::Done{}); }
  void look_into_store_of(os::EvidenceFile& file, const std::function<bool()>& cancelled) {
    std::array<std::uint8_t, 4> opening{};
    const auto got = file.read(0, opening);
    if (!got.ok() || got.value() < opening.size() || !is_store(base::ByteView(std::span<const std::uint8_t>(opening))))
      return;
    static std::mutex one_store;  // its helper may take much memory
    const std::lock_guard lock(one_store);
    const auto look = look_into_store(
        file, cancelled, [this](const StorePlace& place, std::string_view encoding, indicators::FoundIndicator found) {
          values_.add(std::move(found), SeenIndicator::Place::content, encoding, place);
        });
    if (look.ok()) {
      left_out_ = look.value().left_out;
    } else {
      left_out_.push_back("the items of an Outlook store: " + look.error().what);
    }
  }
  [[nodiscard]] std::vector<std::string> left_out() const {
    std::vector<std::string> all = left_out_;
    if (mails_) all.insert(all.end(), mails_->left_out().begin(), mails_->left_out().end());
    return all;
  }
  SeenFile take_seen() {
    std::sort(seen_.seen.begin(), seen_.seen.end(), [](const SeenIndicator& a, const SeenIndicator& b) {
      return std::pair(a.first.offset_bytes, a.first.value) < std::pair(b.first.offset_bytes, b.first.value);
    });
    return std::move(seen_);
  }

 private:
  base::Status search(std::size_t core_to) {
    if (!status_.ok()) return status_;
    const base::ByteView window(std::span<const std::uint8_t>(bytes_).first(filled_));
    source_.show(from_, window);
    if (!mails_) {
      mails_.emplace(source_, window, [this](auto encoding, indicators::FoundIndicator found) {
        values_.add(std::move(found), SeenIndicator::Place::content, encoding);
      });
    }
    // Errors stay: what follows in a file that is read only in part is not searched.
    status_ = mails_->advance(from_ + filled_);
    if (!status_.ok()) return status_;
    blank(mails_->encoded(), from_, filled_);
    indicators::find_indicators(window, core_, core_to, from_, [this](indicators::FoundIndicator found) {
      values_.add(std::move(found), SeenIndicator::Place::content);
    });
    // What an indicator at the beginning of the next core may need stays.
    const std::size_t keep = core_to > k_margin_bytes ? core_to - k_margin_bytes : 0;
    std::copy(bytes_.begin() + static_cast<std::ptrdiff_t>(keep), bytes_.begin() + static_cast<std::ptrdiff_t>(filled_),
              bytes_.begin());
    core_ = core_to - keep;
    filled_ -= keep;
    from_ += keep;
    return base::Done{};
  }

  /// What was looked at decoded is no text as it stands. Whoever reads the file has its digest from his own bytes.
  void blank(const std::vector<model::ByteRange>& encoded, std::uint64_t from, std::size_t filled) {
    auto range = std::upper_bound(encoded.begin(), encoded.end(), from,
                                  [](std::uint64_t offset, const model::ByteRange& each) { return offset < each.to; });
    for (; range != encoded.end() && range->from < from + filled; ++range) {
      const std::uint64_t begin = std::max(range->from, from) - from;
      const std::uint64_t end = std::min<std::uint64_t>(range->to - from, filled);
      std::fill(bytes_.begin() + static_cast<std::ptrdiff_t>(begin), bytes_.begin() + static_cast<std::ptrdiff_t>(end),
                std::uint8_t{0});
    }
  }

  WindowedSource source_;
  SeenFile seen_;
  Values values_;
  std::optional<MailLook> mails_;
  std::vector<std::string> left_out_;  // of a store
  std::vector<std::uint8_t>& bytes_;
  std::uint64_t from_ = 0;  // of bytes_[0] in the file
  std::size_t filled_ = 0;  // bytes_ that hold something
  std::size_t core_ = 0;    // where the next core begins in bytes_
  base::Status status_ = base::Done{};
};

ContentSearch::ContentSearch(base::ByteSource& file, std::string path, std::string_view name, const OwnPlaces& own)
    : windows_(std::make_unique<Windows>(file, std::move(path), name, own)) {}

ContentSearch::~ContentSearch() = default;

void ContentSearch::look_into_store_of(os::EvidenceFile& file, const std::function<bool()>& cancelled) {
  windows_->look_into_store_of(file, cancelled);
}
std::span<std::uint8_t> ContentSearch::room() { return windows_->room(); }
base::Status ContentSearch::take(std::size_t count) { return windows_->take(count); }
base::Status ContentSearch::finish() { return windows_->finish(); }
std::vector<std::string> ContentSearch::left_out() const { return windows_->left_out(); }
SeenFile ContentSearch::take_seen() { return windows_->take_seen(); }

base::Error left_out_error(const std::string& path, const std::string& what) {
  base::Error error;
  error.code = base::ErrorCode::limit_reached;
  error.what = what;
  error.path = path;
  return error;
}

}  // namespace lastgood::sightings
