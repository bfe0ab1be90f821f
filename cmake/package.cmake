# SPDX-License-Identifier: Apache-2.0
# What is installed, and the .deb: the program, its manual pages and completion (made by the program itself), the maker of
# practice hospitals, the second ledger checker.
include(GNUInstallDirs)
install(TARGETS lastgood RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(TARGETS lastgood-read-pst RUNTIME DESTINATION ${CMAKE_INSTALL_LIBEXECDIR}/lastgood)
install(DIRECTORY share/ DESTINATION ${CMAKE_INSTALL_DATADIR}/lastgood FILES_MATCHING PATTERN "*.json" PATTERN "*.toml")
install(FILES share/systemd/lastgood-sheets.service share/systemd/lastgood-sheets.timer DESTINATION lib/systemd/system)
install(PROGRAMS tools/check_ledger.py DESTINATION ${CMAKE_INSTALL_DATADIR}/lastgood)
install(PROGRAMS tools/get_address_data.sh DESTINATION ${CMAKE_INSTALL_DATADIR}/lastgood)
install(FILES README.md docs/json.md docs/directory.md docs/exports.md docs/notices.md docs/services.md docs/saved-zones.md docs/glossary.md docs/exit-codes.md src/ledger/format.md DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)

set(made ${PROJECT_BINARY_DIR}/made)
add_custom_command(OUTPUT ${made}/man1/lastgood.1.gz
  COMMAND ${PROJECT_SOURCE_DIR}/tools/make_docs.sh $<TARGET_FILE:lastgood> ${made}
  DEPENDS lastgood ${PROJECT_SOURCE_DIR}/tools/make_docs.sh VERBATIM)
add_custom_target(lastgood_docs ALL DEPENDS ${made}/man1/lastgood.1.gz)
install(DIRECTORY ${made}/man1 DESTINATION ${CMAKE_INSTALL_MANDIR})
install(FILES ${made}/completion/lastgood DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions)
install(FILES ${made}/completion/_lastgood DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/vendor-completions)
install(FILES ${made}/completion/lastgood.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME lastgood)
set(CPACK_PACKAGE_VERSION ${PROJECT_VERSION})
set(CPACK_PACKAGE_CONTACT "The lastgood authors <lastgood@localhost>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "find the last good version of everything after ransomware")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION admin)
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "curl, python3, python3-docx, python3-openpyxl, python3-xlwt, python3-odf, python3-reportlab, python3-pil, python3-pydicom, zip, p7zip-full, qpdf, gnupg, zstd, qemu-utils, fonts-noto-core")
# A database is only asked where its own engine is there; on the recovery machine, not on the servers.
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "postgresql-15, mariadb-server, mariadb-backup")
include(CPack)
