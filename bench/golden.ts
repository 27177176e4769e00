import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readResult } from '../src/result/read.ts'
import { resultText } from '../src/result/text.ts'
import { analysedAgain } from '../test/support/results/analysed-again.ts'
import { updateGoldenDocuments } from '../test/support/results/golden-documents.ts'
import { goldenResult } from '../test/support/results/golden-result.ts'

/*
 * npm run golden [-- RESULT.json]: makes everything again that shows the golden result: its renderings in test/golden,
 * docs/example-report.md and the excerpt in the README. Its findings are made again from its trials. With a file, that becomes the golden result first: one of `npm run bench`,
 * on a quiet machine.
 */

const root = join(import.meta.dirname, '..')
const [, , fresh] = process.argv
const path = join(root, 'test/golden/result.json')
await writeFile(path, resultText(analysedAgain(await readResult(fresh ?? path))))
updateGoldenDocuments(await goldenResult())

const files = ['test/reports/golden.test.ts', 'test/reports/screen.test.ts']
const tests = ['run', '--config', 'test/vitest.config.ts', ...files]
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, ...tests, '--update'], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
