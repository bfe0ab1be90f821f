/* SPDX-FileCopyrightText: 2026 The lastgood authors */
/* SPDX-License-Identifier: Apache-2.0 */
/* unplug FOLDER CALLS COUNT_FILE MOUNTPOINT...: shows FOLDER at MOUNTPOINT, and after CALLS calls of the system fails them all
 * with EIO, as a disk does that was pulled out; 0: never. How many calls there were is written to COUNT_FILE at the end.
 * For tests; built with cc $(pkg-config --cflags --libs fuse3). */
#define FUSE_USE_VERSION 31
#define _GNU_SOURCE
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <fuse.h>
#include <limits.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>
#include <sys/xattr.h>
#include <unistd.h>

static const char *root, *count_file;
static long calls_max;
static atomic_long calls;

static int gone(void) {
  const long now = atomic_fetch_add(&calls, 1) + 1;
  return calls_max > 0 && now > calls_max;
}
#define BEGIN(path)                                                              \
  char full[PATH_MAX];                                                           \
  if (gone()) return -EIO;                                                       \
  if ((size_t)snprintf(full, sizeof full, "%s%s", root, path) >= sizeof full) return -ENAMETOOLONG
#define END(call) return (call) < 0 ? -errno : 0

static void *start(struct fuse_conn_info *connection, struct fuse_config *config) {
  (void)connection;
  config->use_ino = 1;
  config->nullpath_ok = 0;
  config->entry_timeout = config->attr_timeout = config->negative_timeout = 0;
  return NULL;
}
static void stop(void *data) {
  (void)data;
  FILE *file = fopen(count_file, "w");
  fprintf(file, "%ld\n", (long)calls);
  fclose(file);
}
static int do_getattr(const char *path, struct stat *out, struct fuse_file_info *file) {
  BEGIN(path);
  if (file) END(fstat((int)file->fh, out));
  END(lstat(full, out));
}
static int do_readlink(const char *path, char *into, size_t size) {
  BEGIN(path);
  const ssize_t length = readlink(full, into, size - 1);
  if (length < 0) return -errno;
  into[length] = 0;
  return 0;
}
static int do_mknod(const char *path, mode_t mode, dev_t device) { BEGIN(path); END(mknod(full, mode, device)); }
static int do_mkdir(const char *path, mode_t mode) { BEGIN(path); END(mkdir(full, mode)); }
static int do_unlink(const char *path) { BEGIN(path); END(unlink(full)); }
static int do_rmdir(const char *path) { BEGIN(path); END(rmdir(full)); }
static int do_symlink(const char *to, const char *path) { BEGIN(path); END(symlink(to, full)); }
static int do_rename(const char *path, const char *to, unsigned flags) {
  BEGIN(path);
  char other[PATH_MAX];
  snprintf(other, sizeof other, "%s%s", root, to);
  END(renameat2(AT_FDCWD, full, AT_FDCWD, other, flags));
}
static int do_link(const char *path, const char *to) {
  BEGIN(path);
  char other[PATH_MAX];
  snprintf(other, sizeof other, "%s%s", root, to);
  END(linkat(AT_FDCWD, full, AT_FDCWD, other, 0));
}
static int do_chmod(const char *path, mode_t mode, struct fuse_file_info *file) { (void)file; BEGIN(path); END(chmod(full, mode)); }
static int do_chown(const char *path, uid_t user, gid_t group, struct fuse_file_info *file) { (void)file; BEGIN(path); END(lchown(full, user, group)); }
static int do_truncate(const char *path, off_t size, struct fuse_file_info *file) { BEGIN(path); END(file ? ftruncate((int)file->fh, size) : truncate(full, size)); }
static int do_utimens(const char *path, const struct timespec times[2], struct fuse_file_info *file) { (void)file; BEGIN(path); END(utimensat(AT_FDCWD, full, times, AT_SYMLINK_NOFOLLOW)); }
static int do_open(const char *path, struct fuse_file_info *file) {
  BEGIN(path);
  const int fd = open(full, (file->flags & ~O_NOFOLLOW) | O_NOATIME);
  if (fd < 0) return -errno;
  file->fh = (uint64_t)fd;
  return 0;
}
static int do_create(const char *path, mode_t mode, struct fuse_file_info *file) {
  BEGIN(path);
  const int fd = open(full, file->flags | O_CREAT, mode);
  if (fd < 0) return -errno;
  file->fh = (uint64_t)fd;
  return 0;
}
static int do_read(const char *path, char *into, size_t size, off_t offset, struct fuse_file_info *file) {
  BEGIN(path);
  const ssize_t count = pread((int)file->fh, into, size, offset);
  return count < 0 ? -errno : (int)count;
}
static int do_write(const char *path, const char *from, size_t size, off_t offset, struct fuse_file_info *file) {
  BEGIN(path);
  const ssize_t count = pwrite((int)file->fh, from, size, offset);
  return count < 0 ? -errno : (int)count;
}
static int do_statfs(const char *path, struct statvfs *out) { BEGIN(path); END(statvfs(full, out)); }
static int do_release(const char *path, struct fuse_file_info *file) { (void)path; return close((int)file->fh), 0; }
static int do_fsync(const char *path, int data, struct fuse_file_info *file) { BEGIN(path); END(data ? fdatasync((int)file->fh) : fsync((int)file->fh)); }
static int do_fsyncdir(const char *path, int data, struct fuse_file_info *file) { (void)data; (void)file; BEGIN(path); return 0; }
static int do_setxattr(const char *path, const char *name, const char *value, size_t size, int flags) { BEGIN(path); END(lsetxattr(full, name, value, size, flags)); }
static int do_getxattr(const char *path, const char *name, char *value, size_t size) {
  BEGIN(path);
  const ssize_t length = lgetxattr(full, name, value, size);
  return length < 0 ? -errno : (int)length;
}
static int do_listxattr(const char *path, char *list, size_t size) {
  BEGIN(path);
  const ssize_t length = llistxattr(full, list, size);
  return length < 0 ? -errno : (int)length;
}
static int do_removexattr(const char *path, const char *name) { BEGIN(path); END(lremovexattr(full, name)); }
static int do_readdir(const char *path, void *into, fuse_fill_dir_t fill, off_t offset, struct fuse_file_info *file, enum fuse_readdir_flags flags) {
  (void)offset; (void)file; (void)flags;
  BEGIN(path);
  const int fd = open(full, O_RDONLY | O_DIRECTORY | O_NOATIME);
  DIR *folder = fd < 0 ? NULL : fdopendir(fd);
  if (!folder) return -errno;
  for (struct dirent *entry; (entry = readdir(folder));) {
    struct stat what = {.st_ino = entry->d_ino, .st_mode = (mode_t)entry->d_type << 12};
    if (fill(into, entry->d_name, &what, 0, 0)) break;
  }
  closedir(folder);
  return 0;
}

static const struct fuse_operations operations = {
    .init = start, .destroy = stop, .getattr = do_getattr, .readlink = do_readlink, .mknod = do_mknod, .mkdir = do_mkdir,
    .unlink = do_unlink, .rmdir = do_rmdir, .symlink = do_symlink, .rename = do_rename, .link = do_link, .chmod = do_chmod,
    .chown = do_chown, .truncate = do_truncate, .utimens = do_utimens, .open = do_open, .create = do_create, .read = do_read,
    .write = do_write, .statfs = do_statfs, .release = do_release, .fsync = do_fsync, .fsyncdir = do_fsyncdir,
    .setxattr = do_setxattr, .getxattr = do_getxattr, .listxattr = do_listxattr, .removexattr = do_removexattr, .readdir = do_readdir};

int main(int argc, char **argv) {
  if (argc < 5) return fprintf(stderr, "unplug FOLDER CALLS COUNT_FILE MOUNTPOINT...\n"), 2;
  root = argv[1];
  calls_max = atol(argv[2]);
  count_file = argv[3];
  argv[3] = argv[0];
  umask(0);
  return fuse_main(argc - 3, argv + 3, &operations, NULL);
}
