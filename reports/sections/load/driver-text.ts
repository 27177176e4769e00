import { plural } from '../../../src/kit/plural.ts'
import { quantity, rounded } from '../../../src/kit/units.ts'
import type { LoadResult } from '../../../src/result/schemas/load.ts'
import { engineLines } from '../engine-lines.ts'

type Drivers = LoadResult['drivers']

/** That a result is degraded: the lost drivers, when and why; empty where none was lost. */
export function degradedSentence({ lost, count }: Drivers): string {
  if (lost.length === 0) return ''
  const each = lost.map(lostText).join('; ')
  return `Degraded: ${lost.length} of ${plural(count, 'driver')} lost. ${each}.`
}

/** `driver 2 of 3 on n1 was silent for 3 s; counted up to 12.3 s`. */
export function lostText({ number, detail, seconds }: Drivers['lost'][number]): string {
  const why = detail.startsWith('driver ') ? detail : `driver ${number} is lost: ${detail}`
  return seconds === undefined ? why : `${why}; counted up to ${rounded(seconds)} s`
}

/** The hosts of drivers, how far apart they began, and those that differ from the others. */
export function driverLines({ engine, drivers }: LoadResult): string[] {
  return [
    ...(engine === undefined ? [] : engineLines(engine, startOf(engine))),
    ...drivers.lost.map(lostText),
    ...(drivers.differing ?? []).map(
      ({ number, of, p50Seconds, othersP50Seconds }) =>
        `driver ${number} of ${of} measured other latencies than most of the others: p50 ${quantity(p50Seconds, 's')}, the others ${quantity(othersP50Seconds, 's')}`,
    ),
  ]
}

function startOf({ startSpreadMs, startBoundMs = 0 }: NonNullable<LoadResult['engine']>) {
  return startSpreadMs === undefined
    ? undefined
    : { spreadMs: startSpreadMs, boundMs: startBoundMs }
}
