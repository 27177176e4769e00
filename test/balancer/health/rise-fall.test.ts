import { expect, test } from 'vitest'
import { after, presumedDown, presumedUp } from '../../../src/balancer/health/rise-fall.ts'

const limits = { rise: 2, fall: 3 }

/** What is believed after each of these checks: + passed, - failed. */
function story(checks: string, finding = { up: true, against: 0 }): string {
  let now = finding
  let told = ''
  for (const check of checks) {
    now = after(now, check === '+', limits)
    told += now.up ? 'U' : 'd'
  }
  return told
}

test('falls at the third failure in a row', () => {
  expect(story('--+--+---')).toBe('UUUUUUUUd')
})

test('rises at the second pass in a row', () => {
  expect(story('---+-+-++')).toBe('UUddddddU')
})

test('the first check alone decides on a backend that was only presumed up', () => {
  expect(story('-', presumedUp(limits))).toBe('d')
  expect(story('+--', presumedUp(limits))).toBe('UUU')
})

test('the first check alone decides on a backend that joins', () => {
  expect(story('+', presumedDown(limits))).toBe('U')
  expect(story('-+', presumedDown(limits))).toBe('dd')
})
