// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/borg/manifest.h"

#include <algorithm>
#include <chrono>

#include "sources/borg/msgpack_reader.h"

namespace lastgood::sources::borg {

using base::ByteView;
using base::Error;
using base::ErrorCode;
using base::Result;

namespace {

constexpr std::size_t k_text_bytes_max = 4096;
constexpr std::size_t k_command_words_max = 10'000;

Error damaged(std::string what) { return {.code = ErrorCode::damaged_source, .what = std::move(what)}; }

ObjectId read_id(MsgpackReader& reader) {
  const std::string_view text = reader.read_text();
  ObjectId id{};
  if (text.size() != id.size()) {
    reader.fail();
  } else {
    const ByteView bytes(text);
    std::copy(bytes.begin(), bytes.end(), id.begin());
  }
  return id;
}

/// A text, or empty for anything else that stands there.
std::string read_text_or_skip(MsgpackReader& reader) {
  if (reader.next_kind() != MsgpackReader::Kind::text) {
    reader.skip();
    return {};
  }
  return std::string(reader.read_text().substr(0, k_text_bytes_max));
}

TamTag read_tam(MsgpackReader& reader) {
  TamTag tag{.present = true};
  if (reader.next_kind() != MsgpackReader::Kind::map) {
    reader.skip();
    return tag;
  }
  const std::uint32_t pairs = reader.read_map();
  for (std::uint32_t i = 0; i < pairs && reader.ok(); ++i) {
    const std::string_view name = reader.read_text();
    if (name == "hmac" && reader.next_kind() == MsgpackReader::Kind::text) {
      if (reader.read_text().size() == 64) tag.mac_offset = reader.offset() - 64;
    } else if (name == "type") {
      tag.type = read_text_or_skip(reader);
    } else if (name == "salt") {
      tag.salt = read_text_or_skip(reader);
    } else {
      reader.skip();
    }
  }
  return tag;
}

void read_archives(MsgpackReader& reader, Manifest& manifest) {
  const std::uint32_t count = reader.read_map();
  if (count > k_archives_max) return reader.fail();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    ManifestArchive archive;
    archive.name = reader.read_text().substr(0, k_text_bytes_max);
    const std::uint32_t pairs = reader.read_map();
    bool has_id = false;
    for (std::uint32_t j = 0; j < pairs && reader.ok(); ++j) {
      const std::string_view name = reader.read_text();
      if (name == "id") {
        archive.id = read_id(reader);
        has_id = reader.ok();
      } else if (name == "time") {
        archive.time_ns = parse_borg_time(read_text_or_skip(reader)).value_or(0);
      } else {
        reader.skip();
      }
    }
    if (has_id) manifest.archives.push_back(std::move(archive));
  }
}

/// feature_flags: {operation: {"mandatory": [feature]}}. Those for reading concern us.
void read_features(MsgpackReader& reader, Manifest& manifest) {
  const std::uint32_t operations = reader.read_map();
  for (std::uint32_t i = 0; i < operations && reader.ok(); ++i) {
    const bool for_reading = reader.read_text() == "read";
    if (reader.next_kind() != MsgpackReader::Kind::map) {
      reader.skip();
      continue;
    }
    const std::uint32_t kinds = reader.read_map();
    for (std::uint32_t j = 0; j < kinds && reader.ok(); ++j) {
      if (reader.read_text() != "mandatory" || reader.next_kind() != MsgpackReader::Kind::list) {
        reader.skip();
        continue;
      }
      const std::uint32_t features = reader.read_list();
      for (std::uint32_t k = 0; k < features && reader.ok(); ++k) {
        std::string feature = read_text_or_skip(reader);
        if (for_reading && manifest.features.size() < 100) manifest.features.push_back(std::move(feature));
      }
    }
  }
}

void read_manifest_config(MsgpackReader& reader, Manifest& manifest) {
  if (reader.next_kind() != MsgpackReader::Kind::map) return reader.skip();
  const std::uint32_t pairs = reader.read_map();
  for (std::uint32_t i = 0; i < pairs && reader.ok(); ++i) {
    if (reader.read_text() == "feature_flags" && reader.next_kind() == MsgpackReader::Kind::map) {
      read_features(reader, manifest);
    } else {
      reader.skip();
    }
  }
}

void read_words(MsgpackReader& reader, std::vector<std::string>& words) {
  if (reader.next_kind() != MsgpackReader::Kind::list) return reader.skip();
  const std::uint32_t count = reader.read_list();
  for (std::uint32_t i = 0; i < count && reader.ok(); ++i) {
    std::string word = read_text_or_skip(reader);
    if (words.size() < k_command_words_max) words.push_back(std::move(word));
  }
}

void read_archive_field(MsgpackReader& reader, std::string_view name, ArchiveHead& head) {
  if (name == "name") {
    head.name = read_text_or_skip(reader);
  } else if (name == "hostname") {
    head.host = read_text_or_skip(reader);
  } else if (name == "username") {
    head.user = read_text_or_skip(reader);
  } else if (name == "comment") {
    head.comment = read_text_or_skip(reader);
  } else if (name == "time") {
    head.time_ns = parse_borg_time(read_text_or_skip(reader)).value_or(0);
  } else if (name == "cmdline") {
    read_words(reader, head.command);
  } else if (name == "tam") {
    head.tam = read_tam(reader);
  } else if (name == "items" && reader.next_kind() == MsgpackReader::Kind::list) {
    const std::uint32_t count = reader.read_list();
    for (std::uint32_t i = 0; i < count && reader.ok(); ++i) head.items.push_back(read_id(reader));
  } else {
    reader.skip();
  }
}

}  // namespace

