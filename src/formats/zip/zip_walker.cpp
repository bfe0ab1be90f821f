// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ZIP archives and the many formats that are ZIP archives. Specification: PKWARE APPNOTE.TXT 6.3.10.
//
//   file      = [stub] member* [signing block] directory [zip64 end, locator] end
//   member    = local header(30) name extra payload [descriptor]     (4.3.7 to 4.3.9)
//   directory = (central header(46) name extra comment)*             (4.3.12)
//   end       = "PK" 5 6 disks counts size offset comment            (4.3.16); ZIP64: 4.3.14, 4.3.15
//   Flag bit 0: encrypted. Bit 3: sizes stand in the descriptor. Bit 13: local headers are masked.
// The directory is read first, then every local header must say the same as its entry, then payloads must decode to
// their CRC-32. Without a directory the members are read from the first byte on.
#include "formats/zip/zip_walker.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "formats/zip/zip_directory.h"
#include "formats/zip/zip_members.h"
#include "formats/zip/zip_salvage.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::RegionKind;
using namespace std::string_view_literals;

constexpr std::array k_claims = {NameClaim{"zip"},
                                 NameClaim{"docx"},
                                 NameClaim{"xlsx"},
                                 NameClaim{"pptx"},
                                 NameClaim{"docm"},
                                 NameClaim{"xlsm"},
                                 NameClaim{"pptm"},
                                 NameClaim{"dotx"},
                                 NameClaim{"dotm"},
                                 NameClaim{"xltx"},
                                 NameClaim{"xltm"},
                                 NameClaim{"potx"},
                                 NameClaim{"potm"},
                                 NameClaim{"ppsx"},
                                 NameClaim{"ppsm"},
                                 NameClaim{"xlsb"},
                                 NameClaim{"xlam"},
                                 NameClaim{"ppam"},
                                 NameClaim{"vsdx"},
                                 NameClaim{"vsdm"},
                                 NameClaim{"xps"},
                                 NameClaim{"oxps"},
                                 NameClaim{"odt"},
                                 NameClaim{"ods"},
                                 NameClaim{"odp"},
                                 NameClaim{"odg"},
                                 NameClaim{"odb"},
                                 NameClaim{"odf"},
                                 NameClaim{"ott"},
                                 NameClaim{"ots"},
                                 NameClaim{"otp"},
                                 NameClaim{"otg"},
                                 NameClaim{"odm"},
                                 NameClaim{"sxw"},
                                 NameClaim{"sxc"},
                                 NameClaim{"sxi"},
                                 NameClaim{"epub"},
                                 NameClaim{"jar"},
                                 NameClaim{"jmod"},
                                 NameClaim{"war"},
                                 NameClaim{"ear"},
                                 NameClaim{"apk"},
                                 NameClaim{"aab"},
                                 NameClaim{"aar"},
                                 NameClaim{"whl"},
                                 NameClaim{"nupkg"},
                                 NameClaim{"vsix"},
                                 NameClaim{"ipa"},
                                 NameClaim{"xpi"},
                                 NameClaim{"kmz"},
                                 NameClaim{"cbz"},
                                 NameClaim{"3mf"},
                                 NameClaim{"ora"},
                                 NameClaim{"kra"},
                                 NameClaim{"idml"},
                                 NameClaim{"appx"},
                                 NameClaim{"msix"},
                                 NameClaim{"zipx"},
                                 NameClaim{"crx", Promise::loose},
                                 NameClaim{"egg", Promise::loose},
                                 NameClaim{"pages", Promise::loose},
                                 NameClaim{"numbers", Promise::loose},
                                 NameClaim{"keynote", Promise::loose},
                                 NameClaim{"fcstd", Promise::loose},
                                 NameClaim{"sketch", Promise::loose},
                                 NameClaim{"npz", Promise::loose},
                                 NameClaim{"pt", Promise::loose},
                                 NameClaim{"z01", Promise::loose}};

