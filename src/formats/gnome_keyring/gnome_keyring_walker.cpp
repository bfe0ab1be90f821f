// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// GNOME keyring. Source: the gnome-keyring project, docs/file-format.txt. Numbers are big endian.
//
//   file   = "GnomeKeyring" LF CR NUL LF major(1) minor(1) crypto(1) hash(1) name(string) ctime(8) mtime(8) flags(4)
//            lock timeout(4) hash iterations(4) salt(8) reserved(16) items(4) item* length(4) ciphertext(length)
//   item   = id(4) type(4) attributes(4) attribute*
//   attribute = name(string) type(4) value; type 0: string, 1: number(4)
//   string = length(4; 0xFFFFFFFF for none) bytes
#include "formats/gnome_keyring/gnome_keyring_walker.h"

#include <array>

#include <fmt/format.h>

namespace lastgood::formats {

namespace {

using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"keyring", Promise::loose}};
constexpr std::string_view k_magic = "GnomeKeyring\n\r\0\n"sv;
constexpr std::uint32_t k_no_string = 0xFFFFFFFF;

Likeness recognise(const Edges& edges) { return edges.head.matches(0, k_magic) ? Likeness::strong : Likeness::none; }

/// Reads field after field; one that does not fit makes all that follow unfit.
class Fields {
 public:
  Fields(WalkInput& input, std::uint64_t at) : input_(input), at_(at) {}
  void skip(std::uint64_t length) {
    fits_ = fits_ && at_ <= input_.size_bytes() && length <= input_.size_bytes() - at_;
    if (fits_) at_ += length;
  }
  std::uint32_t number() {
    const std::uint64_t from = at_;
    skip(4);
    return fits_ ? input_.at(from, 4).be32(0) : 0;
  }
  void string() {
    const std::uint32_t length = number();
    if (length != k_no_string) skip(length);
  }
  [[nodiscard]] bool fits() const { return fits_; }
  [[nodiscard]] std::uint64_t at() const { return at_; }
  void reject() { fits_ = false; }

 private:
  WalkInput& input_;
  std::uint64_t at_;
  bool fits_ = true;
};

void read_items(WalkInput& input, Fields& fields, std::uint32_t items) {
  for (std::uint32_t item = 0; item < items && fields.fits() && input.may_continue(); ++item) {
    fields.skip(8);
    const std::uint32_t attributes = fields.number();
    for (std::uint32_t i = 0; i < attributes && fields.fits() && input.may_continue(); ++i) {
      fields.string();
      const std::uint32_t type = fields.number();
      if (type > 1) fields.reject();
      if (type == 0) {
        fields.string();
      } else {
        fields.skip(4);
      }
    }
  }
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  if (!input.head().matches(0, k_magic)) return report;
  Fields fields(input, k_magic.size() + 4);
  fields.string();
  fields.skip(8 + 8 + 4 + 4 + 4 + 8 + 16);
  const std::uint32_t items = fields.number();
  read_items(input, fields, items);
  const std::uint32_t cipher_bytes = fields.number();
  const std::uint64_t cipher_from = fields.at();
  fields.skip(cipher_bytes);
  if (input.stopped()) return report;
  if (!fields.fits() || cipher_bytes == 0 || cipher_bytes % 16 != 0) {
    report.breaks("gnome-keyring.fields",
                  fmt::format("{} items lead to byte {}, where {} bytes of ciphertext do not fit", items, cipher_from,
                              cipher_bytes),
                  {.from = k_magic.size(), .to = input.size_bytes()});
    return report;
  }
  report.shape = Shape::sealed;
  report.reach = Reach::frame;
  report.end_bytes = fields.at();
  report.region(0, cipher_from, RegionKind::structured);
  report.region(cipher_from, fields.at(), RegionKind::compressed);
  report.holds("gnome-keyring.fields",
               fmt::format("{} items and {} bytes of ciphertext end at byte {}", items, cipher_bytes, fields.at()));
  return report;
}

}  // namespace

const Format k_gnome_keyring_format = {.id = "gnome-keyring",
                                       .title = "GNOME keyring",
                                       .family = Family::owner_encrypted,
                                       .claims = k_claims,
                                       .recognise = recognise,
                                       .walk = walk};

}  // namespace lastgood::formats