Result<Manifest> parse_manifest(ByteView bytes) {
  if (bytes.matches(0, "\xC1\xC1\xC1\xC1")) {
    return Error{.code = ErrorCode::unsupported,
                 .what = "the manifest is of a later version of borg",
                 .hint = "repositories of borg 1 can be read"};
  }
  MsgpackReader reader(bytes);
  Manifest manifest;
  std::int64_t version = 0;
  const std::uint32_t pairs = reader.read_map();
  for (std::uint32_t i = 0; i < pairs && reader.ok(); ++i) {
    const std::string_view name = reader.read_text();
    if (name == "version") {
      version = reader.read_integer();
    } else if (name == "timestamp") {
      manifest.time_ns = parse_borg_time(read_text_or_skip(reader)).value_or(0);
    } else if (name == "archives") {
      read_archives(reader, manifest);
    } else if (name == "config") {
      read_manifest_config(reader, manifest);
    } else if (name == "tam") {
      manifest.tam = read_tam(reader);
    } else {
      reader.skip();
    }
  }
  if (!reader.ok()) return damaged("the manifest does not decode at byte " + std::to_string(reader.offset()));
  if (version != 1 && version != 2) {
    return Error{.code = ErrorCode::unsupported,
                 .what = "the manifest has version " + std::to_string(version) + ", known are 1 and 2"};
  }
  return manifest;
}

Result<ArchiveHead> parse_archive_head(ByteView bytes) {
  MsgpackReader reader(bytes);
  ArchiveHead head;
  std::int64_t version = 0;
  const std::uint32_t pairs = reader.read_map();
  for (std::uint32_t i = 0; i < pairs && reader.ok(); ++i) {
    const std::string_view name = reader.read_text();
    if (name == "version") {
      version = reader.read_integer();
    } else {
      read_archive_field(reader, name, head);
    }
  }
  if (!reader.ok()) return damaged("the archive's head does not decode at byte " + std::to_string(reader.offset()));
  if (version != 1) {
    return Error{.code = ErrorCode::unsupported,
                 .what = "the archive has version " + std::to_string(version) + ", known is 1"};
  }
  return head;
}

Tam check_tam(const ObjectCodec& codec, ByteView message, const TamTag& tag, std::string_view context) {
  if (!tag.present) return Tam::missing;
  if (tag.type != "HKDF_HMAC_SHA512") return Tam::unknown_suite;
  return codec.tam_fits(message, tag.mac_offset, tag.salt, context) ? Tam::valid : Tam::invalid;
}

std::optional<std::int64_t> parse_borg_time(std::string_view text) {
  constexpr std::string_view k_shape = "dddd-dd-ddTdd:dd:dd";
  if (text.size() < k_shape.size()) return std::nullopt;
  for (std::size_t i = 0; i < k_shape.size(); ++i) {
    const bool digit = text[i] >= '0' && text[i] <= '9';
    if (k_shape[i] == 'd' ? !digit : text[i] != k_shape[i]) return std::nullopt;
  }
  const auto number = [&](std::size_t from, std::size_t count) {
    int value = 0;
    for (std::size_t i = from; i < from + count; ++i) value = value * 10 + (text[i] - '0');
    return value;
  };
  using std::chrono::day;
  using std::chrono::month;
  using std::chrono::year;
  const std::chrono::year_month_day date{year{number(0, 4)}, month{static_cast<unsigned>(number(5, 2))},
                                         day{static_cast<unsigned>(number(8, 2))}};
  // Nanoseconds in 64 bits end in 2262.
  if (!date.ok() || number(0, 4) < 1900 || number(0, 4) > 2261) return std::nullopt;
  std::int64_t time_ns = std::chrono::sys_days(date).time_since_epoch().count() * 86'400;
  time_ns = (time_ns + number(11, 2) * 3600 + number(14, 2) * 60 + number(17, 2)) * 1'000'000'000;
  std::int64_t unit_ns = 100'000'000;
  const bool has_fraction = text.size() > k_shape.size() && text[k_shape.size()] == '.';
  for (std::size_t i = k_shape.size() + 1; has_fraction && i < text.size() && unit_ns > 0; ++i) {
    if (text[i] < '0' || text[i] > '9') break;
    time_ns += (text[i] - '0') * unit_ns;
    unit_ns /= 10;
  }
  return time_ns;
}

}  // namespace lastgood::sources::borg
