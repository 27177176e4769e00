import { expect, test } from 'vitest'
import { StepMarks } from '../../../src/balancer/observe/step-marks.ts'
import { allocateSteps, readSteps, stepAdder } from '../../../src/balancer/observe/step-memory.ts'
import { stepMeans } from '../../../src/kit/step-means.ts'
import { type StepName, stepNames } from '../../../src/kit/steps.ts'

/** Milliseconds of each step where nothing is slow. */
const usual: Readonly<Record<StepName, number>> = {
  ...{ head: 0.01, pick: 0.02, retries: 0, connect: 0.01, request: 0.02 },
  ...{ backend: 0.3, response: 0.05, client: 0.02 },
}

/** Sends requests whose steps take so long, in ms, through the marks; returns what is read of them. */
function means(requests: readonly Partial<Record<StepName, number>>[]) {
  const memory = allocateSteps(1)
  const marks = new StepMarks(stepAdder(memory, 0))
  let now = 1000
  const after = (ms: number) => (now += ms / 1e3)
  for (const slow of requests) {
    const ms = { ...usual, ...slow }
    const begun = now
    marks.begin(begun, after(ms.head))
    marks.picked(after(ms.pick))
    if (ms.retries > 0) marks.failed(after(ms.retries))
    marks.connected(after(ms.connect))
    marks.written(after(ms.request))
    marks.firstByte(after(ms.backend))
    marks.lastByte(after(ms.response))
    marks.finished(now, false)
    marks.taken(after(ms.client))
    // The next request begins later.
    after(5)
  }
  return stepMeans([], readSteps(memory))
}

test.for(stepNames)('a delay of 50 ms in %s shows there and nowhere else', (name) => {
  const found = means([...Array.from({ length: 99 }, () => ({})), { [name]: 50 }])
  for (const one of stepNames) {
    expect(1e3 * (found?.p50[one] ?? -1)).toBeCloseTo(usual[one], 6)
    expect(1e3 * (found?.p99[one] ?? -1)).toBeCloseTo(one === name ? 50 : usual[one], 6)
  }
  const total = stepNames.reduce((sum, one) => sum + (found?.p99[one] ?? 0), 0)
  const rest = stepNames.reduce((sum, one) => sum + (one === name ? 50 : usual[one]), 0)
  expect(total * 1e3).toBeCloseTo(rest, 6)
  expect(found?.requests).toBe(100)
})

test('time in which the backend waits for the client is time of the client', () => {
  const memory = allocateSteps(1)
  const marks = new StepMarks(stepAdder(memory, 0))
  marks.begin(0, 1)
  marks.picked(2)
  marks.connected(3)
  marks.written(4)
  marks.firstByte(5)
  marks.pause(6)
  marks.resume(16)
  marks.lastByte(18)
  marks.finished(19, true)
  expect(stepMeans([], readSteps(memory))?.mean).toEqual({
    ...{
      head: 1,
      pick: 1,
      retries: 0,
      connect: 1,
      request: 1,
      backend: 1,
      response: 3,
      client: 11,
    },
  })
})

test('time at a backend that failed, its connection included, is lost', () => {
  const memory = allocateSteps(1)
  const marks = new StepMarks(stepAdder(memory, 0))
  marks.begin(0, 0)
  marks.picked(1)
  marks.connected(3)
  marks.written(4)
  marks.failed(10)
  marks.connected(11)
  marks.written(12)
  marks.firstByte(15)
  marks.lastByte(15)
  marks.finished(15, true)
  const found = stepMeans([], readSteps(memory))?.mean
  expect(found).toMatchObject({ pick: 1, retries: 9, connect: 1, request: 1, backend: 3 })
})

test('a request without a response of a backend is not among them, and warm-up is subtracted', () => {
  const memory = allocateSteps(2)
  const marks = new StepMarks(stepAdder(memory, 1))
  marks.begin(0, 1)
  marks.finished(2, true)
  marks.begin(3, 4)
  marks.picked(5)
  marks.drop()
  marks.finished(6, true)
  expect(readSteps(memory)).toEqual([[], []])
  const of = (seconds: number) => {
    marks.begin(0, 0)
    marks.written(0)
    marks.firstByte(seconds)
    marks.lastByte(seconds)
    marks.finished(seconds, true)
    return readSteps(memory)
  }
  const before = of(8)
  expect(stepMeans(before, of(2))).toMatchObject({ requests: 1, p99: { backend: 2 } })
})
