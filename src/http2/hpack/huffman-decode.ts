import { codeLengths, codes, endOfString } from './huffman-code.ts'

/**
 * A step of the decoder by four bits: the next state in the low byte, a symbol in the second byte, and flags above
 * them. A state is an inner node of the code tree; the root is 0.
 */
const emits = 1 << 16
/** The string may end here: the remaining bits are valid padding, fewer than eight bits that are all 1. */
const accepts = 1 << 17
const fails = 1 << 18

/** The inner nodes of the code tree, two branches each: a node, or −1 − symbol. */
const tree = buildTree()
const steps = buildSteps()

function buildTree(): Int16Array {
  const branches = new Int16Array(2 * endOfString)
  let nodes = 1
  for (let symbol = 0; symbol <= endOfString; symbol++) {
    const length = codeLengths[symbol] as number
    let node = 0
    for (let bit = length - 1; bit >= 0; bit--) {
      const branch = 2 * node + (((codes[symbol] as number) >>> bit) & 1)
      if (bit === 0) branches[branch] = -1 - symbol
      else {
        if (branches[branch] === 0) branches[branch] = nodes++
        node = branches[branch] as number
      }
    }
  }
  return branches
}

function buildSteps(): Uint32Array {
  const padding = paddingNodes()
  const table = new Uint32Array(16 * endOfString)
  for (let index = 0; index < table.length; index++) {
    table[index] = stepFrom(index >>> 4, index & 15, padding)
  }
  return table
}

function stepFrom(state: number, nibble: number, padding: ReadonlySet<number>): number {
  let node = state
  let emitted = 0
  for (let bit = 3; bit >= 0; bit--) {
    const branch = tree[2 * node + ((nibble >>> bit) & 1)] as number
    if (branch === -1 - endOfString) return fails
    if (branch < 0) emitted = emits | ((-1 - branch) << 8)
    node = Math.max(branch, 0)
  }
  return emitted | node | (padding.has(node) ? accepts : 0)
}

/** The nodes of valid padding: up to seven of the most significant bits of EOS (section 5.2). */
function paddingNodes(): ReadonlySet<number> {
  const nodes = new Set([0])
  let node = 0
  for (let bits = 1; bits <= 7; bits++) {
    node = tree[2 * node + 1] as number
    nodes.add(node)
  }
  return nodes
}

/** Maximum number of bytes that `length` bytes of Huffman code decode to: the shortest code has five bits. */
export function decodedBytes(length: number): number {
  return Math.ceil((length * 8) / 5)
}

/**
 * Decodes Huffman code between two offsets of `bytes` into `out` at `to`, which must have room: RFC 7541,
 * section 5.2.
 *
 * @returns the offset after the decoded bytes, or −1 if the code is invalid
 */
export function decodeHuffman(bytes: Buffer, { from, end, out, to }: HuffmanSpan): number {
  let state = 0
  let written = to
  let step = accepts
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number
    step = steps[(state << 4) | (byte >>> 4)] as number
    if ((step & emits) !== 0) out[written++] = (step >>> 8) & 0xff
    // The flag of the first half is checked together with that of the second.
    const failed = step & fails
    step = steps[((step & 0xff) << 4) | (byte & 15)] as number
    if ((step & emits) !== 0) out[written++] = (step >>> 8) & 0xff
    if (((step | failed) & fails) !== 0) return -1
    state = step & 0xff
  }
  return (step & accepts) === 0 ? -1 : written
}

/** The code to decode, and the target. */
export interface HuffmanSpan {
  readonly from: number
  readonly end: number
  readonly out: Buffer
  readonly to: number
}
