// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// One run of sheets on a disk or stick:
//   DIR/2022-11-23_070658/sheets/ID.pdf, .html, .csv, .json   a sheet, all its packets
//   DIR/2022-11-23_070658/packets/ward-W-5.pdf, .html         all sheets of one ward, clinic or desk
//   DIR/2022-11-23_070658/index.html                          written last: a run without it is not whole
//   DIR/current -> 2022-11-23_070658, DIR/current.html        the newest whole run that made any sheet; the second for
//                                                             disks without links
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "os/folder.h"
#include "os/readers.h"
#include "sheets/prepared_sheet.h"
#include "sheets/write_sheet_html.h"
#include "sheets/write_sheet_pdf.h"

namespace lastgood::sheets {

struct Forms {
  enum class Wanted : std::uint8_t { no, yes };
  Wanted pdf = Wanted::yes;
  Wanted html = Wanted::yes;
  Wanted csv = Wanted::yes;
  Wanted json = Wanted::yes;
};

/// What becomes of a sheet or packet that has no room: it is named and left out, perhaps only when runs that newer ones
/// have replaced were given up for it (make_room).
enum class WhenFull : std::uint8_t { leave_out, give_up_older_runs };

/// A text as the name of a file on every kind of disk: letters, digits, '-', '_' and '.', and when anything else stood
/// in it, eight digits that tell it from what looks alike.
[[nodiscard]] std::string file_name_of(std::string_view text);

/// Stands in each run's folder, from its beginning on.
inline constexpr std::string_view k_run_mark = ".lastgood-sheets";
/// "2022-11-23_070658", perhaps with "-2".
[[nodiscard]] bool is_run_name(std::string_view name);

/// One thread.
class RunFolder {
 public:
  /// Makes `to` (its last part) and the run's folder in it. `readers` may read the run, and `to` where it is made;
  /// one that was there before keeps its mode. Some room is taken for the index at once.
  static base::Result<RunFolder> begin(const std::string& to, const std::string& zone, std::int64_t now_ns, Forms forms,
                                       const os::Readers& readers = {}, WhenFull when_full = WhenFull::leave_out);
  RunFolder(RunFolder&&) noexcept;
  RunFolder& operator=(RunFolder&&) = delete;
  RunFolder(const RunFolder&) = delete;
  RunFolder& operator=(const RunFolder&) = delete;
  ~RunFolder();

  [[nodiscard]] const std::string& path() const { return path_; }
  /// Paths of what was written so far, relative to path().
  [[nodiscard]] const std::vector<std::string>& files() const { return files_; }
  /// "ward W-5: no space left ...".
  [[nodiscard]] const std::vector<std::string>& packets_without_room() const { return packets_without_room_; }
  /// Older runs, for room.
  [[nodiscard]] std::size_t given_up() const { return given_up_; }

  /// The sheet's own files. A sheet can be read as soon as this returns. ErrorCode::no_space: none of them stays, the
  /// error says what all of them need, and smaller ones may have room yet.
  [[nodiscard]] base::Status write_sheet(const PreparedSheet& sheet);
  /// Of all sheets, also of those whose own files are still to come. A packet without room is named in
  /// packets_without_room, and costs no other one. REQUIRES: called once.
  [[nodiscard]] base::Status write_packets(const std::vector<PreparedSheet>& sheets);
  /// The index; all on disk; then the run is the current one, unless it made no sheet and an older one did. Sheets that
  /// could not be made lead to where they were made last.
  [[nodiscard]] base::Status finish(const std::vector<PreparedSheet>& sheets,
                                    const std::vector<std::string>& sentences);

 private:
  enum class Tables : std::uint8_t { none, of_sheet };

  RunFolder() = default;
  [[nodiscard]] std::vector<IndexedFile> files_of(const std::string& name, Tables tables) const;
  [[nodiscard]] base::Status make_current();
  /// For its readers, too.
  [[nodiscard]] base::Status make_folder(const std::string& path, os::WhenThere when_there) const;
  base::Status write(const std::string& name, const std::string& bytes);
  /// All forms, or none of them where they have no room together.
  base::Status write_forms(const std::string& name, const std::vector<Section>& sections, Tables tables);
  struct Form {
    std::string name;
    std::string bytes;
  };
  base::Status write_all(const std::vector<Form>& forms);
  [[nodiscard]] bool makes_room(std::uint64_t needed_bytes);

  std::string to_;
  std::string name_;
  std::string path_;
  Forms forms_;
  os::Readers readers_;
  std::vector<std::string> files_;
  std::vector<IndexedPacket> packet_lines_;
  std::vector<std::string> packets_without_room_;
  WhenFull when_full_ = WhenFull::leave_out;
  std::size_t given_up_ = 0;
  std::unique_ptr<SheetPrinter> printer_;
};

/// Removes all whole runs but the newest `keep` and what plan_removal spares, and those that were never finished. Only
/// folders that are named as runs and hold the mark of one are touched. How many were removed. REQUIRES: no run is
/// being made.
[[nodiscard]] base::Result<std::size_t> remove_old_runs(const std::string& to, std::size_t keep);

struct WantedRoom {
  std::string in_the_making;        // the name of a run that is not finished yet and stays
  std::uint64_t lacking_bytes = 0;  // nothing goes where all that may go holds less
};
/// For a disk that is full: removes what was never finished and the older half of the whole runs, as remove_old_runs
/// does, and never the newest. How many whole ones were removed; 0: only the newest is left, or those it leads to.
/// Where there is no more than one whole run, nothing goes: not what a failed one has made either.
[[nodiscard]] base::Result<std::size_t> make_room(const std::string& to, const WantedRoom& wanted);

}  // namespace lastgood::sheets
