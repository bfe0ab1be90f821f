// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Look-ups of random addresses in one MMDB file, with our reader and with libmaxminddb, and whether both say the same.
//   bench_addresses FILE.mmdb [COUNT]
#include <maxminddb.h>
#include <netinet/in.h>

#include <chrono>
#include <cstring>
#include <iostream>
#include <random>

#include <fmt/format.h>

#include "network/country_names.h"
#include "network/mmdb.h"
#include "os/append_file.h"

namespace {

using namespace lastgood;

double seconds_since(std::chrono::steady_clock::time_point begin) {
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

std::string country_by_library(const MMDB_s& database, const model::IpAddress& address) {
  sockaddr_storage peer{};
  if (address.is_v6) {
    auto& v6 = reinterpret_cast<sockaddr_in6&>(peer);
    v6.sin6_family = AF_INET6;
    std::memcpy(&v6.sin6_addr, address.bytes.data(), 16);
  } else {
    auto& v4 = reinterpret_cast<sockaddr_in&>(peer);
    v4.sin_family = AF_INET;
    std::memcpy(&v4.sin_addr, address.bytes.data(), 4);
  }
  int error = 0;
  MMDB_lookup_result_s result = MMDB_lookup_sockaddr(&database, reinterpret_cast<const sockaddr*>(&peer), &error);
  MMDB_entry_data_s value{};
  if (error != MMDB_SUCCESS || !result.found_entry ||
      MMDB_get_value(&result.entry, &value, "country_code", nullptr) != MMDB_SUCCESS || !value.has_data) {
    return {};
  }
  const std::string code(value.utf8_string, value.data_size);
  return network::country_name(code).empty() ? std::string() : code;  // "ZZ" and the like name no country
}

std::vector<model::IpAddress> random_addresses(std::size_t count, bool v6) {
  std::mt19937_64 random(7);
  std::vector<model::IpAddress> made(count);
  for (model::IpAddress& address : made) {
    address.is_v6 = v6;
    for (std::size_t i = 0; i < (v6 ? 16U : 4U); ++i) address.bytes.at(i) = static_cast<std::uint8_t>(random());
    if (v6) address.bytes[0] = 0x20 | (address.bytes[0] & 0x0f);  // where addresses are given out
  }
  return made;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 2) return 2;
  const std::size_t count = argc > 2 ? std::stoul(argv[2]) : 5'000'000;
  auto begin = std::chrono::steady_clock::now();
  const auto bytes = os::read_own_file(argv[1], network::k_mmdb_bytes_max);
  if (!bytes.ok()) return std::cerr << bytes.error().what << "\n", 1;
  const auto ours = network::parse_mmdb(base::ByteView(std::string_view(bytes.value())));
  if (!ours.ok()) return std::cerr << ours.error().what << "\n", 1;
  std::cout << fmt::format("opened and translated: {} nodes in {:.3f} s\n", ours.value().nodes(), seconds_since(begin));
  MMDB_s library{};
  if (MMDB_open(argv[1], MMDB_MODE_MMAP, &library) != MMDB_SUCCESS) return 1;
  for (const bool v6 : {false, true}) {
    const auto addresses = random_addresses(count, v6);
    std::size_t known = 0;
    begin = std::chrono::steady_clock::now();
    for (const auto& address : addresses) known += ours.value().find_country(address).has_value() ? 1U : 0U;
    const double our_seconds = seconds_since(begin);
    std::size_t library_known = 0;
    begin = std::chrono::steady_clock::now();
    for (const auto& address : addresses) library_known += country_by_library(library, address).empty() ? 0U : 1U;
    const double library_seconds = seconds_since(begin);
    std::size_t different = 0;
    for (const auto& address : addresses) {
      const auto country = ours.value().find_country(address);
      const std::string said = country ? std::string(country->data(), 2) : std::string();
      different += said == country_by_library(library, address) ? 0U : 1U;
    }
    std::cout << fmt::format("{}: {} addresses, {} known; ours {:.1f} M/s, libmaxminddb {:.1f} M/s; {} differ\n",
                             v6 ? "IPv6" : "IPv4", count, known, static_cast<double>(count) / our_seconds / 1e6,
                             static_cast<double>(count) / library_seconds / 1e6, different);
    if (known != library_known || different != 0) return 1;
  }
  MMDB_close(&library);
  return 0;
}
