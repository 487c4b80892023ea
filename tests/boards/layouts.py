"""Layouts to draw: three as a centre has them, and as many random ones as wanted."""
import random

BLACK, RED, GREEN, AMBER, BLUE, MAGENTA, CYAN, WHITE, GREY = range(9)
FONTS = {"small_4x6": (4, 6), "tiny_5x8": (5, 8), "plain_6x12": (6, 12), "body_8x16": (8, 16),
         "large_12x24": (12, 24), "huge_16x32": (16, 32)}


def cell(number, kind, x, y, width, height, font="tiny_5x8", align="left", colours=(WHITE, BLACK),
         effect="steady"):
    return {"id": number, "kind": kind, "x": x, "y": y, "width": width, "height": height,
            "font": font, "align": align, "colours": list(colours), "effect": effect}


def value(number, raw, colours=(WHITE, BLACK), effect="steady"):
    return {"cell": number, "colours": list(colours), "effect": effect,
            "bytes": raw.hex()}


def text(number, words, colours=(WHITE, BLACK), effect="steady"):
    return value(number, words.encode(), colours, effect)


def level(number, permille, colours):
    return value(number, "level", permille.to_bytes(2, "little"), colours)


class Page:
    """Puts cells with their values together."""

    def __init__(self, layout):
        self.made = {"layout": layout, "cells": [], "values": [], "bitmaps": []}

    def text(self, words, x, y, width, height, font, align="left", colours=(WHITE, BLACK),
             effect="steady"):
        number = len(self.made["cells"])
        self.made["cells"].append(cell(number, "text", x, y, width, height, font, align, colours))
        self.made["values"].append(text(number, words, colours, effect))

    def other(self, kind, raw, x, y, width, height, colours):
        number = len(self.made["cells"])
        self.made["cells"].append(cell(number, kind, x, y, width, height, colours=colours))
        self.made["values"].append(value(number, raw, colours))


def one_queue():
    page = Page(1)
    page.text("SALES", 0, 0, 80, 16, "body_8x16", colours=(CYAN, BLACK))
    page.text("waiting", 0, 18, 40, 8, "tiny_5x8", colours=(GREY, BLACK))
    page.text("7", 40, 16, 32, 16, "body_8x16", "right", (AMBER, BLACK))
    page.text("2:41", 80, 0, 96, 32, "huge_16x32", "right", (RED, BLACK), "blink")
    page.text("service", 180, 0, 40, 8, "tiny_5x8", colours=(GREY, BLACK))
    page.text("81%", 216, 0, 40, 16, "body_8x16", "right", (GREEN, BLACK))
    page.other("bar", (812).to_bytes(2, "little"), 180, 18, 76, 4, (GREEN, 15))
    points = bytes(int(40 + 3 * (i * 37 % 61)) for i in range(76))
    page.other("spark", points, 180, 23, 76, 9, (AMBER, BLACK))
    return page.made


def four_queues():
    page = Page(2)
    rows = (("Sales", "3", "0:41", "92%", GREEN), ("Support", "12", "4:07", "61%", RED),
            ("Orders", "0", "0:00", "100%", GREEN), ("Español ñ é", "1", "1:15", "78%", AMBER))
    for row, (name, waiting, longest, service, colour) in enumerate(rows):
        y = 8 * row
        page.text(name, 0, y, 100, 8, "tiny_5x8")
        page.text(waiting, 104, y, 24, 8, "tiny_5x8", "right", (colour, BLACK))
        page.text(longest, 136, y, 48, 8, "tiny_5x8", "right", (colour, BLACK),
                  "blink" if colour == RED else "steady")
        page.text(service, 192, y, 64, 8, "tiny_5x8", "right", (colour, BLACK))
    return page.made


def escalations_and_holds():
    page = Page(3)
    page.text("HELD", 0, 0, 32, 16, "body_8x16", colours=(GREY, BLACK))
    page.text("4", 34, 0, 16, 16, "body_8x16", "right", (AMBER, BLACK))
    page.text("OVER 2:00", 60, 0, 80, 16, "body_8x16", colours=(GREY, BLACK))
    page.text("1", 140, 0, 16, 16, "body_8x16", "right", (WHITE, RED))
    page.text("ESC", 170, 0, 30, 16, "body_8x16", colours=(GREY, BLACK))
    page.text("2", 204, 0, 16, 16, "body_8x16", "right", (RED, BLACK), "blink")
    page.text("Thank you all: service level above 80 % for five days in a row", 0, 20, 256, 12,
              "plain_6x12", colours=(GREEN, BLACK), effect="scroll")
    logo = bytes((x ^ y) % 16 << 4 | (x + y) % 16 for y in range(16) for x in range(8))
    page.made["bitmaps"].append({"number": 0, "width": 16, "height": 16, "pixels": logo})
    page.other("bitmap", b"\0", 236, 0, 16, 16, (WHITE, BLACK))
    return page.made


NAMED = {"one_queue": one_queue, "four_queues": four_queues,
         "escalations_and_holds": escalations_and_holds}
WORDS = ("waiting", "longest", "1:07", "0", "100%", "Überlauf", "señal", "€ 5", "x", "", "a b",
         "the quick brown fox jumps over the lazy dog", "\u2603 snow")


def random_cell(page, dice, number):
    kind = dice.choice(["text"] * 5 + ["bar", "spark", "bitmap"])
    width, height = dice.randint(1, 140), dice.randint(1, 32)
    x, y = dice.randint(0, 256 - width), dice.randint(0, 32 - height)
    colours = (dice.randrange(16), dice.randrange(16))
    if kind == "text":
        page.text(dice.choice(WORDS), x, y, width, height, dice.choice(list(FONTS)),
                  dice.choice(["left", "centre", "right"]), colours,
                  dice.choice(["steady", "blink", "scroll", "roll"]))
    elif kind == "bar":
        page.other(kind, dice.randint(0, 1000).to_bytes(2, "little"), x, y, width, height,
                   colours)
    elif kind == "spark":
        page.other(kind, dice.randbytes(dice.randint(0, 120)), x, y, width, height,
                   colours)
    else:
        page.other(kind, b"\1", x, y, width, height, colours)
    return number


def random_layout(seed):
    dice = random.Random(seed)
    page = Page(1000 + seed)
    page.made["bitmaps"].append({"number": 1, "width": 33, "height": 15,
                                 "pixels": dice.randbytes(17 * 15)})
    for number in range(dice.randint(1, 40)):
        random_cell(page, dice, number)
    return page.made
