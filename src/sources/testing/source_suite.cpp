// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "sources/testing/source_suite.h"

#include <algorithm>
#include <filesystem>
#include <map>
#include <random>
#include <set>
#include <thread>
#include <utility>
#include <vector>

#include "base/checksum.h"
#include "base/utf8.h"
#include "sources/content_bytes.h"
#include "sources/testing/disk_tree.h"

namespace lastgood::sources::testing {

namespace {

using model::EntryKind;
using model::TreeEntry;
using Entries = std::map<std::string, TreeEntry>;

/// Folders of the snapshot, walked without recursion; whatever goes wrong is said as a failure of the test.
class Walk {
 public:
  explicit Walk(Source& source) : source_(source) {}

  /// Everything below `inside` in the newest snapshot, by path relative to it.
  Entries below(const std::string& inside) {
    const auto snapshots = source_.snapshots();
    if (!snapshots || snapshots.value().empty()) {
      ADD_FAILURE() << "no snapshots: " << (snapshots ? "empty list" : snapshots.error().what);
      return {};
    }
    std::string subtree = snapshots.value().back().root;
    for (std::size_t at = 0; at < inside.size();) {
      const std::size_t end = std::min(inside.find('/', at), inside.size());
      subtree = subtree_of(subtree, inside.substr(at, end - at));
      at = end + 1;
    }
    return all_from(subtree);
  }

 private:
  Entries all_from(const std::string& subtree) {
    Entries all;
    std::vector<std::pair<std::string, std::string>> waiting{{"", subtree}};
    while (!waiting.empty()) {
      const auto [path, id] = waiting.back();
      waiting.pop_back();
      for (TreeEntry& entry : folder(path, id)) {
        const std::string below = path.empty() ? entry.name : path + "/" + entry.name;
        if (entry.kind == EntryKind::folder) waiting.emplace_back(below, entry.subtree);
        all.emplace(below, std::move(entry));
      }
    }
    return all;
  }
  std::vector<TreeEntry> folder(const std::string& path, const std::string& id) {
    auto folder = source_.read_folder(id);
    if (!folder) {
      ADD_FAILURE() << "folder '" << base::printable(path) << "': " << folder.error().what;
      return {};
    }
    for (const model::Finding& finding : folder.value().findings) {
      ADD_FAILURE() << "'" << base::printable(path) << "': " << finding.rule << ": " << finding.sentence;
    }
    std::vector<TreeEntry>& entries = folder.value().entries;
    for (std::size_t i = 1; i < entries.size(); ++i) {
      EXPECT_LT(entries[i - 1].name, entries[i].name) << "in '" << base::printable(path) << "'";
    }
    return std::move(entries);
  }
  std::string subtree_of(const std::string& subtree, const std::string& name) {
    auto folder = source_.read_folder(subtree);
    if (folder) {
      for (const TreeEntry& entry : folder.value().entries) {
        if (entry.name == name) return entry.subtree;
      }
    }
    ADD_FAILURE() << "no folder '" << name << "' on the way to the tree";
    return {};
  }

