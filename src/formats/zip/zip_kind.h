// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What a ZIP archive is in truth (docx, odt, jar, ...), told by the names of its members and its `mimetype` member.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace lastgood::formats {

class ZipKindSigns {
 public:
  /// Call for every member in the order of the central directory.
  void note(std::string_view name, std::size_t entry);

  /// `mimetype`: content of the first member when it is called so, else empty. Empty when it is a plain archive.
  [[nodiscard]] std::string_view kind(std::string_view mimetype) const;

  [[nodiscard]] std::optional<std::size_t> mimetype_entry() const { return mimetype_entry_; }
  /// META-INF/manifest.xml (OpenDocument) and META-INF/encryption.xml (EPUB): they say what is encrypted.
  [[nodiscard]] std::optional<std::size_t> odf_manifest_entry() const { return odf_manifest_entry_; }
  [[nodiscard]] std::optional<std::size_t> epub_encryption_entry() const { return epub_encryption_entry_; }

 private:
  void note_office(std::string_view name);
  void note_program(std::string_view name);
  [[nodiscard]] std::string_view office_kind() const;
  [[nodiscard]] std::string_view program_kind() const;

  std::optional<std::size_t> mimetype_entry_;
  std::optional<std::size_t> odf_manifest_entry_;
  std::optional<std::size_t> epub_encryption_entry_;
  std::uint32_t signs_ = 0;
};

}  // namespace lastgood::formats
