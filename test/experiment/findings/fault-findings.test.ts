import { expect, test } from 'vitest'
import { faultFindings } from '../../../src/experiment/findings/fault-findings.ts'
import { resultDocument } from '../../../src/result/document.ts'
import { courseOf, faultyResult } from '../../support/results/fault-result.ts'
import { measurement } from '../../support/results/measurements.ts'

const { plan } = faultyResult()
const also = (course: ReturnType<typeof courseOf>) =>
  measurement({ phase: 'latency', also: { faultTimeline: course, windowSeconds: 20 } })

test('a fault is judged at the moments at which it really came and went', () => {
  const [killed] = faultFindings(plan, [also(courseOf({ failing: 0.4, out: 4.3 }))]) ?? []
  expect(killed).toMatchObject({
    failed: { median: 28, low: 28, high: 28, n: 1 },
    // The bin of 3.4 s begins 0.399 s after 3.001 s, that of 10.3 s 4.298 s after 6.002 s.
    detect: { median: expect.closeTo(0.399, 6), n: 1 },
    recover: { median: expect.closeTo(4.298, 6), n: 1 },
    shareDuring: { median: expect.closeTo(0, 6) },
    shareBefore: { median: expect.closeTo(1 / 3, 6) },
  })
  // Its worst p99 lies among the requests without an answer.
  expect(killed?.maxP99).toEqual({ n: 1 })
})

test('over trials it is the middle with its range, and never is longer than any', () => {
  const trials = [0.4, 0.2, 0.9].map((failing, i) =>
    also(courseOf({ failing, out: [12, 5, 15][i] ?? 0 })),
  )
  const [killed, slow] = faultFindings(plan, trials) ?? []
  expect(killed?.failed).toEqual({ median: 28, low: 14, high: 63, n: 3 })
  // The next fault is at another backend: the window ends the time that there is, and 21 s lie behind it.
  expect(killed?.recover).toEqual({
    ...{ median: expect.closeTo(11.998, 6), low: expect.closeTo(4.998, 6) },
    n: 3,
  })
  // Round robin sends a slow backend its share: nobody detects it.
  expect(slow?.detect).toEqual({ n: 3 })
  expect(slow?.recover?.median).toBe(0)
})

test('there are none without faults, or where no trial watched them', () => {
  expect(faultFindings({}, [also(courseOf({ failing: 0, out: 0 }))])).toBeUndefined()
  expect(faultFindings(plan, [measurement()])).toBeUndefined()
})

test('a document with faults is valid, and its JSON reads the same', () => {
  const document = faultyResult(3)
  expect(resultDocument.parse(JSON.parse(JSON.stringify(document)))).toEqual(document)
})
