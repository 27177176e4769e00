import { UsageError } from '../../kit/errors.ts'
import type { BackendTable } from '../algorithm.ts'
import { byId } from './by-id.ts'
import { crc32 } from './crc32.ts'

/** The points of all backends on a ring of 2³² positions, clockwise: 9 to 10 bytes per point. */
export interface Ring {
  /** The row that owns each point. */
  readonly owners: Int32Array
  /** The index of the first point at or after `hash`, wrapping around; 0 on an empty ring. */
  find(hash: number): number
}

/** Maximum number of points on a ring: 64 MiB per worker, and some seconds to sort. */
const maxPoints = 8 * 1024 * 1024

/**
 * A ring with `perWeight` points per unit of a backend's weight; nginx has 160 (as have Cache::Memcached::Fast
 * and Pingora). Each point is the CRC-32 of host, a zero byte, port, and the previous point as four
 * little-endian bytes. The ring does not depend on the order of the backends.
 *
 * @throws UsageError when the weights give more than `maxPoints` points
 */
export function ring(table: BackendTable, perWeight: number): Ring {
  const rows = byId(table)
  const counts = rows.map((row) => (table.weight[row] as number) * perWeight)
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total > maxPoints) {
    throw new UsageError(
      `the sum of the weights, ${total / perWeight}, makes ${total} points on the ring: the maximum is ${maxPoints}`,
      `divide all weights by a common factor, or set pointsPerWeight below ${perWeight}`,
    )
  }
  const points = new Float64Array(total)
  let end = 0
  rows.forEach((row, rank) => {
    const from = end
    end += counts[rank] as number
    writePoints(points.subarray(from, end), table.ids[row] as string, rank)
  })
  points.sort()
  const hashes = Uint32Array.from(points, (point) => Math.floor(point / ranks))
  const owners = Int32Array.from(points, (point) => rows[point % ranks] as number)
  return { owners, find: finder(hashes) }
}

/** A point has its owner's rank in the lower bits, so that sorting plain numbers is enough. */
const ranks = 2 ** 20

function writePoints(points: Float64Array, id: string, rank: number): void {
  const [, host = id, port = ''] = /^(.*):(\d+)$/.exec(id) ?? []
  const name = Buffer.from(`${host}\0${port}`)
  const base = crc32(name, name.length)
  const previous = new Uint8Array(4)
  const previousNumber = new DataView(previous.buffer)
  for (let point = 0; point < points.length; point++) {
    const hash = crc32(previous, 4, base)
    points[point] = hash * ranks + rank
    previousNumber.setUint32(0, hash, true)
  }
}

/**
 * Searches between the first points of two neighbouring sections of the ring, which have two to four points each: the time does
 * not grow with the number of points.
 */
function finder(hashes: Uint32Array): Ring['find'] {
  const bits = Math.max(1, 30 - Math.clz32(hashes.length))
  const shift = 32 - bits
  const firsts = new Int32Array(2 ** bits + 1)
  for (const hash of hashes) {
    const next = (hash >>> shift) + 1
    firsts[next] = (firsts[next] as number) + 1
  }
  for (let section = 1; section < firsts.length; section++) {
    firsts[section] = (firsts[section] as number) + (firsts[section - 1] as number)
  }

  return (hash) => {
    const section = hash >>> shift
    let from = firsts[section] as number
    let to = firsts[section + 1] as number
    while (from < to) {
      const middle = (from + to) >>> 1
      if ((hashes[middle] as number) < hash) from = middle + 1
      else to = middle
    }
    return from === hashes.length ? 0 : from
  }
}
