// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Runs the tools that a court's expert would use, for tests that hold this program against them.
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <string>

namespace lastgood::ledger::testing {

struct ShellEnd {
  bool ok = false;
  std::string printed;  // both streams
};

inline ShellEnd run_shell(const std::string& folder, const std::string& command) {
  ShellEnd out;
  std::FILE* pipe = ::popen(("cd '" + folder + "' && { " + command + "\n} 2>&1").c_str(), "r");
  if (pipe == nullptr) return out;
  std::array<char, 4096> chunk{};
  for (std::size_t count = 0; (count = std::fread(chunk.data(), 1, chunk.size(), pipe)) > 0;)
    out.printed.append(chunk.data(), count);
  out.ok = ::pclose(pipe) == 0;
  return out;
}

/// A time-stamping authority in `folder`: ca.pem (the root to trust), tsa.pem, tsa.key, ts.cnf. Then
/// `openssl ts -reply -config ts.cnf -queryfile X.tsq -out X.tsr` answers requests.
inline void make_time_authority(const std::string& folder) {
  const ShellEnd made = run_shell(folder, R"(
cat >ts.cnf <<'CNF'
[tsa]
default_tsa = tsa_config
[tsa_config]
serial = serial
crypto_device = builtin
signer_cert = tsa.pem
signer_key = tsa.key
certs = ca.pem
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256, sha512
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
[tsa_ext]
basicConstraints = critical,CA:false
keyUsage = critical,digitalSignature
extendedKeyUsage = critical,timeStamping
CNF
echo 01 >serial
openssl req -x509 -newkey ed25519 -nodes -keyout ca.key -out ca.pem -days 3650 -subj '/CN=Practice Root'
openssl req -newkey rsa:2048 -nodes -keyout tsa.key -out tsa.csr -subj '/CN=Practice Time Authority'
openssl x509 -req -in tsa.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 3650 -extfile ts.cnf -extensions tsa_ext -out tsa.pem
)");
  ASSERT_TRUE(made.ok) << made.printed;
}

}  // namespace lastgood::ledger::testing
