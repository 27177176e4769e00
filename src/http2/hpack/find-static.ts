import { type ByteSpan, hashBytes, sameBytes } from './field-hash.ts'
import { staticEntries } from './static-entries.ts'
import { staticCount, staticFields } from './static-table.ts'

const bucketMask = 0xff

/** The first static index of a name, by the hash of the name; `next` links the names of one bucket. */
const buckets = new Uint8Array(bucketMask + 1)
const next = new Uint8Array(staticCount + 1)
/** 1: the entry at the next index has the same name. */
const continued = new Uint8Array(staticCount + 1)

for (let index = staticCount; index > 0; index--) {
  const name = staticFields[index - 1]?.[0]
  continued[index] = staticFields[index]?.[0] === name ? 1 : 0
  if (staticFields[index - 2]?.[0] === name) continue
  const bucket = nameHashAt(index) & bucketMask
  next[index] = buckets[bucket] as number
  buckets[bucket] = index
}

function nameHashAt(index: number): number {
  const { bytes, start, valueStart } = staticEntries
  return hashBytes(bytes, start[index - 1] as number, valueStart[index - 1] as number)
}

/** The first static index with this name, or 0. */
export function findStaticName(hash: number, name: ByteSpan): number {
  const { bytes, start, valueStart } = staticEntries
  let index = buckets[hash & bucketMask] as number
  while (index !== 0) {
    const from = start[index - 1] as number
    if (sameBytes(name, { bytes, from, end: valueStart[index - 1] as number })) return index
    index = next[index] as number
  }
  return 0
}

/** The static index with the name at `nameIndex` and this value, or 0. */
export function findStaticValue(nameIndex: number, value: ByteSpan): number {
  const { bytes, valueStart, end } = staticEntries
  let index = nameIndex
  while (index !== 0) {
    const from = valueStart[index - 1] as number
    if (sameBytes(value, { bytes, from, end: end[index - 1] as number })) return index
    index = continued[index] === 1 ? index + 1 : 0
  }
  return 0
}
