import { gunzipSync, gzipSync } from 'node:zlib'
import { Profile as Pprof, StringTable } from 'pprof-format'
import { expect, test } from 'vitest'
import { UsageError } from '../../src/kit/errors.ts'
import { profileOfCpuProfile } from '../../src/profile/cpu-profile.ts'
import { mergeProfiles } from '../../src/profile/merge.ts'
import { decodePprof, encodePprof } from '../../src/profile/pprof.ts'
import type { Profile } from '../../src/profile/profile.ts'
import { byPath } from './by-path.ts'
import { cpuProfile } from './cpu-profile.ts'

const profile = mergeProfiles([
  profileOfCpuProfile(cpuProfile, { worker: 'main' }),
  profileOfCpuProfile(cpuProfile, { worker: '0' }),
])

/** The values by worker. */
const byWorker = ({ samples }: Profile) =>
  samples.map(({ worker, value }) => `${worker} ${value}`).toSorted()

test('a profile is the same after encoding and decoding', () => {
  const decoded = decodePprof(encodePprof(profile))
  expect(decoded).toMatchObject({ kind: 'cpu', unit: 'microseconds', seconds: 0.01 })
  expect(byPath(decoded)).toEqual(byPath(profile))
  expect(byWorker(decoded)).toEqual(byWorker(profile))
  expect(new Set(decoded.frames)).toEqual(new Set(profile.frames))
})

test.for([
  ['heap', 'bytes'],
  ['activity', 'count'],
] as const)('a profile of kind %s keeps its kind', ([kind, unit]) => {
  const frames = [{ name: 'serve', file: '/app/serve.js', line: 3 }]
  const samples = [{ stack: [0], value: 2 ** 40 }]
  const made: Profile = { kind, unit, seconds: 1, frames, samples }
  expect(decodePprof(encodePprof(made))).toEqual(made)
})

test('it is gzipped, has each function once, and stacks begin at the leaf', () => {
  const bytes = encodePprof(profile)
  expect([...bytes.slice(0, 2)]).toEqual([0x1f, 0x8b])
  const pprof = Pprof.decode(gunzipSync(bytes))
  const text = (index: number | bigint) => pprof.stringTable.strings[Number(index)]
  expect(pprof.function.map(({ name }) => text(name)).toSorted()).toEqual(
    profile.frames.map(({ name }) => name).toSorted(),
  )
  const [leaf] = pprof.sample[0]?.locationId ?? []
  const location = pprof.location.find(({ id }) => id === leaf)
  expect(location?.line).toHaveLength(1)
  expect(text(pprof.function[Number(location?.line[0]?.functionId) - 1]?.name ?? 0)).toBe('parse')
})

/** A profile as a server written in Go makes it: two values, nanoseconds, and a function that was inlined. */
function ofGo(): Uint8Array {
  const strings = new StringTable()
  const text = (value: string) => strings.dedup(value)
  const types = [
    { type: text('samples'), unit: text('count') },
    { type: text('cpu'), unit: text('nanoseconds') },
  ]
  return new Pprof({
    sampleType: types,
    durationNanos: 2_000_000_000n,
    function: ['main', 'inlined', 'leaf'].map((name, index) => ({
      id: index + 1,
      name: text(name),
    })),
    location: [
      { id: 1, line: [{ functionId: 2 }, { functionId: 1 }] },
      { id: 2, line: [{ functionId: 3 }] },
      { id: 3, address: 255 },
    ],
    sample: [
      { locationId: [2, 1], value: [3, 30_000_000] },
      { locationId: [3, 1], value: [1, 10_000_000] },
    ],
    stringTable: strings,
  }).encode()
}

test('profiles of Go programs: the last value, in µs; inlined functions are frames', () => {
  for (const bytes of [ofGo(), gzipSync(ofGo())]) {
    const decoded = decodePprof(bytes)
    expect(decoded).toMatchObject({ kind: 'cpu', unit: 'microseconds', seconds: 2 })
    expect(byPath(decoded)).toEqual({
      'main > inlined > leaf': 30_000,
      'main > inlined > 0xff': 10_000,
    })
  }
})

/** The difference of two heap profiles of Go, encoded as Go does: two's complement in ten bytes. */
function heapOfGo(): Uint8Array {
  const strings = new StringTable()
  const text = (value: string) => strings.dedup(value)
  const names = ['alloc_objects', 'alloc_space', 'inuse_objects', 'inuse_space']
  return new Pprof({
    sampleType: names.map((name) => ({
      type: text(name),
      unit: text(name.endsWith('space') ? 'bytes' : 'count'),
    })),
    durationNanos: 1_000_000_000n,
    function: ['serve', 'grow'].map((name, index) => ({ id: index + 1, name: text(name) })),
    location: [1, 2].map((id) => ({ id, line: [{ functionId: id }] })),
    sample: [
      { locationId: [1], value: [2, 4096, -1, -2048] },
      { locationId: [2], value: [1, 2 ** 40, 1, 2 ** 40] },
    ],
    stringTable: strings,
  }).encode()
}

test('heap profiles of Go programs: the value that is asked for, or the last; of negative ones, none', () => {
  const allocated = decodePprof(heapOfGo(), 'alloc_space')
  expect(allocated).toMatchObject({ kind: 'heap', unit: 'bytes', seconds: 1 })
  expect(byPath(allocated)).toEqual({ serve: 4096, grow: 2 ** 40 })
  expect(byPath(decodePprof(heapOfGo()))).toEqual({ grow: 2 ** 40 })
  expect(byPath(decodePprof(heapOfGo(), 'contentions'))).toEqual({ grow: 2 ** 40 })
})

test.for([
  ['text', Buffer.from('404 page not found')],
  ['nothing', new Uint8Array()],
  ['a gzip header alone', Buffer.from([0x1f, 0x8b])],
  ['other data in gzip', gzipSync('404 page not found')],
] as const)('%s is no profile', ([_, bytes]) => {
  expect(() => decodePprof(bytes)).toThrow(UsageError)
})
