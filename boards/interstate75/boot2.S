/* The first 256 octets of the flash, which the boot ROM copies to RAM and runs: lets the flash be read
   as memory, by its oldest command (03h, read data), which every chip has. tools/images/rp2040 puts
   the checksum behind it. */
    .syntax unified
    .cpu cortex-m0plus
    .thumb
    .section .boot2, "ax"
    .global boot2
boot2:
    ldr r3, =0x18000000         /* SSI */
    movs r1, #0
    str r1, [r3, #0x08]         /* SSIENR: off while it is set up */
    movs r1, #4
    str r1, [r3, #0x14]         /* BAUDR: 125 MHz by 4 */
    ldr r1, =0x001f0300         /* CTRLR0: 32 bits a frame, EEPROM read */
    str r1, [r3, #0x00]
    ldr r1, =0x03000218         /* SPI_CTRLR0: command 03h, 8 bits; address 24 bits, in 4 */
    ldr r2, =0x180000f4
    str r1, [r2]
    movs r1, #0
    str r1, [r3, #0x04]         /* CTRLR1: one frame */
    movs r1, #1
    str r1, [r3, #0x08]         /* SSIENR: on */
    ldr r0, =0x10000100         /* the vectors of the image */
    ldr r1, =0xe000ed08
    str r0, [r1]
    ldm r0, {r0, r1}
    msr msp, r0
    bx r1
    .pool
