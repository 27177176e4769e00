import { expect, test } from 'vitest'
import { afterCheck, presumedDown, presumedUp } from '../../../src/balancer/health/rise-fall.ts'

const settings = { rise: 2, fall: 3 }

/** The state after each of these checks (+ passed, - failed): U up, d down. */
function states(checks: string, initial = { up: true, contrary: 0 }): string {
  let now = initial
  let seen = ''
  for (const check of checks) {
    now = afterCheck(now, check === '+', settings)
    seen += now.up ? 'U' : 'd'
  }
  return seen
}

test('goes down at the third consecutive failure', () => {
  expect(states('--+--+---')).toBe('UUUUUUUUd')
})

test('goes up at the second consecutive pass', () => {
  expect(states('---+-+-++')).toBe('UUddddddU')
})

test('the first failed check takes down a backend that was presumed up', () => {
  expect(states('-', presumedUp(settings))).toBe('d')
  expect(states('+--', presumedUp(settings))).toBe('UUU')
})

test('the first passed check brings up a backend that was added', () => {
  expect(states('+', presumedDown(settings))).toBe('U')
  expect(states('-+', presumedDown(settings))).toBe('dd')
})
