// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/format_table.h"

#include <array>

#include "formats/ar/ar_walker.h"
#include "formats/bitmap_font/bitmap_font_walker.h"
#include "formats/bzip2/bzip2_walker.h"
#include "formats/cpio/cpio_walker.h"
#include "formats/dicom/dicom_walker.h"
#include "formats/elf/elf_walker.h"
#include "formats/gettext/gettext_walker.h"
#include "formats/gif/gif_walker.h"
#include "formats/gzip/gzip_walker.h"
#include "formats/innodb/innodb_walker.h"
#include "formats/innodb_redo/innodb_redo_walker.h"
#include "formats/isobmff/isobmff_walker.h"
#include "formats/java_class/java_class_walker.h"
#include "formats/jpeg/jpeg_walker.h"
#include "formats/lz4/lz4_walker.h"
#include "formats/mysql_binlog/mysql_binlog_walker.h"
#include "formats/mysql_frm/mysql_frm_walker.h"
#include "formats/pdf/pdf_walker.h"
#include "formats/png/png_walker.h"
#include "formats/postgresql/postgresql_walker.h"
#include "formats/postgresql_control/postgresql_control_walker.h"
#include "formats/postgresql_wal/postgresql_wal_walker.h"
#include "formats/python_bytecode/python_bytecode_walker.h"
#include "formats/sfnt/sfnt_walker.h"
#include "formats/sqlite/sqlite_walker.h"
#include "formats/sqlite_journal/sqlite_journal_walker.h"
#include "formats/sqlite_wal/sqlite_wal_walker.h"
#include "formats/tar/tar_walker.h"
#include "formats/text/text_walker.h"
#include "formats/type1/type1_walker.h"
#include "formats/woff/woff_walker.h"
#include "formats/xz/xz_walker.h"
#include "formats/zip/zip_walker.h"
#include "formats/zstd/zstd_walker.h"

namespace lastgood::formats {

namespace {

// A new format is one line here and one in CMakeLists.txt. Formats with a magic number stand before those that are
// recognised by weak signs, text stands last.
constexpr std::array k_formats = {
    &k_bitmap_font_format,
    &k_cpio_format,
    &k_gif_format,
    &k_type1_format,
    &k_woff_format,
    &k_sfnt_format,
    &k_ar_format,
    &k_bzip2_format,
    &k_dicom_format,
    &k_gettext_format,
    &k_isobmff_format,
    &k_lz4_format,
    &k_python_bytecode_format,
    &k_java_class_format,
    &k_tar_format,
    &k_zip_format,
    &k_pdf_format,
    &k_elf_format,
    &k_gzip_format,
    &k_jpeg_format,
    &k_png_format,
    &k_sqlite_format,
    &k_sqlite_wal_format,
    &k_sqlite_journal_format,
    &k_postgresql_control_format,
    &k_innodb_redo_format,
    &k_mysql_frm_format,
    &k_mysql_binlog_format,
    &k_postgresql_format,
    &k_xz_format,
    &k_postgresql_wal_format,
    &k_innodb_format,
    &k_text_format,
    &k_zstd_format,
};

}  // namespace

std::span<const Format* const> all_formats() { return k_formats; }

const Format* find_format(std::string_view id) {
  for (const Format* format : k_formats) {
    if (format->id == id) return format;
  }
  return nullptr;
}

}  // namespace lastgood::formats