constexpr std::uint64_t k_quick_headers = 32;
constexpr std::uint64_t k_end_search_bytes = k_zip_end_bytes + 256;
constexpr std::uint64_t k_small_member_bytes_max = 1024 * 1024;

bool begins_as_zip(ByteView head) {
  return head.matches(0, "PK\x03\x04"sv) || head.matches(0, "PK\x05\x06"sv) ||
         head.matches(0, "PK\x07\x08PK\x03\x04"sv) || head.matches(0, "PK00PK\x03\x04"sv);
}

Likeness recognise(const Edges& edges) {
  if (begins_as_zip(edges.head)) return Likeness::strong;
  // Behind a stub, or with its head gone: the end record reaches the last byte and has room for its directory.
  const std::uint64_t skipped = edges.tail.size() > k_end_search_bytes ? edges.tail.size() - k_end_search_bytes : 0;
  const ByteView last = edges.tail.part(skipped);
  const std::size_t found = last.find_last("PK\x05\x06"sv);
  if (found == ByteView::npos || !last.has(found, k_zip_end_bytes)) return Likeness::none;
  const bool reaches_end = found + k_zip_end_bytes + last.le16(found + 20) == last.size();
  const std::uint64_t directory_to = std::uint64_t{last.le32(found + 12)} + last.le32(found + 16);
  const bool has_room = last.le32(found + 16) == 0xFFFFFFFF || directory_to <= edges.size_bytes;
  return reaches_end && has_room && last.le16(found + 10) != 0 ? Likeness::strong : Likeness::none;
}

std::uint64_t find_salvage_start(ByteView head) {
  if (head.matches(0, "PK\x03\x04"sv)) return 0;
  return head.matches(0, "PK00"sv) || head.matches(0, "PK\x07\x08"sv) ? 4 : 0;
}

/// The directory is missing or broken: says so, then which members are still good.
void salvage(WalkInput& input, std::string_view rule, std::string_view why, WalkReport& report) {
  if (input.depth() == model::Depth::quick && input.whole().empty()) {
    report.breaks(
        rule, std::string(why),
        {.from = input.size_bytes() - std::min(input.size_bytes(), k_zip_end_bytes), .to = input.size_bytes()});
    return;
  }
  BrokenUnits broken("zip.member", "member", "members");
  const ZipSalvage found = salvage_zip_members(input, find_salvage_start(input.head()), broken, report);
  report.breaks(found.is_cut ? "zip.cut" : rule, std::string(why), {.from = found.read_to, .to = input.size_bytes()});
  broken.say(report);
  // An archive that was cut has good members up to the cut. Where one is not its own, the end was not cut off:
  // directory and end record must stand in the last bytes.
  if (found.malformed > 0) {
    report.misses_fields(
        {.from = input.size_bytes() - std::min(input.size_bytes(), k_zip_central_header_bytes + k_zip_end_bytes),
         .to = input.size_bytes()});
  }
  report.reach = Reach::sampled;
  if (found.good + found.unproven == 0) return;
  report.remarks("zip.members", fmt::format("read without the directory, {} members still fit their CRC-32, {} more "
                                            "have a whole frame, {} do not fit; good ones: {}",
                                            found.good, found.unproven, broken.count(),
                                            found.good_names.empty() ? "none" : found.good_names));
}

/// Zeros or a line end behind the archive, as block devices and transfers leave them.
std::uint64_t count_padding(WalkInput& input, std::uint64_t from) {
  const std::uint64_t left = input.size_bytes() - from;
  if (left == 0 || left > k_edge_bytes) return 0;
  for (const std::uint8_t byte : input.at(from, static_cast<std::size_t>(left))) {
    if (byte != 0 && byte != '\r' && byte != '\n') return 0;
  }
  return left;
}

