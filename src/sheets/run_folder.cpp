// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sheets/run_folder.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <set>

#include <fmt/format.h>

#include "base/checksum.h"
#include "base/counted.h"
#include "base/human.h"
#include "base/letters.h"
#include "base/local_time.h"
#include "os/append_file.h"
#include "os/atomic_file.h"
#include "os/folder.h"
#include "os/free_space.h"
#include "os/fresh_files.h"
#include "sheets/page_words.h"
#include "sheets/run_history.h"
#include "sheets/said_once.h"
#include "sheets/write_sheet_html.h"
#include "sheets/write_sheet_tables.h"

namespace lastgood::sheets {

namespace {

constexpr std::size_t k_name_bytes_max = 80;
constexpr int k_runs_a_second_max = 100;
/// Holds the room that the index of a run needs at its end.
constexpr std::string_view k_reserve = ".room-for-index";
constexpr std::size_t k_reserve_bytes = 32 * 1024;

std::uint64_t bytes_of_files(const std::string& folder) {
  std::uint64_t bytes = 0;
  std::error_code trouble;
  for (std::filesystem::recursive_directory_iterator at(folder, trouble), end; !trouble && at != end;
       at.increment(trouble)) {
    std::error_code ignored;
    const std::uintmax_t size = at->is_regular_file(ignored) ? at->file_size(ignored) : 0;
    if (!ignored) bytes += size;
  }
  return bytes;
}

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

std::string run_name(std::int64_t now_ns, const std::string& zone) {
  std::string name = base::time_in_zone(now_ns, zone).substr(0, 19);
  std::erase(name, ':');
  std::replace(name.begin(), name.end(), ' ', '_');
  return name;
}

std::string packet_title(const PreparedSheet& sheet, const Packet& packet) {
  return packet.name.empty() ? sheet.title : called_packet(sheet.group_by, packet.name);
}

IndexedPacket indexed(const std::string& title, const PreparedSheet& sheet, SaidOnce& said) {
  IndexedPacket line;
  line.title = title;
  line.stale = is_stale(sheet.stamp);
  if (!sheet.could_not.empty()) {
    line.what = "could not be made: " + said.reason(sheet.could_not, sheet.title);
    return line;
  }
  if (!sheet.no_room.empty()) {
    line.what = "NOT ON THIS DISK: " + sheet.no_room;
    if (!sheet.group_by.empty()) line.what += "; its rows are in the packets above, as far as these have room";
    return line;
  }
  std::size_t rows = 0;
  for (const Packet& packet : sheet.packets) rows += packet.rows.size();
  line.what = fmt::format("{} in {}, data as of {} ({}), from {}", base::counted(rows, "row"),
                          base::counted(sheet.packets.size(), "packet"),
                          base::time_in_zone(sheet.stamp.data_as_of_ns, sheet.stamp.zone), age_of(sheet.stamp),
                          sheet.stamp.source);
  for (const std::string& note : sheet.all_notes()) line.what += "; " + said.note(note, sheet.title);
  return line;
}

std::string digest_part(std::string_view text) {
  const base::Sha256Digest digest = base::sha256(base::ByteView(text));
  return base::hex(base::ByteView(std::span<const std::uint8_t>(digest))).substr(0, 8);
}

/// On a stick (FAT) names that differ in capitals only are one file: "Ward-5" must not lie over "ward-5".
std::string name_apart(std::string name, std::string_view title, std::set<std::string>& taken) {
  return taken.insert(base::lower(name)).second ? name : name + "-" + digest_part(title);
}

}  // namespace

bool is_run_name(std::string_view name) {
  static constexpr std::string_view k_shape = "dddd-dd-dd_dddddd";
  if (name.size() < k_shape.size() || name.size() > k_shape.size() + 4) return false;
  for (std::size_t i = 0; i < name.size(); ++i) {
    const bool digit = name[i] >= '0' && name[i] <= '9';
    if (i >= k_shape.size() ? !(digit || name[i] == '-') : k_shape[i] == 'd' ? !digit : name[i] != k_shape[i])
      return false;
  }
  return true;
}

std::string file_name_of(std::string_view text) {
  std::string name;
  bool changed = text.size() > k_name_bytes_max || text.empty();
  for (const char c : text.substr(0, k_name_bytes_max)) {
    // A name may not begin with a dot: it would be hidden.
    const bool plain = is_plain(c) && !(name.empty() && c == '.');
    name += plain ? c : '-';
    changed = changed || !plain;
  }
  if (!changed) return name;
  return name + "-" + digest_part(text);
}

RunFolder::RunFolder(RunFolder&&) noexcept = default;
RunFolder::~RunFolder() {
  std::error_code ignored;  // gone already where the run is whole
  if (!path_.empty()) std::filesystem::remove(path_ + "/" + std::string(k_reserve), ignored);
}

base::Status RunFolder::make_folder(const std::string& path, os::WhenThere when_there) const {
  const bool is_there = os::device_of_folder(path).has_value();
  LG_TRY(os::make_private_folder(path, when_there));
  return is_there ? base::Status(base::Done{}) : os::let_read(path, readers_);
}

base::Result<RunFolder> RunFolder::begin(const std::string& to, const std::string& zone, std::int64_t now_ns,
                                         Forms forms, const os::Readers& readers, WhenFull when_full) {
  RunFolder run;
  run.when_full_ = when_full;
  run.to_ = to;
  run.forms_ = forms;
  run.readers_ = readers;
  LG_TRY(run.make_folder(to, os::WhenThere::accept));
  run.printer_ = std::make_unique<SheetPrinter>();
  const std::string name = run_name(now_ns, zone);
  for (int i = 1; i <= k_runs_a_second_max; ++i) {
    run.name_ = i == 1 ? name : fmt::format("{}-{}", name, i);
    run.path_ = to + "/" + run.name_;
    const base::Status made = run.make_folder(run.path_, os::WhenThere::refuse);
    if (made.ok()) break;
    if (made.error().code != base::ErrorCode::misuse || i == k_runs_a_second_max) return made.error();
  }
  base::Status begun =
      os::write_fresh_file(run.path_ + "/" + std::string(k_run_mark), base::ByteView(std::string_view("sheets\n")));
  if (begun.ok()) begun = run.make_folder(run.path_ + "/sheets", os::WhenThere::refuse);
  // The index comes last, and without it nobody finds anything: its room is taken first.
  const std::string reserve(k_reserve_bytes, '\n');
  if (begun.ok())
    base::ignore_error(
        os::write_fresh_file(run.path_ + "/" + std::string(k_reserve), base::ByteView(std::string_view(reserve))),
        "a disk with less room may hold small sheets yet");
  if (begun.ok()) return run;
  base::ignore_error(os::remove_own_folder(run.path_), "nothing is in it; why it could not be begun is said");
  return begun.error();
}

base::Status RunFolder::write(const std::string& name, const std::string& bytes) {
  const std::string path = path_ + "/" + name;
  LG_TRY(os::write_fresh_file(path, base::ByteView(std::string_view(bytes))));
  LG_TRY(os::let_read(path, readers_));
  files_.push_back(name);
  return base::Done{};
}

/// All of them, or none.
base::Status RunFolder::write_all(const std::vector<Form>& forms) {
  const std::size_t before = files_.size();
  base::Status written = base::Done{};
  for (const Form& form : forms) {
    if (written.ok()) written = write(form.name, form.bytes);
  }
  if (written.ok()) return written;
  for (std::size_t i = before; i < files_.size(); ++i) {
    std::error_code ignored;  // what stays is in no index, and goes with the run
    std::filesystem::remove(path_ + "/" + files_[i], ignored);
  }
  files_.resize(before);
  return written;
}

bool RunFolder::makes_room(std::uint64_t needed_bytes) {
  if (when_full_ != WhenFull::give_up_older_runs) return false;
  const std::uint64_t free = os::free_bytes(path_).value_or(0);
  const auto removed = make_room(to_, {name_, needed_bytes > free ? needed_bytes - free : 0});
  if (!removed.ok() || removed.value() == 0) return false;
  given_up_ += removed.value();
  return true;
}

base::Status RunFolder::write_forms(const std::string& name, const std::vector<Section>& sections, Tables tables) {
  std::vector<Form> forms;
  if (forms_.pdf == Forms::Wanted::yes) {
    LG_ASSIGN(std::string pdf, printer_->print(sections));
    forms.push_back({name + ".pdf", std::move(pdf)});
  }
  if (forms_.html == Forms::Wanted::yes) forms.push_back({name + ".html", write_sheet_html(sections)});
  const PreparedSheet& sheet = *sections.front().sheet;
  const bool has_tables = tables == Tables::of_sheet;
  if (has_tables && forms_.csv == Forms::Wanted::yes) forms.push_back({name + ".csv", write_sheet_csv(sheet)});
  if (has_tables && forms_.json == Forms::Wanted::yes) forms.push_back({name + ".json", write_sheet_json(sheet)});
  std::uint64_t needed_bytes = 0;
  for (const Form& form : forms) needed_bytes += form.bytes.size();
  base::Status written = write_all(forms);
  const auto is_full = [&] { return !written.ok() && written.error().code == base::ErrorCode::no_space; };
  while (is_full() && makes_room(needed_bytes)) written = write_all(forms);
  if (!is_full()) return written;
  base::Error why = std::move(written).error();
  const std::uint64_t free = os::free_bytes(path_).value_or(0);
  if (needed_bytes > free)  // else it is a limit of another kind, which the system's own words say
    why.what = fmt::format("no space left: {} are needed, {} are free", base::human_bytes(needed_bytes),
                           base::human_bytes(free));
  why.hint = "make room there, or take fewer forms: --form pdf";
  return why;
}

base::Status RunFolder::write_sheet(const PreparedSheet& sheet) {
  std::vector<Section> sections;
  for (std::size_t i = 0; i < sheet.packets.size(); ++i) sections.push_back({&sheet, i});
  if (sections.empty()) sections.push_back({&sheet, 0});
  return write_forms("sheets/" + file_name_of(sheet.id), sections, Tables::of_sheet);
}

std::vector<IndexedFile> RunFolder::files_of(const std::string& name, Tables tables) const {
  std::vector<IndexedFile> files;
  if (forms_.pdf == Forms::Wanted::yes) files.push_back({"PDF", name + ".pdf"});
  if (forms_.html == Forms::Wanted::yes) files.push_back({"page", name + ".html"});
  if (tables == Tables::of_sheet && forms_.csv == Forms::Wanted::yes) files.push_back({"CSV", name + ".csv"});
  if (tables == Tables::of_sheet && forms_.json == Forms::Wanted::yes) files.push_back({"JSON", name + ".json"});
  return files;
}

base::Status RunFolder::write_packets(const std::vector<PreparedSheet>& sheets) {
  // What a ward, clinic or desk gets: the packets of its name from all sheets.
  std::map<std::string, std::vector<Section>> packets;
  for (const PreparedSheet& sheet : sheets) {
    for (std::size_t i = 0; i < sheet.packets.size(); ++i) {
      if (!sheet.packets[i].name.empty()) packets[packet_title(sheet, sheet.packets[i])].push_back({&sheet, i});
    }
  }
  if (!packets.empty()) LG_TRY(make_folder(path_ + "/packets", os::WhenThere::refuse));
  std::set<std::string> taken;
  for (const auto& [title, sections] : packets) {
    const std::string name = "packets/" + name_apart(file_name_of(title), title, taken);
    const base::Status written = write_forms(name, sections, Tables::none);
    if (!written.ok() && written.error().code != base::ErrorCode::no_space) return written;
    if (!written.ok()) {
      packets_without_room_.push_back(title + ": " + written.error().what);
      packet_lines_.push_back({title, "NOT ON THIS DISK: " + written.error().what, false, {}});
      continue;
    }
    IndexedPacket line{title, {}, false, files_of(name, Tables::none)};
    for (const Section& section : sections) {
      line.what += fmt::format("{}{} ({})", line.what.empty() ? "" : ", ", section.sheet->title,
                               base::counted(section.sheet->packets[section.packet].rows.size(), "row"));
      line.stale = line.stale || is_stale(section.sheet->stamp);
    }
    packet_lines_.push_back(std::move(line));
  }
  return base::Done{};
}

base::Status RunFolder::finish(const std::vector<PreparedSheet>& sheets, const std::vector<std::string>& sentences) {
  LG_ASSIGN(const std::vector<KeptRun> older, read_runs(to_));
  const std::map<std::string, std::string> last_made = find_last_made(older);
  std::vector<IndexedPacket> sheet_lines;
  SaidOnce said;
  for (const PreparedSheet& sheet : sheets) {
    sheet_lines.push_back(indexed(sheet.title, sheet, said));
    const std::string name = "sheets/" + file_name_of(sheet.id);
    const auto last = last_made.find(sheet.id);
    if (!sheet.is_on_disk() && last != last_made.end()) {
      sheet_lines.back().what += fmt::format("; the last one that could be is of {}:", last->second);
      sheet_lines.back().files = files_of(fmt::format("../{}/{}", last->second, name), Tables::of_sheet);
    } else if (sheet.no_room.empty()) {
      sheet_lines.back().files = files_of(name, Tables::of_sheet);
    }
  }
  std::error_code ignored;  // where it could not be made there is none
  std::filesystem::remove(path_ + "/" + std::string(k_reserve), ignored);
  const std::string record = write_run_record(sheets);
  LG_TRY(os::write_fresh_file(path_ + "/" + std::string(k_run_record), base::ByteView(std::string_view(record))));
  LG_TRY(write("index.html", write_index_html("Downtime sheets", sentences, packet_lines_, sheet_lines)));
  LG_TRY(os::sync_names_below(path_));
  const bool has_any =
      std::any_of(sheets.begin(), sheets.end(), [](const PreparedSheet& sheet) { return sheet.is_on_disk(); });
  if (!has_any && !last_made.empty()) return base::Done{};  // what people work from stays where it is
  return make_current();
}

base::Status RunFolder::make_current() {
  const std::string pointer = write_index_html("Downtime sheets", {"The newest whole run:"}, {},
                                               {{name_, "its index", false, {{"open", name_ + "/index.html"}}}});
  LG_TRY(os::write_atomic_file(to_ + "/current.html", base::ByteView(std::string_view(pointer)), os::Overwrite::yes));
  LG_TRY(os::let_read(to_ + "/current.html", readers_));
  const base::Status linked = os::switch_link(to_ + "/current", name_);
  if (!linked.ok() && linked.error().code != base::ErrorCode::unsupported) return linked.error();
  return base::Done{};
}

base::Result<std::size_t> remove_old_runs(const std::string& to, std::size_t keep) {
  LG_ASSIGN(const std::vector<KeptRun> runs, read_runs(to));
  std::size_t removed = 0;
  for (const std::string& name : plan_removal(runs, keep)) {
    LG_TRY(os::remove_own_folder(to + "/" + name));
    ++removed;
  }
  return removed;
}

base::Result<std::size_t> make_room(const std::string& to, const WantedRoom& wanted) {
  LG_ASSIGN(std::vector<KeptRun> runs, read_runs(to));
  std::erase_if(runs, [&](const KeptRun& run) { return run.name == wanted.in_the_making; });
  std::set<std::string> whole;
  for (const KeptRun& run : runs) {
    if (run.state == KeptRun::State::whole) whole.insert(run.name);
  }
  if (whole.size() <= 1) return std::size_t{0};  // the sheets of the run that failed are better than none
  std::uint64_t most_bytes = 0;
  for (const std::string& name : plan_removal(runs, 1)) most_bytes += bytes_of_files(to + "/" + name);
  if (most_bytes < wanted.lacking_bytes) return std::size_t{0};
  std::size_t removed = 0;
  for (const std::string& name : plan_removal(runs, std::max<std::size_t>(1, whole.size() / 2))) {
    LG_TRY(os::remove_own_folder(to + "/" + name));
    removed += whole.contains(name) ? 1U : 0U;
  }
  return removed;
}

}  // namespace lastgood::sheets
