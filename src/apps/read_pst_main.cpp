// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// The helper that reads Outlook stores (PST, OST) with libpff: descriptor 3 in, frames of mail/store_frames.h out. Its
// argument is the number of the first item to read: the parent starts it again behind an item that broke it; a 'b'
// behind the number asks for bodies, too.
#include <algorithm>
#include <array>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <string>
#include <vector>

#include <libbfio.h>
#include <libpff.h>

#include "mail/store_frames.h"
#include "os/locked_child.h"

namespace {

using namespace lastgood;

constexpr std::size_t k_text_bytes_max = mail::k_frame_bytes_max;
constexpr std::size_t k_folders_max = 1'000'000;
constexpr unsigned k_depth_max = 8;  // mails attached to mails
constexpr int k_attachments_max = 10'000;
constexpr std::size_t k_piece_bytes = std::size_t{256} << 10U;
constexpr std::size_t k_body_bytes_max = std::size_t{64} << 20U;
constexpr std::uint64_t k_attachment_bytes_max = std::uint64_t{1} << 30U;

/// The position in the inherited file; libbfio keeps it as its handle.
struct Reading {
  base::ByteSource* file = nullptr;
  std::uint64_t at = 0;
};
Reading* g_reading = nullptr;

extern "C" {
int free_handle(intptr_t** handle, libbfio_error_t**) {
  *handle = nullptr;
  return 1;
}
int clone_handle(intptr_t** to, intptr_t* from, libbfio_error_t**) {
  *to = from;
  return 1;
}
int open_handle(intptr_t*, int, libbfio_error_t**) { return 1; }
int close_handle(intptr_t*, libbfio_error_t**) { return 0; }
ssize_t read_handle(intptr_t*, std::uint8_t* buffer, std::size_t size, libbfio_error_t**) {
  const auto got = g_reading->file->read(g_reading->at, {buffer, size});
  if (!got.ok()) return -1;
  g_reading->at += got.value();
  return static_cast<ssize_t>(got.value());
}
off64_t seek_handle(intptr_t*, off64_t offset, int whence, libbfio_error_t**) {
  const std::int64_t from = whence == SEEK_SET   ? 0
                            : whence == SEEK_CUR ? static_cast<std::int64_t>(g_reading->at)
                                                 : static_cast<std::int64_t>(g_reading->file->size_bytes());
  std::int64_t to = 0;
  if (__builtin_add_overflow(from, std::int64_t{offset}, &to) || to < 0) return -1;
  g_reading->at = static_cast<std::uint64_t>(to);
  return to;
}
int exists_handle(intptr_t*, libbfio_error_t**) { return 1; }
int is_open_handle(intptr_t*, libbfio_error_t**) { return 1; }
int size_handle(intptr_t*, size64_t* size, libbfio_error_t**) {
  *size = g_reading->file->size_bytes();
  return 1;
}
}

struct FreeItem {
  void operator()(libpff_item_t* item) const { libpff_item_free(&item, nullptr); }
};
using Item = std::unique_ptr<libpff_item_t, FreeItem>;

void write_frame(char kind, const void* bytes, std::size_t size) {
  const std::string head = mail::format_frame_head(kind, size);
  const bool written = std::fwrite(head.data(), 1, head.size(), stdout) == head.size() &&
                       (size == 0 || std::fwrite(bytes, 1, size, stdout) == size);
  if (!written) std::_Exit(3);
}

void write_frame(char kind, const std::string& text = {}) { write_frame(kind, text.data(), text.size()); }

struct FreeSet {
  void operator()(libpff_record_set_t* set) const { libpff_record_set_free(&set, nullptr); }
};
struct FreeEntry {
  void operator()(libpff_record_entry_t* entry) const { libpff_record_entry_free(&entry, nullptr); }
};

std::string text_of(libpff_item_t* item, std::uint32_t type) {
  libpff_record_set_t* found_set = nullptr;
  if (libpff_item_get_record_set_by_index(item, 0, &found_set, nullptr) != 1) return {};
  const std::unique_ptr<libpff_record_set_t, FreeSet> set(found_set);
  libpff_record_entry_t* found = nullptr;
  if (libpff_record_set_get_entry_by_type(found_set, type, 0, &found, LIBPFF_ENTRY_VALUE_FLAG_MATCH_ANY_VALUE_TYPE,
                                          nullptr) != 1)
    return {};
  const std::unique_ptr<libpff_record_entry_t, FreeEntry> entry(found);
  std::size_t size = 0;
  if (libpff_record_entry_get_data_as_utf8_string_size(found, &size, nullptr) != 1) return {};
  if (size == 0 || size > k_text_bytes_max) return {};
  std::vector<std::uint8_t> bytes(size);
  if (libpff_record_entry_get_data_as_utf8_string(found, bytes.data(), size, nullptr) != 1) return {};
  std::string text(bytes.begin(), bytes.end());
  while (!text.empty() && text.back() == '\0') text.pop_back();
  return text;
}

enum class Bodies : std::uint8_t { unasked, asked };

class StoreReader {
 public:
  StoreReader(std::uint32_t first, Bodies bodies) : first_(first), bodies_(bodies) {}