ZipSecrecy find_secrecy(WalkInput& input, const ZipDirectory& directory) {
  if (directory.odf_manifest && directory.mimetype) {
    const std::string manifest = read_zip_member(input, *directory.odf_manifest, k_small_member_bytes_max);
    if (manifest.find("encryption-data") != std::string::npos) return ZipSecrecy::inside_the_package;
  }
  if (directory.epub_encryption && directory.mimetype) {
    // Obfuscated fonts are no secret: IDPF and Adobe name their own algorithms for them.
    const std::string told = read_zip_member(input, *directory.epub_encryption, k_small_member_bytes_max);
    if (told.find("http://www.w3.org/2001/04/xmlenc#aes") != std::string::npos) return ZipSecrecy::inside_the_package;
  }
  return ZipSecrecy::as_flagged;
}

ZipMemberOptions choose_options(const WalkInput& input, const ZipDirectory& directory) {
  ZipMemberOptions options;
  if (input.depth() == model::Depth::full) options.payloads = ZipPayloads::all;
  if (input.depth() == model::Depth::standard) {
    options.payloads = input.whole().empty() ? ZipPayloads::doubtful : ZipPayloads::small;
  }
  const std::uint64_t members = directory.entries.size();
  if (input.depth() == model::Depth::quick && input.whole().empty() && members > k_quick_headers) {
    options.stride = members / k_quick_headers;
  }
  return options;
}

bool counts_agree(const ZipEnd& end, const ZipDirectory& directory) {
  if (directory.count == end.entries) return true;
  return end.entries_modulo != 0 && directory.count % end.entries_modulo == end.entries;
}

void say_whole(const WalkInput& input, const ZipDirectory& directory, const ZipMemberOptions& options,
               const ZipMemberCounts& counts, WalkReport& report) {
  const std::uint64_t members = directory.entries.size();
  if (counts.gap_bytes != 0) {
    report.remarks("zip.gap", fmt::format("{} bytes between members belong to none", counts.gap_bytes));
  }
  if (counts.shared != 0) {
    report.remarks("zip.shared",
                   fmt::format("{} directory entries name a local header that another one names too", counts.shared));
  }
  if (input.stopped()) {
    report.remarks("zip.limit", fmt::format("stopped by a limit after {} of {} members", counts.headers, members));
    return;
  }
  const bool sealed = counts.encrypted != 0 || options.secrecy == ZipSecrecy::inside_the_package;
  if (sealed) report.shape = Shape::sealed;
  report.reach = counts.verified + counts.shared >= members ? Reach::content
                 : counts.verified > 0                      ? Reach::sampled
                                                            : Reach::frame;
  if (directory.count > members) report.reach = Reach::sampled;
  report.holds("zip.members", fmt::format("{} of {} members agree with the directory, {} fit their CRC-32{}",
                                          counts.headers, directory.count, counts.verified,
                                          counts.encrypted != 0 ? fmt::format(", {} are encrypted", counts.encrypted)
                                          : sealed              ? ", the package says that they are encrypted"
                                                                : ""));
}

void check_members(WalkInput& input, const ZipEnd& end, const ZipDirectory& directory, WalkReport& report) {
  ZipMemberOptions options = choose_options(input, directory);
  options.secrecy = find_secrecy(input, directory);
  if (!directory.entries.empty() && directory.entries.front().header_from > 0) {
    report.remarks("zip.prefix",
                   fmt::format("{} bytes stand before the first member", directory.entries.front().header_from));
  }
  BrokenUnits broken("zip.member", "member", "members");
  WalkReport members;
  ZipMemberCounts counts = check_zip_members(input, end, directory, options, broken, members);
  if (!broken.empty() && options.payloads == ZipPayloads::doubtful) {
    // Doubt: now the payloads of the other members are worth their time.
    options.payloads = ZipPayloads::all;
    broken = BrokenUnits("zip.member", "member", "members");
    members = {};
    counts = check_zip_members(input, end, directory, options, broken, members);
  }
  report.regions = std::move(members.regions);
  report.regions_left_out = members.regions_left_out;
  report.missing_fields = std::move(members.missing_fields);
  report.region(end.directory_from, end.to, RegionKind::structured);
  if (broken.empty()) return say_whole(input, directory, options, counts, report);
  report.reach = options.payloads == ZipPayloads::none ? Reach::frame : Reach::sampled;
  broken.say(report);
  report.remarks("zip.members", fmt::format("{} of {} members agree with the directory, {} fit their CRC-32",
                                            counts.headers, directory.count, counts.verified));
}

