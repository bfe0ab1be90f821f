// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "os/tcp_connect.h"

#include <netdb.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <memory>

#include "os/evidence.h"

namespace lastgood::os {

namespace {

base::Error cannot_connect(const std::string& where, const std::string& why, base::ErrorCode code) {
  return {.code = code, .what = "cannot connect to '" + base::printable(where) + "': " + why, .path = where};
}

/// 0, or an errno.
int connect_to(const addrinfo& address, double time_limit_s) {
  const Descriptor connection(
      ::socket(address.ai_family, address.ai_socktype | SOCK_NONBLOCK | SOCK_CLOEXEC, address.ai_protocol));
  if (!connection.open()) return errno;
  if (::connect(connection.get(), address.ai_addr, address.ai_addrlen) == 0) return 0;
  if (errno != EINPROGRESS) return errno;
  pollfd ready{.fd = connection.get(), .events = POLLOUT, .revents = 0};
  const int count = ::poll(&ready, 1, static_cast<int>(std::clamp(time_limit_s, 0.001, 3600.0) * 1000));
  if (count == 0) return ETIMEDOUT;
  if (count < 0) return errno;
  int failed = 0;
  socklen_t size = sizeof(failed);
  if (::getsockopt(connection.get(), SOL_SOCKET, SO_ERROR, &failed, &size) != 0) return errno;
  return failed;
}

}  // namespace

base::Status try_tcp(const std::string& host, std::uint16_t port, double time_limit_s) {
  const std::string where = host + ":" + std::to_string(port);
  addrinfo wanted{};
  wanted.ai_socktype = SOCK_STREAM;
  addrinfo* found = nullptr;
  const int failed = ::getaddrinfo(host.c_str(), std::to_string(port).c_str(), &wanted, &found);
  if (failed != 0) return cannot_connect(where, ::gai_strerror(failed), base::ErrorCode::not_found);
  const std::unique_ptr<addrinfo, decltype(&::freeaddrinfo)> owner(found, &::freeaddrinfo);
  int last = ECONNREFUSED;
  for (const addrinfo* at = found; at != nullptr; at = at->ai_next) {
    last = connect_to(*at, time_limit_s);
    if (last == 0) return base::Done{};
  }
  base::Error error = base::system_error("connect to", where, last);
  return error;
}

}  // namespace lastgood::os
