/* SPDX-FileCopyrightText: 2026 The lastgood authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* Faults for the stories: loaded in front of the C library, it lets disks fail, files change under the reader, reading
 * be slow and a folder be full. What a file is called says what happens to it. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
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

/* Each read takes $SLOW_US microseconds more. */
static void be_slow(void) {
  const char *slow = getenv("SLOW_US");
  if (slow) usleep((useconds_t)atoi(slow));
}

/* Files named eio* cannot be read from their second 64 KiB on, badsector* not in the first 4 KiB of their second MiB;
 * shrinks* and grows* change at each read. */
ssize_t pread(int fd, void *into, size_t count, off_t offset) {
  static ssize_t (*real)(int, void *, size_t, off_t);
  if (!real) real = (ssize_t(*)(int, void *, size_t, off_t))dlsym(RTLD_NEXT, "pread");
  be_slow();
  char path[4096];
  if (!path_of(fd, path, sizeof path)) return real(fd, into, count, offset);
  const char *name = strrchr(path, '/') + 1;
  if (strncmp(name, "eio", 3) == 0 && offset + (off_t)count > 65536) {
    if (offset >= 65536) return errno = EIO, -1;
    count = 65536 - (size_t)offset;
  }
  if (strncmp(name, "badsector", 9) == 0 && offset < 1048576 + 4096 && offset + (off_t)count > 1048576) {
    if (offset >= 1048576) return errno = EIO, -1;
    count = 1048576 - (size_t)offset;
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

/* Folders named eio* can be opened, and not listed from their second piece on. Folders named vanishes* are gone when
 * they are opened. */
long syscall(long number, ...) {
  static long (*real)(long, long, long, long, long, long, long);
  static atomic_int listed;
  if (!real) real = (long (*)(long, long, long, long, long, long, long))dlsym(RTLD_NEXT, "syscall");
  long a[6];
  va_list rest;
  va_start(rest, number);
  for (int i = 0; i < 6; ++i) a[i] = va_arg(rest, long);
  va_end(rest);
  char path[4096];
  if (number == SYS_openat2) {
    const char *name = strrchr((const char *)a[1], '/');
    name = name ? name + 1 : (const char *)a[1];
    if (strncmp(name, "vanishes", 8) == 0) unlinkat((int)a[0], (const char *)a[1], AT_REMOVEDIR);
  }
  if (number == SYS_getdents64 && path_of((int)a[0], path, sizeof path) &&
      strncmp(strrchr(path, '/') + 1, "eio", 3) == 0 && atomic_fetch_add(&listed, 1) > 0)
    return errno = EIO, -1;
  return real(number, a[0], a[1], a[2], a[3], a[4], a[5]);
}
