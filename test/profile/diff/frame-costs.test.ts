import { expect, test } from 'vitest'
import { frameCosts } from '../../../src/profile/diff/frame-costs.ts'
import { frameEstimates } from '../../../src/profile/diff/frame-estimates.ts'
import { portableFile } from '../../../src/profile/diff/portable-file.ts'
import type { Profile } from '../../../src/profile/profile.ts'

const names = ['run', 'pick', '(idle)', '(program)', '(garbage collector)', 'startCpuProfile']
const profile: Profile = {
  kind: 'cpu',
  unit: 'microseconds',
  seconds: 1,
  frames: names.map((name, i) => ({ name, file: name.startsWith('(') ? '' : 'a.js', line: i })),
  samples: [
    { stack: [0], value: 1000 },
    // pick calls run, which calls pick.
    { stack: [1, 0, 1], value: 3000 },
    { stack: [1, 0, 1], value: 1000, worker: '2' },
    { stack: [2], value: 900_000 },
    { stack: [3], value: 5000 },
    { stack: [0, 4], value: 500 },
    { stack: [0, 5], value: 50_000 },
  ],
}

function costs() {
  const { frames, perRequest } = frameCosts(profile, 100)
  const all = [...frames.values()].map(({ frame, self, total }) => [frame.name, self, total])
  return { perRequest, all }
}

test('costs are per request: idle time is none, and native code and the collector stay by themselves', () => {
  expect(costs()).toEqual({
    perRequest: 105,
    all: [
      ['run', 10, 55],
      ['pick', 40, 40],
      ['(program)', 50, 50],
      ['(garbage collector)', 5, 5],
    ],
  })
})

test('the packages of Go that take a profile are left out with all that they call', () => {
  const go: Profile = {
    ...{ kind: 'heap', unit: 'bytes', seconds: 1 },
    frames: [
      'main.serve',
      'runtime.mallocgc',
      'net/http/pprof.handler.ServeHTTP',
      'runtime/pprof.writeHeap',
    ].map((name) => ({ name, file: '', line: 0 })),
    samples: [
      { stack: [0, 1], value: 100 },
      { stack: [2, 3, 1], value: 5000 },
      { stack: [3], value: 700 },
    ],
  }
  expect(frameCosts(go, 10).perRequest).toBe(10)
})

test('without a request there is no cost per request', () => {
  expect(() => frameCosts(profile, 0)).toThrow(RangeError)
})

test('a frame without a sample in a trial costs 0 there', () => {
  const without = { ...profile, samples: profile.samples.slice(0, 1) }
  const { frames, perRequest } = frameEstimates(
    [profile, without, without].map((one) => frameCosts(one, 100)),
  )
  expect(perRequest.center).toBeCloseTo((105 + 10 + 10) / 3)
  const pick = frames.find(({ frame }) => frame.name === 'pick')
  expect(pick?.self).toMatchObject({ center: 40 / 3, low: 0, n: 3, interval: 'confidence' })
  expect(frames[0]?.frame.name).toBe('(program)')
})

test('a file is named without the folder of its build', () => {
  const build = (folder: string) => `${folder}/dist/src/balancer/proxy/pick.js`
  expect(portableFile(build('/tmp/lb-1/base'))).toBe('src/balancer/proxy/pick.js')
  expect(portableFile('/home/me/lb/src/balancer/main.ts')).toBe('src/balancer/main.ts')
  expect(portableFile('/srv/lb/node_modules/undici/index.js')).toBe('node_modules/undici/index.js')
  expect(portableFile('node:net')).toBe('node:net')
  expect(portableFile('/usr/lib/go/src/net/net.go')).toBe('/usr/lib/go/src/net/net.go')
})
