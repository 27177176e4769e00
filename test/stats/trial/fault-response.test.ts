import { describe, expect, test } from 'vitest'
import {
  type Episode,
  type FaultTimeline,
  faultResponse,
} from '../../../src/stats/trial/fault-response.ts'

/** Ten seconds in bins of 0.1 s; of 99 requests in each, every backend gets a third but for what is told of the first. */
function course(
  first: (at: number) => number,
  failures: (at: number) => number = () => 0,
): FaultTimeline {
  const times = Array.from({ length: 100 }, (_, i) => i / 10)
  const own = times.map(first)
  const rest = own.map((count) => (99 - count) / 2)
  return {
    ...{ binSeconds: 0.1, binsPerP99: 10, received: [own, rest, rest] },
    failed: times.map(failures),
    p99: [0.01, 0.01, 0.2, null, 0.03, 0.01, 0.01, 0.01, 0.01, 0.01],
  }
}

/** The first backend, from 2 s to 5 s, and nothing after it. */
function episode(differs: Partial<Episode> = {}): Episode {
  return {
    ...{ from: 2, until: 5, backend: 0, dead: false, next: 10, again: 10, first: 2 },
    ...differs,
  }
}

const between = (from: number, to: number) => (at: number) => at >= from - 1e-9 && at < to - 1e-9

describe('detected', () => {
  test('at the first bin from which on the backend is not used for a second', () => {
    const out = between(2.4, 7)
    const { detect } = faultResponse(
      course((at) => (out(at) ? 0 : 33)),
      episode(),
    )
    expect(detect).toBeCloseTo(0.4)
  })

  test('at once, where it is not used from the first moment on', () => {
    const out = between(2, 7)
    const late = faultResponse(
      course((at) => (out(at) ? 0 : 33)),
      episode({ from: 2.004 }),
    )
    expect(late.detect).toBe(0)
  })

  test('in spite of a probe now and then, and not in a pause that is too short', () => {
    const out = between(2.4, 7)
    const probed = course((at) => (between(2.9, 3)(at) ? 10 : out(at) ? 0 : 33))
    expect(faultResponse(probed, episode()).detect).toBeCloseTo(0.4)
    const short = course((at) => (between(2.4, 3.3)(at) ? 0 : 33))
    expect(faultResponse(short, episode()).detect).toBe(Number.POSITIVE_INFINITY)
  })

  test('never, where it is used on, if less than before', () => {
    const { detect } = faultResponse(
      course((at) => (at >= 2 ? 11 : 33)),
      episode(),
    )
    expect(detect).toBe(Number.POSITIVE_INFINITY)
  })

  test('never, where it is left only when the fault is over, or the next one has come', () => {
    const after = course((at) => (at >= 5 ? 0 : 33))
    expect(faultResponse(after, episode()).detect).toBe(Number.POSITIVE_INFINITY)
    const soon = course((at) => (at >= 2.5 ? 0 : 33))
    expect(faultResponse(soon, episode({ next: 3.4 })).detect).toBe(Number.POSITIVE_INFINITY)
    expect(faultResponse(soon, episode({ next: 3.5 })).detect).toBeCloseTo(0.5)
  })

  test('of a dead one, once clients see no more failures: it counts nothing itself', () => {
    const gone = (at: number) => (between(2, 5)(at) ? 0 : 33)
    const seen = course(gone, (at) => (between(2, 2.7)(at) ? 5 : 0))
    expect(faultResponse(seen, episode({ dead: true })).detect).toBeCloseTo(0.7)
    const unseen = course(gone)
    expect(faultResponse(unseen, episode({ dead: true })).detect).toBe(0)
    const always = course(gone, (at) => (at >= 2 ? 1 : 0))
    expect(faultResponse(always, episode({ dead: true })).detect).toBe(Number.POSITIVE_INFINITY)
  })
})

describe('recovered', () => {
  test('at the first bin from which on the backend has its share again for a second', () => {
    const out = between(2, 7.2)
    const { recover } = faultResponse(
      course((at) => (out(at) ? 0 : 33)),
      episode(),
    )
    expect(recover).toBeCloseTo(2.2)
  })

  test('only with four fifths of it, so that a slow start counts', () => {
    const grows = course((at) => (at < 2 ? 33 : at < 5 ? 0 : Math.min(33, 33 * (at - 5) * 0.5)))
    // From 6.2 s on the ten bins hold 80 % of the share or more: 0.6 + 0.05 · 4.5 of it in the mean.
    expect(faultResponse(grows, episode()).recover).toBeCloseTo(1.2)
  })

  test('at once, where it never lost it', () => {
    expect(
      faultResponse(
        course(() => 33),
        episode(),
      ).recover,
    ).toBe(0)
  })

  test('never, where the window or the next fault of the same backend comes first', () => {
    const late = course((at) => (between(2, 9.5)(at) ? 0 : 33))
    expect(faultResponse(late, episode()).recover).toBe(Number.POSITIVE_INFINITY)
    const soon = course((at) => (between(2, 5.5)(at) ? 0 : 33))
    expect(faultResponse(soon, episode({ again: 6 })).recover).toBe(Number.POSITIVE_INFINITY)
    // A fault elsewhere does not keep a backend from its share.
    expect(faultResponse(soon, episode({ next: 6 })).recover).toBeCloseTo(0.5)
  })

  test('is not asked of a fault that does not end', () => {
    expect(
      faultResponse(
        course(() => 33),
        episode({ until: undefined }),
      ).recover,
    ).toBeUndefined()
  })
})

test('failures and the worst p99 are those up to the next fault', () => {
  const seen = course(
    () => 33,
    (at) => (at >= 1 ? 2 : 0),
  )
  expect(faultResponse(seen, episode({ next: 3 }))).toMatchObject({ failed: 20, maxP99: 0.2 })
  expect(faultResponse(seen, episode())).toMatchObject({
    failed: 160,
    maxP99: Number.POSITIVE_INFINITY,
  })
})

test('a p99 that reaches into the next fault is left out, unless there is no other', () => {
  const seen = course(() => 33)
  expect(faultResponse(seen, episode({ next: 3.5 })).maxP99).toBe(0.2)
  expect(faultResponse(seen, episode({ from: 3.2, next: 3.5 })).maxP99).toBe(
    Number.POSITIVE_INFINITY,
  )
})

test('the share during the fault stands beside the one before all faults', () => {
  const halved = course((at) => (between(2, 5)(at) ? 16.5 : 33))
  const { shareDuring, shareBefore } = faultResponse(halved, episode())
  expect(shareDuring).toBeCloseTo(1 / 6)
  expect(shareBefore).toBeCloseTo(1 / 3)
})

test('of a backend that was never used nothing can be asked but what clients saw', () => {
  expect(
    faultResponse(
      course(() => 0),
      episode(),
    ),
  ).toMatchObject({
    detect: undefined,
    recover: undefined,
    failed: 0,
  })
})

test('a restart is over as it begins: it has no share, and is detected by its clients', () => {
  const seen = course(
    () => 33,
    (at) => (between(2, 2.2)(at) ? 4 : 0),
  )
  const restart = episode({ until: 2, dead: true })
  expect(faultResponse(seen, restart)).toMatchObject({ shareDuring: undefined, failed: 8 })
  expect(faultResponse(seen, restart).detect).toBeCloseTo(0.2)
})
