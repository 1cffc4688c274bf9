#!/usr/bin/env python3
"""QR codes of ours, read by zbarimg: PNG as it is, SVG and half blocks as their pixels.
Usage: /usr/bin/python3 pictures.py QR_PICTURES"""

import os
import random
import re
import shutil
import subprocess
import sys
import tempfile

sys.path.insert(0, os.path.join(os.path.dirname(os.path.abspath(__file__)), "../peers_bitcoin"))

from runner import expect, run_cases  # noqa: E402

SKIPPED = 77
ALPHANUMERIC = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"
PIXELS = 4  # a module
CAPACITY = {1: 25, 2: 47, 5: 154, 9: 335, 10: 395, 26: 1990, 27: 2132, 40: 4296}  # ISO/IEC 18004, table 7, level L
BLOCKS = {" ": (0, 0), "\u2584": (0, 1), "\u2580": (1, 0), "\u2588": (1, 1)}


def text_of(size, seed=0):
    return "".join(random.Random(f"{seed} {size}").choices(ALPHANUMERIC, k=size))


def from_blocks(lines, letters_are_dark):
    """Rows of 1 for dark."""
    rows = []
    for line in lines:
        for half in (0, 1):
            rows.append([BLOCKS[block][half] == letters_are_dark for block in line])
    return rows


def from_svg(text):
    side = int(re.search(r'viewBox="0 0 (\d+) \1"', text)[1])
    rows = [[False] * side for _ in range(side)]
    for column, row, width, back in re.findall(r"M(\d+) (\d+)h(\d+)v1H(\d+)z", text):
        expect(back, column)
        for x in range(int(column), int(column) + int(width)):
            rows[int(row)][x] = True
    return rows


class Pictures:
    def __init__(self, program, folder):
        self.program = program
        self.folder = folder

    def show(self, kind, text, version=1, status=0):
        done = subprocess.run([self.program, kind, str(version)], input=text.encode(), capture_output=True, check=False, timeout=60)
        expect(done.returncode, status)
        return done.stdout if status == 0 else done.stderr.decode().strip()

    def read(self, data, name):
        file = os.path.join(self.folder, name)
        with open(file, "wb") as out:
            out.write(data)
        done = subprocess.run(["zbarimg", "-q", "--raw", "--oneshot", "-Sdisable", "-Sqrcode.enable", "-Sbinary", file], capture_output=True,
                              check=False, timeout=120)
        return done.stdout.decode()

    def read_rows(self, rows):
        """As a grey picture of PIXELS a module."""
        width, height = len(rows[0]) * PIXELS, len(rows) * PIXELS
        data = b"".join(bytes(0 if dark else 255 for dark in row for _ in range(PIXELS)) * PIXELS for row in rows)
        return self.read(b"P5 %d %d 255\n" % (width, height) + data, "picture.pgm")

    def case_png_of_every_size(self):
        for version, size in CAPACITY.items():
            for text in (text_of(size), text_of(max(1, size // 2))):
                expect(self.read(self.show("png", text, version), "picture.png"), text)

    def case_what_is_over_a_version_takes_the_next(self):
        for version, size in CAPACITY.items():
            if version == 40:
                expect(self.show("png", text_of(size + 1), 1, status=1), "qr_limit")
                continue
            picture = self.show("svg", text_of(size + 1), version)
            expect(int(re.search(rb'viewBox="0 0 (\d+)', picture)[1]), 17 + 4 * (version + 1) + 8)
            picture = self.show("svg", text_of(size), 1)
            expect(int(re.search(rb'viewBox="0 0 (\d+)', picture)[1]), 17 + 4 * version + 8)

    def case_svg(self):
        for size in (10, 154, 1990):
            text = text_of(size, "svg")
            expect(self.read_rows(from_svg(self.show("svg", text).decode())), text)

    def case_half_blocks_on_dark_and_light_screens(self):
        for screen, letters_are_dark in (("dark", False), ("light", True)):
            for size in (10, 154, 335):
                text = text_of(size, screen)
                lines = self.show(screen, text).decode().split("\n")[:-1]
                expect(len({len(line) for line in lines}), 1)
                expect(self.read_rows(from_blocks(lines, letters_are_dark)), text)


def main():
    if not shutil.which("zbarimg"):
        print("not installed: zbarimg; run scripts/setup --test", file=sys.stderr)
        sys.exit(SKIPPED)
    with tempfile.TemporaryDirectory(prefix="coffer-qr-") as folder:
        sys.exit(run_cases(Pictures(os.path.abspath(sys.argv[1]), folder)))


if __name__ == "__main__":
    main()
