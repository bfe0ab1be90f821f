// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// A repository behind restic's REST protocol (restic's doc/REST_backend.rst), versions 1 and 2: GET with ranges and
// HEAD only, nothing that changes anything. The only file of sources/ that includes httplib.h.
#include <httplib.h>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <csignal>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>

#include <fmt/format.h>

#include "sources/restic/json.h"
#include "sources/restic/repository_files.h"

namespace lastgood::sources::restic {

namespace {

constexpr std::chrono::seconds k_connect_timeout{10};
constexpr std::chrono::seconds k_read_timeout{60};
// A server that restarts, or closed a connection that was kept too long, is asked again.
constexpr int k_tries = 3;
constexpr std::chrono::milliseconds k_pause{200};
// A server that did not answer then is not asked for this long: whoever goes on with what is next asks a million times.
constexpr std::chrono::seconds k_gone{5};
// A listing has about 90 bytes a file: this is ten million packs.
constexpr std::size_t k_listing_bytes_max = std::size_t{1} << 30;
// No HTTP status: we hung up ourselves.
constexpr int k_status_hung_up = 0;
constexpr int k_status_whole = 200;
constexpr int k_status_part = 206;
constexpr int k_status_bad_request = 400;
constexpr int k_status_unauthorized = 401;
constexpr int k_status_forbidden = 403;
constexpr int k_status_not_found = 404;
constexpr int k_status_no_such_range = 416;

struct ServerAddress {
  std::string origin;  // "http://host:port"
  std::string path;    // "/path/", begins and ends with a slash
  std::string user;
  std::string password;
  std::string shown;  // without the password
};

base::Error bad_address(const std::string& url) {
  // The address may hold a password: it is not repeated.
  (void)url;
  return {.code = base::ErrorCode::misuse,
          .what = "cannot read the address of the REST server",
          .hint = "write it as rest:http://host:8000/path"};
}

base::Result<ServerAddress> parse_address(const std::string& url) {
  constexpr std::string_view k_plain = "http://";
  if (url.starts_with("https://")) {
    return base::Error{.code = base::ErrorCode::unsupported,
                       .what = "cannot open a REST server by https",
                       .hint = "reach it by http on this machine, for instance through an ssh tunnel"};
  }
  if (!url.starts_with(k_plain)) return bad_address(url);
  std::string rest = url.substr(k_plain.size());
  ServerAddress address;
  const std::size_t slash = std::min(rest.find('/'), rest.size());
  std::string host = rest.substr(0, slash);
  address.path = slash < rest.size() ? rest.substr(slash) : "/";
  if (!address.path.ends_with('/')) address.path += '/';
  if (const std::size_t at = host.rfind('@'); at != std::string::npos) {
    const std::string login = host.substr(0, at);
    const std::size_t colon = std::min(login.find(':'), login.size());
    address.user = httplib::detail::decode_url(login.substr(0, colon), false);
    if (colon < login.size()) address.password = httplib::detail::decode_url(login.substr(colon + 1), false);
    host.erase(0, at + 1);
  }
  if (host.empty() || host.find_first_of(" \r\n") != std::string::npos) return bad_address(url);
  address.origin = std::string(k_plain) + host;
  address.shown = "rest:" + address.origin + address.path;
  return address;
}

/// While it lives, writing to a connection that the server closed is an error and not the end of the program: httplib
/// sends without MSG_NOSIGNAL.
class NoPipeSignal {
 public:
  NoPipeSignal() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }
  ~NoPipeSignal() {
    if (sigismember(&before_, SIGPIPE) == 1) return;
    const timespec now{};
    while (sigtimedwait(&pipe_, nullptr, &now) > 0) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  NoPipeSignal(const NoPipeSignal&) = delete;
  NoPipeSignal& operator=(const NoPipeSignal&) = delete;

 private:
  sigset_t pipe_{};
  sigset_t before_{};
};

/// Takes the body of an answer: `skip` bytes are dropped, at most `bytes_max` are kept.
struct Body {
  std::size_t skip = 0;
  std::size_t bytes_max = 0;
  std::function<void(const char*, std::size_t)> keep;
  std::size_t kept = 0;
  bool too_long = false;

  bool take(const char* bytes, std::size_t length) {
    const std::size_t dropped = std::min(skip, length);
    skip -= dropped;
    const std::size_t wanted = std::min(length - dropped, bytes_max - kept);
    keep(bytes + dropped, wanted);
    kept += wanted;
    too_long = dropped + wanted < length;
    return !too_long;
  }
};

class RestFiles final : public RepositoryFiles {
 public:
  explicit RestFiles(ServerAddress address) : address_(std::move(address)) {}

  [[nodiscard]] const std::string& location() const override { return address_.shown; }
  // A request costs as much as some hundred KiB; more is wasted where blobs are not read in order.
  [[nodiscard]] std::size_t read_ahead_bytes() const override { return std::size_t{2} << 20; }

