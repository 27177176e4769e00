import { spawnSync } from 'node:child_process'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { readResult } from '../src/result/read.ts'
import { resultText } from '../src/result/text.ts'
import { updateGoldenDocuments } from '../test/support/results/golden-documents.ts'
import { goldenResult } from '../test/support/results/golden-result.ts'

/*
 * npm run golden [-- RESULT.json]: makes everything again that shows the golden result: its renderings in test/golden,
 * docs/example-report.md and the excerpt in the README. With a file, that becomes the golden result first: one of `npm run bench`,
 * on a quiet machine.
 */

const root = join(import.meta.dirname, '..')
const [, , fresh] = process.argv
if (fresh !== undefined) {
  await writeFile(join(root, 'test/golden/result.json'), resultText(await readResult(fresh)))
}
updateGoldenDocuments(await goldenResult())

const tests = ['run', '--config', 'test/vitest.config.ts', 'test/reports/golden.test.ts']
const vitest = join(root, 'node_modules/vitest/vitest.mjs')
const { status } = spawnSync(process.execPath, [vitest, ...tests, '--update'], {
  cwd: root,
  stdio: 'inherit',
})
process.exitCode = status ?? 1
