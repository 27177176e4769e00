import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import { readResult } from '../../src/result/read.ts'
import { readSimulated } from '../../src/result/read-simulated.ts'
import { resultText } from '../../src/result/text.ts'
import { exampleChoice, exampleSimulation } from '../support/choice/example-choice.ts'
import { exampleResult } from '../support/results/example-result.ts'

const folder = mkdtempSync(join(tmpdir(), 'lb-simulated-'))
afterAll(() => rmSync(folder, { recursive: true }))

function write(text: string): string {
  const path = join(folder, 'r.json')
  writeFileSync(path, text)
  return path
}

test.for([exampleSimulation, exampleChoice()])('$format is read as it was written', async (one) => {
  const file = write(resultText(one))
  const read = await readSimulated(file)
  expect(read).toEqual(one)
  // A capacity without a limit is infinite, for which JSON has null.
  expect(read?.result?.capacity).toBe(Number.POSITIVE_INFINITY)
  await expect(readResult(file)).rejects.toThrow(/is the result of a (simulation|choice)/)
})

test('other results are not read as a simulation', async () => {
  expect(await readSimulated(write(resultText(exampleResult())))).toBeUndefined()
  expect(await readSimulated(write('{"format": 1}'))).toBeUndefined()
})

test('another version, and a file that was edited, are refused with the field', async () => {
  await expect(
    readSimulated(write(resultText(exampleSimulation).replace('"version": 1', '"version": 7'))),
  ).rejects.toThrow('has version 7, and this lb reads 1')
  const edited = resultText(exampleChoice()).replace('"margin": 0.03', '"margin": "wide"')
  await expect(readSimulated(write(edited))).rejects.toThrow(/field .*margin: /)
})