  [[nodiscard]] base::Result<Listing> list(StoredKind kind) override {
    const std::string path = fmt::format("{}{}/", address_.path, folder_of(kind));
    auto text = get_whole(path, k_listing_bytes_max, "application/vnd.x.restic.rest.v2");
    if (!text.ok() && text.error().code == base::ErrorCode::not_found) return Listing{};
    if (!text.ok()) return std::move(text).error();
    Listing listing = parse_listing(folder_of(kind), std::move(text).value());
    put_in_order(listing);
    return listing;
  }

  [[nodiscard]] base::Result<std::vector<std::uint8_t>> read_config(std::size_t bytes_max) override {
    return get_whole(address_.path + "config", bytes_max, "");
  }

  [[nodiscard]] base::Result<std::vector<std::uint8_t>> read_file(StoredKind kind, const BlobId& name,
                                                                  std::size_t bytes_max) override {
    return get_whole(path_of(kind, name), bytes_max, "");
  }

  [[nodiscard]] base::Result<std::size_t> read_pack(const BlobId& pack, std::uint64_t offset_bytes,
                                                    std::span<std::uint8_t> into) override {
    if (into.empty()) return std::size_t{0};
    const std::string path = path_of(StoredKind::pack, pack);
    const httplib::Headers headers = {
        {"Range", fmt::format("bytes={}-{}", offset_bytes, offset_bytes + into.size() - 1)}};
    Body body{.bytes_max = into.size(), .keep = {}};
    std::uint8_t* const start = into.data();
    body.keep = [&body, start](const char* bytes, std::size_t length) {
      std::copy_n(bytes, length, start + body.kept);
    };
    LG_ASSIGN(const int status, get(path, headers, body, offset_bytes));
    if (status == k_status_no_such_range) return std::size_t{0};
    LG_TRY(check_status(status, path));
    return body.kept;
  }

  [[nodiscard]] base::Result<std::uint64_t> size_of_pack(const BlobId& pack) override {
    const std::string path = path_of(StoredKind::pack, pack);
    std::uint64_t size = 0;
    LG_ASSIGN(const int status, ask(path, [&](httplib::Client& client) {
                httplib::Result answer = client.Head(path);
                if (answer) size = answer->get_header_value<std::uint64_t>("Content-Length");
                return answer;
              }));
    LG_TRY(check_status(status, path));
    return size;
  }

 private:
  using Clients = std::vector<std::unique_ptr<httplib::Client>>;

  [[nodiscard]] std::string path_of(StoredKind kind, const BlobId& name) const {
    return fmt::format("{}{}/{}", address_.path, folder_of(kind), hex_of(name));
  }

  /// A connection that nobody uses, or a new one. httplib's clients do one request at a time.
  std::unique_ptr<httplib::Client> take_client() {
    {
      const std::lock_guard lock(mutex_);
      if (!idle_.empty()) {
        std::unique_ptr<httplib::Client> client = std::move(idle_.back());
        idle_.pop_back();
        return client;
      }
    }
    auto client = std::make_unique<httplib::Client>(address_.origin);
    client->set_connection_timeout(k_connect_timeout);
    client->set_read_timeout(k_read_timeout);
    client->set_write_timeout(k_read_timeout);
    client->set_keep_alive(true);
    client->set_tcp_nodelay(true);
    client->set_decompress(false);
    client->set_follow_location(false);
    client->set_url_encode(false);
    if (!address_.user.empty()) client->set_basic_auth(address_.user, address_.password);
    return client;
  }

  void give_back(std::unique_ptr<httplib::Client> client) {
    const std::lock_guard lock(mutex_);
    idle_.push_back(std::move(client));
  }

  /// Why the server did not answer a moment ago; empty: it is to be asked.
  std::string reason_gone() {
    const std::lock_guard lock(mutex_);
    return std::chrono::steady_clock::now() < gone_until_ ? gone_reason_ : std::string();
  }
  void note_gone(const std::string& reason) {
    const std::lock_guard lock(mutex_);
    const auto now = std::chrono::steady_clock::now();
    if (now < gone_until_) return;
    gone_until_ = now + k_gone;
    gone_reason_ = reason;
  }

  /// The status of the answer, or k_status_hung_up. ErrorCode::busy_retry when none came.
  template <typename Request>
  base::Result<int> ask(const std::string& path, Request request) {
    const NoPipeSignal no_signal;
    std::string reason = reason_gone();
    for (int i = 0; i < k_tries && reason.empty(); ++i) {
      if (i > 0) std::this_thread::sleep_for(k_pause * i);
      std::unique_ptr<httplib::Client> client = take_client();
      const httplib::Result answer = request(*client);
      if (answer) {
        const int status = answer->status;
        give_back(std::move(client));
        return status;
      }
      if (answer.error() == httplib::Error::Canceled) return k_status_hung_up;
      if (i + 1 == k_tries) reason = httplib::to_string(answer.error());
    }
    note_gone(reason);
    return base::Error{.code = base::ErrorCode::busy_retry,
                       .what = fmt::format("cannot read '{}': {}", address_.origin + path, base::printable(reason)),
                       .path = address_.shown,
                       .hint = "check that the server runs and can be reached from here"};
  }

