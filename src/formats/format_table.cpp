// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "formats/format_table.h"

#include <array>

#include "formats/aescrypt/aescrypt_walker.h"
#include "formats/age/age_walker.h"
#include "formats/aiff/aiff_walker.h"
#include "formats/ansible_vault/ansible_vault_walker.h"
#include "formats/ar/ar_walker.h"
#include "formats/aria/aria_walker.h"
#include "formats/axcrypt/axcrypt_walker.h"
#include "formats/bitlocker/bitlocker_walker.h"
#include "formats/bitmap_font/bitmap_font_walker.h"
#include "formats/bmp/bmp_walker.h"
#include "formats/borg/borg_walker.h"
#include "formats/brotli/brotli_walker.h"
#include "formats/bzip2/bzip2_walker.h"
#include "formats/ccache/ccache_walker.h"
#include "formats/compress/compress_walker.h"
#include "formats/cpio/cpio_walker.h"
#include "formats/csv/csv_walker.h"
#include "formats/der/der_walker.h"
#include "formats/dicom/dicom_walker.h"
#include "formats/ecryptfs/ecryptfs_walker.h"
#include "formats/edifact_x12/edifact_x12_walker.h"
#include "formats/elf/elf_walker.h"
#include "formats/eml/eml_walker.h"
#include "formats/ese/ese_walker.h"
#include "formats/evtx/evtx_walker.h"
#include "formats/ext/ext_walker.h"
#include "formats/fat/fat_walker.h"
#include "formats/flac/flac_walker.h"
#include "formats/gettext/gettext_walker.h"
#include "formats/gif/gif_walker.h"
#include "formats/git/git_walker.h"
#include "formats/git_crypt/git_crypt_walker.h"
#include "formats/gnome_keyring/gnome_keyring_walker.h"
#include "formats/gocryptfs/gocryptfs_walker.h"
#include "formats/gzip/gzip_walker.h"
#include "formats/hdf5/hdf5_walker.h"
#include "formats/hl7/hl7_walker.h"
#include "formats/html/html_walker.h"
#include "formats/icc/icc_walker.h"
#include "formats/ico/ico_walker.h"
#include "formats/ics_vcf/ics_vcf_walker.h"
#include "formats/innodb/innodb_walker.h"
#include "formats/innodb_redo/innodb_redo_walker.h"
#include "formats/iso9660/iso9660_walker.h"
#include "formats/isobmff/isobmff_walker.h"
#include "formats/java_class/java_class_walker.h"
#include "formats/jimage/jimage_walker.h"
#include "formats/jks/jks_walker.h"
#include "formats/journald/journald_walker.h"
#include "formats/jp2/jp2_walker.h"
#include "formats/jpeg/jpeg_walker.h"
#include "formats/json/json_walker.h"
#include "formats/jwe/jwe_walker.h"
#include "formats/keepass/keepass_walker.h"
#include "formats/kwallet/kwallet_walker.h"
#include "formats/libreoffice_pack/libreoffice_pack_walker.h"
#include "formats/llvm_bitcode/llvm_bitcode_walker.h"
#include "formats/luks/luks_walker.h"
#include "formats/lz4/lz4_walker.h"
#include "formats/lzip/lzip_walker.h"
#include "formats/lzma/lzma_walker.h"
#include "formats/lzop/lzop_walker.h"
#include "formats/matroska/matroska_walker.h"
#include "formats/mbox/mbox_walker.h"
#include "formats/mp3/mp3_walker.h"
#include "formats/mpeg_ps/mpeg_ps_walker.h"
#include "formats/mpeg_ts/mpeg_ts_walker.h"
#include "formats/myisam/myisam_walker.h"
#include "formats/mysql_binlog/mysql_binlog_walker.h"
#include "formats/mysql_frm/mysql_frm_walker.h"
#include "formats/nextcloud/nextcloud_walker.h"
#include "formats/nss_checksum/nss_checksum_walker.h"
#include "formats/ntfs/ntfs_walker.h"
#include "formats/ogg/ogg_walker.h"
#include "formats/ole2/ole2_walker.h"
#include "formats/openpgp/openpgp_walker.h"
#include "formats/openssl_salted/openssl_salted_walker.h"
#include "formats/oracle/oracle_walker.h"
#include "formats/partition_table/partition_table_walker.h"
#include "formats/pdf/pdf_walker.h"
#include "formats/pe/pe_walker.h"
#include "formats/pem/pem_walker.h"
#include "formats/pgdump/pgdump_walker.h"
#include "formats/pkcs12/pkcs12_walker.h"
#include "formats/png/png_walker.h"
#include "formats/pnm/pnm_walker.h"
#include "formats/postgresql/postgresql_walker.h"
#include "formats/postgresql_control/postgresql_control_walker.h"
#include "formats/postgresql_wal/postgresql_wal_walker.h"
#include "formats/postscript/postscript_walker.h"
#include "formats/psd/psd_walker.h"
#include "formats/pst/pst_walker.h"
#include "formats/python_bytecode/python_bytecode_walker.h"
#include "formats/qcow2/qcow2_walker.h"
#include "formats/rar/rar_walker.h"
#include "formats/rclone_crypt/rclone_crypt_walker.h"
#include "formats/registry_hive/registry_hive_walker.h"
#include "formats/restic/restic_walker.h"
#include "formats/riff/riff_walker.h"
#include "formats/rpm/rpm_walker.h"
#include "formats/rtf/rtf_walker.h"
#include "formats/rust_metadata/rust_metadata_walker.h"
#include "formats/seven_zip/seven_zip_walker.h"
#include "formats/sfnt/sfnt_walker.h"
#include "formats/sphinx_inventory/sphinx_inventory_walker.h"
#include "formats/sql_server/sql_server_walker.h"
#include "formats/sqlcipher/sqlcipher_walker.h"
#include "formats/sqlite/sqlite_walker.h"
#include "formats/sqlite_journal/sqlite_journal_walker.h"
#include "formats/sqlite_wal/sqlite_wal_walker.h"
#include "formats/squashfs/squashfs_walker.h"
#include "formats/sun_audio/sun_audio_walker.h"
#include "formats/tar/tar_walker.h"
#include "formats/terminfo/terminfo_walker.h"
#include "formats/text/text_walker.h"
#include "formats/tiff/tiff_walker.h"
#include "formats/type1/type1_walker.h"
#include "formats/tzif/tzif_walker.h"
#include "formats/utmp/utmp_walker.h"
#include "formats/vdi/vdi_walker.h"
#include "formats/vhd/vhd_walker.h"
#include "formats/vhdx/vhdx_walker.h"
#include "formats/vim_crypt/vim_crypt_walker.h"
#include "formats/vmdk/vmdk_walker.h"
#include "formats/woff/woff_walker.h"
#include "formats/xfs/xfs_walker.h"
#include "formats/xml/xml_walker.h"
#include "formats/xz/xz_walker.h"
#include "formats/zip/zip_walker.h"
#include "formats/zstd/zstd_walker.h"

