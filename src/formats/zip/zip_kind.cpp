// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Sources: ECMA-376 part 2 (Open Packaging), OpenDocument 1.3 part 2 section 3.3, EPUB OCF 3.3 section 4, JAR File
// Specification, PEP 427.
#include "formats/zip/zip_kind.h"

#include <array>

namespace lastgood::formats {

namespace {

enum Sign : std::uint32_t {
  k_content_types = 1U << 0U,
  k_word = 1U << 1U,
  k_excel = 1U << 2U,
  k_powerpoint = 1U << 3U,
  k_visio = 1U << 4U,
  k_macros = 1U << 5U,
  k_binary_workbook = 1U << 6U,
  k_xps = 1U << 7U,
  k_model_3d = 1U << 8U,
  k_nuspec = 1U << 9U,
  k_java_manifest = 1U << 10U,
  k_android = 1U << 11U,
  k_wheel = 1U << 12U,
  k_web_archive = 1U << 13U,
  k_enterprise_archive = 1U << 14U,
  k_kml = 1U << 15U,
  k_ios = 1U << 16U,
  k_appx = 1U << 17U,
  k_open_document = 1U << 18U,
};

struct MimeKind {
  std::string_view mimetype;
  std::string_view kind;
};
constexpr std::string_view k_open_document_prefix = "application/vnd.oasis.opendocument.";
constexpr std::array k_open_document_kinds = {MimeKind{"text", "odt"},
                                              MimeKind{"text-template", "ott"},
                                              MimeKind{"text-master", "odm"},
                                              MimeKind{"spreadsheet", "ods"},
                                              MimeKind{"spreadsheet-template", "ots"},
                                              MimeKind{"presentation", "odp"},
                                              MimeKind{"graphics", "odg"},
                                              MimeKind{"presentation-template", "otp"},
                                              MimeKind{"formula", "odf"},
                                              MimeKind{"graphics-template", "otg"},
                                              MimeKind{"chart", "odc"},
                                              MimeKind{"image", "odi"},
                                              MimeKind{"database", "odb"},
                                              MimeKind{"base", "odb"}};
constexpr std::array k_other_kinds = {
    MimeKind{"application/epub+zip", "epub"},        MimeKind{"image/openraster", "ora"},
    MimeKind{"application/x-krita", "kra"},          MimeKind{"application/vnd.sun.xml.writer", "sxw"},
    MimeKind{"application/vnd.sun.xml.calc", "sxc"}, MimeKind{"application/vnd.sun.xml.impress", "sxi"},
    MimeKind{"application/vnd.sun.xml.draw", "sxd"}, MimeKind{"application/vnd.adobe.indesign-idml-package", "idml"},
    MimeKind{"application/hwp+zip", "hwpx"}};

std::string_view kind_of_mimetype(std::string_view mimetype) {
  while (!mimetype.empty() && (mimetype.back() == '\n' || mimetype.back() == '\r' || mimetype.back() == ' ')) {
    mimetype.remove_suffix(1);
  }
  for (const MimeKind& other : k_other_kinds) {
    if (mimetype == other.mimetype) return other.kind;
  }
  if (!mimetype.starts_with(k_open_document_prefix)) return {};
  mimetype.remove_prefix(k_open_document_prefix.size());
  for (const MimeKind& document : k_open_document_kinds) {
    if (mimetype == document.mimetype) return document.kind;
  }
  return "odf";
}

}  // namespace

void ZipKindSigns::note(std::string_view name, std::size_t entry) {
  if (name.empty()) return;
  if (name == "mimetype") mimetype_entry_ = entry;
  if (name.starts_with("META-INF/")) {
    if (name == "META-INF/MANIFEST.MF") signs_ |= k_java_manifest;
    if (name == "META-INF/manifest.xml") odf_manifest_entry_ = entry;
    if (name == "META-INF/encryption.xml") epub_encryption_entry_ = entry;
    if (name == "META-INF/application.xml") signs_ |= k_enterprise_archive;
    return;
  }
  note_office(name);
  note_program(name);
}

void ZipKindSigns::note_office(std::string_view name) {
  switch (name.front()) {
    case '[':
      if (name == "[Content_Types].xml") signs_ |= k_content_types;
      return;
    case 'w':
      if (name.starts_with("word/")) signs_ |= k_word;
      if (name == "word/vbaProject.bin") signs_ |= k_macros;
      return;
    case 'x':
      if (name.starts_with("xl/")) signs_ |= k_excel;
      if (name == "xl/vbaProject.bin") signs_ |= k_macros;
      if (name == "xl/workbook.bin") signs_ |= k_binary_workbook;
      return;
    case 'p':
      if (name.starts_with("ppt/")) signs_ |= k_powerpoint;
      if (name == "ppt/vbaProject.bin") signs_ |= k_macros;
      return;
    case 'v':
      if (name.starts_with("visio/")) signs_ |= k_visio;
      return;
    case 'c':
      if (name == "content.xml") signs_ |= k_open_document;
      return;
    case 'F':
      if (name == "FixedDocumentSequence.fdseq" || name == "FixedDocSeq.fdseq") signs_ |= k_xps;
      return;
    case '3':
      if (name.starts_with("3D/")) signs_ |= k_model_3d;
      return;
    default: return;
  }
}

void ZipKindSigns::note_program(std::string_view name) {
  if (name == "AndroidManifest.xml") signs_ |= k_android;
  if (name == "AppxManifest.xml") signs_ |= k_appx;
  if (name.starts_with("WEB-INF/")) signs_ |= k_web_archive;
  if (name.starts_with("Payload/") && name.ends_with(".app/Info.plist")) signs_ |= k_ios;
  if (name.ends_with(".dist-info/WHEEL")) signs_ |= k_wheel;
  if (name.ends_with(".nuspec") && name.find('/') == std::string_view::npos) signs_ |= k_nuspec;
  if (name == "doc.kml") signs_ |= k_kml;
}

std::string_view ZipKindSigns::kind(std::string_view mimetype) const {
  const std::string_view told = kind_of_mimetype(mimetype);
  if (!told.empty()) return told;
  if ((signs_ & k_content_types) != 0) {
    const std::string_view office = office_kind();
    if (!office.empty()) return office;
  }
  if ((signs_ & k_open_document) != 0 && odf_manifest_entry_) return "odf";
  return program_kind();
}

std::string_view ZipKindSigns::office_kind() const {
  const bool macros = (signs_ & k_macros) != 0;
  if ((signs_ & k_word) != 0) return macros ? "docm" : "docx";
  if ((signs_ & k_excel) != 0) {
    if ((signs_ & k_binary_workbook) != 0) return "xlsb";
    return macros ? "xlsm" : "xlsx";
  }
  if ((signs_ & k_powerpoint) != 0) return macros ? "pptm" : "pptx";
  if ((signs_ & k_visio) != 0) return "vsdx";
  if ((signs_ & k_xps) != 0) return "xps";
  if ((signs_ & k_model_3d) != 0) return "3mf";
  if ((signs_ & k_nuspec) != 0) return "nupkg";
  if ((signs_ & k_appx) != 0) return "appx";
  return "opc";
}

std::string_view ZipKindSigns::program_kind() const {
  if ((signs_ & k_android) != 0) return "apk";
  if ((signs_ & k_web_archive) != 0) return "war";
  if ((signs_ & k_enterprise_archive) != 0) return "ear";
  if ((signs_ & k_java_manifest) != 0) return "jar";
  if ((signs_ & k_wheel) != 0) return "whl";
  if ((signs_ & k_ios) != 0) return "ipa";
  if ((signs_ & k_kml) != 0) return "kmz";
  return {};
}

}  // namespace lastgood::formats
