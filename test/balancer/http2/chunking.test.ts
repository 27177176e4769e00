import fc from 'fast-check'
import { expect, test } from 'vitest'
import type { Role } from '../../../src/http2/connection-state.ts'
import { frameSequences } from './support/arbitrary-frames.ts'
import { listOfPairs } from './support/field-pairs.ts'
import { peer } from './support/peer.ts'
import { get } from './support/wire.ts'

/** What is reported for bytes that come in pieces of these sizes, by turns, with data put together. */
function reportOf(role: Role, bytes: Buffer, sizes: readonly number[]): unknown[] {
  const { connection, happenings, taken } = peer({ role })
  if (role === 'client') {
    for (let count = 0; count < 3; count++) connection.openStream(listOfPairs(get), true, 'user')
  }
  taken()
  for (let at = 0, turn = 0; at < bytes.length; turn++) {
    const size = sizes[turn % sizes.length] as number
    // A copy, which is overwritten: nothing of it may be kept.
    const piece = Buffer.from(bytes.subarray(at, at + size))
    connection.receive(piece)
    piece.fill(0xaa)
    taken()
    at += size
  }
  return joined(happenings)
}

function joined(happenings: readonly (readonly unknown[])[]): unknown[] {
  const report: unknown[][] = []
  for (const happening of happenings) {
    const before = report.at(-1)
    const [event, id, text, end] = happening
    if (event === 'data' && before?.[0] === 'data' && before[1] === id) {
      before[2] = `${before[2]}${text}`
      before[3] = end
    } else report.push([...happening])
  }
  return report
}

const sizes = fc.array(
  fc.oneof(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 1, max: 5000 })),
  {
    minLength: 1,
    maxLength: 8,
  },
)

test.for(['server', 'client'] as const)(
  'a %s reports the same for the same bytes, however they are cut',
  (role) => {
    fc.assert(
      fc.property(frameSequences, sizes, (frames, cuts) => {
        const bytes = Buffer.concat(frames)
        expect(reportOf(role, bytes, cuts)).toEqual(reportOf(role, bytes, [1 << 30]))
      }),
      { numRuns: 200 },
    )
  },
)

test.for(['server', 'client'] as const)('a %s takes its bytes one at a time', (role) => {
  fc.assert(
    fc.property(frameSequences, (frames) => {
      const bytes = Buffer.concat(frames).subarray(0, 20_000)
      expect(reportOf(role, bytes, [1])).toEqual(reportOf(role, bytes, [1 << 30]))
    }),
    { numRuns: 20 },
  )
})
