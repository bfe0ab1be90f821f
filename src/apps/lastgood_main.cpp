// SPDX-FileCopyrightText: 2026 The lastgood authors
// SPDX-License-Identifier: Apache-2.0
#include <iostream>

#include "cli/run.h"

int main(int argc, char** argv) { return lastgood::cli::run(argc, argv, std::cout, std::cerr); }
