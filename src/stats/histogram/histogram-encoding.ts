import { deflateSync, inflateSync } from 'node:zlib'

/** Bytes of an inflated histogram: those of lb have up to 212 kB, those of the public logs up to 400 kB. */
const maxInflated = 2 ** 20
/** Counts for which a decoded histogram has room; each takes 8 bytes. */
const maxCounts = 2 ** 19

/** Offsets of the fields of older versions that V2 needs, in bytes from the cookie. */
const olderVersions = [
  { name: 'V0', compressedCookie: 0x1c849309, digits: 4, bounds: 8, counts: 32 },
  { name: 'V1', compressedCookie: 0x1c849302, digits: 12, bounds: 16, counts: 40 },
] as const

const plainCookieV2 = 0x1c849313
const compressedCookieV2 = 0x1c849314
const headerBytesV2 = 40
/** The bits of a cookie with the number of bytes per count. */
const wordSizeBits = 0xf0

/**
 * Rewrites a compressed histogram of the encodings V0 or V1 as V2, the only one that hdr-histogram-js
 * reads. Any other text is returned unchanged. No command of lb writes V0 or V1; the public logs of the HdrHistogram
 * project, against which the library is tested, have them.
 *
 * Source: `decodeFromByteBuffer` of AbstractHistogram.java, HdrHistogram 2.1.12.
 *
 * @throws {Error} the compressed part is damaged.
 */
function toV2(encoded: string): string {
  const outer = Buffer.from(encoded, 'base64')
  if (outer.length < 8) return encoded
  const cookie = outer.readInt32BE(0) & ~wordSizeBits
  const version = olderVersions.find(({ compressedCookie }) => compressedCookie === cookie)
  if (version === undefined) return encoded

  const old = inflated(outer)
  const counts = variableLength(fixedLength(old, version.counts))
  const header = Buffer.alloc(headerBytesV2)
  header.writeInt32BE(plainCookieV2, 0)
  header.writeInt32BE(counts.length, 4)
  header.writeInt32BE(old.readInt32BE(version.digits), 12)
  old.copy(header, 16, version.bounds, version.bounds + 16)
  header.writeDoubleBE(1, 32)

  const payload = deflateSync(Buffer.concat([header, counts]))
  const opening = Buffer.alloc(8)
  opening.writeInt32BE(compressedCookieV2, 0)
  opening.writeInt32BE(payload.length, 4)
  return Buffer.concat([opening, payload]).toString('base64')
}

/** The counts of V0 and V1: big-endian words of 2, 4 or 8 bytes, according to the cookie. */
function fixedLength(old: Buffer, start: number): number[] {
  const wordBytes = ((old.readInt32BE(0) & wordSizeBits) >> 4) & 0xe
  const words = Math.floor((old.length - start) / wordBytes)
  return Array.from({ length: words }, (_, i) => {
    const at = start + i * wordBytes
    return wordBytes === 8 ? Number(old.readBigInt64BE(at)) : old.readIntBE(at, wordBytes)
  })
}

/** The counts of V2: ZigZag LEB128, a run of zeros as its negative length. */
function variableLength(counts: readonly number[]): Buffer {
  const bytes: number[] = []
  for (let i = 0; i < counts.length; i++) {
    const start = i
    while (counts[i] === 0 && counts[i + 1] === 0) i++
    let left = i === start ? (counts[i] as number) * 2 : (i - start + 1) * 2 - 1
    for (; left >= 0x80; left = Math.floor(left / 0x80)) bytes.push((left % 0x80) | 0x80)
    bytes.push(left)
  }
  return Buffer.from(bytes)
}

/**
 * An encoded histogram as V2, as `toV2`, after its size was checked: neither a small text that inflates without end nor a
 * header that asks for a large range takes more than a few MiB.
 *
 * @throws {Error} it is damaged, or too large
 */
export function boundedV2(encoded: string): string {
  const rewritten = toV2(encoded)
  const header = inflated(Buffer.from(rewritten, 'base64'))
  const digits = header.readInt32BE(12)
  const [lowest, highest] = [header.readBigInt64BE(16), header.readBigInt64BE(24)]
  const isValid = digits >= 0 && digits <= 5 && lowest >= 1n && highest >= 2n * lowest
  if (!isValid || countsOf(digits, Number(highest / lowest)) > maxCounts) {
    throw new RangeError('its range is invalid or too large')
  }
  return rewritten
}

/** Number of counts for a range of `ratio` at a precision of so many digits, as `establishBucketCount` computes it. */
function countsOf(digits: number, ratio: number): number {
  const half = 2 ** Math.ceil(Math.log2(10 ** digits))
  const buckets = Math.max(1, Math.ceil(Math.log2(ratio / (2 * half)) + 1))
  return (buckets + 1) * half
}

function inflated(outer: Buffer): Buffer {
  const compressed = outer.subarray(8, 8 + outer.readInt32BE(4))
  return inflateSync(compressed, { maxOutputLength: maxInflated })
}
