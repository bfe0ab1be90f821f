// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// ISO 32000-1, 7.3.8 (streams), 7.3.10 (indirect objects), 7.4 (filters).
#include "formats/pdf/pdf_objects.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

#include "formats/codec/deflate.h"
#include "formats/codec/inflate_in_memory.h"
#include "formats/payload_nature.h"
#include "formats/pdf/pdf_syntax.h"

namespace lastgood::formats {

namespace {

using base::ByteView;
using model::ByteRange;
using model::RegionKind;

constexpr std::uint64_t k_object_head_bytes = 64;  // "12 0 obj" and the first keys
constexpr std::size_t k_head_bytes = 2048;         // most dictionaries end in here
constexpr std::size_t k_search_piece_bytes = 256 * 1024;
constexpr std::uint64_t k_small_total_bytes_max = 16 * 1024 * 1024;  // decoded, all streams at `small`
constexpr std::uint64_t k_many_objects = 1500;                       // beyond it regions are joined
constexpr std::uint64_t k_wrong_length_bytes_max = 64;
constexpr std::uint64_t k_leftover_bytes_max = 64;  // random-looking bytes behind a stream's own end
constexpr std::uint64_t k_cell_bytes = 32;
constexpr int k_cell_strange_max = 8;

/// Text, tables, comments: no cell of 32 bytes with more than a few bytes outside of ASCII text.
bool is_texty(ByteView bytes) {
  for (std::size_t at = 0; at < bytes.size(); at += k_cell_bytes) {
    int strange = 0;
    for (const std::uint8_t byte : bytes.part(at, k_cell_bytes)) {
      const bool text = (byte >= 0x20 && byte < 0x7F) || is_pdf_space(byte);
      if (!text) ++strange;
    }
    if (strange > k_cell_strange_max) return false;
  }
  return true;
}

bool is_blank(ByteView bytes) {
  for (const std::uint8_t byte : bytes) {
    if (!is_pdf_space(byte)) return false;
  }
  return true;
}

/// Filters that turn bytes into letters (ISO 32000-1, 7.4.2 and 7.4.3).
enum class Letters : std::uint8_t { none, hex, base85 };

Letters find_letters(const PdfDictionary& dictionary) {
  const auto is = [&](std::string_view name) { return dictionary.first_name_is("/Filter", name); };
  if (is("/ASCIIHexDecode") || is("/AHx")) return Letters::hex;
  return is("/ASCII85Decode") || is("/A85") ? Letters::base85 : Letters::none;
}

bool is_letter_of(Letters letters, std::uint8_t byte) {
  if (is_pdf_space(byte) || byte == '>') return true;
  if (letters == Letters::hex)
    return (byte >= '0' && byte <= '9') || (byte >= 'A' && byte <= 'F') || (byte >= 'a' && byte <= 'f');
  return (byte >= '!' && byte <= 'u') || byte == 'z' || byte == '~';
}

/// A stream's dictionary in numbers: views into the input do not last.
struct StreamFacts {
  std::uint64_t data_from = 0;
  std::optional<std::uint64_t> length;
  RegionKind nature = RegionKind::plain;
  Letters letters = Letters::none;
  bool flate = false;
};

RegionKind find_nature(const PdfDictionary& dictionary) {
  if (dictionary.find("/Filter").empty()) {
    // The encrypted part of a Type 1 font program looks random (Adobe Type 1 Font Format, 7), and drawing programs keep
    // data of their own that they packed themselves. Pages, pixels and annotations say what they are.
    const bool font_program = !dictionary.find("/Length1").empty() && !dictionary.find("/Length2").empty();
    const bool is_told = !dictionary.find("/Type").empty() || !dictionary.find("/Subtype").empty();
    return is_told && !font_program ? RegionKind::plain : RegionKind::compressed;
  }
  return find_letters(dictionary) != Letters::none ? RegionKind::plain : RegionKind::compressed;
}

class ObjectWalk {
 public:
  ObjectWalk(WalkInput& input, ByteRange range, const std::vector<PdfPlace>& places,
             const std::vector<ByteRange>& sections, const PdfObjectOptions& options, BrokenUnits& broken,
             WalkReport& report)
      : input_(input),
        range_(range),
        places_(places),
        sections_(sections),
        options_(options),
        broken_(broken),
        report_(report) {}

