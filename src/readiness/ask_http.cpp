// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include "readiness/ask_http.h"

#include <httplib.h>

#include <fmt/format.h>

namespace lastgood::readiness {

namespace {

constexpr std::string_view k_scheme = "http://";
constexpr std::size_t k_answer_bytes_max = std::size_t{1} << 20U;

/// The library's own words are those of its code.
std::string words_of(httplib::Error error) {
  if (error == httplib::Error::Connection) return "the connection is refused, or cannot be made";
  if (error == httplib::Error::ConnectionTimeout) return "no connection within its time";
  if (error == httplib::Error::Read) return "it took the question, and no whole answer came within its time";
  if (error == httplib::Error::Write) return "the question cannot be sent";
  return fmt::format("the question failed ({})", httplib::to_string(error));
}

}  // namespace

HealthAnswer ask_http(const std::string& url, double time_limit_s) {
  const std::string name = base::printable(url);
  if (!url.starts_with(k_scheme))
    return {Health::unknown, fmt::format("{} is not asked: only http:// is, https:// not yet", name), 0};
  const std::size_t slash = url.find('/', k_scheme.size());
  const std::string server = url.substr(0, slash);
  const std::string path = slash == std::string::npos ? "/" : url.substr(slash);
  try {
    httplib::Client client(server);
    if (!client.is_valid()) return {Health::unknown, fmt::format("{} is no address that can be asked", name), 0};
    const auto limit = std::chrono::microseconds(static_cast<std::int64_t>(time_limit_s * 1e6));
    client.set_connection_timeout(limit);
    client.set_read_timeout(limit);
    client.set_write_timeout(limit);
    client.set_keep_alive(false);
    client.set_follow_location(false);
    std::size_t seen = 0;
    const httplib::Result answer = client.Get(path, [&](const char*, std::size_t size) {
      seen += size;
      return seen <= k_answer_bytes_max;
    });
    if (!answer && seen > k_answer_bytes_max)
      return {Health::well, fmt::format("{} answers, with a long text", name), 1};
    if (!answer) return {Health::not_well, fmt::format("{} does not answer: {}", name, words_of(answer.error())), 1};
    const bool is_well = answer->status >= 200 && answer->status < 400;
    return {is_well ? Health::well : Health::not_well, fmt::format("{} answers {}", name, answer->status), 1};
  } catch (const std::exception& error) {
    return {Health::unknown, fmt::format("{} could not be asked: {}", name, error.what()), 1};
  }
}

}  // namespace lastgood::readiness
