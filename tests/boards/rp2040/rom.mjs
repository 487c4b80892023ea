// The RP2040's boot ROM and flash, as far as the board uses them (datasheet 2.7, 2.8, 4.10); the
// emulator has neither. The flash is a file, written through at every page. As long as it is not
// set up as memory, nothing may be read from it: who does ends the emulator with a sentence. The
// power may go in the middle of an operation, with half of its octets done.
import { openSync, readSync, writeSync, fstatSync } from 'node:fs';

const flashBegin = 0x10000000;
const page = 256;
const boot2Begin = 0x20041f00; // where the ROM copies it
const ssi = { ctrl0: 0x00, enable: 0x08, spiCtrl0: 0xf4 };
const romTable = 0x100; // of functions: code, address
const romCode = 0x200;
// Cycles that operations take here. Silicon takes 150 ms, 45 ms and 400 us.
const cyclesOf = { block: 2_000_000, sector: 500_000, page: 20_000 };

const codes = { lookup: 0, IF: 1, EX: 2, RE: 3, RP: 4, FC: 5 };
const codeOf = (name) => name.charCodeAt(0) | (name.charCodeAt(1) << 8);
const stubOf = (number) => romCode + 4 * number;

export class Lost extends Error {}

export class Flash {
  constructor(path, cut) {
    this.file = openSync(path, 'r+');
    this.octets = Buffer.alloc(fstatSync(this.file).size);
    readSync(this.file, this.octets, 0, this.octets.length, 0);
    this.operations = 0;
    this.cut = cut; // the operation in which the power goes
  }

  // Changes octets one by one, or half of them.
  change(chip, offset, size, octetOf) {
    const last = ++this.operations === this.cut;
    const count = last ? size / 2 : size;
    for (let i = 0; i < count; ++i) chip.flash[offset + i] = octetOf(i, chip.flash[offset + i]);
    writeSync(this.file, chip.flash, offset, count, offset);
    if (last) throw new Lost(`the power goes in operation ${this.cut} of the flash`);
  }

  erase(chip, offset, size) {
    this.change(chip, offset, size, () => 0xff);
  }

  program(chip, offset, from, size) {
    for (let at = 0; at < size; at += page)
      this.change(chip, offset + at, page, (i, old) => old & chip.readUint8(from + at + i));
  }
}

function crc32Mpeg2(octets) {
  let crc = 0xffffffff;
  for (const octet of octets) {
    crc ^= octet << 24;
    for (let i = 0; i < 8; ++i) crc = crc & 0x80000000 ? (crc << 1) ^ 0x04c11db7 : crc << 1;
  }
  return crc >>> 0;
}

// Makes the chip start as after a reset. `now` tells its cycles.
export function boot(chip, flash, now) {
  readSync(flash.file, chip.flash, 0, flash.octets.length, 0);
  const state = { serial: true, forced: true, until: null };
  guard(chip, state);
  install(chip, flash, state, now);
  if (crc32Mpeg2(chip.flash.subarray(0, 252)) !== chip.flashView.getUint32(252, true))
    throw new Lost('the boot ROM finds no second stage in the flash');
  chip.sram.set(chip.flash.subarray(0, page), boot2Begin - 0x20000000);
  chip.core.SP = 0x20041f00;
  chip.core.LR = 0;
  chip.core.PC = boot2Begin;
}

// While the flash speaks by commands, whoever reads it as memory is lost.
function guard(chip, state) {
  const names = ['readUint8', 'readUint16', 'readUint32'];
  const close = () => {
    for (const name of names)
      chip[name] = (address) => {
        if (address >>> 24 === flashBegin >>> 24)
          throw new Lost(`${(address >>> 0).toString(16)} was read while the flash is no memory, ` +
            `at ${chip.core.PC.toString(16)}`);
        return Object.getPrototypeOf(chip)[name].call(chip, address);
      };
  };
  const open = () => names.forEach((name) => delete chip[name]);
  const device = chip.peripherals[0x18000];
  const write = device.writeUint32.bind(device);
  device.writeUint32 = (offset, value) => {
    write(offset, value);
    if (offset !== ssi.enable || value !== 1) return;
    const asMemory = device.spictlr0 >>> 24 === 3 && (device.crtlr0 >>> 8 & 3) === 3;
    if (!asMemory || state.forced) throw new Lost('the flash is not set up as memory');
    open();
  };
  state.close = close;
  state.forced = false; // the ROM gives the chip select back before it runs the second stage
  close();
}

function install(chip, flash, state, now) {
  chip.bootrom[0x14 >> 2] = romTable;
  chip.bootrom[0x18 >> 2] = stubOf(codes.lookup) | 1;
  for (const number of Object.values(codes)) // bkpt number, bx lr
    chip.bootrom[stubOf(number) >> 2] = (0x47700000 | 0xbe00 | number) >>> 0;

  const { registers } = chip.core;
  // The function takes its time: the breakpoint is met again until it is over.
  const takes = (cycles, action) => {
    state.until ??= now() + cycles;
    if (now() < state.until) {
      chip.core.PC -= 2;
      return;
    }
    state.until = null;
    action();
  };
  const serial = () => {
    if (!state.forced) throw new Lost('the flash was not told to leave off being memory');
  };
  const calls = {
    [codes.lookup]: () => {
      const name = Object.keys(codes).find((one) => codeOf(one) === registers[1]);
      if (registers[0] !== romTable || !name) throw new Lost('the ROM has no such function');
      registers[0] = stubOf(codes[name]) | 1;
    },
    [codes.IF]: () => {},
    [codes.EX]: () => {
      state.forced = true;
      state.close();
    },
    [codes.RE]: () => {
      serial();
      const [offset, size, block] = registers;
      if (offset % 4096 || size % 4096) throw new Lost('erases begin and end at sectors');
      takes(size % block ? cyclesOf.sector * size / 4096 : cyclesOf.block * size / block,
        () => flash.erase(chip, offset, size));
    },
    [codes.RP]: () => {
      serial();
      const [offset, from, size] = registers;
      if (offset % page || size % page) throw new Lost('pages are written whole');
      takes(cyclesOf.page * size / page, () => flash.program(chip, offset, from, size));
    },
    [codes.FC]: () => {
      state.forced = false;
    },
  };
  chip.onBreak = (number) => {
    if (chip.core.PC - 2 !== stubOf(number)) throw new Lost('a breakpoint that is none of the ROM');
    calls[number]();
  };
}
