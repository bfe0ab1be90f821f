// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "evidence/manifest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <nlohmann/json.hpp>

#include "base/base64.h"
#include "base/rfc3339.h"
#include "base/utf8.h"
#include "evidence/digest_source.h"
#include "ledger/merkle_tree.h"
#include "ledger/read_ledger.h"
#include "os/append_file.h"

namespace lastgood::evidence {

namespace {

constexpr std::size_t k_line_bytes_max = 1U << 20U;
constexpr std::size_t k_manifest_bytes = 256U * 1024U;
constexpr std::size_t k_state_bytes = 32;
constexpr std::array k_states = {FileState::read, FileState::changed, FileState::unreadable, FileState::not_a_file};

base::Error damaged(const std::string& path, std::string what) {
  return base::Error{.code = base::ErrorCode::damaged_container,
                     .what = std::move(what),
                     .path = path,
                     .offset_bytes = {},
                     .system_errno = 0,
                     .hint = "take the evidence again from its source or its kept copy, as new evidence"};
}

/// `name` in the JSON object, of type T; nothing otherwise.
template <typename T>
bool take(const nlohmann::json& object, const char* name, T& into) {
  const auto at = object.find(name);
  if (at == object.end()) return false;
  if constexpr (std::is_same_v<T, std::string>) {
    if (!at->is_string()) return false;
  } else {
    if (!at->is_number_integer() || (std::is_unsigned_v<T> && !at->is_number_unsigned())) return false;
  }
  into = at->get<T>();
  return true;
}

std::optional<FileState> parse_state(std::string_view name) {
  for (const FileState state : k_states) {
    if (name_of(state) == name) return state;
  }
  return std::nullopt;
}

base::Status check_digest(const std::string& path, const std::string& sha256) {
  LG_ASSIGN(const auto file, os::open_own_file(path));
  LG_ASSIGN(const base::Sha256Digest digest, ledger::hash_beginning(path, file->size_bytes()));
  if (ledger::text_of(digest) == sha256) return base::Done{};
  return damaged(path, fmt::format("'{}' was changed: its {} bytes have another SHA-256 than the ledger says",
                                   base::printable(path), file->size_bytes()));
}

}  // namespace

std::string_view name_of(FileState state) {
  switch (state) {
    case FileState::read: return "read";
    case FileState::changed: return "changed";
    case FileState::unreadable: return "unreadable";
    case FileState::not_a_file: return "not_a_file";
  }
  return "read";
}

std::string write_manifest_line(const ManifestFile& file) {
  nlohmann::ordered_json line = {{"file", file.number}, {"path", base::printable(file.path)}};
  if (!base::is_utf8(file.path) || line["path"] != file.path)
    line["path_b64"] = base::base64(base::ByteView(std::string_view(file.path)));
  line["state"] = name_of(file.state);
  if (!file.why.empty()) line["why"] = base::printable(file.why);
  if (file.has_content()) {
    line["size"] = file.size_bytes;
    line["mtime_ns"] = file.mtime_ns;
    line["sha256"] = file.sha256;
    line["sha1"] = file.sha1;
    line["md5"] = file.md5;
    line["block"] = file.block_bytes;
    line["first_state"] = file.first_state;
  }
  return line.dump() + "\n";
}

std::optional<ManifestFile> parse_manifest_line(std::string_view text) {
  if (text.size() > k_line_bytes_max) return std::nullopt;
  const nlohmann::json line = nlohmann::json::parse(text, nullptr, false);
  if (!line.is_object()) return std::nullopt;
  ManifestFile out;
  std::string state;
  std::string exact;
  if (!take(line, "file", out.number) || !take(line, "path", out.path) || !take(line, "state", state))
    return std::nullopt;
  if (take(line, "path_b64", exact)) {
    const auto bytes = base::parse_base64(exact);
    if (!bytes) return std::nullopt;
    out.path = *bytes;
  }
  const auto parsed = parse_state(state);
  if (!parsed) return std::nullopt;
  out.state = *parsed;
  take(line, "why", out.why);
  if (!out.has_content()) return out;
  const bool whole = take(line, "size", out.size_bytes) && take(line, "mtime_ns", out.mtime_ns) &&
                     take(line, "sha256", out.sha256) && take(line, "sha1", out.sha1) && take(line, "md5", out.md5) &&
                     take(line, "block", out.block_bytes) && take(line, "first_state", out.first_state);
  const bool sane = out.block_bytes >= 64 && out.block_bytes <= k_coarse_block_bytes && out.block_bytes % 64 == 0 &&
                    out.sha256.size() == 64 && out.sha1.size() == 40 && out.md5.size() == 32;
  return whole && sane ? std::optional<ManifestFile>(std::move(out)) : std::nullopt;
}

std::string item_folder(const std::string& case_folder, const std::string& id) {
  return case_folder + "/evidence/" + id;
}
std::string kept_folder(const std::string& case_folder, const std::string& id) { return case_folder + "/kept/" + id; }
std::string kept_name(std::uint64_t number) { return fmt::format("{:06}", number); }

base::Status visit_manifest(const std::string& case_folder, const EvidenceItem& item, const ManifestVisitor& visitor) {
  const std::string path = item_folder(case_folder, item.id) + "/manifest";
  LG_TRY(check_digest(path, item.manifest_sha256));
  LG_ASSIGN(const auto source, os::open_own_file(path));
  std::vector<std::uint8_t> chunk(k_manifest_bytes);
  std::string pending;
  std::uint64_t offset = 0;
  std::uint64_t number = 0;
  while (true) {
    LG_ASSIGN(const std::size_t count, source->read(offset, chunk));
    if (count == 0) break;
    offset += count;
    pending += base::ByteView(std::span<const std::uint8_t>(chunk).first(count)).text();
    std::size_t begin = 0;
    for (std::size_t end = pending.find('\n'); end != std::string::npos; end = pending.find('\n', begin)) {
      ++number;
      const auto file = parse_manifest_line(std::string_view(pending).substr(begin, end - begin));
      if (!file || file->number != number)
        return damaged(path, fmt::format("'{}' has a line {} that no lastgood wrote", base::printable(path), number));
      LG_TRY(visitor(*file));
      begin = end + 1;
    }
    pending.erase(0, begin);
    if (pending.size() > k_line_bytes_max)
      return damaged(path,
                     fmt::format("'{}' has a line of more than {} bytes", base::printable(path), k_line_bytes_max));
  }
  return base::Done{};
}

base::Result<base::Sha256Digest> KeptStates::state_behind(std::uint64_t block) {
  const std::uint64_t wanted = first_ + block;
  if (window_.empty() || wanted < window_first_ || wanted >= window_first_ + window_.size() / k_state_bytes) {
    std::vector<std::uint8_t> bytes(k_ahead * k_state_bytes);
    LG_ASSIGN(const std::size_t count, states_->read(wanted * k_state_bytes, bytes));
    window_.assign(bytes.begin(), bytes.begin() + static_cast<std::ptrdiff_t>(count - count % k_state_bytes));
    window_first_ = wanted;
  }
  if (window_.empty()) return damaged({}, "the states of a file end before the file does");
  base::Sha256Digest out{};
  const std::size_t at = (wanted - window_first_) * k_state_bytes;
  std::copy_n(window_.begin() + static_cast<std::ptrdiff_t>(at), k_state_bytes, out.begin());
  return out;
}

base::Result<std::shared_ptr<base::ByteSource>> open_states(const std::string& case_folder, const EvidenceItem& item) {
  const std::string path = item_folder(case_folder, item.id) + "/states";
  LG_TRY(check_digest(path, item.states_sha256));
  LG_ASSIGN(auto source, os::open_own_file(path));
  return std::shared_ptr<base::ByteSource>(std::move(source));
}

}  // namespace lastgood::evidence
