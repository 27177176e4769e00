import { expect, test } from 'vitest'
import { chartsOf } from '../../reports/charts/index.ts'
import { rendered } from '../../reports/formats/rendered.ts'
import { nextStep } from '../../reports/sections/next-step.ts'
import { pasteLines } from '../../reports/sections/paste-lines.ts'
import { undecidedKnobs } from '../../reports/sections/undecided-knobs.ts'
import { judgeKnobs } from '../../src/experiment/tune/judge-knobs.ts'
import type { RenderOptions } from '../../src/kit/render-options.ts'
import { chooseKnobs } from '../../src/knobs/choose-knobs.ts'
import { tunePlan } from '../../src/knobs/tune-plan.ts'
import { type ResultDocument, resultDocument } from '../../src/result/document.ts'
import { measuredResult } from '../support/results/measured-result.ts'
import { arm, planOf } from '../support/results/measurements.ts'

const planned = tunePlan({
  base: planOf([arm('round-robin')]),
  chosen: chooseKnobs('reference', ['pooling', 'young-generation', 'read-buffer', 'buffering']),
  ...{ maxSeconds: 1e6, blocks: 10 },
})
const measured = measuredResult(planned.plan, {
  behaviours: {
    default: { throughput: 10_000, cpu: 65e-6 },
    twin: { throughput: 10_000, cpu: 65e-6 },
    'pooling=off': { throughput: 7000, cpu: 1.4 * 65e-6 },
    'young-generation=32': { throughput: 11_000, cpu: 0.9 * 65e-6 },
    'read-buffer=8192': { throughput: 10_000, cpu: 65e-6 },
  },
})
const document: ResultDocument = {
  ...measured,
  tune: {
    ...judgeKnobs(planned, measured, () => 0.03),
    host: [
      {
        ...{ name: 'somaxconn', advice: 'Raise it.', source: 'listen(2)', now: '128' },
        ...{ advised: '65535', change: "sudo sysctl -w net.core.somaxconn='65535'" },
      },
    ],
  },
}
const options: RenderOptions = { colour: false, unicode: true, width: 120, full: false } as never

const shown = (format: string, full = false) => rendered(format, document, { ...options, full })

test('the document keeps its answers when it is stored', () => {
  expect(resultDocument.parse(JSON.parse(JSON.stringify(document))).tune).toEqual(document.tune)
})

test.for(['table', 'markdown', 'html'])(
  '%s has the answers, the knobs that were left out, and what to paste',
  async (format) => {
    const text = (await shown(format)).replaceAll(/\s+/g, ' ').replaceAll('&gt;', '>')
    expect(text).toMatch(/1 of 3 changes to reference helps here: young.?-generation=32/)
    expect(text).toMatch(/1 would hurt: pooling=off/)
    expect(text).toMatch(/the twin: no difference/)
    expect(text).toMatch(/buffering: the target has no such setting/)
    expect(text).toMatch(/memory: youngGeneration: 32/)
    // What hurts is not in the configuration.
    expect(text).not.toMatch(/pool: 0/)
    // Settings of the host have no room on one screen.
    expect(/sysctl -w net\.core\.somaxconn=/.test(text)).toBe(format !== 'table')
  },
)

test('the full table has the sorted knobs, each with its metric and interval', async () => {
  const text = await shown('table', true)
  const at = (name: string) =>
    text.search(new RegExp(`^ *${name}.*(helps|hurts|no difference)`, 'm'))
  expect(at('young-generation=32')).toBeGreaterThan(0)
  expect(at('pooling=off')).toBeGreaterThan(at('young-generation=32'))
  expect(at('read-buffer=8192')).toBeGreaterThan(at('pooling=off'))
  expect(at('twin')).toBeGreaterThan(at('read-buffer=8192'))
  expect(text).toMatch(/^somaxconn +128 .*sudo sysctl -w net\.core\.somaxconn=/m)
})

