// Runs an RP2040 from its flash, with its UART1 on a Unix socket. SIGUSR1: the edges of its pins in
// three refreshes go to a file. SIGUSR2: the CPU is lost in a loop that only sleeps. PROFILE:
// functions as NAME=ADDRESS; what each call of one took is printed. The line is an RS-485 pair: what
// is said while drive enable is low is lost, and so is what is heard while it is high. In the
// environment: JUMPERS are pins that are wired to 3.3 V; CUT is the number of an operation of the
// flash in which the power goes; with HURRY a chip that sleeps does not wait for the time to pass.
// usage: node run.mjs MODULES FLASH SOCKET EDGES [PROFILE ...]
import { createRequire } from 'node:module';
import { renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { Flash, Lost, boot } from './rom.mjs';

const [modules, flashPath, path, edges, ...profile] = process.argv.slice(2);
const { RP2040, LogLevel, ConsoleLogger } = createRequire(modules + '/')('rp2040js');

const cycleNanos = 8; // 125 MHz
const octetCycles = 1000; // between two octets of the line: faster than any UART
const chunkCycles = 100_000; // between two looks at the socket
const slotsToCapture = 3 * 96;
const pins = { data: 0x3f, clock: 1 << 11, enable: 1 << 13 }; // of the PIO
const drive = 1 << 26;
const jumpers = (process.env.JUMPERS ?? '').split(',').filter(Boolean).map(Number);
const lines = { latch: 1 << 12, addressShift: 6, addressMask: 0x1f }; // of the CPU

const flash = new Flash(flashPath, Number(process.env.CUT ?? 0));
const hurry = Boolean(process.env.HURRY);
let chip;
let peer = null;
let waiting = []; // octets from the peer
let cycles = 0;
let capture = null;

function start(scratch, reason) {
  chip = new RP2040();
  chip.logger = new ConsoleLogger(LogLevel.Error);
  const watchdog = chip.peripherals[0x40058];
  watchdog.scratchData.set(scratch);
  watchdog.reason = reason;
  watchdog.onWatchdogTrigger = () => {
    watchdog.timer.enable = watchdog.alarm.enable = false;
    restart = { scratch: watchdog.scratchData.slice(), reason: watchdog.reason };
  };
  chip.pio[0].run = () => {}; // it is stepped here, in time with the CPU
  chip.uart[1].onByte = (octet) => driven() && peer?.write(Buffer.from([octet]));
  for (const pin of jumpers) chip.gpio[pin].setInputValue(true);
  boot(chip, flash, () => cycles);
}
let restart = null;

const driven = () => (chip.sio.gpioValue & drive) !== 0;

// What the pins do, as lines: "clock DATA", "latch", "lit ADDRESS CYCLES".
class Edges {
  constructor() {
    this.told = [];
    this.latches = 0;
    this.pio = chip.pio[0].pinValues;
    this.cpu = chip.sio.gpioValue;
    this.litSince = 0;
    this.address = 0;
  }

  look(now) {
    const pio = chip.pio[0].pinValues;
    const cpu = chip.sio.gpioValue;
    const rose = pio & ~this.pio;
    const fell = this.pio & ~pio;
    if (rose & pins.clock) this.told.push(`clock ${pio & pins.data}`);
    if (cpu & ~this.cpu & lines.latch) {
      this.told.push('latch');
      ++this.latches;
    }
    if (fell & pins.enable) {
      this.litSince = now;
      this.address = (cpu >> lines.addressShift) & lines.addressMask;
    }
    if (rose & pins.enable) this.told.push(`lit ${this.address} ${now - this.litSince}`);
    this.pio = pio;
    this.cpu = cpu;
  }
}

function stepPio(count) {
  for (; count > 0; --count) {
    chip.pio[0].step();
    capture.look(++cycles);
  }
}

// One instruction, or one cycle of sleep; the PIO keeps pace only where somebody looks at its pins.
function step() {
  let count = 1;
  if (!chip.core.waiting) count = chip.core.executeInstruction();
  else if (!capture) count = Math.max(1, Math.ceil(chip.clock.nanosToNextAlarm / cycleNanos));
  if (capture) stepPio(count);
  else cycles += count;
  chip.clock.tick(count * cycleNanos);
  // SysTick does not wake a sleeping core in this emulator.
  if (chip.core.interruptsUpdated) chip.core.waiting = false;
}

const functions = new Map(profile.map((one) => [Number(one.split('=')[1]), one.split('=')[0]]));
const calls = []; // under way: name, where it returns to, when it began
function watch() {
  const { core } = chip;
  const last = calls.at(-1);
  if (last && core.PC === last.returns && core.SP === last.stack) {
    console.log(`${last.name} ${cycles - last.began}`);
    calls.pop();
  }
  const name = functions.get(core.PC);
  if (name) calls.push({ name, returns: core.LR & ~1, stack: core.SP, began: cycles });
}

let nextOctet = 0;
function feed() {
  if (waiting.length > 0 && cycles >= nextOctet && !chip.uart[1].rxFIFO.full) {
    const octet = waiting.shift();
    if (!driven()) chip.uart[1].feedByte(octet);
    nextOctet = cycles + octetCycles;
  }
}

// A sleeping chip is emulated faster than time passes. It is made to wait, or it would take a busy
// peer for a silent one.
let due = 0; // ms, when the next chunk may begin
function nextChunk(began, spentCycles) {
  due = Math.max(due, began) + spentCycles * cycleNanos * 1e-6;
  const wait = due - performance.now();
  if (wait > 1 && !hurry) setTimeout(next, wait);
  else setImmediate(next, chunk);
}

// A chunk, or what else is emulated.
function next(action = chunk) {
  try {
    action();
  } catch (error) {
    if (!(error instanceof Lost)) throw error;
    console.error(`run.mjs: ${error.message}`);
    process.exit(3);
  }
}

function chunk() {
  const began = performance.now();
  const from = cycles;
  const until = cycles + chunkCycles;
  while (cycles < until && !restart) {
    feed();
    if (profile.length > 0) watch();
    step();
  }
  if (restart) {
    start(restart.scratch, restart.reason);
    restart = null;
  }
  if (capture && capture.latches > slotsToCapture) {
    writeFileSync(`${edges}.new`, capture.told.join('\n'));
    renameSync(`${edges}.new`, edges);
    capture = null;
  }
  nextChunk(began, cycles - from);
}

process.on('SIGUSR1', () => {
  capture = new Edges();
});
process.on('SIGUSR2', () => {
  const nowhere = 0x20041000; // RAM that the image does not use
  chip.writeUint32(nowhere, 0xe7fdbf30); // wfi, and back to it
  chip.core.PC = nowhere;
  chip.core.waiting = false;
});
createServer((socket) => {
  peer = socket;
  socket.on('data', (octets) => waiting.push(...octets));
  socket.on('error', () => {});
  socket.on('close', () => process.exit(0));
}).listen(path);
next(() => start(new Uint32Array(8), 0));
next();
