import { expect, test } from 'vitest'
import { table } from '../../../reports/formats/table.ts'
import { causeShares, slowLines, slowLinesByArm } from '../../../reports/sections/slow.ts'
import type { ResultDocument } from '../../../src/result/document.ts'
import { resultDocument } from '../../../src/result/document.ts'
import type { Slow } from '../../../src/result/schemas/slow.ts'
import { goldenResult } from '../../support/results/golden-result.ts'

const slow: Slow = {
  requests: { 'target-gc': 6, 'driver-run-queue': 2, unexplained: 2 },
  stalls: { 'target-gc': 1 },
  slowest: [{ at: 0.5, seconds: 0.04, cause: 'target-gc' }],
  seen: [{ cause: 'target-gc', from: 0.49, until: 0.53 }],
}

const golden = await goldenResult()
const document: ResultDocument = {
  ...golden,
  trials: golden.trials.map((trial) => ({ ...trial, slow })),
}

test('causes are listed by their shares, and the unexplained share is always there', () => {
  expect(causeShares(slow.requests)).toBe(
    '60 % garbage collection of the target, 20 % run-queue wait of the driver, 20 % unexplained',
  )
  expect(causeShares({ 'driver-gc': 3 })).toBe(
    '100 % garbage collection of the driver, 0 % unexplained',
  )
  const many = {
    retry: 5,
    steal: 4,
    'target-gc': 3,
    'driver-gc': 2,
    'driver-late': 1,
    'driver-loop': 1,
  }
  expect(causeShares(many)).toContain('13 % other causes, 0 % unexplained')
})

test('the screen has one line for all arms, the full table one for each', () => {
  expect(slowLines(document)).toEqual([
    expect.stringMatching(/^60 % garbage collection of the target, .* unexplained$/),
    expect.stringMatching(/^stalls of throughput \(\d+\): 100 % garbage collection/),
  ])
  const look = { width: 1000, colour: false, unicode: true }
  expect(table.render(document, look)).toMatch(/^Slowest +60 % garbage collection/m)
  const { control } = document.plan
  const lines = slowLinesByArm(document)
  expect(lines.length).toBeGreaterThan(1)
  expect(lines.filter((line) => line.startsWith(`${control}:`))).toEqual([])
  expect(table.render(document, { ...look, full: true })).toContain(lines[0])
})

test('a result without them has no line', () => {
  expect(slowLines(golden)).toEqual([])
  expect(resultDocument.safeParse(document).success).toBe(true)
})
