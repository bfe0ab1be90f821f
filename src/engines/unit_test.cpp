// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Proves which folders and files are taken for units, that a check never mistakes what it could not read for good, and
// that the smaller kinds (Maildir, LMDB, git, virtual disks, Elasticsearch) are judged by what makes them whole.
#include "engines/unit.h"

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <random>

#include "engines/evidence_view.h"
#include "engines/testing/memory_view.h"
#include "os/run_program.h"
#include "os/testing/scratch_folder.h"

namespace lastgood::engines {

namespace {

using os::testing::ScratchFolder;
using testing::MemoryView;

std::string noise(std::size_t length) {
  std::mt19937_64 random(11);
  std::string bytes(length, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  return bytes;
}

UnitReport check_at(const UnitView& view, UnitKind kind, const std::string& path,
                    model::Depth depth = model::Depth::standard) {
  auto report = check_unit(view, {.kind = kind, .path = path}, depth);
  if (!report.ok()) {
    ADD_FAILURE() << report.error().what;
    return {};
  }
  return std::move(report).value();
}

std::string first_rule(const UnitReport& report) {
  const bool is_bad = !report.findings.empty() && report.findings[0].finding.weight == model::Weight::contradicts;
  return is_bad ? report.findings[0].finding.rule : std::string{};
}

void run_shell(const std::string& script) {
  const std::vector<std::string> arguments{"/bin/sh", "-c", "set -e\n" + script};
  const auto end = os::run_program(arguments, "/tmp");
  ASSERT_TRUE(end.ok());
  ASSERT_EQ(end.value().exit_code, 0) << end.value().printed;
}

}  // namespace

TEST(FindUnits, knows_every_kind_by_the_names_in_its_folder) {
  MemoryView view;
  view.files = {{"pg/PG_VERSION", "15\n"},
                {"pg/global/pg_control", ""},
                {"pg/base/1/1259", ""},
                {"pg/pg_wal/x", ""},
                {"my/ibdata1", ""},
                {"my/mysql/db.frm", ""},
                {"es/nodes/0/_state/x", ""},
                {"es8/_state/x", ""},
                {"es8/indices/y", ""},
                {"repo/.git/HEAD", ""},
                {"repo/.git/objects/x", ""},
                {"repo/.git/refs/x", ""},
                {"repo/a.c", ""},
                {"mail/u/cur/1", ""},
                {"mail/u/new/2", ""},
                {"mail/u/tmp/3", ""},
                {"ldap/data.mdb", ""},
                {"ldap/lock.mdb", ""},
                {"app/a.db", std::string("SQLite format 3\0", 16) + std::string(600, 'x')},
                {"app/b.db", "text"},
                {"app/c.dat", noise(600)},
                {"app/c.dat-wal", ""},
                {"pacs/index", std::string("SQLite format 3\0", 16)},
                {"pacs/ab/cd/x", ""},
                {"vm/a.qcow2", "QFI\xfb" + std::string(100, '\0')}};
  const std::vector<FoundUnit> expected{
      {UnitKind::sqlite, "app/a.db"},   {UnitKind::sqlite, "app/c.dat"},  {UnitKind::elasticsearch, "es"},
      {UnitKind::elasticsearch, "es8"}, {UnitKind::lmdb, "ldap"},         {UnitKind::maildir, "mail/u"},
      {UnitKind::mariadb, "my"},        {UnitKind::orthanc, "pacs"},      {UnitKind::postgresql, "pg"},
      {UnitKind::git, "repo/.git"},     {UnitKind::vm_disk, "vm/a.qcow2"}};
  const std::vector<FoundUnit> found = find_units(view);
  ASSERT_EQ(found.size(), expected.size());
  for (std::size_t i = 0; i < found.size(); ++i) EXPECT_EQ(found[i], expected[i]) << found[i].path;
}

TEST(FindUnits, names_kinds_both_ways) {
  for (const char* name :
       {"postgresql", "mariadb", "sqlite", "orthanc", "maildir", "lmdb", "git", "vm_disk", "elasticsearch"}) {
    ASSERT_TRUE(find_unit_kind(name)) << name;
    EXPECT_EQ(name_of(*find_unit_kind(name)), name);
  }
  EXPECT_FALSE(find_unit_kind("oracle"));
}

TEST(CheckUnit, calls_what_it_could_not_read_undecided_and_never_good) {
  MemoryView view;
  view.files = {{"u/cur/1,S=3:2,S", "a\nb"}, {"u/new/2,S=3", "a\nc"}, {"u/tmp/x", ""}};
  EXPECT_EQ(check_at(view, UnitKind::maildir, "u").verdict, UnitVerdict::consistent);
  view.unreadable = {"u/new/2,S=3"};
  EXPECT_EQ(check_at(view, UnitKind::maildir, "u").verdict, UnitVerdict::undecided);
}

TEST(CheckUnit, is_an_error_where_there_is_nothing) {
  const MemoryView view;
  EXPECT_FALSE(check_unit(view, {.kind = UnitKind::postgresql, .path = "gone"}, model::Depth::quick).ok());
  EXPECT_FALSE(check_unit(view, {.kind = UnitKind::sqlite, .path = "gone.db"}, model::Depth::quick).ok());
}

TEST(CheckUnit, never_calls_empty_files_of_the_right_names_a_good_unit) {
  MemoryView view;
  view.files = {{"pg/PG_VERSION", ""},   {"pg/global/pg_control", ""}, {"pg/base/1/1259", ""},
                {"pg/pg_wal/x", ""},     {"my/ibdata1", ""},           {"my/ib_logfile0", ""},
                {"my/mysql/db.frm", ""}, {"ldap/data.mdb", ""},        {"a.qcow2", ""}};
  for (const auto& [kind, path] : {std::pair{UnitKind::postgresql, "pg"},
                                   {UnitKind::mariadb, "my"},
                                   {UnitKind::lmdb, "ldap"},
                                   {UnitKind::vm_disk, "a.qcow2"}})
    EXPECT_FALSE(is_usable(check_at(view, kind, path).verdict)) << path;
}

TEST(Maildir, compares_lengths_with_names_and_sees_encryption) {
  MemoryView view;
  view.files = {{"u/cur/1,S=300:2,S", std::string(300, 'a')}, {"u/new/2", "x"}, {"u/tmp/x", ""}};
  EXPECT_EQ(check_at(view, UnitKind::maildir, "u").certainty, model::Certainty::strong);
  view.files["u/cur/1,S=300:2,S"].resize(200);
  EXPECT_EQ(first_rule(check_at(view, UnitKind::maildir, "u")), "maildir.size");
  EXPECT_EQ(first_rule(check_at(view, UnitKind::maildir, "u", model::Depth::quick)), "maildir.size");
  view.files["u/cur/1,S=300:2,S"] = noise(9000);
  EXPECT_EQ(check_at(view, UnitKind::maildir, "u").verdict, UnitVerdict::encrypted);
}

TEST(Elasticsearch, is_always_to_be_rebuilt) {
  MemoryView view;
  view.files = {{"es/nodes/0/_state/x", "y"}};
  const UnitReport report = check_at(view, UnitKind::elasticsearch, "es");
  EXPECT_EQ(report.verdict, UnitVerdict::rebuild);
  EXPECT_FALSE(is_usable(report.verdict));
}

TEST(Lmdb, takes_what_lmdb_wrote_and_names_changed_pages) {
  MemoryView view;
  const std::string whole = os::testing::read_file(LASTGOOD_SOURCE_DIR "/src/engines/lmdb/testdata/whole.mdb");
  view.files = {{"data.mdb", whole}};
  const UnitReport report = check_at(view, UnitKind::lmdb, "");
  ASSERT_EQ(report.verdict, UnitVerdict::consistent) << report.findings[0].finding.sentence;
  std::size_t noticed = 0;
  for (std::size_t page = 2; page * 4096 < whole.size(); ++page) {
    std::string changed = whole;
    for (std::size_t i = 0; i < 16; ++i) changed[page * 4096 + i] = static_cast<char>(changed[page * 4096 + i] ^ 0x5A);
    view.files["data.mdb"] = changed;
    if (check_at(view, UnitKind::lmdb, "").verdict == UnitVerdict::damaged) ++noticed;
  }
  EXPECT_GE(noticed, 5U) << "pages that no tree leads to may hold anything, the others may not";
  view.files["data.mdb"] = whole.substr(0, whole.size() / 2);
  EXPECT_EQ(first_rule(check_at(view, UnitKind::lmdb, "")), "lmdb.length");
  view.files["data.mdb"] = noise(whole.size());
  EXPECT_EQ(check_at(view, UnitKind::lmdb, "").verdict, UnitVerdict::encrypted);
}

class GitUnit : public ::testing::Test {
 protected:
  void SetUp() override {
    run_shell("cd " + folder_.path() + R"sh(
      git init -q -b main . && git config user.email a@b && git config user.name n && git config commit.gpgsign false
      for i in 1 2 3; do seq $i 400 >f$i; git add .; git commit -qm $i; done
      git gc -q; echo x >x; git add .; git commit -qm x; git tag -a -m t t1; cp -r .git old; git checkout -q -b side; echo y >y; git add .; git commit -qm y)sh");
  }
  UnitReport check() const {
    auto view = open_evidence_view(folder_ / ".git");
    return view.ok() ? check_at(*view.value(), UnitKind::git, "") : UnitReport{};
  }
  ScratchFolder folder_;
};

TEST_F(GitUnit, takes_packed_and_loose_objects_that_all_references_lead_to) {
  const UnitReport report = check();
  EXPECT_EQ(report.verdict, UnitVerdict::consistent) << first_rule(report);
}

TEST_F(GitUnit, calls_references_that_lead_nowhere_torn) {
  run_shell("cd " + folder_.path() + " && rm -rf .git/objects && cp -r old/objects .git/");
  const UnitReport report = check();
  EXPECT_EQ(report.verdict, UnitVerdict::torn);
  EXPECT_EQ(first_rule(report), "git.reference");
}

TEST_F(GitUnit, names_changed_packs_indexes_and_objects) {
  for (const char* file : {"pack/*.pack", "pack/*.idx", "$(cut -c1-2 <refs/heads/side)/$(cut -c3- <refs/heads/side)"}) {
    run_shell("cd " + folder_.path() + " && rm -rf keep && cp -r .git keep && cd .git && f=$(echo objects/" +
              std::string(file) +
              ") && chmod u+w $f && printf '\\377\\377\\377' | dd of=$f bs=1 seek=40 conv=notrunc 2>/dev/null");
    EXPECT_EQ(first_rule(check()), "git.file") << file;
    run_shell("cd " + folder_.path() + " && rm -rf .git && mv keep .git");
  }
  // What an attack leaves of an object that only a tree names.
  const std::string at_blob =
      "cd " + folder_.path() + "/.git && f=objects/$(git rev-parse side:y | sed 's,^..,&/,') && ";
  run_shell(at_blob + "head -c 200 /dev/urandom >$f.bak9");
  EXPECT_EQ(check().verdict, UnitVerdict::consistent) << "what is left where the object came back";
  run_shell(at_blob + "mv $f away");
  EXPECT_EQ(first_rule(check()), "git.object");
  run_shell(at_blob + "mv away $f && rm $f.bak9");
  run_shell("cd " + folder_.path() + "/.git && rm -f objects/pack/*.pack");
  EXPECT_FALSE(is_usable(check().verdict));
}

TEST(EvidenceView, NamesFilesWithOneSlash) {
  const ScratchFolder folder;
  for (const char* end : {"", "/"}) {
    const auto view = open_evidence_view(folder.path() + end);
    ASSERT_TRUE(view.ok());
    EXPECT_EQ(view.value()->open("none").error().path, folder.path() + "/none");
  }
}

class VmDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    run_shell("cd " + folder_.path() + R"sh(
      qemu-img create -q -f qcow2 base.qcow2 16M; qemu-img create -q -f qcow2 -b base.qcow2 -F qcow2 top.qcow2
      qemu-img create -q -f vmdk -o subformat=twoGbMaxExtentSparse d.vmdk 16M
      qemu-img create -q -f vmdk m.vmdk 16M; qemu-img create -q -f vmdk -b m.vmdk -F vmdk child.vmdk)sh");
  }
  UnitReport check(const std::string& name) const {
    auto view = open_evidence_view(folder_.path());
    return view.ok() ? check_at(*view.value(), UnitKind::vm_disk, name) : UnitReport{};
  }
  ScratchFolder folder_;
};

