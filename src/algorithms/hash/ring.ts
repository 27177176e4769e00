import { UsageError } from '../../kit/errors.ts'
import type { BackendTable } from '../algorithm.ts'
import { byId } from './by-id.ts'
import { crc32 } from './crc32.ts'

/** The points of all backends on a circle of 2³² places, clockwise: 8 bytes a point. */
export interface Ring {
  /** The row that owns each point. */
  readonly owners: Int32Array
  /** The index of the first point at `hash` or behind it, round the end; 0 on an empty ring. */
  find(hash: number): number
}

/** The most points on one ring: 64 MiB for each worker, and some seconds to sort. */
const most = 8 * 1024 * 1024

/**
 * Places `perWeight` points for each unit of a backend's weight, where nginx places 160 (and so do
 * Cache::Memcached::Fast and Pingora): each point is the CRC-32 of host, a zero byte, port, and the point
 * before as four little-endian bytes. The ring is the same in whatever order the backends come.
 *
 * @throws UsageError when the weights ask for more points than a worker should hold.
 */
export function ring(table: BackendTable, perWeight: number): Ring {
  const rows = byId(table)
  const counts = rows.map((row) => (table.weight[row] as number) * perWeight)
  const total = counts.reduce((sum, count) => sum + count, 0)
  if (total > most) {
    throw new UsageError(
      `the weights add up to ${total / perWeight}, which makes ${total} points on the ring: at most ${most} fit`,
      `Divide all weights by what they have in common, or set pointsPerWeight below ${perWeight}.`,
    )
  }
  const points = new Float64Array(total)
  let end = 0
  rows.forEach((row, rank) => {
    const from = end
    end += counts[rank] as number
    place(points.subarray(from, end), table.ids[row] as string, rank)
  })
  points.sort()
  const hashes = Uint32Array.from(points, (point) => Math.floor(point / ranks))
  const owners = Int32Array.from(points, (point) => rows[point % ranks] as number)
  return { owners, find: (hash) => firstFrom(hashes, hash) }
}

/** A point carries its owner's rank in its lower bits, so that numbers alone need sorting. */
const ranks = 2 ** 20

function place(points: Float64Array, id: string, rank: number): void {
  const [, host = id, port = ''] = /^(.*):(\d+)$/.exec(id) ?? []
  const name = Buffer.from(`${host}\0${port}`)
  const base = crc32(name, name.length)
  const before = new Uint8Array(4)
  const number = new DataView(before.buffer)
  for (let point = 0; point < points.length; point++) {
    const hash = crc32(before, 4, base)
    points[point] = hash * ranks + rank
    number.setUint32(0, hash, true)
  }
}

function firstFrom(hashes: Uint32Array, hash: number): number {
  let from = 0
  let to = hashes.length
  while (from < to) {
    const middle = (from + to) >>> 1
    if ((hashes[middle] as number) < hash) from = middle + 1
    else to = middle
  }
  return from === hashes.length ? 0 : from
}
