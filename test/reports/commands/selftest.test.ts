import { expect, test } from 'vitest'
import { selftestText } from '../../../reports/commands/selftest.ts'
import type { Selftest } from '../../../src/result/selftest.ts'

const look = { width: undefined, colour: false, unicode: true }
const found: Selftest = {
  fitness: [
    { name: 'swap', state: 'ok', found: '0 pages', advice: '' },
    { name: 'load', state: 'bad', found: '7.00 on 2 CPUs', advice: 'Stop what else runs here.' },
    { name: 'turbo', state: 'unknown', found: 'the machine does not tell', advice: '' },
  ],
  noise: [
    {
      metric: 'throughput',
      comparisons: 40,
      falseAlarms: 1,
      mostAllowed: 4,
      trustworthy: true,
      floor: 0.042,
      findable: 0.051,
    },
  ],
  trials: 640,
  invalidTrials: 3,
  stored: '/home/me/.local/state/lb/noise-abc.json',
}

test('says whether the host is fit, what it can tell apart, and where that is kept', () => {
  expect(selftestText(found, look)).toBe(`This host
  ✓ swap: 0 pages
  ✗ load: 7.00 on 2 CPUs
      Stop what else runs here.
  ? turbo: the machine does not tell

The reference balancer against itself
  throughput: noise floor ±4.2 %; a change of 5.1 % is found 9 times in 10; 1 of 40 comparisons raised a false alarm (up to 4 are chance)
  640 trials, 3 of them invalid.

Kept in /home/me/.local/state/lb/noise-abc.json: later comparisons on this host call no smaller difference one.
`)
})

test('says when nothing was kept, and when nothing could be compared', () => {
  const text = selftestText({ ...found, noise: [], stored: undefined }, look)
  expect(text).toContain('Too few valid trials for one comparison.')
  expect(text).toContain('Nothing was kept')
})

test('says when so few pairs find nothing for certain', () => {
  const [noise] = found.noise as [Selftest['noise'][number]]
  const text = selftestText(
    { ...found, noise: [{ ...noise, findable: Number.POSITIVE_INFINITY }] },
    look,
  )
  expect(text).toContain('so few pairs find no change for certain')
})

test('is plain ASCII where the screen has nothing else', () => {
  expect(selftestText(found, { ...look, unicode: false })).toMatch(/^[ -~\n]*$/)
})