void check_archive(WalkInput& input, const ZipEnd& end, WalkReport& report) {
  thread_local ZipDirectory directory;
  read_zip_directory(input, end, directory);
  if (directory.mimetype) {
    report.format = directory.signs.kind(read_zip_member(input, *directory.mimetype, 256));
  } else {
    report.format = directory.signs.kind({});
  }
  if (input.stopped()) {
    report.remarks("zip.limit", fmt::format("stopped by a limit after {} directory entries", directory.count));
    return;
  }
  if (end.parts == ZipParts::split) {
    report.reach = Reach::frame;
    report.region(0, end.directory_from, RegionKind::compressed);
    report.region(end.directory_from, end.to, RegionKind::structured);
    report.remarks("zip.split", "last part of a split archive: its members stand in other files");
  }
  if (!directory.complete || (end.parts == ZipParts::single && !counts_agree(end, directory))) {
    report.regions.clear();
    report.misses_fields({.from = directory.read_to, .to = end.from});
    return salvage(input, "zip.directory",
                   fmt::format("the directory of {} entries and {} bytes holds {} entries and fits to byte {}",
                               end.entries, end.directory_bytes, directory.count, directory.read_to),
                   report);
  }
  if (end.parts == ZipParts::split) return;
  if (directory.elsewhere) {
    report.breaks("zip.offset", "a directory entry points behind the directory",
                  {.from = end.directory_from, .to = end.from});
    return;
  }
  check_members(input, end, directory, report);
}

WalkReport walk(WalkInput& input) {
  WalkReport report;
  const bool begins = begins_as_zip(input.head());
  const std::optional<ZipEnd> end = find_zip_end(input);
  if (!begins && (!end || !end->fits || end->entries == 0)) return report;
  report.shape = Shape::whole;
  if (!end) {
    if (input.head().matches(0, "PK\x07\x08"sv)) {
      report.region(0, input.size_bytes(), RegionKind::compressed);
      report.remarks("zip.split", "first part of a split archive: its directory stands in another file");
      return report;
    }
    salvage(input, "zip.end", "no end record stands in the last 65536 bytes", report);
    return report;
  }
  report.end_bytes = end->to;
  report.allowed_trailing_bytes = count_padding(input, end->to);
  if (!end->fits) {
    salvage(input, "zip.end", fmt::format("the end record at byte {} names a directory that is not there", end->from),
            report);
    return report;
  }
  check_archive(input, *end, report);
  return report;
}

std::optional<SurvivingRest> find_rest(WalkInput& input) {
  const std::optional<ZipEnd> end = find_zip_end(input);
  if (!end) return std::nullopt;
  if (end->fits && end->to + count_padding(input, end->to) == input.size_bytes())
    return SurvivingRest{.sentence = "the content ends with a directory that stands where its end record says"};
  if (end->missing_bytes == 0) return std::nullopt;
  return SurvivingRest{.place = SurvivingRest::Place::shifted,
                       .sentence = fmt::format("the directory at the end counts {} bytes more before it than are there",
                                               end->missing_bytes)};
}

}  // namespace

const Format k_zip_format = {.id = "zip",
                             .title = "ZIP archive",
                             .family = Family::archive,
                             .claims = k_claims,
                             .recognise = recognise,
                             .walk = walk,
                             .find_rest = find_rest};

}  // namespace lastgood::formats
