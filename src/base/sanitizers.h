// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
// Which sanitizer this was built with: GCC and clang say it in words of their own.
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define LASTGOOD_HAS_ADDRESS_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define LASTGOOD_HAS_ADDRESS_SANITIZER 1
#endif
#endif

#if defined(__SANITIZE_THREAD__)
#define LASTGOOD_HAS_THREAD_SANITIZER 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define LASTGOOD_HAS_THREAD_SANITIZER 1
#endif
#endif

#ifndef LASTGOOD_HAS_ADDRESS_SANITIZER
#define LASTGOOD_HAS_ADDRESS_SANITIZER 0
#endif
#ifndef LASTGOOD_HAS_THREAD_SANITIZER
#define LASTGOOD_HAS_THREAD_SANITIZER 0
#endif
