import { expect, test } from 'vitest'
import { table } from '../../../reports/formats/table.ts'
import { stepTables } from '../../../reports/sections/steps.ts'
import { type ResultDocument, resultDocument } from '../../../src/result/document.ts'
import { goldenResult } from '../../support/results/golden-result.ts'

const mean = {
  ...{ head: 1e-6, pick: 2e-6, retries: 0, connect: 1e-6, request: 3e-6 },
  ...{ backend: 50e-6, response: 2e-6, client: 4e-6 },
}
const golden = await goldenResult()
const [trial] = golden.trials as [ResultDocument['trials'][number]]
const steps = { requests: 1000, mean, p50: mean, p99: { ...mean, backend: 1e-3 } }
const document: ResultDocument = { ...golden, stepTrials: [{ ...trial, steps }] }

test('what each step adds at p50 and at p99 is a table, whose steps sum to the total', () => {
  const [found] = stepTables(document)
  expect(found?.rows.map(([name, ...cells]) => [name, ...cells.slice(0, 3)])).toEqual([
    ['head of the request read', '1.00 µs', '1.00 µs', '1.00 µs'],
    ['backend picked', '2.00 µs', '2.00 µs', '2.00 µs'],
    ['connection to the backend ready', '1.00 µs', '1.00 µs', '1.00 µs'],
    ['request written', '3.00 µs', '3.00 µs', '3.00 µs'],
    ["backend's first byte", '50.0 µs', '50.0 µs', '1.00 ms'],
    ["backend's last byte", '2.00 µs', '2.00 µs', '2.00 µs'],
    ['response written to the client', '4.00 µs', '4.00 µs', '4.00 µs'],
    ['total', '63.0 µs', '63.0 µs', '1.01 ms'],
  ])
  const bars = found?.rows.map((row) => row[4] ?? '') ?? []
  expect(bars[4]).toMatch(/^█+$/)
  expect(bars.slice(0, 8).every((bar) => bar === '' || bar.length === 18)).toBe(true)
})

test('it is on the screen, and only where steps were timed', () => {
  expect(resultDocument.safeParse(document).success).toBe(true)
  const look = { width: 80, colour: false, unicode: true }
  expect(table.render(document, look)).toContain('Where the time went')
  expect(table.render(golden, look)).not.toContain('Where the time went')
})
