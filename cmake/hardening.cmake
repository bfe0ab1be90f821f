# SPDX-License-Identifier: Apache-2.0
# Checks that stay on in the program people run: hostile input meets them, not only tests.
add_library(lastgood_hardening INTERFACE)
target_compile_options(lastgood_hardening INTERFACE -fstack-protector-strong -fno-strict-overflow)
if(CMAKE_SYSTEM_PROCESSOR MATCHES "x86_64|amd64")
  target_compile_options(lastgood_hardening INTERFACE -fcf-protection -fstack-clash-protection)
endif()
target_compile_definitions(lastgood_hardening INTERFACE _GLIBCXX_ASSERTIONS)
if(CMAKE_BUILD_TYPE STREQUAL "Release")
  target_compile_definitions(lastgood_hardening INTERFACE _FORTIFY_SOURCE=2)
  target_link_options(lastgood_hardening INTERFACE -Wl,-z,relro,-z,now)
endif()