namespace lastgood::formats {

namespace {

// A new format is one line here and one in CMakeLists.txt. Formats with a magic number stand before those that are
// recognised by weak signs, text stands last.
constexpr std::array k_formats = {
    &k_registry_hive_format,
    &k_utmp_format,
    &k_nss_checksum_format,
    &k_sphinx_inventory_format,
    &k_sun_audio_format,
    &k_icc_format,
    &k_hdf5_format,
    &k_jimage_format,
    &k_ccache_format,
    &k_rust_metadata_format,
    &k_llvm_bitcode_format,
    &k_terminfo_format,
    &k_tzif_format,
    &k_journald_format,
    &k_aiff_format,
    &k_flac_format,
    &k_iso9660_format,
    &k_jp2_format,
    &k_lzop_format,
    &k_matroska_format,
    &k_mpeg_ps_format,
    &k_mpeg_ts_format,
    &k_ogg_format,
    &k_pe_format,
    &k_borg_format,
    &k_restic_format,
    &k_bitmap_font_format,
    &k_bmp_format,
    &k_cpio_format,
    &k_gif_format,
    &k_libreoffice_pack_format,
    &k_git_format,
    &k_ico_format,
    &k_lzip_format,
    &k_pnm_format,
    &k_psd_format,
    &k_riff_format,
    &k_rpm_format,
    &k_squashfs_format,
    &k_tiff_format,
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
    &k_rar_format,
    &k_seven_zip_format,
    &k_ole2_format,
    &k_pdf_format,
    &k_elf_format,
    &k_gzip_format,
    &k_jpeg_format,
    &k_png_format,
    &k_luks_format,
    &k_keepass_format,
    &k_bitlocker_format,
    &k_jks_format,
    &k_pem_format,
    &k_pkcs12_format,
    &k_postscript_format,
    &k_rtf_format,
    &k_ics_vcf_format,
    &k_ext_format,
    &k_xfs_format,
    &k_ntfs_format,
    &k_fat_format,
    &k_partition_table_format,
    &k_oracle_format,
    &k_sql_server_format,
    &k_mbox_format,
    &k_edifact_x12_format,
    &k_hl7_format,
    &k_gnome_keyring_format,
    &k_kwallet_format,
    &k_axcrypt_format,
    &k_aescrypt_format,
    &k_vim_crypt_format,
    &k_jwe_format,
    &k_ansible_vault_format,
    &k_age_format,
    &k_nextcloud_format,
    &k_ecryptfs_format,
    &k_rclone_crypt_format,
    &k_git_crypt_format,
    &k_openssl_salted_format,
    &k_sqlite_format,
    &k_sqlcipher_format,
    &k_sqlite_wal_format,
    &k_sqlite_journal_format,
    &k_pgdump_format,
    &k_postgresql_control_format,
    &k_innodb_redo_format,
    &k_mysql_frm_format,
    &k_mysql_binlog_format,
    &k_qcow2_format,
    &k_vdi_format,
    &k_vhd_format,
    &k_vhdx_format,
    &k_vmdk_format,
    &k_pst_format,
    &k_evtx_format,
    &k_aria_format,
    &k_myisam_format,
    &k_ese_format,
    &k_postgresql_format,
    &k_xz_format,
    &k_postgresql_wal_format,
    &k_innodb_format,
    &k_gocryptfs_format,
    &k_brotli_format,
    &k_lzma_format,
    &k_compress_format,
    &k_xml_format,
    &k_html_format,
    &k_json_format,
    &k_csv_format,
    &k_eml_format,
    &k_der_format,
    &k_openpgp_format,
    &k_zstd_format,
    &k_mp3_format,
    &k_text_format,
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