  Source& source_;
};

/// The source opened, its entries, and the truth.
struct Opened {
  explicit Opened(const SuiteSubject& subject) : source(subject.open()) {
    if (source == nullptr) {
      ADD_FAILURE() << "the source does not open";
      return;
    }
    entries = Walk(*source).below(subject.inside);
    EXPECT_FALSE(entries.empty());
  }
  std::unique_ptr<Source> source;
  Entries entries;
};

bool is_device(EntryKind kind) { return kind == EntryKind::character_device || kind == EntryKind::block_device; }

std::map<std::string, DiskEntry> truth_of(const SuiteSubject& subject) {
  std::map<std::string, DiskEntry> truth = read_disk_tree(subject.tree);
  for (const std::string& path : subject.left_out) truth.erase(path);
  if (subject.devices == Kept::no) {
    std::erase_if(truth, [](const auto& entry) { return is_device(entry.second.kind); });
  }
  return truth;
}

std::int64_t in_steps(std::int64_t time_ns, std::int64_t step_ns) {
  return (time_ns >= 0 ? time_ns : time_ns - step_ns + 1) / step_ns;
}

void expect_same_entry(const SuiteSubject& subject, const TreeEntry& entry, const DiskEntry& truth) {
  EXPECT_EQ(entry.kind, truth.kind);
  EXPECT_EQ(entry.user_id, truth.user_id);
  EXPECT_EQ(entry.group_id, truth.group_id);
  EXPECT_EQ(in_steps(entry.mtime_ns, subject.time_step_ns), in_steps(truth.mtime_ns, subject.time_step_ns));
  if (entry.ctime_ns != 0) {
    EXPECT_EQ(in_steps(entry.ctime_ns, subject.time_step_ns), in_steps(truth.ctime_ns, subject.time_step_ns));
  }
  // A link's own mode means nothing on Linux.
  if (truth.kind != EntryKind::link) {
    EXPECT_EQ(entry.mode, truth.mode);
  }
  if (subject.link_targets_of_any_bytes == Kept::yes || base::is_utf8(truth.link_target)) {
    EXPECT_EQ(entry.link_target, truth.link_target);
  }
  if (is_device(truth.kind)) {
    EXPECT_EQ(entry.device_number, truth.device_number);
  }
  if (truth.kind == EntryKind::regular) {
    EXPECT_EQ(entry.content.size_bytes, truth.size_bytes);
  }
  EXPECT_TRUE(entry.findings.empty()) << entry.findings.front().rule << ": " << entry.findings.front().sentence;
}

std::string disk_bytes(const SuiteSubject& subject, const std::string& path) {
  return read_disk_bytes(subject.tree + "/" + path);
}

/// All of a content's pieces, one after another; empty, and a failure, when one cannot be read.
std::string bytes_in_pieces(Source& source, const std::string& path, const TreeEntry& entry) {
  const auto content = source.open_content(entry.content);
  if (!content) {
    ADD_FAILURE() << "'" << base::printable(path) << "': " << content.error().what;
    return {};
  }
  Content& opened = *content.value();
  EXPECT_EQ(opened.size_bytes(), entry.content.size_bytes);
  std::string bytes;
  std::vector<std::uint8_t> buffer;
  for (std::size_t i = 0; i < opened.piece_count(); ++i) {
    const Content::Piece piece = opened.piece(i);
    EXPECT_EQ(piece.offset_bytes, bytes.size()) << "piece " << i << " of '" << base::printable(path) << "'";
    EXPECT_GT(piece.length_bytes, 0U);
    EXPECT_LE(piece.length_bytes, k_piece_bytes_max);
    const base::Status status = opened.read_piece(i, buffer);
    if (!status) {
      ADD_FAILURE() << "piece " << i << " of '" << base::printable(path) << "': " << status.error().what;
      return {};
    }
    EXPECT_EQ(buffer.size(), piece.length_bytes);
    bytes.append(base::ByteView(std::span<const std::uint8_t>(buffer)).text());
  }
  EXPECT_EQ(bytes.size(), opened.size_bytes());
  return bytes;
}

/// Paths of regular files, by where their bytes lie in the store.
std::vector<std::string> files_by_position(const Opened& opened) {
  std::vector<std::pair<std::uint64_t, std::string>> files;
  for (const auto& [path, entry] : opened.entries) {
    if (entry.kind == EntryKind::regular) files.emplace_back(opened.source->position_of(entry.content), path);
  }
  std::sort(files.begin(), files.end());
  std::vector<std::string> paths;
  for (auto& [position, path] : files) paths.push_back(std::move(path));
  return paths;
}

void expect_bytes_at(ContentBytes& content, const std::string& truth, std::uint64_t offset, std::size_t length) {
  std::vector<std::uint8_t> buffer(length);
  const auto got = content.read(offset, buffer);
  if (!got) {
    ADD_FAILURE() << "at " << offset << ": " << got.error().what;
    return;
  }
  const std::string expected = offset < truth.size() ? truth.substr(offset, length) : std::string();
  ASSERT_EQ(got.value(), expected.size()) << "at " << offset;
  EXPECT_TRUE(base::ByteView(std::span<const std::uint8_t>(buffer)).text().substr(0, got.value()) == expected)
      << "bytes differ in [" << offset << ", " << offset + length << ")";
}

base::Sha256Digest digest_of(const std::string& bytes) { return base::sha256(base::ByteView(std::string_view(bytes))); }

}  // namespace

void expect_snapshots(const SuiteSubject& subject) {
  const std::unique_ptr<Source> source = subject.open();
  ASSERT_NE(source, nullptr);
  EXPECT_FALSE(source->traits().format.empty());
  EXPECT_GE(source->traits().readers_max, 1U);
  const auto snapshots = source->snapshots();
  ASSERT_TRUE(snapshots) << snapshots.error().what;
  ASSERT_FALSE(snapshots.value().empty());
  std::set<std::string> ids;
  std::pair<std::int64_t, std::string> before{INT64_MIN, ""};
  for (const model::Snapshot& snapshot : snapshots.value()) {
    EXPECT_FALSE(snapshot.id.empty());
    EXPECT_TRUE(ids.insert(snapshot.id).second) << snapshot.id << " is there twice";
    std::pair<std::int64_t, std::string> now{snapshot.time_ns, snapshot.id};
    EXPECT_LT(before, now);
    before = std::move(now);
  }
}

void expect_same_entries(const SuiteSubject& subject) {
  const Opened opened(subject);
  std::map<std::string, DiskEntry> truth = truth_of(subject);
  for (const auto& [path, entry] : opened.entries) {
    SCOPED_TRACE("'" + base::printable(path) + "'");
    if (subject.devices == Kept::no && is_device(entry.kind)) continue;
    const auto found = truth.find(path);
    if (found == truth.end()) {
      ADD_FAILURE() << "is not on the disk";
      continue;
    }
    expect_same_entry(subject, entry, found->second);
    truth.erase(found);
  }
  for (const auto& [path, entry] : truth) ADD_FAILURE() << "'" << base::printable(path) << "' is missing";
}

void expect_same_hard_links(const SuiteSubject& subject) {
  if (subject.hard_links == Kept::no) return;
  const Opened opened(subject);
  std::map<std::uint64_t, std::set<std::string>> groups_on_disk;
  for (const auto& [path, entry] : read_disk_tree(subject.tree)) {
    if (entry.kind == EntryKind::regular && entry.links > 1) groups_on_disk[entry.inode].insert(path);
  }
  std::map<std::uint64_t, std::set<std::string>> groups;
  std::map<std::uint64_t, std::set<model::ContentKey>> keys;
  for (const auto& [path, entry] : opened.entries) {
    if (entry.kind != EntryKind::regular || entry.link_group == 0) continue;
    groups[entry.link_group].insert(path);
    keys[entry.link_group].insert(entry.content.key);
  }
  std::set<std::set<std::string>> expected;
  std::set<std::set<std::string>> found;
  for (const auto& [inode, paths] : groups_on_disk) expected.insert(paths);
  for (const auto& [group, paths] : groups) {
    if (paths.size() > 1) found.insert(paths);
  }
  EXPECT_FALSE(expected.empty()) << "the tree has no hard links";
  EXPECT_EQ(found, expected);
  for (const auto& [group, of_group] : keys) EXPECT_EQ(of_group.size(), 1U) << "one file, several contents";
}

void expect_same_attributes(const SuiteSubject& subject) {
  if (subject.attributes == Kept::no) return;
  const Opened opened(subject);
  std::size_t compared = 0;
  for (const auto& [path, truth] : truth_of(subject)) {
    SCOPED_TRACE("'" + base::printable(path) + "'");
    const auto entry = opened.entries.find(path);
    if (entry == opened.entries.end()) continue;  // said by expect_same_entries
    std::map<std::string, std::string> found;
    std::string before;
    for (const model::Attribute& attribute : entry->second.attributes) {
      EXPECT_LT(before, attribute.name) << "attributes are sorted and each is there once";
      before = attribute.name;
      found[attribute.name] = attribute.value;
    }
    EXPECT_EQ(found, truth.attributes);
    compared += found.size();
  }
  EXPECT_GE(compared, 8U) << "the tree has too few attributes to prove anything";
}

void expect_same_bytes_in_pieces(const SuiteSubject& subject) {
  const Opened opened(subject);
  if (opened.source == nullptr) return;
  for (const std::string& path : files_by_position(opened)) {
    const std::string bytes = bytes_in_pieces(*opened.source, path, opened.entries.at(path));
    EXPECT_TRUE(bytes == disk_bytes(subject, path)) << "bytes of '" << base::printable(path) << "' differ";
  }
}

void expect_same_bytes_as_byte_source(const SuiteSubject& subject) {
  const Opened opened(subject);
  if (opened.source == nullptr) return;
  std::mt19937_64 numbers(4711);
  for (const std::string& path : files_by_position(opened)) {
    SCOPED_TRACE("'" + base::printable(path) + "'");
    // Of the many small files a part is enough: ways of reading are proved here, not files.
    if (path.starts_with("many/") && !path.ends_with('7')) continue;
    const std::string truth = disk_bytes(subject, path);
    auto content = opened.source->open_content(opened.entries.at(path).content);
    ASSERT_TRUE(content) << content.error().what;
    ContentBytes bytes(std::move(content).value());
    EXPECT_EQ(bytes.size_bytes(), truth.size());
    for (std::uint64_t at = 0; at <= truth.size(); at += 777'777) expect_bytes_at(bytes, truth, at, 777'777);
    for (int i = 0; i < 6; ++i) {
      expect_bytes_at(bytes, truth, numbers() % (truth.size() + 1), numbers() % 5000);
    }
    expect_bytes_at(bytes, truth, truth.size() > 10 ? truth.size() - 10 : 0, 100);
    expect_bytes_at(bytes, truth, truth.size() + 1000, 10);
  }
}

void expect_pieces_to_be_proven(const SuiteSubject& subject) {
  const Opened opened(subject);
  if (opened.source == nullptr) return;
  const bool named = opened.source->traits().pieces == SourceTraits::Pieces::named_by_digest;
  std::vector<std::uint8_t> bytes;
  for (const std::string& path : files_by_position(opened)) {
    if (path.starts_with("many/") && !path.ends_with('7')) continue;
    SCOPED_TRACE("'" + base::printable(path) + "'");
    auto content = opened.source->open_content(opened.entries.at(path).content);
    ASSERT_TRUE(content) << content.error().what;
    for (std::size_t i = 0; i < content.value()->piece_count(); ++i) {
      ASSERT_TRUE(content.value()->read_piece(i, bytes));
      const auto prove = [&] { return content.value()->prove_piece(i, base::ByteView(std::span(bytes))); };
      EXPECT_EQ(prove(), named ? Content::Proof::same : Content::Proof::none);
      bytes[bytes.size() / 2] ^= 1;
      EXPECT_EQ(prove(), named ? Content::Proof::other : Content::Proof::none);
    }
  }
}

void expect_equal_keys_to_mean_equal_bytes(const SuiteSubject& subject) {
  const Opened opened(subject);
  std::map<model::ContentKey, std::pair<base::Sha256Digest, std::string>> seen;
  for (const auto& [path, entry] : opened.entries) {
    if (entry.kind != EntryKind::regular) continue;
    EXPECT_EQ(entry.content.key.size(), 32U) << base::printable(path);
    const base::Sha256Digest digest = digest_of(disk_bytes(subject, path));
    const auto [first, is_first] = seen.try_emplace(entry.content.key, digest, path);
    EXPECT_EQ(first->second.first, digest)
        << "'" << base::printable(path) << "' and '" << base::printable(first->second.second) << "' share a key";
  }
}

void expect_many_threads_to_read_the_same(const SuiteSubject& subject) {
  constexpr std::size_t k_threads = 4;
  const Opened opened(subject);
  if (opened.source == nullptr) return;
  const std::vector<std::string> paths = files_by_position(opened);
  std::map<std::string, base::Sha256Digest> truth;
  for (const std::string& path : paths) truth[path] = digest_of(disk_bytes(subject, path));
  std::vector<std::thread> threads;
  for (std::size_t thread = 0; thread < k_threads; ++thread) {
    threads.emplace_back([&, thread] {
      // The same files at the same time at first, then apart.
      const Entries again = Walk(*opened.source).below(subject.inside);
      EXPECT_EQ(again.size(), opened.entries.size());
      const std::size_t first = paths.size() / k_threads * (thread / 2);
      for (std::size_t i = 0; i < paths.size(); ++i) {
        const std::string& path = paths[(first + i) % paths.size()];
        if (path.starts_with("many/") && i % k_threads != thread) continue;
        // A source that is read by one thread at best must still be right, but going to and fro takes its time.
        if (opened.source->traits().readers_max < k_threads && i % 40 != thread) continue;
        const auto entry = again.find(path);
        if (entry == again.end()) {
          ADD_FAILURE() << "'" << base::printable(path) << "' is missing";
          continue;
        }
        EXPECT_EQ(digest_of(bytes_in_pieces(*opened.source, path, entry->second)), truth.at(path))
            << "'" << base::printable(path) << "' in thread " << thread;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
}

void expect_nothing_of_the_store_to_change(const SuiteSubject& subject) {
  if (subject.store.empty()) return;
  age_access_times(subject.store);
  const std::map<std::string, std::string> before = read_traces(subject.store);
  {
    const Opened opened(subject);
    ASSERT_NE(opened.source, nullptr);
    for (const std::string& path : files_by_position(opened)) {
      (void)bytes_in_pieces(*opened.source, path, opened.entries.at(path));
    }
    (void)opened.source->findings();
  }
  const std::map<std::string, std::string> after = read_traces(subject.store);
  for (const auto& [path, trace] : before) {
    const auto now = after.find(path);
    if (now == after.end()) {
      ADD_FAILURE() << "'" << base::printable(path) << "' is gone";
      continue;
    }
    EXPECT_EQ(now->second, trace) << "'" << base::printable(path) << "' was changed by reading";
  }
  EXPECT_EQ(after.size(), before.size()) << "reading left something behind";
}

void expect_folders_of_this_machine_to_be_found(const SuiteSubject& subject) {
  const Opened opened(subject);
  if (opened.source == nullptr) return;
  const bool is_on_disk = opened.source->traits().format == "folder";
  for (const auto& [path, entry] : opened.entries) {
    if (entry.kind != EntryKind::folder) continue;
    const auto place = opened.source->find_on_this_machine(entry.subtree);
    EXPECT_EQ(place.has_value(), is_on_disk) << base::printable(path);
    const auto folder = opened.source->read_folder(entry.subtree);
    if (!place || !folder) continue;
    std::set<std::string> names;
    for (const auto& there : std::filesystem::directory_iterator(*place))
      names.insert(there.path().filename().string());
    std::set<std::string> read;
    for (const TreeEntry& below : folder.value().entries) read.insert(below.name);
    EXPECT_EQ(names, read) << base::printable(path);
  }
}

void expect_foreign_ids_to_be_refused(const SuiteSubject& subject) {
  const Opened opened(subject);
  if (opened.source == nullptr) return;
  for (const std::string& id :
       {std::string("/etc"), std::string("../../../../../../../../etc"), std::string(32, '\xff'), std::string(64, '0'),
        std::string("\0", 1), std::string(10'000, 'a')}) {
    const auto folder = opened.source->read_folder(id);
    EXPECT_TRUE(!folder || folder.value().entries.empty()) << base::printable(id.substr(0, 64));
    for (const model::ContentRef& content :
         {model::ContentRef{.key = std::string(32, '\1'), .size_bytes = 4, .handle = id},
          model::ContentRef{.key = id, .size_bytes = UINT64_MAX, .handle = ""},
          model::ContentRef{.key = "", .size_bytes = 0, .handle = id}}) {
      (void)opened.source->position_of(content);
      const auto bytes = opened.source->open_content(content);
      if (!bytes || bytes.value()->piece_count() == 0) continue;
      std::vector<std::uint8_t> buffer;
      EXPECT_FALSE(bytes.value()->read_piece(0, buffer)) << base::printable(id.substr(0, 64));
    }
  }
}

}  // namespace lastgood::sources::testing