  PdfObjectCounts run() {
    counts_.covered_to = range_.from;
    at_ = range_.from;
    std::size_t section = 0;
    for (std::size_t i = 0; i < places_.size() && input_.may_continue(); ++i) {
      const PdfPlace& place = places_[i];
      if (place.offset >= range_.to) break;
      if (place.offset < at_) continue;  // inside a stream: a document in the document
      section = pass_sections(section, place.offset);
      check_gap(place.offset);
      const std::uint64_t limit = find_limit(i, section);
      if (i % options_.stride == 0 || i + 1 == places_.size()) {
        check(place, limit);
      } else {
        report_.region(place.offset, limit, RegionKind::compressed);
        at_ = limit;
      }
    }
    if (input_.stopped()) return counts_;
    (void)pass_sections(section, range_.to);
    check_gap(range_.to);
    return counts_;
  }

 private:
  /// Names the tables before `to`.
  std::size_t pass_sections(std::size_t section, std::uint64_t to) {
    for (; section < sections_.size() && sections_[section].from < to; ++section) {
      if (sections_[section].from < at_) continue;
      check_gap(sections_[section].from);
      report_.region(sections_[section].from, sections_[section].to, RegionKind::structured);
      at_ = std::max(at_, std::min(sections_[section].to, range_.to));
    }
    return section;
  }

  [[nodiscard]] std::uint64_t find_limit(std::size_t i, std::size_t section) const {
    std::uint64_t limit = i + 1 < places_.size() ? std::min(places_[i + 1].offset, range_.to) : range_.to;
    if (section < sections_.size()) limit = std::min(limit, std::max(sections_[section].from, places_[i].offset));
    return limit;
  }

  void check_gap(std::uint64_t to) {
    while (at_ < to && input_.may_continue()) {
      const ByteView bytes =
          input_.at(at_, static_cast<std::size_t>(std::min<std::uint64_t>(to - at_, k_search_piece_bytes)));
      if (bytes.empty()) break;
      const std::uint64_t next = at_ + bytes.size();
      if (is_blank(bytes)) {
        report_.region(at_, next, joined_kind());
      } else {
        counts_.gap_bytes += bytes.size();
        if (options_.gaps == PdfGaps::text && !is_texty(bytes)) {
          broken_.add({.from = at_, .to = next},
                      fmt::format("bytes from {} to {} are neither object nor text", at_, next));
        }
      }
      at_ = next;
    }
    at_ = std::max(at_, to);
  }

  void fail(std::uint64_t from, std::uint64_t to, std::string why) {
    broken_.add({.from = from, .to = to}, std::move(why));
    at_ = std::max(at_, to);
  }

  void check(const PdfPlace& place, std::uint64_t limit) {
    const std::uint64_t from = place.offset;
    ByteView bytes = input_.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(k_head_bytes, limit - from)));
    const auto head = parse_pdf_object_head(bytes, 0);
    if (!head) {
      if (!input_.stopped()) {
        report_.misses_fields({.from = from, .to = std::min(limit, from + k_object_head_bytes)});
        fail(from, limit, fmt::format("no object stands at byte {}, where the cross-reference says one does", from));
      }
      return;
    }
    if (place.number != PdfPlace::k_any_number && head->number != place.number) ++counts_.other_number;
    std::optional<std::size_t> value_to = find_pdf_value_end(bytes, head->body_from);
    const bool touches_end = !value_to || *value_to + 16 > bytes.size();
    if (touches_end && from + bytes.size() < limit) {
      bytes = input_.at(from, static_cast<std::size_t>(std::min<std::uint64_t>(k_window_bytes, limit - from)));
      value_to = find_pdf_value_end(bytes, head->body_from);
    }
    if (!value_to && bytes.size() == k_window_bytes) return accept_unread(from, limit);
    if (!value_to) {
      if (bytes.matches(head->body_from, "endobj")) return accept(from, head->body_from + 6);  // empty: the null object
      return fail_value(from, limit, fmt::format("the object at byte {} has no whole value", from));
    }
    const std::size_t word = skip_pdf_space(bytes, *value_to);
    if (bytes.matches(word, "endobj")) return accept(from, word + 6);
    if (bytes.matches(word, "stream")) {
      check_stream(from, limit, read_facts(bytes, from, head->body_from, *value_to, word));
      return;
    }
    // Some writers leave "endobj" out; then the next object, or nothing, follows.
    if (word >= bytes.size() || parse_pdf_object_head(bytes, word) || bytes.matches(word, "xref"))
      return accept(from, *value_to);
    fail_value(from, limit, fmt::format("the object at byte {} does not end behind its value", from));
  }

