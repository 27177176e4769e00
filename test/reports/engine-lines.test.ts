import { expect, test } from 'vitest'
import { capacityText } from '../../reports/commands/capacity.ts'
import { reports } from '../../reports/formats/index.ts'
import { table } from '../../reports/formats/table.ts'
import { engineLines } from '../../reports/sections/engine-lines.ts'
import { fileRenderOptions } from '../../src/cli/terminal.ts'
import { type ResultDocument, resultDocument } from '../../src/result/document.ts'
import type { EngineFacts } from '../../src/result/schemas/engine.ts'
import { goldenResult } from '../support/results/golden-result.ts'

const clock = { clockOffsetMs: -2, clockBoundMs: 0.25 }
const engine: EngineFacts = {
  name: 'ssh',
  nodes: [
    { name: 'alpha', drivers: 2, ...clock },
    { name: 'beta', drivers: 0, backends: true, ...clock },
    { name: 'gamma', drivers: 0, target: true, ...clock, clockOffsetMs: 1 },
  ],
}

/** A run on nodes whose drivers began 1.5 ms apart in one trial, and less in the others. */
async function onNodes(): Promise<ResultDocument> {
  const measured = await goldenResult()
  return resultDocument.parse({
    ...measured,
    engine,
    placement: [],
    trials: measured.trials.map((trial, i) => ({
      ...trial,
      start: { spreadMs: i === 1 ? 1.5 : 0.1, boundMs: 0.5 },
    })),
    warnings: [{ code: 'hosts-not-watched', values: {} }],
  })
}

// The page prints the same line as Markdown does, and drawing its charts takes seconds.
test.for(reports.filter(({ format }) => !['svg', 'html'].includes(format)))(
  '$format names the engine and its nodes',
  async (report) => {
    const text = await report.render(await onNodes(), fileRenderOptions)
    for (const name of ['ssh', 'alpha', 'beta', 'gamma']) expect(text).toContain(name)
  },
)

test('the screen and the full table have who ran where, and how exactly they began', async () => {
  const document = await onNodes()
  for (const full of [false, true]) {
    const look = { width: 400, colour: false, unicode: true, full }
    const text = String(await table.render(document, look)).replaceAll(/\s+/g, ' ')
    expect(text).toContain(
      'drivers on alpha by ssh, backends on beta, target on gamma; began within 1.50 ms (± 0.500 ms)',
    )
    expect(text).toContain('clocks off by up to 2.00 ms (± 0.250 ms)')
  }
})

test('a capacity has its nodes', () => {
  const text = capacityText(
    {
      ...{ arm: 'url', objectives: [{ kind: 'percentile', percent: 99, seconds: 0.02 }] },
      ...{ low: 100, reason: 'time', curve: [], trials: 1, seed: 7, engine },
    },
    { width: undefined, colour: false, unicode: true, full: true },
  )
  expect(text).toContain('Drivers on alpha by ssh, backends on beta, target on gamma; clocks off')
})

test('a clock that runs too slow is named, and one that may be right is not', () => {
  const slow = { clockRate: 0.98, clockRateBound: 0.0004 }
  const [first, ...others] = engine.nodes
  const lines = (rate: object) =>
    engineLines(
      { ...engine, nodes: [{ ...(first as NonNullable<typeof first>), ...rate }, ...others] },
      undefined,
    )
  expect(lines(slow)).toContain(
    'the clock of alpha runs 2.0 % too slow (± 0.0400 %): its rates and times are off by as much',
  )
  expect(lines({ clockRate: 1.02, clockRateBound: 0 }).join()).toContain('2.0 % too fast')
  expect(lines({ clockRate: 0.98, clockRateBound: 0.0195 }).join()).not.toContain('too slow')
  expect(lines({ clockRate: 1.0005, clockRateBound: 0.0001 }).join()).not.toContain('too fast')
})