  void read(Item root) {
    std::vector<Item> folders;
    folders.push_back(std::move(root));
    std::size_t seen = 1;
    while (!folders.empty()) {
      const Item folder = std::move(folders.back());
      folders.pop_back();
      int messages = 0;
      if (libpff_folder_get_number_of_sub_messages(folder.get(), &messages, nullptr) == 1) {
        for (int i = 0; i < messages; ++i) {
          libpff_item_t* message = nullptr;
          if (!wanted()) continue;
          if (libpff_folder_get_sub_message(folder.get(), i, &message, nullptr) == 1)
            read_message(Item(message), 0);
          else
            unread();
        }
      }
      int below = 0;
      if (libpff_folder_get_number_of_sub_folders(folder.get(), &below, nullptr) != 1) continue;
      for (int i = 0; i < below && seen < k_folders_max; ++i) {
        libpff_item_t* sub = nullptr;
        if (libpff_folder_get_sub_folder(folder.get(), i, &sub, nullptr) != 1) continue;
        folders.emplace_back(sub);
        ++seen;
      }
    }
  }

  void read_orphans(libpff_file_t* file) {
    if (libpff_file_recover_items(file, 0, nullptr) != 1) return;
    int items = 0;
    if (libpff_file_get_number_of_recovered_items(file, &items, nullptr) != 1) return;
    for (int i = 0; i < items; ++i) {
      libpff_item_t* item = nullptr;
      if (!wanted()) continue;
      if (libpff_file_get_recovered_item_by_index(file, i, &item, nullptr) == 1) read_message(Item(item), 0);
    }
  }

 private:
  /// Counts the item; false for one that was read before.
  bool wanted() { return number_++ >= first_; }

  void begin(std::uint32_t identifier) {
    std::array<std::uint8_t, 8> numbers{};
    for (unsigned i = 0; i < 4; ++i) {
      numbers[i] = static_cast<std::uint8_t>((number_ - 1) >> (8 * i));
      numbers[4 + i] = static_cast<std::uint8_t>(identifier >> (8 * i));
    }
    write_frame('I', numbers.data(), numbers.size());
    std::fflush(stdout);  // the parent must know which item breaks us
  }

  void unread() {
    begin(0);
    write_frame('X', "the item cannot be read");
    write_frame('E');
  }

  void read_message(Item message, unsigned depth) {
    std::uint32_t identifier = 0;
    (void)libpff_item_get_identifier(message.get(), &identifier, nullptr);
    begin(identifier);
    write_frame('H', text_of(message.get(), LIBPFF_ENTRY_TYPE_MESSAGE_TRANSPORT_HEADERS));
    if (bodies_ == Bodies::asked) {
      write_body("text", message.get(), libpff_message_get_plain_text_body_size, libpff_message_get_plain_text_body);
      write_body("html", message.get(), libpff_message_get_html_body_size, libpff_message_get_html_body);
      write_body("rtf", message.get(), libpff_message_get_rtf_body_size, libpff_message_get_rtf_body);
    }
    std::vector<Item> inner;
    int count = 0;
    if (libpff_message_get_number_of_attachments(message.get(), &count, nullptr) == 1) {
      for (int i = 0; i < count && i < k_attachments_max; ++i) read_attachment(message.get(), i, inner);
    }
    write_frame('E');
    // They have no numbers of their own: those must be the same when this starts again behind the mail around them.
    for (Item& item : inner) {
      if (depth >= k_depth_max) break;
      read_message(std::move(item), depth + 1);
    }
  }