  [[nodiscard]] bool may_be_cut(std::uint64_t limit) const {
    return options_.last == PdfLastObject::may_be_cut && limit == range_.to;
  }

  void note_cut(std::uint64_t limit) {
    counts_.is_cut = true;
    at_ = limit;
  }

  /// A value that does not end as it must: text up to the end of the content was going on.
  void fail_value(std::uint64_t from, std::uint64_t limit, std::string why) {
    if (may_be_cut(limit) && limit - from <= k_head_bytes &&
        is_texty(input_.at(from, static_cast<std::size_t>(limit - from))))
      return note_cut(limit);
    fail(from, limit, std::move(why));
  }

  void accept(std::uint64_t from, std::size_t length) {
    ++counts_.objects;
    at_ = from + length;
    counts_.covered_to = at_;
    report_.region(from, at_, joined_kind());
  }

  /// A value longer than the window: its end is not looked for.
  void accept_unread(std::uint64_t from, std::uint64_t limit) {
    ++counts_.objects;
    at_ = limit;
    counts_.covered_to = limit;
    report_.region(from, limit, RegionKind::plain);
  }

  [[nodiscard]] bool joins() const { return places_.size() > k_many_objects; }

  /// What stands between streams: in large documents it goes with what is before it, or the regions would not be
  /// enough.
  [[nodiscard]] RegionKind joined_kind() const {
    return joins() && !report_.regions.empty() ? report_.regions.back().kind : RegionKind::structured;
  }

  static StreamFacts read_facts(ByteView bytes, std::uint64_t from, std::size_t value_from, std::size_t value_to,
                                std::size_t word) {
    const PdfDictionary dictionary(bytes.part(value_from, value_to - value_from));
    std::size_t data = word + 6;
    if (bytes.u8(data) == '\r') ++data;
    if (bytes.u8(data) == '\n') ++data;
    StreamFacts facts{
        .data_from = from + data, .length = dictionary.number("/Length"), .nature = find_nature(dictionary)};
    facts.letters = find_letters(dictionary);
    facts.flate = dictionary.first_name_is("/Filter", "/FlateDecode") || dictionary.first_name_is("/Filter", "/Fl");
    return facts;
  }

  /// Behind "endstream" when it stands at `at` or after white space; 0 when not.
  std::uint64_t find_end_word(std::uint64_t at) {
    const ByteView bytes = input_.at(at, 32);
    std::size_t word = 0;
    while (word < bytes.size() && is_pdf_space(bytes.u8(word))) ++word;
    return bytes.matches(word, "endstream") ? at + word + 9 : 0;
  }

  struct StreamEnd {
    std::uint64_t data_to = 0;
    std::uint64_t word_to = 0;  // behind "endstream"
  };

  std::optional<StreamEnd> find_stream_end(const StreamFacts& facts, std::uint64_t limit) {
    if (facts.length && *facts.length <= range_.to - std::min(range_.to, facts.data_from)) {
      const std::uint64_t data_to = facts.data_from + *facts.length;
      const std::uint64_t word_to = find_end_word(data_to);
      if (word_to != 0) return StreamEnd{.data_to = data_to, .word_to = word_to};
      ++counts_.wrong_length;
      return find_stream_end_near(facts, limit);
    }
    return find_stream_end_before(facts, limit);
  }

  /// For a wrong length: what goes far beyond it may be bytes that were something else once.
  std::optional<StreamEnd> find_stream_end_near(const StreamFacts& facts, std::uint64_t limit) {
    const std::optional<StreamEnd> end = find_stream_end_before(facts, limit);
    if (options_.gaps == PdfGaps::any || !end || !facts.length) return end;
    const std::uint64_t length = end->data_to - facts.data_from;
    const std::uint64_t away = length > *facts.length ? length - *facts.length : *facts.length - length;
    return away <= k_wrong_length_bytes_max + length / 50 ? end : std::nullopt;
  }

