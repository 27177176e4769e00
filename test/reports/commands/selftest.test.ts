import { expect, test } from 'vitest'
import { selftestText } from '../../../reports/commands/selftest.ts'
import type { HostCheck } from '../../../src/result/host-check.ts'
import type { Selftest } from '../../../src/result/selftest.ts'

const look = { width: undefined, colour: false, unicode: true, full: true }
const narrow = { ...look, width: 80, full: false }
const found: Selftest = {
  fitness: [
    { name: 'swap', title: 'swap', state: 'ok', found: '0 pages moved in 1 s' },
    {
      ...{ name: 'load', title: 'load', state: 'bad' as const },
      ...{ found: '7.00 on 2 CPUs over the last minute', effect: 'trials wait' },
      ...{ advice: 'stop the other programs, or wait until they have ended', recheck: 'uptime' },
    },
    { name: 'turbo', title: 'turbo', state: 'unknown', found: 'not readable: /sys/x' },
  ],
  noise: [
    {
      metric: 'throughput',
      comparisons: 40,
      falseAlarms: 1,
      maxFalseAlarms: 4,
      trustworthy: true,
      floor: 0.042,
      findable: 0.051,
    },
  ],
  trials: 640,
  invalidTrials: 3,
  seed: 7,
  stored: '/home/me/.local/state/lb/noise-abc.json',
}

test('shows whether the host is fit, the differences it can resolve, and the file of the noise floor', () => {
  expect(selftestText(found, look)).toBe(`This host
  ✓ swap: 0 pages moved in 1 s
  ✗ load: 7.00 on 2 CPUs over the last minute
      stop the other programs, or wait until they have ended
  ? turbo: not readable: /sys/x

The reference balancer compared with itself
  throughput: noise floor ±4.2 %; a change of 5.1 % is found 9 times in 10; 1 of 40 comparisons raised a false alarm (chance explains up to 4)
  640 trials, 3 of them invalid; seed 7.

Noise floor saved in /home/me/.local/state/lb/noise-abc.json: later comparisons on this host ignore smaller differences.
`)
})

test.for([
  ['interrupted', 'the selftest was interrupted'],
  ['too few trials', 'too few valid trials for one comparison'],
  ['too many false alarms', 'more false alarms than chance explains'],
] as const)('names why the noise floor was not saved: %s', ([notStored, words]) => {
  const text = selftestText({ ...found, stored: undefined, notStored }, look)
  expect(text).toContain(`Noise floor not saved: ${words}.`)
  const short = selftestText({ ...found, stored: undefined, notStored }, narrow)
  expect(short.replace(/\s+/g, ' ')).toContain(`Not saved the noise floor: ${words}`)
  expect(short).toMatch(/^Next +lb selftest {2}# again/m)
})

test('without a comparison there is a line in its place', () => {
  const text = selftestText({ ...found, noise: [] }, look)
  expect(text).toContain('Too few valid trials for one comparison.')
  expect(selftestText({ ...found, noise: [] }, narrow)).toMatch(/^No comparison was possible/)
})

test('a command that changes a property is quoted', () => {
  const check: HostCheck = {
    ...{ name: 'somaxconn', title: 'accept queue', found: '128', effect: 'drops' },
    state: 'bad',
    ...{ change: 'sudo sysctl -w net.core.somaxconn=4096', recheck: 'sysctl net.core.somaxconn' },
  }
  const words = 'run "sudo sysctl -w net.core.somaxconn=4096"'
  expect(selftestText({ ...found, fitness: [check] }, look)).toContain(words)
  expect(selftestText({ ...found, fitness: [check] }, { ...narrow, width: 200 })).toContain(
    'somaxconn=4096"',
  )
})

test('names a metric whose pairs are too few to find a change', () => {
  const [noise] = found.noise as [Selftest['noise'][number]]
  const text = selftestText(
    { ...found, noise: [{ ...noise, findable: Number.POSITIVE_INFINITY }] },
    look,
  )
  expect(text).toContain('too few pairs to find any change reliably')
})

test('false alarms beyond chance come first', () => {
  const [noise] = found.noise as [Selftest['noise'][number]]
  const text = selftestText(
    { ...found, noise: [{ ...noise, falseAlarms: 9, trustworthy: false }] },
    narrow,
  )
  expect(text.replace(/\s+/g, ' ')).toMatch(
    /^Comparisons on this host are not reliable: .* in 9 of 40/,
  )
})

test('with --full no line is longer than the terminal', () => {
  const lines = selftestText(found, { ...look, width: 80 }).split('\n')
  expect(Math.max(...lines.map((line) => line.length))).toBeLessThanOrEqual(80)
  expect(lines).toContain('  ✓ swap: 0 pages moved in 1 s')
})

test('is plain ASCII on a terminal without Unicode', () => {
  expect(selftestText(found, { ...look, unicode: false })).toMatch(/^[ -~\n]*$/)
  expect(selftestText(found, { ...narrow, unicode: false })).toMatch(/^[ -~\n]*$/)
})
