import { expect, test } from 'vitest'
import { clockOffset } from '../../src/engine/node-clock.ts'
import { checkClock } from '../../src/engine/remote-agent.ts'
import { UsageError } from '../../src/kit/errors.ts'

test('the shortest round trip decides, and its half bounds the error', () => {
  // The other clock is 500 ms ahead; the second trip took 2 ms, 0.5 ms of them on the way there.
  const trips = [
    { sentMs: 0, atMs: 540, receivedMs: 50 },
    { sentMs: 100, atMs: 600.5, receivedMs: 102 },
    { sentMs: 200, atMs: 709, receivedMs: 210 },
  ] as const
  const { offsetMs, boundMs } = clockOffset([...trips])
  expect({ offsetMs, boundMs }).toEqual({ offsetMs: 499.5, boundMs: 1 })
  expect(Math.abs(offsetMs - 500)).toBeLessThanOrEqual(boundMs)
})

test('a clock that is off by more than a second is refused, in the direction in which it is off', () => {
  expect(() => checkClock('n1', { offsetMs: 1000, boundMs: 0.1 })).not.toThrow()
  expect(() => checkClock('n1', { offsetMs: 3200, boundMs: 0.1 })).toThrow(
    'the clock of node n1 is 3.2 s ahead of that of this host',
  )
  expect(() => checkClock('n2', { offsetMs: -1500, boundMs: 2 })).toThrow(UsageError)
  expect(() => checkClock('n2', { offsetMs: -1500, boundMs: 2 })).toThrow('1.5 s behind')
})
