"""Makes every hash and signature of a ledger again from src/ledger/README.md alone, sharing no code
with the verifier. usage: recompute.py LEDGER_DAMAGE, the program that makes a ledger."""
import base64
import hashlib
import pathlib
import sqlite3
import struct
import subprocess
import sys
import tempfile

ZEROS = bytes(32)
ROW_TABLES = ("journey", "shift", "segment", "mark", "left_out")


def value(v):
    if v is None:
        return b"N"
    if isinstance(v, int):
        return b"I" + struct.pack(">q", v)
    if isinstance(v, float):
        return b"R" + struct.pack(">d", v)
    b = v.encode() if isinstance(v, str) else v
    return (b"T" if isinstance(v, str) else b"B") + struct.pack(">I", len(b)) + b


def row_hash(before, table, columns):
    return hashlib.sha256(before + b"".join(map(value, [table, *columns]))).digest()


def lines(database, table):
    """(line by column name, its hash's columns), in order."""
    for line in database.execute(f"SELECT * FROM {table} ORDER BY 1"):
        names = [name for name in line.keys() if name != "signature"]
        at = names.index("hash") if "hash" in names else len(names)
        later = [line[name] for name in names[at + 1:] if line[name] is not None]
        yield line, [line[name] for name in names[:at]] + later


def check_rows(database):
    rows = sorted(((line["row"], table, line, columns) for table in ROW_TABLES
                   for line, columns in lines(database, table)), key=lambda row: row[0])
    persons = {line["row"]: row_hash(ZEROS, "person", columns)
               for line, columns in lines(database, "person")}
    hashes, running = {0: ZEROS}, {0: ZEROS}
    last = ZEROS
    for number, table, line, columns in rows:
        before = hashes[line["previous"]] if "previous" in line.keys() else ZEROS
        assert row_hash(before, table, columns) == line["hash"], f"row {number}"
        if number in persons:
            assert persons[number] == line["person"], f"person of row {number}"
        hashes[number] = line["hash"]
        last = running[number] = hashlib.sha256(last + line["hash"]).digest()
    head = database.execute("SELECT * FROM head").fetchone()
    assert head["rows_hash"] == last and head["row"] == rows[-1][0], "head"
    return running


def check_chain(database, table):
    before = ZEROS
    for line, columns in lines(database, table):
        assert row_hash(before, table, columns) == line["hash"], f"{table} {line['number']}"
        before = line["hash"]
        yield line


def check_signature(folder, seal):
    """OpenSSL's program takes a public key as PEM: RFC 8410 puts 12 bytes before the raw one."""
    der = bytes.fromhex("302a300506032b6570032100") + seal["public_key"]
    for name, content in (("message", seal["hash"]), ("signature", seal["signature"]), (
            "key.pem", b"-----BEGIN PUBLIC KEY-----\n" + base64.b64encode(der) +
            b"\n-----END PUBLIC KEY-----\n")):
        (folder / name).write_bytes(content)
    subprocess.run(["openssl", "pkeyutl", "-verify", "-pubin", "-inkey", folder / "key.pem",
                    "-rawin", "-in", folder / "message", "-sigfile", folder / "signature"],
                   check=True, stdout=subprocess.DEVNULL)


def main():
    with tempfile.TemporaryDirectory() as name:
        folder = pathlib.Path(name)
        subprocess.run([sys.argv[1], "--make", folder / "ledger.db"], check=True)
        database = sqlite3.connect(folder / "ledger.db")
        database.row_factory = sqlite3.Row
        running = check_rows(database)
        corrections = list(check_chain(database, "correction"))
        seals = list(check_chain(database, "seal"))
        for seal in seals:
            assert seal["rows_hash"] == running[seal["last_row"]], f"seal {seal['number']}"
            check_signature(folder, seal)
        assert len(running) > 300 and len(corrections) > 3 and len(seals) > 3
        print(f"{len(running) - 1} rows, {len(corrections)} corrections, {len(seals)} seals")


main()
