import { percent, rounded } from '../../src/kit/units.ts'
import { crookedClock } from '../../src/result/crooked-clock.ts'
import type { ResultDocument } from '../../src/result/document.ts'
import type { EngineFacts } from '../../src/result/schemas/engine.ts'

/** How far apart drivers began, and the maximum error of that, in ms. */
interface Began {
  readonly spreadMs: number
  readonly boundMs: number
}

/** Which nodes had drivers, backends and target, how far apart drivers began, and how well their clocks are known. */
export function engineLines({ name, nodes }: EngineFacts, start: Began | undefined): string[] {
  const namesOf = (some: EngineFacts['nodes']) => some.map((one) => one.name).join(', ')
  const drivers = nodes.filter((one) => one.drivers > 0)
  const servers = (['backends', 'target'] as const).flatMap((role) => {
    const own = nodes.filter((one) => one[role] === true)
    return own.length === 0 ? [] : [`${role} on ${namesOf(own)}`]
  })
  const began =
    start === undefined
      ? []
      : [`began within ${rounded(start.spreadMs)} ms (± ${rounded(start.boundMs)} ms)`]
  const offsets = nodes.map(({ clockOffsetMs }) => Math.abs(clockOffsetMs))
  const bounds = nodes.map(({ clockBoundMs }) => clockBoundMs)
  return [
    [[`on ${namesOf(drivers)} by ${name}`, ...servers].join(', '), ...began].join('; '),
    `clocks off by up to ${rounded(Math.max(...offsets))} ms (± ${rounded(Math.max(...bounds))} ms)`,
    ...nodes.flatMap(crookedLine),
  ]
}

/** That the clock of a node runs too fast or too slow: the rates and times of its processes are wrong by as much. */
function crookedLine(node: Node): string[] {
  if (!crookedClock(node)) return []
  const { name, clockRate = 1, clockRateBound = 0 } = node
  const off = Math.abs(clockRate - 1)
  const way = clockRate > 1 ? 'fast' : 'slow'
  return [
    `the clock of ${name} runs ${percent(off)} too ${way} (± ${rounded(100 * clockRateBound)} %): its rates and times are off by as much`,
  ]
}

type Node = EngineFacts['nodes'][number]

/** The same of a run of trials, with the trial whose drivers began furthest apart; nothing of a run on this host. */
export function engineOfRun({
  engine,
  trials,
}: Pick<ResultDocument, 'engine' | 'trials'>): string[] {
  if (engine === undefined) return []
  const [widest] = trials
    .flatMap(({ start }) => start ?? [])
    .toSorted((a, b) => b.spreadMs - a.spreadMs)
  const [where = '', ...clocks] = engineLines(engine, widest)
  return [`drivers ${where}`, ...clocks]
}

/** The names of the nodes, for a cell. */
export function nodeNames(engine: EngineFacts | undefined): string {
  return (engine?.nodes ?? []).map(({ name }) => name).join(' ')
}
