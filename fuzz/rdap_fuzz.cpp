// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Fuzzes what is read of registries: the first byte says as what.
#include <cstdint>
#include <string>

#include "base/assert.h"
#include "base/byte_view.h"
#include "network/rdap.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size);
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace lastgood;
  if (size == 0) return 0;
  const std::string text(base::ByteView(std::span<const std::uint8_t>(data + 1, size - 1)).text());
  const model::IpAddress asked = model::parse_ip("193.0.6.139").value();
  switch (data[0] % 3) {
    case 0:
      if (const auto read = network::parse_rdap_network(text, asked); read.ok()) {
        LG_ASSERT(read.value().entities.size() <= network::k_rdap_entities_max);
        for (const network::RdapEntity& entity : read.value().entities)
          LG_ASSERT(entity.mails.size() <= network::k_rdap_texts_max &&
                    entity.roles.size() <= network::k_rdap_texts_max);
      }
      break;
    case 1:
      if (const auto read = network::parse_rdap_bootstrap(text); read.ok()) {
        const std::string server = network::find_rdap_server(read.value(), asked);
        LG_ASSERT(server.empty() || (server.starts_with("https://") && server.ends_with('/')));
      }
      break;
    default:
      if (const auto url = network::parse_rdap_url(text)) {
        LG_ASSERT(!url->host.empty());
        LG_ASSERT(url->text.find_first_of(" \n\"'@") == std::string::npos);
      }
      break;
  }
  return 0;
}
