// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "engines/postgresql/backup_files.h"

#include <algorithm>
#include <charconv>

#include <nlohmann/json.hpp>

namespace lastgood::engines::postgresql {

namespace {

/// The text behind `key` on its line; empty when there is no such line.
std::string_view value_of(std::string_view text, std::string_view key) {
  std::size_t at = 0;
  while (at < text.size()) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    const std::string_view line = text.substr(at, end - at);
    if (line.starts_with(key)) return line.substr(key.size());
    at = end + 1;
  }
  return {};
}

std::optional<std::string> bytes_of_hex(std::string_view hex) {
  if (hex.size() % 2 != 0) return std::nullopt;
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    unsigned value = 0;
    if (std::from_chars(hex.data() + i, hex.data() + i + 2, value, 16).ptr != hex.data() + i + 2) return std::nullopt;
    bytes += static_cast<char>(value);
  }
  return bytes;
}

/// Takes the manifest as its parser meets it: no tree of a file with a million entries is built.
class ManifestReader final : public nlohmann::json_sax<nlohmann::json> {
 public:
  BackupManifest manifest;
  [[nodiscard]] bool is_manifest() const { return has_version_ && !manifest.checksum.empty(); }

  bool null() override { return true; }
  bool boolean(bool /*value*/) override { return true; }
  bool number_integer(number_integer_t /*value*/) override { return true; }
  bool number_unsigned(number_unsigned_t value) override {
    if (depth_ == 1 && key_ == "PostgreSQL-Backup-Manifest-Version") has_version_ = true;
    if (depth_ == 3 && is_in_files_ && key_ == "Size") file_.size_bytes = value;
    return true;
  }
  bool number_float(number_float_t /*value*/, const string_t& /*text*/) override { return true; }
  bool string(string_t& text) override {
    if (depth_ == 1 && key_ == "Manifest-Checksum") manifest.checksum = text;
    if (depth_ != 3) return true;
    if (is_in_files_) return take_file_field(text);
    if (key_ == "Start-LSN") take_start(parse_lsn(text).value_or(0));
    if (key_ == "End-LSN") manifest.wal_end = std::max(manifest.wal_end, parse_lsn(text).value_or(0));
    return true;
  }
  bool binary(binary_t& /*bytes*/) override { return false; }
  bool start_object(std::size_t /*size*/) override {
    file_ = {};
    return ++depth_ <= 4;
  }
  bool key(string_t& text) override {
    key_ = text;
    if (depth_ == 1) is_in_files_ = text == "Files";
    return true;
  }
  bool end_object() override {
    if (depth_ == 3 && is_in_files_) {
      if (file_.path.empty() || manifest.files.size() >= k_manifest_files_max) return false;
      manifest.files.push_back(std::move(file_));
    }
    --depth_;
    return true;
  }
  bool start_array(std::size_t /*size*/) override { return ++depth_ <= 4; }
  bool end_array() override {
    --depth_;
    return true;
  }
  bool parse_error(std::size_t /*at*/, const std::string& /*token*/,
                   const nlohmann::json::exception& /*error*/) override {
    return false;
  }

 private:
  bool take_file_field(const std::string& text) {
    if (key_ == "Path") file_.path = text;
    if (key_ == "Encoded-Path") {
      const std::optional<std::string> path = bytes_of_hex(text);
      if (!path) return false;
      file_.path = *path;
    }
    if (key_ == "Checksum-Algorithm") file_.algorithm = text;
    if (key_ == "Checksum") file_.checksum = text;
    return true;
  }
  void take_start(Lsn start) {
    if (manifest.wal_start == 0 || start < manifest.wal_start) manifest.wal_start = start;
  }

  std::string key_;
  ManifestFile file_;
  int depth_ = 0;
  bool is_in_files_ = false;
  bool has_version_ = false;
};

}  // namespace

std::optional<BackupLabel> parse_backup_label(std::string_view text) {
  const std::string_view start = value_of(text, "START WAL LOCATION: ");
  const std::string_view checkpoint = value_of(text, "CHECKPOINT LOCATION: ");
  const std::string_view timeline = value_of(text, "START TIMELINE: ");
  const std::optional<Lsn> start_lsn = parse_lsn(start.substr(0, start.find(' ')));
  const std::optional<Lsn> checkpoint_lsn = parse_lsn(checkpoint);
  if (!start_lsn || !checkpoint_lsn || *start_lsn == 0 || *checkpoint_lsn < *start_lsn) return std::nullopt;
  BackupLabel label{.start = *start_lsn, .checkpoint = *checkpoint_lsn};
  std::from_chars(timeline.data(), timeline.data() + timeline.size(), label.timeline);
  label.is_from_standby = value_of(text, "BACKUP FROM: ") == "standby";
  label.is_incremental = !value_of(text, "INCREMENTAL FROM LSN: ").empty();
  label.start_time = std::string(value_of(text, "START TIME: ").substr(0, 64));
  return label;
}

std::vector<MappedTablespace> parse_tablespace_map(std::string_view text) {
  std::vector<MappedTablespace> out;
  std::string line;
  const auto take = [&] {
    const std::size_t space = line.find(' ');
    const bool is_number =
        space != std::string::npos && space > 0 && space <= 10 && line.find_first_not_of("0123456789") == space;
    if (is_number && space + 1 < line.size())
      out.push_back({.number = line.substr(0, space), .target = line.substr(space + 1)});
    line.clear();
  };
  for (std::size_t at = 0; at < text.size(); ++at) {
    // Behind a backslash stands a byte of a path that would end the line.
    if (text[at] == '\\' && at + 1 < text.size())
      line += text[++at];
    else if (text[at] == '\n' || text[at] == '\r')
      take();
    else
      line += text[at];
  }
  take();
  return out;
}

std::optional<BackupManifest> parse_backup_manifest(base::ByteView bytes) {
  if (bytes.size() > k_manifest_bytes_max) return std::nullopt;
  ManifestReader reader;
  const std::string_view text = bytes.text();
  if (!nlohmann::json::sax_parse(text.begin(), text.end(), &reader) || !reader.is_manifest()) return std::nullopt;
  // The checksum covers all lines before its own, the last.
  const std::size_t own_line = text.rfind("\"Manifest-Checksum\"");
  if (own_line == std::string_view::npos) return std::nullopt;
  reader.manifest.covered_bytes = own_line;
  return std::move(reader.manifest);
}

}  // namespace lastgood::engines::postgresql