TEST_F(VmDisk, follows_chains_and_takes_only_their_tops_for_units) {
  auto view = open_evidence_view(folder_.path());
  ASSERT_TRUE(view.ok());
  std::vector<std::string> paths;
  for (const FoundUnit& unit : find_units(*view.value())) paths.push_back(unit.path);
  EXPECT_EQ(paths, (std::vector<std::string>{"child.vmdk", "d.vmdk", "top.qcow2"}));
  EXPECT_EQ(check("top.qcow2").members, (std::vector<std::string>{"base.qcow2", "top.qcow2"}));
  EXPECT_EQ(check("d.vmdk").members, (std::vector<std::string>{"d-s001.vmdk", "d.vmdk"}));
  for (const std::string& path : paths) EXPECT_EQ(check(path).verdict, UnitVerdict::consistent) << path;
}

TEST_F(VmDisk, misses_what_a_disk_builds_on) {
  run_shell("cd " + folder_.path() + " && rm base.qcow2 d-s001.vmdk m.vmdk");
  for (const char* name : {"top.qcow2", "d.vmdk", "child.vmdk"})
    EXPECT_EQ(first_rule(check(name)), "vm-disk.missing") << name;
}

TEST_F(VmDisk, calls_a_parent_with_another_content_id_torn) {
  run_shell("cd " + folder_.path() + " && rm m.vmdk && qemu-img create -q -f vmdk m.vmdk 16M");
  EXPECT_EQ(check("child.vmdk").verdict, UnitVerdict::torn);
}

TEST_F(VmDisk, sees_encryption_and_loops) {
  os::testing::write_file(folder_ / "base.qcow2", noise(200'000));
  EXPECT_EQ(check("top.qcow2").verdict, UnitVerdict::encrypted);
  run_shell(
      "cd " + folder_.path() +
      " && qemu-img create -q -f qcow2 base.qcow2 16M && qemu-img rebase -u -f qcow2 -b top.qcow2 -F qcow2 base.qcow2");
  EXPECT_EQ(first_rule(check("top.qcow2")), "vm-disk.chain");
}

}  // namespace lastgood::engines