  /// GET; the body goes to `body`, from `offset_bytes` on where the server does not know ranges.
  base::Result<int> get(const std::string& path, const httplib::Headers& headers, Body& body,
                        std::uint64_t offset_bytes) {
    int early_status = 0;
    LG_ASSIGN(const int status, ask(path, [&](httplib::Client& client) {
                body.kept = 0;
                body.too_long = false;
                body.skip = 0;
                bool has_body = false;
                const auto on_head = [&](const httplib::Response& response) {
                  early_status = response.status;
                  has_body = response.status == k_status_whole || response.status == k_status_part;
                  if (response.status == k_status_whole) body.skip = offset_bytes;
                  if (response.status != k_status_part) return true;
                  return response.get_header_value("Content-Range").starts_with(fmt::format("bytes {}-", offset_bytes));
                };
                const auto on_body = [&](const char* bytes, std::size_t length) {
                  return !has_body || body.take(bytes, length);
                };
                return client.Get(path, headers, on_head, on_body);
              }));
    if (status != k_status_hung_up) return status;
    // All that was wanted had come.
    if (body.too_long) return early_status;
    return base::Error{.code = base::ErrorCode::busy_retry,
                       .what = fmt::format("cannot read '{}': the server sends another part than was asked for",
                                           address_.origin + path),
                       .path = address_.shown,
                       .offset_bytes = offset_bytes};
  }

  base::Result<std::vector<std::uint8_t>> get_whole(const std::string& path, std::size_t bytes_max,
                                                    const std::string& accept) {
    std::vector<std::uint8_t> bytes;
    Body body{.bytes_max = bytes_max, .keep = {}};
    body.keep = [&](const char* from, std::size_t length) {
      if (body.kept == 0) bytes.clear();
      bytes.insert(bytes.end(), from, from + length);
    };
    httplib::Headers headers;
    if (!accept.empty()) headers.emplace("Accept", accept);
    LG_ASSIGN(const int status, get(path, headers, body, 0));
    LG_TRY(check_status(status, path));
    if (!body.too_long) return bytes;
    return base::Error{.code = base::ErrorCode::limit_reached,
                       .what = fmt::format("cannot read '{}': it is longer than the {} bytes that such a file may have",
                                           address_.origin + path, bytes_max),
                       .path = address_.shown};
  }

  [[nodiscard]] base::Status check_status(int status, const std::string& path) const {
    if (status == k_status_whole || status == k_status_part) return base::Done{};
    base::Error error{.code = base::ErrorCode::busy_retry,
                      .what = fmt::format("cannot read '{}': the server answers {}", address_.origin + path, status),
                      .path = address_.shown};
    if (status == k_status_not_found) error.code = base::ErrorCode::not_found;
    if (status == k_status_bad_request) error.code = base::ErrorCode::io;
    if (status == k_status_unauthorized || status == k_status_forbidden) {
      error.code = base::ErrorCode::denied;
      error.hint = "write user and password into the address: rest:http://user:password@host/path";
    }
    return error;
  }

  /// Version 1 gives an array of names, version 2 one of objects with name and size.
  static Listing parse_listing(std::string_view folder, std::vector<std::uint8_t> text) {
    Listing listing;
    std::size_t foreign = 0;
    text.resize(text.size() + k_json_padding_bytes);
    json::parser parser;
    json::document document;
    json::array array;
    const auto add = [&](json::value& element) {
      StoredFile file{.has_size = false};
      std::optional<BlobId> id;
      json::object object;
      if (const auto name = text_in(element)) {
        id = parse_id(*name);
      } else if (element.get_object().get(object) == simdjson::SUCCESS) {
        const bool whole = for_each_field(object, [&](std::string_view key, json::value& value) {
          if (key == "name") id = parse_id(text_in(value).value_or(""));
          if (key != "size") return;
          const auto size = number_in(value);
          file.has_size = size.has_value();
          file.size_bytes = size.value_or(0);
        });
        if (!whole) return false;
      } else {
        return false;
      }
      file.name = id.value_or(BlobId{});
      if (id) listing.files.push_back(file);
      if (!id) ++foreign;
      return true;
    };
    const bool whole = begin_json(parser, text, document) && document.get_array().get(array) == simdjson::SUCCESS &&
                       for_each_element(array, add);
    if (!whole) {
      listing.findings.push_back(
          {.rule = "restic.files.folder",
           .sentence = fmt::format("the server's listing of '{}' breaks after {} names", folder, listing.files.size()),
           .weight = model::Weight::contradicts});
    }
    if (foreign > 0) {
      listing.findings.push_back(
          {.rule = "restic.files.names",
           .sentence = fmt::format("'{}' holds {} files whose names are none of restic's", folder, foreign),
           .weight = model::Weight::contradicts});
    }
    return listing;
  }

  ServerAddress address_;
  std::mutex mutex_;
  Clients idle_;
  std::chrono::steady_clock::time_point gone_until_;
  std::string gone_reason_;
};

}  // namespace

base::Result<std::unique_ptr<RepositoryFiles>> open_rest_files(const std::string& url) {
  LG_ASSIGN(ServerAddress address, parse_address(url));
  return std::unique_ptr<RepositoryFiles>(std::make_unique<RestFiles>(std::move(address)));
}

}  // namespace lastgood::sources::restic
