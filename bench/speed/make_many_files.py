# SPDX-FileCopyrightText: 2026 The lastgood authors
# SPDX-License-Identifier: Apache-2.0
"""Adds folders of 1,000 files until so many millions are there: two of three empty, one of three a line of text."""

import os
import sys

FILES_PER_FOLDER = 1000


def main(root, from_millions, to_millions):
    for number in range(from_millions * 1000, to_millions * 1000):
        path = os.path.join(root, "%03d" % (number // 1000), "%06d" % number)
        os.makedirs(path)
        folder = os.open(path, os.O_RDONLY)
        for index in range(FILES_PER_FOLDER):
            name = "patient-%06d-%03d.txt" % (number, index)
            file = os.open(name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, dir_fd=folder)
            if index % 3 == 0:
                os.write(file, b"visit %d of patient %d\n" % (index, number))
            os.close(file)
        os.close(folder)


main(sys.argv[1], int(sys.argv[2]), int(sys.argv[3]))