test('CSV has a line for each knob and metric, JUnit a case that never fails', async () => {
  const [head = '', ...lines] = (await shown('csv')).trim().split('\n')
  expect(head).toMatch(/^target,knob,value,default,answer/)
  expect(lines.filter((line) => line.startsWith('reference,pooling,off,on,hurts')).length).toBe(3)
  expect(lines).toContain('reference,buffering,,,skipped,target-lacks,,,,,,,')
  const xml = await shown('junit')
  expect(xml).toMatch(/classname="lb\.knobs" name="pooling=off"/)
  expect(xml).not.toMatch(/<failure/)
})

test('the chart has the effects, sorted, with intervals', () => {
  const chart = chartsOf(document).find(({ name }) => name === 'effects')
  expect(chart?.figures.rows.map(([name]) => name?.split(' ')[0])).toEqual([
    ...['young-generation=32', 'pooling=off', 'read-buffer=8192', 'twin'],
  ])
  expect(chart?.figures.rows[1]?.slice(1, 2)).toEqual(['+40 %'])
})

test('where nothing helps, the configuration says so', async () => {
  const { tune } = document
  const knobs = tune?.knobs.filter(({ answer }) => answer !== 'helps') ?? []
  const without = { ...document, tune: tune && { ...tune, knobs } }
  expect(await rendered('table', without, options)).toMatch(
    /No change to reference is shown to help here, of \d+ measured\..*no change is shown to help here: keep the defaults/s,
  )
})

test('values of one group of fields are below one line of it', async () => {
  const { tune } = document
  const helping = (knob: string, paste: string) => {
    const [one] = tune?.knobs.filter(({ answer }) => answer === 'helps') ?? []
    return { ...(one as NonNullable<typeof one>), arm: `${knob}=1`, knob, paste }
  }
  const knobs = [
    helping('pool-size', 'limits:\n  pool: 64'),
    helping('backlog', 'backlog: 128'),
    helping('read-buffer', 'limits:\n  readBuffer: 8192'),
  ]
  const lines = pasteLines({ ...document, tune: tune && { ...tune, knobs } })
  expect(lines.filter((line) => !/^ *#/.test(line))).toEqual([
    ...['limits:', '  pool: 64', '  readBuffer: 8192', 'backlog: 128'],
  ])
  expect(lines.filter((line) => /^ *# (pool-size|read-buffer|backlog)=1: /.test(line)).length).toBe(
    3,
  )
})

test('too few trials are named, and the knobs nearest to an answer are measured once more', async () => {
  const { tune, plan } = document
  const knobs =
    tune?.knobs.map((one) =>
      one.knob === 'pooling' ? one : { ...one, answer: 'too few trials' as const },
    ) ?? []
  const open = { ...document, tune: tune && { ...tune, knobs } }
  expect(await rendered('table', open, options)).toMatch(/2 have too few trials/)
  // The effect that is largest beside its interval comes first; the trials are as many in the same time.
  expect(undecidedKnobs(open)).toEqual({
    arms: ['young-generation=32', 'read-buffer=8192'],
    trials: Math.floor((plan.blocks * 5) / 4),
    count: 2,
  })
  const { command } = nextStep({ ...open, command: ['tune', '--only=pooling,read-buffer'] })
  expect(command).toBe('lb tune --only young-generation=32,read-buffer=8192 --trials 12')
  expect(undecidedKnobs(document)).toBeUndefined()
})

test('a twin that moved puts the answers in doubt', async () => {
  const { tune } = document
  const twin = tune?.twin && { ...tune.twin, answer: 'hurts' as const }
  const text = await rendered('table', { ...document, tune: tune && { ...tune, twin } }, options)
  expect(text.replaceAll(/\s+/g, ' ')).toMatch(
    /the twin, which differs in nothing, moved too .*too noisy/,
  )
})

test('a knob that costs something else is named, and left out', async () => {
  const tune = structuredClone(document.tune)
  const [effect] = tune?.knobs.find(({ answer }) => answer === 'helps')?.effects.slice(-1) ?? []
  if (effect !== undefined) Object.assign(effect, { outcome: 'worse' })
  const text = await rendered('table', { ...document, tune }, options)
  expect(text).toMatch(/left out, since it costs something else: young-generation=32/)
  expect(text).not.toMatch(/youngGeneration: 32/)
})
