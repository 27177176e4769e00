/** A header of the PROXY protocol, version 2; `command`: PROXY by default. */
export function binaryHeader(family: number, addresses: Buffer, command = 0x21): Buffer {
  const fixed = Buffer.from('0d0a0d0a000d0a515549540a00000000', 'hex')
  fixed[12] = command
  fixed[13] = family
  fixed.writeUInt16BE(addresses.length, 14)
  return Buffer.concat([fixed, addresses])
}
