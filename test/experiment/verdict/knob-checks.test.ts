import { expect, test } from 'vitest'
import { backendProtocol } from '../../../src/experiment/run/backend-protocol.ts'
import { judge } from '../../../src/experiment/verdict/verdict.ts'
import { evidence } from '../evidence.ts'

const turns = [
  {
    ...{ knob: 'http2-backends', value: 'h2' },
    readBack: [{ from: 'backend-protocol' as const, what: '', is: 'h2' }],
  },
]

test.for([
  {
    counts: [
      { answered: 5, http2: 5 },
      { answered: 0, http2: 0 },
    ],
    found: 'h2',
    valid: true,
  },
  {
    counts: [
      { answered: 5, http2: 0 },
      { answered: 4, http2: 0 },
    ],
    found: 'http/1.1',
    valid: false,
  },
  {
    ...{
      counts: [
        { answered: 5, http2: 5 },
        { answered: 4, http2: 0 },
      ],
    },
    ...{ found: 'h2 and http/1.1', valid: false },
  },
  { counts: [], found: 'none', valid: false },
])('requests to backends in $found: the knob took effect: $valid', ({ counts, found, valid }) => {
  const protocol = backendProtocol(counts)
  expect(protocol).toBe(found)
  const verdict = judge({ ...evidence(), turns, backendProtocol: protocol })
  const values = { knob: 'http2-backends', what: 'backend protocol', wanted: 'h2', found }
  expect([verdict.valid, verdict.reasons]).toEqual([
    valid,
    valid ? [] : [{ code: 'knob-not-taken', values }],
  ])
})