  std::optional<StreamEnd> find_stream_end_before(const StreamFacts& facts, std::uint64_t limit) {
    // The length stands elsewhere or is wrong: the word before the next object.
    if (limit <= facts.data_from) return std::nullopt;
    const std::uint64_t tail_from = limit - std::min<std::uint64_t>(limit - facts.data_from, 1024);
    const ByteView tail = input_.at(tail_from, static_cast<std::size_t>(limit - tail_from));
    const std::size_t last = tail.find_last("endstream");
    if (last != ByteView::npos) return end_at_word(facts, tail_from + last);
    std::uint64_t at = facts.data_from;
    while (at < limit && input_.may_continue(1 + k_search_piece_bytes / 16384)) {
      const ByteView piece =
          input_.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_search_piece_bytes, limit - at)));
      const std::size_t found = piece.find("endstream");
      if (found != ByteView::npos) return end_at_word(facts, at + found);
      if (piece.size() <= 9) break;
      at += piece.size() - 8;
    }
    return std::nullopt;
  }

  /// The end of line before "endstream" belongs to neither.
  StreamEnd end_at_word(const StreamFacts& facts, std::uint64_t word) {
    StreamEnd end{.data_to = word, .word_to = word + 9};
    if (end.data_to > facts.data_from && input_.at(end.data_to - 1, 1).u8(0) == '\n') --end.data_to;
    if (end.data_to > facts.data_from && input_.at(end.data_to - 1, 1).u8(0) == '\r') --end.data_to;
    return end;
  }

  void check_stream(std::uint64_t from, std::uint64_t limit, const StreamFacts& facts) {
    ++counts_.streams;
    const std::optional<StreamEnd> end = find_stream_end(facts, limit);
    if (!end && may_be_cut(limit) && ends_inside(facts)) {
      report_.region(from, facts.data_from, RegionKind::structured);
      report_.region(facts.data_from, limit, RegionKind::compressed);
      return note_cut(limit);
    }
    if (!end) {
      if (!input_.stopped()) fail(from, limit, fmt::format("the stream of the object at byte {} has no end", from));
      return;
    }
    RegionKind kind = options_.secrecy == PdfSecrecy::encrypted ? RegionKind::compressed : facts.nature;
    if (kind == RegionKind::plain && is_compressed_by_nature(facts, end->data_to)) kind = RegionKind::compressed;
    if (facts.flate && options_.secrecy == PdfSecrecy::open && options_.streams != PdfStreams::skip) {
      const DecodeEnd decoded = check_flate(facts.data_from, end->data_to);
      if (decoded == DecodeEnd::malformed) {
        report_.region(from, facts.data_from, RegionKind::structured);
        if (sum_alone_fails_) report_.region(facts.data_from, end->data_to, RegionKind::compressed);
        fail(facts.data_from, end->data_to, fmt::format("the stream of the object at byte {} does not decode", from));
        return;
      }
      if (decoded == DecodeEnd::complete) kind = RegionKind::verified;
      if (decoded == DecodeEnd::complete) ++counts_.inflated;
      if (decoded == DecodeEnd::cut) ++counts_.short_streams;
    }
    if (facts.letters != Letters::none && options_.secrecy == PdfSecrecy::open) check_letters(facts, end->data_to);
    finish_stream(from, facts.data_from, *end, kind);
  }

  /// The run from the first to the last byte that is none of the filter's letters is broken.
  void check_letters(const StreamFacts& facts, std::uint64_t to) {
    if (options_.streams == PdfStreams::skip) return;
    if (options_.streams == PdfStreams::small && to - facts.data_from > k_small_total_bytes_max) return;
    std::uint64_t at = facts.data_from;
    ByteRange strange;
    while (at < to && input_.may_continue(1 + k_search_piece_bytes / 16384)) {
      const ByteView piece =
          input_.at(at, static_cast<std::size_t>(std::min<std::uint64_t>(k_search_piece_bytes, to - at)));
      if (piece.empty()) break;
      for (std::size_t i = 0; i < piece.size(); ++i) {
        if (is_letter_of(facts.letters, piece.u8(i))) continue;
        if (strange.length() == 0) strange.from = at + i;
        strange.to = at + i + 1;
      }
      at += piece.size();
    }
    if (strange.length() != 0)
      broken_.add(strange,
                  fmt::format("the stream at byte {} holds bytes that its filter never writes", facts.data_from));
  }

  /// The range, and not something else, ended this stream: its data decode up to there, or are longer by their own
  /// account.
  bool ends_inside(const StreamFacts& facts) {
    const std::uint64_t left = range_.to - std::min(range_.to, facts.data_from);
    if (facts.length && *facts.length > left) return true;
    if (!facts.flate || options_.secrecy != PdfSecrecy::open || left == 0) return false;
    return decode_flate(facts.data_from, range_.to).end == DecodeEnd::cut;
  }

  bool is_compressed_by_nature(const StreamFacts& facts, std::uint64_t data_to) {
    const ByteView head =
        input_.at(facts.data_from, static_cast<std::size_t>(std::min<std::uint64_t>(300, data_to - facts.data_from)));
    return find_payload_nature(head) == PayloadNature::compressed;
  }

  void finish_stream(std::uint64_t from, std::uint64_t data_from, const StreamEnd& end, RegionKind kind) {
    const ByteView bytes = input_.at(end.word_to, 32);
    std::size_t word = 0;
    while (word < bytes.size() && is_pdf_space(bytes.u8(word))) ++word;
    const std::uint64_t to = bytes.matches(word, "endobj") ? end.word_to + word + 6 : end.word_to;
    ++counts_.objects;
    report_.region(from, data_from, joins() ? kind : RegionKind::structured);
    report_.region(data_from, end.data_to, kind);
    report_.region(end.data_to, to, joins() ? kind : RegionKind::structured);
    at_ = to;
    counts_.covered_to = to;
  }

  DecodeEnd check_flate(std::uint64_t from, std::uint64_t to) {
    if (from >= to) return DecodeEnd::stopped;
    if (options_.streams == PdfStreams::small && decoded_bytes_ > k_small_total_bytes_max) return DecodeEnd::stopped;
    const Decoded decoded = decode_flate(from, to);
    decoded_bytes_ += decoded.produced_bytes;
    if (decoded.end != DecodeEnd::complete || from + decoded.consumed_bytes >= to) return decoded.end;
    const std::uint64_t leftover_bytes = to - from - decoded.consumed_bytes;
    if (leftover_bytes <= k_leftover_bytes_max) return DecodeEnd::complete;
    const ByteView leftover =
        input_.at(from + decoded.consumed_bytes,
                  static_cast<std::size_t>(std::min<std::uint64_t>(leftover_bytes, k_search_piece_bytes)));
    return is_texty(leftover) ? DecodeEnd::complete : DecodeEnd::malformed;
  }

  Decoded decode_flate(std::uint64_t from, std::uint64_t to) {
    sum_alone_fails_ = false;
    const std::uint64_t packed_bytes = to - from;
    if (!input_.whole().empty()) {
      const Inflated inflated =
          inflate_in_memory(input_.whole().part(from, packed_bytes), DeflateFrame::zlib, packed_bytes * 16);
      if (inflated.end == DecodeEnd::complete)
        return {.end = inflated.end, .consumed_bytes = inflated.consumed_bytes, .produced_bytes = inflated.made.size()};
    }
    const std::uint64_t room = options_.streams == PdfStreams::small ? k_small_total_bytes_max : UINT64_MAX;
    const Decoded decoded = decode_deflate(input_, from, to, DeflateFrame::zlib, room);
    if (decoded.end != DecodeEnd::malformed || packed_bytes <= 2) return decoded;
    // Readers do not look at the zlib frame, and some writers leave its checksum out or write nothing into it.
    Decoded raw = decode_deflate(input_, from + 2, to, DeflateFrame::raw, room);
    raw.consumed_bytes += 2;
    const ByteView sum = input_.at(
        from + raw.consumed_bytes,
        static_cast<std::size_t>(std::min<std::uint64_t>(4, to - from - std::min(to - from, raw.consumed_bytes))));
    const bool told = sum.size() == 4 && sum.be32(0) != 0 && sum.be32(0) != 0xFFFFFFFF && !is_blank(sum);
    sum_alone_fails_ = raw.end == DecodeEnd::complete && told;
    if (sum_alone_fails_) return decoded;
    return raw;
  }

  WalkInput& input_;
  ByteRange range_;
  const std::vector<PdfPlace>& places_;
  const std::vector<ByteRange>& sections_;
  const PdfObjectOptions& options_;
  BrokenUnits& broken_;
  WalkReport& report_;
  PdfObjectCounts counts_;
  std::uint64_t at_ = 0;
  std::uint64_t decoded_bytes_ = 0;
  bool sum_alone_fails_ = false;  // the stream last decoded does to its end, and its checksum is another
};

}  // namespace

PdfObjectCounts check_pdf_objects(WalkInput& input, ByteRange range, const std::vector<PdfPlace>& places,
                                  const std::vector<ByteRange>& sections, const PdfObjectOptions& options,
                                  BrokenUnits& broken, WalkReport& report) {
  return ObjectWalk(input, range, places, sections, options, broken, report).run();
}

}  // namespace lastgood::formats
