import { UsageError } from '../../kit/errors.ts'
import { seeded } from '../../kit/random.ts'
import type { Algorithm, BackendTable } from '../algorithm.ts'
import { checkBackends } from '../parts/check-backends.ts'
import { settingsOf } from '../parts/settings-of.ts'
import { allocate, view } from '../parts/table.ts'

/** The initial state of an example. Backends are numbered from 1. */
export interface Situation {
  readonly weights: readonly number[]
  /** Numbers of backends that are not eligible. */
  readonly down: readonly number[]
  /** Requests in flight to each backend; default: 0. */
  readonly inFlight: readonly number[]
  /** Seconds of each backend's last response; 0 or absent: no response yet. */
  readonly latencies: readonly number[]
  readonly picks: number
  readonly seed: number
}

/** The picks of an algorithm in a situation, step by step. No request completes meanwhile. */
export interface WorkedExample {
  readonly algorithm: string
  readonly summary: string
  readonly source: string
  readonly backends: readonly {
    readonly weight: number
    readonly inFlight: number
    /** Seconds; 0: no response yet. */
    readonly latency: number
    readonly eligible: boolean
  }[]
  readonly requests: readonly {
    /** The hash key; '' if the algorithm does not hash. */
    readonly key: string
    /** Requests in flight to each backend just before the pick. */
    readonly inFlight: readonly number[]
    /** Number of the picked backend; 0: none was eligible. */
    readonly backend: number
  }[]
  /** Picks of each backend. */
  readonly counts: readonly number[]
}

/**
 * Runs the algorithm in a situation. The same seed gives the same picks.
 *
 * @throws UsageError that names the invalid part of the situation
 */
export function workedExample(algorithm: Algorithm, situation: Situation): WorkedExample {
  const { weights, latencies, picks, seed } = situation
  const ids = weights.map((_, row) => `10.0.0.${row + 1}:80`)
  checkBackends(weights.map((weight, row) => ({ id: ids[row] as string, weight })))
  check(situation)
  const { table, shared } = view(allocate(weights.length, algorithm), ids)
  setUp(table, situation)
  const settings = settingsOf(algorithm)
  const picker = algorithm.picker(table, { random: seeded(seed), shared, settings })
  latencies.forEach((seconds, row) => {
    if (seconds > 0) picker.recordLatency?.(row, seconds, 0)
  })

  const backends = weights.map((weight, row) => ({
    weight,
    inFlight: table.inFlight[row] as number,
    latency: latencies[row] ?? 0,
    eligible: table.eligible[row] === 1,
  }))
  const requests = Array.from({ length: picks }, (_, request) => {
    const key = algorithm.inputs.includes('key') ? clientOf(request) : ''
    const inFlight = [...table.inFlight]
    const row = picker.pick({ key, now: 0, tried: undefined })
    if (row !== -1) table.inFlight[row] = (table.inFlight[row] as number) + 1
    return { key, inFlight, backend: row + 1 }
  })
  const counts = backends.map(({ inFlight }, row) => (table.inFlight[row] as number) - inFlight)
  const { name, summary, source } = algorithm
  return { algorithm: name, summary, source, backends, requests, counts }
}

function setUp(table: BackendTable, { weights, down, inFlight }: Situation): void {
  table.weight.set(weights)
  table.inFlight.set(inFlight)
  table.eligible.fill(1)
  for (const number of down) table.eligible[number - 1] = 0
}

/** A client in a /24 network of its own, which is all that IP hash reads of an IPv4 address. */
function clientOf(request: number): string {
  return `198.51.${(100 + request) % 256}.7`
}

function check({ weights, down, inFlight, latencies }: Situation): void {
  const expected = `there are ${weights.length} backends, one for each weight`
  for (const number of down) {
    if (Number.isInteger(number) && number >= 1 && number <= weights.length) continue
    throw new UsageError(`down names backend ${number}`, `${expected}, numbered from 1`)
  }
  for (const [field, list] of Object.entries({ 'in-flight': inFlight, latencies })) {
    if (list.length > weights.length) {
      throw new UsageError(`${field} has ${list.length} values`, expected)
    }
    const invalid = list.find((value) => !(value >= 0))
    if (invalid !== undefined) {
      throw new UsageError(`${field} has the value ${invalid}`, 'use numbers of 0 or more')
    }
  }
}
