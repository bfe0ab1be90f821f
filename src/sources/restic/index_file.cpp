// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/restic/index_file.h"

#include "sources/restic/crypto.h"
#include "sources/restic/json.h"

namespace lastgood::sources::restic {

namespace {

std::uint32_t narrow(std::optional<std::uint64_t> number, bool& good) {
  if (!number || *number > UINT32_MAX) good = false;
  return good ? static_cast<std::uint32_t>(*number) : 0;
}

std::optional<BlobPlace> read_blob(json::object& object) {
  BlobPlace blob;
  std::optional<BlobId> id;
  unsigned seen = 0;
  bool good = true;
  const auto visit = [&](std::string_view key, json::value& value) {
    if (key == "id") {
      if (const auto text = text_in(value)) id = parse_id(*text);
    } else if (key == "type") {
      const auto text = text_in(value).value_or("");
      if (text == "tree") blob.kind = BlobKind::tree;
      good = good && (text == "tree" || text == "data");
    } else if (key == "offset") {
      blob.offset_bytes = narrow(number_in(value), good);
      seen |= 1U;
    } else if (key == "length") {
      blob.length_bytes = narrow(number_in(value), good);
      seen |= 2U;
    } else if (key == "uncompressed_length") {
      blob.plain_length_bytes = narrow(number_in(value), good);
    }
  };
  if (!for_each_field(object, visit) || !good || !id || seen != 3U) return std::nullopt;
  if (blob.length_bytes < k_seal_bytes || blob.length_bytes > UINT32_MAX - blob.offset_bytes) return std::nullopt;
  blob.id = *id;
  return blob;
}

class PackReader {
 public:
  PackReader(const std::function<void(IndexedPack&)>& visit, IndexEnd& end) : visit_(visit), end_(end) {}

  bool read_packs(json::value& packs) {
    json::array array;
    // Go writes an empty list as null.
    if (packs.get_array().get(array) != simdjson::SUCCESS) return is_null(packs);
    return read_packs(array);
  }

  bool read_packs(json::array& packs) {
    return for_each_element(packs, [&](json::value& value) {
      json::object object;
      return value.get_object().get(object) == simdjson::SUCCESS && read_pack(object);
    });
  }

 private:
  bool read_pack(json::object& object) {
    pack_.blobs.clear();
    pack_.refused = 0;
    std::optional<BlobId> id;
    bool whole = true;
    const auto visit_field = [&](std::string_view key, json::value& value) {
      if (key == "id") {
        if (const auto text = text_in(value)) id = parse_id(*text);
      } else if (key == "blobs") {
        whole = read_blobs(value);
      }
    };
    whole = for_each_field(object, visit_field) && whole;
    if (id) {
      pack_.pack = *id;
      visit_(pack_);
    } else {
      ++end_.refused;
    }
    return whole;
  }

  bool read_blobs(json::value& value) {
    json::array blobs;
    if (value.get_array().get(blobs) != simdjson::SUCCESS) return is_null(value);
    return for_each_element(blobs, [&](json::value& element) {
      json::object object;
      if (element.get_object().get(object) != simdjson::SUCCESS) return false;
      if (const auto blob = read_blob(object)) {
        pack_.blobs.push_back(*blob);
      } else {
        ++pack_.refused;
      }
      return true;
    });
  }

  const std::function<void(IndexedPack&)>& visit_;
  IndexEnd& end_;
  IndexedPack pack_;
};

}  // namespace

IndexEnd parse_index(const std::vector<std::uint8_t>& bytes, const std::function<void(IndexedPack&)>& visit) {
  IndexEnd end;
  json::parser parser;
  json::document document;
  if (!begin_json(parser, bytes, document)) return end;
  PackReader reader(visit, end);
  json::array bare;
  if (document.get_array().get(bare) == simdjson::SUCCESS) {
    end.whole = reader.read_packs(bare);
    return end;
  }
  json::object object;
  if (document.get_object().get(object) != simdjson::SUCCESS) return end;
  bool whole = true;
  const auto visit_field = [&](std::string_view key, json::value& value) {
    if (key == "packs" || key == "packs_to_delete") whole = reader.read_packs(value) && whole;
  };
  end.whole = for_each_field(object, visit_field) && whole;
  return end;
}

}  // namespace lastgood::sources::restic
