import { expect, test } from 'vitest'
import { renderedChoice } from '../../../reports/formats/choice/rendered-choice.ts'
import { choiceAnswer } from '../../../reports/sections/choice/choice-words.ts'
import {
  choiceMark,
  confirmationLines,
  confirmationTable,
} from '../../../reports/sections/choice/confirmation-words.ts'
import { rateText } from '../../../reports/sections/choice/rate-words.ts'
import type { ChoiceDocument } from '../../../src/result/choice.ts'
import type { Confirmation, NotConfirmed } from '../../../src/result/schemas/confirmation.ts'
import { exampleChoice, exampleConfirmation } from '../../support/choice/example-choice.ts'

const confirmedAs = (differs: Partial<Confirmation>): ChoiceDocument =>
  exampleChoice({ confirmation: { ...exampleConfirmation, ...differs } })

function simulatedOnly(notConfirmed: NotConfirmed): ChoiceDocument {
  const { confirmation: _, ...rest } = exampleChoice()
  return { ...rest, confirmed: false, notConfirmed }
}

test('the first line says whether anything was measured, and whether it agrees', () => {
  expect(choiceMark(exampleChoice())).toBe(
    'SIMULATED, CONFIRMED on real processes at another scale.',
  )
  const scale = { ...exampleConfirmation.scale, ofBackends: 2, time: 1 }
  expect(choiceMark(confirmedAs({ scale }))).toBe('SIMULATED, CONFIRMED on real processes.')
  expect(choiceMark(confirmedAs({ outcome: 'contradicted' }))).toContain('CONTRADICTED')
  expect(choiceMark(confirmedAs({ outcome: 'not decided' }))).toContain('the driver or the host')
  const arms = exampleConfirmation.arms.slice(0, 1)
  expect(choiceMark(confirmedAs({ outcome: 'not decided', arms }))).toContain('do not decide')
  expect(choiceMark(confirmedAs({ outcome: 'not decided', complete: false }))).toContain(
    'ended early',
  )
})

test.for([
  ['not requested', 'no process was started, and nothing was measured'],
  ['no result', 'no request succeeded'],
  ['too few algorithms', 'fewer than two of the algorithms'],
  ['faults', 'scenarios with faults are simulated only'],
  ['overload', 'a load that the backends cannot serve is simulated only'],
  ['interrupted', 'was interrupted before its first trial'],
  ['failed', 'failed: it died'],
] as const)('%s: not confirmed, with the reason', ([code, words]) => {
  const mark = choiceMark(simulatedOnly({ code, detail: 'it died' }))
  expect(mark).toMatch(/^SIMULATED, NOT CONFIRMED: /)
  expect(mark).toContain(words)
})

test('the answer has the rates, real processes beside their simulation, and algorithms that were not run', () => {
  const answer = choiceAnswer(exampleChoice()).join(' ')
  expect(answer).toContain(
    'least-connections meets p99<100ms up to 800 req/s, the highest rate tried.',
  )
  expect(answer).toMatch(/round-robin misses p99<100ms above 620 req\/s \(57\d to 67\d\)\./)
  expect(answer).toMatch(
    /On real processes the p99 of round-robin is 2\.00 times \(1\.\d+ to 2\.\d+\) that of least-connections, in a simulation of them 2\.00: they agree\./,
  )
  expect(answer).toContain('Not run on real processes: maglev')
  expect(choiceAnswer(simulatedOnly({ code: 'not requested' })).join(' ')).not.toContain(
    'real processes',
  )
})

test.for([
  ['differs', 'they differ, and both stand'],
  ['contradicted', 'the trials contradict the simulation'],
  ['not decided', 'the trials do not decide'],
] as const)('a pair that is %s says so', ([outcome, words]) => {
  const pairs = exampleConfirmation.pairs.map((pair) => ({ ...pair, outcome }))
  expect(choiceAnswer(confirmedAs({ pairs })).join(' ')).toContain(words)
})

test('the table has measured beside simulated, and marks figures that disagree', () => {
  const { head, rows, title } = confirmationTable(exampleConfirmation)
  expect(title).toContain('all times multiplied by 3.00')
  expect(head).toContain('× least-connections')
  expect(rows[0]).toEqual([
    ...['least-connections', '52.0', expect.stringMatching(/^49\.\d to 54\.\d$/), '51.0', '+2.0 %'],
    ...['best', 'best', '–', '8'],
  ])
  expect(rows[1]?.slice(4)).toEqual(['+21 % !', '2.00', '2.00', 'confirmed', '7 (1 invalid)'])
})

test('the scale, replaced parts and a limited driver are said', () => {
  const text = confirmationLines(exampleConfirmation).join('\n')
  expect(text).toContain(
    '2 of 200 backends, all times multiplied by 3.00, 300 in place of 9,000 req/s',
  )
  expect(text).toContain('Limited by the driver or the host: round-robin')
  const scale = { ...exampleConfirmation.scale, differences: ['arrivals', 'queue limits'] as const }
  expect(confirmationLines({ ...exampleConfirmation, scale }).join('\n')).toMatch(
    /Poisson arrivals at the mean rate[\s\S]*queue without a limit/,
  )
})

test('a rate that was not searched has a dash', () => {
  const { rates } = exampleChoice()
  if (rates === undefined) throw new Error('the example has rates')
  expect(
    ['round-robin', 'least-connections', 'random'].map((name) => rateText(rates, name)),
  ).toEqual(['620', '> 800', '–'])
})

test('every format has mark, answer and both tables', async () => {
  const options = { width: 160, colour: false, unicode: true }
  for (const format of ['table', 'markdown', 'html']) {
    const text = (await renderedChoice(format, exampleChoice(), options)).replace(/\s+/g, ' ')
    expect(text).toContain('SIMULATED, CONFIRMED')
    expect(text).toContain('least-connections')
    expect(text).toContain('7 (1 invalid)')
  }
  expect(JSON.parse(await renderedChoice('json', exampleChoice(), options))).toMatchObject({
    confirmation: { outcome: 'confirmed' },
  })
})
