import { execFileSync, spawnSync } from 'node:child_process'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { lb } from '../support/processes/lb-in-process.ts'

let folder: string
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lb-test-'))
  for (const shell of ['bash', 'zsh']) {
    await writeFile(join(folder, shell), (await lb(`completion ${shell}`)).stdout)
  }
})
afterAll(() => rm(folder, { recursive: true }))

/** What bash offers behind these words, of which the last is being typed. */
function offered(...words: string[]): string[] {
  const script = [
    `source ${join(folder, 'bash')}`,
    'COMP_WORDS=(lb "$@"); COMP_CWORD=$#',
    `_lb_autocomplete; printf "%s\\n" "\${COMPREPLY[@]}"`,
  ].join('\n')
  const out = execFileSync('bash', ['--norc', '-c', script, 'bash', ...words], { encoding: 'utf8' })
  return out.split('\n').filter((line) => line !== '')
}

test('bash completes commands', () => {
  expect(offered('be')).toEqual(['bench'])
  expect(offered('co')).toEqual(['compare', 'completion'])
  expect(offered('')).toEqual(expect.arrayContaining(['bench', 'ci', 'report', 'serve']))
})

test('and their flags, also behind other flags and values', () => {
  expect(offered('bench', '--al')).toEqual(['--algo'])
  expect(offered('bench', '--algo', 'weighted', '--cor')).toEqual(['--cores'])
  expect(offered('ci', '--base-c')).toEqual(['--base-config', '--base-command'])
  expect(offered('backends', '--algo')).toEqual([])
})

test('zsh completes lb be<TAB>', ({ skip }) => {
  if (spawnSync('zsh', ['--version']).status !== 0) skip('zsh is not installed')
  const script = [
    'zmodload zsh/zpty',
    'zpty shell zsh -f -i',
    `zpty -w shell "autoload -Uz compinit; compinit -u -D; source ${join(folder, 'zsh')}"`,
    'zpty -w shell $\'lb() { echo "<$*>"; }\'',
    "zpty -w -n shell $'lb be\\tx\\n'",
    'zpty -r -m shell found $\'*<bench*>*\' && print -r -- "$found"',
  ].join('\n')
  const out = execFileSync('zsh', ['-f', '-c', script], { encoding: 'utf8', timeout: 60_000 })
  expect(out).toContain('<bench x>')
})

test('a shell that is not known is an error in one line, and nothing is added to lb', async () => {
  const { stderr, error } = await lb('completion fish')
  expect(stderr).toMatch(/^lb: unknown argument "fish": .*it is one of bash, zsh\n$/)
  expect(error?.oclif?.exit).toBe(2)
  expect((await lb('autocomplete')).stderr).toContain('unknown command "autocomplete"')
})
