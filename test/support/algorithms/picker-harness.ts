import type {
  Algorithm,
  BackendTable,
  Picker,
  Settings,
  SharedCells,
  Told,
} from '../../../src/algorithms/algorithm.ts'
import { settingsOf } from '../../../src/algorithms/parts/settings-of.ts'
import { allocate, view } from '../../../src/algorithms/parts/table.ts'
import { type Random, seeded } from '../../../src/kit/random.ts'

/** A set of backends, and the options of the algorithm. */
interface HarnessOptions {
  readonly weights: readonly number[]
  readonly inFlight?: readonly number[]
  readonly down?: readonly number[]
  readonly random?: Random
  readonly settings?: Settings
  readonly ids?: readonly string[]
  readonly told?: Told
}

/** A picker of an algorithm over a set of backends, and its table to read and change. */
export interface PickerHarness {
  readonly table: BackendTable
  readonly shared: SharedCells
  readonly picker: Picker
  /** One pick, by default at second 0. */
  pick(choice?: { key?: string; now?: number; tried?: readonly number[] }): number
  /** `count` picks in a row, none of them kept in flight. */
  picks(count: number): number[]
}

/** A picker of `algorithm` over backends `b0:80`, `b1:80`, …. */
export function pickerHarness(algorithm: Algorithm, setup: HarnessOptions): PickerHarness {
  const {
    weights,
    inFlight = [],
    down = [],
    random = seeded(1),
    settings,
    told = 'nothing',
  } = setup
  const ids = setup.ids ?? weights.map((_, row) => `b${row}:80`)
  const { table, shared } = view(allocate(weights.length, algorithm), ids)
  weights.forEach((weight, row) => {
    table.weight[row] = weight
    table.inFlight[row] = inFlight[row] ?? 0
    table.eligible[row] = down.includes(row) ? 0 : 1
  })
  const picker = algorithm.picker(table, {
    random,
    shared,
    settings: settingsOf(algorithm, settings),
    told,
  })
  const pick: PickerHarness['pick'] = ({ key = '', now = 0, tried } = {}) =>
    picker.pick({ key, now, tried: tried && new Set(tried) })
  return {
    table,
    shared,
    picker,
    pick,
    picks: (count) => Array.from({ length: count }, () => pick()),
  }
}
