"""The vectors of the wallboard link against a second implementation of it, in Python.
usage: check.py [--update]   --update computes their frames anew; look at the difference"""
import json
import sys
from pathlib import Path

import wire

VECTORS = Path(__file__).parents[2] / "vectors" / "link.json"


def made(vector):
    if vector.get("answer"):
        return wire.answer(vector["node"], vector["sequence"], vector["kind"], vector["body"],
                           vector["refusal"], vector["detail"])
    return wire.request(vector["node"], vector["sequence"], vector["kind"], vector["body"])


def faults_of(vector):
    frame = bytes.fromhex(vector["frame"])
    if "fault" in vector:
        if list(wire.unframe(frame)):
            yield "a frame was found where there is none"
        return
    if made(vector) != frame:
        yield f"its frame is {made(vector).hex()}"
    frames = list(wire.unframe(frame))
    if len(frames) != 1:
        yield f"{len(frames)} frames"
        return
    told = wire.read(frames[0][1]) | {"name": vector["name"], "node": frames[0][0]}
    if made(told) != frame:
        yield f"reads as {told}"


def update(vectors):
    for vector in vectors:
        if "fault" not in vector:
            vector["frame"] = made(vector).hex()
    lines = ",\n".join(json.dumps(vector, ensure_ascii=False) for vector in vectors)
    VECTORS.write_text(f"[\n{lines}\n]\n")


def main():
    vectors = json.loads(VECTORS.read_text())
    if sys.argv[1:] == ["--update"]:
        update(vectors)
    missing = set(wire.KINDS) - {vector.get("kind") for vector in vectors}
    faults = [f"no vector of kind {kind}" for kind in sorted(missing)]
    for vector in vectors:
        faults += [f"{vector['name']}: {fault}" for fault in faults_of(vector)]
    print("\n".join(faults) or f"{len(vectors)} vectors hold")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
