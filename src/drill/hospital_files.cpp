// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "drill/hospital_files.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <optional>

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "os/run_program.h"

namespace lastgood::drill {
namespace {

using ReadJson = nlohmann::json;

constexpr std::string_view k_list = "made.json";
constexpr std::string_view k_list_format = "lastgood-hospital-1";

base::Error bad_list(std::string_view why) {
  return base::Error{.code = base::ErrorCode::damaged_container,
                     .what = fmt::format("cannot use the list of made files: {}", why),
                     .path = std::string(k_list)};
}

std::optional<base::Sha256Digest> parse_digest(std::string_view hex) {
  base::Sha256Digest out{};
  if (hex.size() != out.size() * 2) return std::nullopt;
  for (std::size_t i = 0; i < out.size(); ++i) {
    const char* from = hex.data() + 2 * i;
    const auto [end, failed] = std::from_chars(from, from + 2, out[i], 16);
    if (failed != std::errc{} || end != from + 2) return std::nullopt;
  }
  return out;
}

std::string text_of(const ReadJson& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

base::Result<HospitalFile> parse_file(const ReadJson& entry) {
  if (!entry.is_object()) return bad_list("an entry is no object");
  HospitalFile file{.path = text_of(entry, "path"), .kind = text_of(entry, "kind")};
  const std::optional<base::Sha256Digest> digest = parse_digest(text_of(entry, "sha256"));
  const auto size = entry.find("size_bytes");
  const auto sealed = entry.find("protected");
  if (file.path.empty() || file.kind.empty() || !digest || size == entry.end() || !size->is_number_unsigned() ||
      sealed == entry.end() || !sealed->is_boolean()) {
    return bad_list(fmt::format("the entry of '{}' is not complete", base::printable(file.path)));
  }
  file.sha256 = *digest;
  file.size_bytes = size->get<std::uint64_t>();
  file.is_protected = sealed->get<bool>();
  return file;
}

/// The maker's last word is "list HEX": the digest of its list, so that the list itself is taken in like any other
/// file.
std::optional<base::Sha256Digest> find_list_digest(std::string_view printed) {
  constexpr std::string_view mark = "\nlist ";
  const std::size_t at = printed.rfind(mark);
  if (at == std::string_view::npos) return std::nullopt;
  return parse_digest(printed.substr(at + mark.size(), 64));
}

base::Error maker_failed(const HospitalOptions& options, const os::ProgramEnd& end) {
  const std::string_view tail =
      std::string_view(end.printed).substr(end.printed.size() - std::min<std::size_t>(end.printed.size(), 400));
  return base::Error{.code = base::ErrorCode::io,
                     .what = fmt::format("cannot make the hospital's files: '{}' ended with {}: {}", options.maker,
                                         end.exit_code, base::printable(tail)),
                     .path = options.maker,
                     .hint = "install the packages the drill needs: ./run deps"};
}

}  // namespace

base::Result<Hospital> parse_made_list(std::string_view text) {
  const ReadJson list = ReadJson::parse(text, nullptr, false);
  if (!list.is_object() || text_of(list, "format") != k_list_format)
    return bad_list("not in the form lastgood-hospital-1");
  const auto files = list.find("files");
  const auto left_out = list.find("left_out");
  if (files == list.end() || !files->is_array() || left_out == list.end() || !left_out->is_array())
    return bad_list("it names no files");
  Hospital hospital;
  for (const ReadJson& entry : *files) {
    LG_ASSIGN(HospitalFile file, parse_file(entry));
    hospital.files.push_back(std::move(file));
  }
  for (const ReadJson& entry : *left_out) {
    if (entry.is_object()) hospital.left_out.push_back(text_of(entry, "kind") + ": " + text_of(entry, "why"));
  }
  std::sort(hospital.files.begin(), hospital.files.end(),
            [](const HospitalFile& a, const HospitalFile& b) { return a.path < b.path; });
  return hospital;
}

base::Result<Hospital> make_hospital(os::MadeFolder& folder, const HospitalOptions& options) {
  LG_TRY(folder.check_still_there());
  const std::array<std::string, 10> arguments{"/usr/bin/python3",
                                              options.maker,
                                              "--out",
                                              fmt::format("{}/{}", folder.path(), k_before),
                                              "--list",
                                              fmt::format("{}/{}", folder.path(), k_list),
                                              "--seed",
                                              std::to_string(options.seed),
                                              "--files",
                                              std::to_string(options.files)};
  LG_ASSIGN(const os::ProgramEnd end, os::run_program(arguments, folder.path()));
  const std::optional<base::Sha256Digest> list_digest = find_list_digest(end.printed);
  if (end.exit_code != 0 || !list_digest) return maker_failed(options, end);

  LG_TRY(folder.take_in(k_list, *list_digest));
  LG_ASSIGN(const os::MadeFile list, folder.read(k_list));
  LG_ASSIGN(Hospital hospital, parse_made_list(base::ByteView(list.bytes).text()));
  for (const HospitalFile& file : hospital.files)
    LG_TRY(folder.take_in(fmt::format("{}/{}", k_before, file.path), file.sha256));
  return hospital;
}

}  // namespace lastgood::drill
