// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// What OpenSSL hands out, freed by the function that it has for it. For std::unique_ptr.
#pragma once

#include <memory>

#include <openssl/bio.h>

namespace lastgood::ledger {

template <typename T, auto Free>
struct Freed {
  void operator()(T* what) const { Free(what); }
};
using Bio = std::unique_ptr<BIO, Freed<BIO, &BIO_free_all>>;

}  // namespace lastgood::ledger
