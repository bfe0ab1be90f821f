# SPDX-License-Identifier: Apache-2.0
# A disk that fails under the evidence, files that change under the reader, and a disk that is full under the case: what
# could be kept is kept, nothing is called clean that was not read, and the case opens afterwards.
. "$TESTS/expect.sh"
command -v cc >/dev/null || { echo "skipped: the faults are made by a library, and no C compiler is here"; exit 0; }
cat >faults.c <<'C'
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <unistd.h>

static int path_of(int fd, char *path, size_t size) {
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  const ssize_t length = readlink(link, path, size - 1);
  if (length < 0) return 0;
  path[length] = 0;
  return 1;
}

/* Files named eio* cannot be read from their second 64 KiB on; shrinks* and grows* change at each read. */
ssize_t pread(int fd, void *into, size_t count, off_t offset) {
  static ssize_t (*real)(int, void *, size_t, off_t);
  if (!real) real = (ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread");
  char path[4096];
  if (!path_of(fd, path, sizeof path)) return real(fd, into, count, offset);
  const char *name = strrchr(path, '/') + 1;
  if (strncmp(name, "eio", 3) == 0 && offset + (off_t)count > 65536) {
    if (offset >= 65536) return errno = EIO, -1;
    count = 65536 - (size_t)offset;
  }
  if (strncmp(name, "shrinks", 7) == 0 && truncate(path, 70000)) abort();
  if (strncmp(name, "grows", 5) == 0) {
    FILE *file = fopen(path, "a");
    fputs("one more line\n", file);
    fclose(file);
  }
  return real(fd, into, count, offset);
}
ssize_t pread64(int fd, void *into, size_t count, off_t offset) { return pread(fd, into, count, offset); }

/* Files named vanishes* are there when the folder is listed, and gone when they are opened. */
int openat(int folder, const char *name, int flags, ...) {
  static int (*real)(int, const char *, int, mode_t);
  if (!real) real = (int (*)(int, const char *, int, mode_t))dlsym(RTLD_NEXT, "openat");
  va_list rest;
  va_start(rest, flags);
  const mode_t mode = (flags & O_CREAT) ? va_arg(rest, mode_t) : 0;
  va_end(rest);
  if (strncmp(name, "vanishes", 8) == 0) unlinkat(folder, name, 0);
  return real(folder, name, flags, mode);
}

/* Below $FULL_FOLDER there is room for $FULL_BYTES more bytes. */
static int is_full(int fd, size_t count) {
  static atomic_llong written;
  const char *folder = getenv("FULL_FOLDER");
  char path[4096];
  if (!folder || !path_of(fd, path, sizeof path) || strncmp(path, folder, strlen(folder)) != 0) return 0;
  return atomic_fetch_add(&written, (long long)count) + (long long)count > atoll(getenv("FULL_BYTES"));
}

ssize_t write(int fd, const void *from, size_t count) {
  static ssize_t (*real)(int, const void *, size_t);
  if (!real) real = (ssize_t(*)(int, const void *, size_t))dlsym(RTLD_NEXT, "write");
  return is_full(fd, count) ? (errno = ENOSPC, -1) : real(fd, from, count);
}
ssize_t pwrite(int fd, const void *from, size_t count, off_t offset) {
  static ssize_t (*real)(int, const void *, size_t, off_t);
  if (!real) real = (ssize_t(*)(int, const void *, size_t, off_t))dlsym(RTLD_NEXT, "pwrite");
  return is_full(fd, count) ? (errno = ENOSPC, -1) : real(fd, from, count, offset);
}
ssize_t pwrite64(int fd, const void *from, size_t count, off_t offset) { return pwrite(fd, from, count, offset); }
C
cc -shared -fPIC -O1 -o faults.so faults.c -ldl
with_faults() { env LD_PRELOAD="$PWD/faults.so" ASAN_OPTIONS=verify_asan_link_order=0 "$@"; }

mkdir -p srv
for i in 1 2 3; do seq 1 30000 >"srv/list$i.csv"; done
cp srv/list1.csv srv/eio.csv
random_bytes 200000 >srv/eio.dat
for depth in standard full; do
  expect_exit 0 "$LASTGOOD" case new "disk-$depth"
  # Without the faults all is well: the fault is what makes the difference.
  expect_exit 0 "$LASTGOOD" --case "disk-$depth.case" scan --depth $depth --exclude '*.dat' srv
  expect_exit 3 with_faults "$LASTGOOD" --case "disk-$depth.case" scan --json --all --depth $depth srv
  [ "$(grep -c '"type":"file"' out)" -eq 5 ]
  [ "$(grep -c '"verdict":"intact"' out)" -eq 3 ]
  [ "$(grep '"path":".*eio' out | grep -c '"verdict":"unreadable"')" -eq 2 ]
  grep '"path":".*eio.csv"' out | grep -q 'input/output error at byte 65536'
  expect_exit 3 with_faults "$LASTGOOD" --case "disk-$depth.case" scan --depth $depth srv
  expect_exit 0 "$LASTGOOD" --case "disk-$depth.case" ledger verify
done

# Each change is told; none makes a file look read that was not.
mkdir moving
cp srv/list1.csv moving/shrinks.csv
random_bytes 200000 >moving/shrinks.pdf
cp srv/list1.csv moving/vanishes.csv
random_bytes 200000 >moving/grows.pdf
cp srv/list1.csv moving/grows.csv
expect_exit 1 with_faults "$LASTGOOD" --case disk-full.case scan --json --all moving
[ "$(grep -c '"type":"file"' out)" -eq 5 ]
grep '"path":".*vanishes.csv"' out | grep '"verdict":"unreadable"' | grep -q 'no such file'
grep '"path":".*grows.csv"' out | grep '"verdict":"intact"' | grep -q 'what was added was not looked at'
for name in shrinks.csv shrinks.pdf grows.pdf grows.csv; do
  grep "\"path\":\".*$name\"" out | grep '"certainty":"weak"' | grep -q '"changed: '
done

mkdir many
seq 1 6000 | split -l 1 -a 4 - many/f
for room in 0 100 20000 300000; do
  expect_exit 0 "$LASTGOOD" case new "full$room"
  expect_exit 24 with_faults env FULL_FOLDER="$PWD/full$room.case" FULL_BYTES=$room "$LASTGOOD" --case "full$room.case" scan many
  grep -Eq 'no space left|disk is full' err || { cat err; exit 1; }
  expect_text err 'hint:'
  expect_exit 0 "$LASTGOOD" --case "full$room.case" ledger verify
  expect_exit 0 "$LASTGOOD" --case "full$room.case" case show
  # With room again the same case takes a whole scan.
  expect_exit 0 "$LASTGOOD" --case "full$room.case" scan --json many
  grep '"type":"summary"' out | grep -q '"files":6000'
  expect_exit 0 "$LASTGOOD" --case "full$room.case" ledger verify
done