  template <typename Size, typename Get>
  void write_body(const char* which, libpff_item_t* message, Size size_of, Get get) {
    std::size_t size = 0;
    if (size_of(message, &size, nullptr) != 1 || size == 0) return;
    if (size > k_body_bytes_max)
      return write_frame('X', std::string("the body as ") + which + " is too large to be read");
    std::vector<std::uint8_t> body(size);
    if (get(message, body.data(), size, nullptr) != 1)
      return write_frame('X', std::string("the body as ") + which + " cannot be read");
    write_frame('B', which);
    for (std::size_t at = 0; at < size;) {
      const std::size_t piece = std::min(size - at, k_piece_bytes);
      write_frame('D', body.data() + at, piece);
      at += piece;
    }
  }

  void read_attachment(libpff_item_t* message, int index, std::vector<Item>& inner) {
    libpff_item_t* found = nullptr;
    if (libpff_message_get_attachment(message, index, &found, nullptr) != 1)
      return write_frame('X', "an attachment cannot be read");
    const Item attachment(found);
    std::string name = text_of(found, LIBPFF_ENTRY_TYPE_ATTACHMENT_FILENAME_LONG);
    if (name.empty()) name = text_of(found, LIBPFF_ENTRY_TYPE_ATTACHMENT_FILENAME_SHORT);
    write_frame('A', name);
    int type = 0;
    if (libpff_attachment_get_type(found, &type, nullptr) != 1) return;
    if (type == LIBPFF_ATTACHMENT_TYPE_ITEM) {
      libpff_item_t* item = nullptr;
      if (libpff_attachment_get_item(found, &item, nullptr) == 1) inner.emplace_back(item);
      return;
    }
    size64_t left = 0;
    if (type != LIBPFF_ATTACHMENT_TYPE_DATA || libpff_attachment_get_data_size(found, &left, nullptr) != 1) return;
    if (left > k_attachment_bytes_max) return write_frame('X', "an attachment is too large to be read");
    std::vector<std::uint8_t> piece(k_piece_bytes);
    while (left > 0) {
      const ssize_t got = libpff_attachment_data_read_buffer(
          found, piece.data(), std::min<std::size_t>(piece.size(), static_cast<std::size_t>(left)), nullptr);
      if (got <= 0) return write_frame('X', "an attachment cannot be read to its end");
      write_frame('D', piece.data(), static_cast<std::size_t>(got));
      left -= std::min<size64_t>(left, static_cast<size64_t>(got));
    }
  }

  std::uint32_t first_;
  Bodies bodies_;
  std::uint32_t number_ = 0;
};

}  // namespace

int main(int argc, char** argv) {
  const auto file = os::open_inherited_file();
  if (argc != 2 || !file.ok()) return 2;
  if (!os::lock_in({}).ok()) return 4;
  Reading reading{file.value().get(), 0};
  g_reading = &reading;
  intptr_t place = 0;
  libbfio_handle_t* handle = nullptr;
  const int made = libbfio_handle_initialize(&handle, &place, free_handle, clone_handle, open_handle, close_handle,
                                             read_handle, nullptr, seek_handle, exists_handle, is_open_handle,
                                             size_handle, LIBBFIO_FLAG_IO_HANDLE_NON_MANAGED, nullptr);
  libpff_file_t* store = nullptr;
  const bool opened = made == 1 && libpff_file_initialize(&store, nullptr) == 1 &&
                      libpff_file_open_file_io_handle(store, handle, LIBPFF_OPEN_READ, nullptr) == 1;
  libpff_item_t* root = nullptr;
  if (!opened || libpff_file_get_root_folder(store, &root, nullptr) != 1) return 5;
  char* behind = nullptr;
  const auto first = static_cast<std::uint32_t>(std::strtoul(argv[1], &behind, 10));
  StoreReader reader(first, *behind == mail::k_ask_for_bodies ? Bodies::asked : Bodies::unasked);
  reader.read(Item(root));
  reader.read_orphans(store);
  write_frame('F');
  return std::fflush(stdout) == 0 ? 0 : 3;
}
